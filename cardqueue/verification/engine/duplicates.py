"""Two rows that are one person: the better row stays, the other points to the same person.

Rows that found the same record, or that carry one number or one card with the same name and date. A name and a date
alone never make a duplicate: in a city they belong to two people now and then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cardqueue.verification.engine.dates import DateLevel, date_level
from cardqueue.verification.engine.levels import NameLevel, words_level
from cardqueue.verification.engine.shapes import Decision, Field, Figures, Status

_PROBABLE = 0.5


@dataclass(frozen=True, slots=True)
class Decided:
    """A decided row with what tells whether another row is the same person.

    Shapes: `number` is 12 digits or empty, `sex` 0, 1 or 2.
    """

    row: int
    decision: Decision
    words: tuple[str, ...]
    born: Figures
    sex: int
    number: str
    card: str


def mark_same_record(rows: Sequence[Decided]) -> list[tuple[int, Decision]]:
    """New decisions for rows that were all tied to one record; the best of them keeps its own."""
    ranked = sorted(rows, key=_rank)
    best = ranked[0]
    return [(row.row, _as_duplicate(row, best)) for row in ranked[1:]]


def mark_same_person(rows: Sequence[Decided]) -> list[tuple[int, Decision]]:
    """New decisions for undecided rows among rows with one number or one card."""
    ranked = sorted(rows, key=_rank)
    changes: dict[int, Decision] = {}
    for at, row in enumerate(ranked):
        if row.decision.status not in (Status.AMBIGUOUS, Status.NOT_FOUND):
            continue
        for better in ranked[:at]:
            if better.row in changes or _points_elsewhere(better):
                continue
            if _points_to(row, better) or _says_the_same(row, better):
                changes[row.row] = replace(
                    row.decision,
                    status=Status.DUPLICATE,
                    pid=better.decision.pid,
                    fields=(),
                    candidates=() if better.decision.pid else row.decision.candidates,
                    score=better.decision.score if better.decision.pid else row.decision.score,
                )
                break
    return list(changes.items())


def are_one_person(a: Decided, b: Decided) -> bool:
    """Whether two rows with one number or one card also agree in name, date and sex; with both, nearly will do."""
    if (a.sex and b.sex and a.sex != b.sex) or not a.words or not b.words:
        return False
    name, date = words_level(a.words, b.words), date_level(a.born, b.born)
    if a.card and a.card == b.card and date >= DateLevel.ONE_PART:
        return name >= (NameLevel.SHORTENED if a.number == b.number else NameLevel.BARE)
    return name >= NameLevel.BARE and date >= DateLevel.PARTIAL


def _points_elsewhere(row: Decided) -> bool:
    """Whether a row is already the second of a person whom nobody knows: pointed at in turn, both would vanish."""
    return row.decision.status is Status.DUPLICATE and not row.decision.pid


def _says_the_same(row: Decided, better: Decided) -> bool:
    pid, candidates = better.decision.pid, row.decision.candidates
    return are_one_person(row, better) and (not pid or not candidates or pid in candidates)


def _points_to(row: Decided, better: Decided) -> bool:
    """Whether a row with the same card is probably the same record: two of number, name and date agree, or nearly."""
    if not row.card or row.card != better.card or row.decision.candidates[:1] != (better.decision.pid,):
        return False
    alike = words_level(row.words, better.words) if row.words and better.words else NameLevel.NONE
    date = date_level(row.born, better.born)
    agreeing = (row.number == better.decision.pid, alike >= NameLevel.RESEMBLES, date >= DateLevel.ONE_PART)
    return sum(agreeing) >= 2 and row.decision.score >= _PROBABLE


def _as_duplicate(row: Decided, best: Decided) -> Decision:
    decision = row.decision
    if not decision.has_number and row.card != best.card and len(row.card) == len(best.card) > 0:
        # Found by name and date alone, with a card of its own: somebody of the same name who is not in the registry?
        return replace(decision, status=Status.AMBIGUOUS, pid="", candidates=(decision.pid,), fields=(Field.NUMBER,))
    return replace(decision, status=Status.DUPLICATE, fields=())


def _rank(row: Decided) -> tuple[int, int, int, int]:
    """Best first: the match, then what differs least, the cell before anything else, then the order of the file."""
    order = {Status.MATCH: 0, Status.MISMATCH: 1, Status.DUPLICATE: 2, Status.AMBIGUOUS: 3, Status.NOT_FOUND: 4}
    fields = row.decision.fields
    own = [field for field in fields if field is not Field.CELL]
    return order[row.decision.status], len(own), len(fields), row.row


def groups(rows: Iterable[tuple[str, Decided]]) -> Iterable[list[Decided]]:
    """Runs of rows with the same key, of at least two."""
    key, run = "", list[Decided]()
    for next_key, row in rows:
        if next_key != key:
            if len(run) > 1:
                yield run
            key, run = next_key, []
        run.append(row)
    if len(run) > 1:
        yield run
