"""Whether people fit into a window by hand, and when each of them would come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from cardqueue.organisation.models import Campaign, Window
from cardqueue.scheduling.planner import free_time, shapes
from cardqueue.scheduling.planner.work import HUNDREDTHS
from cardqueue.scheduling.rules.measures import (
    ANY_STATION,
    OUR_COMMUNE,
    instant,
    key,
    planner_member,
    planner_params,
    planner_rules,
    planner_window,
    wall_clock,
    work_of,
)
from cardqueue.scheduling.rules.planning import Booked, Guest, stays


@dataclass(frozen=True, slots=True)
class Fit:
    """A party as it would be booked: arrivals and work by member, the end of its turn, and what it shares and leaves.

    Units: works in hundredths of a line-minute; `overlap_minutes` are shared with other blocks.
    """

    window: Window
    start_at: datetime
    end_at: datetime
    members: tuple[int, ...]
    arrivals: tuple[datetime, ...]
    works: tuple[int, ...]
    left_work: int
    overlap_minutes: int


@dataclass(frozen=True, slots=True)
class NoFit:
    """Why not: the planner's code, the missing work or the members too many, and how many of the party would fit."""

    window: Window
    code: free_time.No
    missing_work: int
    members_that_fit: int


@dataclass(frozen=True, slots=True)
class DayQuota:
    """How many members of a committee may come to a station on a day, and how many others of it come already."""

    most: int
    invited: int


def try_window(
    campaign: Campaign,
    window: Window,
    guests: Sequence[Guest],
    booked: Sequence[Booked],
    *,
    minutes: float,
    start_at: datetime | None = None,
    unavailable_dates: frozenset[date] = frozenset(),
    day_quota: DayQuota | None = None,
) -> Fit | NoFit:
    """Whether a party fits into a window beside what is booked there, at a time or in the first gap that holds it.

    `unavailable_dates` are the days on which its cell cannot come. Units: `minutes` of one line per member.
    """
    params, rules = planner_params(minutes), planner_rules(campaign, day_quota.most if day_quota else None)
    people = {guest.member_id: planner_member(guest.member_id, guest.birth_year, campaign) for guest in guests}
    answer = free_time.check_block(
        shapes.Cell("party", OUR_COMMUNE, ANY_STATION, tuple(people.values()), unavailable_dates=unavailable_dates),
        planner_window(window),
        [block for _, block in stays(booked, [window], campaign, params)],
        params,
        rules,
        at=None if start_at is None else wall_clock(start_at),
        invited_that_day=day_quota.invited if day_quota else 0,
    )
    if isinstance(answer, free_time.Refuse):
        return NoFit(window, answer.code, answer.amount, answer.members_that_fit)
    members = tuple(int(member) for member in answer.block.members)
    return Fit(
        window=window,
        start_at=instant(answer.block.start),
        end_at=instant(answer.block.end),
        members=members,
        arrivals=tuple(instant(at) for at in answer.block.arrivals),
        works=tuple(work_of(people[member], params) for member in members),
        left_work=answer.left_work,
        overlap_minutes=answer.overlap_minutes,
    )


def next_gap(
    campaign: Campaign,
    windows: Sequence[Window],
    guest: Guest,
    booked: Sequence[Booked],
    *,
    minutes: float,
    after_at: datetime,
    reserve_first: bool = True,
) -> tuple[Window, datetime] | None:
    """The first time from `after_at` on at which one more person can come to one of the windows.

    In a window, what is kept for such people comes before all else; not so for a place that was found already.
    """
    params = planner_params(minutes)
    taken: dict[str, list[datetime]] = {}
    for other in booked:
        taken.setdefault(key(other.window_id), []).append(wall_clock(other.arrive_at))
    work = work_of(planner_member(guest.member_id, guest.birth_year, campaign), params)
    gap = free_time.next_gap(
        [planner_window(window) for window in windows],
        taken,
        work / HUNDREDTHS,
        wall_clock(after_at),
        params,
        planner_rules(campaign) if reserve_first else replace(planner_rules(campaign), reserve_frac=0.0),
    )
    if gap is None:
        return None
    window = next(window for window in windows if key(window.id) == gap.window)
    return window, instant(gap.arrive)
