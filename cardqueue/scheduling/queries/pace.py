"""Reads of how long one member takes."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.organisation.models import Campaign, Line, committee_station
from cardqueue.scheduling.models import StationPace
from cardqueue.scheduling.rules.pace import Pace, assumed


def find_pace(session: Session, campaign_id: int, station_id: int) -> StationPace | None:
    """What is known of a station's pace; None before anybody measured or fixed it."""
    return session.scalar(
        sa.select(StationPace)
        .where(StationPace.campaign_id == campaign_id, StationPace.station_id == station_id)
        .execution_options(populate_existing=True)
    )


def pace_of(row: StationPace | None, campaign: Campaign) -> Pace:
    """A station's estimate; the campaign's assumption where there is none yet."""
    if row is None:
        return assumed(float(campaign.minutes_per_member))
    return Pace(row.minutes, row.weight, row.variance, row.observed_count, row.dropped_count, row.dropped_run)


def minutes_of(row: StationPace | None, campaign: Campaign) -> float:
    """The minutes with which a station is planned: fixed by a person, else estimated, else assumed."""
    if row is not None and row.fixed_minutes is not None:
        return float(row.fixed_minutes)
    return round(pace_of(row, campaign).minutes, 2)


def planned_minutes(session: Session, campaign: Campaign, station_ids: Collection[int]) -> float:
    """The minutes with which several stations are planned together: their mean, weighted by their lines."""
    rows = {
        row.station_id: row
        for row in session.scalars(
            sa.select(StationPace).where(
                StationPace.campaign_id == campaign.id, StationPace.station_id.in_(station_ids)
            )
        )
    }
    if not rows:
        return float(campaign.minutes_per_member)
    lines = session.execute(
        sa.select(Line.station_id, sa.func.count().label("lines"))
        .where(Line.station_id.in_(station_ids), Line.is_active)
        .group_by(Line.station_id)
    )
    weights = {row.station_id: int(row.lines) for row in lines}
    total = sum(weights.get(station_id, 1) for station_id in station_ids)
    return round(
        sum(
            minutes_of(rows.get(station_id), campaign) * weights.get(station_id, 1) / total
            for station_id in sorted(station_ids)
        ),
        2,
    )


def committee_minutes(session: Session, campaign: Campaign, committee_id: int) -> float:
    """The minutes with which a committee's members are planned."""
    station_ids = session.scalars(
        sa.select(committee_station.c.station_id).where(committee_station.c.committee_id == committee_id)
    ).all()
    return planned_minutes(session, campaign, station_ids)
