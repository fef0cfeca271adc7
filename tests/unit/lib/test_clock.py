"""The clock: one zone, and dates as offices write them."""

from datetime import UTC, date, datetime, time

import pytest

from cardqueue.lib import clock


def test_instants_are_aware_and_utc() -> None:
    assert clock.now_at().tzinfo is UTC
    assert clock.from_local(date(2025, 8, 9), time(7, 30)) == datetime(2025, 8, 9, 0, 30, tzinfo=UTC)
    with pytest.raises(ValueError, match="naive"):
        clock.to_local(datetime(2025, 8, 9))  # noqa: DTZ001


def test_dates_and_times_read_as_in_an_office() -> None:
    late = datetime(2025, 8, 8, 17, 5, tzinfo=UTC)
    assert clock.format_date(late) == "09/08/2025"
    assert clock.format_time(late) == "0 giờ 05"
    assert clock.format_time(time(7, 30)) == "7 giờ 30"
    assert clock.format_day(date(2025, 8, 9)) == "Thứ Bảy, ngày 09/8/2025"
    assert clock.format_day(late) == "Thứ Bảy, ngày 09/8/2025"
    assert clock.format_day(date(2026, 2, 15)) == "Chủ Nhật, ngày 15/02/2026"
