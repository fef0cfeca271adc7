"""A whole run: load, join exactly, search for the rest in batches, find duplicates, and hand the decisions out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from cardqueue.lib.citizen_id import read_citizen_id
from cardqueue.lib.legacy_fonts import Encoding, repair_utf8
from cardqueue.verification.engine.blocking import OpenRow, RegistryLine, Workspace
from cardqueue.verification.engine.databases import open_database
from cardqueue.verification.engine.dates import read_birth, read_record_birth
from cardqueue.verification.engine.duplicates import Decided, groups, mark_same_person, mark_same_record
from cardqueue.verification.engine.evidence import understand
from cardqueue.verification.engine.files import REGISTRY, REGISTRY_ALSO, read_cells, read_roster
from cardqueue.verification.engine.matching import Matcher, Row
from cardqueue.verification.engine.names import legacy_encoding, name_words, record_keys, restored, word_key
from cardqueue.verification.engine.numbers import read_number
from cardqueue.verification.engine.places import card_key, read_place, read_sex, same_cell
from cardqueue.verification.engine.posterior import ASSUMED, Parameters
from cardqueue.verification.engine.shapes import Decision, Field, Figures, Place, Record, RosterRow, Status
from cardqueue.verification.engine.tables import MOST_FAULTS, BadFile, Fault, Table, shown

#: Rows searched for at once: enough for a set-based join, few enough to keep memory flat.
BATCH = 1_000
# A registry opened in another code page is so from its first names on.
_LINES_LOOKED_AT = 1_000
# A number or a card that more rows share than this is a word for "none", and no mark of a person.
_CROWD = 50


class Matching:
    """One roster against one registry. Use as a context: the temporary database ends with it."""

    def __init__(self, parameters: Parameters = ASSUMED, database_url: str | None = None) -> None:
        """Open the database of the run. Raises: DatabaseFailed."""
        self._database = open_database(database_url)
        self._workspace = Workspace(self._database)
        self._matcher = Matcher(self._workspace, parameters)
        self._encodings: tuple[Encoding, ...] = ()

    def __enter__(self) -> Matching:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.end()

    def load(self, roster: Path, registry: Path, cells: Path | None = None) -> None:
        """Read the files into the tables of the run.

        Raises: BadFile, DatabaseFailed.
        """
        self._load_roster(read_roster(roster))
        self._refuse_repeated_ids(roster.name)
        if cells is not None:
            self._load_cells(cells)
        self._workspace.load_registry(read_registry(registry))

    def run(self) -> Counter[Status]:
        """Decide about every row; how many of each status. Raises: DatabaseFailed."""
        self._settle_exact()
        for batch in self._workspace.open_rows(BATCH):
            self._decide(batch)
        self._find_duplicates()
        counted = self._database.run("SELECT status, count(*) FROM decision GROUP BY status ORDER BY status")
        return Counter({Status(status): count for status, count in counted})

    def decisions(self) -> Iterator[tuple[str, Decision]]:
        """Every row's id with its decision, in the order of the roster."""
        rows = self._database.stream(
            "SELECT o.row_id, d.status, d.pid, d.fields, d.candidates, d.score, d.has_number"
            " FROM roster o JOIN decision d ON d.row = o.row ORDER BY o.row"
        )
        for row_id, *stored in rows:
            yield row_id, _decision(*stored)

    def _load_roster(self, rows: Iterable[tuple[int, RosterRow]]) -> None:
        encodings: Counter[Encoding] = Counter()

        def stored() -> Iterator[tuple[object, ...]]:
            for row, typed in rows:
                name = restored(typed.name)
                encodings.update(filter(None, [legacy_encoding(name)]))
                number = read_number(typed.number)
                yield (
                    row,
                    *typed,
                    int(number.number) if number.number and number.is_as_written else None,
                    " ".join(name_words(name)),
                    read_birth(typed.birth.strip()).as_int,
                    read_sex(typed.sex),
                    card_key(typed.card),
                )

        self._database.load("roster", stored())
        self._encodings = tuple(sorted(encodings))
        self._database.run("CREATE INDEX roster_number ON roster (number)")
        self._database.run("CREATE INDEX roster_card ON roster (card)")
        self._database.count_through("roster")

    def _refuse_repeated_ids(self, file: str) -> None:
        repeated = self._database.run(
            "SELECT o.row, o.row_id, t.first_row FROM roster o JOIN"
            " (SELECT row_id, min(row) AS first_row FROM roster GROUP BY row_id HAVING count(*) > 1) t"
            " ON t.row_id = o.row_id WHERE o.row > t.first_row ORDER BY o.row LIMIT ?",
            (MOST_FAULTS,),
        )
        if repeated:
            raise BadFile(
                [
                    Fault(file, f"{shown(row_id)} stands on line {first} already", row, "row_id")
                    for row, row_id, first in repeated
                ]
            )

    def _load_cells(self, path: Path) -> None:
        self._database.load("cells", ((card_key(card), cell.strip()) for card, cell in read_cells(path)))
        # Two cells for one card: the old list does not know, so it is not asked.
        both = self._database.stream(
            "SELECT o.row, o.chi_bo, c.cell FROM (SELECT card, min(cell) AS cell FROM cells WHERE card <> ''"
            " GROUP BY card HAVING min(cell) = max(cell)) c JOIN roster o ON o.card = c.card WHERE c.cell <> ''"
        )
        moved = [(row,) for row, ours, theirs in both if ours.strip() and not same_cell(ours, theirs)]
        self._database.load("moved", moved)

    def _settle_exact(self) -> None:
        moved = {row for (row,) in self._database.stream("SELECT row FROM moved")}

        def settled() -> Iterator[tuple[int, Decision]]:
            for row, number, born, records in self._workspace.exact_matches():
                # The registry has the number twice: the rule for rivals looks at both.
                if records == 1:
                    record = Record(f"{number:012}", (), Figures.from_int(born), 0, "", Place())
                    yield row, self._matcher.settled(record, cell_differs=row in moved).decision

        self._save(settled())

    def _decide(self, batch: Sequence[OpenRow]) -> None:
        rows = {one.row: Row(understand(one.typed, self._encodings), one.cell_differs) for one in batch}
        self._save((row, outcome.decision) for row, outcome in self._matcher.decide(rows).items())

    def _find_duplicates(self) -> None:
        self._database.count_through("decision")
        self._mark(mark_same_record, "d.pid", "d.pid <> ''", "count(*) > 1")
        some_undecided = (
            f"count(*) BETWEEN 2 AND {_CROWD}"
            f" AND sum(CASE WHEN d.status IN ('{Status.AMBIGUOUS}', '{Status.NOT_FOUND}') THEN 1 ELSE 0 END) > 0"
        )
        self._mark(mark_same_person, "o.number", "o.number IS NOT NULL", some_undecided)
        self._mark(mark_same_person, "o.card", "o.card <> ''", some_undecided)

    def _mark(
        self,
        duplicates: Callable[[Sequence[Decided]], Iterable[tuple[int, Decision]]],
        key: str,
        is_known: str,
        is_wanted: str,
    ) -> None:
        """Mark duplicates among the rows with one key, in those groups that are wanted."""
        rows = self._database.stream(
            f"SELECT {key}, o.row, o.words, o.born, o.sex, o.number, o.card,"  # noqa: S608 - our own columns
            " d.status, d.pid, d.fields, d.candidates, d.score, d.has_number"
            f" FROM roster o JOIN decision d ON d.row = o.row JOIN (SELECT {key} AS shared FROM roster o"
            f" JOIN decision d ON d.row = o.row WHERE {is_known} GROUP BY {key} HAVING {is_wanted}) s"
            f" ON s.shared = {key} ORDER BY 1, o.row"
        )
        changed = [change for group in groups(map(_decided, rows)) for change in duplicates(group)]
        self._database.change(
            "UPDATE decision SET status = ?, pid = ?, fields = ?, candidates = ?, score = ?, has_number = ?"
            " WHERE row = ?",
            ((*_stored(decision), row) for row, decision in changed),
        )

    def _save(self, decisions: Iterable[tuple[int, Decision]]) -> None:
        self._database.load("decision", ((row, *_stored(decision)) for row, decision in decisions))


