"""Reads of the outbox: what waits to be handed over, what has been, and what could be read out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from cardqueue.cases.models import Case, CaseState
from cardqueue.notices.models import Notice
from cardqueue.notices.rules import Call, loudspeaker_text
from cardqueue.organisation.letterhead import bare_cell_name, place_of
from cardqueue.organisation.models import Cell, Station, Window
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment, AppointmentState


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a loudspeaker says about one day at one station."""

    day_on: date
    text: str


def list_calls(session: Session, campaign_id: int) -> list[Call]:
    """Every appointment of a campaign that was ever made, as far as notices are concerned."""
    is_open = sa.and_(Case.is_counted, Case.state != CaseState.DONE)
    query = (
        sa.select(
            Appointment.id.label("appointment_id"),
            Appointment.member_id,
            Member.full_name.label("name"),
            Member.cell_id,
            Appointment.station_id,
            Window.place,
            Appointment.block_id,
            Appointment.day_on,
            Appointment.arrive_at,
            Appointment.created_at,
            Appointment.ended_at,
            Appointment.state,
            is_open.label("is_open"),
        )
        .join(Appointment.window)
        .join(Member, Member.id == Appointment.member_id)
        .join(Case, sa.and_(Case.member_id == Appointment.member_id, Case.campaign_id == Appointment.campaign_id))
        .where(Appointment.campaign_id == campaign_id)
    )
    return [Call(**row) for row in session.execute(query).mappings()]


def notice_query(
    campaign_id: int, *, committee_ids: Collection[int], cell_id: int | None = None, handed_over: bool
) -> sa.Select[Notice]:
    """Notices with their cell: those that wait by cell, those that were handed over newest first."""
    query = (
        sa.select(Notice)
        .join(Notice.cell)
        .options(contains_eager(Notice.cell))
        .where(Notice.campaign_id == campaign_id, Cell.committee_id.in_(committee_ids))
    )
    if cell_id is not None:
        query = query.where(Notice.cell_id == cell_id)
    if handed_over:
        return query.where(Notice.handed_over_at.is_not(None)).order_by(Notice.handed_over_at.desc(), Notice.id.desc())
    return query.where(Notice.handed_over_at.is_(None)).order_by(Cell.sort_key, Cell.id, Notice.id)


def count_waiting(
    session: Session, campaign_id: int, *, committee_ids: Collection[int], cell_id: int | None = None
) -> int:
    """How many notices wait to be handed over."""
    query = notice_query(campaign_id, committee_ids=committee_ids, cell_id=cell_id, handed_over=False)
    return session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0


def list_announcements(
    session: Session, campaign_id: int, *, committee_ids: Collection[int], from_on: date, cell_id: int | None = None
) -> list[Announcement]:
    """What can be read out over the loudspeakers, a text per day and station."""
    query = (
        sa.select(
            Appointment.day_on,
            Station,
            Window.place,
            Cell.name,
            sa.func.min(Appointment.arrive_at),
            sa.func.max(Appointment.arrive_at),
        )
        .join(Station, Station.id == Appointment.station_id)
        .join(Appointment.window)
        .join(Member, Member.id == Appointment.member_id)
        .join(Cell, Cell.id == Member.cell_id)
        .join(Case, sa.and_(Case.member_id == Appointment.member_id, Case.campaign_id == Appointment.campaign_id))
        .where(
            Appointment.campaign_id == campaign_id,
            Appointment.state == AppointmentState.ACTIVE,
            Appointment.day_on >= from_on,
            Member.committee_id.in_(committee_ids),
            Case.is_counted,
            Case.state != CaseState.DONE,
        )
        .group_by(Appointment.day_on, Station.id, Window.place, Cell.id)
        .order_by(Appointment.day_on, Station.id, Window.place)
    )
    if cell_id is not None:
        query = query.where(Cell.id == cell_id)
    turns: dict[tuple[date, str], dict[str, tuple[datetime, datetime]]] = {}
    for day_on, station, away, cell, first_at, last_at in session.execute(query):
        turns.setdefault((day_on, place_of(station, away)), {})[bare_cell_name(cell)] = (first_at, last_at)
    return [Announcement(day_on, loudspeaker_text(day_on, place, cells)) for (day_on, place), cells in turns.items()]
