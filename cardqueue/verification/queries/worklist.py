"""Reads of the worklist: whose data differs, in the order in which people come, and how many there are of each kind."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from cardqueue.accounts.models import User
from cardqueue.cases.models import Case, CaseState
from cardqueue.core.database import UtcDateTime
from cardqueue.core.errors import NotFound
from cardqueue.organisation.models import Cell
from cardqueue.roster.models import Member
from cardqueue.verification.models import Check, CheckStatus, Decision
from cardqueue.verification.queries.decisions import waits_for_second_person
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
STAGES = ("open", "second", "asked", "settled")
KINDS = (
    *Field,
    CheckStatus.MISSING,
    CheckStatus.DUPLICATE,
    CheckStatus.NOT_FOUND,
    CheckStatus.AMBIGUOUS,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants to see of the worklist.

    Shapes: `kind` is one of `KINDS` or empty for all; `stage` one of `STAGES`; `order` is "cell" or empty for whoever
    comes first.
    """

    cell_id: int | None = None
    kind: str = ""
    stage: str = "open"
    order: str = ""


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
    by_cell = (Cell.sort_key, Member.sort_key, Member.id)
    query = (
        counted_checks(campaign_id, committee_ids)
        .where(*_stage(wanted.stage), *_kind(wanted.kind))
        .order_by(*(() if wanted.order == "cell" else (first_at.is_(None), first_at)), *by_cell)
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
    check = session.scalar(counted_checks(campaign_id, committee_ids).where(Check.member_id == member_id))
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


def count_stages(session: Session, campaign_id: int, *, committee_ids: Collection[int]) -> dict[str, int]:
    """How many checks are open, wait for a second person or for the cell, or are settled."""
    stage = sa.case(*((sa.and_(*_stage(name)), name) for name in STAGES)).label("stage")
    rows = session.execute(
        counted_checks(campaign_id, committee_ids).with_only_columns(stage, sa.func.count()).group_by("stage")
    )
    found = {row[0]: row[1] for row in rows}
    return {name: found.get(name, 0) for name in STAGES}


def count_kinds(
    session: Session, campaign_id: int, *, committee_ids: Collection[int], wanted: Wanted
) -> dict[str, int]:
    """How many checks of a stage and cell there are of every kind; one may be of several."""
    counts = [sa.func.count().filter(*_kind(kind)).label(kind) for kind in KINDS]
    query = counted_checks(campaign_id, committee_ids).where(*_stage(wanted.stage)).with_only_columns(*counts)
    row = session.execute(query if wanted.cell_id is None else query.where(Member.cell_id == wanted.cell_id)).one()
    return dict(zip(map(str, KINDS), row, strict=True))


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


def counted_checks(campaign_id: int, committee_ids: Collection[int]) -> sa.Select[Check]:
    """The checks of counted members, with member and cell, and joined to the case."""
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
            return [Check.decision.in_(SETTLED), sa.not_(waits_for_second_person())]
        case "asked":
            return [Check.decision == Decision.ASK_CELL, sa.not_(waits_for_second_person())]
        case "second":
            return [waits_for_second_person()]
        case _:
            # Whoever is done already needs nobody's decision any more.
            is_open = (Check.decision.is_(None), Check.status != CheckStatus.MATCH, Case.state != CaseState.DONE)
            return [*is_open, sa.not_(waits_for_second_person())]


def _kind(kind: str) -> list[sa.ColumnElement[bool]]:
    if kind in list(Field):
        return [Check.status == CheckStatus.MISMATCH, Check.differences[kind].as_string().is_not(None)]
    return [Check.status == kind] if kind in list(CheckStatus) else []
