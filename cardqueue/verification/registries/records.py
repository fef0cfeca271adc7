"""The open extract as a registry: encrypted records, found by blind keys in set-based joins.

The keys of a batch of rows meet the indexes in one statement; only records that some key leads to are decrypted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from cardqueue.core.keyring import current_keyring
from cardqueue.verification.engine import keys
from cardqueue.verification.engine.evidence import Evidence
from cardqueue.verification.engine.glancing import Sought
from cardqueue.verification.engine.levels import NameLevel, compare
from cardqueue.verification.engine.names import name_words
from cardqueue.verification.engine.numbers import prefix_range
from cardqueue.verification.engine.places import read_place
from cardqueue.verification.engine.posterior import Frequencies
from cardqueue.verification.engine.registry import Pair, Rows
from cardqueue.verification.engine.shapes import Figures, Place, Record
from cardqueue.verification.models import PopulationExtract
from cardqueue.verification.registries.joining import AT_ONCE, KeyTable, select
from cardqueue.verification.registries.keys import (
    given_key,
    identity_key,
    name_key,
    number_key,
    old_key,
    prefix_key,
    record_parts,
)

_OPENED: Final = 20_000
_REMEMBERED: Final = 100_000
_FREQUENCIES_KEPT: Final = 8

# CROSS JOIN keeps SQLite from turning a join round: the few keys always lead into the index of the records.
_SETTLED = """
SELECT k.line, r.content_key, r.identity_key = k.identity_key FROM {keys} CROSS JOIN population_record r
WHERE {in_extracts} AND r.number_key = k.number_key
"""
_FOUND = "SELECT k.line, r.id FROM {keys} CROSS JOIN population_record r WHERE {in_extracts} AND {agree}"
_PAIRS = """
SELECT pair.line, r.id, r.name_key, r.born, r.sex, r.person FROM ({found}) AS pair CROSS JOIN population_record r
WHERE r.id = pair.id
"""
_NAMES = """
SELECT r.name_key, count(*) FROM {keys} CROSS JOIN population_record r
WHERE {in_extracts} AND r.name_key = k.name_key GROUP BY r.name_key
"""
_DATES = "SELECT r.born, count(*) FROM population_record r WHERE {in_extracts} GROUP BY r.born"

_counted: WeakKeyDictionary[Engine, dict[object, Frequencies]] = WeakKeyDictionary()


class RecordsRegistry:
    """The records of some extracts, of stations that serve the same people perhaps."""

    def __init__(self, session: Session, extracts: Sequence[PopulationExtract]) -> None:
        self._session = session
        self._in_extracts = f"r.extract_id IN ({', '.join(str(extract.id) for extract in extracts)})"
        self._mark = tuple((extract.id, extract.imported_at, extract.record_count) for extract in extracts)
        self._name_counts: dict[int, int] = {}
        self._opened: dict[int, Record] = {}

    @property
    def frequencies(self) -> Frequencies:
        """How often dates occur among the records; counted once for each set of extracts."""
        known = _counted.setdefault(self._session.get_bind().engine, {})
        if self._mark not in known:
            if len(known) >= _FREQUENCIES_KEPT:
                known.clear()
            known[self._mark] = self._count_dates()
        return known[self._mark]

    def settled(self, rows: Rows) -> Mapping[int, Record]:
        """The rows whose number is that of exactly one record, with the same name, date and sex.

        Records that say the same in two extracts are one.
        """
        table = KeyTable("settled", "line", "number_key", "identity_key")
        pids: dict[int, str] = {}
        for row, evidence in rows.items():
            if is_whole(evidence):
                pids[row], words = evidence.number.number, " ".join(evidence.name.plain[0])
                identity = identity_key(int(pids[row]), words, evidence.born.as_int, evidence.sex)
                table.rows.append((row, number_key(int(pids[row])), identity))
        contents: dict[int, set[int]] = {}
        agreeing: set[int] = set()
        for row, content, agrees in self._select(_SETTLED, table):
            contents.setdefault(row, set()).add(content)
            if agrees:
                agreeing.add(row)
        return {
            row: Record(pids[row], rows[row].name.plain[0], rows[row].born, rows[row].sex, "", Place())
            for row in sorted(agreeing)
            if len(contents[row]) == 1
        }

    def close(self, rows: Rows) -> Iterator[Pair]:
        """Records with a row's number or nearly, its old number, or its name and date."""
        by_number = KeyTable("by_number", "line", "number_key")
        by_old = KeyTable("by_old", "line", "old_key")
        by_name = KeyTable("by_name", "line", "name_key", "low", "high")
        by_given = KeyTable("by_given", "line", "born", "given_key")
        for row, evidence in rows.items():
            by_number.rows += ((row, number_key(number)) for number in keys.numbers_near(evidence))
            if evidence.number.old:
                by_old.rows.append((row, old_key(int(evidence.number.old))))
            by_name.rows += ((row, name_key(name), *span) for name, *span in keys.same_name_same_date(evidence))
            by_given.rows += ((row, born, given_key(given)) for born, given in keys.given_names(evidence))
        yield from self._pairs(rows, by_number, by_old, by_name, by_given)

    def wide(self, rows: Rows) -> Iterator[Pair]:
        """All who are born that day, the name with another date or with any where it is rare, the head of a number."""
        by_name = KeyTable("by_name", "line", "name_key", "low", "high")
        by_date = KeyTable("by_date", "line", "born")
        by_prefix = KeyTable("by_prefix", "line", "prefix_key")
        by_rare_name = KeyTable("by_rare_name", "line", "name_key")
        names = {row: [name_key(name) for name in keys.names(evidence)] for row, evidence in rows.items()}
        counts = self._count_names({name for found in names.values() for name in found})
        for row, evidence in rows.items():
            common = {name for name in keys.names(evidence) if counts[name_key(name)] > keys.COMMON}
            near = keys.same_name_near_date(evidence, common)
            by_name.rows += ((row, name_key(name), *span) for name, *span in near)
            by_date.rows += ((row, born.as_int) for born in keys.dates(evidence))
            if prefix_range(evidence.number):
                by_prefix.rows.append((row, prefix_key(evidence.number.loose)))
            by_rare_name.rows += ((row, name) for name in names[row] if 0 < counts[name] <= keys.RARE)
        yield from self._pairs(rows, by_name, by_date, by_prefix, by_rare_name)

    def _pairs(self, rows: Rows, *tables: KeyTable) -> Iterator[Pair]:
        filled = [table for table in tables if table.rows]
        if not filled:
            return
        found = " UNION ".join(map(self._found, filled))
        answer = select(self._session, _PAIRS.format(found=found), *filled)
        sought = {row: Sought(evidence) for row, evidence in rows.items()}
        dates = self.frequencies.dates
        for some in answer.partitions(AT_ONCE):
            compared = []
            for row, record_id, name, born, sex, person in some:
                record = self._open(record_id, born, sex, person)
                if sought[row].may_be(record, dates.get(born, 0)):
                    compared.append((row, record, compare(rows[row], record), name))
            # How common a name is only matters where the names agree.
            counts = self._count_names({name for *_, levels, name in compared if levels.name >= NameLevel.MARKS})
            for row, record, levels, name in compared:
                yield Pair(row, record, levels, counts[name] if levels.name >= NameLevel.MARKS else 0)

    def _found(self, table: KeyTable) -> str:
        agree = ["r.born BETWEEN k.low AND k.high" if "low" in table.columns else "true"]
        agree += [f"r.{name} = k.{name}" for name in table.columns if name not in ("line", "low", "high")]
        keys_source = table.source(self._session)
        return _FOUND.format(keys=keys_source, in_extracts=self._in_extracts, agree=" AND ".join(agree))

    def _select(self, statement: str, table: KeyTable) -> sa.Result[*tuple[Any, ...]]:
        filled = statement.format(keys=table.source(self._session), in_extracts=self._in_extracts)
        return select(self._session, filled, table)

    def _open(self, record_id: int, born: int, sex: int, person: bytes) -> Record:
        known = self._opened.get(record_id)
        if known is None:
            if len(self._opened) >= _OPENED:
                self._opened.clear()
            number, name, hometown, old = record_parts(current_keyring().decrypt(bytes(person)))
            known = Record(number, name_words(name), Figures.from_int(born), sex, old, read_place(hometown))
            self._opened[record_id] = known
        return known

    def _count_names(self, names: Collection[int]) -> Mapping[int, int]:
        """How many records have each name, by blind keys."""
        if len(self._name_counts) >= _REMEMBERED:
            self._name_counts.clear()
        table = KeyTable("names", "name_key")
        table.rows += ((name,) for name in names if name not in self._name_counts)
        if table.rows:
            self._name_counts |= {name: 0 for (name,) in table.rows}
            filled = _NAMES.format(keys=table.source(self._session), in_extracts=self._in_extracts)
            self._name_counts |= dict(map(tuple, select(self._session, filled, table)))
        return self._name_counts

    def _count_dates(self) -> Frequencies:
        dates: dict[int, int] = {}
        years: dict[int, int] = {}
        for born, count in self._session.execute(sa.text(_DATES.format(in_extracts=self._in_extracts))):
            dates[born] = count
            years[born // 10_000] = years.get(born // 10_000, 0) + count
        return Frequencies(sum(dates.values()), dates, years)


def is_whole(evidence: Evidence) -> bool:
    """Whether a row has number, name, date and sex, each in its column and written as it should be."""
    return bool(
        evidence.number.number
        and evidence.number.is_as_written
        and evidence.name.plain
        and evidence.born.as_int
        and evidence.sex
        and not evidence.moved
    )
