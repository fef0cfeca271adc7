"""How long one member takes: an estimate that starts with an assumption and learns from take and finish stamps.

A Bayesian mean with a prior that is worth a few observations and forgets slowly, so that it follows a station that gets
faster. A stamp far from the estimate is a forgotten click, not a member, and is dropped; only when several in a row are
far away is it the estimate that is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

from cardqueue.scheduling.planner.shapes import Params

#: How many observations the assumption is worth.
PRIOR_WEIGHT = 15.0
_KEPT = 0.99
_SHORTEST, _LONGEST = 0.2, 3.0
# So many far stamps in a row are no accident: the estimate begins anew near them.
_RUN = 6
_ELDERLY_FACTOR = Params().elderly_factor
_CV = Params().cv
# About 95 of 100 true values lie so many standard errors around an estimate.
_SURE = 1.96


@dataclass(frozen=True, slots=True)
class Pace:
    """An estimate. Units: `minutes` of one line for a member below the elderly age, `variance` of one serving.

    Shapes: `observed` stamps are in it, `dropped` were not believed, `run` of them one after the other just now.
    """

    minutes: float
    weight: float
    variance: float
    observed: int = 0
    dropped: int = 0
    run: int = 0

    @property
    def margin(self) -> float:
        """How far the true mean may lie from the estimate, in minutes either way."""
        return _SURE * sqrt(self.variance / self.weight)

    @property
    def is_measured(self) -> bool:
        """Whether stamps say more than the assumption does."""
        return self.observed >= PRIOR_WEIGHT


def assumed(minutes: float) -> Pace:
    """The pace before anybody was measured."""
    return Pace(minutes, PRIOR_WEIGHT, (minutes * _CV) ** 2)


def observe(pace: Pace, minutes: float, *, is_elderly: bool) -> Pace:
    """The pace after one more serving. Units: `minutes` between take and finish."""
    seen = minutes / _ELDERLY_FACTOR if is_elderly else minutes
    if not _SHORTEST * pace.minutes <= seen <= _LONGEST * pace.minutes:
        return _doubt(pace, seen)
    weight = _KEPT * pace.weight + 1
    step = seen - pace.minutes
    return replace(
        pace,
        minutes=pace.minutes + step / weight,
        weight=weight,
        variance=(1 - 1 / weight) * (pace.variance + step * step / weight),
        observed=pace.observed + 1,
        run=0,
    )


def _doubt(pace: Pace, seen: float) -> Pace:
    run = pace.run + 1
    if run < _RUN or seen <= 0:
        return replace(pace, dropped=pace.dropped + 1, run=run)
    begun = assumed(seen)
    return replace(begun, weight=1.0, observed=pace.observed + 1, dropped=pace.dropped)
