"""Reads of appointments; other features ask here when a member comes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cardqueue.organisation.models import Window
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment, AppointmentState
from cardqueue.scheduling.rules.dividing import Coming
from cardqueue.scheduling.rules.planning import Booked


def appointments_in_force(
    session: Session, campaign_id: int, member_ids: Collection[int] | None = None, *, at: datetime | None = None
) -> dict[int, Appointment]:
    """The active appointments of a campaign by member, of everybody or of some members.

    With `at`, only those whose window has not ended by then: an appointment that was missed is active until it is
    replaced, but nobody can keep it any more.
    """
    query = sa.select(Appointment).where(
        Appointment.campaign_id == campaign_id, Appointment.state == AppointmentState.ACTIVE
    )
    if member_ids is not None:
        query = query.where(Appointment.member_id.in_(member_ids))
    if at is not None:
        query = query.join(Appointment.window).where(Window.end_at > at)
    # Read again after a lock was taken: what was loaded before may be an old story.
    query = query.execution_options(populate_existing=True)
    return {appointment.member_id: appointment for appointment in session.scalars(query)}


def earliest_appointment_by_member(
    session: Session, campaign_id: int, member_ids: Collection[int], *, at: datetime
) -> dict[int, datetime]:
    """When each member comes next; members whom nobody expects any more are absent."""
    found = appointments_in_force(session, campaign_id, member_ids, at=at)
    return {member_id: appointment.arrive_at for member_id, appointment in found.items()}


def appointments_of_day(session: Session, station_id: int, day_on: date) -> list[Appointment]:
    """Who is expected at a station on a day, of all its committees, in the order of arrival; with member and cell."""
    return list(
        session.scalars(
            sa.select(Appointment)
            .options(joinedload(Appointment.member).joinedload(Member.cell))
            .where(
                Appointment.station_id == station_id,
                Appointment.day_on == day_on,
                Appointment.state == AppointmentState.ACTIVE,
            )
            .order_by(Appointment.arrive_at, Appointment.queue_number)
        )
    )


def find_by_code(session: Session, code: str) -> Appointment | None:
    """The appointment of a slip's code, whatever became of it; with member, cell, station and window."""
    return session.scalar(
        sa.select(Appointment)
        .options(
            joinedload(Appointment.member).joinedload(Member.cell),
            joinedload(Appointment.station),
            joinedload(Appointment.window),
        )
        .where(Appointment.code == code)
    )


def newest_of(session: Session, appointment: Appointment) -> Appointment:
    """What became of an appointment at last: the end of the chain of those that replaced it, else itself."""
    seen = {appointment.id}
    while appointment.replaced_by_id is not None and appointment.replaced_by_id not in seen:
        seen.add(appointment.replaced_by_id)
        following = session.get(Appointment, appointment.replaced_by_id)
        if following is None:
            break
        appointment = following
    return appointment


def coming_to(session: Session, window_id: int) -> list[Coming]:
    """When everybody comes who is expected in a window, and how much work each is."""
    rows = session.execute(
        sa.select(Appointment.arrive_at, Appointment.work)
        .where(Appointment.window_id == window_id, Appointment.state == AppointmentState.ACTIVE)
        .order_by(Appointment.arrive_at, Appointment.id)
    )
    return [Coming(row.arrive_at, row.work) for row in rows]


def booked_in(session: Session, window_ids: Collection[int]) -> list[Booked]:
    """All active appointments of some windows, of every committee, in the order of arrival."""
    rows = session.execute(
        sa.select(
            Appointment.id,
            Appointment.member_id,
            Member.birth_year,
            Member.cell_id,
            Appointment.window_id,
            Appointment.block_id,
            Appointment.arrive_at,
            Appointment.work,
            Member.committee_id,
        )
        .join(Appointment.member)
        .where(Appointment.window_id.in_(window_ids), Appointment.state == AppointmentState.ACTIVE)
        .order_by(Appointment.arrive_at, Appointment.id)
    )
    return [Booked(*row) for row in rows]
