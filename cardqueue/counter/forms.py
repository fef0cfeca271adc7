"""Forms of the counter."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, StringField, TextAreaField

from cardqueue.cases.models import PendingReason
from cardqueue.cases.words import REASON_WORDS
from cardqueue.core.forms import BaseForm, at_most, chosen, may_be_empty, required
from cardqueue.counter.rules import LEAVING_REASONS, SERVING_REASONS
from cardqueue.organisation.models import Line


class ScanForm(BaseForm):
    """The big field under the scanner."""

    code = StringField(_l("Quét giấy hẹn hoặc gõ mã phiếu"), [*required(_l("Quét hoặc gõ mã phiếu.")), at_most(200)])


class FindForm(BaseForm):
    """Finding a member who has no slip."""

    name = StringField(_l("Tìm theo tên"), [at_most(80)])


class LineForm(BaseForm):
    """Where the officer sits today."""

    line = RadioField(_l("Đồng chí ngồi ở dây chuyền nào?"), chosen(_l("Đồng chí chọn một dây chuyền.")), coerce=int)

    def offer(self, lines: Sequence[Line]) -> None:
        """Offer the lines of the station."""
        self.line.choices = [
            SelectChoice(
                line.id, _l("Dây chuyền %(number)s", number=line.number) + (f" – {line.desk}" if line.desk else "")
            )
            for line in lines
        ]


def _choices(reasons: Sequence[PendingReason]) -> list[SelectChoice]:
    return [SelectChoice(reason.value, REASON_WORDS[reason]) for reason in reasons]


class UnableForm(BaseForm):
    """Why the member at the line cannot be done today."""

    reason = RadioField(
        _l("Vì sao không làm được?"), chosen(_l("Đồng chí chọn một lý do.")), choices=_choices(SERVING_REASONS)
    )
    note = TextAreaField(_l("Ghi chú (nếu cần)"), [may_be_empty(), at_most(500)])


class LeaveForm(BaseForm):
    """Why a member who waited is gone."""

    reason = RadioField(
        _l("Vì sao đồng chí ấy không chờ nữa?"),
        chosen(_l("Đồng chí chọn một lý do.")),
        choices=_choices(LEAVING_REASONS),
    )
    note = TextAreaField(_l("Ghi chú (nếu cần)"), [may_be_empty(), at_most(500)])
