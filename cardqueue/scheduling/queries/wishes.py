"""Reads of what cells said about their time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.lib.clock import to_local
from cardqueue.organisation.models import Campaign, Cell
from cardqueue.scheduling.models import CellWish
from cardqueue.scheduling.planner.shapes import Part
from cardqueue.scheduling.queries.plans import list_open_windows
from cardqueue.scheduling.rules.wishes import Wishes

# A longer campaign than this is asked about by its opening days alone.
_MOST_DAYS = 31


def wishes_of_committee(session: Session, campaign_id: int, committee_id: int) -> dict[int, Wishes]:
    """What each cell of a committee said. Shapes: by cell id; cells that said nothing are absent."""
    rows = session.scalars(
        sa.select(CellWish)
        .join(CellWish.cell)
        .where(CellWish.campaign_id == campaign_id, Cell.committee_id == committee_id)
        .execution_options(populate_existing=True)
    )
    return {row.cell_id: wishes_from(row) for row in rows}


def find_wish(session: Session, campaign_id: int, cell_id: int) -> CellWish | None:
    """The row in which a cell's wishes stand."""
    return session.scalar(sa.select(CellWish).where(CellWish.campaign_id == campaign_id, CellWish.cell_id == cell_id))


def wishes_from(row: CellWish) -> Wishes:
    """A row as a value."""
    return Wishes(
        frozenset(map(date.fromisoformat, row.unavailable_dates)),
        frozenset(map(date.fromisoformat, row.preferred_dates)),
        frozenset(map(Part, row.preferred_parts)),
    )


def travel_minutes(session: Session, cell_ids: Collection[int]) -> dict[int, int]:
    """How long the members of some cells travel."""
    rows = session.execute(sa.select(Cell.id, Cell.travel_minutes).where(Cell.id.in_(cell_ids)))
    return {row.id: row.travel_minutes for row in rows}


def days_to_ask(session: Session, campaign: Campaign, committee_id: int, *, at: datetime) -> list[date]:
    """The days that a cell is asked about: the days to come with a window, or else all days until the deadline."""
    windows = list_open_windows(session, campaign.id, committee_id, at=at)
    days = sorted({to_local(window.start_at).date() for window in windows})
    if days:
        return days
    first = max(campaign.starts_on, to_local(at).date())
    count = min((campaign.deadline_on - first).days + 1, _MOST_DAYS)
    return [first + timedelta(days=n) for n in range(count)]
