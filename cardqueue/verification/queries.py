"""Reads of the verification."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from cardqueue.accounts.models import User
from cardqueue.cases.models import Case, CaseState
from cardqueue.core.database import UtcDateTime
from cardqueue.core.errors import NotFound
from cardqueue.organisation.models import Campaign, Cell, committee_station
from cardqueue.roster.models import Member
from cardqueue.verification.models import Check, CheckStatus, Decision, PopulationExtract, PopulationRecord
from cardqueue.verification.rules import Field

# Appointments are made further down the road, so their table is named here and not imported.
_APPOINTMENT = sa.table(
    "appointment",
    sa.column("campaign_id", sa.Integer),
    sa.column("member_id", sa.Integer),
    sa.column("arrive_at", UtcDateTime),
    sa.column("state", sa.String),
)
SETTLED = (Decision.RECORD_RIGHT, Decision.ROSTER_RIGHT, Decision.BOTH_WRONG)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants to see of the worklist.

    Shapes: `kind` is a `Field`, a `CheckStatus` or empty for all; `stage` is "open", "asked" or "settled".
    """

    cell_id: int | None = None
    kind: str = ""
    stage: str = "open"


@dataclass(frozen=True, slots=True)
class CellCount:
    """How a cell's members compare: right, wrong, without a number, number held twice, not found, not yet compared."""

    cell_id: int
    name: str
    right: int = 0
    wrong: int = 0
    missing: int = 0
    twice: int = 0
    not_found: int = 0
    not_compared: int = 0

    @property
    def total(self) -> int:
        """All members of the cell who are counted."""
        return self.right + self.wrong + self.missing + self.twice + self.not_found + self.not_compared


def list_extracts(session: Session, campaign_id: int, station_id: int) -> list[PopulationExtract]:
    """A station's extracts in a campaign, newest first, without uploads whose columns are still to be named."""
    return list(
        session.scalars(
            sa.select(PopulationExtract)
            .where(
                PopulationExtract.campaign_id == campaign_id,
                PopulationExtract.station_id == station_id,
                PopulationExtract.content.is_(None),
            )
            .order_by(PopulationExtract.id.desc())
        )
    )


def find_extract(session: Session, campaign_id: int, station_id: int, extract_id: int) -> PopulationExtract:
    """An extract of a station.

    Raises: NotFound("EXTRACT_NOT_FOUND") when there is none or it is another station's.
    """
    extract = session.get(PopulationExtract, extract_id)
    if extract is None or (extract.campaign_id, extract.station_id) != (campaign_id, station_id):
        raise NotFound("EXTRACT_NOT_FOUND")
    return extract


def list_extracts_in_force(
    session: Session, campaign_id: int, *, committee_ids: Collection[int]
) -> list[PopulationExtract]:
    """The extracts with which the members of some committees are compared: those of the stations that serve them."""
    serving = sa.select(committee_station.c.station_id).where(committee_station.c.committee_id.in_(committee_ids))
    return list(
        session.scalars(
            sa.select(PopulationExtract)
            .where(
                PopulationExtract.campaign_id == campaign_id,
                PopulationExtract.station_id.in_(serving),
                PopulationExtract.is_in_force,
            )
            .order_by(PopulationExtract.id)
        )
    )


def list_records(session: Session, campaign_id: int, committee_id: int, record_hash: str) -> list[PopulationRecord]:
    """The records in force that carry a number, given by its keyed hash."""
    extracts = list_extracts_in_force(session, campaign_id, committee_ids={committee_id})
    return list(
        session.scalars(
            sa.select(PopulationRecord)
            .where(
                PopulationRecord.extract_id.in_([extract.id for extract in extracts]),
                PopulationRecord.citizen_id_hash == record_hash,
            )
            .order_by(PopulationRecord.id)
        )
    )


