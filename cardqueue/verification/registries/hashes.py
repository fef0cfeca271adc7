"""A hash-only hand-over as a registry: people are found, and fields agree or not, and nothing can be shown.

What a row says is hashed here under the hand-over's key and looked up: its number and all that are one typing error
away, its old number, its name with its date. A record whose number is known so answers further guesses, since its other
hashes are bound to the number: which date it has near the row's, and whether the name is the same with its marks, the
same without them, or another. Of a record found by name and date alone the number stays unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final, NamedTuple, TypeAlias

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from cardqueue.cases.models import Case
from cardqueue.roster.models import Member
from cardqueue.verification.engine import keys
from cardqueue.verification.engine.dates import DateLevel, date_level
from cardqueue.verification.engine.evidence import Evidence
from cardqueue.verification.engine.levels import Levels, NameLevel, PlaceLevel, SexLevel, sex_level
from cardqueue.verification.engine.names import RosterName, bare_name_key, name_key
from cardqueue.verification.engine.numbers import NumberLevel, RosterNumber
from cardqueue.verification.engine.posterior import Frequencies
from cardqueue.verification.engine.registry import Pair, Rows
from cardqueue.verification.engine.shapes import Figures, Place, Record
from cardqueue.verification.handover.hashing import HandoverKey, HashedFields
from cardqueue.verification.models import PopulationExtract
from cardqueue.verification.registries.guesses import guessed_names
from cardqueue.verification.registries.joining import KeyTable, select
from cardqueue.verification.registries.key_files import key_of
from cardqueue.verification.registries.records import is_whole

# How common names and dates are cannot be counted in hashes. These are the commonest of Vietnamese populations, so that
# a name and a date are never taken for more than they are worth: one full name in 300 people, 1 January in a thousand.
_NAME_SHARE: Final = 1 / 300
_DATE_SHARE: Final = 1 / 16_000
_HEAP_SHARE: Final = 1 / 1_000
_YEAR_SHARE: Final = 1 / 60
# In front of the hash by which a record goes whose number is not known.
_NAMELESS: Final = "#"
_FIRST_YEAR, _LAST_YEAR = 1900, 2015

_FOUND = """
SELECT k.wanted, r.id, {columns} FROM {keys} CROSS JOIN hashed_record r
WHERE r.extract_id IN ({extracts}) AND r.{column} = k.wanted
"""
_COLUMNS = ", ".join(f"r.{name}" for name in HashedFields._fields)

Numbers: TypeAlias = Callable[[], Iterable[str]]


class _Found(NamedTuple):
    """A record that some key of a row led to, with what is known of it by that key."""

    record: HashedFields
    number: int | None = None
    born: Figures | None = None
    name: NameLevel = NameLevel.MARKS


@dataclass(slots=True)
class _Book:
    """The extracts that were hashed under one key."""

    key: HandoverKey
    extract_ids: list[int] = field(default_factory=list)
    #: The numbers of hashes, as far as the roster or a typing error gave them away.
    numbers: dict[int, str] = field(default_factory=dict)

    def find(self, session: Session, column: str, wanted: Iterable[int]) -> Iterator[tuple[int, int, HashedFields]]:
        """Records with one of the hashes: the hash, the record's place in the table, and the record."""
        table = KeyTable(f"by_{column}", "wanted")
        table.rows += ((key,) for key in wanted)
        if table.rows:
            statement = _FOUND.format(
                columns=_COLUMNS,
                keys=table.source(session),
                extracts=", ".join(map(str, self.extract_ids)),
                column=column,
            )
            for key, place, *hashes in select(session, statement, table):
                yield key, place, HashedFields(*hashes)


