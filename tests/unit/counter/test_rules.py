"""What a scan means, who is next, what may be undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from cardqueue.cases.models import CaseState, PendingReason
from cardqueue.counter.rules import (
    Admission,
    AnswerCode,
    Booking,
    ScannedSlip,
    Standing,
    code_to_keep,
    due_at,
    is_walk_in,
    judge_member,
    judge_scan,
    may_undo,
    mean_minutes,
)
from cardqueue.lib.clock import from_local
from cardqueue.lib.intervals import Interval
from cardqueue.scheduling.models import AppointmentState

DAY = date(2030, 8, 9)
HERE, THERE = 1, 2
CODE = "1234567890123456"


def at(hour: int, minute: int = 0, on: date = DAY) -> datetime:
    return from_local(on, time(hour, minute))


BOOKING = Booking(at(8), DAY, HERE)
STANDING = Standing(
    state=CaseState.NOT_YET,
    reason=None,
    is_counted=True,
    is_served=True,
    is_here=False,
    is_campaign_open=True,
    booking=BOOKING,
    early_minutes=30,
    late_minutes=15,
)
SLIP = ScannedSlip(BOOKING, AppointmentState.ACTIVE)
ELSEWHERE = Booking(at(8), DAY, THERE)
TOMORROW = Booking(at(8, on=date(2030, 8, 10)), date(2030, 8, 10), HERE)


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (at(7, 29), AnswerCode.EARLY),
        (at(7, 30), AnswerCode.ON_TIME),
        (at(8), AnswerCode.ON_TIME),
        (at(8, 15), AnswerCode.ON_TIME),
        (at(8, 16), AnswerCode.LATE),
    ],
)
def test_the_campaign_says_how_early_and_how_late_is_on_time(now: datetime, code: AnswerCode) -> None:
    answer = judge_scan(CODE, SLIP, STANDING, station_id=HERE, at=now)
    assert (answer.code, answer.admission, answer.booking) == (code, Admission.AT_ONCE, BOOKING)


@pytest.mark.parametrize(
    ("slip", "standing", "code", "admission"),
    [
        (SLIP, replace(STANDING, state=CaseState.DONE), AnswerCode.ALREADY_DONE, Admission.REFUSED),
        (SLIP, replace(STANDING, is_here=True), AnswerCode.ALREADY_HERE, Admission.REFUSED),
        (SLIP, replace(STANDING, is_counted=False), AnswerCode.NOT_COUNTED, Admission.REFUSED),
        (SLIP, replace(STANDING, is_campaign_open=False), AnswerCode.CAMPAIGN_CLOSED, Admission.REFUSED),
        (SLIP, replace(STANDING, is_served=False), AnswerCode.OTHER_STATION, Admission.REFUSED),
        (
            ScannedSlip(ELSEWHERE, AppointmentState.ACTIVE),
            replace(STANDING, booking=ELSEWHERE),
            AnswerCode.OTHER_STATION,
            Admission.IF_CONFIRMED,
        ),
        (
            ScannedSlip(TOMORROW, AppointmentState.ACTIVE),
            replace(STANDING, booking=TOMORROW),
            AnswerCode.OTHER_DAY,
            Admission.IF_CONFIRMED,
        ),
        (
            ScannedSlip(BOOKING, AppointmentState.MOVED),
            replace(STANDING, booking=TOMORROW),
            AnswerCode.MOVED,
            Admission.IF_CONFIRMED,
        ),
        (
            ScannedSlip(BOOKING, AppointmentState.CANCELLED),
            replace(STANDING, booking=TOMORROW),
            AnswerCode.MOVED,
            Admission.IF_CONFIRMED,
        ),
        (
            ScannedSlip(BOOKING, AppointmentState.MOVED),
            replace(STANDING, booking=None),
            AnswerCode.CANCELLED,
            Admission.IF_CONFIRMED,
        ),
        # Done comes before everything that an old slip could say.
        (
            ScannedSlip(BOOKING, AppointmentState.MOVED),
            replace(STANDING, state=CaseState.DONE, booking=TOMORROW),
            AnswerCode.ALREADY_DONE,
            Admission.REFUSED,
        ),
    ],
)
def test_what_a_slip_means_here_and_now(
    slip: ScannedSlip, standing: Standing, code: AnswerCode, admission: Admission
) -> None:
    answer = judge_scan(CODE, slip, standing, station_id=HERE, at=at(8))
    assert (answer.code, answer.admission) == (code, admission)


def test_a_wrong_code_and_an_unknown_one_are_told_apart() -> None:
    assert judge_scan(None, None, None, station_id=HERE, at=at(8)).code is AnswerCode.BAD_CODE
    assert judge_scan(CODE, None, None, station_id=HERE, at=at(8)).code is AnswerCode.UNKNOWN_CODE


def test_a_moved_slip_speaks_of_the_new_time() -> None:
    standing = replace(STANDING, booking=TOMORROW)
    slip = ScannedSlip(BOOKING, AppointmentState.MOVED)
    assert judge_scan(CODE, slip, standing, station_id=HERE, at=at(8)).booking == TOMORROW


@pytest.mark.parametrize(
    ("reason", "code", "admission"),
    [
        (PendingReason.WRONG_INFO, AnswerCode.PENDING, Admission.IF_CONFIRMED),
        (PendingReason.ID_MISSING, AnswerCode.PENDING, Admission.IF_CONFIRMED),
        (PendingReason.NO_OLD_CARD, AnswerCode.PENDING, Admission.IF_CONFIRMED),
        (PendingReason.AWAY, AnswerCode.PENDING, Admission.IF_CONFIRMED),
        (PendingReason.UNDER_REVIEW, AnswerCode.PENDING, Admission.REFUSED),
        (PendingReason.TRANSFER, AnswerCode.PENDING, Admission.REFUSED),
        (PendingReason.NOT_OURS, AnswerCode.PENDING, Admission.REFUSED),
        (PendingReason.NO_SHOW, AnswerCode.ON_TIME, Admission.AT_ONCE),
        (PendingReason.BUSY, AnswerCode.ON_TIME, Admission.AT_ONCE),
    ],
)
def test_an_open_reason_stops_whom_the_plan_leaves_out(
    reason: PendingReason, code: AnswerCode, admission: Admission
) -> None:
    standing = replace(STANDING, state=CaseState.PENDING, reason=reason)
    answer = judge_scan(CODE, SLIP, standing, station_id=HERE, at=at(8))
    assert (answer.code, answer.admission) == (code, admission)


def test_a_listed_member_without_an_appointment_may_be_taken() -> None:
    answer = judge_member(replace(STANDING, booking=None), station_id=HERE, at=at(8))
    assert (answer.code, answer.admission) == (AnswerCode.WALK_IN, Admission.IF_CONFIRMED)
    assert judge_member(STANDING, station_id=HERE, at=at(8)).code is AnswerCode.ON_TIME
    assert judge_member(replace(STANDING, is_served=False), station_id=HERE, at=at(8)).admission is Admission.REFUSED


def test_the_place_in_the_queue_is_the_later_of_slip_time_and_arrival() -> None:
    assert due_at(BOOKING, station_id=HERE, arrived_at=at(7, 40)) == at(8)
    assert due_at(BOOKING, station_id=HERE, arrived_at=at(8, 5)) == at(8, 5)
    assert due_at(None, station_id=HERE, arrived_at=at(7, 40)) == at(7, 40)
    assert due_at(TOMORROW, station_id=HERE, arrived_at=at(7, 40)) == at(7, 40)


def test_whoever_is_expected_elsewhere_or_another_day_is_a_walk_in() -> None:
    assert not is_walk_in(BOOKING, station_id=HERE, day_on=DAY)
    assert all(is_walk_in(booking, station_id=HERE, day_on=DAY) for booking in (None, ELSEWHERE, TOMORROW))


def test_an_outcome_may_be_undone_for_sixty_seconds() -> None:
    assert may_undo(at(8), at(8) + timedelta(seconds=60))
    assert not may_undo(at(8), at(8) + timedelta(seconds=61))


def test_mean_minutes_count_every_sitting_of_a_finished_member() -> None:
    sittings = [Interval(at(8), at(8, 3)), Interval(at(8, 10), at(8, 12)), Interval(at(8, 20), at(8, 26))]
    assert mean_minutes(sittings, 2) == pytest.approx(5.5)
    assert mean_minutes([], 0) is None


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("1234 5678 9012 3456", "1234567890123456"),
        ("1234-5678-9012-3456", "1234567890123456"),
        ("003050000001", ""),
        ("003050000001|012345678|Nguyễn Văn Mẫu|14021950|Nam|Xã Thử|01012022", ""),
        ("1234567890123456 003050000001", ""),
        ("", ""),
    ],
)
def test_only_sixteen_digits_stay_on_record(text: str, kept: str) -> None:
    assert code_to_keep(text) == kept
