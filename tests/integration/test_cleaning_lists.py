"""What is to be corrected is handed out cell by cell, and written back into the committee's own list."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from cardqueue.core.models import AuditEntry
from cardqueue.verification.models import CheckStatus, Decision
from cardqueue.verification.words import STATUSES
from tests.factories.cleaning import FIRST_ROW, L1_SHEET, l1_file, make_check
from tests.factories.people import Town, make_town

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def town(session: Session) -> Town:
    """Members with something to correct in three cells, one settled; one right by decision; the rest in order."""
    town = make_town(session)
    make_check(session, town, town.members[0], CheckStatus.MISMATCH, differences={"birth_on": "swapped"})
    make_check(
        session,
        town,
        town.members[1],
        CheckStatus.MISMATCH,
        differences={"citizen_id": "near"},
        decision=Decision.RECORD_RIGHT,
        confirmed={"citizen_id": (town.members[1].citizen_id or "", "003051999999")},
    )
    make_check(session, town, town.members[4], CheckStatus.NOT_FOUND, differences={"citizen_id": "unknown"})
    make_check(
        session,
        town,
        town.members[5],
        CheckStatus.MISMATCH,
        differences={"full_name": "spelling"},
        decision=Decision.ROSTER_RIGHT,
    )
    make_check(session, town, town.members[8], CheckStatus.AMBIGUOUS)
    make_check(session, town, town.members[9], CheckStatus.NOT_FOUND, decision=Decision.ASK_CELL)
    for member in (*town.members[6:8], *town.members[10:]):
        make_check(session, town, member)
    session.commit()
    return town


def rows_of(content: bytes, sheet: str | None = None) -> list[tuple[object, ...]]:
    """The rows of an Excel file."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [tuple(cell.value for cell in row) for row in (book[sheet] if sheet else book.worksheets[0]).rows]


