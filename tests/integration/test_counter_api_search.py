"""Finding a member by name from a device: the same people as on the page of the counter, in JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.cases.models import CaseState
from cardqueue.core.access import POLICE, Role
from cardqueue.counter import queries
from cardqueue.lib.clock import from_local
from tests.factories.counter import case_of, make_appointment
from tests.factories.people import CAMPAIGN_DAY, Town, make_case, make_member, make_town

NOW = from_local(CAMPAIGN_DAY, time(7, 30))
SignIn = Callable[[str], FlaskClient]


@pytest.fixture(autouse=True)
def campaign_day() -> Iterator[None]:
    """Half past seven on the first day."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def town(session: Session) -> Town:
    return make_town(session, members_per_cell=1)


@pytest.fixture
def officer(sign_in: SignIn, town: Town) -> FlaskClient:
    return sign_in("a.officer")


def search(client: FlaskClient, name: str) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/members", query_string={"name": name})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    found = answer.json or {}
    assert found["limit"] == queries.SEARCH_LIMIT
    return list(found["members"])


def test_a_device_finds_members_without_accents_todays_list_first(
    officer: FlaskClient, session: Session, town: Town
) -> None:
    walk_in, booked, done = (
        make_member(session, town.cells[0], 900 + n, name, birth_year=1957)
        for n, name in enumerate(("Đặng Văn Bưởi", "Nguyễn Thị Bưởi", "Phan Thị Bướm"))
    )
    for member in (walk_in, booked, done):
        make_case(session, town.campaign, member)
    slip = make_appointment(session, town, booked, NOW)
    case_done = case_of(session, town, done)
    case_done.state, case_done.done_at = CaseState.DONE, NOW
    session.commit()

    first, second = search(officer, "BUOI")
    assert datetime.fromisoformat(first.pop("arrive_at")) == NOW
    number = booked.citizen_id or ""
    assert first == {
        "case_id": case_of(session, town, booked).id,
        "full_name": "Nguyễn Thị Bưởi",
        "cell": "Chi bộ thôn 1",
        "birth_year": 1957,
        "citizen_id": f"{number[:4]}******{number[-2:]}",
        "queue_number": slip.queue_number,
        "answer": "ON_TIME",
    }
    assert (second["full_name"], second["answer"]) == ("Đặng Văn Bưởi", "WALK_IN")
    assert (second["arrive_at"], second["queue_number"]) == (None, None)
    assert [found["answer"] for found in search(officer, "bươm")] == ["ALREADY_DONE"]
    assert search(officer, "dang buom") == []


def test_the_members_of_another_station_are_not_found(officer: FlaskClient, session: Session, town: Town) -> None:
    other = make_town(session, "b", members_per_cell=1)
    for place, name in ((town, "Trần Thị Sen"), (other, "Trần Văn Sen")):
        make_case(session, place.campaign, make_member(session, place.cells[0], place.members[0].id + 500, name))
    session.commit()
    assert [found["full_name"] for found in search(officer, "sen")] == ["Trần Thị Sen"]


def test_a_search_ends_at_its_limit(officer: FlaskClient, session: Session, town: Town) -> None:
    for n in range(queries.SEARCH_LIMIT + 1):
        member = make_member(session, town.cells[0], 500 + n, f"Lê Thị Mai {'ABC'[n % 3]}")
        make_case(session, town.campaign, member)
        make_appointment(session, town, member, NOW + timedelta(minutes=n))
    session.commit()
    times = [found["arrive_at"] for found in search(officer, "mai")]
    assert len(times) == queries.SEARCH_LIMIT and times == sorted(times)


@pytest.mark.parametrize("name", ["", "N", "Đ ", "!!", " - n ."])
def test_fewer_than_two_letters_are_refused_with_a_message(officer: FlaskClient, name: str) -> None:
    answer = officer.get("/api/v1/members", query_string={"name": name})
    assert answer.status_code == 422
    said = answer.json or {}
    assert said["error"] == "NAME_TOO_SHORT" and "2 chữ cái" in said["message"]


def test_only_the_police_search_by_name(app: Any, sign_in: SignIn, town: Town) -> None:
    statuses = {role: sign_in(f"a.{role}").get("/api/v1/members?name=mau").status_code for role in Role}
    assert statuses == {role: 200 if role in POLICE else 403 for role in Role}
    assert app.test_client().get("/api/v1/members?name=mau").status_code == 401


def test_a_page_pasted_by_mistake_is_searched_like_a_name(sign_in: SignIn, session: Session) -> None:
    make_town(session)
    answer = sign_in("a.officer").get("/counter/find", query_string={"name": "nguyễn văn " * 800})
    assert answer.status_code == 200
