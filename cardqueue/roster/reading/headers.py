"""Finding the header of a list: one row or several, merged or not, wherever it stands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cardqueue.roster.reading.fields import IDENTIFYING, Field, field_of_title, fold, resolve
from cardqueue.roster.reading.grid import Grid

_NAMES = (Field.NAME, Field.FAMILY_NAMES)
_SEARCHED_ROWS = 200
_MOST_ROWS = 4
# Cells that begin with a date or a long number stand among people, never among titles.
_FIGURES = re.compile(r"'?(?:\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2}|\d{6}|\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True)
class Header:
    """A header as it stands in a sheet. Units: rows and columns count from 0; `bottom` is the last header row."""

    top: int
    bottom: int
    titles: Mapping[int, tuple[str, ...]]
    columns: Mapping[int, Field]

    @property
    def names_people(self) -> bool:
        """Whether the table below it lists people by name."""
        return any(field in _NAMES for field in self.columns.values())

    @property
    def identifies_people(self) -> bool:
        """Whether it also has what tells one person from another."""
        return self.names_people and any(field in IDENTIFYING for field in self.columns.values())


def find_header(grid: Grid) -> Header | None:
    """The first header of a list of people; failing that, the first that at least has names and something else."""
    weaker: Header | None = None
    for row in range(min(grid.height, _SEARCHED_ROWS)):
        if not is_header_row(grid, row):
            continue
        header = read_header(grid, row)
        if header.identifies_people:
            return header
        if weaker is None and header.names_people:
            weaker = header
    return weaker


def is_header_row(grid: Grid, row: int) -> bool:
    """Whether a row holds titles: a name's or a running number's, and another one that we know."""
    texts = list(grid.texts(row))
    if any(_FIGURES.match(text) for text in texts):
        return False
    fields = {field_of_title(text) for text in texts} - {None}
    # A person's row may hold "Nam", "Chính thức" and "Chi bộ thôn 1", but never "STT" or "Họ và tên".
    return bool(fields & {*_NAMES, Field.NUMBER}) and len(fields) > 1


def read_header(grid: Grid, row: int) -> Header:
    """The whole header that the row of titles belongs to, with the rows above and below it."""
    top = bottom = row
    while top > 0 and row - top < _MOST_ROWS and _is_joined_by_merge(grid, top - 1, top):
        top -= 1
    while bottom - top < _MOST_ROWS and _continues(grid, row, bottom):
        bottom += 1
    return header_of_rows(grid, top, bottom)


def header_of_rows(grid: Grid, top: int, bottom: int) -> Header:
    """The header that stands in the given rows."""
    titles = {column: parts for column in range(grid.width) if (parts := _title(grid, top, bottom, column))}
    order = sorted(titles)
    fields = resolve([field_of_title(*titles[column]) for column in order])
    columns = {column: field for column, field in zip(order, fields, strict=True) if field}
    return Header(top, bottom, titles, columns)


def same_titles(one: Header, other: Header) -> bool:
    """Whether a header repeats another, as programs do on each printed page."""
    return {column: fold(" ".join(parts)) for column, parts in one.titles.items()} == {
        column: fold(" ".join(parts)) for column, parts in other.titles.items()
    }


def _title(grid: Grid, top: int, bottom: int, column: int) -> tuple[str, ...]:
    parts: list[str] = []
    for row in range(top, bottom + 1):
        text = grid.raw_text(*_seen_at(grid, row, bottom, column)).replace("\n", " ")
        if text and (not parts or parts[-1] != text):
            parts.append(text)
    return tuple(parts)


def _seen_at(grid: Grid, row: int, bottom: int, column: int) -> tuple[int, int]:
    """The cell whose text is seen here. Where merges are unknown, a blank over a sub-title belongs to its left."""
    if grid.knows_merges or row == bottom or grid.raw_text(row, column) or not grid.raw_text(row + 1, column):
        return grid.anchor(row, column)
    left = column
    while left > 0 and not grid.raw_text(row, left) and grid.raw_text(row + 1, left):
        left -= 1
    return (row, left) if grid.raw_text(row + 1, left) else (row, column)


def _is_joined_by_merge(grid: Grid, upper: int, lower: int) -> bool:
    return any(
        merged.top <= upper and merged.bottom >= lower and merged.bottom - merged.top < _MOST_ROWS
        for column in range(grid.width)
        if (merged := grid.merged_at(lower, column))
    )


def _continues(grid: Grid, row: int, bottom: int) -> bool:
    """Whether the next row still belongs to the header: merged into it, or a row of sub-titles alone."""
    below = bottom + 1
    if below >= grid.height:
        return False
    if _is_joined_by_merge(grid, bottom, below):
        return True
    filled = grid.filled_columns(below)
    own = [column for column in filled if field_of_title(grid.raw_text(row, column)) in (*_NAMES, Field.NUMBER)]
    if own or not filled:
        return False
    texts = [grid.raw_text(below, column) for column in filled]
    return not any(re.search(r"\d", text) or len(text) > 30 for text in texts) and any(
        field_of_title(text) or fold(text) in _SUB_TITLES for text in texts
    )


_SUB_TITLES = frozenset(("nam", "nu", "ngay", "thang", "quoc gia", "tinh thanh", "tinh", "xa", "chi tiet", "so", "ten"))
