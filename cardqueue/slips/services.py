"""Writes of slips: printing leaves a trace of what was printed and who printed it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from cardqueue.core.audit import actor_of, record
from cardqueue.core.errors import NotFound, Refused
from cardqueue.organisation.models import Campaign
from cardqueue.slips import queries
from cardqueue.slips.drawing import Layout, draw_slips
from cardqueue.slips.lists import draw_cell_lists, draw_door_list
from cardqueue.slips.models import PrintedSlip
from cardqueue.slips.queries import Slip


def print_slips(
    session: Session,
    campaign: Campaign,
    committee_id: int,
    slips: Sequence[Slip],
    layout: Layout,
    *,
    at: datetime,
) -> bytes:
    """Draw slips and remember what was printed, so that the next run prints only what changed.

    Raises: SlipTextTooLong when a text of the campaign, a name or a cell does not fit; Refused("NO_SLIPS") for none.
    """
    if not slips:
        raise Refused("NO_SLIPS")
    pdf = draw_slips([slip.face for slip in slips], layout)
    actor = actor_of(session)
    for slip in slips:
        printed = slip.printed
        if printed is None:
            session.add(
                PrintedSlip(
                    appointment_id=slip.appointment.id,
                    content_hash=slip.fingerprint,
                    printed_at=at,
                    printed_by=actor,
                    copies=1,
                )
            )
            continue
        # A face that differs is another paper: its copies are counted anew.
        printed.copies = printed.copies + 1 if printed.content_hash == slip.fingerprint else 1
        printed.content_hash, printed.printed_at, printed.printed_by = slip.fingerprint, at, actor
    session.flush()
    states = Counter(slip.state for slip in slips)
    single = slips[0].appointment.member_id if len(slips) == 1 else None
    record(
        session,
        "slips.print",
        f"member:{single}" if single else f"campaign:{campaign.id}",
        after={
            "slips": len(slips),
            "layout": layout.name.lower(),
            **{str(state): count for state, count in sorted(states.items())},
            "cells": sorted({slip.appointment.member.cell_id for slip in slips}),
            "days": sorted({slip.appointment.day_on.isoformat() for slip in slips}),
        },
        committee_id=committee_id,
    )
    return pdf


def print_cell_lists(
    session: Session,
    campaign: Campaign,
    committee_id: int,
    *,
    from_on: date,
    cell_id: int | None = None,
    day_on: date | None = None,
) -> bytes:
    """Draw the lists that cell secretaries have their members sign.

    Raises: Refused("NO_SLIPS") when nobody is invited.
    """
    lists = queries.list_cell_lists(session, campaign, committee_id, from_on=from_on, cell_id=cell_id, day_on=day_on)
    if not lists:
        raise Refused("NO_SLIPS")
    pdf = draw_cell_lists(lists)
    record(
        session,
        "slips.print_cell_lists",
        f"cell:{cell_id}" if cell_id else f"campaign:{campaign.id}",
        after={"lists": len(lists), "members": sum(len(one.rows) for one in lists)},
        committee_id=committee_id,
    )
    return pdf


def print_door_list(session: Session, station_id: int, day_on: date) -> bytes:
    """Draw the list of a station day for whoever stands at the door.

    Raises: NotFound("NO_DOOR_LIST") when nobody is invited on that day.
    """
    door = queries.find_door_list(session, station_id, day_on)
    if not door.rows:
        raise NotFound("NO_DOOR_LIST")
    pdf = draw_door_list(door)
    record(
        session,
        "slips.print_door_list",
        f"station:{station_id}",
        after={"day": day_on.isoformat(), "members": len(door.rows)},
        station_id=station_id,
    )
    return pdf
