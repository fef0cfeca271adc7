"""The page that plays a day: the plan in force, the open proposal, and what may go wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories.people import make_town
from tests.factories.scheduling import PLANNED_AT, make_plan, published

SignIn = Callable[[str], FlaskClient]


@pytest.fixture(autouse=True)
def in_the_weeks_before(app: object) -> Iterator[None]:
    with time_machine.travel(PLANNED_AT, tick=True):
        yield


def tiles(page: str) -> list[str]:
    return re.findall(r'cq-tile__number">([^<]*)<', page)


def test_nobody_invited_is_said(session: Session, sign_in: SignIn) -> None:
    make_town(session)
    assert "Chưa có ai được hẹn để chạy thử" in sign_in("a.committee").get("/plan/simulation").text


def test_the_published_day_is_drawn_with_its_numbers(session: Session, sign_in: SignIn) -> None:
    town = make_town(session, cells=4, members_per_cell=30)
    published(session, town)
    for who in ("a.committee", "a.officer"):
        page = sign_in(who).get("/plan/simulation").text
        assert tiles(page)[3] == "120"
        assert page.count("<path") >= 2 and "Xem bằng số" in page
    assert sign_in("a.cell_secretary").get("/plan/simulation").status_code == 403


def test_trouble_makes_people_wait_longer(session: Session, sign_in: SignIn) -> None:
    town = make_town(session, cells=4, members_per_cell=40)
    published(session, town)
    client = sign_in("a.committee")
    waits = {}
    for trouble in ("none", "slow", "line_lost", "outage"):
        mean = tiles(client.get(f"/plan/simulation?trouble={trouble}").text)[0]
        waits[trouble] = float(mean.replace(",", "."))
    assert waits["none"] < min(waits["slow"], waits["line_lost"], waits["outage"])


def test_a_proposal_is_played_before_it_is_published(session: Session, sign_in: SignIn) -> None:
    town = make_town(session)
    make_plan(session, town)
    client = sign_in("a.committee")
    assert "Chưa có ai được hẹn" in client.get("/plan/simulation").text
    page = client.get("/plan/simulation?of=proposal").text
    assert "Chạy thử đề xuất chưa công bố" in page and tiles(page)[3] == "12"


def test_an_address_with_nonsense_shows_the_first_day(session: Session, sign_in: SignIn) -> None:
    town = make_town(session)
    published(session, town)
    page = sign_in("a.committee").get("/plan/simulation?day=tomorrow&trouble=flood&of=x")
    assert page.status_code == 200 and tiles(page.text)[3] == "12"
