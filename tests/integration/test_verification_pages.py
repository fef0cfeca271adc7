"""The pages of the verification: who sees what, and what a decision looks like."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from cardqueue.cases.models import Case, CaseState
from cardqueue.core.access import Role
from cardqueue.core.models import AuditEntry
from cardqueue.lib.citizen_id import mask_citizen_id
from cardqueue.lib.spreadsheet import read_workbook
from cardqueue.verification.models import Check, Decision, PopulationExtract, PopulationRecord
from tests.factories.people import Town, make_town
from tests.factories.verification import bring, compare_all, csv_of, lines_of, record_line

SignIn = Callable[[str], FlaskClient]
POLICE = (Role.OFFICER, Role.STATION_CHIEF)


@pytest.fixture
def town(session: Session) -> Town:
    """Town `a` with one differing name and one member that nobody knows; town `b` beside it."""
    make_town(session, "b")
    town = make_town(session, "a")
    other = record_line(town.members[0], ho_ten="LÊ THỊ HƯỜNG", gioi_tinh="Nam", ngay_sinh="1951")
    lines = lines_of(town, m0=other, m1=None)
    bring(session, town, csv_of(*lines))
    compare_all(session, town)
    session.commit()
    return town


def upload(client: FlaskClient, content: bytes, name: str = "dan_cu.csv") -> TestResponse:
    return client.post("/verify/extracts", data={"file": (io.BytesIO(content), name)})


def seen(page: TestResponse) -> str:
    field = BeautifulSoup(page.text, "html5lib").find("input", {"name": "seen"})
    assert field is not None
    return str(field["value"])


def test_a_chief_brings_an_extract_and_sees_what_it_gave(sign_in: SignIn, session: Session) -> None:
    town = make_town(session, "a")
    client = sign_in("a.station_chief")
    assert "Chưa có dữ liệu dân cư" in client.get("/verify").text
    answer = upload(client, csv_of(*lines_of(town, m0=None)))
    assert answer.location == "/verify"
    page = client.get("/verify")
    assert "Đã nhập dữ liệu dân cư của 11 người" in page.text
    assert "còn 1 trường hợp" in page.text
    extracts = client.get("/verify/extracts").text
    assert "dan_cu.csv" in extracts and "Đang dùng" in extracts
    stored = session.scalars(sa.select(PopulationRecord)).all()
    assert {record.full_name for record in stored} == {member.full_name.upper() for member in town.members[1:]}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Tệp không có nội dung"),
        (b"%PDF-1.7", "Tệp không phải bảng tính"),
        (csv_of(), "Không có dòng dữ liệu nào"),
        (csv_of("003150000,LÊ THỊ HOA,1950,Nữ,,"), "số định danh phải có đủ 12 chữ số"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(sign_in: SignIn, town: Town, content: bytes, words: str) -> None:
    client = sign_in("a.station_chief")
    answer = upload(client, content)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Đang dùng tệp dan_cu.csv: 11 người" in answer.text


def test_columns_that_the_titles_do_not_tell_are_named_by_a_person(
    sign_in: SignIn, session: Session, town: Town
) -> None:
    client = sign_in("a.station_chief")
    columns = upload(client, csv_of(*lines_of(town), header="ma,ho_ten,ngay_sinh,gioi_tinh,x,y")).location
    page = client.get(columns)
    assert page.status_code == 200
    assert "A – ma – 0031******" in page.text.replace("&#34;", "")
    said = {"header_row": "1", "full_name": "1", "birth_on": "2", "sex": "3"}
    assert "Đồng chí chọn cột của mục này" in client.post(columns, data={**said, "citizen_id": "-1"}).text
    wrong = client.post(columns, data={**said, "citizen_id": "4"})
    assert wrong.status_code == 422 and "Dòng" in wrong.text
    assert client.post(columns, data={**said, "citizen_id": "0"}).location == "/verify"
    assert client.get(columns).status_code == 404
    assert session.scalar(sa.select(PopulationExtract.record_count).where(PopulationExtract.is_in_force)) == 12


def test_an_officer_sees_both_values_and_leaves_a_trace(sign_in: SignIn, session: Session, town: Town) -> None:
    member = town.members[0]
    page = sign_in("a.officer").get(f"/verify/{member.id}")
    assert "Dữ liệu dân cư" in page.text
    assert str(member.citizen_id) in page.text
    marks = [mark.get_text() for mark in BeautifulSoup(page.text, "html5lib").find_all("mark")]
    assert marks
    entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.action == "verification.view"))
    assert entry is not None
    assert (entry.actor, entry.subject, entry.station_id) == ("a.officer", f"member:{member.id}", town.station.id)


def test_the_committee_sees_which_field_differs_and_the_value_once_decided(
    sign_in: SignIn, session: Session, town: Town
) -> None:
    member = town.members[0]
    committee, officer = sign_in("a.committee"), sign_in("a.officer")
    page = committee.get(f"/verify/{member.id}").text
    assert "khác hẳn" in page and "Công an chưa kết luận" in page
    for secret in ("Hường", "HƯỜNG", str(member.citizen_id)):
        assert secret not in page
        assert secret not in committee.get("/verify").text
    form = {"decision": "record_right", "owner_id": "0", "sex": "", "seen": seen(officer.get(f"/verify/{member.id}"))}
    answer = officer.post(f"/verify/{member.id}", data=form)
    assert answer.location == f"/verify/{town.members[1].id}"
    assert "Lê Thị Hường" in committee.get(f"/verify/{member.id}").text


def test_a_decision_is_saved_and_the_next_case_follows(sign_in: SignIn, session: Session, town: Town) -> None:
    client = sign_in("a.officer")
    first, second = town.members[0], town.members[1]
    page = client.get(f"/verify/{first.id}")
    assert f'href="/verify/{second.id}"' in page.text
    data = {"decision": "roster_right", "owner_id": "0", "sex": "", "seen": seen(page)}
    refused = client.post(f"/verify/{first.id}", data=data)
    assert refused.status_code == 422 and "ghi lý do" in refused.text
    typed = client.post(f"/verify/{first.id}", data={**data, "reason": "Theo giấy khai sinh"})
    assert typed.location == f"/verify/{second.id}"
    session.expire_all()
    case = session.scalar(sa.select(Case).where(Case.member_id == first.id))
    assert case is not None and case.state == CaseState.NOT_YET
    page = client.get(f"/verify/{second.id}")
    assert "Dữ liệu dân cư đúng" not in page.text and "Nhập lại giá trị đúng" in page.text
    data = {"decision": "ask_cell", "owner_id": "0", "sex": "", "due_on": "12/08/2030", "seen": seen(page)}
    assert client.post(f"/verify/{second.id}", data=data).location == "/verify"
    assert second.full_name in client.get("/verify?stage=asked").text
    assert first.full_name in client.get("/verify?stage=settled").text
    assert "còn 0 trường hợp" in client.get("/verify").text


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
    client = sign_in("a.officer")
    path = f"/verify/{town.members[0].id}"
    data = {
        "decision": "both_wrong",
        "owner_id": "0",
        "sex": "",
        "reason": "đã gõ",
        "seen": seen(client.get(path)),
        **typed,
    }
    answer = client.post(path, data=data)
    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Lỗi:" in answer.text
    assert "đã gõ" in answer.text


def test_a_case_that_changed_meanwhile_is_not_decided_blindly(sign_in: SignIn, town: Town) -> None:
    client = sign_in("a.officer")
    data = {"decision": "record_right", "owner_id": "0", "sex": "", "seen": "old"}
    answer = client.post(f"/verify/{town.members[0].id}", data=data)
    assert answer.status_code == 409
    assert "Thông tin vừa thay đổi" in answer.text


def test_the_list_narrows_by_cell_and_kind(sign_in: SignIn, town: Town) -> None:
    client = sign_in("a.officer")
    first, second = town.members[0], town.members[1]
    by_name, unknown = client.get("/verify?kind=full_name").text, client.get("/verify?kind=not_found").text
    assert first.full_name in by_name and second.full_name not in by_name
    assert second.full_name in unknown and first.full_name not in unknown
    assert "Không có trường hợp nào" in client.get(f"/verify?cell={town.cells[2].id}").text


def test_the_list_for_the_cells_names_the_confirmed_value_alone(sign_in: SignIn, session: Session, town: Town) -> None:
    client = sign_in("a.committee")
    answer = client.get("/verify/corrections.xlsx")
    rows = read_workbook(answer.data).sheets[0].rows
    assert list(rows[0])[:4] == ["Dòng", "Họ và tên", "Chi bộ", "Trường sai"]
    fields = {(row[1], row[3]): (row[5], row[6]) for row in rows[1:]}
    first, second = town.members[0], town.members[1]
    assert fields[first.full_name, "Họ và tên"] == (first.full_name, "")
    assert fields[second.full_name, "Số định danh"][0] == mask_citizen_id(second.citizen_id)
    assert session.scalar(
        sa.select(sa.func.count(AuditEntry.id)).where(AuditEntry.action == "verification.export_corrections")
    )
    check = session.scalar(sa.select(Check).where(Check.member_id == first.id))
    officer = sign_in("a.officer")
    assert check is not None
    officer.post(
        f"/verify/{first.id}",
        data={"decision": Decision.RECORD_RIGHT, "owner_id": "0", "sex": "", "seen": check.evidence},
    )
    rows = read_workbook(client.get("/verify/corrections.xlsx").data).sheets[0].rows
    settled = next(row for row in rows if row[3] == "Họ và tên" and row[1] == "Lê Thị Hường")
    assert settled[5:8] == [first.full_name, "Lê Thị Hường", "Dữ liệu dân cư đúng"]


def test_comparing_by_the_button_finds_what_changed(sign_in: SignIn, session: Session, town: Town) -> None:
    member = town.members[2]
    member.full_name = "Lê Thị Khác"
    session.commit()
    client = sign_in("a.officer")
    assert client.post("/verify/match").location == "/verify"
    page = client.get("/verify").text
    assert "1 có kết quả mới" in page and "Lê Thị Khác" in page


PAGES = {
    ("GET", "/verify"): (*POLICE, Role.COMMITTEE),
    ("GET", "/verify/{member}"): (*POLICE, Role.COMMITTEE),
    ("GET", "/verify/corrections.xlsx"): (Role.COMMITTEE,),
    ("GET", "/verify/extracts"): (Role.STATION_CHIEF,),
    ("GET", "/verify/extracts/{extract}/purge"): (Role.STATION_CHIEF,),
    ("POST", "/verify/match"): POLICE,
    ("POST", "/verify/{member}"): POLICE,
}


@pytest.mark.parametrize("role", list(Role))
def test_each_page_is_for_its_roles_and_nobody_of_another_commune(
    sign_in: SignIn, session: Session, town: Town, role: Role
) -> None:
    ids = {"member": town.members[0].id, "extract": session.scalar(sa.select(PopulationExtract.id))}
    ours, theirs = sign_in(f"a.{role}"), sign_in(f"b.{role}")
    for (method, path), roles in PAGES.items():
        url = path.format(**ids)
        status = ours.open(url, method=method).status_code
        assert (status == 403) == (role not in roles), (path, status)
        if role in roles and url != path:
            assert theirs.open(url, method=method).status_code == 404, path


def test_purging_asks_first_and_leaves_nothing_behind(
    sign_in: SignIn, session: Session, town: Town, database_url: str
) -> None:
    record = session.scalars(sa.select(PopulationRecord).order_by(PopulationRecord.id)).first()
    assert record is not None
    number = record.citizen_id
    ciphertext = session.scalar(
        sa.select(sa.type_coerce(PopulationRecord.citizen_id, sa.LargeBinary)).where(PopulationRecord.id == record.id)
    )
    assert isinstance(ciphertext, bytes)
    path, record_hash = f"/verify/extracts/{record.extract_id}/purge", record.content_hash
    session.close()
    client = sign_in("a.station_chief")
    assert "11 người" in client.get(path).text
    assert session.scalar(sa.select(sa.func.count(PopulationRecord.id))) == 11
    session.close()
    assert client.post(path).location == "/verify/extracts"
    assert client.get(path).status_code == 404
    assert session.scalar(sa.select(sa.func.count(PopulationRecord.id))) == 0
    entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.action == "verification.purge_extract"))
    assert entry is not None and entry.actor == "a.station_chief"
    # What was found and decided stays, and the pages still open.
    assert sign_in("a.officer").get(f"/verify/{town.members[0].id}").status_code == 200
    if database_url.startswith("sqlite"):
        file = Path(str(make_url(database_url).database))
        stored = b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))
        assert ciphertext not in stored
        assert record_hash.encode() not in stored
        assert number.encode() not in stored
