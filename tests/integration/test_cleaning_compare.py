"""Two lists compared on the page: what differs is shown, filtered and kept as Excel, and the server keeps nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from cardqueue.cleaning.cli import compare_lists
from cardqueue.core.models import AuditEntry
from cardqueue.lib.partial_date import PartialDate
from cardqueue.roster.models import Member, RosterImport
from tests.factories.people import Town, make_town

SignIn = Callable[[str], FlaskClient]
HEADER = "Họ và tên,Ngày sinh,Giới tính,Số CCCD,Chi bộ"


@pytest.fixture
def town(session: Session) -> Town:
    return make_town(session)


def lines(town: Town, **changed: str | None) -> bytes:
    """The town's members as a list; `m3="…"` gives another line to the fourth, `m3=None` leaves them out."""
    rows = [HEADER]
    for number, member in enumerate(town.members):
        line = changed.get(f"m{number}", line_of(town, member))
        if line is not None:
            rows.append(line)
    return "\n".join(rows).encode()


def line_of(town: Town, member: Member, **values: str) -> str:
    """A member as a line."""
    said = {
        "name": member.full_name,
        "birth": PartialDate.from_iso(member.birth_on or "").display(),
        "sex": "Nữ" if member.sex == "female" else "Nam",
        "number": member.citizen_id or "",
        "cell": next(cell.name for cell in town.cells if cell.id == member.cell_id),
        **values,
    }
    return ",".join(said.values())


def compare(client: FlaskClient, old: bytes, new: bytes | None = None) -> TestResponse:
    """Send the lists."""
    data = {"old": (io.BytesIO(old), "cu.csv")}
    return client.post("/cleaning/compare", data=data if new is None else data | {"new": (io.BytesIO(new), "moi.csv")})


def sealed(answer: TestResponse) -> str:
    """What the page carries along."""
    found = re.search(r'name="sealed" value="([^"]+)"', answer.text)
    assert found is not None
    return unescape(found[1])


def test_who_moved_changed_vanished_and_appeared_is_named(sign_in: SignIn, town: Town) -> None:
    m = town.members
    new = lines(
        town,
        m0=line_of(town, m[0], cell=town.cells[1].name),
        m1=line_of(town, m[1], sex="Nam" if m[1].sex == "female" else "Nữ"),
        m2=None,
        m3="Trần Thị Mới,03/04/1970,Nữ,003170000099," + town.cells[0].name,
    )
    answer = compare(sign_in("a.committee"), lines(town, m3=None), new)
    page = " ".join(answer.text.split())
    assert answer.status_code == 200
    for said in (
        "Chi bộ: Chi bộ thôn 1 → Chi bộ thôn 2",
        "Giới tính: Nữ → Nam" if m[1].sex == "female" else "Giới tính: Nam → Nữ",
        "Không còn trong danh sách mới",
        "Trần Thị Mới",
    ):
        assert said in page
    assert str(m[0].citizen_id) not in page and "003170000099" not in page


def test_an_old_list_is_compared_with_the_members_when_there_is_no_new_one(sign_in: SignIn, town: Town) -> None:
    same = compare(sign_in("a.committee"), lines(town))
    assert "Hai danh sách giống nhau." in same.text
    older = compare(sign_in("a.committee"), lines(town, m5=line_of(town, town.members[5], birth="02/03/1944")))
    assert "Ngày sinh: 02/03/1944 →" in older.text


def test_the_result_is_filtered_without_asking_for_the_files_again(sign_in: SignIn, town: Town) -> None:
    committee = sign_in("a.committee")
    m = town.members
    given = sealed(
        compare(
            committee,
            lines(town),
            lines(town, m0=line_of(town, m[0], sex="Nam"), m1=line_of(town, m[1], sex="Nam"), m6=None),
        )
    )
    gone = committee.post("/cleaning/compare/shown", data={"sealed": given, "kind": "gone"}).text
    assert m[6].full_name in gone and m[0].full_name not in gone and m[1].full_name not in gone
    cell = committee.post("/cleaning/compare/shown", data={"sealed": given, "cell": "thon 2"}).text
    assert m[6].full_name in cell and m[1].full_name not in cell
    excel = committee.post("/cleaning/compare.xlsx", data={"sealed": given, "kind": "gone"})
    names = [row[1].value for row in openpyxl.load_workbook(io.BytesIO(excel.data)).worksheets[0].rows]
    assert names == ["Họ và tên", m[6].full_name]


