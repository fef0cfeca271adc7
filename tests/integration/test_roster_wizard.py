"""The wizard that brings a list in, from the file to the saved members, for each layout an office has."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.cases.models import Case
from cardqueue.core.models import AuditEntry
from cardqueue.lib.spreadsheet import Table, read_workbook, write_xlsx
from cardqueue.roster.models import ColumnMemory, ImportRow, Member, RosterImport
from cardqueue.roster.queries import load_rows
from tests.factories.people import Town, make_town
from tests.factories.roster import (
    L1,
    L2,
    L4,
    Lists,
    form_data,
    import_path,
    read_list,
    save_list,
    submit,
    tiles,
    upload,
    write_lists,
)

SignIn = Callable[[str], FlaskClient]


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Lists:
    """The files of a small demo commune."""
    return write_lists(tmp_path_factory.mktemp("lists") / "files")


@pytest.fixture
def town(session: Session) -> Town:
    """A commune without cells or members."""
    return make_town(session, cells=1, members_per_cell=0)


@pytest.fixture
def client(town: Town, sign_in: SignIn) -> FlaskClient:
    """The committee's browser."""
    return sign_in("a.committee")


def excel(header: list[str], *rows: list[str], sheet: str = "Danh sách") -> bytes:
    """A small list."""
    content = io.BytesIO()
    write_xlsx(content, [Table(sheet, header, rows)])
    return content.getvalue()


HEADER = ["STT", "Họ và tên", "Giới tính", "Ngày sinh", "Số định danh", "Chi bộ", "Số điện thoại"]


def small_list(*people: tuple[str, str], cell: str = "Chi bộ thôn 1", phone: str = "") -> bytes:
    """A list of men born in 1960: (name, citizen ID)."""
    rows = [[str(n), name, "Nam", "02/01/1960", number, cell, phone] for n, (name, number) in enumerate(people, 1)]
    return excel(HEADER, *rows)


@pytest.mark.parametrize("name", [L1, L2, L4])
def test_every_planted_error_lands_where_it_belongs_and_the_rest_is_saved(
    client: FlaskClient, session: Session, town: Town, lists: Lists, name: str
) -> None:
    path = read_list(client, name, lists.content(name))
    rows = load_rows(session, int(path.rsplit("/", 1)[1]))
    expected = lists.expected_states(name)
    found = {(read.row.sheet, read.row.row): read.kept.state for read in rows}
    assert found == {place: expected.get(place, "valid") for place in found}
    assert set(expected) <= set(found)
    session.rollback()
    counts = Counter(found.values())

    done = save_list(client, path)

    to_save = counts["valid"] + counts["look"]
    assert f"Đã lưu {to_save} đồng chí" in done.text
    members = session.scalars(sa.select(Member)).all()
    assert len(members) == to_save
    assert session.scalar(sa.select(sa.func.count()).select_from(Case)) == to_save
    assert all(member.search_key and member.sort_key and member.citizen_id_hash for member in members)


@pytest.mark.parametrize("name", [L1, L4])
def test_importing_the_same_file_again_changes_nothing(
    client: FlaskClient, session: Session, lists: Lists, name: str
) -> None:
    save_list(client, read_list(client, name, lists.content(name)))
    before = {member.id: member.updated_at for member in session.scalars(sa.select(Member))}
    session.rollback()
    path = read_list(client, name, lists.content(name))
    if client.get(f"{path}/save").status_code == 302:
        submit(client, f"{path}/cells")
    shown = tiles(client.get(f"{path}/save"))
    assert (shown["Thêm mới"], shown["Cập nhật"], shown["Không còn trong danh sách"]) == (0, 0, 0)
    save_list(client, path)
    after = {member.id: member.updated_at for member in session.scalars(sa.select(Member))}
    assert after == before


def test_the_same_people_in_another_layout_are_recognised(client: FlaskClient, session: Session, lists: Lists) -> None:
    save_list(client, read_list(client, L1, lists.content(L1)))
    count = session.scalar(sa.select(sa.func.count()).select_from(Member)) or 0
    session.rollback()
    path = read_list(client, L4, lists.content(L4))
    shown = tiles(client.get(f"{path}/save"))
    # Whom only the number misspelt on one of the lists would identify may be new; nobody else is.
    assert shown["Thêm mới"] <= 3
    assert shown["Cập nhật"] + shown["Không đổi"] >= count - 3


