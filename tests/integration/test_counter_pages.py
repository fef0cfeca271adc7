"""The officer's page and the devices' door, by role and by scope."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from cardqueue.cases.models import CaseState, PendingReason
from cardqueue.cases.services import open_case
from cardqueue.core.access import Role
from cardqueue.counter.models import Visit
from cardqueue.lib.clock import from_local
from cardqueue.scheduling.models import AppointmentState
from tests.factories.counter import case_of, make_appointment, make_waiting
from tests.factories.people import CAMPAIGN_DAY, Town, make_town

NOW = from_local(CAMPAIGN_DAY, time(7, 30))
SignIn = Callable[[str], FlaskClient]


@pytest.fixture(autouse=True)
def campaign_day() -> Iterator[time_machine.Traveller]:
    """Half past seven on the first day; tests may shift it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def town(session: Session) -> Town:
    return make_town(session)


@pytest.fixture
def officer(sign_in: SignIn, town: Town) -> FlaskClient:
    """An officer at line 1."""
    client = sign_in("a.officer")
    assert client.post("/counter/line", data={"line": town.station.lines[0].id}).location == "/counter"
    return client


def send(client: FlaskClient, path: str, **data: str) -> TestResponse:
    return client.post(path, data={"nonce": str(uuid.uuid4()), **data})


def words(answer: TestResponse) -> str:
    """What a person reads in the main part, on one line."""
    main = BeautifulSoup(answer.text, "html5lib").find("main")
    assert main is not None
    return " ".join(main.get_text(" ").split())


def json_of(answer: TestResponse) -> dict[str, Any]:
    assert answer.is_json
    return dict(answer.json or {})


def scan(client: FlaskClient, code: str) -> str:
    answer = send(client, "/counter/scan", code=code)
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert page.text.count("cq-result--") == 1
    return words(page)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.COMMITTEE, Role.CELL_SECRETARY, Role.SUPERVISOR])
def test_only_the_police_have_a_counter(sign_in: SignIn, town: Town, role: Role) -> None:
    client = sign_in(f"a.{role}")
    assert client.get("/counter").status_code == 403
    assert client.get("/counter/find?name=mau").status_code == 403
    assert client.post("/api/v1/check-ins", json={"code": "1", "nonce": str(uuid.uuid4())}).status_code == 403


def test_the_line_is_chosen_once_and_belongs_to_the_station(sign_in: SignIn, session: Session, town: Town) -> None:
    client, other = sign_in("a.station_chief"), make_town(session, "b")
    assert client.get("/counter").location == "/counter/line"
    assert client.post("/counter/line", data={"line": other.station.lines[0].id}).status_code == 422
    assert client.post("/counter/line", data={"line": town.station.lines[1].id}).status_code == 302
    assert "Dây chuyền 2 – Bàn 2" in words(client.get("/counter"))


def test_a_scan_checks_in_and_the_card_survives_a_reload(officer: FlaskClient, session: Session, town: Town) -> None:
    member = town.members[0]
    slip = make_appointment(session, town, member, NOW + timedelta(minutes=10))
    session.commit()
    answer = send(officer, "/counter/scan", code=slip.code)
    for _ in range(2):
        page = words(officer.get(answer.location))
        assert "Đúng giờ hẹn" in page and member.full_name in page and "hẹn 7 giờ 40" in page
    assert session.scalar(sa.select(sa.func.count(Visit.id))) == 1
    assert str(member.citizen_id) not in page


def test_each_answer_is_a_word_and_what_to_do(officer: FlaskClient, session: Session, town: Town) -> None:
    early, late, other_day, moved, cancelled, pending, done = town.members[:7]
    in_an_hour, an_hour_ago = NOW + timedelta(hours=1), NOW - timedelta(hours=1)
    codes = {
        "early": make_appointment(session, town, early, in_an_hour).code,
        "late": make_appointment(session, town, late, an_hour_ago).code,
        "other_day": make_appointment(session, town, other_day, NOW + timedelta(days=1)).code,
        "moved": make_appointment(session, town, moved, NOW, state=AppointmentState.MOVED).code,
        "cancelled": make_appointment(session, town, cancelled, NOW, state=AppointmentState.CANCELLED).code,
        "pending": make_appointment(session, town, pending, NOW).code,
        "done": make_appointment(session, town, done, NOW).code,
    }
    make_appointment(session, town, moved, NOW + timedelta(days=2))
    open_case(session, case_of(session, town, pending), PendingReason.ID_MISSING, at=NOW, note="Căn cước hết hạn")
    open_case(session, case_of(session, town, town.members[8]), PendingReason.UNDER_REVIEW, at=NOW)
    barred = make_appointment(session, town, town.members[8], NOW).code
    case = case_of(session, town, done)
    case.state, case.done_at = CaseState.DONE, NOW - timedelta(minutes=5)
    session.commit()
    assert "Đến sớm – hẹn 8 giờ 30" in scan(officer, codes["early"])
    assert "Đến muộn – hẹn 6 giờ 30" in scan(officer, codes["late"])
    assert "Hẹn ngày khác: 7 giờ 30 ngày 10/08/2030" in scan(officer, codes["other_day"])
    assert "Đã hẹn lại lúc 7 giờ 30 ngày 11/08/2030" in scan(officer, codes["moved"])
    assert "Giờ hẹn này đã hủy" in scan(officer, codes["cancelled"])
    page = scan(officer, codes["pending"])
    assert "Chưa làm được: chưa có số định danh" in page and "Căn cước hết hạn" in page and "Vẫn tiếp nhận" in page
    assert "Vẫn tiếp nhận" not in scan(officer, barred)
    assert "đã thu nhận lúc 7 giờ 25 ngày 09/08/2030" in scan(officer, codes["done"])
    assert "Có mặt" not in scan(officer, "1234 5678")
    assert "Mã chưa đúng" in scan(officer, codes["early"][:-1])


