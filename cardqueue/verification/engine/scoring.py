"""From the pairs that a registry found to ranked candidates with their probabilities."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cardqueue.verification.engine.dates import DateLevel
from cardqueue.verification.engine.deciding import Candidate
from cardqueue.verification.engine.levels import NameLevel
from cardqueue.verification.engine.posterior import (
    Frequencies,
    Parameters,
    expected_strangers,
    likelihood,
    posteriors,
)
from cardqueue.verification.engine.registry import Pair


@dataclass(slots=True)
class _Scored:
    likelihood: float
    pair: Pair
    is_contested: bool = False


@dataclass(slots=True)
class Scores:
    """The scored pairs of a batch of rows; pairs may come in several passes."""

    frequencies: Frequencies
    parameters: Parameters
    _rows: dict[int, dict[str, _Scored]] = field(default_factory=dict)

    def add(self, pairs: Iterable[Pair]) -> None:
        """Weigh pairs."""
        for pair in pairs:
            value = likelihood(pair.levels, pair.record.born, pair.name_count, self.frequencies, self.parameters)
            scored = _Scored(value, pair)
            found = self._rows.setdefault(pair.row, {})
            known = found.get(pair.record.pid)
            found[pair.record.pid] = scored if known is None else _better(known, scored)

    def ranked(self, row: int) -> list[Candidate]:
        """The candidates of a row, best first; equals in the order of their numbers."""
        found = sorted(self._rows.get(row, {}).values(), key=lambda one: (-one.likelihood, one.pair.record.pid))
        size, outside = self.frequencies.size, self.parameters.outside_share
        probabilities = posteriors([one.likelihood for one in found], size, outside)
        return [
            Candidate(
                one.pair.record,
                one.pair.levels,
                probability,
                expected_strangers(one.pair.levels, one.pair.record.born, one.pair.name_count, self.frequencies),
                one.is_contested,
            )
            for one, probability in zip(found, probabilities, strict=True)
        ]


def _better(a: _Scored, b: _Scored) -> _Scored:
    """The better of two records with one number; they are contested when they describe two people."""
    best, other = (a, b) if a.likelihood >= b.likelihood else (b, a)
    levels = other.pair.levels
    best.is_contested |= other.is_contested or (levels.name < NameLevel.MARKS and levels.date < DateLevel.PARTIAL)
    return best
