"""The ledger's state machine and its limits, as pure decisions."""

from __future__ import annotations

from datetime import date, timedelta

from cardqueue.cases.models import CaseState, PendingReason
from cardqueue.core.errors import Refused
from cardqueue.roster.models import MemberStatus

# Outside the denominator (diện đổi thẻ): Chỉ thị 51-CT/TW exchanges the cards of official members who have one.
NOT_COUNTED = frozenset({MemberStatus.PROBATIONARY, MemberStatus.LEFT, MemberStatus.DECEASED})

# While one of these is open the member is left out of plans: an invitation would be in vain.
BLOCKING = frozenset(
    {
        PendingReason.WRONG_INFO,
        PendingReason.ID_MISSING,
        PendingReason.AWAY,
        PendingReason.TRANSFER,
        PendingReason.UNDER_REVIEW,
        PendingReason.NO_OLD_CARD,
        PendingReason.NOT_OURS,
    }
)

# How long a reason usually takes to settle; a person may say otherwise.
_DAYS_TO_SETTLE = {
    PendingReason.WRONG_INFO: 2,
    PendingReason.ID_MISSING: 7,
    PendingReason.WEAK_HEALTH: 5,
    PendingReason.AWAY: 14,
    PendingReason.UNDER_REVIEW: 14,
}
_DAYS_OTHERWISE = 3


def is_counted(status: MemberStatus) -> bool:
    """Whether a member of this status belongs to the denominator."""
    return status not in NOT_COUNTED


def may_be_invited(state: CaseState, reason: PendingReason | None, counted: bool) -> bool:
    """Whether a plan may give the member an appointment."""
    return counted and (state is CaseState.NOT_YET or (state is CaseState.PENDING and reason not in BLOCKING))


def default_due_on(reason: PendingReason, today_on: date) -> date:
    """The day by which a new pending case should be settled."""
    return today_on + timedelta(days=_DAYS_TO_SETTLE.get(reason, _DAYS_OTHERWISE))


def check_transition(old: CaseState, new: CaseState) -> None:
    """Let a case go from one state to another.

    Raises: Refused("CASE_ALREADY_DONE") for anything but an undo on a done case.
    """
    match (old, new):
        case (CaseState.DONE, CaseState.DONE | CaseState.PENDING):
            raise Refused("CASE_ALREADY_DONE")
        case _:
            return
