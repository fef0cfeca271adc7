"""Reading an extract of population records: which column holds what, and every row checked.

An extract is taken whole or not at all: what the police bring is the measure for everybody else's data, so a row that
cannot be read is named by its line and column and the file is sent back. Only four columns are read; origin, addresses
and old numbers are passed over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cardqueue.lib.cell_text import is_blank, text_of
from cardqueue.lib.citizen_id import mask_citizen_id, read_citizen_id
from cardqueue.lib.names import clean
from cardqueue.lib.partial_date import DateFlag, read_date
from cardqueue.lib.spreadsheet import CellValue, Sheet, Workbook
from cardqueue.roster.models import Sex
from cardqueue.roster.reading import fields as titles
from cardqueue.roster.reading.values import read_sex
from cardqueue.verification.rules.comparing import Field, Person

_SEARCHED_ROWS = 30
_SAMPLES = 3
_FIELD_OF_TITLE = {
    titles.Field.NAME: Field.FULL_NAME,
    titles.Field.BIRTH: Field.BIRTH_ON,
    titles.Field.SEX: Field.SEX,
    titles.Field.CITIZEN_ID: Field.CITIZEN_ID,
}

Columns = Mapping[Field, int]


class Fault(StrEnum):
    """What is the matter with a cell of an extract."""

    MISSING = "missing"
    NOT_A_CITIZEN_ID = "not_a_citizen_id"
    NOT_A_DATE = "not_a_date"
    MONTH_FIRST = "month_first"
    NOT_A_SEX = "not_a_sex"


@dataclass(frozen=True, slots=True)
class ExtractFault:
    """A cell that cannot be read. Units: `line` counts from 1, as spreadsheet programs show it."""

    line: int
    column: str
    field: Field
    fault: Fault
    found: str


@dataclass(frozen=True, slots=True)
class ExtractGuess:
    """How a file would be read.

    Units: `header_row` counts from 1, 0 where the first row already holds a person. `candidates` are the columns whose
    title names a field, counted from 0.
    """

    sheet: str
    header_row: int
    candidates: Mapping[Field, Sequence[int]]

    @property
    def columns(self) -> dict[Field, int]:
        """The first column of each field found."""
        return {field: found[0] for field, found in self.candidates.items() if found}

    @property
    def is_certain(self) -> bool:
        """Whether each field has exactly one column."""
        return all(len(self.candidates.get(field, ())) == 1 for field in Field)


def find_columns(workbook: Workbook) -> ExtractGuess:
    """The sheet, the row of titles and the columns, as far as the titles tell.

    Shapes: without any title known to us, the first sheet that holds something and no columns.
    """
    visible = [sheet for sheet in workbook.sheets if sheet.is_visible] or list(workbook.sheets)
    guesses = [
        ExtractGuess(sheet.name, number, candidates)
        for sheet in visible
        for number, row in enumerate(sheet.rows[:_SEARCHED_ROWS], start=1)
        if len(candidates := _candidates(row)) > 1
    ]
    if guesses:
        return max(guesses, key=lambda guess: len(guess.candidates))
    filled = next((sheet for sheet in visible if sheet.rows), visible[0])
    return ExtractGuess(filled.name, 1, {})


def column_letter(index: int) -> str:
    """A column as spreadsheet programs name it. Units: `index` counts from 0."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def samples(sheet: Sheet, header_row: int, column: int) -> list[str]:
    """The first values of a column, numbers masked, to recognise it by."""
    found: list[str] = []
    for row in sheet.rows[header_row : header_row + 50]:
        if column < len(row) and not is_blank(row[column]):
            found.append(_shown(row[column]))
        if len(found) == _SAMPLES:
            break
    return found


def read_records(sheet: Sheet, header_row: int, columns: Columns) -> tuple[list[Person], list[ExtractFault]]:
    """Every person below the titles, and every cell that cannot be read; rows empty in all four columns are skipped."""
    people: list[Person] = []
    faults: list[ExtractFault] = []
    for line, row in enumerate(sheet.rows[header_row:], start=header_row + 1):
        cells = {field: row[column] if column < len(row) else "" for field, column in columns.items()}
        if all(is_blank(value) for value in cells.values()):
            continue
        found = _read_row(cells)
        if isinstance(found, Person):
            people.append(found)
        else:
            faults += [
                ExtractFault(line, column_letter(columns[field]), field, fault, _shown(cells[field]))
                for field, fault in found.items()
            ]
    return people, faults


def _candidates(row: Sequence[CellValue]) -> dict[Field, list[int]]:
    candidates: dict[Field, list[int]] = {}
    for column, value in enumerate(row):
        title = titles.field_of_title(value) if isinstance(value, str) and value.strip() else None
        if title in _FIELD_OF_TITLE:
            candidates.setdefault(_FIELD_OF_TITLE[title], []).append(column)
    return candidates


def _read_row(cells: Mapping[Field, CellValue]) -> Person | dict[Field, Fault]:
    faults = {field: Fault.MISSING for field, value in cells.items() if is_blank(value)}
    number = read_citizen_id(cells[Field.CITIZEN_ID]).number
    birth = read_date(cells[Field.BIRTH_ON])
    sex = read_sex(cells[Field.SEX])
    if number is None:
        faults.setdefault(Field.CITIZEN_ID, Fault.NOT_A_CITIZEN_ID)
    if birth.value is None:
        faults.setdefault(Field.BIRTH_ON, Fault.NOT_A_DATE)
    elif DateFlag.MONTH_FIRST in birth.flags:
        # One such date says that the days and months of the whole column may be exchanged.
        faults[Field.BIRTH_ON] = Fault.MONTH_FIRST
    if sex is None:
        faults.setdefault(Field.SEX, Fault.NOT_A_SEX)
    if faults or number is None or sex is None:
        return faults
    return Person(clean(text_of(cells[Field.FULL_NAME])), str(birth.value), Sex(sex), number)


def _shown(value: CellValue) -> str:
    text = text_of(value)[:40]
    return mask_citizen_id(text) if sum(letter.isdigit() for letter in text) > 8 else text
