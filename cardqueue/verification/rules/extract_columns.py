"""Which column of an extract holds what: by the titles, and where they do not say, by the values below them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cardqueue.lib.cell_text import is_blank, text_of
from cardqueue.lib.citizen_id import mask_citizen_id
from cardqueue.lib.legacy_fonts import Encoding, guess_encoding
from cardqueue.lib.spreadsheet import CellValue, Sheet, Workbook
from cardqueue.roster.reading import fields as titles
from cardqueue.roster.reading.values import looks_like_a_person
from cardqueue.verification.rules.extract import (
    CHECKS,
    NEEDED,
    Column,
    Columns,
    ExtractFault,
    Fault,
    column_letter,
    is_name_like,
    masked,
)

_SEARCHED_ROWS = 30
_SAMPLES = 3
_SAMPLE_ROWS = 50
_SHIFT_ROWS = 200
_SHIFT_SHARE = 0.2
# Of the values of a column, what lets it pass for one of that kind.
_MOST = 0.8
_COLUMN_OF_TITLE = {
    titles.Field.NAME: Column.FULL_NAME,
    titles.Field.BIRTH: Column.BIRTH_ON,
    titles.Field.SEX: Column.SEX,
    titles.Field.CITIZEN_ID: Column.CITIZEN_ID,
    titles.Field.ORIGIN: Column.HOMETOWN,
    titles.Field.OLD_ID: Column.OLD_NUMBER,
}
# What no table of a population holds.
_OF_THE_PARTY = frozenset({titles.Field.JOINED, titles.Field.OFFICIAL, titles.Field.JOINED_AND_OFFICIAL})


@dataclass(frozen=True, slots=True)
class ExtractGuess:
    """How a file would be read.

    Units: `header_row` counts from 1, 0 where the first row already holds a person. `candidates` are the columns whose
    title names a field, counted from 0.
    """

    sheet: str
    header_row: int
    candidates: Mapping[Column, Sequence[int]]

    @property
    def columns(self) -> dict[Column, int]:
        """The first column of each field found."""
        return {column: found[0] for column, found in self.candidates.items() if found}

    @property
    def is_certain(self) -> bool:
        """Whether each needed field has exactly one column."""
        return all(len(self.candidates.get(column, ())) == 1 for column in NEEDED)


def find_columns(workbook: Workbook) -> ExtractGuess:
    """The sheet, the row of titles and the columns, as far as the titles tell.

    Shapes: without any title known to us, the first sheet that holds something and no columns.
    """
    visible = [sheet for sheet in workbook.sheets if sheet.is_visible] or list(workbook.sheets)
    guesses = [
        ExtractGuess(sheet.name, number, _candidates(row))
        for sheet in visible
        for number, row in enumerate(sheet.rows[:_SEARCHED_ROWS], start=1)
    ]
    best = max(guesses, key=_needed_count, default=None)
    if best is not None and _needed_count(best) > 1:
        return best
    filled = next((sheet for sheet in visible if sheet.rows), visible[0])
    return ExtractGuess(filled.name, 1, {})


def is_party_list(rows: Sequence[Sequence[CellValue]], header_row: int) -> bool:
    """Whether the titles are those of a list of members: compared with itself, everything on it would be right."""
    row = rows[header_row - 1] if 0 < header_row <= len(rows) else ()
    return any(titles.field_of_title(value) in _OF_THE_PARTY for value in row if isinstance(value, str))


def guess_by_values(sheet: Sheet, guess: ExtractGuess) -> ExtractGuess:
    """The guess with a column for each needed field that no title names, as far as the values below leave no doubt."""
    first = sheet.rows[guess.header_row - 1] if 0 < guess.header_row <= len(sheet.rows) else ()
    holds_a_person = not guess.candidates and any(CHECKS[Column.CITIZEN_ID](text_of(value)) is None for value in first)
    header_row = 0 if holds_a_person else guess.header_row
    found = dict(guess.candidates)
    width = max((len(row) for row in sheet.rows[header_row : header_row + _SAMPLE_ROWS]), default=0)
    for column in NEEDED:
        if column not in found:
            taken = {place for places in found.values() for place in places}
            fits = [
                place for place in range(width) if place not in taken and _fits(sheet.rows[header_row:], place, column)
            ]
            if len(fits) == 1:
                found[column] = fits
    return ExtractGuess(guess.sheet, header_row, found)


def samples(sheet: Sheet, header_row: int, column: int) -> list[str]:
    """The first values of a column, numbers masked, to recognise it by."""
    found: list[str] = []
    for row in sheet.rows[header_row : header_row + 50]:
        if column < len(row) and not is_blank(row[column]):
            text = text_of(row[column])[:40]
            found.append(mask_citizen_id(text) if sum(letter.isdigit() for letter in text) > 8 else text)
        if len(found) == _SAMPLES:
            break
    return found


def find_shift(rows: Sequence[Sequence[CellValue]], header_row: int, columns: Columns) -> ExtractFault | None:
    """The first line whose values stand in other columns than the titles say, where that is so for many lines."""
    checks: tuple[tuple[Column, Callable[[str], bool]], ...] = (
        (Column.FULL_NAME, _is_number_like),
        (Column.CITIZEN_ID, is_name_like),
    )
    odd: list[ExtractFault] = []
    seen = 0
    for line, row in enumerate(rows[header_row : header_row + _SHIFT_ROWS], start=header_row + 1):
        if not any(not is_blank(value) for value in row):
            continue
        seen += 1
        for column, is_odd in checks:
            place = columns[column]
            if place < len(row) and is_odd(text_of(row[place])):
                odd.append(ExtractFault(line, column_letter(place), column, Fault.SHIFTED, masked(row[place])))
                break
    return odd[0] if len(odd) > max(1, seen * _SHIFT_SHARE) else None


def font_of_names(rows: Sequence[Sequence[CellValue]], header_row: int, columns: Columns) -> Encoding:
    """The old font that the names of a file were typed for, or Unicode."""
    place = columns[Column.FULL_NAME]
    names = [
        text_of(row[place]) for row in rows[header_row : header_row + _SHIFT_ROWS] if place < len(row) and row[place]
    ]
    return guess_encoding(names) if any(not name.isascii() for name in names) else Encoding.UNICODE


def _fits(rows: Sequence[Sequence[CellValue]], place: int, column: Column) -> bool:
    values = [row[place] for row in rows[:_SAMPLE_ROWS] if place < len(row) and not is_blank(row[place])]
    fits = looks_like_a_person if column is Column.FULL_NAME else lambda text: CHECKS[column](text) is None
    return bool(values) and sum(fits(text_of(value)) for value in values) >= _MOST * len(values)


def _needed_count(guess: ExtractGuess) -> int:
    return sum(column in NEEDED for column in guess.candidates)


def _candidates(row: Iterable[CellValue]) -> dict[Column, list[int]]:
    candidates: dict[Column, list[int]] = {}
    for place, value in enumerate(row):
        title = titles.field_of_title(value) if isinstance(value, str) and value.strip() else None
        if title in _COLUMN_OF_TITLE:
            candidates.setdefault(_COLUMN_OF_TITLE[title], []).append(place)
    return candidates


def _is_number_like(text: str) -> bool:
    return sum(letter.isdigit() for letter in text) > len(text) // 2
