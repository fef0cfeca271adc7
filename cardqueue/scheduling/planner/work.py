"""The arithmetic under a plan: minutes of work, the grid, the reserve and how full a window may safely be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor, sqrt

from cardqueue.scheduling.planner.shapes import Params, PlanMember, Rules, Window

HUNDREDTHS = 100
"""Parts of a line-minute in which work is counted."""
SAFE_END_MIN = 5
"""A safe window is finished this long before its end."""


@dataclass(frozen=True, slots=True)
class Sum:
    """ "365 members × 4 minutes ÷ 3 lines = 8 hours 7 minutes", as numbers; the page writes the words."""

    members: int
    minutes: float
    lines: int
    hours: int
    left_minutes: int


def arithmetic(members: int, minutes: float, lines: int) -> Sum | None:
    """How long so many members take; None when there is no line.

    Units: whole minutes, rounded half up, as 365 × 4 ÷ 3 = 486.67 is said "8 giờ 7 phút".
    """
    if lines <= 0:
        return None
    hours, left = divmod(floor(members * minutes / lines + 0.5), 60)
    return Sum(members, minutes, lines, hours, left)


def is_elderly(member: PlanMember, params: Params) -> bool:
    """Whether a member is served with the longer time of the elderly."""
    return member.age is not None and member.age >= params.elderly_age


def member_work(elderly: bool, params: Params) -> int:
    """Expected work of one invited member; never zero, so that nobody is free of charge.

    Units: hundredths of a line-minute.
    """
    factor = params.elderly_factor if elderly else 1.0
    return max(1, round(HUNDREDTHS * params.mean_min * factor * (1 - params.no_show)))


def count_elderly(members: Iterable[PlanMember], params: Params) -> int:
    """How many members are elderly."""
    limit = params.elderly_age
    return sum(1 for member in members if member.age is not None and member.age >= limit)


def expected_work(members: Sequence[PlanMember], params: Params) -> int:
    """Expected work of several members."""
    elderly = count_elderly(members, params)
    return elderly * member_work(True, params) + (len(members) - elderly) * member_work(False, params)


def length_minutes(start: datetime, end: datetime) -> int:
    """Whole minutes from start to end, never negative."""
    return max(0, int((end - start).total_seconds()) // 60)


def to_grid(at: datetime, grid_min: int, up: bool = False) -> datetime:
    """The nearest time of the grid not after ``at``, or with ``up`` not before it."""
    past = timedelta(minutes=(at.hour * 60 + at.minute) % grid_min, seconds=at.second, microseconds=at.microsecond)
    return at - past + (timedelta(minutes=grid_min) if up and past else timedelta())


def window_work(window: Window) -> int:
    """All the work a window's lines could do."""
    return HUNDREDTHS * max(0, window.lines) * length_minutes(window.start, window.end)


def reserve_work(window: Window, rules: Rules) -> int:
    """Work kept free for people who must come again."""
    return ceil(window_work(window) * rules.reserve_frac - 1e-6)


def invited_work(window: Window, rules: Rules) -> int:
    """Work that may be invited into a window: the cap less the reserve."""
    return max(0, floor(window_work(window) * rules.max_load + 1e-6) - reserve_work(window, rules))


def reserve_start(window: Window, rules: Rules) -> datetime:
    """When the make-up time at a window's end begins; the window's end without a reserve."""
    if rules.reserve_frac <= 0 or window.lines <= 0:
        return window.end
    minutes = ceil(reserve_work(window, rules) / (HUNDREDTHS * window.lines))
    return max(window.start, to_grid(window.end - timedelta(minutes=minutes), rules.grid_min))


def safe_work(window: Window, params: Params, mean_sd_min: float = 0.0) -> int:
    """Expected work that nine days out of ten leaves the reserve free and ends in time (a newsvendor's quantile).

    Invite n members with μ + 1.28·sd ≤ L·(T − 5 minutes), where μ = n·m(1−p)(1+walk-ins) and
    sd² = n·m²((1−p)(1+cv²) − (1−p)²) + (n(1−p)·s)²; s = ``mean_sd_min``, how unsure the mean itself is.

    Source: Kuiper & Lee 2022 (mnsc.2021.4221); factor measured by simulation.
    """
    minutes = length_minutes(window.start, window.end) - SAFE_END_MIN
    time, mean, come = minutes * window.lines, params.mean_min, 1 - params.no_show
    if time <= 0 or mean <= 0 or come <= 0:
        return 0
    spread = mean**2 * (come * (1 + params.cv**2) - come**2)
    low, high = 0.0, time / (mean * come)
    for _ in range(40):
        count = (low + high) / 2
        busy = count * mean * come * (1 + params.walkin) + 1.28 * sqrt(
            count * spread + (count * come * mean_sd_min) ** 2
        )
        low, high = (count, high) if busy <= time else (low, count)
    return int(low * mean * come * HUNDREDTHS)
