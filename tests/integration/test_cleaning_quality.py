"""The six words on real rows: counted for every cell, written down once a day, shown to whom they concern."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.cases.models import PendingReason
from cardqueue.cases.services import get_case, open_case
from cardqueue.cleaning.models import CheckSheet, QualityDay, SheetState
from cardqueue.cleaning.queries.quality import assess_members, quality_by_cell, quality_by_commune
from cardqueue.cleaning.rules.quality import Word
from cardqueue.cleaning.services.quality import take_quality
from cardqueue.core.jobs import run_job
from cardqueue.core.keyring import lookup_hash
from cardqueue.lib.clock import now_at
from cardqueue.roster.models import ImportState, Member, RosterImport
from cardqueue.verification.models import CheckStatus, Decision
from tests.factories.cleaning import make_check
from tests.factories.people import Town, make_town

SignIn = Callable[[str], FlaskClient]
JOB = "cleaning.take_quality_of_day"


@pytest.fixture
def town(session: Session) -> Town:
    """A town whose first member's data is good in every way."""
    town = make_town(session)
    fill(session, town, town.members[0])
    make_check(session, town, town.members[0])
    session.add(
        RosterImport(
            committee_id=town.committee.id,
            filename="danh_sach.xlsx",
            state=ImportState.SAVED,
            uploaded_by="a.committee",
            uploaded_at=now_at(),
            saved_at=now_at(),
        )
    )
    session.commit()
    return town


def fill(session: Session, town: Town, member: Member) -> None:
    """Give a member everything that the handbook shows."""
    member.full_name = "Nguyễn Thị Mẫu"
    member.card_no = f"99{member.id:06d}"
    member.card_no_hash = lookup_hash(member.card_no)
    member.phone = "+84570000001"
    member.joined_on, member.official_on = "1980-05-19", "1981-05-19"
    session.flush()


def words_of(session: Session, town: Town, member: Member) -> set[Word]:
    """The words that hold for a member."""
    session.flush()
    assessed = assess_members(session, town.campaign.id, committee_ids={town.committee.id}, at=now_at())
    return set(next(one for one in assessed if one.member_id == member.id).assessment.words)


def test_a_member_in_order_holds_all_six(session: Session, town: Town) -> None:
    assert words_of(session, town, town.members[0]) == set(Word)


def test_an_open_case_and_a_change_since_the_list_are_not_consistent(session: Session, town: Town) -> None:
    member = town.members[0]
    member.updated_at = now_at() + timedelta(minutes=1)
    assert Word.CONSISTENT not in words_of(session, town, member)
    member.updated_at = now_at() - timedelta(minutes=1)
    assert Word.CONSISTENT in words_of(session, town, member)
    open_case(session, get_case(session, town.campaign.id, member.id), PendingReason.WRONG_INFO, at=now_at())
    assert Word.CONSISTENT not in words_of(session, town, member)


def test_a_number_that_another_commune_has_too_is_not_clean(session: Session, town: Town) -> None:
    other = make_town(session, "b")
    town.campaign.committees.append(other.committee)
    other.members[0].citizen_id_hash = town.members[0].citizen_id_hash
    session.flush()
    assert Word.CLEAN in words_of(session, town, town.members[0])
    case = get_case(session, other.campaign.id, other.members[0].id)
    case.campaign_id = town.campaign.id
    assert not {Word.CLEAN, Word.SHARED} & words_of(session, town, town.members[0])


def test_a_decision_and_a_returned_sheet_count(session: Session, town: Town) -> None:
    decided, asked = town.members[1], town.members[2]
    check = make_check(
        session, town, decided, CheckStatus.MISMATCH, differences={"sex": "differs"}, decision=Decision.ROSTER_RIGHT
    )
    check.checked_at = check.decided_at = datetime(2020, 1, 1, tzinfo=UTC)
    assert words_of(session, town, decided) & {Word.CORRECT, Word.LIVING} == {Word.CORRECT}
    assert Word.LIVING not in words_of(session, town, asked)
    session.add(
        CheckSheet(
            campaign_id=town.campaign.id,
            member_id=asked.id,
            code="0000000000000000",
            state=SheetState.CONFIRMED,
            printed_at=now_at(),
            printed_by="a.committee",
            returned_at=now_at(),
            returned_by="a.committee",
            open_fields=[],
        )
    )
    assert Word.LIVING in words_of(session, town, asked)


