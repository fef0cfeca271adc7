"""Check sheets that come back, by code or by name: corrections become cases and are settled."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.accounts.models import User
from cardqueue.cases.models import CaseState, PendingReason
from cardqueue.cases.services import complete_case, get_case, open_case
from cardqueue.cleaning.models import CheckSheet, SheetState
from cardqueue.cleaning.queries.sheets import list_waiting
from cardqueue.cleaning.rules.sheets import Said, SheetField
from cardqueue.cleaning.services.returns import close_settled, seen_mark, settle, take_back
from cardqueue.core.audit import act_as
from cardqueue.core.database import db, writing
from cardqueue.core.errors import Conflict
from cardqueue.lib.clock import now_at, today_on
from cardqueue.lib.slip_code import format_code, is_valid, new_code
from cardqueue.organisation.models import Campaign
from cardqueue.roster.models import Member
from cardqueue.roster.services import remove_member
from cardqueue.verification.models import CheckStatus
from tests.factories.check_sheets import (
    case_of,
    hidden,
    last_audit,
    make_full_town,
    qr_codes,
    returned,
    sheet_of,
)
from tests.factories.cleaning import make_check
from tests.factories.people import Town

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def town(session: Session) -> Town:
    """A commune whose members have all nine facts."""
    return make_full_town(session, "a")


def test_a_scanned_code_leads_to_the_member_and_all_right_is_one_press(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    committee, member = sign_in("a.committee"), town.members[0]
    (code,) = qr_codes(committee.post(f"/cleaning/sheets/members/{member.id}/print", data={"numbers": "whole"}).data)
    for typed in (code, format_code(code), f"{code}{code}"):
        found = committee.post("/cleaning/returns", data={"code": typed})
        assert (found.status_code, found.location) == (303, f"/cleaning/returns/{member.id}")
    page = committee.get(found.location)
    assert member.full_name in page.text and "Danh sách ghi: 14/02" in page.text
    done = committee.post(
        found.location, data={"all_right": "1", "answer-seen": hidden(page, "answer-seen")}, follow_redirects=True
    )
    assert f"đồng chí {member.full_name} – đúng hết" in done.text and "Đã nhập 1 phiếu" in done.text
    sheet = sheet_of(session, member)
    assert (sheet.state, sheet.said, sheet.returned_by) == (SheetState.CONFIRMED, None, "a.committee")
    assert case_of(session, member).state == CaseState.NOT_YET


def test_a_member_without_a_sheet_is_found_by_name_and_answers_on_the_screen(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    secretary, member = sign_in("a.cell_secretary"), town.members[0]
    search = secretary.get("/cleaning/returns?q=nguyen+van+mau")
    assert f"/cleaning/returns/{member.id}" in search.text
    assert f"/cleaning/returns/{town.members[4].id}" not in search.text
    secretary.post(f"/cleaning/returns/{member.id}", data={"all_right": "1", "answer-seen": ""})
    sheet = sheet_of(session, member)
    assert (sheet.state, sheet.printed_at) == (SheetState.CONFIRMED, None)
    assert is_valid(sheet.code)


def test_corrections_open_a_case_that_names_the_fields_but_no_number(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    committee, member = sign_in("a.committee"), town.members[0]
    answer = committee.post(
        f"/cleaning/returns/{member.id}",
        data={"said-full_name": "Nguyễn Thị Ổi", "said-citizen_id": "003 150 000 777", "said-seen": ""},
        follow_redirects=True,
    )
    assert "Ghi khác danh sách: họ và tên, số định danh cá nhân" in answer.text
    sheet, case = sheet_of(session, member), case_of(session, member)
    assert sheet.state == SheetState.CORRECTED and sheet.opened_case
    assert sheet.open_fields == ["full_name", "citizen_id"]
    assert Said.from_json(sheet.said).values[SheetField.CITIZEN_ID] == "003150000777"
    owner = session.scalars(sa.select(User).where(User.username == "a.committee")).one()
    assert (case.state, case.reason, case.owner_id) == (CaseState.PENDING, PendingReason.WRONG_INFO, owner.id)
    assert case.due_on == today_on() + timedelta(days=2)
    assert case.note and "họ và tên Nguyễn Thị Ổi" in case.note and "số định danh" in case.note
    assert not re.search(r"\d{4}", case.note)
    assert member.full_name != "Nguyễn Thị Ổi"
    entry = last_audit(session, "cleaning.return_sheet")
    assert entry.after == {"state": "corrected", "fields": ["full_name", "citizen_id"]}


def test_what_the_member_said_is_not_readable_in_the_database(session: Session, town: Town) -> None:
    act_as(session, "a.committee")
    returned(session, town, 0, full_name="Nguyễn Thị Ổi", citizen_id="003150000777")
    raw = bytes(session.execute(sa.text("SELECT said FROM check_sheet")).scalar_one())
    assert b"003150000777" not in raw and "Ổi".encode() not in raw


def test_a_secretarys_entry_is_owned_by_the_committee(session: Session, town: Town, sign_in: SignIn) -> None:
    member = town.members[0]
    sign_in("a.cell_secretary").post(
        f"/cleaning/returns/{member.id}", data={"said-sex": "male", "said-birth_on": "1950"}
    )
    case = case_of(session, member)
    owner = session.get_one(User, case.owner_id)
    assert owner.username == "a.committee"


def test_a_number_copied_correctly_counts_as_all_right(session: Session, town: Town, sign_in: SignIn) -> None:
    member = town.members[0]
    sign_in("a.cell_secretary").post(f"/cleaning/returns/{member.id}", data={"said-citizen_id": member.citizen_id})
    assert sheet_of(session, member).state == SheetState.CONFIRMED
    assert case_of(session, member).state == CaseState.NOT_YET


def test_a_telephone_number_is_changed_at_once_and_nobody_loses_an_appointment(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    member = town.members[0]
    answer = sign_in("a.cell_secretary").post(
        f"/cleaning/returns/{member.id}", data={"said-phone": "0987 654 321"}, follow_redirects=True
    )
    assert "Số điện thoại đã sửa trong danh sách" in answer.text
    session.rollback()
    session.refresh(member)
    assert member.phone == "+84987654321"
    assert case_of(session, member).state == CaseState.NOT_YET
    sheet = sheet_of(session, member)
    assert (sheet.state, sheet.open_fields) == (SheetState.CORRECTED, [])
    assert "987654" not in str(last_audit(session, "roster.change_member").after)


def test_nothing_typed_and_unreadable_values_are_said_at_their_fields(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    committee, member = sign_in("a.committee"), town.members[0]
    empty = committee.post(f"/cleaning/returns/{member.id}", data={})
    assert empty.status_code == 422 and "Đồng chí chưa nhập mục nào" in empty.text
    wrong = committee.post(
        f"/cleaning/returns/{member.id}",
        data={"said-birth_on": "tháng Giêng", "said-citizen_id": "12", "said-phone": "1", "said-card_no": "5"},
    )
    assert wrong.status_code == 422
    for words in ("Không đọc được ngày này", "Số định danh có đủ 12", "Số thẻ có 8 hoặc 12", "Số điện thoại chưa đúng"):
        assert words in wrong.text
    assert session.scalar(sa.select(sa.func.count(CheckSheet.id))) == 0


def test_another_pending_reason_is_kept_and_the_note_added(session: Session, town: Town) -> None:
    act_as(session, "a.committee")
    member, at = town.members[0], now_at()
    due = today_on() + timedelta(days=9)
    case = get_case(session, town.campaign.id, member.id)
    open_case(session, case, PendingReason.AWAY, at=at, due_on=due, note="Đi thăm con")
    session.commit()
    sheet = returned(session, town, 0, birth_on="1951-03-01")
    case = case_of(session, member)
    assert (case.reason, case.due_on) == (PendingReason.AWAY, due)
    assert case.note == "Đi thăm con\nPhiếu rà soát: đồng chí ghi khác danh sách – ngày sinh 01/03/1951"
    assert not sheet.opened_case


def test_a_member_who_is_done_gets_no_case_but_the_correction_waits(session: Session, town: Town) -> None:
    act_as(session, "a.committee")
    member = town.members[0]
    complete_case(session, get_case(session, town.campaign.id, member.id), at=now_at())
    session.commit()
    done = take_back(session, town.campaign, member, Said({SheetField.JOINED_ON: "1984"}), seen="", at=now_at())
    session.commit()
    assert done.is_done_already and done.due_on is None
    assert case_of(session, member).state == CaseState.DONE
    waiting = list_waiting(session, town.campaign.id, committee_ids={town.committee.id})
    assert [(one.member.id, one.fields) for one in waiting] == [(member.id, [SheetField.JOINED_ON])]


def test_a_list_changed_after_the_print_is_told_to_whoever_enters_the_sheet(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    committee, member = sign_in("a.committee"), town.members[0]
    committee.post(f"/cleaning/sheets/members/{member.id}/print")
    address = f"/cleaning/returns/{member.id}"
    assert "Danh sách đã sửa sau khi in phiếu" not in committee.get(address).text
    session.get_one(Member, member.id).updated_at = now_at()
    session.commit()
    assert "Danh sách đã sửa sau khi in phiếu" in committee.get(address).text


# Twice, wrong, somebody else's


def test_two_people_who_enter_the_same_sheet_do_not_overwrite_each_other(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    committee, secretary, member = sign_in("a.committee"), sign_in("a.cell_secretary"), town.members[0]
    address = f"/cleaning/returns/{member.id}"
    first, second = committee.get(address), secretary.get(address)
    secretary.post(address, data={"all_right": "1", "answer-seen": hidden(second, "answer-seen")})
    late = committee.post(address, data={"said-sex": "male", "said-seen": hidden(first, "said-seen")})
    assert late.status_code == 409
    assert "Phiếu này vừa có người nhập" in late.text and "a.cell_secretary" in late.text
    assert sheet_of(session, member).state == SheetState.CONFIRMED


def test_of_those_who_enter_a_sheet_at_the_same_moment_one_is_heard(app: Flask, session: Session, town: Town) -> None:
    campaign_id, member_id = town.campaign.id, town.members[0].id
    ready = threading.Barrier(4)

    def enter(number: int) -> bool:
        with app.app_context(), Session(db.engine, autoflush=False, expire_on_commit=False) as own:
            ready.wait(timeout=30)
            try:
                with writing(own):
                    act_as(own, f"clerk{number}")
                    campaign, member = own.get_one(Campaign, campaign_id), own.get_one(Member, member_id)
                    take_back(own, campaign, member, Said(), seen="", at=now_at())
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        heard = list(pool.map(enter, range(4)))
    assert sorted(heard) == [False, False, False, True]
    assert sheet_of(session, town.members[0]).returned_by == f"clerk{heard.index(True)}"


def test_a_sheet_that_comes_back_again_is_told_and_replaced_only_on_purpose(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    committee, member = sign_in("a.committee"), town.members[0]
    address = f"/cleaning/returns/{member.id}"
    committee.post(address, data={"said-birth_on": "1951-03-01"})
    assert case_of(session, member).state == CaseState.PENDING
    page = committee.get(address)
    assert "Phiếu này đã nhập" in page.text and "ghi khác danh sách ở ngày sinh" in page.text
    committee.post(address, data={"all_right": "1", "answer-seen": hidden(page, "answer-seen")})
    assert sheet_of(session, member).state == SheetState.CONFIRMED
    assert case_of(session, member).state == CaseState.NOT_YET


def test_a_wrong_code_another_communes_code_and_a_removed_member_have_words_of_their_own(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    other = make_full_town(session, "b")
    committee = sign_in("a.committee")
    committee.post("/cleaning/sheets/print")
    sign_in("b.committee").post("/cleaning/sheets/print")
    wrong = committee.post("/cleaning/returns", data={"code": "1234 5678 9012 3456"})
    assert wrong.status_code == 422 and "thiếu hoặc sai chữ số" in wrong.text
    assert committee.post("/cleaning/returns", data={"code": ""}).status_code == 422
    foreign = committee.post("/cleaning/returns", data={"code": sheet_of(session, other.members[0]).code})
    unknown = committee.post("/cleaning/returns", data={"code": new_code(random.Random(1))})
    for answer in (foreign, unknown):
        assert answer.status_code == 404 and "không phải của phiếu rà soát trong đơn vị" in answer.text
    elsewhere = sheet_of(session, town.members[4]).code
    assert sign_in("a.cell_secretary").post("/cleaning/returns", data={"code": elsewhere}).status_code == 404
    code = sheet_of(session, town.members[0]).code
    act_as(session, "a.committee")
    remove_member(session, session.get_one(Member, town.members[0].id), at=now_at())
    session.commit()
    gone = committee.post("/cleaning/returns", data={"code": code})
    assert gone.status_code == 422 and town.members[0].full_name in gone.text
    assert "đã được đưa ra khỏi danh sách" in gone.text


def test_nothing_is_printed_or_entered_in_a_closed_campaign(session: Session, town: Town, sign_in: SignIn) -> None:
    town.campaign.closed_at = now_at()
    session.commit()
    committee, member = sign_in("a.committee"), town.members[0]
    assert "Đợt đã kết thúc" in committee.get("/cleaning/sheets").text
    assert committee.post("/cleaning/sheets/print").status_code == 422
    assert committee.post(f"/cleaning/returns/{member.id}", data={"all_right": "1"}).status_code == 422


# Settling


def test_one_press_takes_the_partys_own_facts_over_and_settles_the_case(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    act_as(session, "a.committee")
    member, new_cell = town.members[0], town.cells[1]
    sheet = returned(session, town, 0, joined_on="1984-02-03", cell_id=str(new_cell.id), card_no="03124568")
    committee = sign_in("a.committee")
    page = committee.get(f"/cleaning/sheets/members/{member.id}")
    assert "Sửa danh sách theo phiếu: ngày vào Đảng, số thẻ đảng viên, chi bộ đang sinh hoạt" in page.text
    done = committee.post(
        f"/cleaning/sheets/members/{member.id}/settle",
        data={"apply": ["joined_on", "cell_id", "card_no"], "seen": hidden(page, "seen")},
        follow_redirects=True,
    )
    assert "Đã sửa danh sách" in done.text and "Chi bộ thôn 2" in done.text
    session.rollback()
    session.refresh(member)
    assert (member.joined_on, member.cell_id, member.card_no) == ("1984-02-03", new_cell.id, "03124568")
    case = case_of(session, member)
    assert case.state == CaseState.NOT_YET
    assert last_audit(session, "roster.change_member").after["joined_on"] == "1984-02-03"  # type: ignore[index]
    assert sheet_of(session, member).open_fields == [] and sheet.said


def test_what_the_police_settle_is_never_taken_over_here(session: Session, town: Town) -> None:
    act_as(session, "a.committee")
    sheet = returned(session, town, 0, full_name="Nguyễn Thị Ổi", joined_on="1984")
    with pytest.raises(Conflict):
        settle(
            session,
            town.campaign,
            town.members[0],
            apply=[SheetField.FULL_NAME],
            seen=seen_mark(sheet),
            at=now_at(),
        )
    left = settle(
        session, town.campaign, town.members[0], apply=[SheetField.JOINED_ON], seen=seen_mark(sheet), at=now_at()
    )
    session.commit()
    assert left == [SheetField.FULL_NAME]
    assert case_of(session, town.members[0]).state == CaseState.PENDING


def test_the_committee_may_leave_the_list_as_it_is(session: Session, town: Town, sign_in: SignIn) -> None:
    act_as(session, "a.committee")
    member = town.members[0]
    returned(session, town, 0, birth_on="1951-03-01")
    committee = sign_in("a.committee")
    page = committee.get(f"/cleaning/sheets/members/{member.id}")
    data = {"keep": "birth_on", "seen": hidden(page, "seen")}
    committee.post(f"/cleaning/sheets/members/{member.id}/settle", data=data)
    assert case_of(session, member).state == CaseState.NOT_YET
    assert committee.post(f"/cleaning/sheets/members/{member.id}/settle", data=data).status_code == 409
    assert "Đã xử lý" in committee.get(f"/cleaning/sheets/members/{member.id}").text


def test_a_correction_that_reached_the_list_settles_the_case_by_itself(session: Session, town: Town) -> None:
    act_as(session, "a.committee")
    member = town.members[0]
    returned(session, town, 0, full_name="Nguyễn Thị Ổi")
    returned(session, town, 1, full_name="Nguyễn Thị Na")
    assert close_settled(session, now_at()) == 0
    session.get_one(Member, member.id).full_name = "NGUYỄN THỊ ỔI"
    session.commit()
    assert close_settled(session, now_at()) == 1
    session.commit()
    assert case_of(session, member).state == CaseState.NOT_YET
    assert case_of(session, town.members[1]).state == CaseState.PENDING


def test_a_reason_that_somebody_else_gave_since_is_not_settled_with_the_sheet(session: Session, town: Town) -> None:
    act_as(session, "a.committee")
    member = town.members[0]
    sheet = returned(session, town, 0, joined_on="1984")
    case = get_case(session, town.campaign.id, member.id)
    open_case(session, case, PendingReason.AWAY, at=now_at())
    settle(session, town.campaign, member, keep=[SheetField.JOINED_ON], seen=seen_mark(sheet), at=now_at())
    session.commit()
    assert case_of(session, member).reason == PendingReason.AWAY


def test_who_contradicts_the_population_records_is_sent_to_the_police(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    act_as(session, "a.committee")
    advice = "đến Công an xã để chỉnh dữ liệu dân cư"
    for number, status in ((0, CheckStatus.MATCH), (1, CheckStatus.MISMATCH)):
        make_check(session, town, town.members[number], status)
        returned(session, town, number, full_name="Nguyễn Thị Ổi")
    committee = sign_in("a.committee")
    assert advice in committee.get(f"/cleaning/sheets/members/{town.members[0].id}").text
    assert advice not in committee.get(f"/cleaning/sheets/members/{town.members[1].id}").text
    assert "Phiếu rà soát: " in sign_in("a.officer").get(f"/verify/{town.members[0].id}").text
