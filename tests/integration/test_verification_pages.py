"""The worklist and its pages: who sees what, one decision and the next, and which role may open what."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from cardqueue.cases.models import Case, CaseState, PendingReason
from cardqueue.cases.services import get_case, open_case
from cardqueue.core.access import Role
from cardqueue.core.models import AuditEntry
from cardqueue.lib.citizen_id import mask_citizen_id
from cardqueue.lib.clock import now_at
from cardqueue.roster.models import Member
from cardqueue.verification.models import Check, CheckStatus, Decision, DecisionRecord, PopulationExtract
from cardqueue.verification.words import case_note
from tests.factories.deciding import (
    AMBIGUOUS,
    BARE,
    MARKS,
    MARKS_TOO,
    MISSING,
    NEAR,
    SWAPPED,
    UNKNOWN,
    another_number,
    check_of,
    decide_as,
    make_differing_town,
    newest_decision,
)
from tests.factories.people import Town, make_town

SignIn = Callable[[str], FlaskClient]
POLICE = (Role.OFFICER, Role.STATION_CHIEF)


@pytest.fixture
def town(session: Session) -> Town:
    """Town `a` with every kind of difference, town `b` beside it."""
    make_town(session, "b")
    return make_differing_town(session)


def soup(page: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(page.text, "html5lib")


def table_text(page: TestResponse) -> str:
    """What the first table of the page says, marked or not."""
    table = soup(page).find("table")
    assert table is not None
    return table.get_text()


def hidden(page: TestResponse, name: str, number: int = 0) -> str:
    """What a form of the page carries unseen."""
    return str(soup(page).find_all("input", {"name": name})[number]["value"])


def choices(page: TestResponse) -> list[str]:
    """The decisions that the page offers."""
    return [str(radio["value"]) for radio in soup(page).find_all("input", {"name": "decision"})]


def filled(page: TestResponse, decision: Decision, **typed: str) -> dict[str, str]:
    """The form of a page, filled in."""
    return {
        "decision": decision,
        "owner_id": "0",
        "sex": "",
        "seen": hidden(page, "seen"),
        "record": hidden(page, "record"),
        **typed,
    }


def traces(session: Session, member: Member, action: str) -> list[AuditEntry]:
    session.commit()  # what requests have written since is seen from a new transaction alone
    entries = sa.select(AuditEntry).where(AuditEntry.action == action, AuditEntry.subject == f"member:{member.id}")
    return list(session.scalars(entries.order_by(AuditEntry.id)))


def test_the_worklist_counts_every_kind_and_narrows_to_it(sign_in: SignIn, town: Town) -> None:
    client, m = sign_in("a.officer"), town.members
    page = client.get("/verify").text
    assert "còn 8 trường hợp" in page
    for label in ("Họ và tên (3)", "Ngày sinh (1)", "Giới tính (0)", "Số định danh (1)", "Thiếu (1)", "Trùng (0)",
                  "Không tìm thấy (1)", "Cần cán bộ xem (1)"):  # fmt: skip
        assert label in page
    shown = {
        "full_name": {MARKS, BARE, MARKS_TOO},
        "birth_on": {SWAPPED},
        "citizen_id": {NEAR},
        "missing": {MISSING},
        "not_found": {UNKNOWN},
        "ambiguous": {AMBIGUOUS},
    }
    for kind, numbers in shown.items():
        narrowed = client.get(f"/verify?kind={kind}").text
        assert {number for number in range(8) if m[number].full_name in narrowed} == numbers, kind
    assert "Không có trường hợp nào" in client.get(f"/verify?cell={town.cells[2].id}").text
    assert m[MARKS].full_name in client.get("/verify?order=cell").text


def test_an_officer_sees_both_sides_of_the_same_number_and_leaves_a_trace(
    sign_in: SignIn, session: Session, town: Town
) -> None:
    member = town.members[SWAPPED]
    page = sign_in("a.officer").get(f"/verify/{member.id}")
    assert str(member.citizen_id) in page.text
    assert "Ngày sinh đảo ngày và tháng; số định danh và họ tên trùng khớp." in page.text
    assert [mark.get_text() for mark in soup(page).find_all("mark")] == ["11", "02", "02", "11"]
    assert choices(page) == ["record_right", "roster_right", "both_wrong", "ask_cell"]
    (entry,) = traces(session, member, "verification.reveal")
    assert (entry.actor, entry.station_id) == ("a.officer", town.station.id)


def test_another_persons_number_is_masked_until_the_officer_asks_for_it(
    sign_in: SignIn, session: Session, town: Town
) -> None:
    member, client = town.members[NEAR], sign_in("a.officer")
    theirs = another_number(member)
    page = client.get(f"/verify/{member.id}")
    assert theirs not in page.text and f"*********{theirs[-3:]}" in page.text
    assert "Rất có thể" in page.text and "%" not in soup(page).select("main")[0].get_text()
    assert "Số định danh sai 1 chữ số; họ tên và ngày sinh trùng khớp." in page.text
    assert Decision.RECORD_RIGHT not in choices(page)
    assert not traces(session, member, "verification.reveal")
    said = {"seen": hidden(page, "seen"), "record": hidden(page, "record")}
    shown = client.post(f"/verify/{member.id}/reveal", data=said)
    assert theirs in table_text(shown) and choices(shown)[0] == Decision.RECORD_RIGHT
    assert len(traces(session, member, "verification.reveal")) == 1
    assert client.post(f"/verify/{member.id}/reveal", data={**said, "record": "another"}).status_code == 409
    assert client.post(f"/verify/{member.id}/reveal", data={**said, "seen": "older"}).status_code == 409


def test_a_form_that_comes_back_shows_no_record_that_nobody_asked_for(
    sign_in: SignIn, session: Session, town: Town
) -> None:
    member, client = town.members[NEAR], sign_in("a.officer")
    page = client.get(f"/verify/{member.id}")
    record = check_of(session, member).record_hash
    forged = client.post(f"/verify/{member.id}", data={"seen": hidden(page, "seen"), "record": record, "owner_id": "0"})
    assert forged.status_code == 422 and another_number(member) not in forged.text
    said = {"seen": hidden(page, "seen"), "record": record}
    client.post(f"/verify/{member.id}/reveal", data=said)
    again = client.post(f"/verify/{member.id}", data={**said, "owner_id": "0", "sex": ""})
    assert again.status_code == 422 and another_number(member) in table_text(again)


def test_several_candidates_stand_ranked_and_one_is_chosen_by_two_people(
    sign_in: SignIn, session: Session, town: Town
) -> None:
    member, officer, second = town.members[AMBIGUOUS], sign_in("a.officer"), sign_in("a.officer_2")
    page = officer.get(f"/verify/{member.id}")
    cards = soup(page).select(".cq-candidates > li")
    assert len(cards) == 2 and all("Hồ sơ chưa có số định danh" in card.get_text() for card in cards)
    assert choices(page) == ["both_wrong", "nobody", "ask_cell"]
    said = {"seen": hidden(page, "seen"), "record": hidden(page, "record", 1)}
    shown = officer.post(f"/verify/{member.id}/reveal", data=said)
    answer = officer.post(f"/verify/{member.id}", data=filled(shown, Decision.RECORD_RIGHT))
    assert answer.status_code == 302
    assert "cần người thứ hai xác nhận" in officer.get("/verify").text
    kept = newest_decision(session, member)
    path = f"/verify/decisions/{kept.id}"
    own = officer.get(path).text
    assert "Người đề nghị không tự xác nhận" in own and "Người dùng a.officer_2" in own
    assert officer.post(path, data={"answer": "confirm"}).status_code == 422
    assert f'href="{path}"' in second.get("/verify?stage=second").text
    assert second.post(path, data={"answer": "confirm"}).location == path
    assert "*" not in table_text(second.get(path))
    refused = second.post(path, data={"answer": "refuse"})
    assert refused.status_code == 422 and "ghi lý do" in refused.text
    assert second.post(path, data={"answer": "confirm"}).location == "/verify?stage=second"
    session.commit()
    session.refresh(member)
    assert member.citizen_id is not None
    assert "Xác nhận: Người dùng a.officer_2" in officer.get(f"/verify/{member.id}").text


def test_the_committee_sees_which_field_differs_what_to_bring_and_the_value_once_decided(
    sign_in: SignIn, session: Session, town: Town
) -> None:
    member, committee, officer = town.members[SWAPPED], sign_in("a.committee"), sign_in("a.officer")
    theirs = f"02/11/{member.birth_year}"
    for path in (f"/verify/{member.id}", "/verify"):
        page = committee.get(path).text
        assert "ngày và tháng đảo nhau" in page
        assert theirs not in page and str(member.citizen_id) not in page
    assert "giấy khai sinh" in committee.get(f"/verify/{member.id}").text
    near = town.members[NEAR]
    decide_as(session, town, "a.officer", near, Decision.RECORD_RIGHT)
    session.commit()
    waiting = committee.get(f"/verify/{near.id}").text
    assert mask_citizen_id(another_number(near)) not in waiting and "Chờ người thứ hai" in waiting
    officer.post(f"/verify/{member.id}", data=filled(officer.get(f"/verify/{member.id}"), Decision.RECORD_RIGHT))
    page = committee.get(f"/verify/{member.id}").text
    assert theirs in page and "Người dùng a.officer" in page and "Hoàn tác" not in page


def test_a_decision_is_saved_and_the_next_case_follows(sign_in: SignIn, session: Session, town: Town) -> None:
    client, member = sign_in("a.officer"), town.members[SWAPPED]
    page = client.get(f"/verify/{member.id}")
    following = str(soup(page).select_one('a[data-key="j"]')["href"])  # type: ignore[index]
    refused = client.post(f"/verify/{member.id}", data=filled(page, Decision.ROSTER_RIGHT))
    assert refused.status_code == 422 and "ghi lý do" in refused.text
    saved = client.post(f"/verify/{member.id}", data=filled(page, Decision.ROSTER_RIGHT, reason="Theo giấy khai sinh"))
    assert saved.location == following
    unknown = client.get(f"/verify/{town.members[UNKNOWN].id}?kind=not_found")
    assert "Dữ liệu dân cư đúng" not in unknown.text and "Nhập lại giá trị đúng" in unknown.text
    asked = filled(unknown, Decision.ASK_CELL, due_on="12/08/2030")
    path = f"/verify/{town.members[UNKNOWN].id}?kind=not_found"
    assert client.post(path, data=asked).location == "/verify?kind=not_found"
    assert town.members[UNKNOWN].full_name in client.get("/verify?stage=asked").text
    assert member.full_name in client.get("/verify?stage=settled").text
    session.expire_all()
    case = session.scalar(sa.select(Case).where(Case.member_id == town.members[UNKNOWN].id))
    assert case is not None and case.state == CaseState.PENDING


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"birth_on": "31/02/1950"}, "Ngày sinh phải có"),
        ({"citizen_id": "123"}, "đủ 12 chữ số"),
        ({"citizen_id": "003 999 000 001"}, "không khớp"),
        ({}, "ít nhất một giá trị"),
    ],
)
def test_a_wrongly_typed_value_is_shown_at_its_field(
    sign_in: SignIn, town: Town, typed: dict[str, str], words: str
) -> None:
    client, path = sign_in("a.officer"), f"/verify/{town.members[SWAPPED].id}"
    answer = client.post(path, data=filled(client.get(path), Decision.BOTH_WRONG, reason="đã gõ", **typed))
    assert answer.status_code == 422
    assert words in answer.text and "đã gõ" in answer.text
    assert "<title>Lỗi:" in answer.text


def test_a_case_that_changed_meanwhile_is_not_decided_blindly(sign_in: SignIn, town: Town) -> None:
    client, path = sign_in("a.officer"), f"/verify/{town.members[SWAPPED].id}"
    answer = client.post(path, data={**filled(client.get(path), Decision.ASK_CELL), "seen": "older"})
    assert answer.status_code == 409
    assert "Thông tin vừa thay đổi" in answer.text


def test_many_are_looked_through_checked_again_saved_and_taken_back(
    sign_in: SignIn, session: Session, town: Town
) -> None:
    client, m = sign_in("a.officer"), town.members
    page = client.get("/verify/alike?level=marks")
    chosen = [str(box["value"]) for box in soup(page).find_all("input", {"name": "chosen"})]
    assert len(chosen) == 2 and "Lê Thị H<mark>ò</mark>a" in page.text
    assert client.post("/verify/alike?level=marks", data={"decision": "record_right"}).status_code == 422
    assert (
        client.post("/verify/alike?level=marks", data={"decision": "roster_right", "chosen": chosen}).status_code == 422
    )
    said = {"decision": "record_right", "chosen": chosen[:1]}
    check = client.post("/verify/alike?level=marks", data=said)
    assert check.status_code == 200 and "Lưu kết luận cho 1 đồng chí" in check.text
    saved = client.post("/verify/alike?level=marks", data={**said, "confirmed": hidden(check, "confirmed")})
    kept = session.scalars(sa.select(DecisionRecord)).one()
    assert saved.location == f"/verify/decisions/{kept.id}"
    done = client.get(saved.location)
    assert "từ Lê Thị Hóa sang Lê Thị Hòa" in done.text
    undo = f"{saved.location}/undo"
    assert "Lê Thị Hòa" in client.get(undo).text
    assert client.post(undo, data={}).status_code == 422
    assert client.post(undo, data={"reason": "Nhầm"}).location == f"/verify/{m[MARKS].id}"
    session.commit()
    session.refresh(m[MARKS])
    assert m[MARKS].full_name == "Lê Thị Hóa"
    stale = {"decision": "record_right", "chosen": [f"{m[BARE].id}:older"], "confirmed": "1"}
    client.post("/verify/alike?level=bare", data=stale)
    assert f"Để nguyên vì thông tin vừa thay đổi: {m[BARE].full_name}" in client.get("/verify").text


def test_only_its_maker_or_the_chief_takes_a_decision_back(sign_in: SignIn, session: Session, town: Town) -> None:
    member = town.members[SWAPPED]
    decide_as(session, town, "a.officer", member, Decision.RECORD_RIGHT)
    session.commit()
    path = f"/verify/decisions/{newest_decision(session, member).id}/undo"
    second = sign_in("a.officer_2")
    assert "Chỉ người đã kết luận" in second.get(path).text
    assert second.post(path, data={"reason": "Nhầm"}).status_code == 422
    assert sign_in("a.station_chief").post(path, data={"reason": "Nhầm"}).location == f"/verify/{member.id}"
    assert "Hoàn tác: Người dùng a.station_chief – Nhầm" in second.get(f"/verify/{member.id}").text


def test_a_source_without_values_says_what_agrees(sign_in: SignIn, session: Session, town: Town) -> None:
    member = town.members[SWAPPED]
    session.execute(sa.text("DELETE FROM population_record"))
    session.commit()
    page = sign_in("a.officer").get(f"/verify/{member.id}")
    rows = [
        [cell.get_text(strip=True) for cell in row.find_all("td")] for row in soup(page).select("#compared tbody tr")
    ]
    assert [row[1] for row in rows] == ["khớp", "không khớp", "khớp", "khớp"]
    assert "Không có giá trị dân cư để xem" in page.text
    assert choices(page) == ["roster_right", "both_wrong", "ask_cell"]
    assert choices(sign_in("a.officer").get("/verify/alike?level=marks")) == ["roster_right"]


def test_the_committee_is_led_to_the_lists_of_what_to_correct(sign_in: SignIn, town: Town) -> None:
    assert 'href="/cleaning/lists"' in sign_in("a.committee").get("/verify").text


def test_the_officer_reads_what_others_wrote_in_the_case(sign_in: SignIn, session: Session, town: Town) -> None:
    member = town.members[SWAPPED]
    case = get_case(session, town.campaign.id, member.id)
    written = "Phiếu rà soát: đồng chí ghi khác danh sách – ngày sinh 12/03/1950"
    own = case_note(check_of(session, member).differences)
    open_case(session, case, PendingReason.WRONG_INFO, note=f"{own}\n{written}", at=now_at())
    session.commit()
    page = soup(sign_in("a.officer").get(f"/verify/{member.id}"))
    assert [one.get_text(strip=True) for one in page.select(".govuk-inset-text")] == [written]


def test_two_rows_of_one_person_point_to_each_other(sign_in: SignIn, session: Session, town: Town) -> None:
    first, second = town.members[8], town.members[9]
    check = session.scalars(sa.select(Check).where(Check.member_id == second.id)).one()
    check.status, check.differences, check.duplicate_of_id = (
        CheckStatus.DUPLICATE,
        {"citizen_id": "held_twice"},
        first.id,
    )
    session.commit()
    page = sign_in("a.officer").get(f"/verify/{second.id}")
    assert f'href="/verify/{first.id}"' in page.text and "Đảng ủy xóa một dòng" in page.text


PAGES = {
    ("GET", "/verify"): (*POLICE, Role.COMMITTEE),
    ("GET", "/verify/{member}"): (*POLICE, Role.COMMITTEE),
    ("GET", "/verify/extracts"): (Role.STATION_CHIEF,),
    ("GET", "/verify/extracts/{extract}/purge"): (Role.STATION_CHIEF,),
    ("GET", "/verify/alike"): POLICE,
    ("GET", "/verify/decisions/{decision}"): POLICE,
    ("GET", "/verify/decisions/{decision}/undo"): POLICE,
    ("POST", "/verify/match"): POLICE,
    ("POST", "/verify/alike"): POLICE,
    ("POST", "/verify/{member}"): POLICE,
    ("POST", "/verify/{member}/reveal"): POLICE,
    ("POST", "/verify/decisions/{decision}"): POLICE,
    ("POST", "/verify/decisions/{decision}/undo"): POLICE,
}


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("role", list(Role))
def test_each_page_is_for_its_roles_and_nobody_of_another_commune(
    sign_in: SignIn, session: Session, town: Town, role: Role
) -> None:
    decide_as(session, town, "a.officer", town.members[NEAR], Decision.RECORD_RIGHT)
    session.commit()
    ids = {
        "member": town.members[0].id,
        "extract": session.scalar(sa.select(PopulationExtract.id)),
        "decision": session.scalar(sa.select(DecisionRecord.id)),
    }
    ours, theirs = sign_in(f"a.{role}"), sign_in(f"b.{role}")
    for (method, path), roles in PAGES.items():
        url = path.format(**ids)
        status = ours.open(url, method=method).status_code
        assert (status == 403) == (role not in roles), (path, status)
        if role in roles and url != path:
            assert theirs.open(url, method=method).status_code == 404, path
