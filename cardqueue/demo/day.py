"""Plays a day at a station: members come about their time, officers take them, most are done, some are not.

It calls the same services as the counter's pages, with invented times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from cardqueue.cases.models import PendingReason
from cardqueue.counter.services import Desk, finish, scan_slip, take
from cardqueue.scheduling.models import Appointment

EARLIEST_SECONDS, LATEST_SECONDS = -480, 360
SERVICE_SECONDS, SHORTEST_SECONDS, SPREAD = 225, 75, 0.3


@dataclass
class Played:
    """How many came, how many were taken, and how many of those are done."""

    came: int = 0
    taken: int = 0
    done: int = 0
    line_free_at: dict[int, datetime] = field(default_factory=dict)


def play_day(
    session: Session,
    desks: Sequence[Desk],
    appointments: Sequence[Appointment],
    *,
    absent: frozenset[int],
    unable: Mapping[int, PendingReason],
    until: datetime,
    rng: Random,
) -> Played:
    """Let the members of these appointments come and be served, as far as the day has gone at `until`.

    Shapes: `absent` are members who stay away; `unable` maps members who come to the reason why they are not done.
    Whoever has come and was not taken yet waits; whoever was taken and is not finished yet stands at the line.
    """
    played = Played()
    for desk in desks:
        played.line_free_at[desk.line_id or 0] = datetime.min.replace(tzinfo=until.tzinfo)
    for appointment in sorted(appointments, key=lambda one: (one.arrive_at, one.id)):
        come_at = appointment.arrive_at + timedelta(seconds=rng.randint(EARLIEST_SECONDS, LATEST_SECONDS))
        service = timedelta(seconds=max(SHORTEST_SECONDS, rng.gauss(SERVICE_SECONDS, SERVICE_SECONDS * SPREAD)))
        if appointment.member_id in absent or come_at > until:
            continue
        desk = min(desks, key=lambda one: played.line_free_at[one.line_id or 0])
        arrival = scan_slip(session, desk, appointment.code, at=come_at)
        if arrival.visit_id is None:
            continue
        played.came += 1
        taken_at = max(come_at, played.line_free_at[desk.line_id or 0])
        if taken_at > until:
            continue
        take(session, desk, arrival.visit_id, at=taken_at)
        played.taken += 1
        done_at = taken_at + service
        played.line_free_at[desk.line_id or 0] = done_at
        if done_at > until:
            continue
        reason = unable.get(appointment.member_id)
        finish(session, desk, arrival.visit_id, at=done_at, reason=reason)
        played.done += reason is None
    return played
