"""Reads of the organisation."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, selectinload

from cardqueue.lib.names import search_key
from cardqueue.organisation.models import (
    Campaign,
    Cell,
    Committee,
    Commune,
    DayQuota,
    Province,
    Station,
    Window,
    campaign_committee,
    committee_station,
)


def list_campaigns(session: Session, *, committee_ids: Collection[int]) -> list[Campaign]:
    """Campaigns in which any of the committees takes part: open ones first, newest first."""
    taking_part = sa.select(campaign_committee.c.campaign_id).where(
        campaign_committee.c.committee_id.in_(committee_ids)
    )
    return list(session.scalars(_in_order().where(Campaign.id.in_(taking_part))))


def list_all_campaigns(session: Session) -> list[Campaign]:
    """Every campaign of the installation, also one in which nobody takes part yet."""
    return list(session.scalars(_in_order()))


def find_campaign(session: Session, campaign_id: int, *, committee_ids: Collection[int]) -> Campaign | None:
    """A campaign, if any of the committees takes part in it."""
    taking_part = sa.exists().where(
        campaign_committee.c.campaign_id == Campaign.id, campaign_committee.c.committee_id.in_(committee_ids)
    )
    return session.scalar(sa.select(Campaign).where(Campaign.id == campaign_id, taking_part))


def list_committees(session: Session, *, committee_ids: Collection[int]) -> list[Committee]:
    """Committees with their stations, by name."""
    return list(
        session.scalars(
            sa.select(Committee)
            .where(Committee.id.in_(committee_ids))
            .options(selectinload(Committee.stations))
            .order_by(Committee.name)
        )
    )


def list_stations(session: Session, *, station_ids: Collection[int]) -> list[Station]:
    """Stations with their lines and the committees that they serve, by name."""
    return list(
        session.scalars(
            sa.select(Station)
            .where(Station.id.in_(station_ids))
            .options(selectinload(Station.lines), selectinload(Station.committees))
            .order_by(Station.name)
        )
    )


def list_campaign_stations(session: Session, campaign_id: int, *, station_ids: Collection[int]) -> list[Station]:
    """Those of the stations that serve a committee of the campaign, with their lines, by name."""
    serving = (
        sa.select(committee_station.c.station_id)
        .join(campaign_committee, campaign_committee.c.committee_id == committee_station.c.committee_id)
        .where(campaign_committee.c.campaign_id == campaign_id)
    )
    return list(
        session.scalars(
            sa.select(Station)
            .where(Station.id.in_(station_ids), Station.id.in_(serving))
            .options(selectinload(Station.lines))
            .order_by(Station.name)
        )
    )


def list_cells(session: Session, committee_id: int) -> list[Cell]:
    """A committee's cells in Vietnamese order."""
    return list(session.scalars(sa.select(Cell).where(Cell.committee_id == committee_id).order_by(Cell.sort_key)))


def count_cells(session: Session, *, committee_ids: Collection[int]) -> dict[int, int]:
    """How many cells each committee has; one without cells is not named."""
    rows = session.execute(
        sa.select(Cell.committee_id, sa.func.count(Cell.id))
        .where(Cell.committee_id.in_(committee_ids))
        .group_by(Cell.committee_id)
    )
    return {row[0]: row[1] for row in rows}


def list_windows(session: Session, campaign_id: int, *, station_ids: Collection[int]) -> list[Window]:
    """The opening windows of stations in a campaign, earliest first."""
    return list(
        session.scalars(
            sa.select(Window)
            .where(Window.campaign_id == campaign_id, Window.station_id.in_(station_ids))
            .order_by(Window.start_at, Window.station_id)
        )
    )


def count_windows(session: Session, *, station_ids: Collection[int]) -> dict[tuple[int, int], int]:
    """How many windows each campaign has at each station.

    Shapes: (campaign id, station id) → count; a pair without windows is not named.
    """
    rows = session.execute(
        sa.select(Window.campaign_id, Window.station_id, sa.func.count(Window.id))
        .where(Window.station_id.in_(station_ids))
        .group_by(Window.campaign_id, Window.station_id)
    )
    return {(campaign_id, station_id): count for campaign_id, station_id, count in rows}


def list_quotas(session: Session, campaign_id: int, *, station_ids: Collection[int]) -> list[DayQuota]:
    """The members per day that committees may send to stations, with the committees, by name."""
    return list(
        session.scalars(
            sa.select(DayQuota)
            .join(DayQuota.committee)
            .options(contains_eager(DayQuota.committee))
            .where(DayQuota.campaign_id == campaign_id, DayQuota.station_id.in_(station_ids))
            .order_by(Committee.name)
        )
    )


def list_sharing_committees(session: Session, campaign_id: int, station_id: int) -> list[Committee]:
    """The committees of a campaign whose members may come to a station, by name."""
    return list(
        session.scalars(
            sa.select(Committee)
            .join(committee_station, committee_station.c.committee_id == Committee.id)
            .join(campaign_committee, campaign_committee.c.committee_id == Committee.id)
            .where(campaign_committee.c.campaign_id == campaign_id, committee_station.c.station_id == station_id)
            .order_by(Committee.name)
        )
    )


def list_provinces(session: Session) -> list[Province]:
    """Every province by code."""
    return list(session.scalars(sa.select(Province).order_by(Province.code)))


def commune_query(text: str = "", province_code: str = "") -> sa.Select[Commune]:
    """Communes whose name has the words, typed with or without accents, or whose code starts so."""
    query = sa.select(Commune).order_by(Commune.search_key, Commune.province_code)
    if province_code:
        query = query.where(Commune.province_code == province_code)
    if text.isdigit():
        return query.where(Commune.code.startswith(text))
    for word in search_key(text).split():
        query = query.where(Commune.search_key.contains(word, autoescape=True))
    return query


def _in_order() -> sa.Select[Campaign]:
    return sa.select(Campaign).order_by(Campaign.closed_at.is_not(None), Campaign.starts_on.desc(), Campaign.id.desc())
