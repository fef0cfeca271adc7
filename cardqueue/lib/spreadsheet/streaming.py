"""Delimited text row by row: flat memory whatever the file holds, and the line of whatever cannot be read."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import chain
from typing import BinaryIO

from cardqueue.lib.spreadsheet.delimited import encoding_of_sample, find_delimiter, refuse_other_kinds

SAMPLE_BYTES = 64 * 1024
#: Units: characters of one row, however many lines it goes over. More is no row: a lost line end, an open quotation.
LONGEST_ROW = 100_000
# A byte that is no UTF-8 is carried as half a surrogate until its place in the file can be told.
_DAMAGED = re.compile("[\0\udc80-\udcff]")


class Damage(StrEnum):
    """Why a row cannot be read."""

    BAD_BYTE = "bad_byte"
    TOO_LONG = "too_long"
    OPEN_QUOTATION = "open_quotation"
    MALFORMED = "malformed"


class BrokenRow(Exception):
    """Reading cannot go on. Units: `line` counts from 1, `column` from 0; None where no column is known."""

    def __init__(self, damage: Damage, line: int, column: int | None = None) -> None:
        super().__init__(f"line {line}: {damage}")
        self.damage, self.line, self.column = damage, line, column


class DelimitedRows:
    """A delimited text as rows of text, each with the line on which it begins; its encoding is found from its start.

    Blank lines are passed over. Iterate once. Raises: NotASpreadsheet where the file is something else; BrokenRow.
    """

    def __init__(self, source: BinaryIO) -> None:
        sample = source.read(SAMPLE_BYTES)
        source.seek(0)
        self._source = source
        self.encoding = encoding_of_sample(sample)
        text = sample.decode(self.encoding, errors="replace").lstrip("\ufeff")
        refuse_other_kinds(text)
        rest, self.delimiter = find_delimiter(text)
        self._says_its_delimiter = rest is not text
        self._lines_read = 0
        self._length = 0
        self._line = 1

    @property
    def bytes_read(self) -> int:
        """How far reading has come, a block ahead at most."""
        return self._source.tell() if not self._source.closed else 0

    def __iter__(self) -> Iterator[tuple[int, Sequence[str]]]:
        # A damaged wide letter ends the reading by itself; a damaged UTF-8 one is looked for, to name its column.
        errors = {"utf-8": "surrogateescape", "utf-16-le": "strict", "utf-16-be": "strict"}.get(
            self.encoding, "replace"
        )
        text = io.TextIOWrapper(self._source, self.encoding, errors, newline="")
        try:
            yield from self._rows(text)
        except UnicodeDecodeError:
            raise BrokenRow(Damage.BAD_BYTE, self._lines_read + 1) from None
        finally:
            text.detach()

    def _rows(self, text: io.TextIOWrapper) -> Iterator[tuple[int, Sequence[str]]]:
        lines = self._lines(text)
        first = next(lines, None)
        if first is None:
            return
        if not self._says_its_delimiter:
            lines = chain([first.removeprefix("\ufeff")], lines)
        else:
            self._line, self._length = self._lines_read + 1, 0
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        try:
            for row in reader:
                if any(map(str.strip, row)):
                    yield self._line, row
                self._line, self._length = self._lines_read + 1, 0
        except csv.Error as error:
            is_open = "end of data" in str(error)
            raise BrokenRow(Damage.OPEN_QUOTATION if is_open else Damage.MALFORMED, self._line) from None

    def _lines(self, text: io.TextIOWrapper) -> Iterator[str]:
        while line := text.readline(LONGEST_ROW):
            self._length += len(line)
            if self._length >= LONGEST_ROW:
                is_quoted = self._lines_read >= self._line
                raise BrokenRow(Damage.OPEN_QUOTATION if is_quoted else Damage.TOO_LONG, self._line)
            self._lines_read += 1
            if not line.isascii() or "\0" in line:
                line = self._checked(line)
            yield line

    def _checked(self, line: str) -> str:
        """The line with whole letters; refuses bytes that are no text."""
        if self.encoding == "cp1258":
            line = unicodedata.normalize("NFC", line)
        try:
            line.encode()
            if "\0" not in line:
                return line
        except UnicodeEncodeError:
            pass
        found = _DAMAGED.search(line)
        before = "" if found is None else line[: found.start()]
        column = max(len(next(csv.reader([before], delimiter=self.delimiter), [])) - 1, 0)
        raise BrokenRow(Damage.BAD_BYTE, self._lines_read, column)
