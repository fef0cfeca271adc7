"""The list and its members' pages; undoing an import; what is deleted in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.cases.models import Case, PendingReason
from cardqueue.cases.services import complete_case, get_case, open_case
from cardqueue.core.errors import Refused
from cardqueue.core.jobs import run_job
from cardqueue.core.models import AuditEntry
from cardqueue.lib.clock import now_at
from cardqueue.lib.spreadsheet import read_workbook
from cardqueue.roster.models import ImportRow, ImportState, Member, MemberStatus, RosterImport
from cardqueue.roster.services import confirm_import, import_file, undo_import
from tests.factories.people import Town, make_town
from tests.factories.roster import submit
from tests.integration.test_roster_wizard import small_list

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def town(session: Session) -> Town:
    """One commune."""
    return make_town(session)


@pytest.fixture
def client(town: Town, sign_in: SignIn) -> FlaskClient:
    """The committee's browser."""
    return sign_in("a.committee")


def save(session: Session, town: Town, content: bytes) -> RosterImport:
    """Import a list without pages, as the demo does."""
    made = import_file(session, town.committee.id, "a.xlsx", content, at=now_at(), fictitious_ids=True)
    confirm_import(session, made, at=now_at(), decide_as_usual=True)
    session.commit()
    return made


def names(session: Session) -> list[str]:
    """Who is on the list."""
    found = session.scalars(sa.select(Member.full_name).where(Member.removed_at.is_(None)).order_by(Member.id))
    return list(found)


# The list


def test_a_name_is_found_without_accents_and_within_a_cell(client: FlaskClient, session: Session, town: Town) -> None:
    member = town.members[0]
    member.full_name, member.search_key = "Đỗ Thị Ngọc Hường", "do thi ngoc huong"
    session.commit()
    assert "Đỗ Thị Ngọc Hường" in client.get("/roster?q=do+huong").text
    assert "1 đồng chí" in client.get("/roster?q=HƯỜNG").text
    other = client.get(f"/roster?q=huong&cell={town.cells[1].id}")
    assert "Đỗ Thị Ngọc Hường" not in other.text and "Không có đồng chí nào phù hợp" in other.text
    assert client.get("/roster?q=%25&status=nonsense&page=99").status_code == 200


def test_the_list_narrows_by_standing(client: FlaskClient, session: Session, town: Town) -> None:
    town.members[3].status = MemberStatus.PROBATIONARY
    session.commit()
    page = client.get("/roster?status=probationary")
    assert "1 đồng chí" in page.text and town.members[3].full_name in page.text


def test_members_are_listed_by_how_they_stand_in_the_campaign(
    client: FlaskClient, session: Session, town: Town
) -> None:
    done, waiting = town.members[:2]
    complete_case(session, get_case(session, town.campaign.id, done.id), at=now_at())
    open_case(session, get_case(session, town.campaign.id, waiting.id), PendingReason.BUSY, at=now_at())
    session.commit()
    page = client.get("/members?state=done")
    assert done.full_name in page.text and waiting.full_name not in page.text
    assert "Bận công tác" in client.get(f"/members?state=pending&cell={town.cells[0].id}").text
    assert f"{len(town.members)} đồng chí" in client.get("/members").text


def test_a_secretary_sees_and_exports_the_own_cell_only(sign_in: SignIn, session: Session, town: Town) -> None:
    client, mine, other = sign_in("a.cell_secretary"), town.members[0], town.members[-1]
    for path in ("/roster", f"/roster?cell={other.cell_id}", "/members", f"/members?cell={other.cell_id}"):
        page = client.get(path)
        assert mine.full_name in page.text and other.full_name not in page.text, path
    [sheet] = read_workbook(client.get(f"/roster/export.xlsx?cell={other.cell_id}").data).sheets
    assert {row[6] for row in sheet.rows[1:]} == {town.cells[0].name}
    assert client.get(f"/roster/members/{other.id}").status_code == 404
    assert client.get("/roster/imports/new").status_code == 403


def test_the_exported_list_has_masked_numbers_and_leaves_a_trace(
    client: FlaskClient, session: Session, town: Town
) -> None:
    [sheet] = read_workbook(client.get("/roster/export.xlsx").data).sheets
    assert len(sheet.rows) == len(town.members) + 1
    text = repr(sheet.rows)
    assert not any(member.citizen_id in text for member in town.members if member.citizen_id)
    [entry] = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "roster.export_members"))
    assert entry.after == {"rows": len(town.members), "cell_id": None}


# One member


def test_a_number_is_masked_until_somebody_asks_and_then_it_is_noted(
    client: FlaskClient, session: Session, town: Town
) -> None:
    member = town.members[0]
    number = member.citizen_id or ""
    assert number not in client.get(f"/roster/members/{member.id}").text
    assert number in client.post(f"/roster/members/{member.id}/number").text
    [entry] = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "roster.reveal_number"))
    assert (entry.actor, entry.subject) == ("a.committee", f"member:{member.id}")
    assert number not in client.get(f"/roster/members/{member.id}/edit").headers.get("Location", "")


