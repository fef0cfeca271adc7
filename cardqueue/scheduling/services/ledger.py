"""The booking desk of a station: the one place where appointments begin and end.

Every change passes `seat_members` or `end_appointments`, which keep the promise that the active work of a window is its
`booked_work` and never above its capacity. Whoever books first locks the stations concerned, in the order of their
ids; so two bookings never wait for each other in a circle, and queue numbers are given once.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.core.errors import Conflict, Refused
from cardqueue.lib.clock import to_local
from cardqueue.lib.slip_code import new_code
from cardqueue.organisation.models import Campaign, Station, Window, committee_station
from cardqueue.scheduling.models import Appointment, AppointmentState, Block
from cardqueue.scheduling.queries import appointments_in_force
from cardqueue.scheduling.rules.measures import line_minutes

_RANDOM = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class Seat:
    """A member's place: the window, the time, the work, and the block the member comes with."""

    member_id: int
    window: Window
    arrive_at: datetime
    work: int
    block_id: int | None = None


@dataclass(frozen=True, slots=True)
class Seated:
    """What `seat_members` did: appointments in force by member, and how many were new, moved or left as they were."""

    appointments: Mapping[int, Appointment]
    created_count: int
    moved_count: int
    kept_count: int


def lock_stations(session: Session, committee_id: int) -> None:
    """Take the desks of all stations of a committee for the rest of the transaction."""
    session.execute(
        sa.select(Station.id)
        .join(committee_station, committee_station.c.station_id == Station.id)
        .where(committee_station.c.committee_id == committee_id)
        .order_by(Station.id)
        # Rows that refer to the station may still be written by others: only other desks have to wait.
        .with_for_update(of=Station, key_share=True)
    ).all()


def require_open(campaign: Campaign) -> None:
    """Let only open campaigns be planned.

    Raises: Refused("PLANNING_CLOSED").
    """
    if campaign.closed_at is not None:
        raise Refused("PLANNING_CLOSED", campaign=campaign.name)


def seat_members(session: Session, campaign_id: int, seats: Sequence[Seat], *, at: datetime) -> Seated:
    """Give members their places, all or nobody. The stations must be locked.

    An appointment that already says the same is left as it is, so that its slip stays valid; any other one of the same
    member becomes moved, and is followed by the new one.

    Raises: Conflict("WINDOW_FULL") with the window and the missing line-minutes.
    """
    before = appointments_in_force(session, campaign_id, [seat.member_id for seat in seats])
    kept = [seat for seat in seats if _says_the_same(before.get(seat.member_id), seat)]
    changed = [seat for seat in seats if not _says_the_same(before.get(seat.member_id), seat)]
    for seat in kept:
        before[seat.member_id].block_id = seat.block_id
    replaced = [before[seat.member_id] for seat in changed if seat.member_id in before]
    _change_work(session, _sum([(s.window.id, s.work) for s in changed] + [(a.window_id, -a.work) for a in replaced]))
    for old in replaced:
        old.state, old.ended_at = AppointmentState.MOVED, at
    session.flush()
    new = _appointments(session, campaign_id, changed, at)
    session.add_all(new)
    session.flush()
    following = {appointment.member_id: appointment for appointment in new}
    for old in replaced:
        old.replaced_by_id = following[old.member_id].id
    session.flush()
    in_force = {seat.member_id: before[seat.member_id] for seat in kept} | following
    return Seated(in_force, len(new) - len(replaced), len(replaced), len(kept))


def end_appointments(session: Session, appointments: Collection[Appointment], *, at: datetime) -> None:
    """Cancel active appointments and give their work back to the windows."""
    active = [a for a in appointments if a.state == AppointmentState.ACTIVE]
    _change_work(session, _sum((a.window_id, -a.work) for a in active))
    for appointment in active:
        appointment.state, appointment.ended_at = AppointmentState.CANCELLED, at
    session.flush()


def drop_empty_blocks(session: Session, block_ids: Iterable[int]) -> None:
    """Remove those of the blocks in which nobody comes any more."""
    wanted = set(block_ids)
    in_use = set(
        session.scalars(
            sa.select(Appointment.block_id).where(
                Appointment.block_id.in_(wanted), Appointment.state == AppointmentState.ACTIVE
            )
        )
    )
    if empty := wanted - in_use:
        session.execute(sa.update(Appointment).where(Appointment.block_id.in_(empty)).values(block_id=None))
        session.execute(sa.delete(Block).where(Block.id.in_(empty)))


def _says_the_same(old: Appointment | None, seat: Seat) -> bool:
    return old is not None and old.window_id == seat.window.id and old.arrive_at == seat.arrive_at


def _sum(parts: Iterable[tuple[int, int]]) -> dict[int, int]:
    total: dict[int, int] = {}
    for window_id, work in parts:
        total[window_id] = total.get(window_id, 0) + work
    return total


def _change_work(session: Session, changes: Mapping[int, int]) -> None:
    for window_id, work in sorted(changes.items()):
        if work == 0:
            continue
        done = session.execute(
            sa.update(Window)
            .where(Window.id == window_id, Window.booked_work + work <= Window.capacity_work)
            .values(booked_work=Window.booked_work + work)
            .execution_options(synchronize_session=False)
        )
        window = session.get_one(Window, window_id, populate_existing=True)
        if done.rowcount == 0:  # type: ignore[attr-defined]
            missing = window.booked_work + work - window.capacity_work
            raise Conflict("WINDOW_FULL", window=window.span, minutes=line_minutes(missing))


def _appointments(session: Session, campaign_id: int, seats: Sequence[Seat], at: datetime) -> list[Appointment]:
    numbers: dict[tuple[int, date], int] = {}
    codes = _fresh_codes(session, len(seats))
    result = []
    for seat in sorted(seats, key=lambda s: (s.arrive_at, s.window.station_id, s.block_id or 0, s.member_id)):
        day = seat.window.station_id, to_local(seat.arrive_at).date()
        if day not in numbers:
            numbers[day] = _last_number(session, *day)
        numbers[day] += 1
        result.append(
            Appointment(
                campaign_id=campaign_id,
                member_id=seat.member_id,
                station_id=seat.window.station_id,
                window_id=seat.window.id,
                block_id=seat.block_id,
                code=codes.pop(),
                arrive_at=seat.arrive_at,
                day_on=day[1],
                queue_number=numbers[day],
                work=seat.work,
                state=AppointmentState.ACTIVE,
                created_at=at,
            )
        )
    return result


def _last_number(session: Session, station_id: int, day_on: date) -> int:
    """Numbers of moved and cancelled appointments are not given again: somebody may still hold the old slip."""
    return (
        session.scalar(
            sa.select(sa.func.max(Appointment.queue_number)).where(
                Appointment.station_id == station_id, Appointment.day_on == day_on
            )
        )
        or 0
    )


def _fresh_codes(session: Session, count: int) -> list[str]:
    codes: set[str] = set()
    while len(codes) < count:
        drawn = {new_code(_RANDOM) for _ in range(count - len(codes))}
        codes |= drawn - set(session.scalars(sa.select(Appointment.code).where(Appointment.code.in_(drawn))))
    return list(codes)
