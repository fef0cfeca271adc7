"""Timed work of the verification."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.core.jobs import every
from cardqueue.organisation.models import Campaign
from cardqueue.verification import services
from cardqueue.verification.loading import load_left_over
from cardqueue.verification.models import ExtractState, PopulationExtract
from cardqueue.verification.services import handovers
from cardqueue.verification.services.extracts import UNFINISHED

_UPLOADS_KEPT = timedelta(days=1)


@every(minutes=1, in_pieces=True)
def match_changed(session: Session, at: datetime) -> int:
    """Compare again where a list or an extract changed, and go on with runs that nobody watches any more."""
    return services.match_changed(session, at)


@every(minutes=1)
def load_extracts(session: Session, at: datetime) -> int:
    """Go on with uploads that were being loaded when their process died; one short read where there are none."""
    return load_left_over(session)


@every(minutes=10)
def purge_leftovers(session: Session, at: datetime) -> int:
    """Delete the population records of closed campaigns, and what never came into force within a day."""
    extracts = session.scalars(
        sa.select(PopulationExtract)
        .join(PopulationExtract.campaign)
        .where(
            sa.or_(
                sa.and_(Campaign.closed_at.is_not(None), PopulationExtract.purged_at.is_(None)),
                sa.and_(PopulationExtract.state.in_(UNFINISHED), PopulationExtract.imported_at < at - _UPLOADS_KEPT),
            )
        )
    ).all()
    for extract in extracts:
        if extract.state == ExtractState.LOADED:
            services.purge_extract(session, extract, at)
        else:
            services.discard_extract(session, extract)
    return len(extracts)


@every(minutes=10)
def destroy_keys(session: Session, at: datetime) -> int:
    """Destroy the keys of hash-only hand-overs whose campaign has ended, with the hashes made under them."""
    return handovers.destroy_ended(session, at)
