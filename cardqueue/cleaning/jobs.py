"""Timed work of the data cleaning."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from cardqueue.cleaning.queries.quality import list_uncounted
from cardqueue.cleaning.services.quality import take_quality
from cardqueue.core.jobs import every
from cardqueue.lib.clock import to_local


@every(minutes=10, in_pieces=True)
def take_quality_of_day(session: Session, at: datetime) -> int:
    """Count the quality of every committee's data once a day, soon after midnight, one committee after the other."""
    waiting = list_uncounted(session, to_local(at).date(), at_most=1)
    return sum(take_quality(session, campaign_id, committee_id, at) for campaign_id, committee_id in waiting)
