"""Forms of slips."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectChoice, SelectField, ValidationError

from cardqueue.core.forms import BaseForm
from cardqueue.core.i18n import show_date
from cardqueue.organisation.models import Cell
from cardqueue.slips.drawing import Layout
from cardqueue.slips.words import LAYOUT_WORDS

DUE = "due"
ALL = "all"


class PrintForm(BaseForm):
    """Which slips or lists, and how they lie on paper."""

    # Not checked against the choices: a cell of another committee is not there at all (404) rather than wrong, and a
    # day may have lost its last appointment since the page was shown.
    cell = SelectField(_l("Chi bộ"), validate_choice=False)
    day = SelectField(_l("Ngày hẹn"), validate_choice=False)
    layout = RadioField(
        _l("Khổ giấy"),
        choices=[SelectChoice(layout.name, words) for layout, words in LAYOUT_WORDS.items()],
        default=Layout.A5.name,
    )
    which = RadioField(
        _l("In giấy nào"),
        choices=[SelectChoice(DUE, _l("Chỉ giấy mới hoặc đã thay đổi")), SelectChoice(ALL, _l("In lại tất cả"))],
        default=DUE,
    )

    def offer(self, cells: Sequence[Cell], days: Sequence[date]) -> None:
        """Offer the cells and days that there are."""
        every_cell, every_day = SelectChoice("", _l("Tất cả chi bộ")), SelectChoice("", _l("Tất cả các ngày"))
        self.cell.choices = [every_cell, *(SelectChoice(str(cell.id), cell.name) for cell in cells)]
        self.day.choices = [every_day, *(SelectChoice(day.isoformat(), show_date(day)) for day in days)]

    @property
    def chosen_day(self) -> date | None:
        """The chosen day, None for all."""
        return date.fromisoformat(self.day.data) if self.day.data else None

    def validate_day(self, field: Field) -> None:
        """The day is a date."""
        try:
            date.fromisoformat(field.data or "2000-01-01")
        except ValueError as error:
            raise ValidationError(_("Đồng chí chọn một ngày trong danh sách.")) from error
