"""Slips from appointments: who gets one, what changed since the last print, and the PDFs read back."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pypdfium2
import pytest
import sqlalchemy as sa
import zxingcpp
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from cardqueue.cases.services import complete_case, get_case
from cardqueue.core.models import AuditEntry
from cardqueue.lib.clock import format_time, now_at
from cardqueue.scheduling.models import Appointment, AppointmentState
from cardqueue.slips.models import PrintedSlip
from cardqueue.slips.queries import check_campaign_texts, count_unprinted, group_slips, list_slips
from cardqueue.slips.rules import REVISION, SlipState
from tests.factories.appointments import end, invite, move
from tests.factories.people import CAMPAIGN_DAY, Town, make_town

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def town(session: Session) -> Town:
    """A commune whose first two cells are invited to one morning."""
    town = make_town(session)
    invite(session, town, town.members[:4])
    invite(session, town, town.members[4:8], first_number=5)
    session.commit()
    return town


def page_texts(answer: TestResponse) -> list[str]:
    """The text of every page of a PDF answer, on one line each."""
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/pdf"
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.data)).pages]


def qr_codes(pdf: bytes) -> list[list[str]]:
    """The QR codes of every page as a scanner sees them."""
    with pypdfium2.PdfDocument(pdf) as document:
        pictures = [page.render(scale=3).to_pil() for page in document]
    return [sorted(found.text for found in zxingcpp.read_barcodes(picture)) for picture in pictures]


def states(session: Session, town: Town) -> list[str]:
    """The state of every slip of the town, in order."""
    session.rollback()
    return [str(slip.state) for slip in list_slips(session, town.campaign, town.committee.id, at=now_at())]


def active(session: Session, town: Town, index: int) -> Appointment:
    """The appointment in force of a member."""
    query = sa.select(Appointment).where(
        Appointment.member_id == town.members[index].id, Appointment.state == AppointmentState.ACTIVE
    )
    return session.scalars(query).one()


def last_audit(session: Session) -> AuditEntry:
    """The newest row of the trail."""
    return session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()


def test_every_slip_says_name_and_time_and_its_qr_is_the_members(session: Session, town: Town, sign_in: SignIn) -> None:
    answer = sign_in("a.committee").post("/slips/print", data={"cell": town.cells[0].id})
    texts = page_texts(answer)
    assert len(texts) == 4
    codes = qr_codes(answer.data)
    for index, text in enumerate(texts):
        member, appointment = town.members[index], active(session, town, index)
        assert member.full_name in text
        assert format_time(appointment.arrive_at) in text
        assert REVISION not in text
        assert codes[index] == [appointment.code]
    assert answer.headers["Content-Disposition"] == 'inline; filename="giay-hen-chi-bo-thon-1.pdf"'


def test_no_slip_shows_a_whole_number(session: Session, town: Town, sign_in: SignIn) -> None:
    pages = page_texts(sign_in("a.committee").post("/slips/print"))
    assert len(pages) == 8
    for member in town.members[:8]:
        assert member.citizen_id and not any(member.citizen_id in text for text in pages)
    assert "Căn cước: 0031******01" in pages[0]


def test_four_slips_lie_on_one_sheet(session: Session, town: Town, sign_in: SignIn) -> None:
    answer = sign_in("a.committee").post("/slips/print", data={"layout": "A4_FOUR"})
    assert len(page_texts(answer)) == 2
    assert sorted(code for sheet in qr_codes(answer.data) for code in sheet) == sorted(
        session.scalars(sa.select(Appointment.code))
    )


def test_printing_again_prints_only_what_changed(session: Session, town: Town, sign_in: SignIn) -> None:
    committee = sign_in("a.committee")
    assert len(page_texts(committee.post("/slips/print"))) == 8
    assert states(session, town) == ["printed"] * 8
    again = committee.post("/slips/print", follow_redirects=True)
    assert "Không có giấy mới" in again.text

    old = active(session, town, 0)
    new = move(session, town, old, town.windows[1].start_at, number=50, window=town.windows[1])
    session.commit()
    assert states(session, town).count("changed") == 1
    answer = committee.post("/slips/print")
    (text,) = page_texts(answer)
    assert town.members[0].full_name in text and "13 giờ 00" in text and REVISION in text
    assert qr_codes(answer.data) == [[new.code]] != [[old.code]]
    assert states(session, town) == ["printed"] * 8
    assert len(page_texts(committee.post("/slips/print", data={"which": "all"}))) == 8


def test_a_corrected_name_makes_the_slip_due_again_and_old_codes_stay(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    committee = sign_in("a.committee")
    code = active(session, town, 2).code
    committee.post("/slips/print")
    session.rollback()
    town.members[2].full_name = "H’Bia Êban"
    session.commit()
    answer = committee.post("/slips/print")
    (text,) = page_texts(answer)
    assert "H’Bia Êban" in text and REVISION in text
    assert qr_codes(answer.data) == [[code]]
    session.rollback()
    assert {slip.copies for slip in session.scalars(sa.select(PrintedSlip))} == {1}


def test_a_print_leaves_who_and_how_many_and_no_names_in_the_trail(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    sign_in("a.committee").post("/slips/print", data={"day": CAMPAIGN_DAY.isoformat()})
    entry = last_audit(session)
    assert (entry.action, entry.actor, entry.committee_id) == ("slips.print", "a.committee", town.committee.id)
    assert entry.after == {
        "slips": 8,
        "layout": "a5",
        "new": 8,
        "cells": [town.cells[0].id, town.cells[1].id],
        "days": [CAMPAIGN_DAY.isoformat()],
    }
    assert {slip.printed_by for slip in session.scalars(sa.select(PrintedSlip))} == {"a.committee"}


def test_one_members_slip_prints_from_a_link_however_often(session: Session, town: Town, sign_in: SignIn) -> None:
    committee = sign_in("a.committee")
    for copies in (1, 2):
        (text,) = page_texts(committee.get(f"/slips/members/{town.members[1].id}"))
        assert town.members[1].full_name in text and REVISION not in text
        session.rollback()
        assert [slip.copies for slip in session.scalars(sa.select(PrintedSlip))] == [copies]
    assert last_audit(session).subject == f"member:{town.members[1].id}"


def test_who_is_done_left_or_cancelled_gets_no_slip(session: Session, town: Town, sign_in: SignIn) -> None:
    complete_case(session, get_case(session, town.campaign.id, town.members[0].id), at=now_at())
    get_case(session, town.campaign.id, town.members[1].id).is_counted = False
    end(session, active(session, town, 2), AppointmentState.CANCELLED)
    past = active(session, town, 3)
    past.day_on -= timedelta(days=10_000)
    session.commit()
    assert len(page_texts(sign_in("a.committee").post("/slips/print"))) == 4
    for member in town.members[:4]:
        answer = sign_in("a.committee").get(f"/slips/members/{member.id}")
        assert answer.status_code == 404 and "Chưa có giấy hẹn để in" in answer.text


def test_the_page_counts_what_has_to_be_printed(session: Session, town: Town, sign_in: SignIn) -> None:
    committee = sign_in("a.committee")
    page = committee.get("/slips").text
    assert "Cần in 8 giấy hẹn" in page and "Chi bộ thôn 2" in page
    assert count_unprinted(session, town.campaign.id, town.committee.id, from_on=CAMPAIGN_DAY) == 8
    committee.post("/slips/print", data={"cell": town.cells[0].id})
    session.rollback()
    groups = group_slips(list_slips(session, town.campaign, town.committee.id, at=now_at()))
    assert [(group.cell.name, dict(group.counts)) for group in groups] == [
        ("Chi bộ thôn 1", {SlipState.PRINTED: 4}),
        ("Chi bộ thôn 2", {SlipState.NEW: 4}),
    ]
    committee.post("/slips/print")
    assert "Đã in đủ giấy hẹn" in committee.get("/slips").text


def test_without_appointments_the_page_says_so(session: Session, sign_in: SignIn) -> None:
    make_town(session)
    committee = sign_in("a.committee")
    assert "Chưa có giấy hẹn nào" in committee.get("/slips").text
    assert "không có giấy để in" in committee.post("/slips/print", follow_redirects=True).text
    assert committee.post("/slips/cell-lists").status_code == 422
    assert "chưa có ai được hẹn" in sign_in("a.officer").get("/slips").text


def test_a_secretary_prints_the_own_cell_only(session: Session, town: Town, sign_in: SignIn) -> None:
    secretary = sign_in("a.cell_secretary")
    assert "Chi bộ thôn 2" not in secretary.get("/slips").text
    assert len(page_texts(secretary.post("/slips/print"))) == 4
    assert secretary.post("/slips/print", data={"cell": town.cells[1].id}).status_code == 404
    assert secretary.post("/slips/cell-lists", data={"cell": town.cells[1].id}).status_code == 404
    assert secretary.get(f"/slips/members/{town.members[4].id}").status_code == 404
    assert secretary.get(f"/slips/members/{town.members[0].id}").status_code == 200


def test_another_communes_cells_and_members_do_not_exist(session: Session, town: Town, sign_in: SignIn) -> None:
    other = make_town(session, "b")
    invite(session, other, other.members[:4])
    session.commit()
    committee = sign_in("a.committee")
    for path in ("/slips/print", "/slips/cell-lists"):
        assert committee.post(path, data={"cell": other.cells[0].id}).status_code == 404
    assert committee.get(f"/slips/members/{other.members[0].id}").status_code == 404
    assert len(page_texts(committee.post("/slips/print"))) == 8
    sheet = " ".join(page_texts(sign_in("b.officer").post(f"/slips/door-list/{CAMPAIGN_DAY}")))
    assert other.members[0].full_name in sheet and town.members[0].full_name not in sheet


def test_the_secretarys_list_has_everybody_with_time_and_number(session: Session, town: Town, sign_in: SignIn) -> None:
    (sheet,) = page_texts(sign_in("a.cell_secretary").post("/slips/cell-lists"))
    for index in range(4):
        assert town.members[index].full_name in sheet
        assert format_time(active(session, town, index).arrive_at) in sheet
    assert "Ký nhận" in sheet and "Chi bộ: Thôn 1" in sheet
    entry = last_audit(session)
    assert (entry.action, entry.after) == ("slips.print_cell_lists", {"lists": 1, "members": 4})
    assert len(page_texts(sign_in("a.committee").post("/slips/cell-lists"))) == 2


def test_the_door_list_has_everybody_of_the_day_at_the_own_station(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    chief = sign_in("a.station_chief")
    assert "09/08/2030" in chief.get("/slips").text
    sheet = " ".join(page_texts(chief.post(f"/slips/door-list/{CAMPAIGN_DAY}")))
    assert all(member.full_name in sheet for member in town.members[:8])
    entry = last_audit(session)
    assert (entry.action, entry.station_id) == ("slips.print_door_list", town.station.id)
    assert entry.after == {"day": CAMPAIGN_DAY.isoformat(), "members": 8}
    assert chief.post("/slips/door-list/2030-08-10").status_code == 404
    assert chief.post("/slips/door-list/tomorrow").status_code == 404


def test_a_text_that_does_not_fit_is_named_with_its_limit_and_nothing_counts_as_printed(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    assert check_campaign_texts(session, town.campaign, town.committee, at=now_at()) == []
    town.campaign.bring_text = "Thẻ căn cước và giấy hẹn này. " * 40
    session.commit()
    problems = check_campaign_texts(session, town.campaign, town.committee, at=now_at())
    assert [(layout.name, error.values["text"]) for layout, error in problems] == [
        ("A5", "bring"),
        ("A4_FOUR", "bring"),
    ]
    committee = sign_in("a.committee")
    assert "Nội dung giấy hẹn quá dài" in committee.get("/slips").text
    answer = committee.post("/slips/print")
    assert answer.status_code == 422 and "mục “Mang theo” quá dài" in answer.text
    session.rollback()
    assert session.scalars(sa.select(PrintedSlip)).all() == []


def test_a_made_up_day_or_layout_is_refused_at_its_field(session: Session, town: Town, sign_in: SignIn) -> None:
    committee = sign_in("a.committee")
    for data in ({"day": "9/8"}, {"layout": "A3"}):
        answer = committee.post("/slips/print", data=data)
        assert answer.status_code == 422 and "Đồng chí chọn một" in answer.text


@pytest.mark.parametrize("username", ["a.admin", "a.supervisor", "a.officer"])
def test_others_print_no_slips(session: Session, town: Town, sign_in: SignIn, username: str) -> None:
    assert sign_in(username).post("/slips/print").status_code == 403
