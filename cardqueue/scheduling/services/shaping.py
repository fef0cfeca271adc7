"""Shaping blocks by hand: keeping one where it stands, splitting a cell, bringing its parts together again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from cardqueue.core.audit import record
from cardqueue.core.errors import NotFound, Refused
from cardqueue.organisation.models import Campaign
from cardqueue.scheduling.models import Block
from cardqueue.scheduling.queries import find_block, party_of_block
from cardqueue.scheduling.services.by_hand import add_block, locked_block, require_fit, seats_of, where_of
from cardqueue.scheduling.services.ledger import drop_empty_blocks, require_open, seat_members


def pin_block(
    session: Session, campaign: Campaign, block_id: int, *, is_pinned: bool, at: datetime, seen_start_at: datetime
) -> Block:
    """Keep a block where it stands when the cells are planned anew, or let the planner move it again.

    Raises: NotFound("BLOCK_NOT_FOUND"), Refused("BLOCK_BEGUN"), Conflict("BLOCK_CHANGED"), Refused("PLANNING_CLOSED").
    """
    require_open(campaign)
    block = locked_block(session, campaign, block_id, at, seen_start_at)
    if block.is_manual != is_pinned:
        block.is_manual = is_pinned
        session.flush()
        record(
            session,
            "scheduling.pin" if is_pinned else "scheduling.unpin",
            f"block:{block.id}",
            committee_id=block.cell.committee_id,
            station_id=block.window.station_id,
        )
    return block


def split_block(
    session: Session,
    campaign: Campaign,
    block_id: int,
    member_ids: Collection[int],
    *,
    window_id: int,
    start_at: datetime | None,
    at: datetime,
    seen_start_at: datetime,
    seen_overlap_minutes: int,
) -> Block:
    """Let some members of a block come apart from the others; both parts stay where a person placed them.

    Returns the new block.

    Raises: Refused("NOBODY_CHOSEN"), and what moving a block raises.
    """
    require_open(campaign)
    block = locked_block(session, campaign, block_id, at, seen_start_at)
    party = [one for one in party_of_block(session, block, at=at) if one.member_id in member_ids]
    if not party:
        raise Refused("NOBODY_CHOSEN")
    committee_id = block.cell.committee_id
    fit = require_fit(session, campaign, committee_id, party, window_id, start_at, seen_overlap_minutes, at)
    part = add_block(session, campaign, block.cell_id, fit)
    seat_members(session, campaign.id, seats_of(fit, part), at=at)
    block.is_manual = True
    session.flush()
    drop_empty_blocks(session, [block.id])
    record(
        session,
        "scheduling.split",
        f"block:{block_id}",
        after={"block": part.id, **where_of(fit)},
        committee_id=committee_id,
        station_id=fit.window.station_id,
    )
    return part


def merge_block(
    session: Session,
    campaign: Campaign,
    block_id: int,
    into_id: int,
    *,
    at: datetime,
    seen_start_at: datetime,
    seen_overlap_minutes: int,
) -> Block:
    """Let a block's members come with another part of the same cell, from that part's start on.

    Raises: NotFound("BLOCK_NOT_FOUND") for a block of another cell, and what moving a block raises.
    """
    require_open(campaign)
    block = locked_block(session, campaign, block_id, at, seen_start_at)
    into = find_block(session, campaign.id, into_id)
    if into is None or into.cell_id != block.cell_id or into.id == block.id:
        raise NotFound("BLOCK_NOT_FOUND")
    locked_block(session, campaign, into_id, at, None)
    party = [*party_of_block(session, into, at=at), *party_of_block(session, block, at=at)]
    committee_id = block.cell.committee_id
    fit = require_fit(session, campaign, committee_id, party, into.window_id, into.start_at, seen_overlap_minutes, at)
    seat_members(session, campaign.id, seats_of(fit, into), at=at)
    into.end_at, into.is_manual, into.explanation = fit.end_at, True, None
    session.flush()
    drop_empty_blocks(session, [block.id])
    record(
        session,
        "scheduling.merge",
        f"block:{into_id}",
        before={"block": block_id},
        after=where_of(fit),
        committee_id=committee_id,
        station_id=fit.window.station_id,
    )
    return into
