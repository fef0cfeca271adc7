"""Reads of a station's day while it goes on: who is due in the open window, and how the counter keeps up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cardqueue.cases.models import Case, CaseState
from cardqueue.core.database import UtcDateTime
from cardqueue.lib.clock import to_local
from cardqueue.organisation.models import Campaign, Cell, Window
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment, AppointmentState
from cardqueue.scheduling.queries.pace import find_pace, minutes_of
from cardqueue.scheduling.rules.delays import Delay, Due, Later, Pulse, measure

# The counter stands behind the plan in the order of packages; these columns of it are all that a delay needs.
_VISIT = sa.table(
    "visit",
    sa.column("id", sa.Integer),
    sa.column("campaign_id", sa.Integer),
    sa.column("member_id", sa.Integer),
    sa.column("station_id", sa.Integer),
    sa.column("day_on", sa.Date),
    sa.column("outcome", sa.String),
)
_STAGE = sa.table(
    "visit_stage",
    sa.column("visit_id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("started_at", UtcDateTime),
    sa.column("ended_at", UtcDateTime),
    sa.column("line_id", sa.Integer),
)
_WAITING, _SERVING, _CAPTURED = "waiting", "serving", "captured"

# A line that served nobody for so long, while people wait, is not at work.
_IDLE = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Guest:
    """Who stands behind an appointment of the open window."""

    due: Due
    full_name: str
    cell_id: int
    cell_name: str
    committee_id: int


@dataclass(frozen=True, slots=True)
class StationDelay:
    """A station in the middle of a window. Shapes: `guests` by appointment id. Units: planned `minutes` per member."""

    window: Window
    guests: dict[int, Guest]
    pulse: Pulse
    minutes: float
    delay: Delay

    def later_of(self, committee_ids: Collection[int]) -> list[Later]:
        """The proposed times of some committees' members, in order of arrival."""
        return [one for one in self.delay.later if self.guests[one.appointment_id].committee_id in committee_ids]


def delays_of_stations(
    session: Session, campaign: Campaign, station_ids: Collection[int], *, at: datetime
) -> list[StationDelay]:
    """Each of the stations that is in the middle of a window, measured now; in the order of their names."""
    windows = session.scalars(
        sa.select(Window)
        .options(joinedload(Window.station))
        .where(
            Window.campaign_id == campaign.id,
            Window.station_id.in_(station_ids),
            # A round of the mobile team has its own queue, away from the counter.
            Window.place == "",
            Window.start_at <= at,
            Window.end_at > at,
        )
        .order_by(Window.id)
        .execution_options(populate_existing=True)
    ).all()
    found = [_measured(session, campaign, window, at) for window in windows]
    return sorted(found, key=lambda one: (one.window.station.name, one.window.id))


def _measured(session: Session, campaign: Campaign, window: Window, at: datetime) -> StationDelay:
    guests = _guests(session, window)
    pulse = _pulse(session, window, at)
    minutes = minutes_of(find_pace(session, campaign.id, window.station_id), campaign)
    dues = [guest.due for guest in guests.values()]
    delay = measure(window.span, window.line_count, dues, pulse, minutes, at)
    return StationDelay(window, guests, pulse, minutes, delay)


def _guests(session: Session, window: Window) -> dict[int, Guest]:
    has_come = sa.exists().where(
        _VISIT.c.campaign_id == Appointment.campaign_id,
        _VISIT.c.member_id == Appointment.member_id,
        _VISIT.c.day_on == Appointment.day_on,
    )
    rows = session.execute(
        sa.select(
            Appointment.id,
            Appointment.arrive_at,
            Appointment.work,
            sa.or_(has_come, Case.state == CaseState.DONE).label("has_come"),
            Member.full_name,
            Member.cell_id,
            Cell.name.label("cell_name"),
            Cell.committee_id,
        )
        .join(Appointment.member)
        .join(Member.cell)
        .join(Case, sa.and_(Case.member_id == Member.id, Case.campaign_id == Appointment.campaign_id))
        .where(Appointment.window_id == window.id, Appointment.state == AppointmentState.ACTIVE)
        .order_by(Appointment.arrive_at, Appointment.id)
    )
    return {
        row.id: Guest(
            Due(row.id, row.arrive_at, row.work, bool(row.has_come)),
            row.full_name,
            row.cell_id,
            row.cell_name,
            row.committee_id,
        )
        for row in rows
    }


def _pulse(session: Session, window: Window, at: datetime) -> Pulse:
    rows = session.execute(
        sa.select(
            _VISIT.c.id, _VISIT.c.outcome, _STAGE.c.kind, _STAGE.c.started_at, _STAGE.c.ended_at, _STAGE.c.line_id
        )
        .join_from(_VISIT, _STAGE, _STAGE.c.visit_id == _VISIT.c.id)
        .where(_VISIT.c.station_id == window.station_id, _VISIT.c.day_on == to_local(at).date())
    ).all()
    serving = [row for row in rows if row.kind == _SERVING]
    finished: dict[int, float] = {}
    for row in serving:
        if row.outcome == _CAPTURED and row.ended_at is not None:
            finished[row.id] = finished.get(row.id, 0.0) + _minutes(row.ended_at - row.started_at)
    return Pulse(
        waiting_count=sum(row.kind == _WAITING and row.ended_at is None for row in rows),
        serving_minutes=tuple(_minutes(at - row.started_at) for row in serving if row.ended_at is None),
        finished_count=len(finished),
        finished_minutes=sum(finished.values()) / len(finished) if finished else None,
        lines_at_work=len({row.line_id for row in serving if row.ended_at is None or row.ended_at >= at - _IDLE}),
    )


def _minutes(time: timedelta) -> float:
    return max(0.0, time.total_seconds() / 60)
