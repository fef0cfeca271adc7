"""Reads behind booking by hand: who is to be placed, and where there is room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from cardqueue.cases.models import CaseState
from cardqueue.organisation.models import Campaign, Cell, Window
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Block
from cardqueue.scheduling.queries.appointments import booked_in
from cardqueue.scheduling.queries.blocks import appointments_of_block
from cardqueue.scheduling.queries.pace import committee_minutes
from cardqueue.scheduling.queries.plans import Standing, list_open_windows, list_standings
from cardqueue.scheduling.queries.quotas import quotas_of
from cardqueue.scheduling.queries.wishes import find_wish, wishes_from
from cardqueue.scheduling.rules.by_hand import Fit, NoFit, next_gap, try_window
from cardqueue.scheduling.rules.measures import planner_member, planner_params, room, work_of
from cardqueue.scheduling.rules.planning import Booked, Guest


@dataclass(frozen=True, slots=True)
class Gap:
    """A place that a member could have."""

    window: Window
    arrive_at: datetime


@dataclass(frozen=True, slots=True)
class Places:
    """Where one more person may come: windows with room, who else comes there, and the minutes per member."""

    windows: list[Window]
    booked: list[Booked]
    minutes: float


def gaps_for(session: Session, campaign: Campaign, member: Member, *, at: datetime, after_at: datetime) -> list[Gap]:
    """The first place for a member in each window that still has one, the earliest first."""
    places = places_for(session, campaign, member, at)
    gaps = []
    for window in places.windows:
        found = gap_in(campaign, places, member, max(at, after_at), window_id=window.id)
        if found is not None:
            gaps.append(found)
    return gaps


def party_of_cell(session: Session, campaign: Campaign, cell: Cell, *, at: datetime) -> list[Standing]:
    """The members of a cell who could be invited and have no time yet."""
    standings = list_standings(session, campaign.id, cell.committee_id, at=at, cell_id=cell.id)
    return [standing for standing in standings if standing.is_waiting]


def party_of_block(session: Session, block: Block, *, at: datetime) -> list[Standing]:
    """The members who come with a block and are not done."""
    coming = {appointment.member_id for appointment in appointments_of_block(session, block.id)}
    standings = list_standings(session, block.campaign_id, block.cell.committee_id, at=at)
    return [s for s in standings if s.member_id in coming and s.state is not CaseState.DONE]


def options_by_hand(
    session: Session,
    campaign: Campaign,
    committee_id: int,
    party: list[Standing],
    *,
    at: datetime,
    start_at: datetime | None = None,
    window_id: int | None = None,
) -> list[Fit | NoFit]:
    """For every window that has not begun, or for one: whether a party fits, and when each of its members would come.

    The party is of one cell; its own appointments do not stand in its way.
    """
    windows = [
        window
        for window in list_open_windows(session, campaign.id, committee_id, at=at)
        if window.start_at > at and window_id in (None, window.id)
    ]
    ids = {standing.member_id for standing in party}
    booked = [b for b in booked_in(session, [window.id for window in windows]) if b.member_id not in ids]
    quotas = quotas_of(session, campaign.id, committee_id, without=ids)
    guests = [Guest(standing.member_id, standing.birth_year) for standing in party]
    wish = find_wish(session, campaign.id, party[0].cell_id) if party else None
    minutes = committee_minutes(session, campaign, committee_id)
    return [
        try_window(
            campaign,
            window,
            guests,
            [b for b in booked if b.window_id == window.id],
            minutes=minutes,
            start_at=start_at,
            unavailable_dates=wishes_from(wish).unavailable_dates if wish else frozenset(),
            day_quota=quotas.of(window),
        )
        for window in windows
    ]


def places_for(
    session: Session, campaign: Campaign, member: Member, at: datetime, *, window_id: int | None = None
) -> Places:
    """Windows with room for the member, all or the one of choice, and who else comes there."""
    minutes = committee_minutes(session, campaign, member.committee_id)
    work = work_for(campaign, member, minutes)
    windows = list_open_windows(session, campaign.id, member.committee_id, at=at)
    windows = [window for window in windows if window_id in (None, window.id)]
    booked = booked_in(session, [window.id for window in windows])
    own = {b.window_id: b.work for b in booked if b.member_id == member.id}
    quotas = quotas_of(session, campaign.id, member.committee_id, without=[member.id])
    fitting = [w for w in windows if room(w) + own.get(w.id, 0) >= work and not quotas.is_full(w)]
    return Places(fitting, [b for b in booked if b.member_id != member.id], minutes)


def gap_in(
    campaign: Campaign,
    places: Places,
    member: Member,
    after_at: datetime,
    *,
    window_id: int | None = None,
    reserve_first: bool = True,
) -> Gap | None:
    """The member's first place in a window of choice or in any at a station, beside who else comes there."""
    windows = [w for w in places.windows if (not w.is_mobile if window_id is None else w.id == window_id)]
    guest = Guest(member.id, member.birth_year)
    found = next_gap(
        campaign,
        windows,
        guest,
        places.booked,
        minutes=places.minutes,
        after_at=after_at,
        reserve_first=reserve_first,
    )
    return None if found is None else Gap(*found)


def work_for(campaign: Campaign, member: Member, minutes: float) -> int:
    """The member's expected work in hundredths of a line-minute. Units: `minutes` of one line per member."""
    return work_of(planner_member(member.id, member.birth_year, campaign), planner_params(minutes))
