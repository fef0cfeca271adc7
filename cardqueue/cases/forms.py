"""Forms of the ledger."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, TextAreaField

from cardqueue.cases.models import PendingReason
from cardqueue.cases.words import REASON_WORDS
from cardqueue.core.forms import BaseForm, at_most, chosen, may_be_empty


class CaseForm(BaseForm):
    """Why a member is pending, who follows it up, and until when."""

    reason = RadioField(_l("Lý do chưa thực hiện"), chosen(_l("Đồng chí chọn một lý do.")))
    owner = SelectField(_l("Người xử lý"))
    due_on = DateField(_l("Hạn xử lý"), [may_be_empty()], format=["%d/%m/%Y", "%Y-%m-%d"])
    note = TextAreaField(_l("Ghi chú"), [may_be_empty(), at_most(500)])

    def offer(self, reasons: tuple[PendingReason, ...], owners: list[tuple[int, str]]) -> None:
        """Offer the reasons that this person may open and the people who can follow it up."""
        self.reason.choices = [(reason.value, REASON_WORDS[reason]) for reason in reasons]
        self.owner.choices = [("", _l("Chưa giao ai")), *((str(user_id), name) for user_id, name in owners)]


class ResolveForm(BaseForm):
    """How a case was settled."""

    note = TextAreaField(_l("Đã giải quyết thế nào"), [may_be_empty(), at_most(500)])
