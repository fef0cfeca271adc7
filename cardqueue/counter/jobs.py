"""Timed work of the counter: who did not come becomes pending; who was served tells how long one member takes."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from cardqueue.cases.models import Case, CaseState, PendingReason
from cardqueue.cases.services import open_case
from cardqueue.core.jobs import every
from cardqueue.counter.models import Visit
from cardqueue.counter.queries import list_served
from cardqueue.counter.rules import CAPTURED, UNDO_SECONDS
from cardqueue.organisation.models import Campaign, Window
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment, AppointmentState, StationPace
from cardqueue.scheduling.services import learn

# Whoever is late is still taken; only when the counter has surely packed up is somebody called absent.
GRACE_MINUTES = 30


@every(minutes=5)
def mark_no_shows(session: Session, at: datetime) -> int:
    """Make members pending as NO_SHOW whose window is over and who did not come that day; returns how many.

    Each appointment is looked at until it is marked, so a pause of any length loses nobody; a marked one is never
    looked at again, so running twice, or after somebody settled the case, does nothing.
    """
    came = (
        sa.select(Visit.id)
        .where(
            Visit.campaign_id == Appointment.campaign_id,
            Visit.member_id == Appointment.member_id,
            Visit.day_on == Appointment.day_on,
        )
        .exists()
    )
    rows = session.execute(
        sa.select(Appointment, Case)
        .join(Window, Window.id == Appointment.window_id)
        .join(Campaign, Campaign.id == Appointment.campaign_id)
        .join(Case, sa.and_(Case.campaign_id == Appointment.campaign_id, Case.member_id == Appointment.member_id))
        .join(Case.member)
        .options(contains_eager(Case.member))
        .where(
            Appointment.state == AppointmentState.ACTIVE,
            Appointment.missed_at.is_(None),
            Window.end_at <= at - timedelta(minutes=GRACE_MINUTES),
            Campaign.closed_at.is_(None),
            Case.state != CaseState.DONE,
            Case.is_counted,
            Member.removed_at.is_(None),
            ~came,
        )
        .order_by(Appointment.id)
        .with_for_update(of=[Appointment, Case])
    )
    absent = 0
    for appointment, case in rows.all():
        appointment.missed_at = at
        # Somebody already pending for a reason of their own (weak health, wrong information) keeps it.
        if case.state == CaseState.NOT_YET:
            open_case(session, case, PendingReason.NO_SHOW, at=at)
            absent += 1
    session.flush()
    return absent


@every(minutes=1)
def learn_minutes(session: Session, at: datetime) -> int:
    """Refine each station's minutes per member by the members finished since the last time; returns how many.

    Only what can no longer be undone is learned from.
    """
    until = at - timedelta(seconds=UNDO_SECONDS)
    learned = 0
    for campaign, station_id, since in _measured_stations(session, until):
        served = list_served(session, campaign, station_id, since=since, until=until)
        if served:
            learn(session, campaign, station_id, served, until=until)
        learned += len(served)
    return learned


def _measured_stations(session: Session, until: datetime) -> list[tuple[Campaign, int, datetime | None]]:
    """Open campaigns with the stations where somebody was finished after what was learned last."""
    rows = session.execute(
        sa.select(Visit.campaign_id, Visit.station_id, StationPace.learned_at)
        .join(Campaign, Campaign.id == Visit.campaign_id)
        .outerjoin(
            StationPace,
            sa.and_(StationPace.campaign_id == Visit.campaign_id, StationPace.station_id == Visit.station_id),
        )
        .where(
            Campaign.closed_at.is_(None),
            Visit.outcome == CAPTURED,
            Visit.closed_at <= until,
            sa.or_(StationPace.learned_at.is_(None), Visit.closed_at > StationPace.learned_at),
        )
        .distinct()
        .order_by(Visit.campaign_id, Visit.station_id)
    ).all()
    return [(session.get_one(Campaign, row.campaign_id), row.station_id, row.learned_at) for row in rows]
