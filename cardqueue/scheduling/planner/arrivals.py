"""Arrival times inside one free stretch of a window: a closed form with a stretch factor β.

With W_i the expected work invited before member i, W the total, T the stretch's minutes, L lines, m the mean minutes
and s the allowed span factor of a cell: ``t_i = floor5(min(max(0, (W_i − ½·L·m) / L) · β, T − tail))``,
``β = clip((T − b) / (W / L), 0.97, s)``. The first people come together so that no line starts empty; β spreads what
time is left over the whole stretch, because slack kept for the end is waiting for everybody before it.

People of a cell travel together and are late together. Where cells may be mingled, two or three come side by side, and
the queue feels a late bus half as much (docs/adr/0005-cells-may-come-side-by-side.md).

Source: Kaandorp & Koole 2007; constants fitted by simulation (mean wait 2.3 minutes at load .92, the best known being
2.28).
"""

from collections.abc import Iterator, Sequence
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
MOSTLY = 0.7
"""The part of their common time over which each of three mingled cells can be spread."""
SPAN_MARGIN_MIN = 5
"""Mingled cells stay so far below their longest span."""


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

    With ``rules.mingle_cells`` two or three groups come side by side. ``spread`` False keeps to the plain pace (β = 1),
    for a block booked by hand among others.

    Units: a group is the expected work of its members.
    """
    start = to_grid(stretch.start, rules.grid_min, up=True)
    minutes = length_minutes(start, stretch.end)
    total = sum(sum(group) for group in groups)
    beta = stretch_factor(minutes, total, stretch, rules) if spread else 1.0
    ahead = FIRST_SHARE * stretch.lines * HUNDREDTHS * params.mean_min
    pace = beta / (stretch.lines * HUNDREDTHS)
    last = latest_minute(minutes, rules.grid_min)
    spans = [longest_span(sum(group), stretch.lines, rules) for group in groups]
    order = _mingled(groups, spans, pace) if rules.mingle_cells and spread else _one_after_the_other(groups)
    grid = rules.grid_min
    instants = [start + timedelta(minutes=minute) for minute in range(0, last + 1, grid)]
    result: list[list[datetime]] = [[] for _ in groups]
    latest = [-1] * len(groups)
    done = 0
    for g, work in order:
        minute = min(int(max(0.0, done - ahead) * pace), last)
        if latest[g] < 0:
            latest[g] = min(last, minute // grid * grid + spans[g])
        result[g].append(instants[min(minute, latest[g]) // grid])
        done += work
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


def longest_span(work: int, lines: int, rules: Rules) -> int:
    """The most minutes that a cell of so much work may take from its first arrival to its last."""
    return int(rules.max_cell_span_factor * work / (lines * HUNDREDTHS)) + rules.max_cell_span_slack_min


def _one_after_the_other(groups: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    for g, group in enumerate(groups):
        for work in group:
            yield g, work


def _mingled(groups: Sequence[Sequence[int]], spans: Sequence[int], pace: float) -> Iterator[tuple[int, int]]:
    """Two or three neighbouring groups come side by side, each spread over their common time as far as it may be.

    People of a cell are late together; several cells at a time lessen what a late bus does to the queue.
    """
    minutes = [sum(group) * pace for group in groups]
    widest = [max(0, span - SPAN_MARGIN_MIN) for span in spans]
    first = 0
    while first < len(groups):
        party = _party(first, minutes, widest)
        common = sum(minutes[g] for g in party)
        turns: list[tuple[float, int, int]] = []
        for g in party:
            step = min(common, widest[g]) / max(1, len(groups[g]))
            turns += [(place * step, g, place) for place in range(len(groups[g]))]
        turns.sort()
        yield from ((g, groups[g][place]) for _, g, place in turns)
        first = party.stop


def _party(first: int, minutes: Sequence[float], widest: Sequence[int]) -> range:
    """The next two neighbours; a third, if each can be spread over most of their common time."""
    third = first + 2
    if third < len(minutes) and MOSTLY * sum(minutes[first : third + 1]) <= min(widest[first : third + 1]):
        return range(first, third + 1)
    return range(first, min(third, len(minutes)))
