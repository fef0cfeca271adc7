"""Taking a decision back: member, check and case stand again as before it, unless something newer has happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.cases.models import Case, CaseEvent, CaseState
from cardqueue.cases.services import get_case, open_case, resolve_case
from cardqueue.core.audit import actor_of, record
from cardqueue.core.errors import Conflict, Refused
from cardqueue.organisation.models import Campaign
from cardqueue.verification.models import Check, DecisionRecord, DecisionState
from cardqueue.verification.queries import find_newer, list_batch
from cardqueue.verification.services.correcting import apply_values
from cardqueue.verification.services.deciding.keeping import (
    case_before,
    member_before,
    put_check_back,
    written_values,
)
from cardqueue.verification.services.extracts import require_open
from cardqueue.verification.services.matching import person_of_member


@dataclass(slots=True)
class Undone:
    """What undoing many decisions did: the decisions taken back, and the members left as they are, by name."""

    done: list[DecisionRecord] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def undo(
    session: Session, campaign: Campaign, kept: DecisionRecord, *, reason: str, is_chief: bool, at: datetime
) -> Undone:
    """Take a decision back, with all that were made in the same step; those that cannot be are named and stay.

    Raises: Conflict("DECISION_ANSWERED"); Refused("VERIFICATION_CLOSED", "REASON_MISSING", "NOT_YOURS_TO_UNDO",
    "UNDO_TOO_LATE", "UNDO_DONE", "NUMBER_TAKEN") when it stands alone.
    """
    require_open(campaign)
    if not reason:
        raise Refused("REASON_MISSING")
    if not (is_chief or kept.decided_by == actor_of(session)):
        raise Refused("NOT_YOURS_TO_UNDO")
    batch = list_batch(session, kept)
    if len(batch) == 1:
        _undo_one(session, batch[0], reason, at)
        _leave_trace(session, batch)
        return Undone(done=list(batch))
    undone = Undone()
    for one in batch:
        try:
            with session.begin_nested():
                _undo_one(session, one, reason, at)
            undone.done.append(one)
        except Refused:
            undone.left_out.append(one.member.full_name)
    if undone.done:
        _leave_trace(session, undone.done)
    return undone


def _undo_one(session: Session, kept: DecisionRecord, reason: str, at: datetime) -> None:
    case = get_case(session, kept.campaign_id, kept.member_id)
    session.refresh(kept)
    was_applied = kept.state == DecisionState.APPLIED
    if kept.state not in (DecisionState.APPLIED, DecisionState.PROPOSED):
        raise Conflict("DECISION_ANSWERED")
    if was_applied:
        check = _require_undoable(session, kept, case)
        _put_back(session, kept, check, case, at)
    kept.state, kept.undone_by, kept.undone_at, kept.answer = DecisionState.UNDONE, actor_of(session), at, reason
    session.flush()


def _require_undoable(session: Session, kept: DecisionRecord, case: Case) -> Check:
    if case.state == CaseState.DONE:
        raise Refused("UNDO_DONE")
    check = session.scalars(
        sa.select(Check)
        .where(Check.campaign_id == kept.campaign_id, Check.member_id == kept.member_id)
        .execution_options(populate_existing=True)
    ).one()
    member = person_of_member(kept.member)
    is_as_written = all(member.value(name) == value for name, value in written_values(kept).items())
    was_judged_anew = check.checked_at > (kept.answered_at or kept.decided_at)
    if not is_as_written or was_judged_anew or find_newer(session, kept) is not None:
        raise Refused("UNDO_TOO_LATE")
    return check


def _put_back(session: Session, kept: DecisionRecord, check: Check, case: Case, at: datetime) -> None:
    before = member_before(kept)
    values = {name: before.get(name, "") for name in written_values(kept)}
    apply_values(session, kept.member, values, at)
    put_check_back(kept, check)
    # What others have done with the case since is theirs.
    moved = sa.select(CaseEvent.id).where(
        CaseEvent.case_id == case.id, CaseEvent.at > (kept.answered_at or kept.decided_at)
    )
    if session.scalar(moved.limit(1)) is None:
        _put_case_back(session, kept, case, at)


def _put_case_back(session: Session, kept: DecisionRecord, case: Case, at: datetime) -> None:
    before = case_before(kept)
    if all(getattr(case, column) == value for column, value in before.items()):
        return
    if before["state"] == CaseState.PENDING:
        open_case(
            session, case, before["reason"], at=at,
            owner_id=before["owner_id"], due_on=before["due_on"], note=before["note"],
        )  # fmt: skip
    elif case.state == CaseState.PENDING:
        resolve_case(session, case, at=at)


def _leave_trace(session: Session, undone: Sequence[DecisionRecord]) -> None:
    first = undone[0]
    subject = f"member:{first.member_id}" if len(undone) == 1 else f"decision:{first.id}"
    record(
        session,
        "verification.undo",
        subject,
        before={"decision": first.decision, "decided_by": first.decided_by},
        after={"members": len(undone)},
        committee_id=first.member.committee_id,
    )