def test_a_number_in_the_file_never_stands_in_the_database_in_clear(
    client: FlaskClient, session: Session, lists: Lists
) -> None:
    path = read_list(client, L1, lists.content(L1))
    save_list(client, path)
    numbers = [number for number in session.scalars(sa.select(Member.citizen_id)) if number]
    bind = session.connection()
    for table in (Member, ImportRow, RosterImport, AuditEntry):
        stored = repr(bind.execute(sa.text(f'SELECT * FROM "{table.__tablename__}"')).all())  # noqa: S608
        assert not any(number in stored for number in numbers), table.__tablename__


def test_ethnicity_religion_and_origin_are_nowhere_kept(client: FlaskClient, session: Session) -> None:
    content = excel(
        ["Họ và tên", "Giới tính", "Ngày sinh", "Số định danh", "Chi bộ", "Dân tộc", "Tôn giáo", "Quê quán"],
        ["Lê Văn Thử", "Nam", "02/01/1960", "003060000111", "Chi bộ thôn 1", "Dân tộc X", "Tôn giáo Y", "Quê Z"],
    )
    path = read_list(client, "a.xlsx", content)
    [kept] = load_rows(session, int(path.rsplit("/", 1)[1]))
    assert not any(word in (kept.kept.values or "") for word in ("Dân tộc X", "Tôn giáo Y", "Quê Z"))


def test_a_header_found_wrong_is_corrected_and_the_columns_are_remembered(
    client: FlaskClient, session: Session
) -> None:
    content = excel(
        ["DANH SÁCH", "", "", ""],
        ["Ai", "Mã", "Sinh", "Ở đâu"],
        ["Lê Văn Thử", "003060000111", "02/01/1960", "Chi bộ thôn 1"],
        ["Trần Văn Thử", "003060000112", "03/01/1960", "Chi bộ thôn 1"],
    )
    chosen = {
        "layout0-name": "0",
        "layout0-citizen_id": "1",
        "layout0-birth": "2",
        "layout0-cell": "3",
    }
    for expect_remembered in (False, True):
        path = import_path(upload(client, "la.xlsx", content))
        sheet = {"sheet0-reads": "y", "sheet0-header_row": "2", "sheet0-header_row_count": "1"}
        assert submit(client, f"{path}/sheets", **sheet).status_code == 302
        shown = form_data(client.get(f"{path}/columns"), f"{path}/columns")
        assert all(shown[key] == value for key, value in chosen.items()) is expect_remembered
        answer = submit(client, f"{path}/columns", **chosen)
        assert answer.location == f"{path}/rows"
        assert len(load_rows(session, int(path.rsplit("/", 1)[1]))) == 2
        session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(ColumnMemory)) == 1


def test_columns_without_a_name_or_chosen_twice_are_refused_with_the_choice_kept(client: FlaskClient) -> None:
    path = import_path(upload(client, "a.xlsx", small_list(("Lê Văn Thử", "003060000111"))))
    submit(client, f"{path}/sheets")
    without_name = submit(client, f"{path}/columns", **{"layout0-name": ""})
    assert without_name.status_code == 422 and "Họ và tên" in without_name.text
    twice = submit(client, f"{path}/columns", **{"layout0-card_no": "4"})
    assert twice.status_code == 422 and "Cột này đã chọn" in twice.text
    none = submit(client, f"{path}/sheets", **{"sheet0-reads": []})
    assert none.status_code == 422 and "ít nhất một trang tính" in none.text


def test_a_wrong_row_is_corrected_in_place_and_then_saved(client: FlaskClient, session: Session) -> None:
    people = [("Lê Văn Thử", "00306000011"), ("Trần Văn Thử", "003060000112")]
    path = read_list(client, "a.xlsx", small_list(*people))
    listed = client.get(f"{path}/rows")
    assert "Lỗi (1)" in listed.text and "không đủ 12 chữ số" in listed.text
    [row_id] = session.scalars(sa.select(ImportRow.id).where(ImportRow.state == "wrong"))
    session.rollback()
    still_wrong = submit(client, f"{path}/rows/{row_id}", citizen_id="12345")
    assert still_wrong.status_code == 422 and 'id="citizen_id-error"' in still_wrong.text
    assert submit(client, f"{path}/rows/{row_id}", citizen_id="003060000111").status_code == 302
    assert "Lỗi (0)" in client.get(f"{path}/rows").text
    save_list(client, path)
    assert sorted(filter(None, session.scalars(sa.select(Member.citizen_id)))) == ["003060000111", "003060000112"]


