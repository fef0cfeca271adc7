"""The one place that reads the clock, and how instants and dates look in Vietnamese."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


def now_at() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def today_on() -> date:
    """Today's date in Vietnam."""
    return now_at().astimezone(VIETNAM).date()


def to_local(at: datetime) -> datetime:
    """The same instant on a Vietnamese clock.

    Raises: ValueError for a naive datetime, whose instant is unknown.
    """
    if at.tzinfo is None:
        raise ValueError("a naive datetime is no instant")
    return at.astimezone(VIETNAM)


def from_local(on: date, at: time) -> datetime:
    """The UTC instant of a Vietnamese date and wall-clock time."""
    return datetime.combine(on, at, tzinfo=VIETNAM).astimezone(UTC)


def format_date(on: date) -> str:
    """A date as `dd/MM/yyyy`. An instant is first put on the Vietnamese clock."""
    return f"{_local_date(on):%d/%m/%Y}"


def format_time(at: datetime | time) -> str:
    """A time of day as offices write it: `7 giờ 30`. An instant is first put on the Vietnamese clock."""
    clock_time = to_local(at) if isinstance(at, datetime) else at
    return f"{clock_time.hour} giờ {clock_time.minute:02d}"


def format_day(on: date) -> str:
    """A day in full: `Thứ Bảy, ngày 09/8/2025`.

    Source: Party documents put a leading zero on days below 10 and on January and February only.
    """
    day = _local_date(on)
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{_WEEKDAYS[day.weekday()]}, ngày {day.day:02d}/{month}/{day.year:04d}"


def _local_date(on: date) -> date:
    return to_local(on).date() if isinstance(on, datetime) else on
