"""Timed work of the plan: places that nobody will take go back to the windows."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cardqueue.cases.models import Case, CaseState
from cardqueue.core.jobs import every
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment, AppointmentState
from cardqueue.scheduling.services import cancel_appointment

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
