"""Reads of check sheets: who is to have one, who has brought it back, and which corrections wait."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from cardqueue.cleaning.models import CheckSheet, SheetState
from cardqueue.cleaning.rules.sheets import Said, SheetField, open_fields
from cardqueue.organisation.models import Cell
from cardqueue.roster.models import Member, MemberStatus
from cardqueue.roster.queries import members_query

# Nobody is left to ask.
_GONE = (MemberStatus.LEFT, MemberStatus.DECEASED)


class Which(StrEnum):
    """Whose sheets are printed."""

    NEW = "new"
    NOT_RETURNED = "not_returned"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class SheetCounts:
    """How far the sheets of a cell, or of several, have come; the four states add up to the members."""

    none: int = 0
    out: int = 0
    confirmed: int = 0
    corrected: int = 0

    @property
    def members(self) -> int:
        """Everybody who is to look through own data."""
        return self.none + self.out + self.confirmed + self.corrected

    @property
    def returned(self) -> int:
        """Who has answered."""
        return self.confirmed + self.corrected

    def plus(self, other: SheetCounts) -> SheetCounts:
        """Both groups together."""
        return SheetCounts(
            self.none + other.none,
            self.out + other.out,
            self.confirmed + other.confirmed,
            self.corrected + other.corrected,
        )


@dataclass(frozen=True, slots=True)
class WaitingSheet:
    """A returned sheet with the corrections that nobody has settled yet."""

    sheet: CheckSheet
    member: Member
    fields: Sequence[SheetField]


def count_sheets(
    session: Session, campaign_id: int, *, committee_ids: Collection[int], cell_id: int | None = None
) -> list[tuple[Cell, SheetCounts]]:
    """How far the sheets of every cell have come, in Vietnamese order; cells without members have zeros."""
    query = (
        sa.select(Cell, CheckSheet.state, sa.func.count(Member.id))
        .outerjoin(Member, sa.and_(Member.cell_id == Cell.id, *_to_be_asked()))
        .outerjoin(CheckSheet, _sheet_of_member(campaign_id))
        .where(Cell.committee_id.in_(committee_ids))
        .group_by(Cell.id, CheckSheet.state)
        .order_by(Cell.sort_key, Cell.id)
    )
    if cell_id is not None:
        query = query.where(Cell.id == cell_id)
    counts: dict[Cell, SheetCounts] = {}
    for cell, state, count in session.execute(query):
        counts[cell] = counts.get(cell, SheetCounts()).plus(_part(state, count))
    return list(counts.items())


def total_of(counts: Collection[tuple[Cell, SheetCounts]]) -> SheetCounts:
    """All cells together."""
    total = SheetCounts()
    for _, one in counts:
        total = total.plus(one)
    return total


def list_members(
    session: Session,
    campaign_id: int,
    *,
    committee_ids: Collection[int],
    cell_ids: Collection[int] = (),
    which: Which = Which.ALL,
) -> list[tuple[Member, CheckSheet | None]]:
    """Members with their sheets, by cell and given name. No `cell_ids` means every cell."""
    query = (
        members_query(committee_ids)
        .add_columns(CheckSheet)
        .outerjoin(CheckSheet, _sheet_of_member(campaign_id))
        .where(*_to_be_asked())
    )
    if cell_ids:
        query = query.where(Member.cell_id.in_(cell_ids))
    match which:
        case Which.NEW:
            query = query.where(CheckSheet.id.is_(None))
        case Which.NOT_RETURNED:
            query = query.where(CheckSheet.returned_at.is_(None))
        case Which.ALL:
            pass
    return [(member, sheet) for member, sheet in session.execute(query)]


def find_sheet(session: Session, campaign_id: int, member_id: int) -> CheckSheet | None:
    """A member's sheet in a campaign."""
    return session.scalar(
        sa.select(CheckSheet).where(CheckSheet.campaign_id == campaign_id, CheckSheet.member_id == member_id)
    )


def find_sheet_by_code(session: Session, code: str, *, committee_ids: Collection[int]) -> CheckSheet | None:
    """The sheet of a code with its member, who may have left the list; None outside the committees."""
    return session.scalar(
        sa.select(CheckSheet)
        .join(CheckSheet.member)
        .join(Member.cell)
        .options(contains_eager(CheckSheet.member).contains_eager(Member.cell))
        .where(CheckSheet.code == code, Member.committee_id.in_(committee_ids))
    )


def list_waiting(
    session: Session, campaign_id: int, *, committee_ids: Collection[int], cell_id: int | None = None
) -> list[WaitingSheet]:
    """Returned sheets with corrections that wait, the longest waiting first.

    What the list says by now no longer waits. Few sheets carry a correction, so they are read one and all.
    """
    query = (
        sa.select(CheckSheet)
        .join(CheckSheet.member)
        .join(Member.cell)
        .options(contains_eager(CheckSheet.member).contains_eager(Member.cell))
        .where(
            CheckSheet.campaign_id == campaign_id,
            CheckSheet.state == SheetState.CORRECTED,
            Member.committee_id.in_(committee_ids),
            Member.removed_at.is_(None),
        )
        .order_by(CheckSheet.returned_at, CheckSheet.id)
    )
    if cell_id is not None:
        query = query.where(Member.cell_id == cell_id)
    waiting = []
    for sheet in session.scalars(query):
        if sheet.open_fields and (fields := still_open(sheet)):
            waiting.append(WaitingSheet(sheet, sheet.member, fields))
    return waiting


def still_open(sheet: CheckSheet) -> list[SheetField]:
    """Which corrections of a sheet wait; its member must be loaded."""
    return open_fields(sheet.open_fields, Said.from_json(sheet.said), listed_values(sheet.member))


def listed_values(member: Member) -> dict[SheetField, str]:
    """What the list says of a member. Shapes: as `Said.values`."""
    values = {one: getattr(member, one.value) for one in SheetField if one is not SheetField.REMARK}
    return {one: "" if value is None else str(value) for one, value in values.items()}


def _to_be_asked() -> tuple[sa.ColumnElement[bool], ...]:
    return Member.removed_at.is_(None), Member.status.not_in(_GONE)


def _sheet_of_member(campaign_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(CheckSheet.member_id == Member.id, CheckSheet.campaign_id == campaign_id)


def _part(state: str | None, count: int) -> SheetCounts:
    match state:
        case SheetState.PRINTED:
            return SheetCounts(out=count)
        case SheetState.CONFIRMED:
            return SheetCounts(confirmed=count)
        case SheetState.CORRECTED:
            return SheetCounts(corrected=count)
        case _:
            return SheetCounts(none=count)
