"""A station runs late: it is seen, later times are proposed, and a person lets people come later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.core.errors import Conflict, NotFound, Refused
from cardqueue.core.models import AuditEntry
from cardqueue.counter.rules import AnswerCode
from cardqueue.counter.services import scan_slip
from cardqueue.notices.services import prepare_notices
from cardqueue.organisation.models import Campaign
from cardqueue.roster.models import Member
from cardqueue.scheduling import queries, services
from cardqueue.scheduling.models import Appointment, AppointmentState, Block
from cardqueue.scheduling.queries.delays import StationDelay
from cardqueue.scheduling.rules.delays import Later
from tests.factories.counter import desk_of, make_waiting
from tests.factories.people import Town, make_town
from tests.factories.scheduling import active, check_ledger, make_neighbour, published
from tests.integration.test_scheduling_concurrency import at_once

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def town(session: Session) -> Town:
    """A town with one line and a morning full of people, planned days before."""
    town = make_town(session, cells=3, members_per_cell=30, lines=1)
    published(session, town)
    return town


@pytest.fixture
def now(town: Town) -> Iterator[datetime]:
    """Half an hour after the doors opened."""
    at = town.windows[0].start_at + timedelta(minutes=30)
    with time_machine.travel(at, tick=True):
        yield at


@pytest.fixture
def late(session: Session, town: Town, now: datetime) -> StationDelay:
    """Everybody due so far and six of the afternoon stand there, and nobody has been served."""
    opened_at = town.windows[0].start_at
    appointments = active(session, town)
    for appointment in appointments:
        if appointment.arrive_at <= now or appointment in appointments[-6:]:
            member = session.get_one(Member, appointment.member_id)
            visit = make_waiting(session, town, member, appointment.arrive_at, since_at=opened_at)
            visit.appointment_id = appointment.id
    session.commit()
    return measured(session, town, now)


def measured(session: Session, town: Town, at: datetime) -> StationDelay:
    """The town's station as it is now."""
    session.rollback()
    (found,) = queries.delays_of_stations(session, town.campaign, [town.station.id], at=at)
    return found


def confirm(session: Session, town: Town, moves: list[Later], at: datetime) -> int:
    """Confirm as the chief of the station would. Committed."""
    count = services.delay_appointments(
        session, town.campaign, town.station.id, moves, committee_ids={town.committee.id}, at=at
    )
    session.commit()
    return count


def test_a_station_that_keeps_up_is_on_time(session: Session, town: Town, now: datetime) -> None:
    found = measured(session, town, now)
    assert (found.delay.minutes, found.delay.later) == (0, ())
    assert queries.delays_of_stations(session, town.campaign, [town.station.id], at=now - timedelta(hours=1)) == []


def test_a_queue_is_a_delay_and_those_due_in_an_hour_are_proposed_later_times(
    late: StationDelay, now: datetime
) -> None:
    assert late.delay.minutes >= 20
    assert late.delay.later
    assert all(move.from_at >= now + timedelta(minutes=60) for move in late.delay.later)
    assert late.pulse.waiting_count > 0 and late.pulse.serving_minutes == ()


def test_a_confirmed_delay_moves_the_appointments_and_old_slips_say_the_new_time(
    session: Session, town: Town, late: StationDelay, now: datetime
) -> None:
    before = {a.id: a for a in active(session, town)}
    works = sum(a.work for a in before.values())
    moves = list(late.delay.later)
    prepare_notices(session, town.campaign, now)
    session.commit()
    assert confirm(session, town, moves, now) == len(moves)
    after = active(session, town)
    assert len(after) == len(before) and sum(a.work for a in after) == works
    check_ledger(session)
    old = session.get_one(Appointment, moves[0].appointment_id, populate_existing=True)
    assert old.state == AppointmentState.MOVED
    scanned = scan_slip(session, desk_of(session, town), old.code, at=now)
    assert scanned.answer.code is AnswerCode.MOVED
    assert scanned.answer.booking is not None and scanned.answer.booking.arrive_at == moves[0].to_at
    session.rollback()
    assert prepare_notices(session, town.campaign, now + timedelta(minutes=1)) > 0
    for block in session.scalars(sa.select(Block).execution_options(populate_existing=True)):
        times = [a.arrive_at for a in after if a.block_id == block.id]
        assert block.start_at == min(times) and block.end_at > max(times)
        assert block.end_at <= town.windows[1].end_at
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "scheduling.delay")).one()
    assert entry.after is not None and entry.after["members"] == len(moves)
    # Whoever was told once is not told again for the same delay.
    assert measured(session, town, now).delay.later == ()


