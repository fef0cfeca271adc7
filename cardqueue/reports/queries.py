"""Reads of the dashboard; every number is counted from the ledger, or from what stands beside it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.cases.models import Case, CaseState
from cardqueue.cases.queries import Tally, tally_by_cell, tally_total
from cardqueue.cases.rules import BLOCKING
from cardqueue.counter.models import Stage, StageKind, Visit
from cardqueue.organisation.models import Cell, Committee
from cardqueue.reports.rules import Todo, TodoKind, share_of
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment, AppointmentState, Plan, PlanState
from cardqueue.slips.models import PrintedSlip
from cardqueue.verification.models import Check

PACE_VISITS = 10


@dataclass(frozen=True, slots=True)
class Progress:
    """One row of the progress: a cell, or a commune for the province."""

    id: int
    name: str
    tally: Tally
    placed: int


@dataclass(frozen=True, slots=True)
class Today:
    """How today goes: who was due, who came, who is done, and how late the last ones were taken.

    Units: `behind_minutes` is positive when people are taken later than their time, None before anybody was.
    """

    due: int
    came: int
    done: int
    behind_minutes: int | None


def progress_by_cell(
    session: Session, campaign_id: int, *, committee_ids: Collection[int], cell_id: int | None = None
) -> list[Progress]:
    """The cells of some committees, the slowest first."""
    tallies = tally_by_cell(session, campaign_id, committee_ids=committee_ids)
    placed = _placed_by_cell(session, campaign_id, committee_ids)
    query = sa.select(Cell.id, Cell.name).where(Cell.committee_id.in_(committee_ids)).order_by(Cell.sort_key)
    if cell_id is not None:
        query = query.where(Cell.id == cell_id)
    rows = [Progress(key, name, tallies.get(key, Tally()), placed.get(key, 0)) for key, name in session.execute(query)]
    return sorted(rows, key=lambda row: share_of(row.tally.done, row.tally.invited))


def progress_by_commune(session: Session, campaign_id: int, *, committee_ids: Collection[int]) -> list[Progress]:
    """The committees of a province, the slowest first: counts, never a name of a member."""
    tallies = tally_by_cell(session, campaign_id, committee_ids=committee_ids)
    placed = _placed_by_cell(session, campaign_id, committee_ids)
    cells: dict[int, list[int]] = {}
    for cell_id, committee_id in session.execute(
        sa.select(Cell.id, Cell.committee_id).where(Cell.committee_id.in_(committee_ids))
    ):
        cells.setdefault(committee_id, []).append(cell_id)
    rows = []
    for committee_id, name in session.execute(
        sa.select(Committee.id, Committee.name).where(Committee.id.in_(committee_ids)).order_by(Committee.name)
    ):
        ours = cells.get(committee_id, [])
        total = tally_total([tallies.get(cell_id, Tally()) for cell_id in ours])
        rows.append(Progress(committee_id, name, total, sum(placed.get(cell_id, 0) for cell_id in ours)))
    return sorted(rows, key=lambda row: share_of(row.tally.done, row.tally.invited))


def list_todos(session: Session, campaign_id: int, *, committee_id: int, at: datetime, today_on: date) -> list[Todo]:
    """Everything that waits for the committee, with its count."""
    ours = sa.select(Member.id).where(Member.committee_id == committee_id, Member.removed_at.is_(None))
    cases = sa.select(Case).where(Case.campaign_id == campaign_id, Case.member_id.in_(ours), Case.is_counted)
    in_force = sa.select(Appointment.member_id).where(
        Appointment.campaign_id == campaign_id, Appointment.state == AppointmentState.ACTIVE
    )
    unchecked, first_at = _undecided_checks(session, campaign_id, ours)
    unprinted = (
        sa.select(Appointment.id)
        .outerjoin(PrintedSlip, PrintedSlip.appointment_id == Appointment.id)
        .where(
            Appointment.campaign_id == campaign_id,
            Appointment.member_id.in_(ours),
            Appointment.state == AppointmentState.ACTIVE,
            Appointment.arrive_at >= at,
            PrintedSlip.appointment_id.is_(None),
        )
    )
    invitable = cases.where(
        sa.or_(
            Case.state == CaseState.NOT_YET,
            sa.and_(Case.state == CaseState.PENDING, Case.reason.not_in(list(BLOCKING))),
        )
    )
    pending = cases.where(Case.state == CaseState.PENDING)
    return [
        Todo(TodoKind.NO_ROSTER, 0 if _count(session, ours) else 1),
        Todo(TodoKind.UNCHECKED, unchecked, first_at),
        Todo(TodoKind.OVERDUE, _count(session, pending.where(Case.due_on < today_on))),
        Todo(
            TodoKind.PROPOSAL,
            _count(
                session,
                sa.select(Plan.id).where(
                    Plan.campaign_id == campaign_id,
                    Plan.committee_id == committee_id,
                    Plan.state == PlanState.PROPOSED,
                ),
            ),
        ),
        Todo(TodoKind.UNPLACED, _count(session, invitable.where(Case.member_id.not_in(in_force)))),
        Todo(TodoKind.UNPRINTED, _count(session, unprinted)),
        Todo(TodoKind.NO_OWNER, _count(session, pending.where(Case.owner_id.is_(None)))),
    ]


def today_so_far(session: Session, campaign_id: int, *, committee_ids: Collection[int], today_on: date) -> Today:
    """Today at the stations, for the members of some committees."""
    ours = sa.select(Member.id).where(Member.committee_id.in_(committee_ids))
    due = sa.select(Appointment.id).where(
        Appointment.campaign_id == campaign_id,
        Appointment.day_on == today_on,
        Appointment.state == AppointmentState.ACTIVE,
        Appointment.member_id.in_(ours),
    )
    visits = sa.select(Visit.id).where(
        Visit.campaign_id == campaign_id, Visit.day_on == today_on, Visit.member_id.in_(ours)
    )
    taken = session.execute(
        sa.select(Stage.started_at, Visit.due_at)
        .join(Visit, Visit.id == Stage.visit_id)
        .where(Stage.kind == StageKind.SERVING, Visit.id.in_(visits))
        .order_by(Stage.started_at.desc())
        .limit(PACE_VISITS)
    ).all()
    behind = [(started_at - due_at).total_seconds() / 60 for started_at, due_at in taken]
    return Today(
        due=_count(session, due),
        came=_count(session, visits),
        done=_count(session, visits.where(Visit.outcome == "captured")),
        behind_minutes=round(sum(behind) / len(behind)) if behind else None,
    )


def last_change_at(session: Session, campaign_id: int) -> datetime | None:
    """When the ledger of a campaign last changed."""
    return session.scalar(sa.select(sa.func.max(Case.since_at)).where(Case.campaign_id == campaign_id))


def _undecided_checks(session: Session, campaign_id: int, ours: sa.Select[int]) -> tuple[int, datetime | None]:
    row = session.execute(
        sa.select(sa.func.count(sa.distinct(Check.id)), sa.func.min(Appointment.arrive_at))
        .select_from(Check)
        .join(Case, sa.and_(Case.member_id == Check.member_id, Case.campaign_id == Check.campaign_id))
        .outerjoin(
            Appointment,
            sa.and_(
                Appointment.member_id == Check.member_id,
                Appointment.campaign_id == Check.campaign_id,
                Appointment.state == AppointmentState.ACTIVE,
            ),
        )
        .where(
            Check.campaign_id == campaign_id,
            Check.member_id.in_(ours),
            Check.blocks,
            Check.decision.is_(None),
            Case.is_counted,
            Case.state != CaseState.DONE,
        )
    ).one()
    return int(row[0]), row[1]


def _placed_by_cell(session: Session, campaign_id: int, committee_ids: Collection[int]) -> dict[int, int]:
    rows = session.execute(
        sa.select(Member.cell_id, sa.func.count())
        .join(Appointment, Appointment.member_id == Member.id)
        .where(
            Appointment.campaign_id == campaign_id,
            Appointment.state == AppointmentState.ACTIVE,
            Member.committee_id.in_(committee_ids),
        )
        .group_by(Member.cell_id)
    )
    return dict(rows.all())


def _count(session: Session, query: sa.Select[int] | sa.Select[Case]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
