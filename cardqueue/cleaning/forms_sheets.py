"""Forms of check sheets."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import (
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from cardqueue.cleaning.queries.sheets import Which
from cardqueue.cleaning.rules.sheets import Fault, SheetField
from cardqueue.cleaning.words_sheets import FAULT_WORDS, FIELD_WORDS
from cardqueue.core.forms import BaseForm, DayField, at_most, may_be_empty, required
from cardqueue.organisation.models import Cell
from cardqueue.roster.models import Sex
from cardqueue.roster.words import SEX_WORDS

WHOLE = "whole"
MASKED = "masked"


class PrintSheetsForm(BaseForm):
    """Whose sheets are printed, and how."""

    # Not checked against the choices: a cell of another committee is not there at all (404) rather than wrong.
    cells = SelectMultipleField(_l("Chi bộ"), coerce=int, validate_choice=False)
    which = RadioField(
        _l("In phiếu cho ai"),
        choices=[
            SelectChoice(Which.NEW.value, _l("Đồng chí chưa có phiếu")),
            SelectChoice(Which.NOT_RETURNED.value, _l("Đồng chí chưa trả phiếu, kể cả đã in")),
            SelectChoice(Which.ALL.value, _l("Tất cả, kể cả đã trả")),
        ],
        default=Which.NEW.value,
    )
    numbers = RadioField(
        _l("Số định danh và số thẻ trên phiếu"),
        choices=[
            SelectChoice(WHOLE, _l("In đủ số, để đồng chí tự kiểm tra")),
            SelectChoice(MASKED, _l("Che bớt số, đồng chí tự chép số vào ô trống")),
        ],
        default=WHOLE,
    )
    return_by = DayField(_l("Nộp lại trước ngày"), [may_be_empty()])

    def offer(self, cells: Sequence[Cell]) -> None:
        """Offer the committee's cells."""
        self.cells.choices = [SelectChoice(cell.id, cell.name) for cell in cells]


class SheetCodeForm(BaseForm):
    """The code on a tear-off, scanned or typed."""

    code = StringField(_l("Quét hoặc gõ mã trên phần cắt rời"), required(_l("Đồng chí quét hoặc gõ mã trên phiếu.")))


class AnswerForm(BaseForm):
    """The answer that needs no words: everything is right. `seen` notices a sheet returned meanwhile."""

    seen = HiddenField()


class CorrectionsForm(BaseForm):
    """What a member wrote; an empty field is no correction. Fields are named as `SheetField`."""

    seen = HiddenField()
    full_name = StringField(FIELD_WORDS[SheetField.FULL_NAME], [at_most(120)])
    birth_on = StringField(FIELD_WORDS[SheetField.BIRTH_ON], [at_most(40)])
    sex = RadioField(
        FIELD_WORDS[SheetField.SEX],
        choices=[
            SelectChoice("", _l("Không sửa")),
            *(SelectChoice(sex.value, word) for sex, word in SEX_WORDS.items()),
        ],
        default="",
    )
    joined_on = StringField(FIELD_WORDS[SheetField.JOINED_ON], [at_most(40)])
    official_on = StringField(FIELD_WORDS[SheetField.OFFICIAL_ON], [at_most(40)])
    card_no = StringField(FIELD_WORDS[SheetField.CARD_NO], [at_most(40)])
    cell_id = SelectField(FIELD_WORDS[SheetField.CELL], default="")
    citizen_id = StringField(FIELD_WORDS[SheetField.CITIZEN_ID], [at_most(40)])
    phone = StringField(FIELD_WORDS[SheetField.PHONE], [at_most(40)])
    remark = TextAreaField(_l("Ghi thêm"), [at_most(500)])

    def offer(self, cells: Sequence[Cell]) -> None:
        """Offer the committee's cells."""
        self.cell_id.choices = [
            SelectChoice("", _l("Không sửa")),
            *(SelectChoice(str(cell.id), cell.name) for cell in cells),
        ]

    def typed(self) -> dict[SheetField, str]:
        """What was typed, by field. Call it after validation."""
        sexes = set(Sex)
        typed = {one: self[one.value].data or "" for one in SheetField}
        if typed[SheetField.SEX] not in sexes:
            typed[SheetField.SEX] = ""
        return typed

    def show_faults(self, faults: dict[SheetField, Fault]) -> None:
        """Show at their fields what cannot be read."""
        for one, fault in faults.items():
            self.add_error(one.value, str(FAULT_WORDS[fault]))


class SettleForm(BaseForm):
    """Which corrections are taken over (`apply`), or left as the list has them (`keep`)."""

    seen = HiddenField()
    apply = SelectMultipleField(
        choices=[SelectChoice(one.value, FIELD_WORDS[one]) for one in SheetField], coerce=SheetField
    )
    keep = SelectMultipleField(
        choices=[SelectChoice(one.value, FIELD_WORDS[one]) for one in SheetField], coerce=SheetField
    )
