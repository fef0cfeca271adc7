"""Same-day delays: moving the appointments that a person confirmed, all or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cardqueue.core.audit import record
from cardqueue.core.errors import Conflict, NotFound, Refused
from cardqueue.organisation.models import Campaign, Station
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment, AppointmentState
from cardqueue.scheduling.queries.delays import delays_of_stations
from cardqueue.scheduling.rules.delays import GRID_MINUTES, Later, is_sound, still_in_time
from cardqueue.scheduling.services.ledger import Seat, require_open, seat_members


def delay_appointments(
    session: Session,
    campaign: Campaign,
    station_id: int,
    seen: Sequence[Later],
    *,
    committee_ids: Collection[int],
    at: datetime,
) -> int:
    """Let members of the station's open window come later, as the person saw it; returns how many.

    Those whose hour has begun meanwhile, or who have come already, keep their time. Old slips still scan and say the
    new time, as those of every moved appointment do.

    Raises: NotFound("APPOINTMENT_NOT_FOUND") for members of other committees or stations, Conflict("DELAY_CHANGED")
    when somebody moved one of them or booked between them meanwhile, Refused("DELAY_TOO_LATE") when nobody is left,
    Refused("PLANNING_CLOSED").
    """
    require_open(campaign)
    _lock(session, station_id)
    appointments = _appointments(session, campaign, station_id, seen, committee_ids)
    open_now = {one.window.id: one for one in delays_of_stations(session, campaign, [station_id], at=at)}
    windows = {appointment.window_id for appointment in appointments.values()}
    if len(windows) > 1 or any(
        appointments[move.appointment_id].state != AppointmentState.ACTIVE
        or appointments[move.appointment_id].arrive_at != move.from_at
        for move in seen
    ):
        raise Conflict("DELAY_CHANGED")
    station = open_now.get(next(iter(windows), 0))
    if station is None:
        raise Refused("DELAY_TOO_LATE")
    ours = {
        appointment_id: guest.due
        for appointment_id, guest in station.guests.items()
        if guest.committee_id in committee_ids
    }
    if any(move.appointment_id not in ours for move in seen):
        raise Conflict("DELAY_CHANGED")
    moves = still_in_time(seen, ours, at)
    if not moves:
        raise Refused("DELAY_TOO_LATE")
    if not is_sound(moves, [due for due in ours.values() if not due.has_come], station.window.span):
        raise Conflict("DELAY_CHANGED")
    seats = [
        Seat(old.member_id, station.window, move.to_at, old.work, old.block_id)
        for move in moves
        for old in [appointments[move.appointment_id]]
    ]
    seat_members(session, campaign.id, seats, at=at)
    _stretch_blocks(session, [appointments[move.appointment_id] for move in moves], moves, station.window.end_at)
    counts = Counter(station.guests[move.appointment_id].committee_id for move in moves)
    longest = max(move.to_at - move.from_at for move in moves)
    for committee_id, count in sorted(counts.items()):
        record(
            session,
            "scheduling.delay",
            f"window:{station.window.id}",
            after={"members": count, "minutes": int(longest.total_seconds()) // 60, "seen": station.delay.minutes},
            committee_id=committee_id,
            station_id=station_id,
        )
    return len(moves)


def _lock(session: Session, station_id: int) -> None:
    session.execute(sa.select(Station.id).where(Station.id == station_id).with_for_update(key_share=True)).all()


def _appointments(
    session: Session, campaign: Campaign, station_id: int, seen: Sequence[Later], committee_ids: Collection[int]
) -> dict[int, Appointment]:
    wanted = {move.appointment_id for move in seen}
    rows = session.scalars(
        sa.select(Appointment)
        .join(Appointment.member)
        .options(joinedload(Appointment.block))
        .where(
            Appointment.id.in_(wanted),
            Appointment.campaign_id == campaign.id,
            Appointment.station_id == station_id,
            Member.committee_id.in_(committee_ids),
        )
        .execution_options(populate_existing=True)
    )
    found = {appointment.id: appointment for appointment in rows}
    if found.keys() != wanted:
        raise NotFound("APPOINTMENT_NOT_FOUND")
    return found


def _stretch_blocks(
    session: Session, old: Sequence[Appointment], moves: Sequence[Later], window_end_at: datetime
) -> None:
    """A block begins with its first member and ends as much later as its members come."""
    shifts: dict[int, timedelta] = {}
    for appointment, move in zip(old, moves, strict=True):
        if appointment.block_id is not None:
            shift = move.to_at - move.from_at
            shifts[appointment.block_id] = max(shift, shifts.get(appointment.block_id, shift))
    rows = session.execute(
        sa.select(Appointment.block_id, sa.func.min(Appointment.arrive_at), sa.func.max(Appointment.arrive_at))
        .where(Appointment.block_id.in_(shifts), Appointment.state == AppointmentState.ACTIVE)
        .group_by(Appointment.block_id)
    )
    spans = {block_id: (first_at, last_at) for block_id, first_at, last_at in rows}
    blocks = {appointment.block_id: appointment.block for appointment in old}
    for block_id, shift in shifts.items():
        block, (first_at, last_at) = blocks[block_id], spans[block_id]
        if block is not None:
            block.start_at = first_at
            block.end_at = max(min(window_end_at, block.end_at + shift), last_at + timedelta(minutes=GRID_MINUTES))
    session.flush()
