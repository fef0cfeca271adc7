"""Walking down a sheet: which rows are people, and what surrounds them.

Between the people stand the names of cells, totals, notes, headers repeated on each page, other tables, signatures. A
row is a person by what it has (a number of identity, a date of birth, a running number beside a name), not by where it
stands.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from cardqueue.lib.cell_text import is_blank, number_of, text_of
from cardqueue.lib.legacy_fonts import Encoding, decode, guess_encoding, is_modern
from cardqueue.lib.names import clean, search_key
from cardqueue.lib.partial_date import read_date
from cardqueue.lib.spreadsheet import CellValue, Sheet
from cardqueue.roster.reading.choices import SheetChoice
from cardqueue.roster.reading.fields import LEFT_OUT, Field
from cardqueue.roster.reading.grid import Grid
from cardqueue.roster.reading.headers import Header, header_of_rows, is_header_row, read_header, same_titles
from cardqueue.roster.reading.values import MemberStatus, is_ditto, looks_like_a_person, read_status, unit_named

_NAMES = (Field.NAME, Field.FAMILY_NAMES, Field.GIVEN_NAME)
# Fields in which people write "nt" for "as above".
_REPEATED = frozenset(
    {Field.CELL, Field.STATUS, Field.SEX, Field.JOINED, Field.OFFICIAL, Field.JOINED_AND_OFFICIAL, Field.NOTE}
)
# Fields that one merged cell may say for several people.
_SPREAD = frozenset({Field.CELL, Field.STATUS})
_DATES_OF_BIRTH = (Field.BIRTH, Field.MALE, Field.FEMALE)
_TEXTS = frozenset({*_NAMES, Field.CELL, Field.STATUS, Field.NOTE, Field.SEX})

# Told with their accents: "tổng" is a total, Tống a family.
_TOTAL = re.compile(
    r"(?:tổng (?:số|cộng|hợp|đảng)|tổng\s*[:\d]|tổng\Z|cộng\b|tong (?:so|cong)\b|t\.?cộng|trong đó|"
    r"danh sách (?:này|có|gồm)|"
    r"(?:danh sách|chi bộ|toàn chi bộ|toàn xã|toàn đảng bộ) (?:này )?(?:có|gồm) \d|nam\s*:|nữ\s*:)"
)
_CLOSING = re.compile(
    r"(?:t/m\b|tm\.|t\.m\b|tl\.|kt\.|k/t\b|người (?:lập|duyệt|kiểm|ký|tổng hợp)|nguoi lap|xác nhận|"
    r"(?:phó )?bí thư(?: chi bộ)?\Z|bi thu\Z|chi ủy\Z|chi uỷ\Z|\(?ký|"
    r"(?:.{0,40}, )?ngày\b.{0,12}\btháng\b.{0,12}\bnăm\b|"
    r"ghi chú\s*:|lưu ý\s*:|nơi nhận|đại diện|thủ trưởng|trưởng ban|\*+\s*(?:ghi chú|lưu ý))"
)
_RUNNING_NUMBER = re.compile(r"\d{1,4}\s*[.)]?\Z")


@dataclass(frozen=True, slots=True)
class RawRow:
    """A person's row as it stands. Units: `row` counts from 1, as Excel shows it.

    Shapes: `values` holds only fields that a column was chosen for; `cell_above` is the unit named in a row above;
    `has` are the fields that the table has columns for.
    """

    sheet: str
    row: int
    name: str
    values: Mapping[Field, CellValue]
    has: frozenset[Field]
    cell_above: str | None = None
    status_above: MemberStatus | None = None


@dataclass(slots=True)
class _Table:
    """The columns in force at a place in the sheet, and how their texts are encoded."""

    columns: Mapping[int, Field]
    encodings: Mapping[int, Encoding]

    @property
    def has(self) -> frozenset[Field]:
        return frozenset(self.columns.values())


@dataclass(slots=True)
class _Place:
    """What the rows so far have said about those to come."""

    table: _Table | None
    cell: str | None = None
    status: MemberStatus | None = None
    is_closed: bool = False
    above: dict[Field, CellValue] = field(default_factory=dict)


def find_people(sheet: Sheet, choice: SheetChoice) -> list[RawRow]:
    """The rows of a sheet that are people, from the header on, in their order."""
    people = list(_Walk(sheet, choice).people())
    return _with_cells_carried_down(people)


class _Walk:
    def __init__(self, sheet: Sheet, choice: SheetChoice) -> None:
        self._grid = Grid(sheet)
        self._choice = choice
        self._start = max(choice.header_row - 1, 0) + (choice.header_row_count if choice.header_row else 0)
        self._header: Header | None = None
        if choice.header_row:
            self._header = header_of_rows(self._grid, choice.header_row - 1, max(self._start - 1, 0))
        columns = {column: field for column, field in choice.columns.items() if field not in LEFT_OUT}
        self._place = _Place(self._table(columns))

    def people(self) -> Iterator[RawRow]:
        row = self._start
        while row < self._grid.height:
            if is_header_row(self._grid, row):
                row = self._enter_table(row)
                continue
            if person := self._person(row):
                yield person
            row += 1

    def _table(self, columns: Mapping[int, Field]) -> _Table:
        return _Table(columns, {column: self._encoding(column) for column, held in columns.items() if held in _TEXTS})

    def _encoding(self, column: int) -> Encoding:
        """A column's own vote; where it is even, the encoding that the sheet's names decided."""
        if self._choice.encoding is Encoding.UNICODE:
            return Encoding.UNICODE
        texts = [
            value
            for row in range(self._start, self._grid.height)
            if isinstance(value := self._grid.value(row, column), str)
        ]
        own = guess_encoding(texts)
        return self._choice.encoding if own is Encoding.UNICODE and not any(map(is_modern, texts)) else own

    def _enter_table(self, row: int) -> int:
        """Take a header met on the way: the same again, another list's, or that of a table without people."""
        header = read_header(self._grid, row)
        if self._header is None or not same_titles(header, self._header):
            columns = {column: field for column, field in header.columns.items() if field not in LEFT_OUT}
            table = self._table(columns) if header.identifies_people else None
            self._place = _Place(table, self._place.cell, self._place.status)
            self._header = header
        self._place.is_closed = False
        return max(header.bottom, row) + 1

    def _person(self, row: int) -> RawRow | None:
        place = self._place
        if place.table is None or not self._grid.filled_columns(row):
            return None
        values = {held: self._value(row, column) for column, held in place.table.columns.items()}
        name = _name_of(values)
        if not _is_person(name, values, place, lambda: self._others(row)):
            self._note_what_stands_here(row)
            return None
        values = {held: self._repeated(held, value) for held, value in values.items()}
        place.above = values
        return RawRow(self._grid.sheet.name, row + 1, name, values, place.table.has, place.cell, place.status)

    def _value(self, row: int, column: int) -> CellValue:
        table = self._place.table
        held = table.columns[column] if table else None
        if held in _SPREAD and (merged := self._grid.merged_at(row, column)) and merged.left == merged.right:
            row = merged.top
        value = self._grid.value(row, column)
        if isinstance(value, str) and table and column in table.encodings:
            return decode(value, table.encodings[column])
        return value

    def _repeated(self, held: Field, value: CellValue) -> CellValue:
        return self._place.above.get(held, "") if held in _REPEATED and is_ditto(value) else value

    def _others(self, row: int) -> list[str]:
        return [clean(decode(text, self._choice.encoding)) for text in self._grid.texts(row)]

    def _note_what_stands_here(self, row: int) -> None:
        texts = [text for text in self._others(row) if re.search(r"[^\W\d]{2}", text)]
        if any(_is_closing(text) for text in texts):
            self._place.is_closed = True
            return
        for text in texts[:2]:
            folded = search_key(text)
            if re.search(r"\bdang vien (du bi|chinh thuc|mien|dang)", folded):
                self._place.status = read_status(text)
                self._place.is_closed = False
            elif unit := unit_named(text):
                self._place.cell, self._place.status, self._place.is_closed = unit, None, False
                self._place.above = {}
                return


