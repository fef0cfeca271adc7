"""The posterior's parameters, estimated again from pairs that are known to be one person.

m of a level = (prior · m assumed + pairs seen at it) / (prior + pairs seen): the assumed values count as many pairs, so
that few decisions change little (the mean of a Dirichlet distribution). Nothing leaves the band around its assumed
value, whatever is fed in, and the best level takes what the others leave: more pairs at a level never make it count
less.

What the figures lean to, as nobody draws members at random for officers:

- Officers see members who differ, the others were matched by themselves. Both are needed, or mistakes would seem to be
  the rule; so matches count, but only as large a share of them as has been decided among those who differ.
- A pair that nobody found was never confirmed: the lowest levels are rarer here than in life. The band keeps them.
- An officer may follow the proposal without looking. That makes a level count more, and a proposal bolder; it never
  makes a match, which rests on agreement alone and on no parameter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import IntEnum
from math import isfinite
from typing import Any, Final, TypeVar

from cardqueue.verification.engine.dates import DateLevel
from cardqueue.verification.engine.levels import NameLevel, SexLevel
from cardqueue.verification.engine.numbers import NumberLevel
from cardqueue.verification.engine.posterior import ASSUMED, Parameters

#: Units: pairs that the assumed values weigh as much as.
PRIOR_PAIRS: Final = 2_000
#: How many times its assumed value a share may be or be divided by.
BAND: Final = 5.0
# The share of people outside the registry is assumed on the strength of fewer.
_PRIOR_PEOPLE: Final = 500
_MOST: Final = 0.999

_Level = TypeVar("_Level", bound=IntEnum)
_PARTS: Final[Mapping[str, type[IntEnum]]] = {
    "name": NameLevel,
    "date": DateLevel,
    "number": NumberLevel,
    "sex": SexLevel,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of true pairs.

    Shapes: `levels` counts confirmed pairs, by the part of a row ("name", "date", "number", "sex") and its level.
    Units: `confirmed` pairs and `nobody` (members whom none of the records was) were decided by officers, `undecided`
    wait for one, `matched` agreed in everything.
    """

    levels: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    confirmed: int = 0
    nobody: int = 0
    undecided: int = 0
    matched: int = 0

    @property
    def decided_share(self) -> float:
        """How much of what needs an officer has been decided."""
        decided = self.confirmed + self.nobody
        return decided / (decided + self.undecided) if decided else 0.0

    @property
    def counted_matches(self) -> float:
        """The matches that go with the decided ones."""
        return self.matched * self.decided_share


def estimate(seen: Seen, assumed: Parameters = ASSUMED) -> Parameters:
    """Parameters in the light of what was seen."""
    found = seen.confirmed + seen.counted_matches
    outside = (_PRIOR_PEOPLE * assumed.outside_share + seen.nobody) / (_PRIOR_PEOPLE + seen.nobody + found)
    return Parameters(
        _estimated(assumed.name, seen.levels.get("name", {}), seen.counted_matches),
        _estimated(assumed.date, seen.levels.get("date", {}), seen.counted_matches),
        _estimated(assumed.number, seen.levels.get("number", {}), seen.counted_matches),
        _estimated(assumed.sex, seen.levels.get("sex", {}), seen.counted_matches),
        _within_band(outside, assumed.outside_share),
    )


def reweighed(
    candidates: Sequence[tuple[Mapping[str, int], float]], before: Parameters, after: Parameters
) -> list[float]:
    """The probabilities of candidates under other parameters.

    Shapes: `candidates` are levels by part with the probability under `before`. What is missing to 1 is nobody's.
    """
    nobody = max(0.0, 1.0 - sum(probability for _, probability in candidates)) * (
        after.outside_share / before.outside_share
    )
    inside = (1 - after.outside_share) / (1 - before.outside_share)
    weights = [probability * inside * _ratio(levels, before, after) for levels, probability in candidates]
    total = nobody + sum(weights)
    return [weight / total if total else 0.0 for weight in weights]


def parameters_from(values: Mapping[str, Any]) -> Parameters:
    """Parameters as they are stored. Shapes: `{"name": {"same": 0.955, …}, "date": …, …, "outside_share": 0.01}`.

    Raises: ValueError.
    """
    try:
        shares = {part: _read_shares(levels, values[part]) for part, levels in _PARTS.items()}
        outside = float(values["outside_share"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no parameters: {error}") from None
    if not 0 < outside < 1:
        raise ValueError(f"outside_share: expected a share between 0 and 1, found {outside}")
    return Parameters(shares["name"], shares["date"], shares["number"], shares["sex"], outside)  # type: ignore[arg-type]


def values_of(parameters: Parameters) -> dict[str, Any]:
    """Parameters as they are stored."""
    return {
        part: {level.name.lower(): share for level, share in value.items()} if isinstance(value, Mapping) else value
        for part, value in asdict(parameters).items()
    }


def _estimated(assumed: Mapping[_Level, float], seen: Mapping[int, int], matches: float) -> dict[_Level, float]:
    best = max(assumed)
    total = PRIOR_PAIRS + matches + sum(seen.get(level, 0) for level in assumed)
    rest = {
        level: _within_band((PRIOR_PAIRS * share + seen.get(level, 0)) / total, share)
        for level, share in assumed.items()
        if level is not best
    }
    # The assumed shares need not add up to 1; the best keeps its own part of what the others leave.
    left = (1 - sum(rest.values())) / (1 - sum(assumed[level] for level in rest))
    return {best: min(assumed[best] * left, _MOST), **rest}


def _within_band(share: float, assumed: float) -> float:
    return min(max(share, assumed / BAND), assumed * BAND)


def _ratio(levels: Mapping[str, int], before: Parameters, after: Parameters) -> float:
    ratio = 1.0
    for part in _PARTS:
        old, new, level = getattr(before, part), getattr(after, part), levels.get(part)
        # A missing value says nothing; beside a number, neither does the sex.
        if level in old and not (part == "sex" and levels.get("number", 0) >= NumberLevel.NEAR):
            ratio *= new[level] / old[level]
    return ratio


def _read_shares(levels: type[IntEnum], values: Mapping[str, Any]) -> dict[IntEnum, float]:
    expected = getattr(ASSUMED, next(part for part, known in _PARTS.items() if known is levels))
    shares = {levels[name.upper()]: float(share) for name, share in values.items()}
    if shares.keys() != expected.keys():
        raise ValueError(f"expected shares of {', '.join(level.name.lower() for level in expected)}")
    if not all(isfinite(share) and 0 < share < 1 for share in shares.values()):
        raise ValueError("expected shares between 0 and 1")
    return shares