class HashesRegistry:
    """The hashed records of some extracts."""

    title: ClassVar[str | LazyString] = _l("Bàn giao chỉ có mã băm")
    shows_records: ClassVar[bool] = False

    def __init__(
        self,
        session: Session,
        extracts: Sequence[PopulationExtract],
        *,
        key: Callable[[PopulationExtract], HandoverKey] = key_of,
        numbers: Numbers | None = None,
    ) -> None:
        self._session = session
        books: dict[str, _Book] = {}
        for extract in extracts:
            found = key(extract)
            books.setdefault(found.fingerprint, _Book(found)).extract_ids.append(extract.id)
        self._books = list(books.values())
        self._frequencies = _Assumed(sum(extract.record_count for extract in extracts), {}, {})
        campaigns = {extract.campaign_id for extract in extracts}
        self._roster_numbers: Numbers | None = numbers or (lambda: _roster_numbers(session, campaigns))

    @property
    def frequencies(self) -> Frequencies:
        """How many records there are; how often dates occur is assumed, on the safe side."""
        return self._frequencies

    def settled(self, rows: Rows) -> Mapping[int, Record]:
        """The rows whose number is handed over, every time with the same name, date and sex."""
        whole = {row: evidence for row, evidence in rows.items() if is_whole(evidence)}
        agreeing: dict[int, list[bool]] = defaultdict(list)
        for book in self._books:
            wanted: dict[int, list[int]] = defaultdict(list)
            for row, evidence in whole.items():
                wanted[book.key.number(int(evidence.number.number))].append(row)
            for key, _, record in book.find(self._session, "number_key", wanted):
                for row in wanted[key]:
                    agreeing[row].append(_agrees(book.key, whole[row], record))
        return {
            row: Record(
                whole[row].number.number, whole[row].name.plain[0], whole[row].born, whole[row].sex, "", Place()
            )
            for row, found in agreeing.items()
            if all(found)
        }

    def close(self, rows: Rows) -> Iterator[Pair]:
        """Records with a row's number or nearly, its old number, or its name and date."""
        for book in self._books:
            found: dict[tuple[int, int], _Found] = {}
            self._by_number(book, rows, found)
            self._by_old_number(book, rows, found)
            self._by_name(book, rows, found, keys.same_name_same_date)
            yield from self._pairs(book, rows, found)

    def wide(self, rows: Rows) -> Iterator[Pair]:
        """The name with another date, in the years around or with a mistyped year; the date with a misspelt name."""
        for book in self._books:
            found: dict[tuple[int, int], _Found] = {}
            self._by_name(book, rows, found, keys.same_name_near_date)
            self._by_guessed_name(book, rows, found)
            yield from self._pairs(book, rows, found)

    def _by_number(self, book: _Book, rows: Rows, found: dict[tuple[int, int], _Found]) -> None:
        wanted: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for row, evidence in rows.items():
            for number in keys.numbers_near(evidence):
                wanted[book.key.number(number)].append((row, number))
        for key, place, record in book.find(self._session, "number_key", wanted):
            for row, number in wanted[key]:
                found[row, place] = _Found(record, number)
                book.numbers[key] = f"{number:012}"

    def _by_old_number(self, book: _Book, rows: Rows, found: dict[tuple[int, int], _Found]) -> None:
        wanted: dict[int, list[int]] = defaultdict(list)
        for row, evidence in rows.items():
            if evidence.number.old:
                wanted[book.key.old(int(evidence.number.old))].append(row)
        for key, place, record in book.find(self._session, "old_key", wanted):
            for row in wanted[key]:
                found.setdefault((row, place), _Found(record))

    def _by_name(
        self,
        book: _Book,
        rows: Rows,
        found: dict[tuple[int, int], _Found],
        spans: Callable[[Evidence], list[tuple[int, int, int]]],
    ) -> None:
        wanted: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for row, evidence in rows.items():
            for name, low, high in spans(evidence) if evidence.born.year else ():
                for date in _dates_from(low, high):
                    wanted[book.key.name_date(name, date)].append((row, date))
        for key, place, record in book.find(self._session, "name_date_key", wanted):
            for row, date in wanted[key]:
                known = found.get((row, place))
                if known is None or known.number is None:
                    found[row, place] = _Found(record, born=Figures.from_int(date))

    def _by_guessed_name(self, book: _Book, rows: Rows, found: dict[tuple[int, int], _Found]) -> None:
        wanted: dict[int, list[tuple[int, NameLevel]]] = defaultdict(list)
        for row, evidence in rows.items():
            if evidence.born.is_full and evidence.name.plain:
                for words, level in guessed_names(evidence.name.plain[0]):
                    wanted[book.key.name_date(bare_name_key(words), evidence.born.as_int)].append((row, level))
        for key, place, record in book.find(self._session, "name_date_key", wanted):
            for row, level in wanted[key]:
                found.setdefault((row, place), _Found(record, born=rows[row].born, name=level))

    def _pairs(self, book: _Book, rows: Rows, found: Mapping[tuple[int, int], _Found]) -> Iterator[Pair]:
        for (row, _), one in found.items():
            evidence = rows[row]
            if one.number is None:
                levels, born = _levels_by_name(book.key, evidence, one)
                pid = self._pid(book, one.record)
                if pid.startswith(_NAMELESS) and levels.place is not PlaceLevel.DIFFERS:
                    # Neither the number nor a face to it is known: whoever shares name and birthday with somebody
                    # outside the extract would be taken for them, and nobody could see it. An officer has to ask.
                    levels = levels._replace(place=PlaceLevel.PROVINCE)
            else:
                levels, born = _levels_by_number(book.key, evidence, one.record, one.number)
                pid = f"{one.number:012}"
            yield Pair(row, Record(pid, (), born, 0, "", Place()), levels, name_count=0)

    def _pid(self, book: _Book, record: HashedFields) -> str:
        """The number of a record that was found without it, where another row of the roster has it; else a name."""
        if self._roster_numbers is not None:
            numbers, self._roster_numbers = list(self._roster_numbers()), None
            for each in self._books:
                each.numbers |= {each.key.number(int(number)): number for number in numbers}
        return book.numbers.get(record.number_key) or f"{_NAMELESS}{record.number_key:016x}"


