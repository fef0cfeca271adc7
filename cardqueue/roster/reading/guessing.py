"""Guessing how the sheets of a workbook are to be read: by titles, and by content where these fail."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from cardqueue.lib.cell_text import is_blank, number_of, text_of
from cardqueue.lib.legacy_fonts import Encoding, decode, guess_encoding
from cardqueue.lib.names import clean, search_key
from cardqueue.lib.partial_date import read_date
from cardqueue.lib.phone import read_phone
from cardqueue.lib.spreadsheet import CellValue, Sheet, Workbook
from cardqueue.roster.reading.choices import ColumnGuess, SheetGuess, column_letter
from cardqueue.roster.reading.fields import LEFT_OUT, Field
from cardqueue.roster.reading.grid import Grid
from cardqueue.roster.reading.headers import Header, find_header
from cardqueue.roster.reading.values import cell_in_title, is_unit_name, looks_like_a_person, read_sex, unit_named

_ANY_SHEET = re.compile(r"(sheet|trang tinh|bang|danh sach|ds|dang vien|du lieu|data|tong|file|mau|list)\d*\b")
_ABOVE_CELLS = re.compile(r"(dang bo|dang uy|xa|phuong|uy ban|ubnd|huyen|tinh)\b")
_SAMPLED_ROWS = 200
_SHOWN_SAMPLES = 3
# How much of a column must look like a field before its content alone may name it.
_CONTENT_SHARE = 0.6


def look_at(workbook: Workbook) -> list[SheetGuess]:
    """Guess each sheet of a workbook: whether it lists people, where its header stands, what its columns hold.

    Hidden sheets are guessed too but never taken for lists. Where no sheet tells its people apart by anything but the
    name, sheets of mere names are taken.
    """
    looked = [_guess(sheet, workbook.kind) for sheet in workbook.sheets]
    guesses = [guess for guess, _ in looked]
    if not any(guess.is_list for guess in guesses):
        guesses = [replace(guess, is_list=names_people and guess.is_visible) for guess, names_people in looked]
    if sum(guess.is_list for guess in guesses) > 1:
        # One sheet per cell: whatever such a sheet is called is the cell's name.
        guesses = [replace(guess, cell_name=guess.cell_name or _own_name(guess)) for guess in guesses]
    return guesses


def _own_name(guess: SheetGuess) -> str | None:
    has_cells = any(column.field is Field.CELL for column in guess.columns)
    return None if has_cells or _ANY_SHEET.match(search_key(guess.sheet)) else clean(guess.sheet)


def _guess(sheet: Sheet, kind: str) -> tuple[SheetGuess, bool]:
    grid = Grid(sheet)
    header = find_header(grid)
    if header is None:
        header = Header(-1, -1, {}, {})
    samples = _samples(grid, header)
    columns = dict(header.columns)
    columns |= _columns_by_content(header, samples)
    guessed = Header(header.top, header.bottom, header.titles, columns)
    name_column = next((column for column, field in columns.items() if field in (Field.NAME, Field.FAMILY_NAMES)), None)
    encoding = guess_encoding(raw_text_of(value) for value in samples.get(name_column or 0, ()))
    shown = tuple(
        ColumnGuess(
            index=column,
            letter=column_letter(column),
            title=" / ".join(decode(part, encoding) for part in header.titles.get(column, ())),
            field=columns.get(column),
            confidence=_confidence(columns.get(column), samples.get(column, ()), column in header.columns),
            samples=tuple(text_of(_decoded(value, encoding)) for value in samples.get(column, ())[:_SHOWN_SAMPLES]),
        )
        for column in range(grid.width)
        if column in header.titles or samples.get(column)
    )
    named = [column.confidence for column in shown if column.field and column.field not in LEFT_OUT]
    has_header = header.bottom >= 0
    guess = SheetGuess(
        sheet=sheet.name,
        is_visible=sheet.is_visible,
        is_list=sheet.is_visible and guessed.identifies_people,
        header_row=header.top + 1 if has_header else 0,
        header_row_count=header.bottom - header.top + 1 if has_header else 0,
        columns=shown,
        cell_name=_cell_name(grid, header, encoding, kind, has_cells=Field.CELL in columns.values()),
        encoding=encoding,
        confidence=round(sum(named) / len(named), 2) if guessed.names_people and named else 0.0,
    )
    return guess, guessed.names_people


def raw_text_of(value: object) -> str:
    """A cell's text before any cleaning: TCVN3 writes ư with a character that cleaning drops as invisible."""
    return value if isinstance(value, str) else ""