def test_correcting_or_leaving_out_one_of_two_equal_rows_clears_the_other(
    client: FlaskClient, session: Session
) -> None:
    people = [("Lê Văn Thử", "003060000111"), ("Trần Văn Thử", "003060000111")]
    path = read_list(client, "a.xlsx", small_list(*people))
    assert "Lỗi (2)" in client.get(f"{path}/rows").text
    first, _second = session.scalars(sa.select(ImportRow.id).order_by(ImportRow.id)).all()
    session.rollback()
    client.post(f"{path}/rows/{first}/leave-out")
    left_out = client.get(f"{path}/rows?tab=left_out")
    assert "Lỗi (0)" in left_out.text and "Bỏ qua (1)" in left_out.text and "Hợp lệ (1)" in left_out.text
    client.post(f"{path}/rows/{first}/take-back")
    assert "Lỗi (2)" in client.get(f"{path}/rows").text


def test_a_row_with_an_error_is_saved_only_when_a_person_takes_it_and_it_names_somebody_new(
    client: FlaskClient, session: Session
) -> None:
    people = [("Lê Văn Thử", ""), ("Trần Văn Thử", "003060000112"), ("Hồ Văn Thử", "003060000112")]
    path = read_list(client, "a.xlsx", small_list(*people))
    no_number, twice, _twice_too = session.scalars(sa.select(ImportRow.id).order_by(ImportRow.id)).all()
    session.rollback()
    assert client.post(f"{path}/rows/{twice}/accept").status_code == 422
    assert client.post(f"{path}/rows/{no_number}/accept").status_code == 302
    save_list(client, path)
    [member] = session.scalars(sa.select(Member))
    assert (member.full_name, member.citizen_id, member.citizen_id_hash) == ("Lê Văn Thử", None, None)


def test_a_list_is_taken_as_it_is_and_says_what_became_of_its_rows(client: FlaskClient, session: Session) -> None:
    people = [
        ("Lê Văn Thử", "00306000011"),
        ("Trần Văn Thử", "003060000112"),
        ("Hồ Văn Thử", "003060000112"),
        ("Đinh Văn Thử", "003060000113"),
        ("Đinh Văn Thử", "003060000113"),
    ]
    path = read_list(client, "a.xlsx", small_list(*people))
    assert "Nhận cả những dòng lỗi này" in client.get(f"{path}/rows?tab=wrong").text
    assert "Nhận cả những dòng lỗi này" not in client.get(f"{path}/rows?tab=valid").text

    assert client.post(f"{path}/accept-all").status_code == 302

    said = client.get(f"{path}/rows").text
    assert "Đã nhận 1 dòng" in said and "Bỏ qua 1 dòng ghi lặp" in said and "2 dòng dùng chung số" in said
    save_list(client, path)
    numbers = {member.full_name: member.citizen_id for member in session.scalars(sa.select(Member))}
    assert numbers == {
        "Lê Văn Thử": None,
        "Trần Văn Thử": None,
        "Hồ Văn Thử": None,
        "Đinh Văn Thử": "003060000113",
    }


def test_a_changed_list_shows_what_changes_from_what_to_what(client: FlaskClient, session: Session) -> None:
    people = [("Lê Văn Thử", "003060000111"), ("Trần Văn Thử", "003060000112")]
    save_list(client, read_list(client, "a.xlsx", small_list(*people)))
    renamed = [("Lê Văn Thứ", "003060000111"), ("Trần Văn Thử", "003060000112"), ("Võ Văn Mới", "003060000113")]
    path = read_list(client, "b.xlsx", small_list(*renamed, phone="0570012345"))
    page = client.get(f"{path}/save")
    assert tiles(page)["Thêm mới"] == 1 and tiles(page)["Cập nhật"] == 2
    assert "Họ và tên: từ Lê Văn Thử thành Lê Văn Thứ" in page.text
    assert "Số điện thoại: từ – thành 0570 012 345" in page.text
    save_list(client, path)
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "roster.change_member")).first()
    assert entry is not None and entry.before is not None and entry.before["full_name"] == "Lê Văn Thử"
    assert "570012345" not in repr(entry.after)


