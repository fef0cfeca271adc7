"""From the pairs that the joins found to ranked candidates with their probabilities."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from cardqueue.verification.engine.blocking import Pair
from cardqueue.verification.engine.dates import DateLevel
from cardqueue.verification.engine.deciding import Candidate
from cardqueue.verification.engine.evidence import Evidence
from cardqueue.verification.engine.levels import Levels, NameLevel, compare
from cardqueue.verification.engine.posterior import Frequencies, expected_strangers, likelihood, posteriors
from cardqueue.verification.engine.shapes import Record


@dataclass(slots=True)
class _Scored:
    likelihood: float
    record: Record
    levels: Levels
    name_count: int
    is_contested: bool = False


@dataclass(slots=True)
class Scores:
    """The scored pairs of a batch of rows; pairs may come in several passes.

    Units: `name_count` tells how many records have a name, by its key.
    """

    frequencies: Frequencies
    outside_share: float
    name_count: Callable[[int], int]
    _rows: dict[int, dict[str, _Scored]] = field(default_factory=dict)

    def add(self, pairs: Iterable[Pair], evidence: Mapping[int, Evidence]) -> None:
        """Compare and weigh pairs."""
        for pair in pairs:
            levels = compare(evidence[pair.row], pair.record)
            # How common a name is only matters where the names agree.
            count = self.name_count(pair.name) if levels.name >= NameLevel.MARKS else 0
            value = likelihood(levels, pair.record.born, count, self.frequencies)
            scored = _Scored(value, pair.record, levels, count)
            found = self._rows.setdefault(pair.row, {})
            known = found.get(pair.record.pid)
            found[pair.record.pid] = scored if known is None else _better(known, scored)

    def ranked(self, row: int) -> list[Candidate]:
        """The candidates of a row, best first; equals in the order of their numbers."""
        found = sorted(self._rows.get(row, {}).values(), key=lambda one: (-one.likelihood, one.record.pid))
        probabilities = posteriors([one.likelihood for one in found], self.frequencies.size, self.outside_share)
        return [
            Candidate(
                one.record,
                one.levels,
                probability,
                expected_strangers(one.levels, one.record.born, one.name_count, self.frequencies),
                one.is_contested,
            )
            for one, probability in zip(found, probabilities, strict=True)
        ]


def _better(a: _Scored, b: _Scored) -> _Scored:
    """The better of two records with one number; they are contested when they describe two people."""
    best, other = (a, b) if a.likelihood >= b.likelihood else (b, a)
    best.is_contested |= other.is_contested or (
        other.levels.name < NameLevel.MARKS and other.levels.date < DateLevel.PARTIAL
    )
    return best
