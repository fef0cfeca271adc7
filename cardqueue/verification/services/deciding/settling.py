"""An officer's decision about one member: settled at once, proposed to a second person, or handed to the cell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from cardqueue.cases.models import Case, CaseState
from cardqueue.cases.services import get_case, open_case
from cardqueue.core.audit import actor_of, record
from cardqueue.core.errors import Conflict, Refused
from cardqueue.organisation.models import Campaign
from cardqueue.verification.models import Check, CheckStatus, Decision, DecisionRecord, DecisionState
from cardqueue.verification.queries import find_people, find_proposal
from cardqueue.verification.registries.keys import record_mark
from cardqueue.verification.rules import Field, Level
from cardqueue.verification.services.comparing import Found
from cardqueue.verification.services.correcting import apply_values, refuse_taken_number
from cardqueue.verification.services.deciding.keeping import new_record, written_values
from cardqueue.verification.services.deciding.values import (
    MAY_FOLLOW_RECORD,
    refuse_wrong_holder,
    values_of_record,
    values_typed,
)
from cardqueue.verification.services.extracts import require_open
from cardqueue.verification.services.matching import (
    OUR_REASONS,
    judge_member,
    keep_ledger,
    pending_reason,
    person_of_member,
    write_comparison,
)
from cardqueue.verification.words import case_note


class Outcome(StrEnum):
    """What became of a decision."""

    SETTLED = "settled"
    # It changes the citizen ID and waits for a second person.
    PROPOSED = "proposed"
    # The new number leads to a record that differs elsewhere: the member stays on the worklist with that.
    DIFFERS_ELSEWHERE = "differs_elsewhere"


@dataclass(frozen=True, slots=True)
class Typed:
    """What the officer gave beside the choice itself.

    Shapes: `values` hold stored forms (ISO dates, `male`); `record_hash` is the candidate taken for the person, None
    for the one that the comparison already names.
    """

    values: Mapping[Field, str] = field(default_factory=dict)
    reason: str = ""
    owner_id: int | None = None
    due_on: date | None = None
    record_hash: str | None = None


def decide(
    session: Session, campaign: Campaign, check: Check, decision: Decision, typed: Typed, *, seen: str, at: datetime
) -> Outcome:
    """Settle a member's difference, propose it, or hand it to the cell; `seen` is the evidence that the page showed.

    Raises: Conflict("CHECK_HAS_MOVED_ON", "PROPOSAL_WAITS"); Refused("VERIFICATION_CLOSED", "REASON_MISSING",
    "NOTHING_TYPED", "NO_RECORD", "NUMBER_NEEDED", "NUMBER_SEX", "NUMBER_YEAR", "NUMBER_TAKEN").
    """
    require_open(campaign)
    case = get_case(session, campaign.id, check.member_id)
    session.refresh(check)
    if check.evidence != seen:
        raise Conflict("CHECK_HAS_MOVED_ON")
    if find_proposal(session, check) is not None:
        raise Conflict("PROPOSAL_WAITS")
    if decision is Decision.ASK_CELL:
        _ask_cell(session, check, case, typed, at)
        return Outcome.SETTLED
    if decision is Decision.NOBODY:
        _take_nobody(session, check, case, typed, at)
        return Outcome.SETTLED
    values, record_hash = _values(session, check, decision, typed)
    changes_number = Field.CITIZEN_ID in values
    if changes_number:
        refuse_taken_number(session, check.member, values[Field.CITIZEN_ID])
    kept = new_record(
        session,
        check,
        case,
        decision,
        values,
        reason=typed.reason,
        record_hash=record_hash,
        state=DecisionState.PROPOSED if changes_number else DecisionState.APPLIED,
        at=at,
    )
    if not changes_number:
        return settle(session, check, case, kept, at)
    session.flush()
    _leave_trace(session, check, "verification.propose", after={"decision": decision, "fields": sorted(values)})
    return Outcome.PROPOSED


def settle(
    session: Session, check: Check, case: Case, kept: DecisionRecord, at: datetime, *, is_one_of_many: bool = False
) -> Outcome:
    """Write a decision into member, check and case; one of many leaves its trace with the others.

    Raises: Refused("NUMBER_TAKEN").
    """
    member, decision, values = check.member, Decision(kept.decision), written_values(kept)
    before = {"decision": check.decision, "status": check.status, "fields": sorted(check.differences)}
    old = person_of_member(member)
    apply_values(session, member, values, at)
    found = judge_member(session, check.campaign_id, member)
    is_new_number = Field.CITIZEN_ID in values and decision is Decision.BOTH_WRONG
    if found is not None and is_new_number and not _is_settled_by(found, values):
        write_comparison(check, found, at)
        outcome = Outcome.DIFFERS_ELSEWHERE
    else:
        new = person_of_member(member)
        settled = {Field(name) for name in check.differences} | set(values)
        changes = {str(name): (old.value(name), new.value(name)) for name in Field if name in settled}
        check.confirmed = json.dumps(changes, ensure_ascii=False)
        check.blocks = False
        check.decided_evidence = check.evidence
        if found is not None:
            check.evidence = found.evidence
            # Whom the member is now tied to: two rows of one person are found by it.
            check.record_hash = record_mark(found.comparison.pid) if found.comparison.pid else check.record_hash
            check.duplicate_of_id = found.comparison.duplicate_of_id
        check.decision, check.decided_by, check.decided_at = decision, kept.decided_by, at
        check.note = kept.reason
        outcome = Outcome.SETTLED
    keep_ledger(session, check, case, at)
    session.flush()
    if not is_one_of_many:
        _leave_trace(session, check, "verification.decide", before=before, after={"decision": decision})
    return outcome


def _values(session: Session, check: Check, decision: Decision, typed: Typed) -> tuple[dict[Field, str], str | None]:
    """What the decision writes into the member, and the record taken for the person."""
    member = person_of_member(check.member)
    match decision:
        case Decision.RECORD_RIGHT:
            record_hash = typed.record_hash or check.record_hash
            known = {check.record_hash, *(candidate["record"] for candidate in check.candidates)}
            if check.status not in MAY_FOLLOW_RECORD or record_hash is None or record_hash not in known:
                raise Refused("NO_RECORD")
            people = find_people(session, check.campaign_id, check.member.committee_id, [record_hash])
            if record_hash not in people:
                raise Refused("NO_RECORD")
            return values_of_record(check, member, people[record_hash], record_hash), record_hash
        case Decision.ROSTER_RIGHT:
            refuse_wrong_holder(session, check)
            if not typed.reason:
                raise Refused("REASON_MISSING")
            return {}, check.record_hash
        case _:
            return values_typed(check, member, typed.values), check.record_hash


def _is_settled_by(found: Found, values: Mapping[Field, str]) -> bool:
    """Whether nothing is left to look at once the typed values stand: what was typed from the papers holds.

    A number that the records do not have holds as well; one that they have for somebody else does not.
    """
    for name, level in found.differences.items():
        if name == Field.CITIZEN_ID:
            if level != Level.UNKNOWN:
                return False
        elif name not in values:
            return False
    return True


def _ask_cell(session: Session, check: Check, case: Case, typed: Typed, at: datetime) -> None:
    """Let the cell find out: the case gets an owner and a day, and stays open."""
    new_record(
        session, check, case, Decision.ASK_CELL, {}, reason=typed.reason, record_hash=check.record_hash,
        state=DecisionState.APPLIED, at=at,
    )  # fmt: skip
    before = check.decision
    reason = pending_reason(check.member)
    is_theirs = case.state == CaseState.PENDING and case.reason not in OUR_REASONS
    if case.state != CaseState.DONE and not is_theirs:
        is_new = case.state == CaseState.NOT_YET
        note = case_note(check.differences) + (f". {typed.reason}" if typed.reason else "")
        open_case(session, case, reason, at=at, owner_id=typed.owner_id, due_on=typed.due_on, note=note)
        check.opened_case = check.opened_case or is_new
    check.decision, check.decided_at, check.decided_by = Decision.ASK_CELL, at, actor_of(session)
    check.note = typed.reason or None
    session.flush()
    _leave_trace(
        session,
        check,
        "verification.decide",
        before={"decision": before, "status": check.status, "fields": sorted(check.differences)},
        after={"decision": Decision.ASK_CELL},
    )


def _take_nobody(session: Session, check: Check, case: Case, typed: Typed, at: datetime) -> None:
    """None of the candidates is the person: the member stays open, as one whom the records do not have."""
    if not check.candidates:
        raise Refused("NO_RECORD")
    new_record(
        session, check, case, Decision.NOBODY, {}, reason=typed.reason, record_hash=None,
        state=DecisionState.APPLIED, at=at,
    )  # fmt: skip
    before = check.status
    level = Level.UNKNOWN if check.member.citizen_id else Level.MISSING
    check.status, check.differences = CheckStatus.NOT_FOUND, {str(Field.CITIZEN_ID): str(level)}
    check.record_hash, check.candidates, check.score = None, [], None
    check.blocks = True
    keep_ledger(session, check, case, at)
    session.flush()
    _leave_trace(session, check, "verification.decide", before={"status": before}, after={"decision": Decision.NOBODY})


def _leave_trace(
    session: Session,
    check: Check,
    action: str,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object],
) -> None:
    record(
        session, action, f"member:{check.member_id}", before=before, after=after,
        committee_id=check.member.committee_id,
    )  # fmt: skip
