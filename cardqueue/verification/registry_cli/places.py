"""What the commands about records share: which station and campaign they are told."""

from __future__ import annotations

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.organisation.models import Campaign, Station
from cardqueue.verification.models import ExtractState, PopulationExtract


def find_station(session: Session, said: str) -> Station:
    """A station by name or number. Raises: click.BadParameter."""
    stations = session.scalars(sa.select(Station).order_by(Station.id)).all()
    for station in stations:
        if said in (station.name, str(station.id)):
            return station
    known = "; ".join(f"{one.id} {one.name}" for one in stations[:20])
    raise click.BadParameter(f"there is no station {said!r}. There are: {known or 'none yet'}", param_hint="--station")


def find_campaign(session: Session, said: str) -> Campaign:
    """A campaign by name or number. Raises: click.BadParameter."""
    campaigns = session.scalars(sa.select(Campaign).order_by(Campaign.id)).all()
    named = [one for one in campaigns if said in (one.name, str(one.id))]
    if len(named) == 1:
        return named[0]
    known = "; ".join(f"{one.id} {one.name}" for one in campaigns[:20])
    what = f"there are several campaigns {said!r}" if named else f"there is no campaign {said!r}"
    raise click.BadParameter(f"{what}. There are: {known or 'none yet'}", param_hint="--campaign")


def find_cut_short(session: Session, campaign: Campaign, station: Station) -> PopulationExtract | None:
    """The import from a file that has begun and not ended."""
    return session.scalar(
        sa.select(PopulationExtract)
        .where(
            PopulationExtract.campaign_id == campaign.id,
            PopulationExtract.station_id == station.id,
            PopulationExtract.state == ExtractState.LOADING,
            PopulationExtract.content_digest.is_not(None),
        )
        .order_by(PopulationExtract.id.desc())
        .limit(1)
    )