def test_whoever_came_early_or_whose_hour_has_begun_keeps_the_time(
    session: Session, town: Town, late: StationDelay, now: datetime
) -> None:
    moves = list(late.delay.later)
    first = session.get_one(Appointment, moves[0].appointment_id)
    make_waiting(session, town, session.get_one(Member, first.member_id), first.arrive_at, since_at=now)
    session.commit()
    assert confirm(session, town, moves, now + timedelta(minutes=1)) < len(moves)
    assert session.get_one(Appointment, first.id, populate_existing=True).state == AppointmentState.ACTIVE
    with pytest.raises(Conflict, match="DELAY_CHANGED"):
        confirm(session, town, moves[-1:], now + timedelta(minutes=1))


def test_nothing_is_moved_when_it_is_too_late_for_everybody(
    session: Session, town: Town, late: StationDelay, now: datetime
) -> None:
    with pytest.raises(Refused, match="DELAY_TOO_LATE"):
        confirm(session, town, list(late.delay.later), now + timedelta(hours=3))
    session.rollback()
    with pytest.raises(Refused, match="DELAY_TOO_LATE"):
        confirm(session, town, list(late.delay.later), town.windows[0].end_at)


def test_moves_that_nobody_was_shown_are_not_made(
    session: Session, town: Town, late: StationDelay, now: datetime
) -> None:
    move = late.delay.later[-1]
    for to_at in (move.from_at - timedelta(minutes=15), move.from_at, town.windows[0].end_at):
        with pytest.raises(Conflict, match="DELAY_CHANGED"):
            confirm(session, town, [Later(move.appointment_id, move.from_at, to_at)], now)
        session.rollback()
    assert {a.state for a in active(session, town)} == {AppointmentState.ACTIVE}


def test_of_two_who_confirm_at_once_one_wins_and_the_other_is_told(
    app: Flask, session: Session, town: Town, late: StationDelay, now: datetime
) -> None:
    moves = list(late.delay.later)

    def confirming(own: Session) -> None:
        campaign = own.get_one(Campaign, town.campaign.id)
        services.delay_appointments(own, campaign, town.station.id, moves, committee_ids={town.committee.id}, at=now)

    assert at_once(app, [confirming] * 3) == {"done": 1, "DELAY_CHANGED": 2}
    assert len({a.member_id for a in active(session, town)}) == 90
    check_ledger(session)


def test_a_committee_moves_its_own_members_alone(session: Session, now: datetime, town: Town) -> None:
    other = make_neighbour(session, town, members_per_cell=2)
    found = measured(session, town, now)
    move = next(one for one in found.guests.values() if one.due.arrive_at > now + timedelta(minutes=70))
    later = Later(move.due.appointment_id, move.due.arrive_at, move.due.arrive_at + timedelta(minutes=15))
    with pytest.raises(NotFound, match="APPOINTMENT_NOT_FOUND"):
        services.delay_appointments(session, town.campaign, town.station.id, [later], committee_ids={other.id}, at=now)


def test_the_chief_sees_the_delay_reads_the_difference_and_confirms_once(
    session: Session, town: Town, late: StationDelay, now: datetime, sign_in: SignIn
) -> None:
    chief = sign_in("a.station_chief")
    sentence = f"Đang chậm {late.delay.minutes} phút"
    assert sentence in chief.get("/plan").text
    assert sentence in sign_in("a.committee").get("/plan").text
    page = chief.get("/plan/delays").text
    assert sentence in page and "Xác nhận lùi giờ" in page and "→" in page
    moves = [f"{m.appointment_id}@{m.from_at.isoformat()}@{m.to_at.isoformat()}" for m in late.delay.later]
    address = f"/plan/delays/{town.station.id}"
    assert chief.post(address).status_code == 422
    assert chief.post(address, data={"move": "1@gì đó"}).status_code == 404
    assert chief.post(address, data={"move": moves}).status_code == 302
    again = chief.post(address, data={"move": moves})
    assert again.status_code == 409 and "vừa thay đổi" in again.text
    assert "Xác nhận lùi giờ" not in chief.get("/plan/delays").text


def test_outside_opening_hours_the_page_says_so(session: Session, sign_in: SignIn) -> None:
    make_town(session)
    assert "không có khung giờ nào đang mở" in sign_in("a.committee").get("/plan/delays").text