def _decoded(value: CellValue, encoding: Encoding) -> CellValue:
    return decode(value, encoding) if isinstance(value, str) else value


def _samples(grid: Grid, header: Header) -> Mapping[int, Sequence[CellValue]]:
    rows = range(header.bottom + 1, min(grid.height, header.bottom + 1 + _SAMPLED_ROWS))
    return {
        column: values
        for column in range(grid.width)
        if (values := [value for row in rows if not is_blank(value := grid.value(row, column))])
    }


def _columns_by_content(header: Header, samples: Mapping[int, Sequence[CellValue]]) -> dict[int, Field]:
    """Columns whose titles say nothing to us (or that have none), named by what they hold."""
    found: dict[int, Field] = {}
    wanted = [Field.CITIZEN_ID] if header.columns else list(_LOOKS)
    for field in wanted:
        if field in header.columns.values():
            continue
        shares = {
            column: _share(_LOOKS[field], values)
            for column, values in samples.items()
            if column not in header.columns and column not in found
        }
        best = max(shares, key=lambda column: shares[column], default=None)
        if best is not None and shares[best] >= _CONTENT_SHARE:
            found[best] = field
    found |= _given_names(header, samples)
    return found


def _given_names(header: Header, samples: Mapping[int, Sequence[CellValue]]) -> dict[int, Field]:
    """The given name in a column of its own beside the name's, under the same title or under none."""
    fields = set(header.columns.values())
    if Field.NAME not in fields or fields & {Field.GIVEN_NAME, Field.FAMILY_NAMES}:
        return {}
    name = next(column for column, field in header.columns.items() if field is Field.NAME)
    beside = name + 1
    titles = header.titles.get(beside)
    if beside in header.columns or (titles and titles != header.titles.get(name)):
        return {}
    values = samples.get(beside, ())
    one_word = sum(isinstance(value, str) and value.strip().isalpha() for value in values)
    return {beside: Field.GIVEN_NAME} if values and one_word / len(values) > _CONTENT_SHARE else {}


def _share(looks_right: Callable[[CellValue], bool], values: Sequence[CellValue]) -> float:
    return sum(map(looks_right, values)) / len(values) if values else 0.0


def _looks_like_an_id(value: CellValue) -> bool:
    number = number_of(value)
    return (number.isdecimal() and len(number) == 12) or (isinstance(value, float) and len(number) in (10, 11))


def _looks_like_a_day(value: CellValue) -> bool:
    reading = read_date(value)
    return reading.value is not None and reading.value.is_complete


# In this order when a list has no titles at all.
_LOOKS: dict[Field, Callable[[CellValue], bool]] = {
    Field.CITIZEN_ID: _looks_like_an_id,
    Field.NAME: lambda value: isinstance(value, str) and looks_like_a_person(value),
    Field.SEX: lambda value: read_sex(value) is not None and len(text_of(value)) <= 4,
    Field.BIRTH: _looks_like_a_day,
    Field.PHONE: lambda value: len(number_of(value)) in (9, 10) and read_phone(value).number is not None,
    Field.CELL: lambda value: is_unit_name(text_of(value)),
}


def _confidence(field: Field | None, values: Sequence[CellValue], has_title: bool) -> float:
    if field is None:
        return 0.0
    if field not in _LOOKS or field in (Field.CELL, Field.BIRTH) or not values:
        return 0.9 if has_title else 0.5
    share = _share(_LOOKS[field], values)
    return round(0.6 + 0.4 * share if has_title else 0.5 * share, 2)


def _cell_name(grid: Grid, header: Header, encoding: Encoding, kind: str, *, has_cells: bool) -> str | None:
    """The cell that a whole sheet belongs to: named in the rows above its header, else by the sheet itself."""
    rows = [[decode(text, encoding) for text in grid.texts(row)] for row in range(max(header.top, 0))]
    lines = [line.strip() for texts in rows for text in texts for line in text.splitlines()]
    # "Chi bộ:" and its name may stand in two cells.
    named = [name for line in [*lines, *map(" ".join, rows)] if (name := cell_in_title(line))]
    if named:
        # A line that is nothing but the cell is its own; a longer title only mentions it.
        return next((name for name in named if name in lines), named[0])
    if has_cells or kind == "csv":
        return None
    own = decode(grid.sheet.name, encoding).strip()
    return own if is_unit_name(own) else next((line for line in lines if _is_cell_title(line)), None)


def _is_cell_title(line: str) -> bool:
    """Whether a line above a list is the name of a unit below the commune."""
    return unit_named(line) == line and not _ABOVE_CELLS.match(search_key(line))
