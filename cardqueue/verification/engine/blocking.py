"""The tables of a run: rosters and registries go in as streams, set-based joins find the records worth comparing.

The same SQL on SQLite and on PostgreSQL. Memory stays flat, whatever the size of the files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Final, NamedTuple, TypeAlias

from cardqueue.verification.engine import keys
from cardqueue.verification.engine.databases import Database
from cardqueue.verification.engine.evidence import Evidence
from cardqueue.verification.engine.glancing import FEW, Sought
from cardqueue.verification.engine.numbers import prefix_range
from cardqueue.verification.engine.posterior import Frequencies
from cardqueue.verification.engine.registry import Pair, Rows, compared
from cardqueue.verification.engine.shapes import Figures, Place, Record, RosterRow

_TABLES = """
CREATE {temporary} TABLE registry (
    number BIGINT NOT NULL, old BIGINT, words TEXT NOT NULL, name BIGINT NOT NULL, given BIGINT NOT NULL,
    family BIGINT NOT NULL, born INTEGER NOT NULL, sex INTEGER NOT NULL, province BIGINT NOT NULL,
    district BIGINT NOT NULL, commune BIGINT NOT NULL
);
-- A row is known by the line of the file on which it begins.
CREATE {temporary} TABLE roster (
    row INTEGER PRIMARY KEY, row_id TEXT NOT NULL, ho_ten TEXT NOT NULL, ngay_sinh TEXT NOT NULL,
    gioi_tinh TEXT NOT NULL, so_dinh_danh TEXT NOT NULL, que_quan TEXT NOT NULL, so_the_dang TEXT NOT NULL,
    chi_bo TEXT NOT NULL,
    number BIGINT, words TEXT NOT NULL, born INTEGER NOT NULL, sex INTEGER NOT NULL, card TEXT NOT NULL
);
CREATE {temporary} TABLE decision (
    row INTEGER PRIMARY KEY, status TEXT NOT NULL, pid TEXT NOT NULL, fields TEXT NOT NULL, candidates TEXT NOT NULL,
    score DOUBLE PRECISION NOT NULL, has_number INTEGER NOT NULL
);
CREATE {temporary} TABLE cells (card TEXT NOT NULL, cell TEXT NOT NULL);
CREATE {temporary} TABLE moved (row INTEGER PRIMARY KEY);
CREATE {temporary} TABLE by_number (row INTEGER, number BIGINT);
CREATE {temporary} TABLE by_range (row INTEGER, low BIGINT, high BIGINT);
CREATE {temporary} TABLE by_old (row INTEGER, old BIGINT);
CREATE {temporary} TABLE by_name (row INTEGER, name BIGINT, low INTEGER, high INTEGER);
CREATE {temporary} TABLE by_given (row INTEGER, born INTEGER, given BIGINT);
CREATE {temporary} TABLE by_date (row INTEGER, born INTEGER, family BIGINT);
CREATE {temporary} TABLE by_rare_name (row INTEGER, name BIGINT);
CREATE {temporary} TABLE asked (name BIGINT)
"""
_INDEXES = (
    "CREATE INDEX registry_number ON registry (number)",
    "CREATE INDEX registry_name ON registry (name, born)",
    "CREATE INDEX registry_born ON registry (born, given, family)",
    "CREATE INDEX registry_old ON registry (old) WHERE old IS NOT NULL",
    # How many have a name that more than one has.
    "CREATE {temporary} TABLE named AS SELECT name, count(*) AS people FROM registry GROUP BY name HAVING count(*) > 1",
    "CREATE INDEX named_name ON named (name)",
)

_CLOSE = """
SELECT k.row, r.{rowid} AS record FROM by_number k JOIN registry r ON r.number = k.number
UNION SELECT k.row, r.{rowid} FROM by_old k JOIN registry r ON r.old = k.old
UNION SELECT k.row, r.{rowid} FROM by_name k JOIN registry r ON r.name = k.name AND r.born BETWEEN k.low AND k.high
UNION SELECT k.row, r.{rowid} FROM by_given k JOIN registry r ON r.born = k.born AND r.given = k.given
"""
_WIDE = """
SELECT k.row, r.{rowid} AS record FROM by_date k JOIN registry r ON r.born = k.born AND k.family IN (r.family, 0)
UNION SELECT k.row, r.{rowid} FROM by_name k JOIN registry r ON r.name = k.name AND r.born BETWEEN k.low AND k.high
UNION SELECT k.row, r.{rowid} FROM by_range k JOIN registry r ON r.number BETWEEN k.low AND k.high
UNION SELECT k.row, r.{rowid} FROM by_rare_name k JOIN registry r ON r.name = k.name
"""
_PAIRS = (
    "SELECT pair.row, r.number, r.old, r.words, r.born, r.sex, r.province, r.district, r.commune,"
    " coalesce(n.people, 1) FROM ({pairs}) AS pair JOIN registry r ON r.{{rowid}} = pair.record"
    " LEFT JOIN named n ON n.name = r.name ORDER BY pair.row, r.number, r.{{rowid}}"
)
# The plus keeps the date from being taken for the way in.
_EXACT = """
SELECT o.row, r.number, r.born, (SELECT count(*) FROM registry x WHERE x.number = r.number)
FROM roster o JOIN registry r ON r.number = o.number
WHERE r.words = o.words AND +r.born = o.born AND r.sex = o.sex AND o.sex > 0 AND o.born > 0 AND o.words <> ''
"""
_OPEN = """
SELECT o.row, row_id, ho_ten, ngay_sinh, gioi_tinh, so_dinh_danh, que_quan, so_the_dang, chi_bo, m.row
FROM roster o LEFT JOIN moved m ON m.row = o.row
WHERE NOT EXISTS (SELECT 1 FROM decision d WHERE d.row = o.row) AND o.row > ? ORDER BY o.row LIMIT ?
"""
_BORN: Final = 6

#: A population record as it is kept for joining: the columns of the table `registry`, numbers as integers.
RegistryLine: TypeAlias = tuple[int, int | None, str, int, int, int, int, int, int, int, int]


class OpenRow(NamedTuple):
    """A row that the exact join did not settle."""

    row: int
    typed: RosterRow
    cell_differs: bool


class Workspace:
    """The tables of one run; a `Registry` once the records are loaded."""

    def __init__(self, database: Database) -> None:
        self.database = database
        for statement in _TABLES.split(";"):
            database.run(statement)
        self._frequencies = Frequencies(0, {}, {})

    @property
    def frequencies(self) -> Frequencies:
        """How often dates occur among the records."""
        return self._frequencies

    def load_registry(self, lines: Iterable[RegistryLine]) -> None:
        """Store a registry and index it, counting dates on the way."""
        dates: Counter[int] = Counter()

        def counted() -> Iterator[RegistryLine]:
            for line in lines:
                dates[line[_BORN]] += 1
                yield line

        self.database.load("registry", counted())
        for statement in _INDEXES:
            self.database.run(statement)
        self.database.count_through("registry", "named")
        years: Counter[int] = Counter()
        for born, count in dates.items():
            years[born // 10_000] += count
        self._frequencies = Frequencies(dates.total(), dates, years)

    def exact_matches(self) -> Iterator[tuple[int, ...]]:
        """Rows whose number, name, date and sex are those of one record: row, number, date, records of that number."""
        return self.database.stream(_EXACT, led_by_first=True)

    def open_rows(self, batch: int) -> Iterator[list[OpenRow]]:
        """Rows without a decision, in batches; each batch has to be decided before the next is asked for."""
        last = 0
        while rows := self.database.run(_OPEN, (last, batch)):
            last = rows[-1][0]
            yield [OpenRow(row[0], RosterRow(*row[1:9]), row[9] is not None) for row in rows]

    def settled(self, rows: Rows) -> Mapping[int, Record]:
        """Nobody: what `exact_matches` settles for the whole roster at once is not asked about again."""
        return {}

    def close(self, rows: Rows) -> Iterator[Pair]:
        """Records with the number or nearly, the old number, or a name and the date; ordered by row and number."""
        self._fill("by_number", rows, lambda one: [(number,) for number in sorted(keys.numbers_near(one))])
        self._fill("by_old", rows, lambda one: [(int(one.number.old),)] if one.number.old else [])
        self._fill("by_name", rows, keys.same_name_same_date)
        self._fill("by_given", rows, keys.given_names)
        return self._pairs(_CLOSE, rows)

    def wide(self, rows: Rows) -> Iterator[Pair]:
        """For rows that fit nobody yet: those who are born that day, the name with another date, half a number."""
        people = self._people({name for one in rows.values() for name in keys.names(one)})
        common = {name for name, count in people.items() if count > keys.COMMON}
        self._fill("by_name", rows, lambda one: keys.same_name_near_date(one, common))
        self._fill("by_date", rows, self._days)
        self._fill("by_range", rows, lambda one: [ends] if (ends := prefix_range(one.number)) else [])
        self._fill(
            "by_rare_name",
            rows,
            lambda one: [(name,) for name in keys.names(one) if people.get(name, 1) <= keys.RARE],
        )
        return self._pairs(_WIDE, rows)

    def _days(self, evidence: Evidence) -> list[tuple[int, int]]:
        """Birth dates, each with the family names to look for; where few are born on one day, with any."""
        families = sorted(keys.families(evidence))
        days = [born.as_int for born in keys.dates(evidence)]
        return [
            (day, family)
            for day in days
            for family in ([0] if self._frequencies.dates.get(day, 0) <= FEW or not families else families)
        ]

    def _people(self, names: Iterable[int]) -> dict[int, int]:
        """How many have each of the names that more than one has."""
        self.database.run("DELETE FROM asked")
        self.database.load("asked", ((name,) for name in sorted(names)))
        found = self.database.stream(
            "SELECT n.name, n.people FROM asked a JOIN named n ON n.name = a.name", led_by_first=True
        )
        return dict(found)

    def _fill(self, table: str, rows: Rows, keys_of: Callable[[Evidence], Iterable[tuple[int, ...]]]) -> None:
        self.database.run(f"DELETE FROM {table}")  # noqa: S608 - our own names
        self.database.load(table, ((row, *key) for row, evidence in rows.items() for key in keys_of(evidence)))

    def _pairs(self, pairs: str, rows: Rows) -> Iterator[Pair]:
        sought = {row: Sought(evidence) for row, evidence in rows.items()}
        found = self.database.stream(_PAIRS.format(pairs=pairs), led_by_first=True)
        for row, number, old, words, born, sex, province, district, commune, people in found:
            record = Record(
                f"{number:012}",
                tuple(words.split()),
                Figures.from_int(born),
                sex,
                f"{old:09}" if old is not None else "",
                Place(province, district, commune),
            )
            if sought[row].may_be(record, self._frequencies.dates.get(born, 0)):
                yield compared(row, rows[row], record, partial(int, people))
