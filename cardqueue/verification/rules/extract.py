"""Reading the lines of an extract of population records, every cell checked.

An extract is taken whole or not at all: what the police bring is the measure for everybody else's data, so a line that
cannot be read is named by its line and column and the file is sent back. Six columns are read; all others are passed
over. What was found is told in a form that names nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from cardqueue.lib.cell_text import is_blank, text_of
from cardqueue.lib.citizen_id import mask_citizen_id, read_citizen_id
from cardqueue.lib.legacy_fonts import Encoding, decode, repair_utf8
from cardqueue.lib.names import clean
from cardqueue.lib.partial_date import DateFlag, read_date
from cardqueue.lib.spreadsheet import CellValue
from cardqueue.verification.engine.places import read_sex

_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_LONG_NUMBER = re.compile(r"\d{6,}")
# What is left of letters that a program could not write, and what nobody's name holds.
_LOST_LETTERS = re.compile("[?\ufffd]")
_ROUNDED = re.compile(r"\d[.,]?\d*[eE]\+?\d+\Z")


class Column(StrEnum):
    """What a column of an extract holds; the first four are needed."""

    CITIZEN_ID = "citizen_id"
    FULL_NAME = "full_name"
    BIRTH_ON = "birth_on"
    SEX = "sex"
    HOMETOWN = "hometown"
    OLD_NUMBER = "old_number"


NEEDED = (Column.CITIZEN_ID, Column.FULL_NAME, Column.BIRTH_ON, Column.SEX)
#: Where each column stands, counted from 0.
Columns = Mapping[Column, int]


class Fault(StrEnum):
    """What is the matter with an extract, at one of its cells or lines."""

    MISSING = "missing"
    NOT_A_CITIZEN_ID = "not_a_citizen_id"
    ROUNDED_NUMBER = "rounded_number"
    NOT_A_NAME = "not_a_name"
    LOST_LETTERS = "lost_letters"
    NOT_A_DATE = "not_a_date"
    MONTH_FIRST = "month_first"
    NOT_A_SEX = "not_a_sex"
    WRONG_WIDTH = "wrong_width"
    SHIFTED = "shifted"
    BAD_LETTERS = "bad_letters"
    LINE_TOO_LONG = "line_too_long"
    OPEN_QUOTATION = "open_quotation"
    NO_PERSON = "no_person"


@dataclass(frozen=True, slots=True)
class ExtractFault:
    """A place of the file that cannot be read.

    Units: `line` counts from 1, as spreadsheet programs show it; `column` is a letter, empty for the whole line.
    Shapes: `field` is a `Column` or empty; `found` names nobody: long numbers are masked, words cut to one letter.
    """

    line: int
    column: str
    field: str
    fault: Fault
    found: str


class RecordCells(NamedTuple):
    """One person of an extract, as the texts of the cells."""

    number: str
    name: str
    birth: str
    sex: str
    hometown: str = ""
    old_number: str = ""


def column_letter(index: int) -> str:
    """A column as spreadsheet programs name it. Units: `index` counts from 0."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class LineReader:
    """Reads the lines of one file. Units: `width` is the number of cells that every line has, 0 where lines differ."""

    def __init__(self, columns: Columns, *, width: int = 0, font: Encoding = Encoding.UNICODE) -> None:
        self._plan = [(column, columns[column], CHECKS[column]) for column in Column if column in columns]
        self._width, self._font = width, font

    def read(self, line: int, cells: Sequence[CellValue]) -> RecordCells | Sequence[ExtractFault]:
        """The person on a line, or every cell that cannot be read; nothing for a line empty in all needed columns."""
        if self._width and len(cells) != self._width and self._is_cut(cells):
            if all(is_blank(value) for value in cells):
                return ()
            return [ExtractFault(line, "", "", Fault.WRONG_WIDTH, f"{len(cells)}/{self._width}")]
        texts: dict[Column, str] = {}
        faults: list[ExtractFault] = []
        for column, place, check in self._plan:
            value = cells[place] if place < len(cells) else ""
            texts[column] = text = value if isinstance(value, str) else _text(column, value)
            if fault := check(text):
                faults.append(ExtractFault(line, column_letter(place), column, fault, masked(value)))
        if faults:
            return () if all(is_blank(texts[column]) for column in NEEDED) else faults
        return RecordCells(
            texts[Column.CITIZEN_ID],
            _cleaned(texts[Column.FULL_NAME], self._font),
            texts[Column.BIRTH_ON],
            texts[Column.SEX],
            _cleaned(texts.get(Column.HOMETOWN, ""), self._font),
            texts.get(Column.OLD_NUMBER, ""),
        )

    def _is_cut(self, cells: Sequence[CellValue]) -> bool:
        """Whether a line lacks cells, or has more than blank ones too many."""
        return len(cells) < self._width or not all(is_blank(value) for value in cells[self._width :])


def masked(value: CellValue) -> str:
    """A value as a message may show it: enough to find the cell by, too little to know the person."""
    text = text_of(value)[:40]
    text = _LONG_NUMBER.sub(lambda found: mask_citizen_id(found[0]), text)
    return _WORD.sub(lambda found: found[0] if len(found[0]) < 2 else f"{found[0][0]}…", text)


def _text(column: Column, value: CellValue) -> str:
    """The text of a cell that a spreadsheet program stored as something else."""
    if column is Column.BIRTH_ON:
        return str(read_date(value).value or text_of(value))
    return text_of(value)


@lru_cache(maxsize=65536)
def _cleaned(text: str, font: Encoding) -> str:
    """Remembered, because many people share a name and whole villages a hometown."""
    return clean(text if font is Encoding.UNICODE else decode(text, font))


def _number_fault(text: str) -> Fault | None:
    if len(text) == 12 and text.isdecimal() and text.isascii():
        return None
    if read_citizen_id(text).number:
        return None
    if is_blank(text):
        return Fault.MISSING
    return Fault.ROUNDED_NUMBER if _ROUNDED.match(text.strip()) else Fault.NOT_A_CITIZEN_ID


@lru_cache(maxsize=65536)
def _name_fault(text: str) -> Fault | None:
    if is_blank(text):
        return Fault.MISSING
    if _LOST_LETTERS.search(text):
        return Fault.LOST_LETTERS
    if repair_utf8(text) != text:
        return Fault.BAD_LETTERS
    return None if is_name_like(text) else Fault.NOT_A_NAME


@lru_cache(maxsize=65536)
def _date_fault(text: str) -> Fault | None:
    if is_blank(text):
        return Fault.MISSING
    reading = read_date(text)
    if reading.value is None:
        return Fault.NOT_A_DATE
    # One such date says that the days and months of the whole column may be exchanged.
    return Fault.MONTH_FIRST if DateFlag.MONTH_FIRST in reading.flags else None


@lru_cache(maxsize=256)
def _sex_fault(text: str) -> Fault | None:
    if read_sex(text):
        return None
    return Fault.MISSING if is_blank(text) else Fault.NOT_A_SEX


def _no_fault(_text: str) -> Fault | None:
    return None


#: What is wrong with the text of a cell of each column.
CHECKS: Mapping[Column, Callable[[str], Fault | None]] = {
    Column.CITIZEN_ID: _number_fault,
    Column.FULL_NAME: _name_fault,
    Column.BIRTH_ON: _date_fault,
    Column.SEX: _sex_fault,
    Column.HOMETOWN: _no_fault,
    Column.OLD_NUMBER: _no_fault,
}


def is_name_like(text: str) -> bool:
    """Whether a text has more letters than digits."""
    return len(_LETTER.findall(text)) > sum(letter.isdigit() for letter in text)
