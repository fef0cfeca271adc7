"""Make-ups: proposing times to members who must come again, and booking those that a person accepts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.cases.models import Case
from cardqueue.core.audit import record
from cardqueue.core.errors import Conflict, Refused
from cardqueue.organisation.models import Campaign
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import MakeUp
from cardqueue.scheduling.queries import booked_in, committee_minutes, list_open_windows, quotas_of, wishes_of_committee
from cardqueue.scheduling.queries.make_ups import list_candidates, list_make_ups
from cardqueue.scheduling.rules.make_ups import Candidate, Offer, earliest_at, offers
from cardqueue.scheduling.services.ledger import lock_stations, require_open
from cardqueue.scheduling.services.rebooking import rebook_member


class Answer(StrEnum):
    """What became of one proposed time that a person accepted."""

    BOOKED = "booked"
    TAKEN = "taken"
    """Somebody took the place meanwhile, or the proposal was renewed: another time is proposed."""
    NO_PLACE = "no_place"
    NOT_WAITING = "not_waiting"
    """The member has a time, is done, or can no longer be invited."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One member's answer; `arrive_at` is the time booked, or the one proposed instead."""

    member_id: int
    full_name: str
    answer: Answer
    arrive_at: datetime | None = None


def propose_make_ups(session: Session, campaign: Campaign, committee_id: int, *, at: datetime) -> int:
    """Propose a time to everybody of a committee who must come again, in place of what was proposed before.

    Nothing is booked and nobody is told. Returns how many have a time proposed.

    Raises: Refused("PLANNING_CLOSED").
    """
    require_open(campaign)
    lock_stations(session, committee_id)
    for old in list_make_ups(session, campaign.id, committee_id):
        session.delete(old)
    session.flush()
    waiting = list_candidates(session, campaign, committee_id, at=at)
    invited = [one for one in waiting if not one.is_visited]
    made = _offers(session, campaign, committee_id, invited, [], at)
    ranks = {one.member_id: rank for rank, one in enumerate(invited, start=1)}
    session.add_all(_row(campaign, offer, ranks[offer.candidate.member_id], at) for offer in made)
    session.flush()
    counts = {"proposed": len(made), "without_place": len(invited) - len(made), "at_home": len(waiting) - len(invited)}
    record(session, "scheduling.propose_make_ups", f"campaign:{campaign.id}", after=counts, committee_id=committee_id)
    return len(made)


def accept_make_ups(
    session: Session, campaign: Campaign, committee_id: int, chosen: Mapping[int, datetime], *, at: datetime
) -> list[Outcome]:
    """Book proposed times, each for itself; where a place is gone, the next free one is proposed.

    Shapes: `chosen` are the times that the person saw, by member. Members of other committees are passed over.

    Raises: Refused("NO_TIME_CHOSEN"), Refused("PLANNING_CLOSED").
    """
    require_open(campaign)
    members = _locked_members(session, campaign, committee_id, chosen)
    if not members:
        raise Refused("NO_TIME_CHOSEN")
    lock_stations(session, committee_id)
    rows = {row.member_id: row for row in list_make_ups(session, campaign.id, committee_id)}
    waiting = {one.member_id: one for one in list_candidates(session, campaign, committee_id, at=at)}
    outcomes: dict[int, Outcome] = {}
    lost: list[MakeUp] = []
    for member in sorted(members, key=lambda m: (rows[m.id].rank if m.id in rows else 0, m.id)):
        row = rows.get(member.id)
        if member.id not in waiting or row is None:
            outcomes[member.id] = Outcome(member.id, member.full_name, Answer.NOT_WAITING)
            if row is not None:
                session.delete(row)
        elif row.arrive_at != chosen[member.id]:
            outcomes[member.id] = Outcome(member.id, member.full_name, Answer.TAKEN, row.arrive_at)
        elif _book(session, campaign, member, row, at):
            outcomes[member.id] = Outcome(member.id, member.full_name, Answer.BOOKED, row.arrive_at)
            session.delete(row)
        else:
            lost.append(row)
            outcomes[member.id] = Outcome(member.id, member.full_name, Answer.NO_PLACE)
    session.flush()
    if lost:
        gone = {row.member_id for row in lost} | {o.member_id for o in outcomes.values() if o.answer is Answer.BOOKED}
        kept = [row for row in rows.values() if row.member_id in waiting and row.member_id not in gone]
        for new in _propose_again(session, campaign, committee_id, lost, kept, waiting, at):
            member_id = new.candidate.member_id
            outcomes[member_id] = Outcome(member_id, new.candidate.full_name, Answer.TAKEN, new.arrive_at)
    counts = {answer.value: sum(o.answer is answer for o in outcomes.values()) for answer in Answer}
    record(session, "scheduling.accept_make_ups", f"campaign:{campaign.id}", after=counts, committee_id=committee_id)
    return list(outcomes.values())


