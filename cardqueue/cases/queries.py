"""Reads of the ledger. Every number that a screen, an Excel file or a PDF shows is counted here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from cardqueue.accounts.models import User
from cardqueue.cases.models import Case, CaseEvent, CaseState, PendingReason
from cardqueue.core.access import Role
from cardqueue.lib.names import search_key
from cardqueue.organisation.models import Cell, committee_station
from cardqueue.roster.models import Member


@dataclass(frozen=True, slots=True)
class Tally:
    """How a group of members stands; `invited = done + pending + not_yet` by construction.

    `outside` counts those who are not in the denominator (probationary, deceased, left).
    """

    done: int = 0
    pending: int = 0
    not_yet: int = 0
    outside: int = 0
    by_reason: dict[PendingReason, int] = field(default_factory=dict)

    @property
    def invited(self) -> int:
        """The denominator."""
        return self.done + self.pending + self.not_yet

    @property
    def is_finished(self) -> bool:
        """Whether everybody in the denominator is done."""
        return self.invited > 0 and self.done == self.invited

    def plus(self, other: Tally) -> Tally:
        """Both groups together."""
        reasons = {
            reason: self.by_reason.get(reason, 0) + other.by_reason.get(reason, 0)
            for reason in PendingReason
            if reason in self.by_reason or reason in other.by_reason
        }
        return Tally(
            self.done + other.done,
            self.pending + other.pending,
            self.not_yet + other.not_yet,
            self.outside + other.outside,
            reasons,
        )


def tally_by_cell(session: Session, campaign_id: int, *, committee_ids: Collection[int]) -> dict[int, Tally]:
    """The tally of every cell of some committees, in one statement, so that the numbers agree with each other.

    Shapes: cell id → Tally; cells without members have an empty one.
    """
    rows = session.execute(
        sa.select(Cell.id, Case.state, Case.reason, Case.is_counted, sa.func.count(Case.id))
        .select_from(Cell)
        .outerjoin(Member, Member.cell_id == Cell.id)
        .outerjoin(Case, sa.and_(Case.member_id == Member.id, Case.campaign_id == campaign_id))
        .where(Cell.committee_id.in_(committee_ids))
        .group_by(Cell.id, Case.state, Case.reason, Case.is_counted)
    )
    tallies: dict[int, Tally] = {}
    for cell_id, state, reason, counted, count in rows:
        tallies[cell_id] = tallies.get(cell_id, Tally()).plus(_part(state, reason, counted, count))
    return tallies


def tally_total(tallies: Collection[Tally]) -> Tally:
    """All groups together."""
    total = Tally()
    for tally in tallies:
        total = total.plus(tally)
    return total


def case_query(campaign_id: int, *, committee_ids: Collection[int], cell_id: int | None = None) -> sa.Select[Case]:
    """Cases with their member and cell, to be narrowed further; in the order in which people read lists."""
    query = (
        sa.select(Case)
        .join(Case.member)
        .join(Member.cell)
        .options(contains_eager(Case.member).contains_eager(Member.cell))
        .where(Case.campaign_id == campaign_id, Member.committee_id.in_(committee_ids))
        .order_by(Cell.sort_key, Member.sort_key, Member.id)
    )
    return query if cell_id is None else query.where(Member.cell_id == cell_id)


def _part(state: CaseState | None, reason: PendingReason | None, counted: bool | None, count: int) -> Tally:
    if state is None:
        return Tally()
    if not counted:
        return Tally(outside=count)
    match CaseState(state):
        case CaseState.DONE:
            return Tally(done=count)
        case CaseState.PENDING:
            return Tally(pending=count, by_reason={PendingReason(reason or ""): count})
        case CaseState.NOT_YET:
            return Tally(not_yet=count)


def member_query(
    campaign_id: int,
    *,
    committee_ids: Collection[int],
    cell_id: int | None = None,
    state: CaseState | None = None,
    text: str = "",
) -> sa.Select[Case]:
    """Cases of the denominator by state and name; `text` is any part of the name, accents or not."""
    query = case_query(campaign_id, committee_ids=committee_ids, cell_id=cell_id).where(Case.is_counted)
    if state is not None:
        query = query.where(Case.state == state)
    for word in search_key(text).split():
        query = query.where(Member.search_key.contains(word, autoescape=True))
    return query


def members_in_motion(session: Session, committee_id: int) -> frozenset[int]:
    """Members of a committee to whom something has happened in any campaign: undoing an import leaves them alone."""
    has_history = sa.exists().where(CaseEvent.case_id == Case.id)
    return frozenset(
        session.scalars(
            sa.select(Case.member_id)
            .join(Case.member)
            .where(Member.committee_id == committee_id, sa.or_(Case.state != CaseState.NOT_YET, has_history))
        )
    )


def find_case(session: Session, campaign_id: int, member_id: int, *, committee_ids: Collection[int]) -> Case | None:
    """A member's case with its history and the people in it, None outside the committees."""
    return session.scalar(
        sa.select(Case)
        .join(Case.member)
        .join(Member.cell)
        .options(
            contains_eager(Case.member).contains_eager(Member.cell),
            joinedload(Case.owner),
            selectinload(Case.events).joinedload(CaseEvent.owner),
        )
        .where(Case.campaign_id == campaign_id, Case.member_id == member_id, Member.committee_id.in_(committee_ids))
    )


def pending_query(
    campaign_id: int,
    *,
    committee_ids: Collection[int],
    cell_id: int | None = None,
    reason: PendingReason | None = None,
    owner_id: int | None = None,
    overdue_before: date | None = None,
) -> sa.Select[Case]:
    """Pending cases of the denominator, those due first on top."""
    query = (
        case_query(campaign_id, committee_ids=committee_ids, cell_id=cell_id)
        .options(joinedload(Case.owner))
        .where(Case.state == CaseState.PENDING, Case.is_counted)
        .order_by(None)
        .order_by(Case.due_on, Cell.sort_key, Member.sort_key, Case.id)
    )
    if reason is not None:
        query = query.where(Case.reason == reason)
    if owner_id is not None:
        query = query.where(Case.owner_id == owner_id)
    if overdue_before is not None:
        query = query.where(Case.due_on < overdue_before)
    return query


def list_possible_owners(session: Session, committee_id: int) -> list[tuple[int, str]]:
    """Who can follow a committee's case up: its staff and secretaries, and the chiefs of the stations it uses.

    Shapes: (account id, full name with what they are).
    """
    stations = sa.select(committee_station.c.station_id).where(committee_station.c.committee_id == committee_id)
    cells = sa.select(Cell.id).where(Cell.committee_id == committee_id)
    users = session.scalars(
        sa.select(User)
        .options(joinedload(User.cell), joinedload(User.station))
        .where(
            User.active,
            sa.or_(
                User.committee_id == committee_id,
                User.cell_id.in_(cells),
                sa.and_(User.role == Role.STATION_CHIEF, User.station_id.in_(stations)),
            ),
        )
        .order_by(User.full_name)
    )
    return [(user.id, f"{user.full_name} – {_place(user)}") for user in users]


def _place(user: User) -> str:
    if user.cell is not None:
        return user.cell.name
    return user.station.name if user.station is not None else user.username
