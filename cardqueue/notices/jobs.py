"""Timed work of the outbox."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.core.jobs import every
from cardqueue.notices.services import prepare_notices
from cardqueue.organisation.models import Campaign


@every(minutes=1)
def prepare(session: Session, at: datetime) -> int:
    """Let the outbox follow the appointments of every open campaign."""
    campaigns = session.scalars(sa.select(Campaign).where(Campaign.closed_at.is_(None)).order_by(Campaign.id)).all()
    return sum(prepare_notices(session, campaign, at) for campaign in campaigns)
