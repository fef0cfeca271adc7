"""Half-open intervals: touching is not overlapping."""

from datetime import UTC, datetime

import pytest

from cardqueue.lib.intervals import Interval


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 8, 9, hour, minute, tzinfo=UTC)


def test_intervals_that_touch_do_not_overlap() -> None:
    morning, noon = Interval(at(7), at(11)), Interval(at(11), at(12))
    assert not morning.overlaps(noon)
    assert morning.overlap(noon) is None
    assert morning.overlap(Interval(at(10, 30), at(12))) == Interval(at(10, 30), at(11))


def test_the_end_does_not_belong_to_an_interval() -> None:
    morning = Interval(at(7), at(11, 30))
    assert morning.contains(at(7))
    assert not morning.contains(at(11, 30))
    assert morning.minutes == 270
    assert morning.covers(Interval(at(8), at(11, 30)))


def test_an_empty_interval_shares_no_time_and_none_ends_before_it_starts() -> None:
    instant = Interval(at(8), at(8))
    assert instant.is_empty
    assert not instant.overlaps(Interval(at(7), at(9)))
    with pytest.raises(ValueError, match="cannot end"):
        Interval(at(9), at(8))
