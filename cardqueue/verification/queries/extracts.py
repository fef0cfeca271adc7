"""Reads of the extracts: a station's, those in force, and the records in them."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from cardqueue.core.errors import NotFound
from cardqueue.organisation.models import Campaign, committee_station
from cardqueue.verification.models import PopulationExtract


def list_extracts(session: Session, campaign_id: int, station_id: int) -> list[PopulationExtract]:
    """A station's extracts in a campaign, newest first, whatever their state."""
    return list(
        session.scalars(
            sa.select(PopulationExtract)
            .where(
                PopulationExtract.campaign_id == campaign_id,
                PopulationExtract.station_id == station_id,
            )
            .order_by(PopulationExtract.id.desc())
        )
    )


def find_extract(session: Session, campaign_id: int, station_id: int, extract_id: int) -> PopulationExtract:
    """An extract of a station.

    Raises: NotFound("EXTRACT_NOT_FOUND") when there is none or it is another station's.
    """
    extract = session.get(PopulationExtract, extract_id)
    if extract is None or (extract.campaign_id, extract.station_id) != (campaign_id, station_id):
        raise NotFound("EXTRACT_NOT_FOUND")
    return extract


def list_extracts_in_force(
    session: Session, campaign_id: int, *, committee_ids: Collection[int]
) -> list[PopulationExtract]:
    """The extracts with which the members of some committees are compared: those of the stations that serve them."""
    serving = sa.select(committee_station.c.station_id).where(committee_station.c.committee_id.in_(committee_ids))
    return list(
        session.scalars(
            sa.select(PopulationExtract)
            .where(
                PopulationExtract.campaign_id == campaign_id,
                PopulationExtract.station_id.in_(serving),
                PopulationExtract.is_in_force,
            )
            .order_by(PopulationExtract.id)
        )
    )


def list_campaigns_to_match(session: Session) -> list[Campaign]:
    """The open campaigns with an extract in force."""
    with_extract = sa.select(PopulationExtract.campaign_id).where(PopulationExtract.is_in_force)
    return list(
        session.scalars(
            sa.select(Campaign)
            .options(selectinload(Campaign.committees))
            .where(Campaign.closed_at.is_(None), Campaign.id.in_(with_extract))
            .order_by(Campaign.id)
        )
    )
