"""Dividing a window: the parts together are the window, and everybody falls into exactly one of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cardqueue.lib.intervals import Interval
from cardqueue.scheduling.rules.dividing import Coming, divide

SEVEN = datetime(2030, 8, 9, 0, 0, tzinfo=UTC)


def minutes(start: int, end: int) -> Interval:
    """A span in minutes after seven."""
    return Interval(SEVEN + timedelta(minutes=start), SEVEN + timedelta(minutes=end))


@given(
    start=st.integers(0, 239),
    length=st.integers(1, 240),
    lines=st.integers(0, 12),
    arrivals=st.lists(st.integers(0, 239), max_size=40),
)
def test_time_people_and_work_are_neither_lost_nor_doubled(
    start: int, length: int, lines: int, arrivals: list[int]
) -> None:
    whole, change = minutes(0, 240), minutes(start, min(240, start + length))
    parts = divide(whole, 3, change, lines, [Coming(SEVEN + timedelta(minutes=n), 368) for n in arrivals])
    spans = [part.opening.interval for part in parts]
    assert (spans[0].start_at, spans[-1].end_at) == (whole.start_at, whole.end_at)
    assert all(one.end_at == other.start_at for one, other in pairwise(spans))
    assert sum(part.headcount for part in parts) == len(arrivals)
    assert sum(part.booked_work for part in parts) == 368 * len(arrivals)
    changed = next(part for part in parts if part.opening.interval == change)
    assert changed.opening.line_count == lines and changed.is_break == (lines == 0)


def test_a_change_outside_the_window_divides_nothing() -> None:
    assert divide(minutes(0, 240), 3, minutes(200, 250), 2, []) == []
    assert divide(minutes(0, 240), 3, minutes(60, 60), 2, []) == []


def test_a_break_with_somebody_in_it_and_a_part_too_full_say_what_is_missing() -> None:
    coming = [Coming(SEVEN + timedelta(minutes=60), 400)] * 10
    pause, slow = (
        divide(minutes(0, 240), 3, minutes(60, 90), 0, coming)[1],
        divide(minutes(0, 240), 3, minutes(60, 90), 1, coming)[1],
    )
    assert pause.missing_work == 4_000
    assert (slow.missing_work, slow.wait_minutes, slow.over_minutes) == (1_000, 36, 10)
