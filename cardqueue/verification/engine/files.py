"""Rosters, registries, cells and decisions as CSV: read row by row, with the line and column of whatever is wrong.

UTF-8 with or without a mark in front, any line ends, comma, semicolon or tab (a Vietnamese Excel writes semicolons).
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import TextIO

from cardqueue.verification.engine.shapes import Decision, RosterRow

ROSTER = ("row_id", "ho_ten", "ngay_sinh", "gioi_tinh", "so_dinh_danh")
ROSTER_ALSO = ("que_quan", "so_the_dang", "chi_bo")
REGISTRY = ("so_dinh_danh", "ho_ten", "ngay_sinh", "gioi_tinh")
REGISTRY_ALSO = ("que_quan", "so_cmnd_cu")
CELLS = ("so_the_dang", "chi_bo")
DECISIONS = ("row_id", "status", "pid", "fields", "candidates", "score")

MOST_FAULTS = 20
_DELIMITERS = ",;\t"


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
        self.faults = tuple(faults)


class Table:
    """A CSV file with a header: iterates over its rows, each as the wanted columns in their order.

    `line` is the line on which the row just read begins. Blank lines are passed over.
    Raises: BadFile.
    """

    def __init__(self, path: Path, needed: Sequence[str], optional: Sequence[str] = ()) -> None:
        self.name = path.name
        self.line = 0
        self._path, self._needed, self._optional = path, needed, optional

    def fault(self, message: str, column: str = "") -> BadFile:
        """What to raise about the row just read."""
        return BadFile([Fault(self.name, message, self.line, column)])

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        try:
            with self._path.open(encoding="utf-8-sig", newline="") as source:
                yield from self._rows(source)
        except UnicodeDecodeError as error:
            raise BadFile([self._encoding_fault(error)]) from None
        except OSError as error:
            raise BadFile([Fault(self.name, error.strerror or "cannot be read")]) from None

    def _rows(self, source: TextIO) -> Iterator[tuple[str, ...]]:
        first = source.readline()
        if not first.strip():
            raise BadFile([Fault(self.name, "the file is empty: a header is expected", 1)])
        delimiter = max(_DELIMITERS, key=first.count)
        source.seek(0)
        reader = csv.reader(source, delimiter=delimiter, strict=True)
        try:
            header = next(reader)
            wanted = itemgetter(*self._places(header))
            width, end = len(header), reader.line_num
            for row in reader:
                self.line, end = end + 1, reader.line_num
                if len(row) != width and not self._is_padded(row, width):
                    raise self.fault(f"{len(row)} values where the header has {width}")
                if any(map(str.strip, row)):
                    row.append("")
                    yield wanted(row)
        except csv.Error as error:
            self.line = reader.line_num
            raise self.fault(f"no well-formed CSV ({error})") from None

    @staticmethod
    def _is_padded(row: list[str], width: int) -> bool:
        """Whether a row of another length is blank, or only has blank cells too many; cuts those off."""
        if any(map(str.strip, row[width:] if len(row) > width else row)):
            return False
        del row[width:]
        return True

    def _places(self, header: list[str]) -> list[int]:
        """Where the wanted columns stand; an absent optional column is found in the blank cell behind every row."""
        names = [name.strip().strip("\ufeff").lower() for name in header]
        faults = [Fault(self.name, "the column is missing", 1, name) for name in self._needed if name not in names]
        wanted = (*self._needed, *self._optional)
        faults += [
            Fault(self.name, "the column stands there twice", 1, name) for name in wanted if names.count(name) > 1
        ]
        if faults:
            raise BadFile(faults[:MOST_FAULTS])
        return [names.index(name) if name in names else -1 for name in wanted]

    def _encoding_fault(self, error: UnicodeDecodeError) -> Fault:
        """Where the first byte stands that is no UTF-8; the file is read again for it, as it came in blocks."""
        with self._path.open("rb") as source:
            for line, content in enumerate(source, start=1):
                try:
                    content.decode("utf-8")
                except UnicodeDecodeError as found:
                    return Fault(
                        self.name, f"no UTF-8 text (byte {found.start + 1} of the line): save it as CSV UTF-8", line
                    )
        return Fault(self.name, f"no UTF-8 text ({error.reason})")


def read_roster(path: Path) -> Iterator[RosterRow]:
    """The rows of a roster in their order.

    Raises: BadFile, also where a row has no `row_id` or one that another row has.
    """
    table = Table(path, ROSTER, ROSTER_ALSO)
    lines: dict[str, int] = {}
    for cells in table:
        row = RosterRow(*cells)
        row_id = row.row_id.strip()
        if not row_id:
            raise table.fault("the row has no number of its own", "row_id")
        if row_id in lines:
            raise table.fault(f"{row_id!r} stands on line {lines[row_id]} already", "row_id")
        lines[row_id] = table.line
        yield row._replace(row_id=row_id)


def read_cells(path: Path) -> Iterator[tuple[str, str]]:
    """Card numbers with the cell that each should be in.

    Raises: BadFile.
    """
    yield from ((card, cell) for card, cell in Table(path, CELLS))


def write_decisions(path: Path, decisions: Iterable[tuple[str, Decision]]) -> None:
    """Write decisions beside the target and move the file into place, so that nobody ever reads half of it.

    Raises: OSError.
    """
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target, lineterminator="\n")
            writer.writerow(DECISIONS)
            writer.writerows(_record(row_id, decision) for row_id, decision in decisions)
            target.flush()
            os.fsync(target.fileno())
        # A private temporary file becomes an ordinary one, as if it had been opened for writing.
        mask = os.umask(0)
        os.umask(mask)
        Path(draft).chmod(0o666 & ~mask)
        Path(draft).replace(path)
    finally:
        with suppress(FileNotFoundError):
            Path(draft).unlink()


def _record(row_id: str, decision: Decision) -> tuple[str, ...]:
    return (
        row_id,
        decision.status,
        decision.pid,
        ";".join(decision.fields),
        ";".join(decision.candidates),
        f"{decision.score:.4f}",
    )