def test_a_member_is_added_by_hand_with_a_case(client: FlaskClient, session: Session, town: Town) -> None:
    wrong = submit(client, "/roster/members/new", full_name="Lê Văn Thử", birth_on="31/02/1960", citizen_id="123")
    assert wrong.status_code == 422
    assert 'id="birth_on-error"' in wrong.text and 'id="citizen_id-error"' in wrong.text and "31/02/1960" in wrong.text
    taken = submit(client, "/roster/members/new", full_name="Lê Văn Thử", citizen_id=town.members[0].citizen_id or "")
    assert taken.status_code == 422 and "đang mang số định danh này" in taken.text
    right = {
        "full_name": "Lê  Văn Thử",
        "sex": "male",
        "birth_on": "02/1960",
        "citizen_id": "003 060 000 111",
        "phone": "0570012345",
        "cell": str(town.cells[1].id),
        "needs_help": "y",
    }
    answer = submit(client, "/roster/members/new", **right)
    assert answer.status_code == 302
    member = session.scalars(sa.select(Member).where(Member.full_name == "Lê Văn Thử")).one()
    assert (member.birth_on, member.birth_year, member.citizen_id) == ("1960-02", 1960, "003060000111")
    assert member.needs_help and member.cell_id == town.cells[1].id and member.search_key == "le van thu"
    assert session.scalar(sa.select(Case.state).where(Case.member_id == member.id)) == "not_yet"


def test_a_member_is_changed_from_what_to_what(client: FlaskClient, session: Session, town: Town) -> None:
    member_id, old_cell, new_cell = town.members[0].id, town.cells[0].id, town.cells[2].id
    path = f"/roster/members/{member_id}/edit"
    assert submit(client, path).status_code == 302
    assert submit(client, path, status="probationary", cell=str(new_cell)).status_code == 302
    # The first time nothing was changed, and nothing noted.
    [entry] = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "roster.change_member"))
    assert entry.before == {"status": "official", "cell_id": old_cell}
    assert entry.after == {"status": "probationary", "cell_id": new_cell}
    assert session.scalar(sa.select(Case.is_counted).where(Case.member_id == member_id)) is False


def test_a_changed_number_is_noted_even_where_its_mask_looks_the_same(
    client: FlaskClient, session: Session, town: Town
) -> None:
    member = town.members[0]
    number = member.citizen_id or ""
    other = number[:9] + ("1" if number[9] != "1" else "2") + number[10:]
    assert submit(client, f"/roster/members/{member.id}/edit", citizen_id=other).status_code == 302
    [entry] = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "roster.change_member"))
    assert entry.after is not None and list(entry.after) == ["citizen_id"] and other not in repr(entry.after)


def test_a_secretary_changes_telephone_and_help_and_nothing_else(sign_in: SignIn, session: Session, town: Town) -> None:
    client, member = sign_in("a.cell_secretary"), town.members[0]
    name, path = member.full_name, f"/roster/members/{member.id}/edit"
    assert submit(client, path, phone="12").status_code == 422
    answer = submit(client, path, phone="0570 012 345", needs_help="y", full_name="Tên Khác", status="left")
    assert answer.status_code == 302
    session.refresh(member)
    assert (member.phone, member.needs_help) == ("+84570012345", True)
    assert (member.full_name, member.status) == (name, MemberStatus.OFFICIAL)
    assert client.get(f"/roster/members/{member.id}/remove").status_code == 403
    assert client.post(f"/roster/members/{member.id}/number").status_code == 403


def test_a_removed_member_leaves_the_list_and_the_denominator(
    client: FlaskClient, session: Session, town: Town
) -> None:
    member = town.members[0]
    path = f"/roster/members/{member.id}"
    assert "ra khỏi danh sách?" in client.get(f"{path}/remove").text
    assert client.post(f"{path}/remove").status_code == 302
    assert client.get(path).status_code == 404
    assert f"Đã đưa đồng chí {member.full_name} ra khỏi danh sách" in client.get("/roster").text
    assert member.full_name not in client.get("/roster").text
    assert session.scalar(sa.select(Case.is_counted).where(Case.member_id == member.id)) is False


def test_another_commune_s_member_does_not_exist(client: FlaskClient, session: Session) -> None:
    other = make_town(session, "b")
    path = f"/roster/members/{other.members[0].id}"
    for end in ("", "/edit", "/remove"):
        assert client.get(path + end).status_code == 404
    for end in ("/edit", "/remove", "/number"):
        assert client.post(path + end).status_code == 404
    theirs = {"full_name": "Lê Văn Thử", "cell": str(other.cells[0].id)}
    assert submit(client, "/roster/members/new", **theirs).status_code == 422
    assert "0 đồng chí" in client.get(f"/roster?cell={other.cells[0].id}").text


# Undoing


