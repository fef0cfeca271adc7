"""A station that runs late: by how much, and whom to ask to come later. Nobody is ever asked to come earlier.

The plan's own queue is compared with the queue that is there. Both are played forward at the lines' pace, so a gap in
the plan swallows a delay as it would on the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from cardqueue.lib.intervals import Interval
from cardqueue.scheduling.planner.work import HUNDREDTHS, to_grid

# Whoever is due sooner may be on the way already.
LEAD = timedelta(minutes=60)
# Nobody is told for the sake of a shorter delay: it would be more trouble than waiting.
DEAD_BAND = timedelta(minutes=15)
GRID_MINUTES = 5
# What a plan may ask of people; a longer wait, as when a line was taken away since, is a delay to them. With the
# rounding it stays below the dead band, so that nobody is told twice of the same delay.
_PLANNED_WAIT_AT_MOST = timedelta(minutes=10)

# Today's own minutes count for more than the plan's once so many members are finished; a forgotten click proves little.
_ENOUGH_FINISHED = 5
_SLOWEST, _FASTEST = 3.0, 0.5


@dataclass(frozen=True, slots=True)
class Pulse:
    """A station's counter at one moment of the day.

    Shapes: `serving_minutes` says for how long each one at a line has been served; `lines_at_work` served somebody
    during the last minutes. Units: `finished_minutes` per finished member, None before anybody is finished.
    """

    waiting_count: int
    serving_minutes: tuple[float, ...]
    finished_count: int
    finished_minutes: float | None
    lines_at_work: int


@dataclass(frozen=True, slots=True)
class Due:
    """One appointment of the window; `has_come` when the member is at the station or was there today."""

    appointment_id: int
    arrive_at: datetime
    work: int
    has_come: bool


@dataclass(frozen=True, slots=True)
class Later:
    """An appointment with its time and a later one."""

    appointment_id: int
    from_at: datetime
    to_at: datetime


@dataclass(frozen=True, slots=True)
class Delay:
    """How late a window runs, and who should come later.

    `minutes` is how much longer than planned somebody who comes now would wait; `member_minutes` is what a member
    takes today. `unserved_count` of those to come would not have their turn before the window's end.
    """

    minutes: int
    member_minutes: float
    line_count: int
    later: tuple[Later, ...]
    unserved_count: int


def measure(window: Interval, lines: int, due: Iterable[Due], pulse: Pulse, minutes: float, at: datetime) -> Delay:
    """How late a window runs at a moment, and the times that this suggests.

    Shapes: `due` are all appointments of the window, served ones too. Units: planned `minutes` of one line per member.
    """
    ordered = sorted(due, key=lambda one: (one.arrive_at, one.appointment_id))
    member_minutes = _member_minutes(pulse, minutes)
    lines_now = lines_of(pulse, lines)
    if lines_now <= 0:
        return Delay(0, member_minutes, 0, (), 0)
    planned_waits, planned_queue = _planned(window, lines, ordered, at)
    free_at = at + _queue(pulse, member_minutes, lines_now)
    delay = max(timedelta(), free_at - at - planned_queue)
    slowness = member_minutes / minutes if minutes > 0 else 1.0
    wanted: list[tuple[Due, timedelta]] = []
    unserved = 0
    for one in ordered:
        if one.has_come or one.arrive_at <= at:
            continue
        begin_at = max(one.arrive_at, free_at)
        free_at = begin_at + timedelta(minutes=one.work * slowness / (HUNDREDTHS * lines_now))
        unserved += begin_at >= window.end_at
        wanted.append((one, begin_at - one.arrive_at - planned_waits[one.appointment_id]))
    return Delay(_whole(delay), member_minutes, lines_now, later_times(wanted, window, at), unserved)


def later_times(wanted: Sequence[tuple[Due, timedelta]], window: Interval, at: datetime) -> tuple[Later, ...]:
    """The times that come of delays: later, on the grid, in the same order, in the window.

    Whoever is due within the next hour, or is delayed by less than the dead band, keeps the time; whoever comes before
    them, or near the window's end, moves only as far as that allows. Shapes: `wanted` in order of arrival.
    """
    limit = last_time(window)
    moved: list[Later] = []
    for one, delay in reversed(wanted):
        # From the last one back: nobody passes whoever comes after.
        new_at = min(limit, to_grid(one.arrive_at + max(timedelta(), delay), GRID_MINUTES))
        if one.arrive_at >= at + LEAD and delay >= DEAD_BAND and new_at > one.arrive_at:
            moved.append(Later(one.appointment_id, one.arrive_at, new_at))
            limit = new_at
        else:
            limit = min(limit, one.arrive_at)
    return tuple(reversed(moved))


def last_time(window: Interval) -> datetime:
    """The last time of the grid at which somebody may be asked to come to a window."""
    return to_grid(window.end_at - timedelta(minutes=GRID_MINUTES), GRID_MINUTES)


def still_in_time(moves: Iterable[Later], due: Mapping[int, Due], at: datetime) -> list[Later]:
    """The moves of those who can still be told: an hour has not begun, and they have not come already."""
    return [move for move in moves if move.from_at >= at + LEAD and not due[move.appointment_id].has_come]


def is_sound(moves: Sequence[Later], due: Iterable[Due], window: Interval) -> bool:
    """Whether moves keep every promise beside what is booked now: later only, inside the window, nobody overtaken."""
    if any(
        move.to_at <= move.from_at or move.to_at > last_time(window) or move.to_at != to_grid(move.to_at, GRID_MINUTES)
        for move in moves
    ):
        return False
    new = {move.appointment_id: move.to_at for move in moves}
    times = [
        (one.arrive_at, new.get(one.appointment_id, one.arrive_at))
        for one in sorted(due, key=lambda one: (one.arrive_at, new.get(one.appointment_id, one.arrive_at)))
    ]
    return all(earlier[1] <= later[1] for earlier, later in pairwise(times))


def lines_of(pulse: Pulse, lines: int) -> int:
    """The lines that a queue can count on: those at work while people wait for all of them, else the planned ones.

    When nobody is waiting an idle line has nothing to do; when none is at work all stand still, and will start again.
    """
    if pulse.waiting_count >= lines and 0 < pulse.lines_at_work < lines:
        return pulse.lines_at_work
    return lines


def _member_minutes(pulse: Pulse, minutes: float) -> float:
    if pulse.finished_minutes is None or pulse.finished_count < _ENOUGH_FINISHED:
        return minutes
    return min(max(pulse.finished_minutes, minutes * _FASTEST), minutes * _SLOWEST)


def _queue(pulse: Pulse, member_minutes: float, lines: int) -> timedelta:
    """How long until everybody who is here has been served."""
    at_lines = sum(max(0.0, member_minutes - minutes) for minutes in pulse.serving_minutes)
    return timedelta(minutes=(pulse.waiting_count * member_minutes + at_lines) / lines)


def _planned(
    window: Interval, lines: int, ordered: Sequence[Due], at: datetime
) -> tuple[dict[int, timedelta], timedelta]:
    """The wait that the plan itself gives each member, and the queue that it expects at a moment."""
    waits: dict[int, timedelta] = {}
    free_at, free_now = window.start_at, window.start_at
    for one in ordered:
        begin_at = max(one.arrive_at, free_at)
        waits[one.appointment_id] = min(begin_at - one.arrive_at, _PLANNED_WAIT_AT_MOST)
        free_at = begin_at + timedelta(minutes=one.work / (HUNDREDTHS * max(1, lines)))
        if one.arrive_at <= at:
            free_now = free_at
    return waits, min(max(timedelta(), free_now - at), _PLANNED_WAIT_AT_MOST)


def _whole(time: timedelta) -> int:
    return int(time.total_seconds()) // 60
