"""The second person of a change of a citizen ID: another police account looks at the papers and confirms or refuses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from cardqueue.cases.models import Case
from cardqueue.cases.services import get_case
from cardqueue.core.audit import actor_of, record
from cardqueue.core.errors import Conflict, Refused
from cardqueue.organisation.models import Campaign
from cardqueue.verification.models import Check, DecisionRecord, DecisionState
from cardqueue.verification.services.deciding.keeping import keep_before
from cardqueue.verification.services.deciding.settling import Outcome, settle
from cardqueue.verification.services.extracts import require_open


def confirm(session: Session, campaign: Campaign, check: Check, proposal: DecisionRecord, *, at: datetime) -> Outcome:
    """Let a proposed change hold; it is written now.

    Raises: Conflict("PROPOSAL_ANSWERED", "CHECK_HAS_MOVED_ON"); Refused("VERIFICATION_CLOSED", "ANOTHER_PERSON",
    "NUMBER_TAKEN").
    """
    case = _require_answerable(session, campaign, check, proposal)
    if check.evidence != proposal.evidence:
        raise Conflict("CHECK_HAS_MOVED_ON")
    proposal.state, proposal.answered_by, proposal.answered_at = DecisionState.APPLIED, actor_of(session), at
    # What stands now is what undoing puts back, not what stood when it was proposed.
    keep_before(proposal, check, case)
    outcome = settle(session, check, case, proposal, at)
    _leave_trace(session, check, "verification.confirm")
    return outcome


def refuse(
    session: Session, campaign: Campaign, check: Check, proposal: DecisionRecord, *, reason: str, at: datetime
) -> None:
    """Send a proposed change back: the member stays on the worklist.

    Raises: Conflict("PROPOSAL_ANSWERED"); Refused("VERIFICATION_CLOSED", "ANOTHER_PERSON", "REASON_MISSING").
    """
    _require_answerable(session, campaign, check, proposal)
    if not reason:
        raise Refused("REASON_MISSING")
    proposal.state, proposal.answered_by, proposal.answered_at = DecisionState.REFUSED, actor_of(session), at
    proposal.answer = reason
    session.flush()
    _leave_trace(session, check, "verification.refuse")


def _require_answerable(session: Session, campaign: Campaign, check: Check, proposal: DecisionRecord) -> Case:
    require_open(campaign)
    case = get_case(session, campaign.id, check.member_id)
    session.refresh(proposal)
    session.refresh(check)
    if proposal.state != DecisionState.PROPOSED:
        raise Conflict("PROPOSAL_ANSWERED")
    if proposal.decided_by == actor_of(session):
        raise Refused("ANOTHER_PERSON")
    return case


def _leave_trace(session: Session, check: Check, action: str) -> None:
    record(
        session,
        action,
        f"member:{check.member_id}",
        before={"state": DecisionState.PROPOSED},
        after={"fields": sorted(check.differences)},
        committee_id=check.member.committee_id,
    )
