"""Writes of the ledger: the one place where a member becomes done or pending."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.cases.entering import enter_committee, enter_members
from cardqueue.cases.models import Case, CaseEvent, CaseState, PendingReason
from cardqueue.cases.rules import check_transition, default_due_on
from cardqueue.core.audit import actor_of, record
from cardqueue.core.errors import NotFound
from cardqueue.lib.clock import to_local

__all__ = [
    "complete_case",
    "enter_committee",
    "enter_members",
    "get_case",
    "open_case",
    "resolve_case",
    "restore_case",
]


def get_case(session: Session, campaign_id: int, member_id: int) -> Case:
    """The case of a member, locked for the rest of the transaction.

    Raises: NotFound("CASE_NOT_FOUND") when the member takes no part in the campaign.
    """
    case = session.scalar(
        sa.select(Case)
        .where(Case.campaign_id == campaign_id, Case.member_id == member_id)
        .with_for_update(of=Case)
        .execution_options(populate_existing=True)
    )
    if case is None:
        raise NotFound("CASE_NOT_FOUND")
    return case


def open_case(
    session: Session,
    case: Case,
    reason: PendingReason,
    *,
    at: datetime,
    owner_id: int | None = None,
    due_on: date | None = None,
    note: str | None = None,
) -> None:
    """Make a member pending with a reason, or change the reason, owner, due day or note of a pending one.

    Raises: Refused("CASE_ALREADY_DONE").
    """
    due = due_on or default_due_on(reason, to_local(at).date())
    _move(session, case, CaseState.PENDING, at=at, reason=reason, owner_id=owner_id, due_on=due, note=note)


def resolve_case(session: Session, case: Case, *, at: datetime, note: str | None = None) -> None:
    """Settle a pending case: the member is not yet done and may be invited again."""
    _move(session, case, CaseState.NOT_YET, at=at, note=note)


def complete_case(session: Session, case: Case, *, at: datetime) -> None:
    """Make a member done.

    Raises: Refused("CASE_ALREADY_DONE").
    """
    _move(session, case, CaseState.DONE, at=at)


def restore_case(session: Session, case: Case, *, to: CaseEvent | None, at: datetime) -> None:
    """Undo the newest change: back to what the event before it said, to not yet where there was none."""
    if to is None or to.to_state is CaseState.NOT_YET:
        _move(session, case, CaseState.NOT_YET, at=at)
    else:
        state = CaseState(to.to_state)
        _move(
            session,
            case,
            state,
            at=at,
            reason=to.reason,
            owner_id=to.owner_id,
            due_on=to.due_on,
            note=to.note,
            is_undo=True,
        )


def _move(
    session: Session,
    case: Case,
    state: CaseState,
    *,
    at: datetime,
    reason: PendingReason | None = None,
    owner_id: int | None = None,
    due_on: date | None = None,
    note: str | None = None,
    is_undo: bool = False,
) -> None:
    old_state, old_reason = CaseState(case.state), case.reason
    if not is_undo:
        check_transition(old_state, state)
    session.add(
        CaseEvent(
            case_id=case.id,
            at=at,
            actor=actor_of(session),
            from_state=old_state,
            to_state=state,
            reason=reason,
            owner_id=owner_id,
            due_on=due_on,
            note=note,
        )
    )
    if (old_state, old_reason) != (state, reason):
        case.since_at = at
    case.state, case.reason, case.owner_id, case.due_on, case.note = state, reason, owner_id, due_on, note
    case.done_at = at if state is CaseState.DONE else None
    session.flush()
    record(
        session,
        "cases.move",
        f"member:{case.member_id}",
        before={"state": old_state, "reason": old_reason},
        after={"state": state, "reason": reason, "due_on": due_on.isoformat() if due_on else None},
        committee_id=case.member.committee_id,
    )
