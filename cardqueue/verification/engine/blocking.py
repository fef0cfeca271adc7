"""The temporary database: rosters and registries go in as streams, set-based joins find the records worth comparing.

SQLite opened without a name is a private file that is already deleted while it is used: nothing of a registry is left
behind, however the process ends. Memory stays flat, whatever the size of the files.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Final, NamedTuple, TypeAlias

from cardqueue.verification.engine import keys
from cardqueue.verification.engine.numbers import prefix_range
from cardqueue.verification.engine.posterior import Frequencies
from cardqueue.verification.engine.registry import Pair, Rows, compared
from cardqueue.verification.engine.shapes import Figures, Place, Record, RosterRow

_SETTINGS = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA cache_size = -200000;
PRAGMA temp_store = FILE;
"""
_TABLES = """
CREATE TABLE registry (
    number INTEGER NOT NULL, old INTEGER, words TEXT NOT NULL, name INTEGER NOT NULL, given INTEGER NOT NULL,
    born INTEGER NOT NULL, sex INTEGER NOT NULL, province INTEGER NOT NULL, district INTEGER NOT NULL,
    commune INTEGER NOT NULL
);
CREATE TABLE roster (
    row INTEGER PRIMARY KEY, row_id TEXT, ho_ten TEXT, ngay_sinh TEXT, gioi_tinh TEXT, so_dinh_danh TEXT, que_quan TEXT,
    so_the_dang TEXT, chi_bo TEXT,
    number INTEGER, words TEXT, born INTEGER, sex INTEGER, card TEXT, cell_differs INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE decision (
    row INTEGER PRIMARY KEY, status TEXT NOT NULL, pid TEXT NOT NULL, fields TEXT NOT NULL, candidates TEXT NOT NULL,
    score REAL NOT NULL, has_number INTEGER NOT NULL
);
CREATE TABLE cells (card TEXT PRIMARY KEY, cell TEXT) WITHOUT ROWID;
CREATE TEMP TABLE by_number (row INTEGER, number INTEGER);
CREATE TEMP TABLE by_range (row INTEGER, low INTEGER, high INTEGER);
CREATE TEMP TABLE by_old (row INTEGER, old INTEGER);
CREATE TEMP TABLE by_name (row INTEGER, name INTEGER, low INTEGER, high INTEGER);
CREATE TEMP TABLE by_given (row INTEGER, born INTEGER, given INTEGER);
CREATE TEMP TABLE by_date (row INTEGER, born INTEGER);
CREATE TEMP TABLE by_rare_name (row INTEGER, name INTEGER);
"""
_INDEXES = (
    "CREATE INDEX registry_number ON registry (number)",
    "CREATE INDEX registry_name ON registry (name, born)",
    "CREATE INDEX registry_born ON registry (born, given)",
    "CREATE INDEX registry_old ON registry (old) WHERE old IS NOT NULL",
    "CREATE INDEX roster_number ON roster (number)",
    "CREATE INDEX roster_card ON roster (card)",
)
_KEY_TABLES = ("by_number", "by_range", "by_old", "by_name", "by_given", "by_date", "by_rare_name")

# CROSS JOIN keeps SQLite from turning a join round: the few keys always lead into the registry's index.
_CLOSE = """
SELECT row, r.rowid AS record FROM by_number k CROSS JOIN registry r ON r.number = k.number
UNION SELECT row, r.rowid FROM by_old k CROSS JOIN registry r ON r.old = k.old
UNION SELECT row, r.rowid FROM by_name k CROSS JOIN registry r ON r.name = k.name AND r.born BETWEEN k.low AND k.high
UNION SELECT row, r.rowid FROM by_given k CROSS JOIN registry r ON r.born = k.born AND r.given = k.given
"""
_WIDE = """
SELECT row, r.rowid AS record FROM by_date k CROSS JOIN registry r ON r.born = k.born
UNION SELECT row, r.rowid FROM by_name k CROSS JOIN registry r ON r.name = k.name AND r.born BETWEEN k.low AND k.high
UNION SELECT row, r.rowid FROM by_range k CROSS JOIN registry r ON r.number BETWEEN k.low AND k.high
UNION SELECT row, r.rowid FROM by_rare_name k CROSS JOIN registry r ON r.name = k.name
"""
_PAIRS = """
SELECT pair.row, r.number, r.old, r.words, r.name, r.born, r.sex, r.province, r.district, r.commune
FROM ({keys}) AS pair CROSS JOIN registry r ON r.rowid = pair.record
ORDER BY pair.row, r.number, r.rowid
"""
_EXACT = """
SELECT o.row, r.number, r.born, (SELECT count(*) FROM registry x WHERE x.number = r.number)
FROM roster o CROSS JOIN registry r INDEXED BY registry_number ON r.number = o.number
WHERE r.words = o.words AND r.born = o.born AND r.sex = o.sex AND o.sex > 0 AND o.born > 0 AND o.words <> ''
ORDER BY o.number
"""
_OPEN = """
SELECT row, row_id, ho_ten, ngay_sinh, gioi_tinh, so_dinh_danh, que_quan, so_the_dang, chi_bo, cell_differs FROM roster
WHERE row NOT IN (SELECT row FROM decision) AND row > ? ORDER BY row LIMIT ?
"""
_BORN: Final = 5
_REMEMBERED = 100_000


