"""The pages of the plan: the road from nothing to a published timetable, and who may see what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.cases.models import PendingReason
from cardqueue.cases.services import get_case, open_case
from cardqueue.core.models import AuditEntry
from cardqueue.lib.clock import to_local
from cardqueue.scheduling import queries, services
from cardqueue.scheduling.models import Appointment, Plan, PlanState
from cardqueue.scheduling.rules.proposal import Mode
from tests.factories.people import Town, make_town
from tests.factories.scheduling import PLANNED_AT, active, check_ledger, published

SignIn = Callable[[str], FlaskClient]


@pytest.fixture(autouse=True)
def in_the_weeks_before(app: object) -> Iterator[None]:
    with time_machine.travel(PLANNED_AT, tick=True):
        yield


def first_block(session: Session, town: Town) -> queries.BlockRow:
    return queries.blocks_of_committee(session, town.campaign.id, town.committee.id)[0]


def in_force(session: Session, town: Town) -> list[Appointment]:
    session.rollback()  # what a request has written is seen by the next transaction
    return active(session, town)


def hidden(page: str) -> dict[str, str]:
    found = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page))
    return {name: value for name, value in found.items() if name != "csrf_token"}


def test_from_nothing_to_a_published_timetable(session: Session, sign_in: SignIn) -> None:
    town = make_town(session)
    client = sign_in("a.committee")
    page = client.get("/plan")
    assert "12 đồng chí × 4 phút ÷ 3 = 0 giờ 16 phút" in page.text
    assert "Chưa công bố lịch nào" in page.text
    proposed = client.post("/plan/proposals")
    page = client.get(proposed.location)
    assert "Công bố lịch" in page.text and "có lịch mới" in page.text
    assert in_force(session, town) == []
    assert "Có đề xuất chưa công bố" in client.get("/plan").text
    question = client.get(f"{proposed.location}/publish")
    assert "12 đồng chí có lịch hẹn mới" in question.text
    done = client.post(f"{proposed.location}/publish")
    assert done.location == "/plan"
    page = client.get("/plan")
    assert "Đã công bố lịch: 12 đồng chí có lịch mới" in page.text
    assert "Mọi đồng chí có thể mời đều đã có lịch" in page.text
    assert all(cell.name in page.text for cell in town.cells)
    assert len(in_force(session, town)) == 12
    again = client.post(f"{proposed.location}/publish")
    assert again.status_code == 409 and "Đề xuất này đã được xử lý" in again.text
    actions = session.scalars(sa.select(AuditEntry.action)).all()
    assert {"scheduling.propose", "scheduling.publish"} <= set(actions)


def test_a_discarded_proposal_leaves_the_timetable_alone(session: Session, sign_in: SignIn) -> None:
    make_town(session)
    client = sign_in("a.committee")
    where = client.post("/plan/proposals").location
    client.post(f"{where}/discard")
    assert session.scalars(sa.select(Plan.state)).all() == [PlanState.DISCARDED]
    assert "đã bỏ" in client.get(where).text


def test_when_nobody_is_left_to_place_the_page_says_what_to_do(session: Session, sign_in: SignIn) -> None:
    town = make_town(session)
    published(session, town)
    client = sign_in("a.committee")
    client.post("/plan/proposals")
    assert "Không còn ai cần xếp lịch" in client.get("/plan").text
    anew = client.post("/plan/proposals", data={"mode": "anew"})
    assert "giữ nguyên" in client.get(anew.location).text


def test_without_windows_the_page_says_who_opens_them(session: Session, sign_in: SignIn) -> None:
    town = make_town(session)
    for window in town.windows:
        session.delete(window)
    session.commit()
    client = sign_in("a.committee")
    assert "Chưa có khung giờ nào sắp tới" in client.get("/plan").text
    client.post("/plan/proposals")
    assert "Trưởng điểm thu nhận mở khung giờ" in client.get("/plan").text


def test_blocked_members_are_listed_first_with_their_reason(session: Session, sign_in: SignIn) -> None:
    town = make_town(session)
    case = get_case(session, town.campaign.id, town.members[-1].id)
    open_case(session, case, PendingReason.WRONG_INFO, at=PLANNED_AT)
    session.commit()
    client = sign_in("a.committee")
    page = client.get("/plan/unplaced").text
    assert page.index(town.members[-1].full_name) < page.index(town.members[0].full_name)
    assert "Sai lệch thông tin" in page
    assert town.members[0].full_name not in client.get("/plan/unplaced?only=blocked").text
    assert "Không có ai" not in sign_in("a.cell_secretary").get("/plan/unplaced").text


def test_a_block_page_explains_why_it_stands_there(session: Session, sign_in: SignIn) -> None:
    town = make_town(session)
    published(session, town)
    rows = queries.blocks_of_committee(session, town.campaign.id, town.committee.id, cell_id=town.cells[0].id)
    page = sign_in("a.committee").get(f"/plan/blocks/{rows[0].block.id}").text
    assert "Vì sao khung giờ này?" in page
    assert "4 đồng chí (4 từ 70 tuổi) × 4 phút" in page
    assert "÷ 3 dây chuyền" in page


def test_a_cell_is_booked_by_hand_after_its_times_were_shown(session: Session, sign_in: SignIn) -> None:
    town = make_town(session)
    client = sign_in("a.committee")
    url = f"/plan/cells/{town.cells[2].id}/book"
    assert "Vừa" in client.get(url).text
    preview = client.get(url, query_string={"window": town.windows[1].id, "start": "14 giờ 15"})
    assert "Xem trước: chưa lưu" in preview.text and "14 giờ 15" in preview.text
    assert in_force(session, town) == []
    saved = client.post(url, data=hidden(preview.text))
    assert saved.status_code == 302
    page = client.get(saved.location).text
    assert "14 giờ 15" in page and "Cố định: máy không đổi" in page
    session.rollback()
    check_ledger(session)


def test_a_time_outside_the_window_is_an_error_at_the_field(session: Session, sign_in: SignIn) -> None:
    town = make_town(session)
    client = sign_in("a.committee")
    url = f"/plan/cells/{town.cells[2].id}/book"
    answer = client.get(url, query_string={"window": town.windows[1].id, "start": "8:00"})
    assert answer.status_code == 422
    assert "Giờ bắt đầu nằm ngoài khung giờ" in answer.text and "<title>Lỗi: " in answer.text


def test_a_block_is_moved_and_whoever_was_slower_is_told_where_it_went(session: Session, sign_in: SignIn) -> None:
    town = make_town(session)
    published(session, town)
    row = first_block(session, town)
    target = next(w for w in town.windows if w.id != row.block.window_id)
    mine, theirs = sign_in("a.committee"), sign_in("a.committee")
    url = f"/plan/blocks/{row.block.id}/move"
    at = to_local(target.start_at + timedelta(minutes=30))
    choice = {"window": target.id, "start": f"{at:%H:%M}"}
    page, other = (client.get(url, query_string=choice).text for client in (mine, theirs))
    assert f"{row.headcount} đồng chí đổi giờ" in page
    assert mine.post(url, data=hidden(page)).status_code == 302
    late = theirs.post(url, data=hidden(other))
    assert late.status_code == 409
    assert "Lịch của chi bộ vừa thay đổi" in late.text and f"{at.hour} giờ 30" in late.text
    session.rollback()
    check_ledger(session)


def test_a_block_is_taken_out_after_a_question(session: Session, sign_in: SignIn) -> None:
    town = make_town(session)
    published(session, town)
    row = first_block(session, town)
    client = sign_in("a.committee")
    question = client.get(f"/plan/blocks/{row.block.id}/unbook")
    assert "4 lịch hẹn" in question.text
    client.post(f"/plan/blocks/{row.block.id}/unbook", data=hidden(question.text))
    assert "nay chưa có lịch" in client.get("/plan").text
    assert client.get(f"/plan/blocks/{row.block.id}").status_code == 404


def test_a_member_is_rebooked_from_the_page(session: Session, sign_in: SignIn) -> None:
    town = make_town(session)
    published(session, town)
    member = town.members[0]
    client = sign_in("a.committee")
    url = f"/plan/members/{member.id}/rebook"
    page = client.get(url).text
    gaps = re.findall(r'type="radio"[^>]*value="([^"]+)"([^>]*)', page)
    assert len(gaps) == 2 and "checked" in gaps[0][1]
    before = {a.member_id: a.id for a in in_force(session, town)}
    client.post(url, data={"gap": gaps[1][0]})
    page = client.get(url).text
    assert "Đã hẹn lại lúc" in page and "in giấy hẹn mới" in page
    after = {a.member_id: a.id for a in in_force(session, town)}
    assert after[member.id] != before[member.id]
    assert client.post(url, data={"gap": "99@2030-08-09T01:00:00+00:00"}).status_code == 422
    session.rollback()
    check_ledger(session)


def test_a_blocked_member_has_to_be_settled_before_rebooking(session: Session, sign_in: SignIn) -> None:
    town = make_town(session)
    case = get_case(session, town.campaign.id, town.members[0].id)
    open_case(session, case, PendingReason.WRONG_INFO, at=PLANNED_AT)
    session.commit()
    client = sign_in("a.committee")
    url = f"/plan/members/{town.members[0].id}/rebook"
    assert "còn vướng: Sai lệch thông tin" in client.get(url).text
    assert client.post(url, data={"gap": "1@2030-08-09T01:00:00+00:00"}).status_code == 422
    assert in_force(session, town) == []


def test_a_station_sees_all_its_blocks_and_changes_none(session: Session, sign_in: SignIn) -> None:
    town = make_town(session)
    published(session, town)
    row = first_block(session, town)
    for username in ("a.officer", "a.station_chief"):
        client = sign_in(username)
        page = client.get("/plan")
        assert all(cell.name in page.text for cell in town.cells)
        block = client.get(f"/plan/blocks/{row.block.id}")
        assert "Chuyển sang giờ khác" not in block.text
        assert client.get(f"/plan/blocks/{row.block.id}/move").status_code == 403
        assert client.post("/plan/proposals").status_code == 403


def test_a_secretary_sees_the_times_of_the_own_cell_only(session: Session, sign_in: SignIn) -> None:
    town = make_town(session)
    published(session, town)
    client = sign_in("a.cell_secretary")
    page = client.get("/plan").text
    assert town.members[0].full_name in page
    assert town.members[-1].full_name not in page
    rows = queries.blocks_of_committee(session, town.campaign.id, town.committee.id)
    for row in rows:
        expected = 200 if row.block.cell_id == town.cells[0].id else 404
        assert client.get(f"/plan/blocks/{row.block.id}").status_code == expected
    assert client.get(f"/plan/members/{town.members[0].id}/rebook").status_code == 403


def test_what_belongs_to_another_commune_does_not_exist(session: Session, sign_in: SignIn) -> None:
    town = make_town(session, "a")
    make_town(session, "b")
    published(session, town)
    plan = services.plan_campaign(session, town.campaign, town.committee.id, Mode.ANEW, at=PLANNED_AT)
    session.commit()
    row = first_block(session, town)
    stranger = sign_in("b.committee")
    for path in (
        f"/plan/blocks/{row.block.id}",
        f"/plan/blocks/{row.block.id}/move",
        f"/plan/blocks/{row.block.id}/unbook",
        f"/plan/cells/{town.cells[0].id}/book",
        f"/plan/members/{town.members[0].id}/rebook",
        f"/plan/proposals/{plan.id}",
        f"/plan/proposals/{plan.id}/publish",
    ):
        assert stranger.get(path).status_code == 404, path
        if "/blocks/" not in path or path.count("/") > 3:
            answer = stranger.post(path)
            assert answer.status_code in (404, 405), path
    assert stranger.post(f"/plan/proposals/{plan.id}/discard").status_code == 404
    for username in ("b.officer", "b.cell_secretary"):
        assert sign_in(username).get(f"/plan/blocks/{row.block.id}").status_code == 404
    assert sign_in("a.admin").get("/plan").status_code == 403
    assert sign_in("a.supervisor").get("/plan").status_code == 403
