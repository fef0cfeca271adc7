"""Timed work of the ledger."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.cases.models import Case
from cardqueue.cases.services import enter_committee
from cardqueue.core.jobs import every
from cardqueue.organisation.models import Campaign, campaign_committee
from cardqueue.roster.models import Member


@every(minutes=1)
def enter_missing_members(session: Session, at: datetime) -> int:
    """Give a case to every member who should have one and has none; returns how many cases were new.

    Whoever is written as a member enters the ledger in the same transaction (`cases.entering`). What is left for this
    job is the rare order: a campaign is created, opened again or joined by a committee whose list stands already.
    `organisation` may not call the ledger, which stands behind it, so the ledger looks for itself.
    """
    committee_ids = session.scalars(
        sa.select(Member.committee_id)
        .distinct()
        .join(campaign_committee, campaign_committee.c.committee_id == Member.committee_id)
        .join(Campaign, Campaign.id == campaign_committee.c.campaign_id)
        .outerjoin(Case, sa.and_(Case.campaign_id == Campaign.id, Case.member_id == Member.id))
        .where(Campaign.closed_at.is_(None), Case.id.is_(None))
    ).all()
    return sum(enter_committee(session, committee_id, at) for committee_id in committee_ids)
