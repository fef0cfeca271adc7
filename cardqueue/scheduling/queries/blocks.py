"""Reads of blocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from cardqueue.organisation.models import Cell, Window
from cardqueue.scheduling.models import Appointment, AppointmentState, Block


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A block with what its active appointments add up to."""

    block: Block
    headcount: int
    work: int
    first_at: datetime
    last_at: datetime


def blocks_of_committee(
    session: Session, campaign_id: int, committee_id: int, *, cell_id: int | None = None
) -> list[BlockRow]:
    """A committee's blocks, or one cell's, in the order of time."""
    query = sa.and_(Cell.committee_id == committee_id, sa.true() if cell_id is None else Block.cell_id == cell_id)
    return _block_rows(session, campaign_id, query)


def blocks_of_station(session: Session, campaign_id: int, station_id: int) -> list[BlockRow]:
    """The blocks of all committees at a station, in the order of time."""
    return _block_rows(session, campaign_id, Window.station_id == station_id)


def _block_rows(session: Session, campaign_id: int, condition: sa.ColumnElement[bool]) -> list[BlockRow]:
    sums = (
        sa.select(
            Appointment.block_id,
            sa.func.count().label("headcount"),
            sa.func.sum(Appointment.work).label("work"),
            sa.func.min(Appointment.arrive_at).label("first_at"),
            sa.func.max(Appointment.arrive_at).label("last_at"),
        )
        .where(Appointment.campaign_id == campaign_id, Appointment.state == AppointmentState.ACTIVE)
        .group_by(Appointment.block_id)
        .subquery()
    )
    rows = session.execute(
        sa.select(Block, sums.c.headcount, sums.c.work, sums.c.first_at, sums.c.last_at)
        .join(sums, sums.c.block_id == Block.id)
        .join(Block.cell)
        .join(Block.window)
        .join(Window.station)
        .options(
            contains_eager(Block.cell).joinedload(Cell.committee),
            contains_eager(Block.window).contains_eager(Window.station),
        )
        .where(Block.campaign_id == campaign_id, condition)
        .order_by(Block.start_at, Window.station_id, Cell.sort_key, Block.id)
    )
    return [BlockRow(*row) for row in rows]


def find_block(session: Session, campaign_id: int, block_id: int) -> Block | None:
    """A block of a campaign with its cell, window and station."""
    return session.scalar(
        sa.select(Block)
        .options(joinedload(Block.cell), joinedload(Block.window).joinedload(Window.station))
        .where(Block.id == block_id, Block.campaign_id == campaign_id)
        .execution_options(populate_existing=True)
    )


def appointments_of_block(session: Session, block_id: int) -> list[Appointment]:
    """Who comes with a block, in the order of arrival; with the member."""
    return list(
        session.scalars(
            sa.select(Appointment)
            .options(joinedload(Appointment.member))
            .where(Appointment.block_id == block_id, Appointment.state == AppointmentState.ACTIVE)
            .order_by(Appointment.arrive_at, Appointment.queue_number)
        )
    )


def other_blocks_of_cell(session: Session, block: Block, *, at: datetime) -> list[Block]:
    """The other parts of a block's cell that have not begun, the earliest first."""
    return list(
        session.scalars(
            sa.select(Block)
            .options(joinedload(Block.window).joinedload(Window.station))
            .where(
                Block.campaign_id == block.campaign_id,
                Block.cell_id == block.cell_id,
                Block.id != block.id,
                Block.start_at > at,
            )
            .order_by(Block.start_at, Block.id)
        )
    )