def test_the_committee_gets_a_file_for_each_cell_with_something_to_correct(sign_in: SignIn, town: Town) -> None:
    answer = sign_in("a.committee").get("/cleaning/lists.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as package:
        files = {name: rows_of(package.read(name)) for name in package.namelist()}
    assert sorted(files) == sorted(
        ["muc-luc.xlsx", *(f"chinh-ly-chi-bo-thon-{n + 1}-{town.cells[n].id}.xlsx" for n in range(3))]
    )
    header, undecided, decided = files[f"chinh-ly-chi-bo-thon-1-{town.cells[0].id}.xlsx"]
    assert header[:7] == (
        "Dòng", "Họ và tên", "Trường sai", "Giá trị hiện tại", "Giá trị theo dữ liệu dân cư", "Người xử lý", "Hạn",
    )  # fmt: skip
    assert undecided[1:5] == (town.members[0].full_name, "Ngày sinh", "14/02/1951", None)
    assert decided[2] == "Số định danh" and decided[4] == "0030******99"
    assert (undecided[5], decided[5]) == ("Công an xã", "Bí thư chi bộ")
    assert [row[2:] for row in files["muc-luc.xlsx"][1:]] == [(2, 1), (1, 0), (2, 0)]


def test_whoever_an_officer_has_to_look_at_is_listed_without_a_field(sign_in: SignIn, town: Town) -> None:
    rows = rows_of(sign_in("a.committee").get(f"/cleaning/lists/{town.cells[2].id}.xlsx").data)
    assert [row[1] for row in rows[1:]] == [town.members[8].full_name, town.members[9].full_name]
    assert rows[1][2] is None and rows[1][7] == str(STATUSES[CheckStatus.AMBIGUOUS])


def test_no_whole_number_leaves_in_a_list(sign_in: SignIn, town: Town) -> None:
    content = sign_in("a.committee").get(f"/cleaning/lists/{town.cells[0].id}.xlsx").data
    assert not any(
        str(town.members[1].citizen_id) in str(row) or "003051999999" in str(row) for row in rows_of(content)
    )


def test_a_secretary_gets_the_own_cell_alone(sign_in: SignIn, town: Town) -> None:
    secretary = sign_in("a.cell_secretary")
    page = secretary.get("/cleaning/lists").text
    assert town.cells[0].name in page and town.cells[1].name not in page and "File nhập liệu" not in page
    names = {row[1] for row in rows_of(secretary.get(f"/cleaning/lists/{town.cells[0].id}.xlsx").data)[1:]}
    assert names == {town.members[0].full_name, town.members[1].full_name}
    assert secretary.get(f"/cleaning/lists/{town.cells[1].id}.xlsx").status_code == 404
    assert secretary.get("/cleaning/lists.zip").status_code == 403


def test_another_communes_list_does_not_exist(sign_in: SignIn, session: Session, town: Town) -> None:
    other = make_town(session, "b")
    assert sign_in("a.committee").get(f"/cleaning/lists/{other.cells[0].id}.xlsx").status_code == 404


def test_every_export_is_in_the_audit_trail(sign_in: SignIn, session: Session, town: Town) -> None:
    committee = sign_in("a.committee")
    committee.get("/cleaning/lists.zip")
    committee.get(f"/cleaning/lists/{town.cells[0].id}.xlsx")
    send(committee, l1_file(town, town.members))
    actions = session.scalars(sa.select(AuditEntry.action).where(AuditEntry.action.startswith("cleaning.")))
    assert set(actions) == {"cleaning.export_lists", "cleaning.export_list", "cleaning.write_back"}


def test_results_are_written_into_the_two_columns_and_nothing_else_changes(sign_in: SignIn, town: Town) -> None:
    stranger = {"Họ và tên": "Trần Văn Lạ", "Sinh ngày": "03/04/1961", "Số định danh cá nhân": "003061777777"}
    given = l1_file(town, town.members, stranger)
    answer = send(sign_in("a.committee"), given)
    assert answer.status_code == 200, answer.text
    before, after = rows_of(given, L1_SHEET), rows_of(answer.data, L1_SHEET)
    assert [row[:29] for row in before] == [row[:29] for row in after]
    said = [row[29:] for row in after[FIRST_ROW - 1 :]]
    assert said[0] == (str(STATUSES[CheckStatus.MISMATCH]), "Ngày sinh: ngày và tháng đảo nhau")
    assert said[1][1] is not None and "giá trị đúng: 0030******99" in str(said[1][1])
    assert said[2] == ("Chưa đối soát", None)
    assert said[6] == ("Đúng", None)
    assert said[-1][0] == "Không có trong danh sách"
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book["DANTOC"].sheet_state == "hidden"
    assert book[L1_SHEET].cell(FIRST_ROW, 30).font.italic and book[L1_SHEET].cell(6, 30).font.bold


def test_a_row_is_found_by_the_card_and_by_name_and_birth_too(sign_in: SignIn, session: Session, town: Town) -> None:
    by_card, by_birth = town.members[6], town.members[7]
    by_card.card_no = "12345678"
    session.commit()
    given = l1_file(
        town,
        [],
        {"Họ và tên": by_card.full_name, "Số thẻ Đảng theo QĐ 85": "12345678", "Sinh ngày": "1990"},
        {"Họ và tên": by_birth.full_name.upper(), "Sinh ngày": f"14/02/{by_birth.birth_year}"},
    )
    said = [row[29] for row in rows_of(send(sign_in("a.committee"), given).data, L1_SHEET)[FIRST_ROW - 1 :]]
    assert said == ["Đúng", "Đúng"]


def test_a_person_who_stands_in_the_file_twice_is_said_to(sign_in: SignIn, town: Town) -> None:
    given = l1_file(town, [town.members[6], town.members[7], town.members[6]])
    said = [row[29:] for row in rows_of(send(sign_in("a.committee"), given).data, L1_SHEET)[FIRST_ROW - 1 :]]
    assert said[0][0] == str(STATUSES[CheckStatus.MATCH])
    assert said[2] == (str(STATUSES[CheckStatus.DUPLICATE]), f"Cùng số với dòng {FIRST_ROW} của tệp này.")


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("rong.xlsx", b"", "Tệp không có nội dung"),
        ("hong.xlsx", b"PK\x03\x04xxxx", "bị hỏng"),
        ("list.csv", "Họ và tên,Ngày sinh\nNguyễn Văn Mẫu,1950\n".encode(), "Chỉ ghi được vào tệp .xlsx"),
    ],
)
def test_a_file_that_cannot_be_filled_says_why(
    sign_in: SignIn, town: Town, name: str, content: bytes, said: str
) -> None:
    answer = send(sign_in("a.committee"), content, name)
    assert answer.status_code == 422 and said in answer.text


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_list_without_the_two_columns_says_so(sign_in: SignIn, town: Town) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Họ và tên", "Ngày sinh"])
    book.worksheets[0].append(["Nguyễn Văn Mẫu", "01/02/1950"])
    target = io.BytesIO()
    book.save(target)
    answer = send(sign_in("a.committee"), target.getvalue())
    assert answer.status_code == 422 and "Kết quả kiểm tra" in answer.text


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_form_without_a_file_asks_for_one(sign_in: SignIn, town: Town) -> None:
    answer = sign_in("a.committee").post("/cleaning/lists/write-back")
    assert answer.status_code == 422 and "Đồng chí chọn tệp danh sách." in answer.text


def send(client: FlaskClient, content: bytes, name: str = "nhap_lieu.xlsx") -> TestResponse:
    """Upload a list to have it filled."""
    return client.post("/cleaning/lists/write-back", data={"file": (io.BytesIO(content), name)})