def worklist_query(campaign_id: int, *, committee_ids: Collection[int], wanted: Wanted) -> sa.Select[Check]:
    """The checks that a person wants to see, with member and cell: whoever comes first stands first."""
    first_at = (
        sa.select(sa.func.min(_APPOINTMENT.c.arrive_at))
        .where(
            _APPOINTMENT.c.member_id == Check.member_id,
            _APPOINTMENT.c.campaign_id == campaign_id,
            _APPOINTMENT.c.state == "active",
        )
        .scalar_subquery()
    )
    query = (
        _counted_checks(campaign_id, committee_ids)
        .where(*_stage(wanted.stage), *_kind(wanted.kind))
        .order_by(first_at.is_(None), first_at, Cell.sort_key, Member.sort_key, Member.id)
    )
    return query if wanted.cell_id is None else query.where(Member.cell_id == wanted.cell_id)


def list_open_member_ids(
    session: Session, campaign_id: int, *, committee_ids: Collection[int], wanted: Wanted
) -> list[int]:
    """The members on the worklist, in its order."""
    query = worklist_query(campaign_id, committee_ids=committee_ids, wanted=wanted)
    return list(session.scalars(query.with_only_columns(Check.member_id)))


def find_check(session: Session, campaign_id: int, member_id: int, *, committee_ids: Collection[int]) -> Check:
    """A member's check, with member and cell.

    Raises: NotFound("CHECK_NOT_FOUND") when there is none within these committees.
    """
    check = session.scalar(_counted_checks(campaign_id, committee_ids).where(Check.member_id == member_id))
    if check is None:
        raise NotFound("CHECK_NOT_FOUND")
    return check


def appointment_times(session: Session, campaign_id: int, member_ids: Collection[int]) -> Mapping[int, datetime]:
    """When members are to come. Shapes: member id → instant; those without an appointment are left out."""
    rows = session.execute(
        sa.select(_APPOINTMENT.c.member_id, _APPOINTMENT.c.arrive_at).where(
            _APPOINTMENT.c.campaign_id == campaign_id,
            _APPOINTMENT.c.member_id.in_(member_ids),
            _APPOINTMENT.c.state == "active",
        )
    )
    return {row.member_id: row.arrive_at for row in rows}


def count_by_cell(session: Session, campaign_id: int, *, committee_ids: Collection[int]) -> list[CellCount]:
    """How the members of every cell compare, in one statement."""
    is_settled = sa.func.coalesce(Check.decision.in_(SETTLED), sa.false()).label("is_settled")
    rows = session.execute(
        sa.select(Cell.id, Cell.name, Check.status, is_settled, sa.func.count(Case.id))
        .select_from(Case)
        .join(Member, Member.id == Case.member_id)
        .join(Cell, Cell.id == Member.cell_id)
        .outerjoin(Check, sa.and_(Check.member_id == Member.id, Check.campaign_id == campaign_id))
        .where(Case.campaign_id == campaign_id, Case.is_counted, Member.committee_id.in_(committee_ids))
        .group_by(Cell.id, Cell.name, Cell.sort_key, Check.status, "is_settled")
        .order_by(Cell.sort_key, Cell.id)
    )
    counts: dict[int, dict[str, int]] = {}
    names: dict[int, str] = {}
    for cell_id, name, status, settled, count in rows:
        names[cell_id] = name
        part = counts.setdefault(cell_id, {})
        kind = "right" if settled else _COUNTED_AS[status]
        part[kind] = part.get(kind, 0) + count
    return [CellCount(cell_id, names[cell_id], **part) for cell_id, part in counts.items()]


def total_of(cells: Collection[CellCount]) -> CellCount:
    """All cells together."""
    total = CellCount(0, "")
    for cell in cells:
        total = CellCount(
            0,
            "",
            total.right + cell.right,
            total.wrong + cell.wrong,
            total.missing + cell.missing,
            total.twice + cell.twice,
            total.not_found + cell.not_found,
            total.not_compared + cell.not_compared,
        )
    return total


