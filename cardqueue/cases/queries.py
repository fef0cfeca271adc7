"""Reads of the ledger. Every number that a screen, an Excel file or a PDF shows is counted here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from cardqueue.cases.models import Case, CaseState, PendingReason
from cardqueue.organisation.models import Cell
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
