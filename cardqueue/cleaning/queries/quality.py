"""Reads of the data's quality: the facts about each member, and what earlier days counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from cardqueue.cases.models import Case, CaseState, PendingReason
from cardqueue.cleaning.models import CheckSheet, QualityDay
from cardqueue.cleaning.rules.quality import Assessment, Facts, Word, assess, count_words
from cardqueue.organisation.models import Campaign, Cell, Committee, campaign_committee
from cardqueue.roster.models import ImportState, Member, RosterImport
from cardqueue.verification.models import Check, CheckStatus
from cardqueue.verification.queries import SETTLED

# While one of these is open somebody says that the list is wrong about the member.
_DISPUTES = (PendingReason.WRONG_INFO, PendingReason.NOT_OURS, PendingReason.TRANSFER)


@dataclass(frozen=True, slots=True)
class AssessedMember:
    """A counted member with what the six words say."""

    member_id: int
    full_name: str
    cell_id: int
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Quality:
    """How many of a group's members hold each word: a cell, a commune, or all together.

    Shapes: `counts` by the values of `Word`.
    """

    id: int
    name: str
    member_count: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class QualityOnDay:
    """The same for one day."""

    on: date
    member_count: int
    counts: dict[str, int]


def assess_members(
    session: Session, campaign_id: int, *, committee_ids: Collection[int], at: datetime, cell_id: int | None = None
) -> list[AssessedMember]:
    """The counted members of some committees, or of one cell, with what the six words say now; by cell and name."""
    twice = _held_twice(session, campaign_id, Member.citizen_id_hash) | _held_twice(
        session, campaign_id, Member.card_no_hash
    )
    listed_at = _last_lists(session, committee_ids)
    query = _facts_query(campaign_id, committee_ids)
    if cell_id is not None:
        query = query.where(Member.cell_id == cell_id)
    assessed = []
    for row in session.execute(query):
        saved_at = listed_at.get(row.committee_id)
        seen = [moment for moment in (row.checked_at, row.decided_at, row.returned_at) if moment is not None]
        facts = Facts(
            full_name=row.full_name,
            birth_on=row.birth_on,
            sex=row.sex,
            citizen_id=row.citizen_id,
            card_no=row.card_no,
            joined_on=row.joined_on,
            official_on=row.official_on,
            phone=row.phone,
            is_compared=row.status is not None,
            is_verified=row.status == CheckStatus.MATCH or row.decision in SETTLED,
            is_held_twice=row.citizen_id_hash in twice or row.card_no_hash in twice,
            seen_at=max(seen, default=None),
            has_list=saved_at is not None,
            is_changed_here=saved_at is not None and row.updated_at > saved_at,
            is_disputed=row.state == CaseState.PENDING and row.reason in _DISPUTES,
        )
        assessed.append(AssessedMember(row.id, row.full_name, row.cell_id, assess(facts, at)))
    return assessed


def quality_by_cell(
    session: Session, campaign_id: int, *, committee_ids: Collection[int], at: datetime, cell_id: int | None = None
) -> list[Quality]:
    """How good the data of each cell is now; cells without counted members are left out."""
    by_cell: dict[int, list[Assessment]] = {}
    for one in assess_members(session, campaign_id, committee_ids=committee_ids, at=at, cell_id=cell_id):
        by_cell.setdefault(one.cell_id, []).append(one.assessment)
    names = session.execute(sa.select(Cell.id, Cell.name).where(Cell.id.in_(by_cell)).order_by(Cell.sort_key, Cell.id))
    return [Quality(key, name, len(by_cell[key]), count_words(by_cell[key])) for key, name in names]


def quality_by_commune(session: Session, campaign_id: int, *, committee_ids: Collection[int]) -> list[Quality]:
    """How good the data of each commune was when it was last counted: numbers, never a name of a member."""
    newest = (
        sa.select(Cell.committee_id, sa.func.max(QualityDay.taken_on).label("taken_on"))
        .join(Cell, Cell.id == QualityDay.cell_id)
        .where(QualityDay.campaign_id == campaign_id, Cell.committee_id.in_(committee_ids))
        .group_by(Cell.committee_id)
        .subquery()
    )
    rows = session.execute(
        sa.select(Committee.id, Committee.name, QualityDay.member_count, QualityDay.counts)
        .select_from(QualityDay)
        .join(Cell, Cell.id == QualityDay.cell_id)
        .join(Committee, Committee.id == Cell.committee_id)
        .join(
            newest,
            sa.and_(newest.c.committee_id == Cell.committee_id, newest.c.taken_on == QualityDay.taken_on),
        )
        .where(QualityDay.campaign_id == campaign_id)
        .order_by(Committee.name, Committee.id)
    )
    communes: dict[int, Quality] = {}
    for key, name, member_count, counts in rows:
        part = Quality(key, name, member_count, counts)
        communes[key] = _together([communes[key], part], key, name) if key in communes else part
    return list(communes.values())


def total_quality(parts: Iterable[Quality]) -> Quality:
    """All groups together."""
    return _together(parts, 0, "")


def list_days(
    session: Session, campaign_id: int, *, committee_ids: Collection[int], since_on: date, cell_id: int | None = None
) -> list[QualityOnDay]:
    """What was counted day by day, cells together, the oldest day first."""
    query = (
        sa.select(QualityDay.taken_on, QualityDay.member_count, QualityDay.counts)
        .join(Cell, Cell.id == QualityDay.cell_id)
        .where(
            QualityDay.campaign_id == campaign_id,
            QualityDay.taken_on >= since_on,
            Cell.committee_id.in_(committee_ids),
        )
        .order_by(QualityDay.taken_on)
    )
    if cell_id is not None:
        query = query.where(QualityDay.cell_id == cell_id)
    days: dict[date, list[Quality]] = {}
    for on, member_count, counts in session.execute(query):
        days.setdefault(on, []).append(Quality(0, "", member_count, counts))
    totals = ((on, total_quality(parts)) for on, parts in days.items())
    return [QualityOnDay(on, total.member_count, total.counts) for on, total in totals]


def list_uncounted(session: Session, on: date, *, at_most: int) -> list[tuple[int, int]]:
    """Committees of open campaigns that were not counted on a day. Shapes: (campaign id, committee id)."""
    counted = (
        sa.exists()
        .where(
            QualityDay.campaign_id == Campaign.id,
            QualityDay.taken_on == on,
            QualityDay.cell_id == Cell.id,
            Cell.committee_id == campaign_committee.c.committee_id,
        )
        .correlate(Campaign, campaign_committee)
    )
    has_members = (
        sa.exists()
        .where(
            Case.campaign_id == Campaign.id,
            Case.is_counted,
            Case.member_id == Member.id,
            Member.removed_at.is_(None),
            Member.committee_id == campaign_committee.c.committee_id,
        )
        .correlate(Campaign, campaign_committee)
    )
    rows = session.execute(
        sa.select(Campaign.id, campaign_committee.c.committee_id)
        .join(campaign_committee, campaign_committee.c.campaign_id == Campaign.id)
        .where(Campaign.closed_at.is_(None), has_members, ~counted)
        .order_by(Campaign.id, campaign_committee.c.committee_id)
        .limit(at_most)
    )
    return [(campaign_id, committee_id) for campaign_id, committee_id in rows]


def _facts_query(campaign_id: int, committee_ids: Collection[int]) -> sa.Select[*tuple[Any, ...]]:
    """The columns that the words are about; whole objects would take several times as long."""
    columns = (
        Member.id,
        Member.committee_id,
        Member.cell_id,
        Member.full_name,
        Member.birth_on,
        Member.sex,
        Member.citizen_id,
        Member.citizen_id_hash,
        Member.card_no,
        Member.card_no_hash,
        Member.phone,
        Member.joined_on,
        Member.official_on,
        Member.updated_at,
        Case.state,
        Case.reason,
        Check.status,
        Check.decision,
        Check.checked_at,
        Check.decided_at,
        CheckSheet.returned_at,
    )
    return (
        sa.select(Member)
        .join(Case, sa.and_(Case.member_id == Member.id, Case.campaign_id == campaign_id))
        .join(Member.cell)
        .outerjoin(Check, sa.and_(Check.member_id == Member.id, Check.campaign_id == campaign_id))
        .outerjoin(CheckSheet, sa.and_(CheckSheet.member_id == Member.id, CheckSheet.campaign_id == campaign_id))
        .where(Case.is_counted, Member.removed_at.is_(None), Member.committee_id.in_(committee_ids))
        .order_by(Cell.sort_key, Member.sort_key, Member.id)
        .with_only_columns(*columns)
    )


def _held_twice(
    session: Session, campaign_id: int, number_hash: InstrumentedAttribute[str | None]
) -> frozenset[str | None]:
    """The numbers, by their hash, that several counted members of the campaign carry, of whatever commune."""
    return frozenset(
        session.scalars(
            sa.select(number_hash)
            .join(Case, sa.and_(Case.member_id == Member.id, Case.campaign_id == campaign_id))
            .where(Case.is_counted, Member.removed_at.is_(None), number_hash.is_not(None))
            .group_by(number_hash)
            .having(sa.func.count() > 1)
        )
    )


def _last_lists(session: Session, committee_ids: Collection[int]) -> dict[int, datetime]:
    """When each committee's last list was saved."""
    rows = session.execute(
        sa.select(RosterImport.committee_id, sa.func.max(RosterImport.saved_at))
        .where(RosterImport.committee_id.in_(committee_ids), RosterImport.state == ImportState.SAVED)
        .group_by(RosterImport.committee_id)
    )
    return {committee_id: saved_at for committee_id, saved_at in rows if saved_at is not None}


def _together(parts: Iterable[Quality], key: int, name: str) -> Quality:
    members, counts = 0, dict.fromkeys((word.value for word in Word), 0)
    for part in parts:
        members += part.member_count
        for word in counts:
            counts[word] += part.counts.get(word, 0)
    return Quality(key, name, members, counts)
