"""Timed work of the plan: places that nobody will take go back to the windows; each evening, make-ups are proposed."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cardqueue.cases.models import Case, CaseState
from cardqueue.core.jobs import every, finish_once
from cardqueue.organisation.models import Campaign, Window, campaign_committee, committee_station
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment, AppointmentState
from cardqueue.scheduling.rules.make_ups import day_to_settle
from cardqueue.scheduling.services import cancel_appointment, propose_make_ups

# An outcome at the counter can be taken back for a minute; until then the place stays the member's.
SETTLED_MINUTES = 5


@every(minutes=1)
def release_places(session: Session, at: datetime) -> int:
    """Cancel coming appointments of members who are done already, left the list, or no longer count.

    Roster and counter stand on other sides of the plan and do not book; what they change shows here within a minute.
    """
    gone = sa.or_(
        Member.removed_at.is_not(None),
        ~Case.is_counted,
        sa.and_(Case.state == CaseState.DONE, Case.done_at < at - timedelta(minutes=SETTLED_MINUTES)),
    )
    appointments = session.scalars(
        sa.select(Appointment)
        .join(Appointment.member)
        .join(Case, sa.and_(Case.campaign_id == Appointment.campaign_id, Case.member_id == Appointment.member_id))
        .options(joinedload(Appointment.member))
        .where(Appointment.state == AppointmentState.ACTIVE, Appointment.arrive_at > at, gone)
        .order_by(Appointment.id)
    ).all()
    for appointment in appointments:
        cancel_appointment(session, appointment, at=at)
    return len(appointments)


@every(minutes=5, in_pieces=True)
def propose_times(session: Session, at: datetime) -> int:
    """Propose times to those who must come again, one committee at a time; 1 while there was one left.

    Once per campaign, committee and day, when the day's last window is over: after a pause, for the last such day.
    """
    for campaign_id, committee_id, ends in _ends_by_committee(session, at):
        key = f"{campaign_id}:{committee_id}:{day_to_settle(ends, at).isoformat()}"
        if finish_once(session, "scheduling.make_ups", key, at):
            propose_make_ups(session, session.get_one(Campaign, campaign_id), committee_id, at=at)
            return 1
    return 0


def _ends_by_committee(session: Session, at: datetime) -> list[tuple[int, int, list[datetime]]]:
    """Open campaigns and their committees, with the ends of the windows of these days."""
    rows = session.execute(
        sa.select(campaign_committee.c.campaign_id, campaign_committee.c.committee_id, Window.end_at)
        .join(Campaign, Campaign.id == campaign_committee.c.campaign_id)
        .outerjoin(committee_station, committee_station.c.committee_id == campaign_committee.c.committee_id)
        .outerjoin(
            Window,
            sa.and_(
                Window.campaign_id == campaign_committee.c.campaign_id,
                Window.station_id == committee_station.c.station_id,
                Window.end_at > at - timedelta(days=1),
                Window.end_at < at + timedelta(days=1),
            ),
        )
        .where(Campaign.closed_at.is_(None))
        .order_by(campaign_committee.c.campaign_id, campaign_committee.c.committee_id)
    )
    ends: dict[tuple[int, int], list[datetime]] = {}
    for campaign_id, committee_id, end_at in rows:
        found = ends.setdefault((campaign_id, committee_id), [])
        if end_at is not None:
            found.append(end_at)
    return [(campaign_id, committee_id, found) for (campaign_id, committee_id), found in ends.items()]
