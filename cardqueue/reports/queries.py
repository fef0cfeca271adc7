"""Reads of the dashboard and of the evening report; every number is counted from the ledger or from beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.cases.models import Case, CaseState
from cardqueue.cases.queries import Tally, pending_query, tally_by_cell, tally_total
from cardqueue.cases.rules import BLOCKING
from cardqueue.counter.models import Stage, StageKind, Visit
from cardqueue.counter.rules import CAPTURED
from cardqueue.lib.clock import to_local
from cardqueue.lib.intervals import Interval
from cardqueue.organisation.models import Campaign, Cell, Committee, Station, Window
from cardqueue.organisation.queries import list_windows
from cardqueue.reports.rules import Todo, TodoKind, share_of, usual_minutes
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment, AppointmentState, Plan, PlanState
from cardqueue.slips.queries import count_unprinted
from cardqueue.verification.models import Check
from cardqueue.verification.queries import count_stages

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


@dataclass(frozen=True, slots=True)
class OpenDay:
    """Windows of a station on one day; `expected` of our members, not yet done, have an appointment in them."""

    on: date
    station: Station
    windows: list[Window]
    expected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """How a committee stands at one moment, for its evening report.

    Units: `minutes` is the median at the line of the `served` members, None while they are too few.
    """

    at: datetime
    rows: list[Progress]
    pending: list[Case]
    today: Today
    past: list[OpenDay]
    coming: list[OpenDay]
    minutes: float | None
    served: int

    @property
    def total(self) -> Tally:
        """All cells together."""
        return tally_total([row.tally for row in self.rows])


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


def list_todos(session: Session, campaign_id: int, *, committee_id: int, at: datetime) -> list[Todo]:
    """Everything that waits for the committee, with its count."""
    today_on = to_local(at).date()
    ours = sa.select(Member.id).where(Member.committee_id == committee_id, Member.removed_at.is_(None))
    cases = sa.select(Case).where(Case.campaign_id == campaign_id, Case.member_id.in_(ours), Case.is_counted)
    in_force = (
        sa.select(Appointment.member_id)
        .join(Window, Window.id == Appointment.window_id)
        .where(
            Appointment.campaign_id == campaign_id,
            Appointment.state == AppointmentState.ACTIVE,
            # As on the page of the plan: whoever did not come in their window needs another time.
            Window.end_at > at,
        )
    )
    blocking, first_at = _blocking_checks(session, campaign_id, ours)
    undecided = count_stages(session, campaign_id, committee_ids={committee_id})["open"]
    invitable = cases.where(
        sa.or_(
            Case.state == CaseState.NOT_YET,
            sa.and_(Case.state == CaseState.PENDING, Case.reason.not_in(list(BLOCKING))),
        )
    )
    pending = cases.where(Case.state == CaseState.PENDING)
    return [
        Todo(TodoKind.NO_ROSTER, 0 if _count(session, ours) else 1),
        Todo(TodoKind.UNCHECKED, undecided, blocking, first_at),
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
        Todo(TodoKind.UNPRINTED, count_unprinted(session, campaign_id, committee_id, from_on=today_on)),
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
        done=_count(session, visits.where(Visit.outcome == CAPTURED)),
        behind_minutes=round(sum(behind) / len(behind)) if behind else None,
    )


def evening_of(session: Session, campaign: Campaign, committee: Committee, *, at: datetime) -> Evening:
    """Everything that the evening report of a committee tells."""
    ours = {committee.id}
    windows = list_windows(session, campaign.id, station_ids=[station.id for station in committee.stations])
    expected = _expected_by_window(session, campaign.id, committee.id)
    minutes = _served_minutes(session, campaign.id, committee.id)
    return Evening(
        at=at,
        rows=progress_by_cell(session, campaign.id, committee_ids=ours),
        pending=list(session.scalars(pending_query(campaign.id, committee_ids=ours))),
        today=today_so_far(session, campaign.id, committee_ids=ours, today_on=to_local(at).date()),
        past=_open_days((window for window in windows if window.start_at <= at), expected),
        coming=_open_days((window for window in windows if window.start_at > at), expected),
        minutes=usual_minutes(minutes),
        served=len(minutes),
    )


def last_change_at(session: Session, campaign_id: int) -> datetime | None:
    """When the ledger of a campaign last changed."""
    return session.scalar(sa.select(sa.func.max(Case.since_at)).where(Case.campaign_id == campaign_id))


def _blocking_checks(session: Session, campaign_id: int, ours: sa.Select[int]) -> tuple[int, datetime | None]:
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


def _open_days(windows: Iterable[Window], expected: Mapping[int, int]) -> list[OpenDay]:
    days: dict[tuple[date, int], list[Window]] = {}
    for window in windows:
        days.setdefault((to_local(window.start_at).date(), window.station_id), []).append(window)
    return [
        OpenDay(on, together[0].station, together, sum(expected.get(window.id, 0) for window in together))
        for (on, _), together in sorted(days.items())
    ]


def _expected_by_window(session: Session, campaign_id: int, committee_id: int) -> dict[int, int]:
    rows = session.execute(
        sa.select(Appointment.window_id, sa.func.count(Appointment.id))
        .join(Appointment.member)
        .join(Case, sa.and_(Case.member_id == Member.id, Case.campaign_id == Appointment.campaign_id))
        .where(
            Appointment.campaign_id == campaign_id,
            Appointment.state == AppointmentState.ACTIVE,
            Member.committee_id == committee_id,
            Case.is_counted,
            Case.state != CaseState.DONE,
        )
        .group_by(Appointment.window_id)
    )
    return dict(rows.all())


def _served_minutes(session: Session, campaign_id: int, committee_id: int) -> list[float]:
    """Minutes at the line of every member who was captured, all intervals of a visit together."""
    rows = session.execute(
        sa.select(Visit.id, Stage.started_at, Stage.ended_at)
        .join(Stage.visit)
        .join(Visit.member)
        .where(
            Visit.campaign_id == campaign_id,
            Visit.outcome == CAPTURED,
            Stage.kind == StageKind.SERVING,
            Member.committee_id == committee_id,
        )
    )
    minutes: dict[int, float] = {}
    for visit_id, started_at, ended_at in rows:
        if ended_at is not None:
            minutes[visit_id] = minutes.get(visit_id, 0) + Interval(started_at, ended_at).minutes
    return list(minutes.values())


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
