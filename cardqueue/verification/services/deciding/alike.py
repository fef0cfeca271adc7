"""One decision for many members who differ in the same harmless way: only in the spelling of the name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.cases.models import Case, CaseState
from cardqueue.core.audit import record
from cardqueue.core.errors import Refused
from cardqueue.organisation.models import Campaign
from cardqueue.roster.models import Member
from cardqueue.verification.models import Check, Decision, DecisionRecord, DecisionState
from cardqueue.verification.queries import HARMLESS, differs_in_spelling, find_people
from cardqueue.verification.rules import Person
from cardqueue.verification.services.deciding.keeping import new_record
from cardqueue.verification.services.deciding.settling import settle
from cardqueue.verification.services.deciding.values import values_of_record
from cardqueue.verification.services.extracts import require_open
from cardqueue.verification.services.matching import person_of_member


@dataclass(slots=True)
class Alike:
    """What deciding about many gave: the decisions, and the members left out because something moved, by name."""

    done: list[DecisionRecord] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def decide_alike(
    session: Session,
    campaign: Campaign,
    seen: Mapping[int, str],
    decision: Decision,
    *,
    committee_ids: Collection[int],
    reason: str,
    at: datetime,
) -> Alike:
    """Decide alike about members who differ in the spelling of the name alone: after the records, or after the list.

    Shapes: `seen` is the evidence that the page showed, by member. Whoever has other evidence by now, was decided about
    or is done is left out and named.

    Raises: Refused("VERIFICATION_CLOSED", "NOBODY_CHOSEN", "REASON_MISSING").
    """
    require_open(campaign)
    if decision is Decision.ROSTER_RIGHT and not reason:
        raise Refused("REASON_MISSING")
    members = _members(session, seen, committee_ids)
    if not members:
        raise Refused("NOBODY_CHOSEN")
    cases = _locked_cases(session, campaign.id, members)
    checks = _still_alike(session, campaign.id, members, seen)
    people = _people_of(session, campaign.id, checks.values()) if decision is Decision.RECORD_RIGHT else {}
    alike = Alike()
    for member_id, member in members.items():
        check, case = checks.get(member_id), cases.get(member_id)
        if check is None or case is None or case.state == CaseState.DONE:
            alike.left_out.append(member.full_name)
            continue
        values = {}
        if decision is Decision.RECORD_RIGHT:
            found = people.get(check.record_hash or "")
            if found is None:
                alike.left_out.append(member.full_name)
                continue
            values = values_of_record(check, person_of_member(member), found, check.record_hash or "")
        kept = new_record(
            session, check, case, decision, values, reason=reason, record_hash=check.record_hash,
            state=DecisionState.APPLIED, at=at,
        )  # fmt: skip
        settle(session, check, case, kept, at, is_one_of_many=True)
        alike.done.append(kept)
    for committee_id, count in Counter(kept.member.committee_id for kept in alike.done).items():
        record(
            session,
            "verification.decide_alike",
            f"campaign:{campaign.id}",
            after={"decision": decision, "members": count},
            committee_id=committee_id,
        )
    return alike


def _members(session: Session, seen: Mapping[int, str], committee_ids: Collection[int]) -> dict[int, Member]:
    rows = session.scalars(
        sa.select(Member)
        .where(Member.id.in_(seen), Member.committee_id.in_(committee_ids))
        .order_by(Member.sort_key, Member.id)
    )
    return {member.id: member for member in rows}


def _locked_cases(session: Session, campaign_id: int, members: Collection[int]) -> dict[int, Case]:
    rows = session.scalars(
        sa.select(Case)
        .where(Case.campaign_id == campaign_id, Case.member_id.in_(members))
        .order_by(Case.id)
        .with_for_update(of=Case)
        .execution_options(populate_existing=True)
    )
    return {case.member_id: case for case in rows}


def _still_alike(
    session: Session, campaign_id: int, members: Collection[int], seen: Mapping[int, str]
) -> dict[int, Check]:
    rows = session.scalars(
        sa.select(Check)
        .where(
            Check.campaign_id == campaign_id,
            Check.member_id.in_(members),
            sa.or_(*(sa.and_(*differs_in_spelling(level)) for level in HARMLESS)),
        )
        .execution_options(populate_existing=True)
    )
    return {check.member_id: check for check in rows if check.evidence == seen[check.member_id]}


def _people_of(session: Session, campaign_id: int, checks: Collection[Check]) -> dict[str, Person]:
    people: dict[str, Person] = {}
    for committee_id in {check.member.committee_id for check in checks}:
        hashes = [
            check.record_hash for check in checks if check.record_hash and check.member.committee_id == committee_id
        ]
        people |= find_people(session, campaign_id, committee_id, hashes)
    return people
