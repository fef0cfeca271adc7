"""An officer's decision about a member whose data differs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.cases.models import Case, CaseState, PendingReason
from cardqueue.cases.services import get_case, open_case
from cardqueue.core.audit import actor_of, record
from cardqueue.core.errors import Conflict, Refused
from cardqueue.organisation.models import Campaign
from cardqueue.roster.models import Member, Sex
from cardqueue.verification.models import Check, CheckStatus, Decision
from cardqueue.verification.queries import list_other_holders, list_records
from cardqueue.verification.rules import (
    Field,
    Level,
    Person,
    corrected,
    is_citizen_id,
    may_follow_record,
    number_faults,
)
from cardqueue.verification.services.correcting import apply_values
from cardqueue.verification.services.extracts import require_open
from cardqueue.verification.services.matching import (
    OUR_REASONS,
    gather_sides,
    judge,
    keep_ledger,
    person_of_member,
    person_of_record,
    write_comparison,
)
from cardqueue.verification.words import case_note


@dataclass(frozen=True, slots=True)
class Typed:
    """What the officer gave beside the choice itself. Shapes: `values` hold stored forms (ISO dates, `male`)."""

    values: Mapping[Field, str] = field(default_factory=dict)
    reason: str = ""
    owner_id: int | None = None
    due_on: date | None = None


def decide(
    session: Session, campaign: Campaign, check: Check, decision: Decision, typed: Typed, *, seen: str, at: datetime
) -> bool:
    """Settle a member's difference, or hand it to the cell; `seen` is the evidence that the officer's page showed.

    Returns False when a corrected number leads to a record that differs elsewhere: the member stays on the worklist
    with that difference, and nothing but the number is settled.

    Raises: Conflict("CHECK_HAS_MOVED_ON"); Refused("VERIFICATION_CLOSED", "REASON_MISSING", "NOTHING_TYPED",
    "NO_RECORD", "NUMBER_NEEDED", "NUMBER_SEX", "NUMBER_YEAR", "NUMBER_TAKEN").
    """
    require_open(campaign)
    case = get_case(session, campaign.id, check.member_id)
    session.refresh(check)
    if check.evidence != seen:
        raise Conflict("CHECK_HAS_MOVED_ON")
    if decision is Decision.ASK_CELL:
        _ask_cell(session, check, case, typed, at)
        return True
    member = check.member
    old = person_of_member(member)
    values = _values(session, check, decision, typed, old)
    apply_values(session, member, values, at)
    if _leads_elsewhere(session, check, case, values, at):
        return False
    settled = {Field(name) for name in check.differences} | set(values)
    new = person_of_member(member)
    changes = {str(name): (old.value(name), new.value(name)) for name in Field if name in settled}
    check.confirmed = json.dumps(changes, ensure_ascii=False)
    check.blocks = False
    check.decided_evidence = check.evidence
    check.evidence = _evidence_now(session, check, member) or check.evidence
    _note_decision(session, check, decision, typed.reason, at)
    keep_ledger(session, check, case, at)
    session.flush()
    return True


def _values(session: Session, check: Check, decision: Decision, typed: Typed, member: Person) -> dict[Field, str]:
    """The values that the decision writes into the member."""
    match decision:
        case Decision.RECORD_RIGHT:
            differences = differences_of(check)
            if not may_follow_record(CheckStatus(check.status), differences) or check.record_hash is None:
                raise Refused("NO_RECORD")
            records = list_records(session, check.campaign_id, check.member.committee_id, check.record_hash)
            if not records:
                raise Refused("NO_RECORD")
            return corrected(member, person_of_record(records[0]), differences)
        case Decision.ROSTER_RIGHT:
            if check.status == CheckStatus.MISSING:
                raise Refused("NUMBER_NEEDED")
            if not typed.reason:
                raise Refused("REASON_MISSING")
            _refuse_second_holder(session, check)
            return {}
        case _:
            values = {name: value for name, value in typed.values.items() if value}
            if not values:
                raise Refused("NOTHING_TYPED")
            if check.status == CheckStatus.MISSING and Field.CITIZEN_ID not in values:
                raise Refused("NUMBER_NEEDED")
            _check_number(member, values)
            return values


def _refuse_second_holder(session: Session, check: Check) -> None:
    """Two members cannot both be right about one number."""
    if check.differences.get(Field.CITIZEN_ID) != Level.HELD_TWICE:
        return
    others = [other.id for other in list_other_holders(session, check.campaign_id, check.member)]
    confirmed = sa.select(Check.id).where(
        Check.campaign_id == check.campaign_id,
        Check.member_id.in_(others),
        Check.decision == Decision.ROSTER_RIGHT,
    )
    if session.scalar(confirmed.limit(1)) is not None:
        raise Refused("NUMBER_TAKEN")


def differences_of(check: Check) -> dict[Field, Level]:
    """The differing fields of a check with their levels."""
    return {Field(name): Level(level) for name, level in check.differences.items()}


def _check_number(member: Person, values: Mapping[Field, str]) -> None:
    """Refuse a typed number whose digits contradict the sex or year that will stand beside it."""
    number = values.get(Field.CITIZEN_ID)
    if number is None:
        return
    if not is_citizen_id(number):
        raise Refused("NUMBER_NEEDED")
    sex = values.get(Field.SEX) or member.sex
    faults = number_faults(
        number, birth_on=values.get(Field.BIRTH_ON) or member.birth_on, sex=Sex(sex) if sex else None
    )
    if faults:
        raise Refused("NUMBER_SEX" if faults[0] is Level.SEX_DIGIT else "NUMBER_YEAR")


def _leads_elsewhere(session: Session, check: Check, case: Case, values: Mapping[Field, str], at: datetime) -> bool:
    """Whether a corrected number found a record that differs; the check then says so, undecided."""
    if Field.CITIZEN_ID not in values:
        return False
    sides = gather_sides(session, check.campaign_id, check.member.committee_id, member_id=check.member_id)
    for side, (member, comparison) in zip(sides, judge(session, sides), strict=True):
        if comparison.status is CheckStatus.MISMATCH:
            write_comparison(check, member, side, comparison, at)
            keep_ledger(session, check, case, at)
            session.flush()
            return True
    return False


def _evidence_now(session: Session, check: Check, member: Member) -> str | None:
    """The evidence after the correction; None when the extract has been purged meanwhile."""
    sides = gather_sides(session, check.campaign_id, member.committee_id, member_id=member.id)
    return sides[0].evidence if sides else None


def _ask_cell(session: Session, check: Check, case: Case, typed: Typed, at: datetime) -> None:
    """Let the cell find out: the case gets an owner and a day, and stays open."""
    reason = PendingReason.ID_MISSING if check.status == CheckStatus.MISSING else PendingReason.WRONG_INFO
    is_theirs = case.state == CaseState.PENDING and case.reason not in OUR_REASONS
    if case.state != CaseState.DONE and not is_theirs:
        is_new = case.state == CaseState.NOT_YET
        note = case_note(check.differences) + (f". {typed.reason}" if typed.reason else "")
        open_case(session, case, reason, at=at, owner_id=typed.owner_id, due_on=typed.due_on, note=note)
        check.opened_case = check.opened_case or is_new
    _note_decision(session, check, Decision.ASK_CELL, typed.reason, at)
    session.flush()


def _note_decision(session: Session, check: Check, decision: Decision, reason: str, at: datetime) -> None:
    before = check.decision
    check.decision, check.decided_at, check.decided_by = decision, at, actor_of(session)
    check.note = reason or None
    record(
        session,
        "verification.decide",
        f"member:{check.member_id}",
        before={"decision": before, "status": check.status, "fields": sorted(check.differences)},
        after={"decision": decision},
        committee_id=check.member.committee_id,
    )