def _name_of(values: Mapping[Field, CellValue]) -> str:
    """The name as written, put together where it stands in two columns."""
    parts = [values.get(held) for held in (Field.FAMILY_NAMES, Field.NAME, Field.GIVEN_NAME)]
    return " ".join(part.strip() for part in parts if isinstance(part, str) and not is_blank(part))


def _is_closing(text: str) -> bool:
    lower = text.lower().lstrip("-–•+* ")
    return _TOTAL.match(lower) is not None or _CLOSING.match(lower) is not None


def _is_person(name: str, values: Mapping[Field, CellValue], place: _Place, texts: Callable[[], list[str]]) -> bool:
    name = clean(name)
    has_letters = re.search(r"[^\W\d_]{2}|[^\W\d_]\b.*[^\W\d_]", name) is not None
    has_id = any(_looks_like_identity(values.get(held)) for held in (Field.CITIZEN_ID, Field.OLD_ID))
    has_birth = any(_has_date(values.get(held)) for held in _DATES_OF_BIRTH) or _has_date(values.get(Field.BIRTH_YEAR))
    is_numbered = _RUNNING_NUMBER.match(text_of(values.get(Field.NUMBER))) is not None
    if not has_letters:
        is_total = any(_is_closing(text) for text in texts())
        return not is_total and (has_id or (is_numbered and has_birth))
    if has_id:
        return True
    if _is_closing(name) or (unit_named(name) and not has_birth):
        return False
    if has_birth:
        return True
    if is_numbered:
        is_heading = search_key(name).startswith(("dang vien ", "danh sach "))
        return looks_like_a_person(name) or not (is_heading or place.is_closed)
    return _is_person_by_name(name, values, place)


def _is_person_by_name(name: str, values: Mapping[Field, CellValue], place: _Place) -> bool:
    """A row with neither number nor identity: a person in a list that numbers nobody, or with other things said."""
    if place.is_closed or not looks_like_a_person(name):
        return False
    said = [held for held, value in values.items() if held not in (*_NAMES, Field.NOTE) and not is_blank(value)]
    return bool(said) or (place.table is not None and Field.NUMBER not in place.table.has)


def _looks_like_identity(value: object) -> bool:
    number = number_of(value)
    return re.search(r"\d{8,}", number) is not None or re.fullmatch(r"\d[.,]?\d*[eE]\+?\d+", number) is not None


def _has_date(value: object) -> bool:
    return not is_blank(value) and read_date(value).value is not None


def _with_cells_carried_down(people: list[RawRow]) -> list[RawRow]:
    """Where a cell's name stands only at the first of its people, it is theirs until the next."""
    given = [not is_blank(person.values.get(Field.CELL)) for person in people]
    if not people or not given[0] or sum(given) > 0.6 * len(people):
        return people
    carried: list[RawRow] = []
    cell: CellValue = ""
    for person, has_cell in zip(people, given, strict=True):
        cell = person.values[Field.CELL] if has_cell else cell
        carried.append(
            RawRow(
                person.sheet,
                person.row,
                person.name,
                {**person.values, Field.CELL: cell},
                person.has,
                person.cell_above,
                person.status_above,
            )
        )
    return carried