def _agrees(key: HandoverKey, evidence: Evidence, record: HashedFields) -> bool:
    """Whether a whole row has the same name, date and sex as the record of its number."""
    number = int(evidence.number.number)
    return (
        record.bound_name_key == key.bound("name", number, " ".join(evidence.name.plain[0]))
        and record.bound_date_key == key.bound("date", number, evidence.born.as_int)
        and record.bound_sex_key == key.bound("sex", number, evidence.sex)
    )


def _levels_by_number(
    key: HandoverKey, evidence: Evidence, record: HashedFields, number: int
) -> tuple[Levels, Figures]:
    """How a row agrees with a record of which the number is known; with the record's date where it was guessed."""
    date, born = _bound_date(key, number, evidence.born, record)
    is_own = evidence.number.number == f"{number:012}"
    name = _bound_name(key, number, evidence.name, record)
    if name is NameLevel.NONE and date >= DateLevel.ONE_PART:
        # Strangers with a number nearby are many, and few of them are born on the day: only those are worth guessing.
        name = _guessed_name(key, number, evidence.name, record)
    return (
        Levels(
            name,
            date,
            NumberLevel.EQUAL if is_own else NumberLevel.NEAR,
            _bound_sex(key, number, evidence.sex, record),
            PlaceLevel.UNKNOWN,
        ),
        born,
    )


def _bound_name(key: HandoverKey, number: int, name: RosterName, record: HashedFields) -> NameLevel:
    def is_one_of(readings: Iterable[Sequence[str]]) -> bool:
        return any(record.bound_name_key == key.bound("name", number, " ".join(words)) for words in readings)

    if not name.plain or is_one_of([()]):
        return NameLevel.MISSING
    if is_one_of(name.plain):
        return NameLevel.SAME
    if is_one_of(name.loose):
        return NameLevel.SPELLING
    folded = {name_key(words) for words in name.readings}
    if any(record.bound_folded_name_key == key.bound("folded name", number, one) for one in folded):
        return NameLevel.MARKS
    return NameLevel.NONE


def _guessed_name(key: HandoverKey, number: int, name: RosterName, record: HashedFields) -> NameLevel:
    for words in name.plain:
        for guess, level in guessed_names(words):
            if record.bound_folded_name_key == key.bound("folded name", number, bare_name_key(guess)):
                return level
    return NameLevel.NONE


def _bound_date(key: HandoverKey, number: int, born: Figures, record: HashedFields) -> tuple[DateLevel, Figures]:
    if not born.year or record.bound_year_key == key.bound("year", number, 0):
        return DateLevel.MISSING, Figures()
    if record.bound_date_key == key.bound("date", number, born.as_int):
        return DateLevel.EQUAL, born
    if record.bound_year_key == key.bound("year", number, born.year):
        guesses: Iterable[int] = _dates_from(born.year * 10_000, born.year * 10_000 + 9_999)
    elif born.is_full:
        guesses = (Figures(year, born.month, born.day).as_int for year in range(_FIRST_YEAR, _LAST_YEAR))
    else:
        return DateLevel.OTHER, Figures()
    for guess in guesses:
        if record.bound_date_key == key.bound("date", number, guess):
            theirs = Figures.from_int(guess)
            return date_level(born, theirs), theirs
    return DateLevel.OTHER, Figures()