#: A population record as it is kept for joining: the columns of the table `registry`, numbers as integers.
RegistryLine: TypeAlias = tuple[int, int | None, str, int, int, int, int, int, int, int]


class OpenRow(NamedTuple):
    """A row that the exact join did not settle."""

    row: int
    typed: RosterRow
    cell_differs: bool


class Workspace:
    """The temporary database of one run; a `Registry` once the records are loaded."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect("", isolation_level=None)
        self.connection.executescript(_SETTINGS + _TABLES)
        # One transaction that is never committed: every commit would walk through all pages in memory.
        self.connection.execute("BEGIN")
        self._name_counts: dict[int, int] = {}
        self._frequencies = Frequencies(0, {}, {})

    @property
    def frequencies(self) -> Frequencies:
        """How often dates occur among the records."""
        return self._frequencies

    def end(self) -> None:
        """Give the database up; its file is gone."""
        self.connection.close()

    def load_registry(self, lines: Iterable[RegistryLine]) -> None:
        """Store a registry and index it, counting dates on the way."""
        dates: Counter[int] = Counter()

        def counted() -> Iterator[RegistryLine]:
            for line in lines:
                dates[line[_BORN]] += 1
                yield line

        self.connection.executemany("INSERT INTO registry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", counted())
        for statement in _INDEXES:
            self.connection.execute(statement)
        years: Counter[int] = Counter()
        for born, count in dates.items():
            years[born // 10_000] += count
        self._frequencies = Frequencies(dates.total(), dates, years)

    def exact_matches(self) -> Iterator[tuple[int, int, int, int]]:
        """Rows whose number, name, date and sex are those of one record: row, number, date, records of that number."""
        yield from self.connection.execute(_EXACT)

    def open_rows(self, batch: int) -> Iterator[list[OpenRow]]:
        """Rows without a decision, in batches; each batch has to be decided before the next is asked for."""
        last = 0
        while rows := self.connection.execute(_OPEN, (last, batch)).fetchall():
            last = rows[-1][0]
            yield [OpenRow(row[0], RosterRow(*row[1:9]), bool(row[9])) for row in rows]

    def name_count(self, name: int) -> int:
        """How many records have a name, by its key."""
        if name not in self._name_counts:
            if len(self._name_counts) >= _REMEMBERED:
                self._name_counts.clear()
            (count,) = self.connection.execute("SELECT count(*) FROM registry WHERE name = ?", (name,)).fetchone()
            self._name_counts[name] = count
        return self._name_counts[name]

    def settled(self, rows: Rows) -> Mapping[int, Record]:
        """Nobody: what `exact_matches` settles for the whole roster at once is not asked about again."""
        return {}

    def close(self, rows: Rows) -> Iterator[Pair]:
        """Records with the number or nearly, the old number, or a name and the date; ordered by row and number."""
        self._clear()
        for row, evidence in rows.items():
            self._keep("by_number", row, ((number,) for number in keys.numbers_near(evidence)))
            self._keep("by_old", row, ((int(evidence.number.old),),) if evidence.number.old else ())
            self._keep("by_name", row, keys.same_name_same_date(evidence))
            self._keep("by_given", row, keys.given_names(evidence))
        yield from self._pairs(_CLOSE, rows)

    def wide(self, rows: Rows) -> Iterator[Pair]:
        """For rows that fit nobody yet: all who are born that day, the name with another date, half a number."""
        self._clear()
        for row, evidence in rows.items():
            self._keep("by_name", row, keys.same_name_near_date(evidence))
            self._keep("by_date", row, ((born.as_int,) for born in keys.dates(evidence)))
            ends = prefix_range(evidence.number)
            self._keep("by_range", row, (ends,) if ends else ())
            rare = ((name,) for name in keys.names(evidence) if 0 < self.name_count(name) <= keys.RARE)
            self._keep("by_rare_name", row, rare)
        yield from self._pairs(_WIDE, rows)

    def _clear(self) -> None:
        for table in _KEY_TABLES:
            self.connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names

    def _keep(self, table: str, row: int, found: Iterable[tuple[int, ...]]) -> None:
        rows = [(row, *key) for key in found]
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            self.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - our own names

    def _pairs(self, found: str, rows: Rows) -> Iterator[Pair]:
        for row, number, old, words, name, born, sex, *place in self.connection.execute(_PAIRS.format(keys=found)):
            record = Record(
                f"{number:012}",
                tuple(words.split()),
                Figures.from_int(born),
                sex,
                f"{old:09}" if old is not None else "",
                Place(*place),
            )
            yield compared(row, rows[row], record, partial(self.name_count, name))
