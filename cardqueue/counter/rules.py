"""Decisions of the counter: what a scanned slip means, who is next, what may still be undone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cardqueue.cases.models import CaseState, PendingReason
from cardqueue.cases.rules import BLOCKING
from cardqueue.lib.clock import to_local
from cardqueue.lib.intervals import Interval
from cardqueue.scheduling.models import AppointmentState

CAPTURED = "captured"
UNDO_SECONDS = 60

_SIXTEEN = re.compile(r"[0-9]{16}")

# Why a member who sat at the line is not done today.
SERVING_REASONS = (
    PendingReason.WRONG_INFO,
    PendingReason.ID_MISSING,
    PendingReason.NO_PHOTO,
    PendingReason.TECH,
    PendingReason.WEAK_HEALTH,
    PendingReason.BUSY,
    PendingReason.NO_OLD_CARD,
    PendingReason.NOT_OURS,
)
# Why a member who was waiting is gone.
LEAVING_REASONS = (PendingReason.NO_SHOW, PendingReason.BUSY, PendingReason.WEAK_HEALTH)

# Blocked in the plan, but whoever stands here may have settled it; an officer looks and decides.
_MAY_BE_SETTLED = frozenset(
    {PendingReason.WRONG_INFO, PendingReason.ID_MISSING, PendingReason.NO_OLD_CARD, PendingReason.AWAY}
)


class AnswerCode(StrEnum):
    """What a scanned slip, or a member found by name, means at this counter now."""

    ON_TIME = "ON_TIME"
    EARLY = "EARLY"
    LATE = "LATE"
    WALK_IN = "WALK_IN"
    OTHER_DAY = "OTHER_DAY"
    OTHER_STATION = "OTHER_STATION"
    MOVED = "MOVED"
    CANCELLED = "CANCELLED"
    PENDING = "PENDING"
    ALREADY_HERE = "ALREADY_HERE"
    ALREADY_DONE = "ALREADY_DONE"
    NOT_COUNTED = "NOT_COUNTED"
    CAMPAIGN_CLOSED = "CAMPAIGN_CLOSED"
    UNKNOWN_CODE = "UNKNOWN_CODE"
    BAD_CODE = "BAD_CODE"


class Admission(StrEnum):
    """Whether the member may be checked in."""

    AT_ONCE = "at_once"
    IF_CONFIRMED = "if_confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Booking:
    """An appointment: when, on which day, at which station."""

    arrive_at: datetime
    day_on: date
    station_id: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a member stands in the campaign, seen from one station.

    `is_served`: the station serves the member's committee. `is_counted`: on the list and in the denominator.
    `is_here`: has an open visit. `booking`: the appointment in force, if any.
    """

    state: CaseState
    reason: PendingReason | None
    is_counted: bool
    is_served: bool
    is_here: bool
    is_campaign_open: bool
    booking: Booking | None
    early_minutes: int
    late_minutes: int


@dataclass(frozen=True, slots=True)
class ScanAnswer:
    """The answer and what may follow from it; `booking` is the appointment that it speaks of."""

    code: AnswerCode
    admission: Admission = Admission.REFUSED
    booking: Booking | None = None
    reason: PendingReason | None = None


@dataclass(frozen=True, slots=True)
class ScannedSlip:
    """The appointment that a slip was printed for, in force or not."""

    booking: Booking
    state: AppointmentState


def judge_scan(
    code: str | None, slip: ScannedSlip | None, standing: Standing | None, *, station_id: int, at: datetime
) -> ScanAnswer:
    """What a scan at a station means; `code` is None when what came was no valid code."""
    if code is None:
        return ScanAnswer(AnswerCode.BAD_CODE)
    if slip is None or standing is None:
        return ScanAnswer(AnswerCode.UNKNOWN_CODE)
    if not standing.is_served:
        return ScanAnswer(AnswerCode.OTHER_STATION, booking=standing.booking or slip.booking)
    if (barred := _judge_member(standing)) is not None:
        return barred
    if slip.state is not AppointmentState.ACTIVE:
        code_of_old = AnswerCode.CANCELLED if standing.booking is None else AnswerCode.MOVED
        return ScanAnswer(code_of_old, Admission.IF_CONFIRMED, standing.booking)
    return _judge_time(slip.booking, standing, station_id, at)


