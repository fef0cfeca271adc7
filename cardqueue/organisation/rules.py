"""Opening windows and holidays, as pure decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache

import holidays

from cardqueue.lib.clock import from_local
from cardqueue.lib.intervals import Interval

# Work is counted in hundredths of a line-minute, so that no rounding is lost.
WORK_PER_MINUTE = 100

# The longest stretch over which windows are made in one go: a typing mistake in the year must not make thousands.
MOST_DAYS_AT_ONCE = 92

# The parts of a day with the hours that offices keep, and when the next part begins.
DAY_PARTS = {
    "morning": (time(7), time(11, 30)),
    "afternoon": (time(13, 30), time(17)),
    "evening": (time(18), time(21)),
}
NOON, EVENING = time(12), time(17)


@dataclass(frozen=True, slots=True)
class Opening:
    """A window that is wanted: when, with how many lines, and where if not at the station."""

    interval: Interval
    line_count: int
    place: str = ""

    @property
    def capacity_work(self) -> int:
        """How much work fits.

        Units: hundredths of a line-minute.
        """
        return round(self.interval.minutes) * self.line_count * WORK_PER_MINUTE


def opening_on(on: date, start: time, end: time, line_count: int, place: str = "") -> Opening:
    """A part of a Vietnamese day.

    Raises: ValueError when it would not end after it starts.
    """
    if end <= start:
        raise ValueError(f"{end} is not after {start}")
    return Opening(Interval(from_local(on, start), from_local(on, end)), line_count, place)


def list_days(first_on: date, last_on: date, weekdays: Iterable[int]) -> list[date]:
    """The days of a range, both ends included, that fall on the weekdays (0 is Monday)."""
    wanted = frozenset(weekdays)
    length = (last_on - first_on).days + 1
    return [day for n in range(length) if (day := first_on + timedelta(days=n)).weekday() in wanted]


def part_of_day(start: time) -> str:
    """The part of the day in which a window begins."""
    if start < NOON:
        return "morning"
    return "afternoon" if start < EVENING else "evening"


def reserved_work(capacity_work: int, percent: int) -> int:
    """The part of a window's capacity that is kept for members who must come again; never a hundredth too little."""
    return -(-capacity_work * percent // 100)


def find_overlap(wanted: Sequence[Interval], existing: Iterable[Interval]) -> Interval | None:
    """The first wanted interval that shares time with an existing one or with another wanted one."""
    taken = list(existing)
    for interval in wanted:
        if any(interval.overlaps(other) for other in taken):
            return interval
        taken.append(interval)
    return None


def holiday_name(on: date) -> str | None:
    """What Vietnam celebrates on a day, None on an ordinary one. It only warns: campaigns do work on holidays.

    Source: the package `holidays`; days off that the Government swaps at the last minute are not in it.
    """
    return _holidays_of(on.year).get(on)


@lru_cache(maxsize=8)
def _holidays_of(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("VN", years=year, language="vi").items())
