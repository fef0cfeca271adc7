"""From rows to decisions, whatever the registry: search near, decide, search wide for those whom nobody fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cardqueue.verification.engine.dates import DateLevel
from cardqueue.verification.engine.deciding import Candidate, decide
from cardqueue.verification.engine.evidence import Evidence
from cardqueue.verification.engine.levels import Levels, NameLevel, PlaceLevel, SexLevel
from cardqueue.verification.engine.numbers import NumberLevel
from cardqueue.verification.engine.posterior import Parameters, likelihood, posteriors
from cardqueue.verification.engine.registry import Registry
from cardqueue.verification.engine.scoring import Scores
from cardqueue.verification.engine.shapes import Decision, Field, Record, Status

#: Rises with every change of the rules that may change a decision; stored beside each.
ENGINE_VERSION = "1"
_EXACT = Levels(NameLevel.SAME, DateLevel.EQUAL, NumberLevel.EQUAL, SexLevel.SAME, PlaceLevel.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Row:
    """A row to decide about: what it says, and whether an older list has the member in another cell."""

    evidence: Evidence
    cell_differs: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decision with those it was made among, best first."""

    decision: Decision
    candidates: Sequence[Candidate]


class Matcher:
    """Decides about rows by the records of one registry."""

    def __init__(self, registry: Registry, parameters: Parameters) -> None:
        self._registry = registry
        self._parameters = parameters

    def decide(self, rows: Mapping[int, Row]) -> dict[int, Outcome]:
        """Decide about a batch of rows. Shapes: every row of `rows` is in the answer, under its own number."""
        evidence = {number: row.evidence for number, row in rows.items()}
        outcomes: dict[int, Outcome] = {}
        for number, record in self._registry.settled(evidence).items():
            outcomes[number] = self.settled(record, cell_differs=rows[number].cell_differs)
        unsettled = {number: evidence[number] for number in rows if number not in outcomes}
        return outcomes | self._search(rows, unsettled)

    def settled(self, record: Record, *, cell_differs: bool) -> Outcome:
        """The outcome for a row that agrees with one record in number, name, date and sex."""
        frequencies = self._registry.frequencies
        value = likelihood(_EXACT, record.born, frequencies.size // 100, frequencies, self._parameters)
        (score,) = posteriors([value], frequencies.size, self._parameters.outside_share)
        fields = (Field.CELL,) if cell_differs else ()
        status = Status.MISMATCH if fields else Status.MATCH
        return Outcome(
            Decision(status, record.pid, fields, score=score, has_number=True),
            [Candidate(record, _EXACT, score, 0.0)],
        )

    def _search(self, rows: Mapping[int, Row], unsettled: Mapping[int, Evidence]) -> dict[int, Outcome]:
        if not unsettled:
            return {}
        scores = Scores(self._registry.frequencies, self._parameters)
        scores.add(self._registry.close(unsettled))
        outcomes = {number: self._by_table(rows[number], scores.ranked(number), are_all=False) for number in unsettled}
        lost = {number: unsettled[number] for number, outcome in outcomes.items() if not outcome.decision.pid}
        if lost:
            # The wide net is for the few whom nobody near fitted; what it finds competes with what was found before.
            scores.add(self._registry.wide(lost))
            outcomes |= {number: self._by_table(rows[number], scores.ranked(number)) for number in lost}
        return outcomes

    @staticmethod
    def _by_table(row: Row, ranked: Sequence[Candidate], *, are_all: bool = True) -> Outcome:
        return Outcome(decide(row.evidence, ranked, cell_differs=row.cell_differs, are_all=are_all), ranked)