def test_a_result_belongs_to_the_committee_that_asked_for_it(sign_in: SignIn, session: Session, town: Town) -> None:
    make_town(session, "b")
    given = sealed(compare(sign_in("a.committee"), lines(town), lines(town, m6=None)))
    for path in ("/cleaning/compare/shown", "/cleaning/compare.xlsx"):
        assert sign_in("b.committee").post(path, data={"sealed": given}).status_code == 404
        assert sign_in("a.committee").post(path, data={"sealed": given[:-8] + "AAAAAAA="}).status_code == 404
        assert sign_in("a.committee").post(path, data={"sealed": "???"}).status_code == 404


def test_nothing_is_stored_but_that_it_was_done(sign_in: SignIn, session: Session, town: Town) -> None:
    committee = sign_in("a.committee")
    given = sealed(compare(committee, lines(town), lines(town, m6=None)))
    committee.post("/cleaning/compare.xlsx", data={"sealed": given})
    assert session.scalar(sa.select(sa.func.count()).select_from(RosterImport)) == 0
    entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.action.startswith("cleaning."))).all()
    assert {entry.action for entry in entries} == {"cleaning.compare_lists", "cleaning.export_comparison"}
    assert all(town.members[6].full_name not in str(entry.after) for entry in entries)


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Tệp không có nội dung"),
        (b"PK\x03\x04 not a zip", "bị hỏng"),
        (b"<html><table></table></html>", "trang web"),
        ("Ghi chú,Đơn giá\nmột,2\n".encode(), "Không trang tính nào có cột họ tên"),
    ],
)
def test_a_bad_file_says_what_is_the_matter_at_its_field(
    sign_in: SignIn, town: Town, content: bytes, said: str
) -> None:
    for old, new, field in ((content, lines(town), "old"), (lines(town), content, "new")):
        answer = compare(sign_in("a.committee"), old, new)
        assert answer.status_code == 422 and said in answer.text and f'id="{field}-error"' in answer.text


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_without_an_old_list_the_form_asks_for_one(sign_in: SignIn, town: Town) -> None:
    answer = sign_in("a.committee").post("/cleaning/compare")
    assert answer.status_code == 422 and "Đồng chí chọn tệp danh sách." in answer.text


def test_the_overview_counts_what_waits(sign_in: SignIn, town: Town) -> None:
    committee, secretary = sign_in("a.committee").get("/cleaning"), sign_in("a.cell_secretary").get("/cleaning")
    assert "Chưa so 12" in committee.text and "So sánh hai danh sách" in committee.text
    assert "So sánh hai danh sách" not in secretary.text and "Còn 4 chưa gửi lại" in secretary.text
    assert sign_in("a.supervisor").get("/cleaning").location == "/cleaning/quality"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_command_line_writes_the_same(tmp_path: Path, session: Session, town: Town) -> None:
    old, new, out = tmp_path / "cu.csv", tmp_path / "moi.csv", tmp_path / "khac.xlsx"
    old.write_bytes(lines(town))
    new.write_bytes(lines(town, m6=None))
    done = CliRunner().invoke(compare_lists, [str(old), str(new), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert [row[1].value for row in openpyxl.load_workbook(out).worksheets[0].rows][1:] == [town.members[6].full_name]
    new.write_bytes(b"x")
    failed = CliRunner().invoke(compare_lists, [str(old), str(new), "--out", str(out)])
    assert failed.exit_code == 2 and "moi.csv" in failed.output
