"""Reads of the decisions: what waits for a second person, what was decided together, and a member's history."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from cardqueue.accounts.models import User
from cardqueue.cases.models import Case, CaseState
from cardqueue.core.access import POLICE
from cardqueue.core.errors import NotFound
from cardqueue.organisation.models import Cell, committee_station
from cardqueue.roster.models import Member
from cardqueue.verification.models import Check, CheckStatus, DecisionRecord, DecisionState
from cardqueue.verification.rules import Field

# Differences in the spelling of the name alone: they may be decided about many members at once.
HARMLESS = ("spelling", "bare", "marks")


def waits_for_second_person() -> sa.ColumnElement[bool]:
    """Whether a check has a proposal made on the evidence that still stands; one on older evidence has lapsed."""
    return sa.exists().where(
        DecisionRecord.campaign_id == Check.campaign_id,
        DecisionRecord.member_id == Check.member_id,
        DecisionRecord.state == DecisionState.PROPOSED,
        DecisionRecord.evidence == Check.evidence,
    )


def find_proposal(session: Session, check: Check) -> DecisionRecord | None:
    """The change of a member's citizen ID that waits for a second person."""
    return session.scalar(
        sa.select(DecisionRecord)
        .where(
            DecisionRecord.campaign_id == check.campaign_id,
            DecisionRecord.member_id == check.member_id,
            DecisionRecord.state == DecisionState.PROPOSED,
            DecisionRecord.evidence == check.evidence,
        )
        .order_by(DecisionRecord.id.desc())
        .limit(1)
    )


def proposals_of(session: Session, campaign_id: int, member_ids: Collection[int]) -> dict[int, int]:
    """The decisions that wait for a second person. Shapes: member id → decision id, the newest where there are two."""
    rows = session.execute(
        sa.select(DecisionRecord.member_id, sa.func.max(DecisionRecord.id).label("newest_id"))
        .where(
            DecisionRecord.campaign_id == campaign_id,
            DecisionRecord.member_id.in_(member_ids),
            DecisionRecord.state == DecisionState.PROPOSED,
        )
        .group_by(DecisionRecord.member_id)
    )
    return {row.member_id: row.newest_id for row in rows}


def find_decision(
    session: Session, campaign_id: int, decision_id: int, *, committee_ids: Collection[int]
) -> DecisionRecord:
    """A decision with its member.

    Raises: NotFound("DECISION_NOT_FOUND") when there is none within these committees.
    """
    kept = session.scalar(
        sa.select(DecisionRecord)
        .join(DecisionRecord.member)
        .join(Member.cell)
        .options(contains_eager(DecisionRecord.member).contains_eager(Member.cell))
        .where(
            DecisionRecord.id == decision_id,
            DecisionRecord.campaign_id == campaign_id,
            Member.committee_id.in_(committee_ids),
        )
    )
    if kept is None:
        raise NotFound("DECISION_NOT_FOUND")
    return kept


def list_decisions(session: Session, campaign_id: int, member_id: int) -> list[DecisionRecord]:
    """All decisions about a member in a campaign, the newest first."""
    return list(
        session.scalars(
            sa.select(DecisionRecord)
            .where(DecisionRecord.campaign_id == campaign_id, DecisionRecord.member_id == member_id)
            .order_by(DecisionRecord.id.desc())
        )
    )


def list_batch(session: Session, kept: DecisionRecord) -> list[DecisionRecord]:
    """The decisions that one person made in the same step: one, or those about many members alike."""
    return list(
        session.scalars(
            sa.select(DecisionRecord)
            .join(DecisionRecord.member)
            .join(Member.cell)
            .options(contains_eager(DecisionRecord.member).contains_eager(Member.cell))
            .where(
                DecisionRecord.campaign_id == kept.campaign_id,
                DecisionRecord.decided_by == kept.decided_by,
                DecisionRecord.decided_at == kept.decided_at,
                DecisionRecord.decision == kept.decision,
                DecisionRecord.state == kept.state,
            )
            .order_by(Cell.sort_key, Member.sort_key, DecisionRecord.id)
        )
    )


def find_newer(session: Session, kept: DecisionRecord) -> DecisionRecord | None:
    """A decision about the same member that was made later and holds or waits."""
    return session.scalar(
        sa.select(DecisionRecord)
        .where(
            DecisionRecord.campaign_id == kept.campaign_id,
            DecisionRecord.member_id == kept.member_id,
            DecisionRecord.id > kept.id,
            DecisionRecord.state.in_([DecisionState.APPLIED, DecisionState.PROPOSED]),
        )
        .limit(1)
    )


def list_alike(
    session: Session, campaign_id: int, *, committee_ids: Collection[int], level: str, most: int
) -> list[Check]:
    """The first open checks of members who differ in nothing but the name, at one level; with member and cell."""
    query = _open_checks(campaign_id, committee_ids).where(*differs_in_spelling(level))
    return list(session.scalars(query.order_by(Cell.sort_key, Member.sort_key, Member.id).limit(most)))


def count_alike(session: Session, campaign_id: int, *, committee_ids: Collection[int]) -> dict[str, int]:
    """How many open checks differ in nothing but the name. Shapes: level → checks."""
    counts = [sa.func.count().filter(*differs_in_spelling(level)) for level in HARMLESS]
    row = session.execute(_open_checks(campaign_id, committee_ids).with_only_columns(*counts)).one()
    return dict(zip(HARMLESS, row, strict=True))


def differs_in_spelling(level: str) -> list[sa.ColumnElement[bool]]:
    """The conditions under which a check is undecided and differs in nothing but the name, at one level."""
    others = [field for field in Field if field is not Field.FULL_NAME]
    return [
        Check.status == CheckStatus.MISMATCH,
        Check.decision.is_(None),
        Check.differences[str(Field.FULL_NAME)].as_string() == level,
        *(Check.differences[str(field)].as_string().is_(None) for field in others),
        sa.not_(waits_for_second_person()),
    ]


def list_second_people(session: Session, committee_id: int, *, but: str) -> list[User]:
    """The police accounts of the stations that serve a committee, except the one who proposed."""
    stations = sa.select(committee_station.c.station_id).where(committee_station.c.committee_id == committee_id)
    return list(
        session.scalars(
            sa.select(User)
            .options(joinedload(User.station))
            .where(User.active, User.role.in_(POLICE), User.station_id.in_(stations), User.username != but)
            .order_by(User.full_name, User.id)
        )
    )


def names_of_accounts(session: Session, usernames: Collection[str]) -> dict[str, str]:
    """People's names by their account names, so that a history names people."""
    rows = session.execute(sa.select(User.username, User.full_name).where(User.username.in_(usernames)))
    return {row.username: row.full_name for row in rows}


def _open_checks(campaign_id: int, committee_ids: Collection[int]) -> sa.Select[Check]:
    return (
        sa.select(Check)
        .join(Check.member)
        .join(Member.cell)
        .join(Case, sa.and_(Case.member_id == Member.id, Case.campaign_id == Check.campaign_id))
        .options(contains_eager(Check.member).contains_eager(Member.cell))
        .where(
            Check.campaign_id == campaign_id,
            Case.is_counted,
            Case.state != CaseState.DONE,
            Member.committee_id.in_(committee_ids),
        )
    )
