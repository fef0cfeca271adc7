"""Booking by hand: a cell into a station's free time, moving a block, taking it out again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from cardqueue.core.audit import record
from cardqueue.core.errors import Conflict, NotFound, Refused
from cardqueue.lib.clock import to_local
from cardqueue.organisation.models import Campaign, Cell
from cardqueue.scheduling.models import Block
from cardqueue.scheduling.planner.free_time import No
from cardqueue.scheduling.queries import (
    Standing,
    appointments_of_block,
    find_block,
    options_by_hand,
    party_of_block,
    party_of_cell,
)
from cardqueue.scheduling.rules.by_hand import Fit, NoFit
from cardqueue.scheduling.rules.measures import line_minutes
from cardqueue.scheduling.services.ledger import (
    Seat,
    drop_empty_blocks,
    end_appointments,
    lock_stations,
    require_open,
    seat_members,
)


def book_cell(
    session: Session,
    campaign: Campaign,
    cell: Cell,
    *,
    window_id: int,
    start_at: datetime | None,
    at: datetime,
    seen_overlap_minutes: int | None = None,
) -> Block:
    """Book the members of a cell who have no time yet, at a time or in the window's first gap that holds them.

    `seen_overlap_minutes` is what the person agreed to share with others.

    Raises: Refused("NOBODY_TO_PLACE"), Refused("PLANNING_CLOSED"), NotFound("WINDOW_NOT_FOUND"), Conflict when somebody
    else was faster ("WINDOW_FULL", "DAY_QUOTA_FULL", "TIME_JUST_TAKEN"), Refused("NO_FIT").
    """
    require_open(campaign)
    lock_stations(session, cell.committee_id)
    party = party_of_cell(session, campaign, cell, at=at)
    if not party:
        raise Refused("NOBODY_TO_PLACE")
    fit = require_fit(session, campaign, cell.committee_id, party, window_id, start_at, seen_overlap_minutes, at)
    block = add_block(session, campaign, cell.id, fit)
    seat_members(session, campaign.id, seats_of(fit, block), at=at)
    record(
        session,
        "scheduling.book",
        f"block:{block.id}",
        after={"cell": cell.id, **where_of(fit)},
        committee_id=cell.committee_id,
        station_id=fit.window.station_id,
    )
    return block


def move_block(
    session: Session,
    campaign: Campaign,
    block_id: int,
    *,
    window_id: int,
    start_at: datetime | None,
    at: datetime,
    seen_start_at: datetime | None = None,
    seen_overlap_minutes: int | None = None,
) -> Block:
    """Move a block to another window or time; it becomes one that a person placed. Members who are done stay out.

    `seen_start_at` is where the person saw the block before.

    Raises: NotFound("BLOCK_NOT_FOUND"), Refused("BLOCK_BEGUN"), Conflict("BLOCK_CHANGED") when somebody else moved it,
    and what `book_cell` raises.
    """
    require_open(campaign)
    block = locked_block(session, campaign, block_id, at, seen_start_at)
    committee_id = block.cell.committee_id
    party = party_of_block(session, block, at=at)
    if not party:
        raise Refused("NOBODY_TO_PLACE")
    fit = require_fit(session, campaign, committee_id, party, window_id, start_at, seen_overlap_minutes, at)
    before = {"window": block.window_id, "start_at": block.start_at.isoformat()}
    moving = {standing.member_id for standing in party}
    done = [a for a in appointments_of_block(session, block.id) if a.member_id not in moving]
    end_appointments(session, done, at=at)
    block.window_id, block.window = fit.window.id, fit.window
    block.start_at, block.end_at = fit.start_at, fit.end_at
    block.is_manual, block.explanation = True, None
    session.flush()
    seat_members(session, campaign.id, seats_of(fit, block), at=at)
    record(
        session,
        "scheduling.move",
        f"block:{block.id}",
        before=before,
        after=where_of(fit),
        committee_id=committee_id,
        station_id=fit.window.station_id,
    )
    return block


def unbook_block(
    session: Session, campaign: Campaign, block_id: int, *, at: datetime, seen_start_at: datetime | None = None
) -> int:
    """Take a block out of the plan: its appointments are cancelled. Returns how many.

    Raises: NotFound("BLOCK_NOT_FOUND"), Refused("BLOCK_BEGUN"), Conflict("BLOCK_CHANGED"), Refused("PLANNING_CLOSED").
    """
    require_open(campaign)
    block = locked_block(session, campaign, block_id, at, seen_start_at)
    appointments = appointments_of_block(session, block.id)
    record(
        session,
        "scheduling.unbook",
        f"block:{block.id}",
        before={"cell": block.cell_id, "window": block.window_id, "members": len(appointments)},
        committee_id=block.cell.committee_id,
        station_id=block.window.station_id,
    )
    end_appointments(session, appointments, at=at)
    drop_empty_blocks(session, [block.id])
    return len(appointments)


def locked_block(
    session: Session, campaign: Campaign, block_id: int, at: datetime, seen_start_at: datetime | None
) -> Block:
    """A block that has not begun, with the desks of its committee's stations taken.

    Raises: NotFound("BLOCK_NOT_FOUND"), Refused("BLOCK_BEGUN"), Conflict("BLOCK_CHANGED").
    """
    block = find_block(session, campaign.id, block_id)
    if block is not None:
        lock_stations(session, block.cell.committee_id)
        block = find_block(session, campaign.id, block_id)
    if block is None:
        raise NotFound("BLOCK_NOT_FOUND")
    if seen_start_at is not None and block.start_at != seen_start_at:
        raise Conflict("BLOCK_CHANGED", cell=block.cell.name, now=block.start_at)
    if block.start_at <= at:
        raise Refused("BLOCK_BEGUN", cell=block.cell.name)
    return block


def require_fit(
    session: Session,
    campaign: Campaign,
    committee_id: int,
    party: list[Standing],
    window_id: int,
    start_at: datetime | None,
    seen_overlap_minutes: int | None,
    at: datetime,
) -> Fit:
    """A party's place in a window, at a time or in the first gap that holds it.

    Raises: NotFound("WINDOW_NOT_FOUND"), Refused("NO_FIT"), Conflict("WINDOW_FULL"), Conflict("DAY_QUOTA_FULL"),
    Conflict("TIME_JUST_TAKEN").
    """
    options = options_by_hand(session, campaign, committee_id, party, at=at, start_at=start_at, window_id=window_id)
    if not options:
        raise NotFound("WINDOW_NOT_FOUND")
    fit = options[0]
    if isinstance(fit, NoFit):
        if fit.code is No.FULL:
            raise Conflict("WINDOW_FULL", window=fit.window.span, minutes=line_minutes(fit.missing_work))
        if fit.code is No.QUOTA:
            raise Conflict("DAY_QUOTA_FULL", day=to_local(fit.window.start_at).date(), over=fit.missing_work)
        raise Refused("NO_FIT", window=fit.window.span)
    if seen_overlap_minutes is not None and fit.overlap_minutes > seen_overlap_minutes:
        raise Conflict("TIME_JUST_TAKEN", window=fit.window.span, minutes=fit.overlap_minutes)
    return fit


def add_block(session: Session, campaign: Campaign, cell_id: int, fit: Fit) -> Block:
    """A block where a person placed it."""
    block = Block(
        campaign_id=campaign.id,
        cell_id=cell_id,
        window_id=fit.window.id,
        start_at=fit.start_at,
        end_at=fit.end_at,
        is_manual=True,
    )
    session.add(block)
    session.flush()
    return block


def seats_of(fit: Fit, block: Block) -> list[Seat]:
    """The places of a party in a block."""
    return [
        Seat(member_id, fit.window, arrive_at, work, block.id)
        for member_id, arrive_at, work in zip(fit.members, fit.arrivals, fit.works, strict=True)
    ]


def where_of(fit: Fit) -> dict[str, object]:
    """A party's place as the audit trail keeps it."""
    return {"window": fit.window.id, "start_at": fit.start_at.isoformat(), "members": len(fit.members)}
