"""Appointments for tests, written straight into the tables: what a published plan would leave."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from cardqueue.lib.clock import now_at, to_local
from cardqueue.lib.slip_code import new_code
from cardqueue.organisation.models import Window
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment, AppointmentState, Block
from tests.factories.people import Town

WORK = 400
CODES = random.Random(20300809)


def make_appointment(
    session: Session,
    town: Town,
    member: Member,
    arrive_at: datetime,
    *,
    number: int,
    block: Block | None = None,
    window: Window | None = None,
    created_at: datetime | None = None,
) -> Appointment:
    """A member's appointment in the first window; without a block it was booked singly."""
    chosen = window or town.windows[0]
    appointment = Appointment(
        campaign_id=town.campaign.id,
        member_id=member.id,
        station_id=chosen.station_id,
        window_id=chosen.id,
        block_id=block.id if block else None,
        code=new_code(CODES),
        arrive_at=arrive_at,
        day_on=to_local(arrive_at).date(),
        queue_number=number,
        work=WORK,
        state=AppointmentState.ACTIVE,
        created_at=created_at or now_at(),
    )
    session.add(appointment)
    session.flush()
    return appointment


def invite(
    session: Session, town: Town, members: Sequence[Member], *, window: Window | None = None, first_number: int = 1
) -> list[Appointment]:
    """A block for members of one cell, five minutes apart from the window's start; not committed."""
    chosen = window or town.windows[0]
    at = now_at()
    block = Block(
        campaign_id=town.campaign.id,
        cell_id=members[0].cell_id,
        window_id=chosen.id,
        start_at=chosen.start_at,
        end_at=chosen.end_at,
    )
    session.add(block)
    session.flush()
    return [
        make_appointment(
            session,
            town,
            member,
            chosen.start_at + timedelta(minutes=5 * n),
            number=first_number + n,
            block=block,
            window=chosen,
            created_at=at,
        )
        for n, member in enumerate(members)
    ]


def move(
    session: Session,
    town: Town,
    appointment: Appointment,
    arrive_at: datetime,
    *,
    number: int,
    block: Block | None = None,
    window: Window | None = None,
    at: datetime | None = None,
) -> Appointment:
    """Give a member another appointment in place of one; the old row stays and points to it. Not committed."""
    moved_at = at or now_at()
    end(session, appointment, AppointmentState.MOVED, at=moved_at)
    member = session.get_one(Member, appointment.member_id)
    made = make_appointment(
        session, town, member, arrive_at, number=number, block=block, window=window, created_at=moved_at
    )
    appointment.replaced_by_id = made.id
    session.flush()
    return made


def end(session: Session, appointment: Appointment, state: AppointmentState, *, at: datetime | None = None) -> None:
    """Put an appointment out of force; not committed."""
    appointment.state, appointment.ended_at = state, at or now_at()
    session.flush()
