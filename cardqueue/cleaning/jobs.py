"""Timed work of the data cleaning."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from cardqueue.cleaning.queries.quality import list_uncounted
from cardqueue.cleaning.services.quality import take_quality
from cardqueue.cleaning.services.returns import close_settled
from cardqueue.core.jobs import every
from cardqueue.lib.clock import to_local

# A few at a time: counting a commune takes part of a second, and meanwhile nobody else can write.
_AT_ONCE = 3


@every(minutes=1)
def take_quality_of_day(session: Session, at: datetime) -> int:
    """Count the quality of every committee's data once a day, soon after midnight; one short read when all is done."""
    waiting = list_uncounted(session, to_local(at).date(), at_most=_AT_ONCE)
    return sum(take_quality(session, campaign_id, committee_id, at) for campaign_id, committee_id in waiting)


@every(minutes=5)
def close_settled_sheets(session: Session, at: datetime) -> int:
    """Settle the cases of check sheets whose corrections have reached the list; one short read where none has."""
    return close_settled(session, at)
