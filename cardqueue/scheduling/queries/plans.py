"""Reads of what is still to be planned: members, windows, and the open proposal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cardqueue.cases.models import Case, CaseState, PendingReason
from cardqueue.cases.rules import may_be_invited
from cardqueue.organisation.models import Campaign, Cell, Station, Window, committee_station
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment, Plan, PlanState
from cardqueue.scheduling.queries.appointments import appointments_in_force


@dataclass(frozen=True, slots=True)
class Standing:
    """A member of a committee as the plan sees them: the case, and the appointment in force if there is one."""

    member_id: int
    full_name: str
    birth_year: int | None
    cell_id: int
    state: CaseState
    reason: PendingReason | None
    is_counted: bool
    appointment: Appointment | None

    @property
    def may_be_invited(self) -> bool:
        """Whether the plan may give this member a time."""
        return may_be_invited(self.state, self.reason, self.is_counted)

    @property
    def is_blocked(self) -> bool:
        """Whether a pending case keeps this member out of the plan."""
        return self.is_counted and self.state is CaseState.PENDING and not self.may_be_invited

    @property
    def is_waiting(self) -> bool:
        """Whether this member could be invited and has no time yet."""
        return self.may_be_invited and self.appointment is None


def list_standings(
    session: Session,
    campaign_id: int,
    committee_id: int,
    *,
    at: datetime,
    cell_id: int | None = None,
    member_id: int | None = None,
) -> list[Standing]:
    """How the plan sees each member of a committee, of a cell or a single one; in the order of cells and names."""
    query = (
        sa.select(
            Member.id,
            Member.full_name,
            Member.birth_year,
            Member.cell_id,
            Case.state,
            Case.reason,
            Case.is_counted,
        )
        .join(Case, sa.and_(Case.member_id == Member.id, Case.campaign_id == campaign_id))
        .join(Member.cell)
        .where(Member.committee_id == committee_id)
        .order_by(Cell.sort_key, Member.sort_key, Member.id)
    )
    if cell_id is not None:
        query = query.where(Member.cell_id == cell_id)
    if member_id is not None:
        query = query.where(Member.id == member_id)
    rows = session.execute(query).all()
    booked = appointments_in_force(session, campaign_id, [row.id for row in rows], at=at)
    return [
        Standing(
            row.id,
            row.full_name,
            row.birth_year,
            row.cell_id,
            CaseState(row.state),
            PendingReason(row.reason) if row.reason else None,
            row.is_counted,
            booked.get(row.id),
        )
        for row in rows
    ]


def cells_of(standings: Sequence[Standing]) -> dict[int, list[Standing]]:
    """The members of each cell."""
    groups: dict[int, list[Standing]] = {}
    for standing in standings:
        groups.setdefault(standing.cell_id, []).append(standing)
    return groups


def list_stations(session: Session, committee_id: int) -> list[Station]:
    """The stations where a committee's members may come."""
    return list(
        session.scalars(
            sa.select(Station)
            .join(committee_station, committee_station.c.station_id == Station.id)
            .where(committee_station.c.committee_id == committee_id)
            .order_by(Station.name)
        )
    )


def list_open_windows(session: Session, campaign_id: int, committee_id: int, *, at: datetime) -> list[Window]:
    """The windows in which a committee's members can still be placed: those that have not ended, the earliest first."""
    return list(
        session.scalars(
            sa.select(Window)
            .join(committee_station, committee_station.c.station_id == Window.station_id)
            .options(joinedload(Window.station))
            .where(
                committee_station.c.committee_id == committee_id,
                Window.campaign_id == campaign_id,
                Window.end_at > at,
            )
            .order_by(Window.start_at, Window.id)
            .execution_options(populate_existing=True)
        )
    )


def windows_by_id(session: Session, window_ids: Iterable[int]) -> dict[int, Window]:
    """Some windows with their stations."""
    rows = session.scalars(sa.select(Window).options(joinedload(Window.station)).where(Window.id.in_(set(window_ids))))
    return {window.id: window for window in rows}


def find_proposal(session: Session, campaign_id: int, committee_id: int) -> Plan | None:
    """The committee's open proposal; there is at most one."""
    return session.scalar(
        sa.select(Plan)
        .where(
            Plan.campaign_id == campaign_id,
            Plan.committee_id == committee_id,
            Plan.state == PlanState.PROPOSED,
        )
        .order_by(Plan.id.desc())
        .limit(1)
    )


def list_recent_plans(session: Session, campaign_id: int, committee_id: int, *, limit: int = 10) -> list[Plan]:
    """A committee's newest proposals, whatever became of them, the newest first."""
    return list(
        session.scalars(
            sa.select(Plan)
            .where(Plan.campaign_id == campaign_id, Plan.committee_id == committee_id)
            .order_by(Plan.id.desc())
            .limit(limit)
        )
    )


def find_plan(session: Session, campaign: Campaign, plan_id: int) -> Plan | None:
    """A plan of a campaign, whatever became of it."""
    return session.scalar(
        sa.select(Plan)
        .where(Plan.id == plan_id, Plan.campaign_id == campaign.id)
        .execution_options(populate_existing=True)
    )
