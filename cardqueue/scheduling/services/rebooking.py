"""One member at a time: a new appointment in the next fitting gap, and cancelling one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from cardqueue.cases.models import CaseState, PendingReason
from cardqueue.cases.rules import may_be_invited
from cardqueue.cases.services import get_case
from cardqueue.core.audit import record
from cardqueue.core.errors import Conflict, Refused
from cardqueue.organisation.models import Campaign
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment, AppointmentState
from cardqueue.scheduling.queries import appointments_in_force, gap_in, places_for, work_for
from cardqueue.scheduling.services.ledger import (
    Seat,
    drop_empty_blocks,
    end_appointments,
    lock_stations,
    require_open,
    seat_members,
)


def rebook_member(
    session: Session,
    campaign: Campaign,
    member: Member,
    *,
    at: datetime,
    after_at: datetime,
    window_id: int | None = None,
    seen_arrive_at: datetime | None = None,
) -> Appointment:
    """Give a member the next place from `after_at` on, in a window of choice or in any; the old appointment is moved.

    `seen_arrive_at` is the place that the person was shown: another one is not taken silently.

    Raises: Refused("MEMBER_DONE"), Refused("MEMBER_BLOCKED") with the reason (settle it first),
    Refused("MEMBER_NOT_COUNTED"), Refused("NO_GAP"), Conflict("GAP_JUST_TAKEN"), Refused("PLANNING_CLOSED"),
    NotFound("CASE_NOT_FOUND").
    """
    require_open(campaign)
    case = get_case(session, campaign.id, member.id)
    require_invitable(CaseState(case.state), PendingReason(case.reason) if case.reason else None, case.is_counted)
    lock_stations(session, member.committee_id)
    places = places_for(session, campaign, member, at, window_id=window_id)
    gap = gap_in(campaign, places, member, max(at, after_at), window_id=window_id, reserve_first=seen_arrive_at is None)
    if seen_arrive_at is not None and (gap is None or gap.arrive_at != seen_arrive_at):
        raise Conflict("GAP_JUST_TAKEN")
    if gap is None:
        raise Refused("NO_GAP")
    old = appointments_in_force(session, campaign.id, [member.id]).get(member.id)
    before = {"arrive_at": old.arrive_at.isoformat(), "station": old.station_id} if old else None
    old_block = old.block_id if old else None
    seat = Seat(member.id, gap.window, gap.arrive_at, work_for(campaign, member, places.minutes))
    new = seat_members(session, campaign.id, [seat], at=at).appointments[member.id]
    if old_block is not None:
        drop_empty_blocks(session, [old_block])
    record(
        session,
        "scheduling.rebook",
        f"member:{member.id}",
        before=before,
        after={"arrive_at": new.arrive_at.isoformat(), "station": new.station_id},
        committee_id=member.committee_id,
        station_id=new.station_id,
    )
    return new


def cancel_appointment(session: Session, appointment: Appointment, *, at: datetime) -> None:
    """Take a member's appointment out of the plan; nothing happens to one that is no longer active."""
    committee_id = appointment.member.committee_id
    lock_stations(session, committee_id)
    session.refresh(appointment)
    if appointment.state != AppointmentState.ACTIVE:
        return
    block_id = appointment.block_id
    end_appointments(session, [appointment], at=at)
    if block_id is not None:
        drop_empty_blocks(session, [block_id])
    record(
        session,
        "scheduling.cancel",
        f"member:{appointment.member_id}",
        before={"arrive_at": appointment.arrive_at.isoformat(), "station": appointment.station_id},
        committee_id=committee_id,
        station_id=appointment.station_id,
    )


def require_invitable(state: CaseState, reason: PendingReason | None, is_counted: bool) -> None:
    """Let only members be invited for whom coming makes sense.

    Raises: Refused("MEMBER_NOT_COUNTED"), Refused("MEMBER_DONE"), Refused("MEMBER_BLOCKED").
    """
    if not is_counted:
        raise Refused("MEMBER_NOT_COUNTED")
    if state is CaseState.DONE:
        raise Refused("MEMBER_DONE")
    if not may_be_invited(state, reason, is_counted):
        raise Refused("MEMBER_BLOCKED", reason=reason)