def test_an_undone_import_leaves_the_list_as_it_was(client: FlaskClient, session: Session, town: Town) -> None:
    before, gone = names(session), [member.id for member in town.members[1:4]]
    content = small_list(("Lê Văn Thử", "003060000111"), cell=town.cells[0].name)
    made = import_file(session, town.committee.id, "a.xlsx", content, at=now_at(), fictitious_ids=True)
    confirm_import(session, made, at=now_at(), remove_ids=gone, decide_as_usual=True)
    session.commit()
    path = f"/roster/imports/{made.id}/undo"
    assert "Lê Văn Thử" in names(session) and len(names(session)) == len(before) - 2
    session.rollback()
    assert client.get(path).status_code == 200
    assert client.post(path).status_code == 302
    assert names(session) == before
    assert client.post(path).status_code == 422


def test_an_undo_puts_changed_values_back_unless_somebody_changed_them_again(session: Session, town: Town) -> None:
    save(session, town, small_list(("Lê Văn Thử", "003060000111"), ("Hồ Văn Thử", "003060000112")))
    newer = small_list(("Lê Văn Thứ", "003060000111"), ("Hồ Văn Thứ", "003060000112"), phone="0570012345")
    made = save(session, town, newer)
    first, second = session.scalars(sa.select(Member).where(Member.phone.is_not(None)).order_by(Member.id))
    second.full_name = "Hồ Văn Thử Hai"
    session.commit()
    undone = undo_import(session, made, at=now_at())
    session.commit()
    assert (undone.removed_count, undone.restored_count) == (0, 2)
    assert (first.full_name, first.phone, first.search_key) == ("Lê Văn Thử", None, "le van thu")
    assert (second.full_name, second.phone) == ("Hồ Văn Thử Hai", None)


def test_whoever_something_happened_to_stays_after_an_undo(client: FlaskClient, session: Session, town: Town) -> None:
    people = [("Lê Văn Xong", "003060000111"), ("Hồ Văn Sửa", "003060000112"), ("Võ Văn Thôi", "003060000113")]
    made = save(session, town, small_list(*people))
    done = session.scalars(sa.select(Member).where(Member.full_name == "Lê Văn Xong")).one()
    changed = session.scalars(sa.select(Member).where(Member.full_name == "Hồ Văn Sửa")).one()
    complete_case(session, get_case(session, town.campaign.id, done.id), at=now_at())
    session.commit()
    submit(client, f"/roster/members/{changed.id}/edit", phone="0570012345")
    client.post(f"/roster/imports/{made.id}/undo")
    kept = names(session)
    assert "Lê Văn Xong" in kept and "Hồ Văn Sửa" in kept and "Võ Văn Thôi" not in kept
    assert "Giữ lại 2 đồng chí" in client.get("/roster").text


def test_a_member_taken_back_by_an_undo_returns_with_the_history_when_listed_again(
    session: Session, town: Town
) -> None:
    content = small_list(("Lê Văn Thử", "003060000111"))
    made = save(session, town, content)
    undo_import(session, made, at=now_at())
    session.commit()
    assert "Lê Văn Thử" not in names(session)
    again = save(session, town, content)
    assert again.summary is not None and again.summary["changed"] == 1 and again.summary["new"] == 0
    assert names(session).count("Lê Văn Thử") == 1


def test_only_the_last_import_can_be_undone_and_only_for_a_day(session: Session, town: Town) -> None:
    first = save(session, town, small_list(("Lê Văn Thử", "003060000111")))
    second = save(session, town, small_list(("Hồ Văn Thử", "003060000112"), cell="Chi bộ thôn 2"))
    with pytest.raises(Refused, match="UNDO_TOO_LATE"):
        undo_import(session, first, at=now_at())
    with pytest.raises(Refused, match="UNDO_TOO_LATE"):
        undo_import(session, second, at=now_at() + timedelta(hours=25))


# What is deleted in time


def test_files_and_rows_of_lists_are_deleted_after_thirty_days(app: Flask, session: Session, town: Town) -> None:
    saved = save(session, town, small_list(("Lê Văn Thử", "003060000111")))
    open_one = import_file(
        session, town.committee.id, "b.xlsx", small_list(("Hồ Văn Thử", "003060000112")), at=now_at()
    )
    session.commit()
    assert run_job(app, "roster.purge_old_imports", now_at() + timedelta(days=29)) == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(ImportRow)) == 2
    session.rollback()
    assert run_job(app, "roster.purge_old_imports", now_at() + timedelta(days=31)) == 2
    assert run_job(app, "roster.purge_old_imports", now_at() + timedelta(days=32)) == 0
    session.expire_all()
    assert session.scalars(sa.select(ImportRow)).all() == []
    assert (saved.content, saved.undo, saved.state) == (None, None, ImportState.SAVED)
    assert (open_one.content, open_one.state) == (None, ImportState.DISCARDED)
    assert saved.summary is not None and saved.summary["new"] == 1
    assert "Lê Văn Thử" in names(session)
