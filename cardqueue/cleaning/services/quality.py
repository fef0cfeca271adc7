"""Writing down once a day how good each cell's data is."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.cleaning.models import QualityDay
from cardqueue.cleaning.queries.quality import quality_by_cell
from cardqueue.lib.clock import to_local


def take_quality(session: Session, campaign_id: int, committee_id: int, at: datetime) -> int:
    """Write how good the data of a committee's cells is on this day; taken again on the same day it replaces it.

    Returns how many cells were written.
    """
    on = to_local(at).date()
    known = {
        day.cell_id: day
        for day in session.scalars(
            sa.select(QualityDay).where(QualityDay.campaign_id == campaign_id, QualityDay.taken_on == on)
        )
    }
    cells = quality_by_cell(session, campaign_id, committee_ids={committee_id}, at=at)
    for cell in cells:
        day = known.get(cell.id)
        if day is None:
            day = QualityDay(campaign_id=campaign_id, cell_id=cell.id, taken_on=on)
            session.add(day)
        day.member_count, day.counts = cell.member_count, dict(cell.counts)
    session.flush()
    return len(cells)
