"""How the sheets of a workbook are laid out: what stands under a header that was pointed at, and which are alike."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cardqueue.lib.cell_text import is_blank, text_of
from cardqueue.lib.legacy_fonts import Encoding, decode
from cardqueue.lib.spreadsheet import Sheet
from cardqueue.roster.reading import ColumnGuess, Field, SheetChoice, SheetGuess
from cardqueue.roster.reading.choices import column_letter
from cardqueue.roster.reading.fields import fold
from cardqueue.roster.reading.grid import Grid
from cardqueue.roster.reading.headers import Header, header_of_rows

SAMPLED_ROWS = 40
SHOWN_SAMPLES = 3
PREVIEW_ROWS = 8
PREVIEW_COLUMNS = 32
PREVIEW_LETTERS = 40
MOST_HEADER_ROWS = 5


@dataclass(frozen=True, slots=True)
class Layout:
    """Sheets whose columns are titled alike, and so are read alike."""

    signature: str
    columns: tuple[ColumnGuess, ...]
    fields: Mapping[int, Field]
    sheets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row of a sheet as shown to find the header. Units: `number` counts from 1."""

    number: int
    is_header: bool
    texts: tuple[str, ...]


def columns_of(sheet: Sheet, choice: SheetChoice) -> tuple[ColumnGuess, ...]:
    """The columns of a sheet under the header that the choice points at, with titles and samples."""
    grid = Grid(sheet)
    header = _header(grid, choice)
    first = choice.header_row - 1 + choice.header_row_count if choice.header_row else 0
    columns = []
    for column in range(grid.width):
        samples = _samples(grid, column, first, choice.encoding)
        title = " / ".join(decode(part, choice.encoding) for part in header.titles.get(column, ()))
        if title or samples:
            columns.append(ColumnGuess(column, column_letter(column), title, header.columns.get(column), 0.0, samples))
    return tuple(columns)


def choice_under(
    sheet: Sheet, guess: SheetGuess, *, header_row: int, header_row_count: int, cell_name: str | None
) -> SheetChoice:
    """The choice for a sheet whose header a person may have pointed at elsewhere than guessed."""
    if (header_row, header_row_count) == (guess.header_row, guess.header_row_count):
        return replace(guess.choice, cell_name=cell_name)
    bare = SheetChoice(guess.sheet, header_row, header_row_count if header_row else 0, {}, cell_name, guess.encoding)
    return replace(bare, columns=dict(_header(Grid(sheet), bare).columns))


def signature_of(columns: Iterable[ColumnGuess]) -> str:
    """What lists of one layout have in common: titles and where they stand, as a hash; "" where none has a title."""
    titles = [f"{column.index}:{fold(column.title)}" for column in columns if column.title]
    return hashlib.sha256("|".join(titles).encode()).hexdigest() if titles else ""


def group_alike(sheets: Sequence[tuple[SheetChoice, tuple[ColumnGuess, ...]]]) -> list[Layout]:
    """The chosen sheets by layout, in their order; a sheet without titles stands alone."""
    layouts: dict[str, Layout] = {}
    for choice, columns in sheets:
        signature = signature_of(columns)
        key = signature or choice.sheet
        if key in layouts:
            layouts[key] = replace(layouts[key], sheets=(*layouts[key].sheets, choice.sheet))
        else:
            layouts[key] = Layout(signature, columns, choice.columns, (choice.sheet,))
    return list(layouts.values())


def preview(sheet: Sheet, *, header_row: int, header_row_count: int) -> list[PreviewRow]:
    """The first rows of a sheet, as far as the header and a row below it, with the header marked."""
    last_header = header_row + max(header_row_count, 1) - 1 if header_row else 0
    count = min(len(sheet.rows), max(PREVIEW_ROWS, last_header + 1))
    return [
        PreviewRow(
            number + 1,
            header_row <= number + 1 <= last_header,
            tuple(_short(text_of(value)) for value in sheet.rows[number][:PREVIEW_COLUMNS]),
        )
        for number in range(count)
    ]


def _header(grid: Grid, choice: SheetChoice) -> Header:
    if not choice.header_row:
        return Header(-1, -1, {}, {})
    top = choice.header_row - 1
    return header_of_rows(grid, top, min(top + max(choice.header_row_count, 1), grid.height) - 1)


def _short(text: str) -> str:
    return text if len(text) <= PREVIEW_LETTERS else f"{text[:PREVIEW_LETTERS]}…"


def _samples(grid: Grid, column: int, first: int, encoding: Encoding) -> tuple[str, ...]:
    found: list[str] = []
    for row in range(first, min(grid.height, first + SAMPLED_ROWS)):
        value = grid.value(row, column)
        if not is_blank(value) and text_of(value)[:PREVIEW_LETTERS] not in found:
            found.append(text_of(decode(value, encoding) if isinstance(value, str) else value)[:PREVIEW_LETTERS])
        if len(found) == SHOWN_SAMPLES:
            break
    return tuple(found)