def test_those_no_longer_listed_leave_only_when_ticked_and_only_of_cells_in_the_file(
    client: FlaskClient, session: Session
) -> None:
    people = [("Lê Văn Thử", "003060000111"), ("Trần Văn Thử", "003060000112"), ("Võ Văn Thử", "003060000113")]
    save_list(client, read_list(client, "a.xlsx", small_list(*people)))
    save_list(client, read_list(client, "b.xlsx", small_list(("Hồ Văn Xa", "003060000114"), cell="Chi bộ thôn 2")))
    path = read_list(client, "c.xlsx", small_list(people[0]))
    page = client.get(f"{path}/save")
    assert tiles(page)["Không còn trong danh sách"] == 2 and "Hồ Văn Xa" not in page.text
    gone = session.scalar(sa.select(Member.id).where(Member.full_name == "Võ Văn Thử"))
    session.rollback()
    save_list(client, path, remove=[str(gone)])
    listed = session.scalars(sa.select(Member.full_name).where(Member.removed_at.is_(None)).order_by(Member.id)).all()
    assert list(listed) == ["Lê Văn Thử", "Trần Văn Thử", "Hồ Văn Xa"]
    assert session.scalar(sa.select(Case.is_counted).where(Case.member_id == gone)) is False


def test_a_member_in_another_cell_than_last_time_is_pointed_out(client: FlaskClient) -> None:
    save_list(client, read_list(client, "a.xlsx", small_list(("Lê Văn Thử", "003060000111"))))
    save_list(client, read_list(client, "b.xlsx", small_list(("Hồ Văn Xa", "003060000114"), cell="Chi bộ thôn 2")))
    path = read_list(client, "c.xlsx", small_list(("Lê Văn Thử", "003060000111"), cell="CHI BỘ THÔN 2"))
    assert "lần trước ở Chi bộ thôn 1" in client.get(f"{path}/rows?tab=look").text
    page = client.get(f"{path}/save")
    assert "Chi bộ: từ Chi bộ thôn 1 thành Chi bộ thôn 2" in page.text


def test_a_number_of_another_commune_s_member_is_refused_without_saying_whose(
    client: FlaskClient, session: Session
) -> None:
    other = make_town(session, "b")
    number = other.members[0].citizen_id or ""
    content = excel(
        HEADER,
        ["1", "Lê Văn Thử", "", str(other.members[0].birth_year), number, "Chi bộ thôn 1", ""],
    )
    path = read_list(client, "a.xlsx", content)
    page = client.get(f"{path}/rows?tab=wrong")
    assert "đang có ở đơn vị khác" in page.text
    assert other.members[0].full_name not in page.text and other.committee.name not in page.text


def test_a_cell_that_looks_like_another_is_asked_about(client: FlaskClient, session: Session) -> None:
    save_list(client, read_list(client, "a.xlsx", small_list(("Lê Văn Thử", "003060000111"), cell="Trường THCS")))
    path = read_list(client, "b.xlsx", small_list(("Hồ Văn Xa", "003060000114"), cell="Trường THPT"))
    assert client.get(f"{path}/save").location == f"{path}/cells"
    page = client.get(f"{path}/cells")
    assert "Có phải là Trường THCS?" in page.text
    assert submit(client, f"{path}/cells").status_code == 422
    near = "as:truong thcs"
    assert submit(client, f"{path}/cells", **{"cell0-choice": near}).location == f"{path}/save"
    save_list(client, path)
    assert len(set(session.scalars(sa.select(Member.cell_id)))) == 1


def test_rows_of_a_cell_that_is_not_wanted_are_left_out(client: FlaskClient, session: Session) -> None:
    path = read_list(client, "b.xlsx", small_list(("Hồ Văn Xa", "003060000114"), cell="Chi bộ xã bên"))
    assert submit(client, f"{path}/cells", **{"cell0-choice": "skip"}).status_code == 302
    assert "Đã lưu 0 đồng chí" in save_list(client, path).text
    assert session.scalars(sa.select(Member)).all() == []


def test_the_result_goes_back_into_the_two_columns_of_the_data_entry_file(client: FlaskClient, lists: Lists) -> None:
    path = read_list(client, L1, lists.content(L1))
    answer = client.get(f"{path}/checked.xlsx")
    assert answer.status_code == 200
    [sheet] = read_workbook(answer.data).sheets
    header = [str(title) for title in sheet.rows[0]]
    assert len(header) == 31 and header[-2:] == ["Kết quả kiểm tra", "Chi tiết lỗi"]
    results = {row[-2] for row in sheet.rows[1:]}
    assert results == {"Lỗi", "Cần xem"} and all(str(row[-1]).startswith("Dòng ") for row in sheet.rows[1:])
    [whole] = read_workbook(client.get(f"{path}/checked.xlsx?rows=all").data).sheets
    assert len(whole.rows) > len(sheet.rows) and "Hợp lệ" in {row[-2] for row in whole.rows}