def _bound_sex(key: HandoverKey, number: int, sex: int, record: HashedFields) -> SexLevel:
    theirs = next((one for one in (1, 2) if record.bound_sex_key == key.bound("sex", number, one)), 0)
    return sex_level(sex, theirs)


def _levels_by_name(key: HandoverKey, evidence: Evidence, found: _Found) -> tuple[Levels, Figures]:
    """How a row agrees with a record of which the number stays unknown."""
    record, born = found.record, found.born
    if born is None:
        # Found by the old number: by name and date it may be found as well.
        joint = (
            day
            for day in (evidence.born, *keys.dates(evidence))
            if day.year
            and any(record.name_date_key == key.name_date(name, day.as_int) for name in keys.names(evidence))
        )
        born = next(joint, None)
    number = _number_without(key, evidence.number, record)
    if born is None:
        return Levels(NameLevel.MISSING, DateLevel.MISSING, number, SexLevel.UNKNOWN, PlaceLevel.UNKNOWN), Figures()
    if found.name is not NameLevel.MARKS:
        levels = Levels(found.name, date_level(evidence.born, born), number, SexLevel.UNKNOWN, PlaceLevel.UNKNOWN)
        return levels, born
    name, sex = _person(key, evidence, record, born)
    place = _place(key, evidence.place, record) if name >= NameLevel.SPELLING else PlaceLevel.UNKNOWN
    return Levels(name, date_level(evidence.born, born), number, sex, place), born


def _place(key: HandoverKey, ours: Place, record: HashedFields) -> PlaceLevel:
    units = {ours.district, ours.commune} - {0}
    if not units or record.place_key == key.place(record.person_key, 0):
        return PlaceLevel.UNKNOWN
    is_same = any(record.place_key == key.place(record.person_key, unit) for unit in units)
    return PlaceLevel.COMMUNE if is_same else PlaceLevel.DIFFERS


def _person(key: HandoverKey, evidence: Evidence, record: HashedFields, born: Figures) -> tuple[NameLevel, SexLevel]:
    """Whether the exact name is the same, and with it the sex; marks that differ hide the sex and the place as well."""
    readings = [(words, NameLevel.SAME) for words in evidence.name.plain]
    readings += [(words, NameLevel.SPELLING) for words in evidence.name.loose]
    for words, level in readings:
        for sex in (1, 2):
            if record.person_key == key.person(" ".join(words), born.as_int, sex):
                return level, sex_level(evidence.sex, sex)
    return NameLevel.MARKS, SexLevel.UNKNOWN


def _number_without(key: HandoverKey, written: RosterNumber, record: HashedFields) -> NumberLevel:
    if written.old and record.old_key == key.old(int(written.old)):
        return NumberLevel.OLD
    is_another = written.written or (written.old and record.old_key)
    return NumberLevel.DIFFERENT if is_another else NumberLevel.MISSING


def _dates_from(low: int, high: int) -> Iterator[int]:
    """Every date of a span of whole years, less exact ones too; or the one date that it is."""
    if low == high:
        yield low
        return
    for year in range(low // 10_000, high // 10_000 + 1):
        yield year * 10_000
        yield from (year * 10_000 + month * 100 + day for month in range(1, 13) for day in range(32))


def _roster_numbers(session: Session, campaign_ids: Iterable[int]) -> Iterator[str]:
    """The numbers of a campaign's members: somebody listed twice is found by number once and by name the other time."""
    numbers = session.scalars(
        sa.select(Member.citizen_id)
        .join(Case, Case.member_id == Member.id)
        .where(Case.campaign_id.in_(campaign_ids), Case.is_counted, Member.citizen_id.is_not(None))
    )
    return (number for number in numbers if number and len(number) == 12 and number.isdecimal())


class _Assumed(Frequencies):
    """How common names and dates are where nothing can be counted: always as common as the commonest."""

    def of_name(self, count: int) -> float:
        """The share of strangers with a name, whichever."""
        return _NAME_SHARE

    def of_date(self, born: Figures) -> float:
        """The share of strangers born on a day; many records say 1 January, or the year alone."""
        return _DATE_SHARE if born.is_full and (born.month, born.day) != (1, 1) else _HEAP_SHARE

    def of_year(self, year: int) -> float:
        """The share of strangers born in a year."""
        return _YEAR_SHARE
