"""From the campaign's rows to the planner's values: wall-clock times, ids, ages and work."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from math import ceil

from cardqueue.lib.clock import from_local, to_local
from cardqueue.organisation.models import Campaign, Window
from cardqueue.organisation.rules import reserved_work
from cardqueue.scheduling.planner import shapes
from cardqueue.scheduling.planner.work import HUNDREDTHS, is_elderly, member_work

# All stations of a committee serve all its cells, so the planner meets them as one.
ANY_STATION = "any"
# A plan is made for one committee at a time; everybody else comes from nowhere that is counted.
OUR_COMMUNE, OTHER_COMMUNE = "ours", ""


def planner_params(minutes: float) -> shapes.Params:
    """What the planner assumes about people: the minutes that were measured, otherwise its own prior."""
    return shapes.Params(mean_min=minutes)


def planner_rules(campaign: Campaign, day_quota: int | None = None) -> shapes.Rules:
    """What the organisers decided. Units: `day_quota` members of the planning committee per day."""
    return shapes.Rules(
        deadline=campaign.deadline_on,
        reserve_frac=campaign.reserve_percent / 100,
        quota_per_day={} if day_quota is None else {OUR_COMMUNE: day_quota},
    )


def wall_clock(at: datetime) -> datetime:
    """An instant as the planner's naive Vietnamese time."""
    return to_local(at).replace(tzinfo=None)


def instant(local: datetime) -> datetime:
    """The planner's naive Vietnamese time as an instant."""
    return from_local(local.date(), local.time())


def key(number: int) -> str:
    """An id as the planner's text; the texts sort as the numbers do."""
    return f"{number:09d}"


def planner_window(window: Window) -> shapes.Window:
    """A window as the planner meets it."""
    start, end = wall_clock(window.start_at), wall_clock(window.end_at)
    return shapes.Window(key(window.id), ANY_STATION, start, end, window.line_count)


def planner_member(member_id: int, birth_year: int | None, campaign: Campaign) -> shapes.PlanMember:
    """A member as the planner meets them; the age is that of the campaign's year."""
    return shapes.PlanMember(key(member_id), None if birth_year is None else campaign.starts_on.year - birth_year)


def is_elderly_born(birth_year: int | None, campaign: Campaign) -> bool:
    """Whether somebody born in a year counts as elderly in a campaign."""
    return is_elderly(planner_member(0, birth_year, campaign), shapes.Params())


def work_of(member: shapes.PlanMember, params: shapes.Params) -> int:
    """Expected work of one member.

    Units: hundredths of a line-minute.
    """
    return member_work(is_elderly(member, params), params)


def line_minutes(work: int) -> int:
    """Work in whole line-minutes, rounded up."""
    return ceil(work / HUNDREDTHS)


def room(window: Window) -> int:
    """Work that can still be booked into a window; never negative."""
    return max(0, window.capacity_work - window.booked_work)


def kept_room(campaign: Campaign, window: Window) -> int:
    """The part of a window's room that no plan fills: it is kept for members who must come again."""
    return min(room(window), reserved_work(window.capacity_work, campaign.reserve_percent))


def queue_minutes(window: shapes.Window, arrivals: Iterable[tuple[datetime, int]]) -> float:
    """The longest wait that these arrivals alone would cause, if everybody came on time and took the expected minutes.

    Shapes: pairs of arrival and work.
    """
    if window.lines <= 0:
        return 0.0
    longest, free_at = 0.0, 0.0
    for at, work in sorted(arrivals):
        minute = (at - window.start).total_seconds() / 60
        longest = max(longest, free_at - minute)
        free_at = max(free_at, minute) + work / (HUNDREDTHS * window.lines)
    return longest
