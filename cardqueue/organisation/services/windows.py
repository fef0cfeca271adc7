"""Opening windows. The database's own CHECK stands behind every capacity: no window is ever overbooked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cardqueue.core.audit import record, record_change
from cardqueue.core.errors import Refused
from cardqueue.lib.clock import from_local, to_local
from cardqueue.lib.intervals import Interval
from cardqueue.organisation.models import Campaign, Station, Window
from cardqueue.organisation.rules import WORK_PER_MINUTE, Opening, find_overlap


def add_windows(session: Session, campaign: Campaign, station: Station, openings: Sequence[Opening]) -> list[Window]:
    """Open a station for a campaign, all windows or none.

    Raises: Refused("CAMPAIGN_CLOSED"), Refused("NO_NEW_WINDOWS"), Refused("WINDOW_OVERLAPS", span=…).
    """
    _refuse_closed(campaign)
    if not openings:
        raise Refused("NO_NEW_WINDOWS")
    for place in {opening.place for opening in openings}:
        there = [opening.interval for opening in openings if opening.place == place]
        _refuse_overlap(session, campaign.id, station.id, place, there)
    windows = [
        Window(
            campaign_id=campaign.id,
            station_id=station.id,
            start_at=opening.interval.start_at,
            end_at=opening.interval.end_at,
            line_count=opening.line_count,
            place=opening.place,
            capacity_work=opening.capacity_work,
            booked_work=0,
        )
        for opening in openings
    ]
    session.add_all(windows)
    session.flush()
    for window in windows:
        record(
            session,
            "organisation.add_window",
            f"window:{window.id}",
            after=_described(window),
            station_id=station.id,
        )
    return windows


def copy_day(
    session: Session, campaign: Campaign, station: Station, source_on: date, days: Sequence[date]
) -> list[Window]:
    """Open a station on other days as on one day.

    Raises: what `add_windows` raises.
    """
    sources = [window for window in _windows_of(session, campaign.id, station.id) if _day_of(window) == source_on]
    openings = [
        Opening(
            Interval(from_local(day, to_local(w.start_at).time()), from_local(day, to_local(w.end_at).time())),
            w.line_count,
            w.place,
        )
        for day in days
        for w in sources
    ]
    return add_windows(session, campaign, station, openings)


def change_window(session: Session, window: Window, *, end_at: datetime, line_count: int) -> None:
    """Change when a window ends and how many lines it has; no lines close it for new appointments.

    Raises: Refused("CAMPAIGN_CLOSED"), Refused("WINDOW_OVERLAPS", span=…), Refused("WINDOW_OVERBOOKED") when less
    than what is booked would fit, Refused("WINDOW_HAS_APPOINTMENTS") for an earlier end while anybody is booked: the
    last of them would come to a closed door.
    """
    window = _locked(session, window)
    _refuse_closed(window.campaign)
    wanted = Opening(Interval(window.start_at, end_at), line_count)
    if wanted.capacity_work < window.booked_work:
        booked, capacity = window.booked_work // WORK_PER_MINUTE, wanted.capacity_work // WORK_PER_MINUTE
        raise Refused("WINDOW_OVERBOOKED", booked=booked, capacity=capacity)
    if window.booked_work and end_at < window.end_at:
        raise Refused("WINDOW_HAS_APPOINTMENTS", booked=window.booked_work // WORK_PER_MINUTE)
    _refuse_overlap(session, window.campaign_id, window.station_id, window.place, [wanted.interval], own_id=window.id)
    before = _described(window)
    window.end_at, window.line_count, window.capacity_work = end_at, line_count, wanted.capacity_work
    session.flush()
    record_change(
        session,
        "organisation.change_window",
        f"window:{window.id}",
        before,
        _described(window),
        station_id=window.station_id,
    )


def delete_window(session: Session, window: Window) -> None:
    """Delete a window in which nobody ever had an appointment.

    Raises: Refused("CAMPAIGN_CLOSED"), Refused("WINDOW_HAS_APPOINTMENTS"), Refused("WINDOW_HAS_HISTORY").
    """
    window = _locked(session, window)
    _refuse_closed(window.campaign)
    if window.booked_work:
        raise Refused("WINDOW_HAS_APPOINTMENTS", booked=window.booked_work // WORK_PER_MINUTE)
    before = _described(window)
    try:
        with session.begin_nested():
            session.delete(window)
            session.flush()
    except IntegrityError as error:
        # Appointments belong to a package that stands behind this one; its foreign keys know about old ones.
        raise Refused("WINDOW_HAS_HISTORY") from error
    record(session, "organisation.delete_window", f"window:{window.id}", before=before, station_id=window.station_id)


def _locked(session: Session, window: Window) -> Window:
    """The window as it is now, held for the rest of the transaction, so that nobody books meanwhile."""
    return session.scalars(
        sa.select(Window)
        .where(Window.id == window.id)
        .with_for_update(of=Window)
        .execution_options(populate_existing=True)
    ).one()


def _windows_of(session: Session, campaign_id: int, station_id: int) -> list[Window]:
    return list(
        session.scalars(
            sa.select(Window)
            .where(Window.campaign_id == campaign_id, Window.station_id == station_id)
            .order_by(Window.start_at)
        )
    )


def _refuse_closed(campaign: Campaign) -> None:
    if campaign.closed_at is not None:
        raise Refused("CAMPAIGN_CLOSED")


def _refuse_overlap(
    session: Session,
    campaign_id: int,
    station_id: int,
    place: str,
    wanted: Sequence[Interval],
    own_id: int | None = None,
) -> None:
    """The mobile team has its own lines: only windows in the same place exclude each other."""
    # Two people who open the same station at once come one after the other.
    session.execute(sa.select(Station.id).where(Station.id == station_id).with_for_update())
    windows = _windows_of(session, campaign_id, station_id)
    existing = [w for w in windows if w.id != own_id and w.place == place]
    overlap = find_overlap(wanted, [w.span for w in existing])
    if overlap is not None:
        raise Refused("WINDOW_OVERLAPS", span=overlap)


def _day_of(window: Window) -> date:
    return to_local(window.start_at).date()


def _described(window: Window) -> dict[str, Any]:
    return {
        "start_at": window.start_at.isoformat(),
        "end_at": window.end_at.isoformat(),
        "line_count": window.line_count,
        "place": window.place,
        "capacity_work": window.capacity_work,
    }
