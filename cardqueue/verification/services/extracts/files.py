"""A file as it was brought: looked into at its beginning, then read line by line, whatever its kind and size."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from cardqueue.lib.spreadsheet import (
    BrokenRow,
    CellValue,
    Damage,
    DelimitedRows,
    NotASpreadsheet,
    Refusal,
    Sheet,
    Workbook,
    read_workbook,
)
from cardqueue.verification.rules import ExtractFault, Fault, column_letter
from cardqueue.verification.services.extracts.faults import UnreadableExtract

_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
#: Rows of a delimited text that are looked into before it is read.
HEAD_ROWS = 300
_FAULT_OF = {
    Damage.BAD_BYTE: Fault.BAD_LETTERS,
    Damage.TOO_LONG: Fault.LINE_TOO_LONG,
    Damage.OPEN_QUOTATION: Fault.OPEN_QUOTATION,
    Damage.MALFORMED: Fault.OPEN_QUOTATION,
}


class BroughtFile:
    """A file of any kind and size. `head` is the whole workbook, of a delimited text the first rows alone.

    `faults` are those that ended the reading before the end of the file. Raises: UnreadableExtract.
    """

    def __init__(self, content: Path | bytes, filename: str) -> None:
        self._content = content
        self.faults: list[ExtractFault] = []
        self.byte_count = content.stat().st_size if isinstance(content, Path) else len(content)
        self.bytes_read = 0
        self.head = self._look(filename)

    @property
    def is_delimited(self) -> bool:
        """Whether it is text, of which any amount can be read."""
        return self.head.kind == "csv"

    @property
    def line_count(self) -> int:
        """About how many lines there are; of a text in memory and of workbooks only, 0 otherwise."""
        if not self.is_delimited:
            return max((len(sheet.rows) for sheet in self.head.sheets), default=0)
        return self._content.count(b"\n") + 1 if isinstance(self._content, bytes) else 0

    def lines(self, sheet: str) -> Iterator[tuple[int, Sequence[CellValue]]]:
        """Every line that is not empty, with its number; ends early, with a fault noted, where no more can be read."""
        if not self.is_delimited:
            rows = self.head.sheet(sheet).rows
            for number, row in enumerate(rows, start=1):
                self.bytes_read = self.byte_count * number // len(rows)
                yield number, row
            return
        with self._open() as source:
            rows_of_text = DelimitedRows(source)
            try:
                for number, cells in rows_of_text:
                    yield number, cells
                    self.bytes_read = rows_of_text.bytes_read
            except BrokenRow as broken:
                self.faults.append(_fault(broken))
        self.bytes_read = self.byte_count

    def _look(self, filename: str) -> Workbook:
        try:
            with self._open() as source:
                if source.read(8).startswith(_PACKED):
                    return read_workbook(self._content, filename)
                source.seek(0)
                return Workbook("csv", [Sheet(Path(filename).stem or "Sheet1", self._first_rows(source))])
        except NotASpreadsheet as error:
            raise UnreadableExtract(error.refusal) from error

    def _first_rows(self, source: BinaryIO) -> list[Sequence[CellValue]]:
        rows: list[Sequence[CellValue]] = []
        try:
            for number, cells in DelimitedRows(source):
                # Blank lines count, so that a row stands where its number says.
                rows += [[]] * (number - 1 - len(rows))
                rows.append(cells)
                if len(rows) >= HEAD_ROWS:
                    break
        except BrokenRow as broken:
            self.faults.append(_fault(broken))
        if not rows and not self.faults:
            raise NotASpreadsheet(Refusal.EMPTY)
        return rows

    def _open(self) -> io.BufferedReader | io.BytesIO:
        return self._content.open("rb") if isinstance(self._content, Path) else io.BytesIO(self._content)


def digest_of(file: Path) -> str:
    """Which file it is: SHA-256 of its content, in hex."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _fault(broken: BrokenRow) -> ExtractFault:
    column = "" if broken.column is None else column_letter(broken.column)
    return ExtractFault(broken.line, column, "", _FAULT_OF[broken.damage], "")
