"""What comparing gave is written into checks, and the ledger is kept true to it.

A check remembers the evidence it rests on. Only members whose evidence changed are written, so that comparing again
changes nothing and undoes no decision; and when the evidence of a decision comes back, so does the decision.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cardqueue.cases.models import Case, CaseState, PendingReason
from cardqueue.cases.services import open_case, resolve_case
from cardqueue.core.audit import record
from cardqueue.core.errors import Refused
from cardqueue.roster.models import Member, Sex
from cardqueue.verification.engine.deciding import Candidate
from cardqueue.verification.models import Check, CheckStatus, Decision, DecisionRecord, DecisionState
from cardqueue.verification.queries import SETTLED
from cardqueue.verification.registries.keys import record_mark
from cardqueue.verification.rules import Field, Person
from cardqueue.verification.services.comparing import Comparing, Found
from cardqueue.verification.services.correcting import apply_values, stored_values
from cardqueue.verification.words import case_note

OUR_REASONS = frozenset({PendingReason.WRONG_INFO, PendingReason.ID_MISSING})


@dataclass(slots=True)
class Matched:
    """What comparing did: how many members were looked at, came out anew, and how those came out."""

    compared: int = 0
    changed: int = 0
    opened: int = 0
    resolved: int = 0
    by_status: Counter[CheckStatus] = field(default_factory=Counter)


def judge_member(session: Session, campaign_id: int, member: Member) -> Found | None:
    """Compare one member as the list has them now; None while no extract is in force."""
    session.flush()
    return Comparing(session, campaign_id).compare_one(member.id)


def person_of_member(member: Member) -> Person:
    """What the list says."""
    return Person(member.full_name, member.birth_on, Sex(member.sex) if member.sex else None, member.citizen_id)


def write_comparison(check: Check, found: Found, at: datetime) -> None:
    """Let a check say what comparing gave; an earlier decision, made on other evidence, is gone."""
    comparison = found.comparison
    check.status, check.blocks = comparison.status, comparison.blocks
    check.differences = {str(name): str(level) for name, level in comparison.differences.items()}
    check.duplicate_of_id = comparison.duplicate_of_id
    _write_evidence(check, found, at)
    check.decision = check.decided_at = check.decided_by = None
    check.confirmed = check.note = check.decided_evidence = None


def keep_ledger(session: Session, check: Check, case: Case, at: datetime) -> int:
    """Open a member's case where a difference blocks, and resolve the case opened here once none does.

    A case that somebody else opened or settled is theirs. Returns 1 when opened, -1 when resolved, 0 otherwise.
    """
    is_ours = check.opened_case and case.state == CaseState.PENDING and case.reason in OUR_REASONS
    if not check.blocks:
        check.opened_case = False
        if not is_ours:
            return 0
        resolve_case(session, case, at=at)
        return -1
    reason = pending_reason(case.member)
    note = case_note(check.differences)
    if is_ours:
        if (case.reason, case.note) != (reason, note):
            open_case(session, case, reason, at=at, owner_id=case.owner_id, due_on=case.due_on, note=note)
        return 0
    if case.state != CaseState.NOT_YET:
        return 0
    open_case(session, case, reason, at=at, note=note)
    check.opened_case = True
    return 1


def pending_reason(member: Member) -> PendingReason:
    """Why a member whose data differs is pending: without a number on the list, the number is what is missing first."""
    return PendingReason.WRONG_INFO if member.citizen_id else PendingReason.ID_MISSING


def write_found(
    session: Session, campaign_id: int, some: Sequence[Found], at: datetime, done: Matched, *, is_together: bool
) -> None:
    """Write what comparing gave for some members, where it is new.

    Whoever stands on the list twice is written only by comparing together, which alone knows of it; there, members who
    were never compared alone are left to the run of their own committee.
    """
    session.flush()
    seen = _checks_of(session, campaign_id, [found.member_id for found in some])

    def is_settled_elsewhere(check: Check | None) -> bool:
        return check is None if is_together else check is not None and check.duplicate_of_id is not None

    due = [
        found
        for found in some
        if not is_settled_elsewhere(check := seen.get(found.member_id)) and not _says(check, found)
    ]
    if not due:
        return
    # Cases before checks, as whoever decides about a member takes them; what was read before the lock is read again.
    cases = _lock_cases(session, campaign_id, [found.member_id for found in due])
    checks = _checks_of(session, campaign_id, [found.member_id for found in due])
    kept = _newest_decisions(session, campaign_id, list(checks))
    written: list[tuple[Check, Case]] = []
    for found in due:
        case, check = cases.get(found.member_id), checks.get(found.member_id)
        if case is None or is_settled_elsewhere(check):
            continue
        if check is None:
            check = Check(campaign_id=campaign_id, member_id=found.member_id, opened_case=False)
            session.add(check)
        _write(session, check, found, case.member, kept.get(found.member_id), at, done)
        written.append((check, case))
    # All checks in one statement; the ledger flushes with every case.
    session.flush()
    for check, case in written:
        if check.decision != Decision.ASK_CELL and (check.blocks or check.opened_case):
            moved = keep_ledger(session, check, case, at)
            done.opened += moved > 0
            done.resolved += moved < 0
    session.flush()


def _says(check: Check | None, found: Found) -> bool:
    """Whether a check rests on just this evidence, and nothing is left to do about it."""
    if check is None or check.evidence != found.evidence or check.engine_version != found.engine_version:
        return False
    return not (check.blocks and check.decision is None and not check.opened_case)


def _write(
    session: Session,
    check: Check,
    found: Found,
    member: Member,
    kept: DecisionRecord | None,
    at: datetime,
    done: Matched,
) -> None:
    if check.evidence == found.evidence:
        # Other rules or parameters found the same people: only how sure they are may be another.
        _write_evidence(check, found, at)
        return
    done.changed += 1
    if check.decided_evidence == found.evidence:
        # A list brought back exactly what an officer had decided about: the decision holds, so its values do.
        try:
            apply_values(session, member, stored_values(check), at)
            return
        except Refused:
            # Meanwhile somebody else has that number: it has to be looked at anew.
            pass
    elif _is_seen_otherwise_only(check, found):
        _write_evidence(check, found, at)
        return
    holds = kept is not None and kept.decision == Decision.ROSTER_RIGHT and kept.evidence == found.evidence
    if check.decision in SETTLED and not holds:
        record(
            session,
            "verification.reopen",
            f"member:{member.id}",
            before={"decision": check.decision},
            after={"status": found.comparison.status},
            committee_id=member.committee_id,
        )
    write_comparison(check, found, at)
    if kept is not None and holds:
        _put_in_force(check, kept, member)
    done.by_status[found.comparison.status] += 1


def _put_in_force(check: Check, kept: DecisionRecord, member: Member) -> None:
    """Let a decision for the list stand again: another extract came and went, and nothing speaks for anything else."""
    ours = person_of_member(member)
    check.decision, check.decided_by = Decision(kept.decision), kept.decided_by
    check.decided_at, check.note = kept.decided_at, kept.reason
    check.decided_evidence, check.blocks = check.evidence, False
    check.confirmed = json.dumps(
        {name: (ours.value(Field(name)), ours.value(Field(name))) for name in check.differences}, ensure_ascii=False
    )


def _is_seen_otherwise_only(check: Check, found: Found) -> bool:
    """Whether another version of the engine finds nothing about a decided member that was not decided about."""
    if check.decision is None or check.engine_version == found.engine_version:
        return False
    return {str(name) for name in found.differences} <= set(check.differences)


def _write_evidence(check: Check, found: Found, at: datetime) -> None:
    comparison = found.comparison
    check.record_hash = record_mark(comparison.pid) if comparison.pid else None
    check.candidates = [_stored(one) for one in comparison.candidates]
    check.score = comparison.score
    check.engine_version = found.engine_version
    check.evidence, check.checked_at = found.evidence, at


def _stored(candidate: Candidate) -> dict[str, Any]:
    levels = {part: int(level) for part, level in candidate.levels._asdict().items()}
    return {
        "record": record_mark(candidate.record.pid),
        "levels": levels,
        "probability": round(candidate.probability, 6),
    }


def _checks_of(session: Session, campaign_id: int, member_ids: Collection[int]) -> dict[int, Check]:
    rows = session.scalars(
        sa.select(Check)
        .where(Check.campaign_id == campaign_id, Check.member_id.in_(member_ids))
        .execution_options(populate_existing=True)
    )
    return {check.member_id: check for check in rows}


def _newest_decisions(session: Session, campaign_id: int, member_ids: Collection[int]) -> dict[int, DecisionRecord]:
    rows = session.scalars(
        sa.select(DecisionRecord)
        .where(
            DecisionRecord.campaign_id == campaign_id,
            DecisionRecord.member_id.in_(member_ids),
            DecisionRecord.state == DecisionState.APPLIED,
        )
        .order_by(DecisionRecord.id)
    )
    return {kept.member_id: kept for kept in rows}


def _lock_cases(session: Session, campaign_id: int, member_ids: Collection[int]) -> dict[int, Case]:
    rows = session.scalars(
        sa.select(Case)
        .options(joinedload(Case.member))
        .where(Case.campaign_id == campaign_id, Case.member_id.in_(member_ids))
        .order_by(Case.id)
        .with_for_update(of=Case)
        .execution_options(populate_existing=True)
    )
    return {case.member_id: case for case in rows}