def test_a_slip_of_another_town_shows_where_to_go_and_no_name(
    officer: FlaskClient, session: Session, town: Town
) -> None:
    other = make_town(session, "b")
    slip = make_appointment(session, other, other.members[0], NOW)
    session.commit()
    page = scan(officer, slip.code)
    assert "Giấy hẹn của điểm khác: Công an xã B" in page
    assert other.members[0].full_name not in page


def test_a_day_at_the_line_by_forms_alone(
    officer: FlaskClient, session: Session, town: Town, campaign_day: time_machine.Traveller
) -> None:
    first, second = (make_waiting(session, town, member, NOW, since_at=NOW) for member in town.members[:2])
    session.commit()
    assert send(officer, "/counter/next").location == "/counter"
    page = words(officer.get("/counter"))
    assert "Đang làm ở dây chuyền 1" in page and town.members[0].full_name in page
    busy = send(officer, f"/counter/visits/{second.id}/take")
    assert busy.status_code == 422 and "Dây chuyền đang có người" in words(busy)
    campaign_day.shift(240)
    send(officer, f"/counter/visits/{first.id}/finish")
    page = words(officer.get("/counter"))
    assert "Đã xong 1" in page and "4 phút 00 giây" in page and "Hoàn tác" in page
    send(officer, f"/counter/visits/{first.id}/undo")
    assert case_of(session, town, town.members[0]).state == CaseState.NOT_YET
    empty = send(officer, f"/counter/visits/{first.id}/unable")
    assert empty.status_code == 422 and "Đồng chí chọn một lý do." in words(empty)
    send(officer, f"/counter/visits/{first.id}/unable", reason="WRONG_INFO", note="Sai ngày sinh")
    session.commit()  # ends the snapshot in which the case was read before
    assert case_of(session, town, town.members[0]).reason == PendingReason.WRONG_INFO
    campaign_day.shift(61)
    late = send(officer, f"/counter/visits/{first.id}/undo")
    assert late.status_code == 422 and "Đã quá 60 giây" in words(late)
    assert "vì sao" in words(officer.get(f"/counter/visits/{second.id}/leave")).lower()
    send(officer, f"/counter/visits/{second.id}/leave", reason="NO_SHOW")
    assert "Chưa có ai chờ" in words(officer.get("/counter"))


def test_a_member_found_by_name_is_checked_in_after_a_look(officer: FlaskClient, session: Session, town: Town) -> None:
    member, other = town.members[0], make_town(session, "b")
    found = officer.get("/counter/find?name=nguyen van mau")
    assert member.full_name in words(found) and other.members[0].full_name not in words(found)
    case = case_of(session, town, member)
    assert "Không có giờ hẹn" in words(officer.get(f"/counter?case={case.id}"))
    answer = send(officer, f"/counter/cases/{case.id}/check-in")
    assert "Đã có mặt từ 7 giờ 30" in words(officer.get(answer.location))
    assert "không có ai tên" in words(officer.get("/counter/find?name=khong co ai")).lower()


def test_another_stations_visits_scans_and_members_do_not_exist(
    officer: FlaskClient, sign_in: SignIn, session: Session, town: Town
) -> None:
    other = make_town(session, "b")
    visit = make_waiting(session, other, other.members[0], NOW, since_at=NOW)
    slip = make_appointment(session, other, other.members[1], NOW)
    session.commit()
    theirs = sign_in("b.officer")
    theirs.post("/counter/line", data={"line": other.station.lines[0].id})
    scanned = send(theirs, "/counter/scan", code=slip.code).location
    case = case_of(session, other, other.members[0])
    for verb in ("take", "finish", "send-back", "undo"):
        assert send(officer, f"/counter/visits/{visit.id}/{verb}").status_code == 404, verb
    for verb in ("unable", "leave"):
        assert send(officer, f"/counter/visits/{visit.id}/{verb}", reason="BUSY").status_code == 404, verb
    assert send(officer, f"/counter/cases/{case.id}/check-in").status_code == 404
    for path in (f"/counter/visits/{visit.id}/leave", f"/counter?case={case.id}", scanned):
        assert officer.get(path).status_code == 404, path


