"""The opening windows as pages show them: a week of a station as a grid and as lists, and the weeks of a campaign."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask_babel import gettext as _

from cardqueue.core.i18n import show_date, show_day, show_percent
from cardqueue.lib.clock import to_local
from cardqueue.organisation.models import Campaign, Window
from cardqueue.organisation.rules import DAY_PARTS, WORK_PER_MINUTE, holiday_name, part_of_day, reserved_work
from cardqueue.organisation.words import WEEKDAY_WORDS

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Row:
    """A window with its line-minutes: booked, kept for make-ups, free; `share` is how much of it is booked."""

    window: Window
    booked_minutes: int
    reserved_minutes: int
    free_minutes: int
    share: str


@dataclass(slots=True)
class Day:
    """The windows of one day by part of the day, and what is unusual about the day."""

    on: date
    title: str
    weekday: str
    is_weekend: bool
    is_deadline: bool
    is_holiday: bool
    warnings: list[str]
    parts: dict[str, list[Row]] = field(default_factory=lambda: {part: [] for part in DAY_PARTS})

    @property
    def rows(self) -> list[Row]:
        """Its windows in the order of time."""
        return [row for rows in self.parts.values() for row in rows]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from Monday on, and the neighbouring weeks."""

    title: str
    days: list[Day]
    previous_on: date
    next_on: date

    @property
    def open_days(self) -> list[Day]:
        """The days that have windows."""
        return [day for day in self.days if day.rows]


@dataclass(frozen=True, slots=True)
class WeekSum:
    """A week of the campaign at a glance."""

    starts_on: date
    title: str
    window_count: int
    free_minutes: int
    is_shown: bool


def row_of(campaign: Campaign, window: Window) -> Row:
    """A window's line of the table."""
    free = window.capacity_work - window.booked_work
    kept = min(free, reserved_work(window.capacity_work, campaign.reserve_percent))
    return Row(
        window,
        _minutes(window.booked_work),
        _minutes(kept),
        _minutes(free - kept),
        show_percent(window.booked_work, window.capacity_work),
    )


def week_of(campaign: Campaign, found: Iterable[Window], asked_on: date) -> Week:
    """The week in which a day lies."""
    monday = monday_of(asked_on)
    days = {on: _day(campaign, on) for on in (monday + timedelta(days=n) for n in range(7))}
    for window in found:
        start = to_local(window.start_at)
        if (day := days.get(start.date())) is not None:
            day.parts[part_of_day(start.time())].append(row_of(campaign, window))
    title = _("Tuần từ %(first)s đến %(last)s", first=show_date(monday), last=show_date(monday + timedelta(days=6)))
    return Week(title, list(days.values()), monday - WEEK, monday + WEEK)


def weeks_of(campaign: Campaign, found: Sequence[Window], shown_on: date) -> list[WeekSum]:
    """The weeks of a campaign, and those outside it that have windows."""
    by_week: dict[date, list[Window]] = {}
    for window in found:
        by_week.setdefault(monday_of(to_local(window.start_at).date()), []).append(window)
    first, last = monday_of(campaign.starts_on), monday_of(campaign.deadline_on)
    mondays = {first + n * WEEK for n in range((last - first).days // 7 + 1)} | set(by_week)
    return [
        WeekSum(
            monday,
            f"{show_date(monday)} – {show_date(monday + timedelta(days=6))}",
            len(by_week.get(monday, [])),
            sum(row_of(campaign, window).free_minutes for window in by_week.get(monday, [])),
            monday == monday_of(shown_on),
        )
        for monday in sorted(mondays)
    ]


def first_to_show(campaign: Campaign, found: Sequence[Window], today_on: date) -> date:
    """The day whose week opens first: today, but not before the first window and not after everything is over."""
    opened = [to_local(window.start_at).date() for window in found]
    return min(max(min(opened, default=campaign.starts_on), today_on), max([campaign.deadline_on, *opened]))


def monday_of(on: date) -> date:
    """The Monday of a day's week."""
    return on - timedelta(days=on.weekday())


def unusual(campaign: Campaign, on: date) -> list[str]:
    """What a person should look at again before a station opens on a day; nothing of it forbids it."""
    warnings = []
    if holiday := holiday_name(on):
        warnings.append(_("Ngày lễ: %(name)s", name=holiday))
    if on > campaign.deadline_on:
        warnings.append(_("Sau hạn hoàn thành %(day)s", day=show_date(campaign.deadline_on)))
    if on < campaign.starts_on:
        warnings.append(_("Trước ngày bắt đầu %(day)s", day=show_date(campaign.starts_on)))
    return warnings


def _day(campaign: Campaign, on: date) -> Day:
    weekday = str(WEEKDAY_WORDS[on.weekday()])
    return Day(
        on=on,
        title=show_day(on),
        weekday=weekday,
        is_weekend=on.weekday() >= 5,
        is_deadline=on == campaign.deadline_on,
        is_holiday=holiday_name(on) is not None,
        warnings=unusual(campaign, on),
    )


def _minutes(work: int) -> int:
    return work // WORK_PER_MINUTE
