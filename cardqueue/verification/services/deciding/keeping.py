"""What a decision keeps, so that it can be read again and undone: what stood before it, and what it wrote.

Shapes: `DecisionRecord.before` is encrypted JSON `{"member": {field: value}, "check": {column: value}, "case": {column:
value}}`, `DecisionRecord.values` is `{field: value}` as stored in the member.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from cardqueue.cases.models import Case
from cardqueue.core.audit import actor_of
from cardqueue.verification.models import Check, CheckStatus, Decision, DecisionRecord, DecisionState
from cardqueue.verification.rules import Field

_CHECK_COLUMNS = (
    "status", "differences", "blocks", "record_hash", "candidates", "score", "engine_version", "duplicate_of_id",
    "evidence", "decided_evidence", "opened_case", "decision", "confirmed", "decided_by", "decided_at", "note",
)  # fmt: skip
_CASE_COLUMNS = ("state", "reason", "owner_id", "due_on", "note")


def new_record(
    session: Session,
    check: Check,
    case: Case,
    decision: Decision,
    values: Mapping[Field, str],
    *,
    reason: str,
    record_hash: str | None,
    state: DecisionState,
    at: datetime,
) -> DecisionRecord:
    """Keep a decision, before anything of it is written into the member, the check or the case."""
    levels, score = _evidence_of(check, record_hash)
    kept = DecisionRecord(
        campaign_id=check.campaign_id,
        member_id=check.member_id,
        member=check.member,
        state=state,
        decision=decision,
        status=CheckStatus(check.status),
        record_hash=record_hash,
        evidence=check.evidence,
        levels=levels,
        score=score,
        engine_version=check.engine_version,
        reason=reason or None,
        values=json.dumps({str(field): value for field, value in values.items()}, ensure_ascii=False),
        decided_by=actor_of(session),
        decided_at=at,
    )
    keep_before(kept, check, case)
    session.add(kept)
    return kept


def keep_before(kept: DecisionRecord, check: Check, case: Case) -> None:
    """Keep what stands now: undoing the decision puts it back."""
    member = check.member
    before = {
        "member": {str(field): getattr(member, field) for field in Field},
        "check": {column: _plain(getattr(check, column)) for column in _CHECK_COLUMNS},
        "case": {column: _plain(getattr(case, column)) for column in _CASE_COLUMNS},
    }
    kept.before = json.dumps(before, ensure_ascii=False)


def written_values(kept: DecisionRecord) -> dict[Field, str]:
    """What the decision wrote into the member, or would write."""
    return {Field(field): value for field, value in json.loads(kept.values or "{}").items()}


def member_before(kept: DecisionRecord) -> dict[Field, str]:
    """What the list said when the decision was made; empty where it said nothing."""
    before = json.loads(kept.before or "{}").get("member", {})
    return {Field(field): value or "" for field, value in before.items()}


def case_before(kept: DecisionRecord) -> dict[str, Any]:
    """The case's columns before the decision, the due day as a date."""
    before: dict[str, Any] = json.loads(kept.before or "{}").get("case", {})
    due_on = before.get("due_on")
    return before | {"due_on": date.fromisoformat(due_on) if due_on else None}


def put_check_back(kept: DecisionRecord, check: Check) -> None:
    """Let the check say what it said before the decision."""
    before = json.loads(kept.before or "{}").get("check", {})
    for column, value in before.items():
        is_instant = column.endswith("_at") and value is not None
        setattr(check, column, datetime.fromisoformat(value) if is_instant else value)


def changes_of(kept: DecisionRecord) -> dict[Field, tuple[str, str]]:
    """The values that a decision changed. Shapes: field → (what the list said, what the decision wrote)."""
    before = member_before(kept)
    return {
        field: (before.get(field, ""), value)
        for field, value in written_values(kept).items()
        if before.get(field, "") != value
    }


def _evidence_of(check: Check, record_hash: str | None) -> tuple[dict[str, Any] | None, float | None]:
    """How the engine saw the candidate that the decision is about; the first one where it is about nobody."""
    for candidate in check.candidates:
        if candidate["record"] == record_hash or record_hash is None:
            return candidate["levels"], candidate["probability"]
    return None, check.score


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value
