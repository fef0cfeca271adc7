"""Forms of the verification."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from cardqueue.core.forms import BaseForm, DayField, at_most, chosen, may_be_empty, required
from cardqueue.lib.cell_text import number_of
from cardqueue.lib.names import clean
from cardqueue.lib.partial_date import read_date
from cardqueue.verification.models import Decision
from cardqueue.verification.rules import Field, is_citizen_id
from cardqueue.verification.words import DECISIONS, SEXES, decision_word


class DecisionForm(BaseForm):
    """What an officer decides about one member."""

    decision = RadioField(
        _l("Kết luận"),
        chosen(_l("Đồng chí chọn một kết luận.")),
        choices=[SelectChoice(decision.value, DECISIONS[decision]) for decision in Decision],
    )
    reason = TextAreaField(_l("Lý do hoặc căn cứ"), [at_most(500)])
    full_name = StringField(_l("Họ và tên đúng"), [at_most(120)])
    birth_on = StringField(_l("Ngày sinh đúng"))
    sex = SelectField(
        _l("Giới tính đúng"),
        choices=[SelectChoice("", _l("Không đổi")), *(SelectChoice(sex, word) for sex, word in SEXES.items())],
    )
    citizen_id = StringField(_l("Số định danh đúng"))
    owner_id = SelectField(_l("Người xác minh"), coerce=int)
    due_on = DayField(_l("Hạn xác minh"), [may_be_empty()])
    seen = HiddenField()
    record = HiddenField()

    def offer(
        self, decisions: Iterable[Decision], owners: Iterable[tuple[int, str]], *, differing: Collection[str]
    ) -> None:
        """The decisions that this case allows, the people to whom it can go, and what may be typed.

        The number can always be typed: where everything else differs, it is the number that is wrong.
        """
        allowed = list(decisions)
        has_record = Decision.RECORD_RIGHT in allowed
        self.decision.choices = [SelectChoice(one.value, decision_word(one, has_record=has_record)) for one in allowed]
        self.owner_id.choices = [
            SelectChoice(0, _("Chưa giao")),
            *(SelectChoice(user_id, name) for user_id, name in owners),
        ]
        for field in Field:
            if field.value in self and field not in differing and field is not Field.CITIZEN_ID:
                del self[field.value]

    def validate_birth_on(self, field: StringField) -> None:
        """A year may be all that is known."""
        if field.data and read_date(field.data).value is None:
            raise ValidationError(_("Ngày sinh phải có ngày, tháng, năm – ví dụ 02/01/1950 – hoặc chỉ năm 1950."))

    def validate_citizen_id(self, field: StringField) -> None:
        """Twelve digits, with whatever marks between them."""
        if field.data and not is_citizen_id(number_of(field.data)):
            raise ValidationError(_("Số định danh phải có đủ 12 chữ số."))

    def values(self) -> dict[Field, str]:
        """What was typed, as it is stored."""
        typed = {field: str(self[field.value].data or "") for field in Field if field.value in self}
        return {field: _stored(field, text) for field, text in typed.items() if text}


class AnswerForm(BaseForm):
    """The second person's answer to a proposed change of a citizen ID."""

    answer = RadioField(
        _l("Đồng chí đã xem giấy tờ gốc và thấy"),
        chosen(_l("Đồng chí chọn xác nhận hoặc từ chối.")),
        choices=[
            SelectChoice("confirm", _l("Số mới đúng: xác nhận")),
            SelectChoice("refuse", _l("Chưa đúng: từ chối, ghi lý do")),
        ],
    )
    reason = TextAreaField(_l("Lý do từ chối"), [at_most(500)])


class UndoForm(BaseForm):
    """Why a decision is taken back."""

    reason = TextAreaField(_l("Lý do hoàn tác"), [*required(_l("Đồng chí ghi lý do hoàn tác.")), at_most(500)])


class AlikeForm(BaseForm):
    """One decision for many members who differ in the spelling of the name alone."""

    decision = RadioField(
        _l("Kết luận cho những đồng chí được chọn"),
        chosen(_l("Đồng chí chọn một kết luận.")),
        choices=[
            SelectChoice(Decision.RECORD_RIGHT.value, _l("Ghi họ tên theo dữ liệu dân cư")),
            SelectChoice(Decision.ROSTER_RIGHT.value, _l("Giữ họ tên như hồ sơ đảng viên")),
        ],
    )
    reason = TextAreaField(_l("Lý do hoặc căn cứ"), [at_most(500)])


def _stored(field: Field, text: str) -> str:
    match field:
        case Field.FULL_NAME:
            return clean(text)
        case Field.BIRTH_ON:
            return str(read_date(text).value or "")
        case Field.CITIZEN_ID:
            return number_of(text)
        case _:
            return text
