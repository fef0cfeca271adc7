"""How the members of every cell compare."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.cases.models import Case
from cardqueue.organisation.models import Cell
from cardqueue.roster.models import Member
from cardqueue.verification.models import Check, CheckStatus
from cardqueue.verification.queries.worklist import SETTLED
from cardqueue.verification.rules import Field

_COUNTED_AS = {
    None: "not_compared",
    CheckStatus.MATCH: "right",
    CheckStatus.MISMATCH: "wrong",
    CheckStatus.MISSING: "missing",
    CheckStatus.DUPLICATE: "twice",
    CheckStatus.NOT_FOUND: "not_found",
    CheckStatus.AMBIGUOUS: "ambiguous",
}


@dataclass(frozen=True, slots=True)
class CellCount:
    """How many members of a cell came out how; `not_compared` have no check yet.

    Shapes: `wrong_fields` tells in how many of the wrong ones each field differs, in the order of `Field`.
    """

    cell_id: int
    name: str
    right: int = 0
    wrong: int = 0
    missing: int = 0
    twice: int = 0
    not_found: int = 0
    ambiguous: int = 0
    not_compared: int = 0
    wrong_fields: Mapping[Field, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All members of the cell who are counted."""
        return sum(getattr(self, kind) for kind in _COUNTED_AS.values())


def count_by_cell(session: Session, campaign_id: int, *, committee_ids: Collection[int]) -> list[CellCount]:
    """How the members of every cell compare, in one statement."""
    is_settled = sa.func.coalesce(Check.decision.in_(SETTLED), sa.false()).label("is_settled")
    differing = [
        sa.func.sum(sa.case((Check.differences[str(name)].as_string().is_not(None), 1), else_=0)) for name in Field
    ]
    rows = session.execute(
        sa.select(Cell.id, Cell.name, Check.status, is_settled, sa.func.count(Case.id), *differing)
        .select_from(Case)
        .join(Member, Member.id == Case.member_id)
        .join(Cell, Cell.id == Member.cell_id)
        .outerjoin(Check, sa.and_(Check.member_id == Member.id, Check.campaign_id == campaign_id))
        .where(Case.campaign_id == campaign_id, Case.is_counted, Member.committee_id.in_(committee_ids))
        .group_by(Cell.id, Cell.name, Cell.sort_key, Check.status, "is_settled")
        .order_by(Cell.sort_key, Cell.id)
    )
    names: dict[int, str] = {}
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    wrong_fields: dict[int, dict[Field, int]] = defaultdict(dict)
    for cell_id, name, status, settled, count, *differ in rows:
        names[cell_id] = name
        kind = "right" if settled else _COUNTED_AS[status]
        counts[cell_id][kind] += count
        if kind == "wrong":
            wrong_fields[cell_id] = {name: number for name, number in zip(Field, differ, strict=True) if number}
    return [
        CellCount(cell_id, names[cell_id], **counts[cell_id], wrong_fields=wrong_fields[cell_id]) for cell_id in names
    ]


def total_of(cells: Collection[CellCount]) -> CellCount:
    """All cells together."""
    sums = {kind: sum(getattr(cell, kind) for cell in cells) for kind in _COUNTED_AS.values()}
    differ = {name: sum(cell.wrong_fields.get(name, 0) for cell in cells) for name in Field}
    return CellCount(0, "", **sums, wrong_fields={name: number for name, number in differ.items() if number})
