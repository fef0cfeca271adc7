"""What a whole roster row says of a person, cells typed into each other's column included."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from cardqueue.lib.legacy_fonts import Encoding
from cardqueue.lib.names import search_key
from cardqueue.verification.engine.dates import read_birth
from cardqueue.verification.engine.names import RosterName, read_name
from cardqueue.verification.engine.numbers import RosterNumber, read_number
from cardqueue.verification.engine.places import card_key, read_place, read_sex
from cardqueue.verification.engine.shapes import Field, Figures, Place, RosterRow

_LETTERS = re.compile(r"[^\W\d_]{2,}")
# Not 99.001234, which is a card.
_DATE = re.compile(r"\d{1,2}([/.\-])\d{1,2}\1\d{2,4}|\d{4}([/.\-])\d{1,2}\2\d{1,2}|\d{1,2}[/.\-]\d{4}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A roster row, understood. Shapes: `moved` are the fields whose value stood in another column."""

    name: RosterName
    born: Figures
    sex: int
    number: RosterNumber
    place: Place
    card: str
    moved: frozenset[Field] = frozenset()


def understand(row: RosterRow, encodings: Collection[Encoding] = ()) -> Evidence:
    """Read every cell of a row; `encodings` are the old fonts that the file has."""
    cells, moved = _in_their_columns(row)
    return Evidence(
        read_name(cells[Field.NAME], encodings),
        read_birth(cells[Field.BIRTH].strip()),
        read_sex(cells[Field.SEX]),
        read_number(cells[Field.NUMBER], row.card),
        read_place(row.origin),
        card_key(row.card),
        moved,
    )


def _in_their_columns(row: RosterRow) -> tuple[dict[Field, str], frozenset[Field]]:
    cells = {Field.NAME: row.name, Field.BIRTH: row.birth, Field.SEX: row.sex, Field.NUMBER: row.number}
    kinds = {field: _kind(text) for field, text in cells.items()}
    strangers = {field: kind for field, kind in kinds.items() if kind not in (None, field)}
    # A date in figures alone reads as a number, and a sex as a name: alone they move nothing.
    if not strangers:
        return cells, frozenset()
    moved = {}
    for field in kinds:
        sources = [source for source, stranger in strangers.items() if stranger is field]
        if len(sources) == 1 and (field in strangers or not _says_something(field, cells[field])):
            moved[field] = cells[sources[0]]
    emptied = {field: "" for field, kind in strangers.items() if kind in moved}
    return cells | emptied | moved, frozenset(moved)


def _says_something(field: Field, text: str) -> bool:
    """Whether a cell may hold what its column is for, so that nothing else is put in its place."""
    match field:
        case Field.NUMBER:
            return sum(map(str.isdigit, text)) > 6
        case Field.BIRTH:
            return bool(read_birth(text.strip()).year)
        case Field.SEX:
            return bool(read_sex(text))
        case _:
            return bool(_LETTERS.search(text))


def _kind(text: str) -> Field | None:
    """Which column a cell plainly belongs to; None where it says nothing or may belong to several."""
    text = text.strip()
    if not text:
        return None
    figures = re.sub(r"\D", "", text)
    if not _LETTERS.search(text):
        if len(figures) in (9, 11, 12) and len(figures) >= len(text) - 3 and "/" not in text:
            return Field.NUMBER
        return Field.BIRTH if _DATE.fullmatch(text) else None
    if figures:
        return None
    if read_sex(text) and search_key(text) in ("nam", "nu", "male", "female"):
        return Field.SEX
    return Field.NAME if len(text.split()) >= 2 else None