def count_stages(session: Session, campaign_id: int, *, committee_ids: Collection[int]) -> dict[str, int]:
    """How many checks are open, wait for the cell, or are settled."""
    stage = sa.case(*((sa.and_(*_stage(name)), name) for name in _STAGES)).label("stage")
    rows = session.execute(
        _counted_checks(campaign_id, committee_ids).with_only_columns(stage, sa.func.count()).group_by("stage")
    )
    found = {row[0]: row[1] for row in rows}
    return {name: found.get(name, 0) for name in _STAGES}


def list_corrections(session: Session, campaign_id: int, *, committee_ids: Collection[int]) -> list[tuple[Check, Case]]:
    """Every member with a difference, decided or not, with the case: the list that goes to the cells."""
    rows = session.execute(
        _counted_checks(campaign_id, committee_ids)
        .add_columns(Case)
        .where(Check.status != CheckStatus.MATCH)
        .order_by(Cell.sort_key, Member.sort_key, Member.id)
    )
    return [(check, case) for check, case in rows]


def list_other_holders(session: Session, campaign_id: int, member: Member) -> list[Member]:
    """The other counted members of the campaign, of whatever commune, who carry the member's number."""
    return list(
        session.scalars(
            sa.select(Member)
            .join(Case, sa.and_(Case.member_id == Member.id, Case.campaign_id == campaign_id))
            .options(joinedload(Member.cell))
            .where(
                Case.is_counted,
                Member.removed_at.is_(None),
                Member.citizen_id_hash == member.citizen_id_hash,
                Member.id != member.id,
            )
            .order_by(Member.id)
        )
    )


def list_followers(session: Session, member: Member) -> list[User]:
    """Who can follow up a member's case on the Party's side: the committee and the cell's secretaries."""
    return list(
        session.scalars(
            sa.select(User)
            .where(
                sa.or_(User.cell_id == member.cell_id, User.committee_id == member.committee_id), User.active.is_(True)
            )
            .order_by(User.cell_id.is_(None), User.full_name, User.id)
        )
    )


def list_campaigns_to_match(session: Session) -> list[Campaign]:
    """The open campaigns with an extract in force."""
    with_extract = sa.select(PopulationExtract.campaign_id).where(PopulationExtract.is_in_force)
    return list(
        session.scalars(
            sa.select(Campaign)
            .options(selectinload(Campaign.committees))
            .where(Campaign.closed_at.is_(None), Campaign.id.in_(with_extract))
            .order_by(Campaign.id)
        )
    )


_STAGES = ("open", "asked", "settled")
_COUNTED_AS = {
    None: "not_compared",
    CheckStatus.MATCH: "right",
    CheckStatus.MISMATCH: "wrong",
    CheckStatus.MISSING: "missing",
    CheckStatus.DUPLICATE: "twice",
    CheckStatus.NOT_FOUND: "not_found",
}


def _counted_checks(campaign_id: int, committee_ids: Collection[int]) -> sa.Select[Check]:
    return (
        sa.select(Check)
        .join(Check.member)
        .join(Member.cell)
        .join(Case, sa.and_(Case.member_id == Member.id, Case.campaign_id == Check.campaign_id))
        .options(contains_eager(Check.member).contains_eager(Member.cell))
        .where(
            Check.campaign_id == campaign_id,
            Case.is_counted,
            Member.committee_id.in_(committee_ids),
        )
    )


def _stage(stage: str) -> list[sa.ColumnElement[bool]]:
    match stage:
        case "settled":
            return [Check.decision.in_(SETTLED)]
        case "asked":
            return [Check.decision == Decision.ASK_CELL]
        case _:
            # Whoever is done already needs nobody's decision any more.
            return [Check.decision.is_(None), Check.status != CheckStatus.MATCH, Case.state != CaseState.DONE]


def _kind(kind: str) -> list[sa.ColumnElement[bool]]:
    if kind in list(Field):
        return [Check.status == CheckStatus.MISMATCH, Check.differences[kind].as_string().is_not(None)]
    return [Check.status == kind] if kind in list(CheckStatus) else []