def read_registry(path: Path) -> Iterator[RegistryLine]:
    """The records of a registry, ready for joining.

    Raises: BadFile, also for a number that is none, a date that nobody can read and a file in another code page.
    """
    table = Table(path, REGISTRY, REGISTRY_ALSO)
    for given, name, birth, sex, origin, old in table:
        number = given
        if not (len(number) == 12 and number.isdecimal() and number.isascii()):
            number = read_citizen_id(given).number or ""
            if not number:
                table.note(f"expected 12 digits, found {sum(map(str.isdigit, given))}", "so_dinh_danh")
                continue
        born = read_record_birth(birth)
        if born is None:
            table.note(f"expected a date, YYYY-MM-DD or YYYY, found {shown(birth)}", "ngay_sinh")
            continue
        if table.line <= _LINES_LOOKED_AT and repair_utf8(name) != name:
            table.note("expected UTF-8 text, found UTF-8 that was opened in another code page", "ho_ten")
            continue
        words, key, given_key = record_keys(name)
        yield (
            int(number),
            _old_number(old) if old else None,
            words,
            key,
            given_key,
            word_key(words.partition(" ")[0]),
            born.as_int,
            read_sex(sex),
            *read_place(origin),
        )


def _old_number(text: str) -> int | None:
    if not (len(text) == 9 and text.isdecimal() and text.isascii()):
        text = read_citizen_id(text).old_number or ""
    return int(text) if text else None


def _stored(one: Decision) -> tuple[str, str, str, str, float, int]:
    """A decision as the columns of its table, the row aside."""
    return one.status, one.pid, ";".join(one.fields), ";".join(one.candidates), one.score, int(one.has_number)


def _decided(columns: tuple[Any, ...]) -> tuple[str, Decided]:
    key, row, words, born, sex, number, card, *stored = columns
    number = "" if number is None else f"{number:012}"
    decision = _decision(*stored)
    return str(key), Decided(row, decision, tuple(words.split()), Figures.from_int(born), sex, number, card)


def _decision(status: str, pid: str, fields: str, candidates: str, score: float, has_number: int) -> Decision:
    return Decision(
        Status(status),
        pid,
        tuple(map(Field, filter(None, fields.split(";")))),
        tuple(filter(None, candidates.split(";"))),
        score,
        bool(has_number),
    )
