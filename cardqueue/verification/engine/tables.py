"""CSV files row by row: flat memory whatever the file holds, and the line and column of whatever is wrong with it.

UTF-8 with or without a mark in front, UTF-16 with one, any line ends, comma, semicolon, tab or bar (a Vietnamese Excel
writes semicolons, its "Unicode text" is UTF-16 with tabs). A file is read once and never sought in: a pipe will do.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import TextIO

MOST_FAULTS = 20
#: Units: characters of one row, however many lines it goes over. More is no row: a lost line end, an open quotation.
LONGEST_ROW = 100_000
_DELIMITERS = ",;\t|"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# A byte that is no UTF-8 is carried as half a surrogate until its place in the file can be told.
_DAMAGED = re.compile("[\0\udc80-\udcff]")
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a file. Units: `line` counts from 1, the header being the first."""

    file: str
    message: str
    line: int = 0
    column: str = ""

    def __str__(self) -> str:
        where = [f"line {self.line}"] if self.line else []
        where += [f"column {self.column}"] if self.column else []
        return ": ".join([self.file, *([", ".join(where)] if where else []), self.message])


class BadFile(Exception):
    """A file that cannot be used. Shapes: `faults` holds at most `MOST_FAULTS`."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(faults[:MOST_FAULTS])


class Table:
    """A CSV file with a header: iterates over its rows, each as the wanted columns in their order.

    `line` is the line on which the row just read begins. Blank lines are passed over.
    Raises: BadFile, at the end of the file or at the last fault worth telling, or at once where reading cannot go on.
    """

    def __init__(self, path: Path, needed: Sequence[str], optional: Sequence[str] = ()) -> None:
        self.name = path.name
        self.line = 0
        self._path, self._needed, self._optional = path, needed, optional
        self._faults: list[Fault] = []
        self._lines_read = 0
        self._length = 0
        self._delimiter = ","
        self._header: list[str] = []

    def note(self, message: str, column: str = "") -> None:
        """Say what is wrong with the row just read; the rest of the file is still looked through."""
        self._faults.append(Fault(self.name, message, self.line, column))
        if len(self._faults) >= MOST_FAULTS:
            raise BadFile(self._faults)

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        try:
            with self._path.open("rb") as source:
                if source.peek(2)[:2] in _UTF_16:
                    text = io.TextIOWrapper(source, "utf-16", newline="")
                else:
                    text = io.TextIOWrapper(source, "utf-8-sig", "surrogateescape", newline="")
                yield from self._rows(text)
        except UnicodeDecodeError as error:
            self.line = self._lines_read + 1
            raise self._end(f"expected UTF-16 text as its first bytes say, found {error.reason}") from None
        except OSError as error:
            self.line = 0
            raise self._end(error.strerror or "cannot be read") from None
        if self._faults:
            raise BadFile(self._faults)

    def _rows(self, source: TextIO) -> Iterator[tuple[str, ...]]:
        lines = self._lines(source)
        first = next((line for line in lines if line.strip()), None)
        if first is None:
            self.line = 1
            raise self._end("the file is empty: expected a header")
        self._delimiter = max(_DELIMITERS, key=first.count)
        reader = csv.reader(chain([first], lines), delimiter=self._delimiter, strict=True)
        self.line = self._lines_read
        try:
            header = next(reader)
            wanted = itemgetter(*self._places(header))
            width = len(header)
            self.line, self._length = self._lines_read + 1, 0
            for row in reader:
                if any(map(str.strip, row)):
                    if len(row) == width or self._is_padded(row, width):
                        row.append("")
                        yield wanted(row)
                    else:
                        self.note(f"expected {width} values as in the header, found {len(row)}")
                self.line, self._length = self._lines_read + 1, 0
        except csv.Error as error:
            if "end of data" in str(error):
                raise self._end(_OPEN_QUOTATION) from None
            raise self._end(f"no well-formed CSV in the row that begins here ({error})") from None

    def _lines(self, source: TextIO) -> Iterator[str]:
        while line := source.readline(LONGEST_ROW):
            self._length += len(line)
            if self._length >= LONGEST_ROW:
                self.line = self.line or 1
                is_quoted = self._lines_read >= self.line
                raise self._end(
                    _OPEN_QUOTATION
                    if is_quoted
                    else f"expected a line end within {LONGEST_ROW:,} characters, found none"
                )
            self._lines_read += 1
            if not line.isascii() or "\0" in line:
                self._check(line)
            yield line

    def _check(self, line: str) -> None:
        """Refuse a line with bytes that are no text."""
        try:
            line.encode()
            if "\0" not in line:
                return
        except UnicodeEncodeError:
            pass
        found = _DAMAGED.search(line)
        if found is None:
            return
        before = next(csv.reader([line[: found.start()]], delimiter=self._delimiter), [])
        at = max(len(before) - 1, 0)
        column = self._header[at] if at < len(self._header) else ""
        byte = ord(found[0]) & 0xFF
        kind = "a NUL byte: damaged, or UTF-16 without a mark" if not byte else f"the byte {byte:#04x}"
        fault = Fault(
            self.name,
            f"expected UTF-8 text, found {kind} (character {found.start() + 1} of the line): save it as CSV UTF-8",
            self._lines_read,
            column,
        )
        raise BadFile([*self._faults, fault])

    def _end(self, message: str) -> BadFile:
        """What to raise where the file cannot be read on."""
        return BadFile([*self._faults, Fault(self.name, message, self.line)])

    @staticmethod
    def _is_padded(row: list[str], width: int) -> bool:
        """Whether a row only has blank cells too many; cuts those off."""
        if len(row) < width or any(map(str.strip, row[width:])):
            return False
        del row[width:]
        return True

    def _places(self, header: list[str]) -> list[int]:
        """Where the wanted columns stand; an absent optional column is found in the blank cell behind every row."""
        self._header = names = [name.strip().strip("\ufeff").strip().lower() for name in header]
        missing = [name for name in self._needed if name not in names]
        found = shown(", ".join(names))
        if len(missing) == len(self._needed):
            raise self._end(f"expected a header with the columns {', '.join(self._needed)}; found {found}")
        wanted = (*self._needed, *self._optional)
        faults = [Fault(self.name, f"the column is missing; found {found}", self.line, name) for name in missing]
        faults += [
            Fault(self.name, "the column stands there twice", self.line, name)
            for name in wanted
            if names.count(name) > 1
        ]
        if faults:
            raise BadFile(faults)
        return [names.index(name) if name in names else -1 for name in wanted]


_OPEN_QUOTATION = "expected the end of a quotation that is opened in the row that begins here, found none"


def shown(text: str) -> str:
    """A value as a message quotes it: cut, on one line, without anything a terminal would obey."""
    return repr(text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…")
