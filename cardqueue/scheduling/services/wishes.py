"""Writing down what a cell says about its time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from cardqueue.core.audit import actor_of, record_change
from cardqueue.organisation.models import Campaign, Cell
from cardqueue.scheduling.models import CellWish
from cardqueue.scheduling.queries.wishes import find_wish
from cardqueue.scheduling.rules.wishes import Wishes
from cardqueue.scheduling.services.ledger import require_open


def state_wishes(
    session: Session, campaign: Campaign, cell: Cell, wishes: Wishes, *, travel_minutes: int, at: datetime
) -> None:
    """Replace what a cell said; it counts for the next plan and moves nobody by itself.

    Raises: Refused("PLANNING_CLOSED").
    """
    require_open(campaign)
    row = find_wish(session, campaign.id, cell.id)
    if row is None:
        row = CellWish(
            campaign_id=campaign.id, cell_id=cell.id, unavailable_dates=[], preferred_dates=[], preferred_parts=[]
        )
        session.add(row)
    before = _described(row, cell)
    row.unavailable_dates = [day.isoformat() for day in sorted(wishes.unavailable_dates)]
    row.preferred_dates = [day.isoformat() for day in sorted(wishes.preferred_dates)]
    row.preferred_parts = sorted(wishes.preferred_parts)
    row.said_by, row.said_at = actor_of(session), at
    cell.travel_minutes = travel_minutes
    session.flush()
    record_change(
        session,
        "scheduling.state_wishes",
        f"cell:{cell.id}",
        before,
        _described(row, cell),
        committee_id=cell.committee_id,
    )


def _described(row: CellWish, cell: Cell) -> dict[str, object]:
    return {
        "unavailable": list(row.unavailable_dates),
        "preferred": list(row.preferred_dates),
        "parts": list(row.preferred_parts),
        "travel_minutes": cell.travel_minutes,
    }
