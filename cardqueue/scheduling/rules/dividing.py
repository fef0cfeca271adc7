"""A window in which lines open or close, or which pauses: it becomes consecutive windows, each with its own lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cardqueue.lib.intervals import Interval
from cardqueue.organisation.rules import WORK_PER_MINUTE, Opening


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody who is expected in a window. Units: `work` in hundredths of a line-minute."""

    arrive_at: datetime
    work: int


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a divided window with those who fall into it; without lines it is a break.

    Units: `wait_minutes` is the longest wait and `over_minutes` how long after its end the last one is served, if
    everybody came on time and took the expected minutes.
    """

    opening: Opening
    headcount: int
    booked_work: int
    wait_minutes: int
    over_minutes: int

    @property
    def is_break(self) -> bool:
        """Whether nobody is served in it."""
        return self.opening.line_count == 0

    @property
    def missing_work(self) -> int:
        """What those who are booked need beyond what the part can do; a break can do nothing."""
        return max(0, self.booked_work - self.opening.capacity_work)


def divide(
    whole: Interval, line_count: int, change: Interval, changed_lines: int, coming: Sequence[Coming]
) -> list[Part]:
    """The parts of a window whose lines are others during a change; empty when the change is not inside it."""
    if change.is_empty or not whole.covers(change):
        return []
    spans = [
        (Interval(whole.start_at, change.start_at), line_count),
        (change, changed_lines),
        (Interval(change.end_at, whole.end_at), line_count),
    ]
    return [
        _part(Opening(span, lines), [one for one in coming if span.contains(one.arrive_at)])
        for span, lines in spans
        if not span.is_empty
    ]


def _part(opening: Opening, coming: Iterable[Coming]) -> Part:
    people = sorted(coming, key=lambda one: one.arrive_at)
    lines = max(1, opening.line_count)
    free_at, wait = 0.0, 0.0
    for one in people:
        minute = (one.arrive_at - opening.interval.start_at).total_seconds() / 60
        wait = max(wait, free_at - minute)
        free_at = max(free_at, minute) + one.work / (WORK_PER_MINUTE * lines)
    over = max(0.0, free_at - opening.interval.minutes)
    return Part(opening, len(people), sum(one.work for one in people), round(wait), round(over))
