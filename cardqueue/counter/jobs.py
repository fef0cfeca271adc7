"""Timed work of the counter: after a window, members who did not come become pending."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from cardqueue.cases.models import Case, CaseState, PendingReason
from cardqueue.cases.services import open_case
from cardqueue.core.jobs import every
from cardqueue.counter.models import Visit
from cardqueue.organisation.models import Campaign, Window
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment, AppointmentState

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
