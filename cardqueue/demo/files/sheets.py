"""What the written Excel lists share: workbooks that come out the same byte for byte, and where each member landed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from cardqueue.demo.entries import Entry, Label

_CREATED_AT = datetime(2026, 9, 1, tzinfo=UTC).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Located:
    """An entry and its place in a written file (`row` counts from 1), with the fields that the layout shows."""

    file: str
    sheet: str
    row: int
    entry: Entry
    fields: frozenset[str]

    @property
    def labels(self) -> list[Label]:
        """The errors that can be seen in this layout. A hand-made sheet shows a wrong cell by being the wrong sheet."""
        shown = self.fields | {"row"}
        return [label for label in self.entry.labels if label.field in shown or label.kind == "CELL_MOVED"]


@contextmanager
def workbook(path: Path) -> Iterator[Any]:
    """A new workbook: text stays text, and nothing in it depends on the clock."""
    book = xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"created": _CREATED_AT, "title": "Dữ liệu hư cấu", "comments": "Mọi người đều là hư cấu"})
    book.set_size(2400, 1400)
    yield book
    book.close()


def write_cell(sheet: Any, row: int, column: int, value: str | int, style: Any = None) -> None:
    """Writes text as text and a number as a number; `row` and `column` count from 0."""
    if isinstance(value, int):
        sheet.write_number(row, column, value, style)
    elif value:
        sheet.write_string(row, column, value, style)
    else:
        sheet.write_blank(row, column, None, style)


def in_list_order(entries: tuple[Entry, ...]) -> list[Entry]:
    """Cell after cell, as the lists print them; whoever does not belong there was added at the end."""
    return sorted(
        entries, key=lambda entry: (entry.list_cell.number, entry.list_cell.number != entry.member.cell.number)
    )