def test_a_form_sent_twice_is_done_once(officer: FlaskClient, session: Session, town: Town) -> None:
    for member in town.members[:2]:
        make_waiting(session, town, member, NOW, since_at=NOW)
    session.commit()
    sent = {"nonce": str(uuid.uuid4())}
    first, second = (officer.post("/counter/next", data=sent) for _ in range(2))
    assert (first.status_code, first.location) == (second.status_code, second.location) == (303, "/counter")
    assert officer.post("/counter/scan", data=sent | {"code": "1"}).status_code == 409
    assert officer.post("/counter/next", data={}).status_code == 422


def test_the_queue_is_polled_cheaply(officer: FlaskClient, session: Session, town: Town) -> None:
    make_waiting(session, town, town.members[0], NOW, since_at=NOW)
    session.commit()
    fresh = officer.get("/counter/queue")
    assert fresh.status_code == 200 and town.members[0].full_name in fresh.text
    same = officer.get("/counter/queue", headers={"If-None-Match": fresh.headers["ETag"]})
    assert (same.status_code, same.text) == (304, "")
    make_waiting(session, town, town.members[1], NOW, since_at=NOW)
    session.commit()
    assert officer.get("/counter/queue", headers={"If-None-Match": fresh.headers["ETag"]}).status_code == 200


def test_a_device_gets_json_and_the_same_answer_to_the_same_nonce(
    officer: FlaskClient, session: Session, town: Town
) -> None:
    slip = make_appointment(session, town, town.members[0], NOW)
    session.commit()
    sent = {"code": slip.code, "nonce": str(uuid.uuid4())}
    first = officer.post("/api/v1/check-ins", json=sent)
    assert first.status_code == 201
    assert json_of(first)["answer"] == "ON_TIME" and json_of(first)["checked_in"] is True
    assert json_of(first)["member"]["full_name"] == town.members[0].full_name
    assert officer.post("/api/v1/check-ins", json=sent).json == first.json
    again = officer.post("/api/v1/check-ins", json=sent | {"nonce": str(uuid.uuid4())})
    assert (again.status_code, json_of(again)["answer"], json_of(again)["checked_in"]) == (200, "ALREADY_HERE", False)
    other = officer.post("/api/v1/check-ins", json=sent | {"code": "1"})
    assert (other.status_code, json_of(other)["error"]) == (409, "NONCE_USED")


@pytest.mark.parametrize("body", [{}, {"nonce": "1", "code": "1"}, [], {"nonce": str(uuid.uuid4()), "code": 1}])
def test_a_device_that_sends_nonsense_is_told_so(officer: FlaskClient, body: Any) -> None:
    answer = officer.post("/api/v1/check-ins", json=body)
    assert answer.status_code == 422
    assert json_of(answer)["error"] in ("NONCE_MISSING", "CODE_MISSING")


def test_a_device_never_learns_the_name_of_a_member_it_does_not_serve(
    officer: FlaskClient, session: Session, town: Town
) -> None:
    other = make_town(session, "b")
    slip = make_appointment(session, other, other.members[0], NOW)
    session.commit()
    answer = officer.post("/api/v1/check-ins", json={"code": slip.code, "nonce": str(uuid.uuid4())})
    assert (json_of(answer)["answer"], json_of(answer)["member"]) == ("OTHER_STATION", None)


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """What the databases are asked, without the marks of transactions."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield asked
    event.remove(Engine, "before_cursor_execute", note)


def test_a_check_in_asks_the_database_ten_things(
    officer: FlaskClient, session: Session, town: Town, statements: list[str]
) -> None:
    slip = make_appointment(session, town, town.members[0], NOW)
    session.commit()
    statements.clear()
    answer = officer.post("/api/v1/check-ins", json={"code": slip.code, "nonce": str(uuid.uuid4())})
    assert answer.status_code == 201
    # Who asks; the nonce; the slip with all that the rules need; visit, interval, scan, answer; the audit row, its
    # predecessor, and on PostgreSQL the lock of the chain.
    assert len(statements) <= 10, "\n".join(statements)


def test_the_officers_page_asks_the_same_few_things_however_many_wait(
    officer: FlaskClient, session: Session, town: Town, statements: list[str]
) -> None:
    counts = []
    for members in (town.members[:1], town.members[1:9]):
        for member in members:
            make_waiting(session, town, member, NOW, since_at=NOW)
        session.commit()
        statements.clear()
        officer.get("/counter")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 11, "\n".join(statements)