def test_a_list_of_another_kind_gets_the_two_columns_at_its_end(
    client: FlaskClient, session: Session, lists: Lists
) -> None:
    path = read_list(client, L2, lists.content(L2))
    [sheet] = read_workbook(client.get(f"{path}/checked.xlsx").data).sheets
    assert [str(title) for title in sheet.rows[0]][-2:] == ["Kết quả kiểm tra", "Chi tiết lỗi"]
    exported = sa.select(AuditEntry).where(AuditEntry.action == "roster.export_checked")
    assert session.scalar(exported) is not None


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("anh.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "không phải bảng tính"),
        ("trong.xlsx", b"", "không có nội dung"),
        ("cut", b"", "bị hỏng"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_plain_words(
    client: FlaskClient, session: Session, lists: Lists, name: str, content: bytes, words: str
) -> None:
    sent = lists.content(L1)[:5_000] if name == "cut" else content
    answer = upload(client, "cut.xlsx" if name == "cut" else name, sent)
    assert answer.status_code == 422 and words in answer.text
    assert session.scalars(sa.select(RosterImport)).all() == []


def test_a_form_without_a_file_and_a_file_too_large_are_refused(client: FlaskClient) -> None:
    assert client.post("/roster/imports/new", data={}).status_code == 422
    body = b"--x\r\n" + bytes(11 * 1024 * 1024)
    refused = client.post("/roster/imports/new", data=body, content_type="multipart/form-data; boundary=x")
    assert refused.status_code == 413 and "vượt quá 10 MB" in refused.text


def test_the_template_can_be_filled_in_and_read(client: FlaskClient, tmp_path: Path) -> None:
    answer = client.get("/roster/template.xlsx")
    header = [str(title) for title in read_workbook(answer.data).sheets[0].rows[0]]
    row = [""] * len(header)
    for title, value in {
        "Họ và tên": "Lê Văn Thử",
        "Giới tính": "Nam",
        "Ngày sinh": "02/01/1960",
        "Số định danh cá nhân": "003060000111",
        "Chi bộ": "Chi bộ thôn 1",
    }.items():
        row[header.index(title)] = value
    path = read_list(client, "mau.xlsx", excel(header, row))
    assert "Hợp lệ (1)" in client.get(f"{path}/rows").text


def test_an_import_given_up_leaves_neither_file_nor_rows(client: FlaskClient, session: Session) -> None:
    path = read_list(client, "a.xlsx", small_list(("Lê Văn Thử", "003060000111")))
    assert "Lần nhập chưa xong" in client.get("/roster").text
    assert client.get(f"{path}/discard").status_code == 200
    assert client.post(f"{path}/discard").status_code == 302
    [given_up] = session.scalars(sa.select(RosterImport))
    assert given_up.content is None and session.scalars(sa.select(ImportRow)).all() == []
    assert client.post(f"{path}/save").status_code == 409


def test_a_saved_import_cannot_be_saved_or_changed_again(client: FlaskClient, session: Session) -> None:
    path = read_list(client, "a.xlsx", small_list(("Lê Văn Thử", "003060000111")))
    save_list(client, path)
    [row_id] = session.scalars(sa.select(ImportRow.id))
    session.rollback()
    assert client.post(f"{path}/save").status_code == 409
    assert client.post(f"{path}/rows/{row_id}/leave-out").status_code == 409
    assert client.get(f"{path}/rows").location == f"{path}/done"


def test_another_commune_s_import_does_not_exist(client: FlaskClient, session: Session, sign_in: SignIn) -> None:
    path = read_list(client, "a.xlsx", small_list(("Lê Văn Thử", "003060000111")))
    [row_id] = session.scalars(sa.select(ImportRow.id))
    make_town(session, "b", cells=1, members_per_cell=0)
    stranger = sign_in("b.committee")
    for end in ("sheets", "columns", "rows", f"rows/{row_id}", "checked.xlsx", "cells", "save", "done", "undo"):
        assert stranger.get(f"{path}/{end}").status_code == 404, end
    for end in (f"rows/{row_id}/leave-out", f"rows/{row_id}/accept", "accept-all", "save", "undo", "discard"):
        assert stranger.post(f"{path}/{end}").status_code == 404, end
    assert sign_in("a.cell_secretary").get(f"{path}/rows").status_code == 403
