"""A whole run: load, join exactly, search for the rest in batches, find duplicates, and hand the decisions out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType

from cardqueue.lib.citizen_id import read_citizen_id
from cardqueue.lib.legacy_fonts import Encoding
from cardqueue.verification.engine.blocking import OpenRow, RegistryLine, Workspace
from cardqueue.verification.engine.dates import read_birth, read_record_birth
from cardqueue.verification.engine.duplicates import Decided, groups, mark_same_person, mark_same_record
from cardqueue.verification.engine.evidence import understand
from cardqueue.verification.engine.files import REGISTRY, REGISTRY_ALSO, read_cells, read_roster
from cardqueue.verification.engine.matching import Matcher, Row
from cardqueue.verification.engine.names import legacy_encoding, name_words, record_keys, restored
from cardqueue.verification.engine.numbers import read_number
from cardqueue.verification.engine.places import card_key, read_place, read_sex, same_cell
from cardqueue.verification.engine.posterior import ASSUMED, Parameters
from cardqueue.verification.engine.shapes import Decision, Field, Figures, Place, Record, RosterRow, Status
from cardqueue.verification.engine.tables import MOST_FAULTS, BadFile, Fault, Table, shown

#: Rows searched for at once: enough for a set-based join, few enough to keep memory flat.
BATCH = 1_000


class Matching:
    """One roster against one registry. Use as a context: the temporary database ends with it."""

    def __init__(self, parameters: Parameters = ASSUMED) -> None:
        self._workspace = Workspace()
        self._connection = self._workspace.connection
        self._matcher = Matcher(self._workspace, parameters)
        self._encodings: tuple[Encoding, ...] = ()

    def __enter__(self) -> Matching:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._workspace.end()

    def load(self, roster: Path, registry: Path, cells: Path | None = None) -> None:
        """Read the files into the temporary database.

        Raises: BadFile.
        """
        self._load_cells(cells)
        self._load_roster(read_roster(roster))
        self._refuse_repeated_ids(roster.name)
        self._workspace.load_registry(read_registry(registry))

    def run(self) -> Counter[Status]:
        """Decide about every row; how many of each status."""
        self._settle_exact()
        for batch in self._workspace.open_rows(BATCH):
            self._decide(batch)
        self._find_duplicates()
        counted = self._connection.execute("SELECT status, count(*) FROM decision GROUP BY status")
        return Counter({Status(status): count for status, count in counted})

    def decisions(self) -> Iterator[tuple[str, Decision]]:
        """Every row's id with its decision, in the order of the roster."""
        rows = self._connection.execute(
            "SELECT o.row_id, d.status, d.pid, d.fields, d.candidates, d.score, d.has_number"
            " FROM roster o JOIN decision d ON d.row = o.row ORDER BY o.row"
        )
        for row_id, *stored in rows:
            yield row_id, _decision(*stored)

    def _load_cells(self, path: Path | None) -> None:
        if path is None:
            return
        for card, cell in read_cells(path):
            self._connection.execute(
                # Two cells for one card: the old list does not know, so it is not asked.
                "INSERT INTO cells VALUES (?, ?)"
                " ON CONFLICT (card) DO UPDATE SET cell = CASE WHEN cell = excluded.cell THEN cell END",
                (card_key(card), cell.strip()),
            )

    def _load_roster(self, rows: Iterable[tuple[int, RosterRow]]) -> None:
        encodings: Counter[Encoding] = Counter()

        def stored() -> Iterator[tuple[object, ...]]:
            for row, typed in rows:
                name = restored(typed.name)
                encodings.update(filter(None, [legacy_encoding(name)]))
                number = read_number(typed.number)
                card = card_key(typed.card)
                yield (
                    row,
                    *typed,
                    int(number.number) if number.number and number.is_as_written else None,
                    " ".join(name_words(name)),
                    read_birth(typed.birth.strip()).as_int,
                    read_sex(typed.sex),
                    card,
                    self._cell_differs(card, typed.cell),
                )

        self._connection.executemany(f"INSERT INTO roster VALUES ({', '.join('?' * 15)})", stored())  # noqa: S608
        self._encodings = tuple(sorted(encodings))

    def _refuse_repeated_ids(self, file: str) -> None:
        repeated = self._connection.execute(
            "SELECT o.row, o.row_id, t.first FROM roster o JOIN"
            " (SELECT row_id, min(row) AS first FROM roster GROUP BY row_id HAVING count(*) > 1) t"
            " ON t.row_id = o.row_id WHERE o.row > t.first ORDER BY o.row LIMIT ?",
            (MOST_FAULTS,),
        ).fetchall()
        if repeated:
            raise BadFile(
                [
                    Fault(file, f"{shown(row_id)} stands on line {first} already", row, "row_id")
                    for row, row_id, first in repeated
                ]
            )

    def _cell_differs(self, card: str, cell: str) -> bool:
        if not card or not cell.strip():
            return False
        found = self._connection.execute("SELECT cell FROM cells WHERE card = ?", (card,)).fetchone()
        return bool(found and found[0]) and not same_cell(cell, found[0])

    def _settle_exact(self) -> None:
        differing = {row for (row,) in self._connection.execute("SELECT row FROM roster WHERE cell_differs").fetchall()}
        settled = []
        for row, number, born, records in self._workspace.exact_matches():
            if records > 1:
                # The registry has the number twice: the rule for rivals looks at both.
                continue
            record = Record(f"{number:012}", (), Figures.from_int(born), 0, "", Place())
            settled.append((row, self._matcher.settled(record, cell_differs=row in differing).decision))
            if len(settled) >= BATCH * 10:
                self._save(settled)
                settled.clear()
        self._save(settled)

    def _decide(self, batch: Sequence[OpenRow]) -> None:
        rows = {one.row: Row(understand(one.typed, self._encodings), one.cell_differs) for one in batch}
        self._save((row, outcome.decision) for row, outcome in self._matcher.decide(rows).items())

    def _find_duplicates(self) -> None:
        same_record = "pid IN (SELECT pid FROM decision WHERE pid <> '' GROUP BY pid HAVING count(*) > 1)"
        for rows in groups(self._decided("d.pid", same_record)):
            self._save(mark_same_record(rows))
        undecided = f"'{Status.AMBIGUOUS}', '{Status.NOT_FOUND}'"
        for column in ("o.number", "o.card"):
            shared = (
                f"{column} IN (SELECT {column} FROM roster o JOIN decision d ON d.row = o.row"  # noqa: S608
                f" WHERE d.status IN ({undecided}) AND {column} <> '')"
            )
            for rows in groups(self._decided(column, shared)):
                self._save(mark_same_person(rows))

    def _decided(self, key: str, condition: str) -> Iterator[tuple[str, Decided]]:
        rows = self._connection.execute(
            f"SELECT {key}, o.row, o.words, o.born, o.sex, o.number, o.card,"  # noqa: S608 - our own columns
            " d.status, d.pid, d.fields, d.candidates, d.score, d.has_number"
            f" FROM roster o JOIN decision d ON d.row = o.row WHERE {condition} ORDER BY 1, o.row"
        ).fetchall()
        for value, row, words, born, sex, number, card, *stored in rows:
            yield (
                str(value),
                Decided(
                    row,
                    _decision(*stored),
                    tuple(words.split()),
                    Figures.from_int(born),
                    sex,
                    "" if number is None else f"{number:012}",
                    card,
                ),
            )

    def _save(self, decisions: Iterable[tuple[int, Decision]]) -> None:
        self._connection.executemany(
            "INSERT OR REPLACE INTO decision VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (row, one.status, one.pid, ";".join(one.fields), ";".join(one.candidates), one.score, one.has_number)
                for row, one in decisions
            ),
        )


def read_registry(path: Path) -> Iterator[RegistryLine]:
    """The records of a registry, ready for joining.

    Raises: BadFile, also for a number that is none and a date that nobody can read.
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
        words, key, given_key = record_keys(name)
        yield (
            int(number),
            _old_number(old) if old else None,
            words,
            key,
            given_key,
            born.as_int,
            read_sex(sex),
            *read_place(origin),
        )


def _old_number(text: str) -> int | None:
    if not (len(text) == 9 and text.isdecimal() and text.isascii()):
        text = read_citizen_id(text).old_number or ""
    return int(text) if text else None


def _decision(status: str, pid: str, fields: str, candidates: str, score: float, has_number: int) -> Decision:
    return Decision(
        Status(status),
        pid,
        tuple(map(Field, filter(None, fields.split(";")))),
        tuple(filter(None, candidates.split(";"))),
        score,
        bool(has_number),
    )
