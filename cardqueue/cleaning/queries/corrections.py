"""Reads of what is to be corrected."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from cardqueue.cases.models import Case
from cardqueue.organisation.models import Cell
from cardqueue.roster.models import Member
from cardqueue.verification.models import Check, CheckStatus, Decision
from cardqueue.verification.queries import SETTLED


@dataclass(frozen=True, slots=True)
class ToCorrect:
    """A cell: how many of its members have something to correct, and for how many of them the right value is known."""

    cell_id: int
    name: str
    member_count: int
    decided_count: int


def list_corrections(
    session: Session, campaign_id: int, *, committee_ids: Collection[int], cell_id: int | None = None
) -> list[tuple[Check, Case]]:
    """Every member with something to correct, decided or not, with cell and case; by cell and name."""
    query = _to_correct(campaign_id, committee_ids, cell_id).add_columns(Case).options(joinedload(Case.owner))
    return [(check, case) for check, case in session.execute(query)]


def count_corrections(
    session: Session, campaign_id: int, *, committee_ids: Collection[int], cell_id: int | None = None
) -> list[ToCorrect]:
    """The cells with something to correct, in their order."""
    is_settled = sa.case((Check.decision.in_(SETTLED), 1), else_=0)
    rows = session.execute(
        _to_correct(campaign_id, committee_ids, cell_id)
        .order_by(None)
        .with_only_columns(Cell.id, Cell.name, sa.func.count(), sa.func.sum(is_settled))
        .group_by(Cell.id, Cell.name, Cell.sort_key)
        .order_by(Cell.sort_key, Cell.id)
    )
    return [ToCorrect(*row) for row in rows]


def matches_records(session: Session, campaign_id: int, member_id: int) -> bool:
    """Whether the list says of a member what the population records say."""
    query = sa.select(Check.status).where(Check.campaign_id == campaign_id, Check.member_id == member_id)
    return session.scalar(query) == CheckStatus.MATCH


def list_checks(session: Session, campaign_id: int, *, committee_ids: Collection[int]) -> dict[int, Check]:
    """What comparing gave for every counted member. Shapes: member id → check."""
    query = _counted(campaign_id, committee_ids, None)
    return {check.member_id: check for check in session.scalars(query)}


def _to_correct(campaign_id: int, committee_ids: Collection[int], cell_id: int | None) -> sa.Select[Check]:
    """A decision that the list was right leaves nothing to correct; any other one does, here or where it came from."""
    return _counted(campaign_id, committee_ids, cell_id).where(
        sa.or_(Check.status != CheckStatus.MATCH, Check.decision.is_not(None)),
        sa.or_(Check.decision.is_(None), Check.decision != Decision.ROSTER_RIGHT),
    )


def _counted(campaign_id: int, committee_ids: Collection[int], cell_id: int | None) -> sa.Select[Check]:
    query = (
        sa.select(Check)
        .join(Check.member)
        .join(Member.cell)
        .join(Case, sa.and_(Case.member_id == Member.id, Case.campaign_id == Check.campaign_id))
        .options(contains_eager(Check.member).contains_eager(Member.cell))
        .where(
            Check.campaign_id == campaign_id,
            Case.is_counted,
            Member.removed_at.is_(None),
            Member.committee_id.in_(committee_ids),
        )
        .order_by(Cell.sort_key, Member.sort_key, Member.id)
    )
    return query if cell_id is None else query.where(Member.cell_id == cell_id)
