"""A station's day at the counter: appointments, and people who have come."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.accounts.models import User
from cardqueue.cases.models import Case
from cardqueue.counter.models import Stage, StageKind, Visit
from cardqueue.counter.services import Desk
from cardqueue.lib.clock import to_local
from cardqueue.lib.slip_code import new_code
from cardqueue.organisation.models import Station
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment, AppointmentState
from tests.factories.people import Town

_codes = random.Random(20300809)


def make_appointment(
    session: Session,
    town: Town,
    member: Member,
    arrive_at: datetime,
    *,
    state: AppointmentState = AppointmentState.ACTIVE,
    station: Station | None = None,
) -> Appointment:
    """A member's appointment; its queue number is the member's id."""
    appointment = Appointment(
        campaign_id=town.campaign.id,
        member_id=member.id,
        station_id=(station or town.station).id,
        window_id=town.windows[0].id,
        code=new_code(_codes),
        arrive_at=arrive_at,
        day_on=to_local(arrive_at).date(),
        queue_number=member.id,
        work=400,
        state=state,
        created_at=arrive_at - timedelta(days=7),
    )
    session.add(appointment)
    session.flush()
    return appointment


def make_waiting(session: Session, town: Town, member: Member, due_at: datetime, *, since_at: datetime) -> Visit:
    """A member who has been checked in and waits."""
    visit = Visit(
        campaign_id=town.campaign.id,
        member_id=member.id,
        station_id=town.station.id,
        day_on=to_local(since_at).date(),
        due_at=due_at,
        checked_in_at=since_at,
    )
    visit.stages = [Stage(kind=StageKind.WAITING, started_at=since_at)]
    session.add(visit)
    session.flush()
    return visit


def desk_of(session: Session, town: Town, *, line: int | None = 0, role: str = "officer") -> Desk:
    """The desk of a town's officer, at one of the station's lines."""
    officer_id = session.scalars(sa.select(User.id).where(User.username == f"{town.prefix}.{role}")).one()
    return Desk(town.station.id, officer_id, None if line is None else town.station.lines[line].id)


def case_of(session: Session, town: Town, member: Member) -> Case:
    """The member's case as the database has it now."""
    return session.scalars(
        sa.select(Case)
        .where(Case.campaign_id == town.campaign.id, Case.member_id == member.id)
        .execution_options(populate_existing=True)
    ).one()