def judge_member(standing: Standing, *, station_id: int, at: datetime) -> ScanAnswer:
    """What it means that a member found by name stands here without a slip."""
    if not standing.is_served:
        return ScanAnswer(AnswerCode.OTHER_STATION, booking=standing.booking)
    if (barred := _judge_member(standing)) is not None:
        return barred
    if standing.booking is None:
        return ScanAnswer(AnswerCode.WALK_IN, Admission.IF_CONFIRMED)
    return _judge_time(standing.booking, standing, station_id, at)


def code_to_keep(text: str) -> str:
    """What a scan leaves on record of what was typed: 16 digits, valid or not, and nothing else.

    Whatever else came may have been a citizen card, whose number is not kept.
    """
    digits = re.sub(r"[\s-]", "", text)
    return digits if _SIXTEEN.fullmatch(digits) else ""


def is_walk_in(booking: Booking | None, *, station_id: int, day_on: date) -> bool:
    """Whether somebody who comes is expected on another day, elsewhere, or not at all."""
    return booking is None or booking.station_id != station_id or booking.day_on != day_on


def due_at(booking: Booking | None, *, station_id: int, arrived_at: datetime) -> datetime:
    """The place in the queue: the later of slip time and arrival, arrival alone for a walk-in.

    Source: Pan et al. 2021; those who come early do not overtake those who come on time.
    """
    if booking is None or is_walk_in(booking, station_id=station_id, day_on=to_local(arrived_at).date()):
        return arrived_at
    return max(booking.arrive_at, arrived_at)


def may_undo(closed_at: datetime, at: datetime) -> bool:
    """Whether an outcome is still young enough to be taken back."""
    return at - closed_at <= timedelta(seconds=UNDO_SECONDS)


def mean_minutes(servings: Iterable[Interval], member_count: int) -> float | None:
    """Minutes at the line per finished member; None before anybody is finished."""
    if member_count == 0:
        return None
    return sum(serving.minutes for serving in servings) / member_count


def _judge_member(standing: Standing) -> ScanAnswer | None:
    if standing.state is CaseState.DONE:
        return ScanAnswer(AnswerCode.ALREADY_DONE)
    if standing.is_here:
        return ScanAnswer(AnswerCode.ALREADY_HERE, booking=standing.booking)
    if not standing.is_campaign_open:
        return ScanAnswer(AnswerCode.CAMPAIGN_CLOSED)
    if not standing.is_counted:
        return ScanAnswer(AnswerCode.NOT_COUNTED)
    if standing.reason in BLOCKING:
        may_come = standing.reason in _MAY_BE_SETTLED
        admission = Admission.IF_CONFIRMED if may_come else Admission.REFUSED
        return ScanAnswer(AnswerCode.PENDING, admission, standing.booking, standing.reason)
    return None


def _judge_time(booking: Booking, standing: Standing, station_id: int, at: datetime) -> ScanAnswer:
    if booking.station_id != station_id:
        return ScanAnswer(AnswerCode.OTHER_STATION, Admission.IF_CONFIRMED, booking)
    if booking.day_on != to_local(at).date():
        return ScanAnswer(AnswerCode.OTHER_DAY, Admission.IF_CONFIRMED, booking)
    if at < booking.arrive_at - timedelta(minutes=standing.early_minutes):
        code = AnswerCode.EARLY
    elif at > booking.arrive_at + timedelta(minutes=standing.late_minutes):
        code = AnswerCode.LATE
    else:
        code = AnswerCode.ON_TIME
    return ScanAnswer(code, Admission.AT_ONCE, booking)
