"""Forms of bringing an extract: the file, and which of its columns holds what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, SelectChoice, SelectField

from cardqueue.core.forms import BaseForm, between, chosen
from cardqueue.verification.rules import NEEDED, Column
from cardqueue.verification.words_extracts import COLUMNS


class ExtractForm(BaseForm):
    """An extract of population records."""

    file = FileField(_l("Tệp dữ liệu dân cư"), [FileRequired(_l("Đồng chí chọn tệp dữ liệu dân cư."))])


class ColumnsForm(BaseForm):
    """Which column holds what, where the titles do not say."""

    header_row = IntegerField(
        _l("Dòng tiêu đề"), [*chosen(_l("Đồng chí nhập số dòng tiêu đề – ví dụ 1.")), between(0, 1000)]
    )
    citizen_id = SelectField(COLUMNS[Column.CITIZEN_ID], coerce=int)
    full_name = SelectField(COLUMNS[Column.FULL_NAME], coerce=int)
    birth_on = SelectField(COLUMNS[Column.BIRTH_ON], coerce=int)
    sex = SelectField(COLUMNS[Column.SEX], coerce=int)
    hometown = SelectField(_l("Quê quán (nếu có)"), coerce=int)
    old_number = SelectField(_l("Số CMND 9 số (nếu có)"), coerce=int)

    def offer(self, columns: Sequence[tuple[int, str]]) -> None:
        """The columns of the file as choices."""
        for column in Column:
            self[column.value].choices = [
                SelectChoice(-1, _("Chọn một cột") if column in NEEDED else _("Không có cột này")),
                *(SelectChoice(place, words) for place, words in columns),
            ]

    def columns(self) -> dict[Column, int]:
        """Where each chosen column stands."""
        chosen_places = {column: int(self[column.value].data) for column in Column}
        return {column: place for column, place in chosen_places.items() if place >= 0}

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Every needed field has a column, and no column holds two."""
        if not super().validate(extra_validators):
            return False
        columns = self.columns()
        taken: set[int] = set()
        for column in Column:
            if column not in columns:
                if column in NEEDED:
                    self.add_error(column.value, _("Đồng chí chọn cột của mục này."))
                continue
            if columns[column] in taken:
                self.add_error(column.value, _("Cột này đã chọn cho mục khác."))
            taken.add(columns[column])
        return not self.errors
