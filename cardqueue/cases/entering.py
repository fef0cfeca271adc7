"""No member without a case: whoever writes members, the ledger takes them up in the same transaction.

`roster` stands before the ledger and may not call it, so the ledger watches the session, as the audit trail does
(`core.audit`): a member who is new, or whose standing or place on the list changed, is entered before the commit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from cardqueue.cases.models import Case, CaseState
from cardqueue.cases.rules import is_counted
from cardqueue.lib.clock import now_at
from cardqueue.organisation.models import Campaign, campaign_committee
from cardqueue.roster.models import Member

_NOTED = "members_to_enter"
# What decides whether a member has a case, and whether it counts.
_DECIDING = ("status", "removed_at", "committee_id")


def enter_members(session: Session, members: Iterable[Member], at: datetime) -> int:
    """Give every member a case in each open campaign of their committee, and keep the denominator true to the status.

    Members written through a session are entered when it commits; call this for what happens otherwise. Running it
    twice changes nothing. Returns how many cases were new.
    """
    known = list(members)
    by_committee: dict[int, list[Member]] = {}
    for member in known:
        by_committee.setdefault(member.committee_id, []).append(member)
    created = 0
    for committee_id, ours in by_committee.items():
        for campaign_id in session.scalars(
            sa.select(Campaign.id)
            .join(campaign_committee, campaign_committee.c.campaign_id == Campaign.id)
            .where(campaign_committee.c.committee_id == committee_id, Campaign.closed_at.is_(None))
        ):
            cases = _cases_of(session, campaign_id, committee_id)
            for member in ours:
                counted = is_counted(member.status) and member.removed_at is None
                case = cases.get(member.id)
                if case is None:
                    session.add(
                        Case(
                            campaign_id=campaign_id,
                            member_id=member.id,
                            state=CaseState.NOT_YET,
                            is_counted=counted,
                            since_at=at,
                        )
                    )
                    created += 1
                elif case.is_counted != counted:
                    case.is_counted = counted
    session.flush()
    return created


def enter_committee(session: Session, committee_id: int, at: datetime) -> int:
    """Give all members of a committee their cases: when it joins a campaign, or a campaign opens."""
    return enter_members(session, session.scalars(sa.select(Member).where(Member.committee_id == committee_id)), at)


@event.listens_for(Session, "before_flush")
def _note_members(session: Session, _context: Any, _instances: Any) -> None:
    new = [one for one in session.new if isinstance(one, Member)]
    changed = [one for one in session.dirty if isinstance(one, Member) and _is_concerned(one)]
    if new or changed:
        session.info.setdefault(_NOTED, []).extend([*new, *changed])


@event.listens_for(Session, "before_commit")
def _enter_noted_members(session: Session) -> None:
    # A savepoint commits too; the members wait for the transaction around it.
    if session.in_nested_transaction():
        return
    session.flush()
    noted = session.info.pop(_NOTED, [])
    if members := [member for member in noted if sa.inspect(member).persistent]:
        enter_members(session, members, now_at())


@event.listens_for(Session, "after_transaction_end")
def _forget_noted_members(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_NOTED, None)


def _is_concerned(member: Member) -> bool:
    attributes = sa.inspect(member).attrs
    return any(attributes[name].history.has_changes() for name in _DECIDING)


def _cases_of(session: Session, campaign_id: int, committee_id: int) -> dict[int, Case]:
    rows = session.scalars(
        sa.select(Case)
        .join(Member, Member.id == Case.member_id)
        .where(Case.campaign_id == campaign_id, Member.committee_id == committee_id)
    )
    return {case.member_id: case for case in rows}
