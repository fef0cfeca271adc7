"""Arrival times inside one free stretch of a window: a closed form with a stretch factor β.

With W_i the expected work invited before member i, W the total, T the stretch's minutes, L lines, m the mean minutes
and s the allowed span factor of a cell: ``t_i = floor5(min(max(0, (W_i − ½·L·m) / L) · β, T − tail))``,
``β = clip((T − b) / (W / L), 0.97, s)``. The first people come together so that no line starts empty; β spreads what
time is left over the whole stretch, because slack kept for the end is waiting for everybody before it.

Source: Kaandorp & Koole 2007; constants fitted by simulation (mean wait 2.3 minutes at load .92, the best known being
2.28).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cardqueue.scheduling.planner.shapes import Params, Rules
from cardqueue.scheduling.planner.work import HUNDREDTHS, length_minutes, to_grid

TAIL_MIN = 15
"""Nobody is asked to come in the last quarter of an hour of a stretch."""
BETA_MIN = 0.97
FIRST_SHARE = 0.5
"""How many people per line come together at the opening, besides the first."""
FULL_LOAD = 0.88
"""From this load on, no time is kept free at the end: it would only be waiting for everybody before it."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A free stretch of time on some lines."""

    start: datetime
    end: datetime
    lines: int


def arrival_times(
    stretch: Stretch, groups: Sequence[Sequence[int]], params: Params, rules: Rules, *, spread: bool = True
) -> list[list[datetime]]:
    """When each member of each group comes, groups one after the other, in the given order.

    ``spread`` False keeps to the plain pace (β = 1), for a block booked by hand among others.

    Units: a group is the expected work of its members.
    """
    start = to_grid(stretch.start, rules.grid_min, up=True)
    minutes = length_minutes(start, stretch.end)
    total = sum(sum(group) for group in groups)
    beta = stretch_factor(minutes, total, stretch, rules) if spread else 1.0
    ahead = FIRST_SHARE * stretch.lines * HUNDREDTHS * params.mean_min
    pace = beta / (stretch.lines * HUNDREDTHS)
    last = latest_minute(minutes, rules.grid_min)
    result: list[list[datetime]] = []
    done = 0
    for group in groups:
        first = min(int(max(0.0, done - ahead) * pace), last)
        span = (
            int(rules.max_cell_span_factor * sum(group) / (stretch.lines * HUNDREDTHS)) + rules.max_cell_span_slack_min
        )
        latest = min(last, first // rules.grid_min * rules.grid_min + span)
        result.append(list(_times(start, _minutes(group, done - ahead, pace), latest, rules.grid_min)))
        done += sum(group)
    return result


def stretch_factor(minutes: int, total: int, stretch: Stretch, rules: Rules) -> float:
    """β: how much slower than the lines' own pace people are asked to come.

    A full stretch needs all its time; with slack, the last minutes are better kept free, so that it ends in time.
    """
    if total <= 0 or minutes <= 0:
        return 1.0
    nominal = total / (stretch.lines * HUNDREDTHS)
    buffer = min(max(100 * (FULL_LOAD - nominal / minutes), 0.0), 10.0)
    return min(max((minutes - buffer) / nominal, BETA_MIN), max(BETA_MIN, rules.max_cell_span_factor))


def latest_minute(minutes: int, grid_min: int) -> int:
    """The last minute of a stretch at which somebody may be asked to come; on the grid and inside."""
    return max(0, min(minutes - TAIL_MIN, minutes - 1)) // grid_min * grid_min


def _minutes(group: Iterable[int], before: float, pace: float) -> Iterable[int]:
    for work in group:
        yield int(max(0.0, before) * pace)
        before += work


def _times(start: datetime, minutes: Iterable[int], latest: int, grid_min: int) -> Iterable[datetime]:
    for minute in minutes:
        yield start + timedelta(minutes=min(minute, latest) // grid_min * grid_min)
