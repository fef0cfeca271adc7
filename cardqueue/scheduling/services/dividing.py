"""Dividing a window: everybody who is booked stays at the same time, in the part into which it falls."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.core.audit import record
from cardqueue.core.errors import Conflict, NotFound, Refused
from cardqueue.lib.intervals import Interval
from cardqueue.organisation.models import Station, Window
from cardqueue.scheduling.models import Appointment, AppointmentState, Block, MakeUp
from cardqueue.scheduling.queries import coming_to
from cardqueue.scheduling.rules.dividing import Part, divide
from cardqueue.scheduling.rules.measures import line_minutes


@dataclass(frozen=True, slots=True)
class _Place:
    part: Part
    window: Window


def divide_window(session: Session, window: Window, change: Interval, line_count: int) -> list[Window]:
    """Let a window have other lines during a part of it, or a break where there are none. Returns its parts.

    Nobody's time changes and no slip becomes wrong; a block that goes on in a later part is divided as well.

    Raises: NotFound("WINDOW_NOT_FOUND"), Refused("CAMPAIGN_CLOSED"), Refused("CHANGE_OUTSIDE_WINDOW"),
    Refused("BREAK_OF_WHOLE_WINDOW"), Conflict("PART_OVERBOOKED") when somebody is booked in the break, or more in a
    part than it can do.
    """
    # Whoever books at the station comes before or after this, never between.
    session.execute(
        sa.select(Station.id).where(Station.id == window.station_id).with_for_update(of=Station, key_share=True)
    )
    locked = session.scalar(
        sa.select(Window)
        .where(Window.id == window.id)
        .with_for_update(of=Window)
        .execution_options(populate_existing=True)
    )
    if locked is None:
        raise NotFound("WINDOW_NOT_FOUND")
    window = locked
    if window.campaign.closed_at is not None:
        raise Refused("CAMPAIGN_CLOSED")
    parts = divide(window.span, window.line_count, change, line_count, coming_to(session, window.id))
    kept = [part for part in parts if not part.is_break]
    if not parts:
        raise Refused("CHANGE_OUTSIDE_WINDOW", window=window.span)
    if not kept:
        raise Refused("BREAK_OF_WHOLE_WINDOW")
    for part in parts:
        if part.missing_work:
            minutes = line_minutes(part.missing_work)
            raise Conflict("PART_OVERBOOKED", part=part.opening.interval, count=part.headcount, minutes=minutes)
    before = _described(window)
    places = _open_parts(session, window, kept)
    _move_people(session, window, places)
    record(
        session,
        "scheduling.divide_window",
        f"window:{window.id}",
        before=before,
        after={f"window:{place.window.id}": _described(place.window) for place in places},
        station_id=window.station_id,
    )
    return [place.window for place in places]


def _open_parts(session: Session, window: Window, parts: list[Part]) -> list[_Place]:
    """The first part keeps the window's row, the others get rows of their own; the ledger is divided with them."""
    places: list[_Place] = []
    for part in parts:
        row = window
        if places:
            row = Window(campaign_id=window.campaign_id, station_id=window.station_id, place=window.place)
            session.add(row)
        row.start_at, row.end_at = part.opening.interval.start_at, part.opening.interval.end_at
        row.line_count, row.capacity_work = part.opening.line_count, part.opening.capacity_work
        row.booked_work = part.booked_work
        # The window is shortened before another one takes the rest of its time.
        session.flush()
        places.append(_Place(part, row))
    return places


def _move_people(session: Session, window: Window, places: list[_Place]) -> None:
    blocks = {block.id: block for block in session.scalars(sa.select(Block).where(Block.window_id == window.id))}
    for place in places[1:]:
        span = place.part.opening.interval
        moving = list(
            session.scalars(
                sa.select(Appointment)
                .where(
                    Appointment.window_id == window.id,
                    Appointment.arrive_at >= span.start_at,
                    Appointment.arrive_at < span.end_at,
                )
                .order_by(Appointment.arrive_at, Appointment.id)
            )
        )
        by_block: dict[int, list[Appointment]] = {}
        for appointment in moving:
            appointment.window_id = place.window.id
            if appointment.block_id is not None:
                by_block.setdefault(appointment.block_id, []).append(appointment)
        for block_id, people in sorted(by_block.items()):
            _divide_block(session, blocks[block_id], people, place)
        session.execute(
            sa.update(MakeUp)
            .where(MakeUp.window_id == window.id, MakeUp.arrive_at >= span.start_at, MakeUp.arrive_at < span.end_at)
            .values(window_id=place.window.id)
            .execution_options(synchronize_session=False)
        )
        session.flush()
    outside = sa.or_(MakeUp.arrive_at < window.start_at, MakeUp.arrive_at >= window.end_at)
    session.execute(
        sa.delete(MakeUp).where(MakeUp.window_id == window.id, outside).execution_options(synchronize_session=False)
    )
    _shorten_blocks(session, window)


def _divide_block(session: Session, block: Block, people: list[Appointment], place: _Place) -> None:
    """Those of a block who come in a later part stand there together; a block of them alone goes with them."""
    coming = [one for one in people if one.state == AppointmentState.ACTIVE]
    if not coming:
        return
    end_at = min(block.end_at, place.window.end_at)
    if end_at <= coming[0].arrive_at:
        end_at = place.window.end_at
    stays = session.scalar(
        sa.select(Appointment.id)
        .where(
            Appointment.block_id == block.id,
            Appointment.state == AppointmentState.ACTIVE,
            Appointment.id.not_in([one.id for one in people]),
        )
        .limit(1)
    )
    if stays is None:
        block.window_id, block.window = place.window.id, place.window
        block.start_at, block.end_at, block.explanation = coming[0].arrive_at, end_at, None
        return
    part = Block(
        campaign_id=block.campaign_id,
        cell_id=block.cell_id,
        window_id=place.window.id,
        plan_id=block.plan_id,
        start_at=coming[0].arrive_at,
        end_at=end_at,
        is_manual=block.is_manual,
        explanation=None,
    )
    session.add(part)
    session.flush()
    for one in people:
        one.block_id = part.id
    session.flush()


def _shorten_blocks(session: Session, window: Window) -> None:
    for block in session.scalars(sa.select(Block).where(Block.window_id == window.id)):
        if block.end_at > window.end_at > block.start_at:
            block.end_at = window.end_at
    session.flush()


def _described(window: Window) -> dict[str, object]:
    return {
        "start_at": window.start_at.isoformat(),
        "end_at": window.end_at.isoformat(),
        "line_count": window.line_count,
        "booked_work": window.booked_work,
    }
