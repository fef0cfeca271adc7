"""What cells say about their time: who may say it, and that the plan keeps to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.core.errors import Refused
from cardqueue.lib.clock import to_local
from cardqueue.scheduling import queries, services
from cardqueue.scheduling.planner.shapes import Part
from cardqueue.scheduling.rules.by_hand import NoFit
from cardqueue.scheduling.rules.wishes import Wishes
from tests.factories.people import Town, make_town
from tests.factories.scheduling import PLANNED_AT, active, published

SignIn = Callable[[str], FlaskClient]


@pytest.fixture(autouse=True)
def in_the_weeks_before(app: object) -> Iterator[None]:
    with time_machine.travel(PLANNED_AT, tick=True):
        yield


def two_days(session: Session) -> Town:
    """A town whose second window lies a day later."""
    town = make_town(session)
    for window in town.windows[1:]:
        window.start_at += timedelta(days=1)
        window.end_at += timedelta(days=1)
    session.commit()
    return town


def say(session: Session, town: Town, cell: int, wishes: Wishes) -> None:
    services.state_wishes(session, town.campaign, town.cells[cell], wishes, travel_minutes=5, at=PLANNED_AT)
    session.commit()


def test_a_cell_never_gets_a_day_on_which_it_cannot_come(session: Session) -> None:
    town = two_days(session)
    first_on = to_local(town.windows[0].start_at).date()
    say(session, town, 0, Wishes(unavailable_dates=frozenset({first_on})))
    published(session, town)
    days = {
        appointment.day_on for appointment in active(session, town) if appointment.member.cell_id == town.cells[0].id
    }
    assert days == {first_on + timedelta(days=1)}


def test_a_day_that_a_cell_prefers_is_kept_when_there_is_room(session: Session) -> None:
    town = two_days(session)
    second_on = to_local(town.windows[1].start_at).date()
    for cell in range(len(town.cells)):
        say(session, town, cell, Wishes(preferred_dates=frozenset({second_on}), preferred_parts=frozenset(Part)))
    published(session, town)
    assert {appointment.day_on for appointment in active(session, town)} == {second_on}


def test_by_hand_too_nobody_is_booked_on_a_refused_day(session: Session) -> None:
    town = two_days(session)
    first_on = to_local(town.windows[0].start_at).date()
    say(session, town, 0, Wishes(unavailable_dates=frozenset({first_on})))
    party = queries.party_of_cell(session, town.campaign, town.cells[0], at=PLANNED_AT)
    options = queries.options_by_hand(session, town.campaign, town.committee.id, party, at=PLANNED_AT)
    assert [isinstance(option, NoFit) for option in options] == [True, False]
    with pytest.raises(Refused, match="NO_FIT"):
        services.book_cell(
            session, town.campaign, town.cells[0], window_id=town.windows[0].id, start_at=None, at=PLANNED_AT
        )


def test_a_secretary_says_it_for_the_own_cell_and_the_committee_reads_it(session: Session, sign_in: SignIn) -> None:
    town = two_days(session)
    first_on = to_local(town.windows[0].start_at).date()
    secretary = sign_in("a.cell_secretary")
    page = secretary.get(f"/plan/cells/{town.cells[0].id}/wishes")
    assert "Ngày chi bộ không đến được" in page.text
    answer = secretary.post(
        f"/plan/cells/{town.cells[0].id}/wishes",
        data={"unavailable": [first_on.isoformat()], "parts": ["evening"], "travel_minutes": "25"},
    )
    assert answer.status_code == 302
    assert secretary.get(f"/plan/cells/{town.cells[1].id}/wishes").status_code == 404
    listed = sign_in("a.committee").get("/plan/wishes").text
    assert "Buổi tối" in listed and "1 trên" in listed and ">25<" in listed


def test_a_day_that_is_refused_and_preferred_is_sent_back_with_the_day_named(session: Session, sign_in: SignIn) -> None:
    town = two_days(session)
    day = to_local(town.windows[0].start_at).date().isoformat()
    page = sign_in("a.committee").post(
        f"/plan/cells/{town.cells[0].id}/wishes",
        data={"unavailable": [day], "preferred": [day], "travel_minutes": "0"},
    )
    assert page.status_code == 422
    assert "vừa là ngày không đến được vừa là ngày mong muốn" in page.text


def test_what_was_said_about_days_long_gone_stays_readable(session: Session, sign_in: SignIn) -> None:
    town = two_days(session)
    past = to_local(PLANNED_AT).date() - timedelta(days=30)
    say(session, town, 0, Wishes(unavailable_dates=frozenset({past})))
    page = sign_in("a.committee").get(f"/plan/cells/{town.cells[0].id}/wishes")
    assert f'value="{past.isoformat()}" checked' in page.text