def _locked_members(
    session: Session, campaign: Campaign, committee_id: int, member_ids: Mapping[int, datetime]
) -> list[Member]:
    """The chosen members of the committee; their cases are held before the stations, as rebooking one member does."""
    return list(
        session.scalars(
            sa.select(Member)
            .join(Case, sa.and_(Case.member_id == Member.id, Case.campaign_id == campaign.id))
            .where(Member.id.in_(member_ids), Member.committee_id == committee_id)
            .order_by(Case.id)
            .with_for_update(of=Case)
        )
    )


def _book(session: Session, campaign: Campaign, member: Member, row: MakeUp, at: datetime) -> bool:
    try:
        with session.begin_nested():
            rebook_member(
                session,
                campaign,
                member,
                at=at,
                after_at=row.arrive_at,
                window_id=row.window_id,
                seen_arrive_at=row.arrive_at,
            )
    except Conflict:
        return False
    return True


def _propose_again(
    session: Session,
    campaign: Campaign,
    committee_id: int,
    lost: Sequence[MakeUp],
    kept: Sequence[MakeUp],
    waiting: Mapping[int, Candidate],
    at: datetime,
) -> list[Offer]:
    """The next free places of members whose own are gone, beside those that are still proposed to others."""
    held = [Offer(waiting[row.member_id], row.window_id, row.arrive_at, row.is_good_hour) for row in kept]
    again = [waiting[row.member_id] for row in lost]
    ranks = {row.member_id: row.rank for row in lost}
    for row in lost:
        session.delete(row)
    session.flush()
    made = _offers(session, campaign, committee_id, again, held, at)
    session.add_all(_row(campaign, offer, ranks[offer.candidate.member_id], at) for offer in made)
    session.flush()
    return made


def _offers(
    session: Session,
    campaign: Campaign,
    committee_id: int,
    candidates: Sequence[Candidate],
    kept: Sequence[Offer],
    at: datetime,
) -> list[Offer]:
    after_at = earliest_at(at)
    # A round of the mobile team is for those who live where it goes.
    windows = [
        window
        for window in list_open_windows(session, campaign.id, committee_id, at=after_at)
        if window.line_count and not window.is_mobile
    ]
    wishes = wishes_of_committee(session, campaign.id, committee_id)
    quotas = quotas_of(session, campaign.id, committee_id, without=[one.member_id for one in candidates])
    return offers(
        campaign,
        windows,
        candidates,
        booked_in(session, [window.id for window in windows]),
        minutes=committee_minutes(session, campaign, committee_id),
        after_at=after_at,
        unavailable={cell_id: wish.unavailable_dates for cell_id, wish in wishes.items()},
        kept=kept,
        spare=quotas.spare(windows),
    )


def _row(campaign: Campaign, offer: Offer, rank: int, at: datetime) -> MakeUp:
    return MakeUp(
        campaign_id=campaign.id,
        member_id=offer.candidate.member_id,
        window_id=offer.window_id,
        arrive_at=offer.arrive_at,
        rank=rank,
        waiting_since_at=offer.candidate.waiting_since_at,
        is_good_hour=offer.is_good_hour,
        created_at=at,
    )
