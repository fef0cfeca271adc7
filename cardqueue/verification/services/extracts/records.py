"""The open kind of extract: a table of people, kept encrypted with blind keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from cardqueue.core.database import table_of
from cardqueue.core.errors import Refused
from cardqueue.lib.legacy_fonts import Encoding
from cardqueue.lib.spreadsheet import Sheet
from cardqueue.verification.models import PopulationRecord
from cardqueue.verification.registries.keys import UnreadableRecord, record_columns
from cardqueue.verification.rules import (
    Column,
    Columns,
    ExtractFault,
    Fault,
    LineReader,
    RecordCells,
    column_letter,
    find_columns,
    find_shift,
    font_of_names,
    is_party_list,
)
from cardqueue.verification.services.extracts.faults import FaultyExtract
from cardqueue.verification.services.extracts.files import BroughtFile
from cardqueue.verification.services.extracts.loading import Read

_FIELD_OF_PART = {"number": (Column.CITIZEN_ID, Fault.NOT_A_CITIZEN_ID), "birth": (Column.BIRTH_ON, Fault.NOT_A_DATE)}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read.

    Units: `header_row` counts from 1, 0 for none; `columns` count from 0; `width` is the number of cells that each line
    of a delimited text has, 0 where that says nothing.
    """

    sheet: str
    header_row: int
    columns: Columns
    width: int = 0
    font: Encoding = Encoding.UNICODE

    def as_json(self) -> dict[str, Any]:
        """As it is stored with an extract."""
        return {
            "sheet": self.sheet,
            "header_row": self.header_row,
            "columns": {str(column): place for column, place in self.columns.items()},
            "width": self.width,
            "font": str(self.font),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Reading:
        """Read back what `as_json` gave."""
        columns = {Column(column): int(place) for column, place in stored["columns"].items()}
        return cls(stored["sheet"], stored["header_row"], columns, stored["width"], Encoding(stored["font"]))


def guess_reading(brought: BroughtFile) -> Reading | None:
    """How a file is to be read where its titles leave no doubt, else None.

    Raises: as `settle_reading`, also where not even the titles can be read.
    """
    if brought.faults:
        raise FaultyExtract(brought.faults)
    guess = find_columns(brought.head)
    return settle_reading(brought, Reading(guess.sheet, guess.header_row, guess.columns)) if guess.is_certain else None


def settle_reading(brought: BroughtFile, reading: Reading) -> Reading:
    """The reading with what the file's first lines say about all others.

    Raises: FaultyExtract, where the values stand in other columns than they should, or no line can be read;
    Refused("EXTRACT_IS_PARTY_LIST").
    """
    rows = brought.head.sheet(reading.sheet).rows
    if brought.faults:
        raise FaultyExtract(brought.faults)
    if is_party_list(rows, reading.header_row):
        raise Refused("EXTRACT_IS_PARTY_LIST")
    if shift := find_shift(rows, reading.header_row, reading.columns):
        raise FaultyExtract([shift])
    return replace(
        reading,
        width=_width(brought.head.sheet(reading.sheet), reading.header_row) if brought.is_delimited else 0,
        font=font_of_names(rows, reading.header_row, reading.columns),
    )


class RecordLoader:
    """Loads the people of a file as encrypted records."""

    same = ("number_key", "content_key")

    def __init__(self, brought: BroughtFile, reading: Reading) -> None:
        self.table: sa.Table = table_of(PopulationRecord)
        self._brought, self._reading = brought, reading

    def lines(self, after: int) -> Iterator[Read]:
        """The people behind a line."""
        brought, start = self._brought, max(after, self._reading.header_row)
        read = LineReader(self._reading.columns, width=self._reading.width, font=self._reading.font).read
        line = after
        for line, cells in brought.lines(self._reading.sheet):
            if line <= start:
                continue
            found = read(line, cells)
            if isinstance(found, RecordCells):
                try:
                    yield Read(line, brought.bytes_read, record_columns(*found))
                except UnreadableRecord as unreadable:
                    yield Read(line, brought.bytes_read, [self._unreadable(line, part) for part in unreadable.parts])
            else:
                yield Read(line, brought.bytes_read, found)
        if brought.faults:
            yield Read(line, brought.bytes_read, brought.faults)

    def _unreadable(self, line: int, part: str) -> ExtractFault:
        column, fault = _FIELD_OF_PART[part]
        return ExtractFault(line, column_letter(self._reading.columns[column]), column, fault, "")


def _width(sheet: Sheet, header_row: int) -> int:
    row = sheet.rows[max(header_row, 1) - 1] if sheet.rows else []
    return len(row)