def test_a_day_is_written_once_and_replaced_when_taken_again(session: Session, town: Town) -> None:
    at = now_at()
    assert take_quality(session, town.campaign.id, town.committee.id, at) == 3
    town.members[0].phone = None
    session.flush()
    take_quality(session, town.campaign.id, town.committee.id, at)
    days = session.scalars(sa.select(QualityDay).order_by(QualityDay.cell_id)).all()
    assert [day.member_count for day in days] == [4, 4, 4]
    assert days[0].counts["correct"] == 1 and days[0].counts["complete"] == 0


def test_the_job_counts_every_open_campaign_once_a_day(app: Flask, session: Session, town: Town) -> None:
    closed = make_town(session, "b")
    closed.campaign.closed_at = now_at()
    session.commit()
    morning = datetime(2030, 8, 9, 1, tzinfo=UTC)
    assert run_job(app, JOB, morning) == 3
    assert run_job(app, JOB, morning + timedelta(hours=1)) == 0
    assert run_job(app, JOB, morning + timedelta(days=1)) == 3
    days = session.execute(sa.select(QualityDay.taken_on, sa.func.count()).group_by(QualityDay.taken_on)).all()
    assert sorted(tuple(day) for day in days) == [(date(2030, 8, 9), 3), (date(2030, 8, 10), 3)]


def test_the_province_sees_the_newest_count_of_every_commune(session: Session, town: Town) -> None:
    at = now_at()
    take_quality(session, town.campaign.id, town.committee.id, at - timedelta(days=1))
    town.members[0].phone = None
    session.flush()
    take_quality(session, town.campaign.id, town.committee.id, at)
    communes = quality_by_commune(session, town.campaign.id, committee_ids={town.committee.id})
    assert [(one.name, one.member_count, one.counts["complete"]) for one in communes] == [(town.committee.name, 12, 0)]


def test_each_person_sees_the_own_part(app: Flask, sign_in: SignIn, session: Session, town: Town) -> None:
    run_job(app, JOB)
    committee, secretary = sign_in("a.committee"), sign_in("a.cell_secretary")
    assert all(cell.name in committee.get("/cleaning/quality").text for cell in town.cells)
    page = secretary.get("/cleaning/quality", follow_redirects=True).text
    assert town.members[1].full_name in page and town.members[4].full_name not in page
    assert secretary.get(f"/cleaning/quality/{town.cells[1].id}").status_code == 404
    province = sign_in("a.supervisor").get("/cleaning/quality").text
    assert town.committee.name in province and town.cells[0].name not in province and "Nguyễn Thị Mẫu" not in province
    assert sign_in("a.supervisor").get(f"/cleaning/quality/{town.cells[0].id}").status_code == 403


def test_another_communes_cell_does_not_exist(sign_in: SignIn, session: Session, town: Town) -> None:
    other = make_town(session, "b")
    assert sign_in("a.committee").get(f"/cleaning/quality/{other.cells[0].id}").status_code == 404


def test_a_cells_page_says_who_lacks_what_and_how_it_is_measured(sign_in: SignIn, town: Town) -> None:
    page = sign_in("a.committee").get(f"/cleaning/quality/{town.cells[0].id}").text
    assert "thiếu số thẻ đảng viên, ngày vào Đảng, ngày chính thức, số điện thoại" in page
    assert "Sổ tay đảng viên điện tử" in page and "90 ngày" in page


def test_days_are_drawn_with_their_table(app: Flask, sign_in: SignIn, session: Session, town: Town) -> None:
    for days in (3, 2, 1):
        take_quality(session, town.campaign.id, town.committee.id, now_at() - timedelta(days=days))
    session.commit()
    page = sign_in("a.committee").get("/cleaning/quality").text
    assert page.count("cq-days__drawing") == 6 and page.count("<rect") == 18
    assert "Số liệu từng ngày" in page


def test_the_numbers_leave_as_excel_with_the_same_scope(sign_in: SignIn, session: Session, town: Town) -> None:
    counted = quality_by_cell(session, town.campaign.id, committee_ids={town.committee.id}, at=now_at())
    book = openpyxl.load_workbook(io.BytesIO(sign_in("a.committee").get("/cleaning/quality.xlsx").data))
    rows = [tuple(cell.value for cell in row) for row in book.worksheets[0].rows]
    assert rows[1:4] == [(one.name, one.member_count, *one.counts.values()) for one in counted]
    assert rows[4][1] == 12
    own = openpyxl.load_workbook(io.BytesIO(sign_in("a.cell_secretary").get("/cleaning/quality.xlsx").data))
    assert [row[0].value for row in own.worksheets[0].rows][1:-1] == [town.cells[0].name]
