"""Reads of the organisation."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.organisation.models import Campaign, Cell, Window, campaign_committee


def list_campaigns(session: Session, *, committee_ids: Collection[int]) -> list[Campaign]:
    """Campaigns in which any of the committees takes part: open ones first, newest first."""
    taking_part = sa.select(campaign_committee.c.campaign_id).where(
        campaign_committee.c.committee_id.in_(committee_ids)
    )
    return list(
        session.scalars(
            sa.select(Campaign)
            .where(Campaign.id.in_(taking_part))
            .order_by(Campaign.closed_at.is_not(None), Campaign.starts_on.desc(), Campaign.id.desc())
        )
    )


def list_cells(session: Session, committee_id: int) -> list[Cell]:
    """A committee's cells in Vietnamese order."""
    return list(session.scalars(sa.select(Cell).where(Cell.committee_id == committee_id).order_by(Cell.sort_key)))


def list_windows(session: Session, campaign_id: int, *, station_ids: Collection[int]) -> list[Window]:
    """The opening windows of stations in a campaign, earliest first."""
    return list(
        session.scalars(
            sa.select(Window)
            .where(Window.campaign_id == campaign_id, Window.station_id.in_(station_ids))
            .order_by(Window.start_at, Window.station_id)
        )
    )
