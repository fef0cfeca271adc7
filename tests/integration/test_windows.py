"""Setting the windows: the calendar of a station, the share kept for make-ups, quotas, splitting, mobile rounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, time, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from cardqueue.core.database import db, writing
from cardqueue.core.errors import Conflict, Refused
from cardqueue.lib.clock import from_local, to_local
from cardqueue.lib.intervals import Interval
from cardqueue.notices.models import Notice
from cardqueue.notices.services import prepare_notices
from cardqueue.organisation.models import Campaign, Cell, DayQuota, Window
from cardqueue.organisation.services import set_quotas
from cardqueue.scheduling.rules.proposal import Proposal
from cardqueue.scheduling.services import book_cell, divide_window, rebook_member
from cardqueue.slips.queries import list_cell_lists, list_slips
from tests.clients import HonestClient
from tests.factories.people import CAMPAIGN_DAY, Town, make_town, make_window
from tests.factories.scheduling import PLANNED_AT, active, check_ledger, make_neighbour, make_plan, publish, published

SignIn = Callable[[str], HonestClient]


@pytest.fixture
def town(session: Session) -> Town:
    """The commune that the test looks at."""
    return make_town(session, "a")


def windows_url(town: Town, page: str = "") -> str:
    """The pages of a town's windows."""
    return f"/organisation/campaigns/{town.campaign.id}/stations/{town.station.id}/windows{page}"


# ── The calendar ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_week_is_a_grid_of_days_and_parts_with_how_full_each_window_is(
    sign_in: SignIn, session: Session, town: Town
) -> None:
    session.merge(town.windows[0]).booked_work = 20_250
    session.commit()
    page = sign_in("a.committee").get(windows_url(town)).text
    assert "Tuần từ 05/08/2030 đến 11/08/2030" in page
    assert "đã hẹn 25%" in page and "đã hẹn 0%" in page
    # Saturday and Sunday are shaded, and a committee only reads.
    assert page.count("cq-week__weekend") == 2
    assert "Chép ngày" not in page and 'rel="next"' in page


def test_a_week_leads_to_its_neighbours_and_marks_the_deadline(sign_in: SignIn, town: Town) -> None:
    client = sign_in("a.station_chief")
    page = client.get(f"{windows_url(town)}?week=2030-08-19").text
    assert "Tuần từ 19/08/2030 đến 25/08/2030" in page and "Hạn hoàn thành" in page
    assert "week=2030-08-12" in page and "week=2030-08-26" in page
    # An empty part of a day is opened with one press.
    form = client.get(f"{windows_url(town, '/new')}?day=2030-08-19&part=evening").text
    assert 'value="19/08/2030"' in form and "18:00" in form and "21:00" in form
    assert client.get(f"{windows_url(town)}?week=sai").status_code == 200
    assert client.get(f"{windows_url(town)}?week=9999-12-31").status_code == 200


def test_whoever_changed_a_window_comes_back_to_its_week(sign_in: SignIn, town: Town) -> None:
    typed = {"day_on": "15/08/2030", "start": "7:00", "end": "9:00", "line_count": "2"}
    answer = sign_in("a.station_chief").post(windows_url(town, "/new"), data=typed)
    assert answer.location.endswith("windows?week=2030-08-15")


# ── A share kept for make-ups ─────────────────────────────────────────────────────────────────────────────────────


def test_a_plan_leaves_the_share_free_and_a_make_up_takes_it(sign_in: SignIn, session: Session, town: Town) -> None:
    town.campaign.reserve_percent = 25
    window = town.windows[0]
    session.delete(town.windows[1])
    # Room for twelve members of 3.68 line-minutes, of whom three quarters may be invited.
    window.line_count, window.end_at = 1, window.start_at + timedelta(minutes=45)
    window.capacity_work = 4_500
    session.commit()
    result = published(session, town)
    check_ledger(session)
    session.refresh(window)
    assert 0 < result.created_count < 12
    assert window.booked_work <= 3_375
    reserve_start = window.end_at - timedelta(minutes=15)
    assert all(appointment.arrive_at < reserve_start for appointment in active(session, town))
    page = sign_in("a.committee").get("/plan").text
    assert "Để dành" in page and "Phần để dành chỉ dùng cho người hẹn lại." in page
    assert "Để dành (phút)" in sign_in("a.committee").get(windows_url(town)).text

    invited = {appointment.member_id for appointment in active(session, town)}
    session.commit()
    member = next(member for member in town.members if member.id not in invited)
    again = rebook_member(session, town.campaign, member, at=PLANNED_AT, after_at=PLANNED_AT)
    session.commit()
    assert again.arrive_at >= reserve_start
    check_ledger(session)


def test_by_hand_nobody_is_invited_into_the_share(session: Session, town: Town) -> None:
    town.campaign.reserve_percent = 50
    window = town.windows[0]
    window.line_count, window.end_at, window.capacity_work = 1, window.start_at + timedelta(minutes=25), 2_500
    session.commit()
    with pytest.raises(Conflict, match="WINDOW_FULL"):
        book_cell(session, town.campaign, town.cells[0], window_id=window.id, start_at=None, at=PLANNED_AT)


def test_the_share_is_an_office_s_decision(sign_in: SignIn, session: Session, town: Town) -> None:
    client = sign_in("a.admin")
    url = f"/organisation/campaigns/{town.campaign.id}/edit"
    typed = {
        "name": town.campaign.name,
        "kind": "exchange",
        "province_code": "68",
        "starts_on": "09/08/2030",
        "deadline_on": "19/08/2030",
        "committee_ids": [str(town.committee.id)],
        "minutes_per_member": "4",
        "early_minutes": "30",
        "late_minutes": "15",
        "slip_title": "GIẤY HẸN",
        "reserve_percent": "60",
    }
    assert "Số phải từ 0 đến 50." in client.post(url, data=typed).text
    assert client.post(url, data=typed | {"reserve_percent": "8"}).status_code == 302
    session.refresh(town.campaign)
    assert town.campaign.reserve_percent == 8


# ── Members per day at a shared station ───────────────────────────────────────────────────────────────────────────


def quotas_url(town: Town) -> str:
    """The page of a station's quotas."""
    return f"/organisation/campaigns/{town.campaign.id}/stations/{town.station.id}/quotas"


def set_quota(session: Session, town: Town, member_count: int) -> None:
    """Limit the town's own committee. Committed."""
    set_quotas(session, town.campaign, town.station, {town.committee.id: member_count})
    session.commit()


def test_the_chief_sets_the_members_per_day_and_each_committee_sees_its_own(
    sign_in: SignIn, session: Session, town: Town
) -> None:
    neighbour = make_neighbour(session, town)
    chief = sign_in("a.station_chief")
    assert "Chia số người mỗi ngày cho các đảng bộ" in chief.get(windows_url(town)).text
    own, other = f"committee_{town.committee.id}", f"committee_{neighbour.id}"
    assert "Số phải từ 1 đến 5000." in chief.post(quotas_url(town), data={own: "0"}).text
    assert chief.post(quotas_url(town), data={own: "6", other: "40"}).status_code == 302
    assert chief.post(quotas_url(town), data={own: "5", other: "40"}).status_code == 302
    session.rollback()
    kept = {quota.committee_id: quota.member_count for quota in session.scalars(sa.select(DayQuota))}
    assert kept == {town.committee.id: 5, neighbour.id: 40}
    page = sign_in("a.committee").get(windows_url(town)).text
    assert f"{town.committee.name}: nhiều nhất 5 đồng chí mỗi ngày." in page and neighbour.name not in page
    assert "nhiều nhất 5 đồng chí mỗi ngày" in sign_in("a.committee").get("/plan").text
    assert sign_in("a.committee").get(quotas_url(town)).status_code == 403
    assert chief.post(quotas_url(town), data={own: "", other: "40"}).status_code == 302
    session.rollback()
    assert [quota.committee_id for quota in session.scalars(sa.select(DayQuota))] == [neighbour.id]


def test_a_plan_keeps_to_the_members_per_day(session: Session, town: Town) -> None:
    for n in (1, 2):
        make_window(session, town.campaign, town.station, CAMPAIGN_DAY + timedelta(days=n), time(7), time(11), 3)
    set_quota(session, town, 5)
    published(session, town)
    per_day = Counter(appointment.day_on for appointment in active(session, town))
    assert sum(per_day.values()) == 12 and max(per_day.values()) <= 5
    check_ledger(session)


def test_by_hand_and_by_rebooking_the_day_fills_up_too(sign_in: SignIn, session: Session, town: Town) -> None:
    make_window(session, town.campaign, town.station, CAMPAIGN_DAY + timedelta(days=1), time(7), time(11), 3)
    set_quota(session, town, 4)
    first, second = town.cells[:2]
    window = town.windows[0]
    book_cell(session, town.campaign, first, window_id=window.id, start_at=None, at=PLANNED_AT)
    session.commit()
    answer = sign_in("a.committee").get(f"/plan/cells/{second.id}/book", query_string={"window": town.windows[1].id})
    assert answer.status_code == 422 and "Vượt số người của đơn vị trong ngày" in answer.text
    with pytest.raises(Conflict, match="DAY_QUOTA_FULL"):
        book_cell(session, town.campaign, second, window_id=town.windows[1].id, start_at=None, at=PLANNED_AT)
    session.rollback()
    member = next(member for member in town.members if member.cell_id == second.id)
    again = rebook_member(session, town.campaign, member, at=PLANNED_AT, after_at=PLANNED_AT)
    assert again.day_on == CAMPAIGN_DAY + timedelta(days=1)
    session.commit()
    check_ledger(session)


def test_a_proposal_made_before_the_quota_is_not_published(session: Session, town: Town) -> None:
    plan = make_plan(session, town)
    set_quota(session, town, 3)
    with pytest.raises(Conflict, match="DAY_QUOTA_FULL"):
        publish(session, plan)
    session.rollback()
    assert active(session, town) == []


# ── Lines that open or close within a window, breaks ──────────────────────────────────────────────────────────────


def divide_url(window: Window) -> str:
    """The page that divides a window."""
    return f"/plan/windows/{window.id}/divide"


def spans_of(session: Session, town: Town) -> list[tuple[str, str, int]]:
    """The town's windows as they are now."""
    session.rollback()
    found = session.scalars(
        sa.select(Window)
        .where(Window.campaign_id == town.campaign.id)
        .order_by(Window.start_at)
        .execution_options(populate_existing=True)
    )
    return [(f"{to_local(w.start_at):%H:%M}", f"{to_local(w.end_at):%H:%M}", w.line_count) for w in found]


def at(hours: int, minutes: int = 0) -> datetime:
    """A time of the campaign's first day."""
    return from_local(CAMPAIGN_DAY, time(hours, minutes))


def test_a_window_is_divided_and_everybody_keeps_time_block_and_code(
    sign_in: SignIn, session: Session, town: Town
) -> None:
    published(session, town)
    before = [(a.id, a.arrive_at, a.code, a.queue_number) for a in active(session, town)]
    session.commit()
    chief, window = sign_in("a.station_chief"), town.windows[0]
    # In the middle of a cell's turn: seven members have come, the eighth comes now.
    typed = {"start": "7:10", "end": "", "line_count": "2"}
    preview = chief.get(divide_url(window), query_string=typed)
    assert preview.status_code == 200 and "Không ai đổi giờ hẹn" in preview.text
    assert len(spans_of(session, town)) == 2
    answer = chief.post(divide_url(window), data=typed)
    assert answer.status_code == 302 and "week=2030-08-09" in answer.location
    assert spans_of(session, town)[:2] == [("07:00", "07:10", 3), ("07:10", "11:30", 2)]
    after = active(session, town)
    assert [(a.id, a.arrive_at, a.code, a.queue_number) for a in after] == before
    assert len({a.window_id for a in after}) == 3
    assert len({a.block_id for a in after}) == len({a.member.cell_id for a in after}) + 1
    for appointment in after:
        assert appointment.window.span.contains(appointment.arrive_at)
        assert appointment.block is not None and appointment.block.window_id == appointment.window_id
    check_ledger(session)


def test_a_break_is_refused_while_somebody_is_booked_in_it(sign_in: SignIn, session: Session, town: Town) -> None:
    window = town.windows[0]
    book_cell(session, town.campaign, town.cells[0], window_id=window.id, start_at=at(9), at=PLANNED_AT)
    session.commit()
    chief = sign_in("a.station_chief")
    taken = {"start": "9:00", "end": "9:30", "line_count": "0"}
    preview = chief.get(divide_url(window), query_string=taken).text
    assert "Chưa lưu được" in preview and "Không đủ" in preview
    refused = chief.post(divide_url(window), data=taken)
    assert refused.status_code == 422 and "đã hẹn 4 đồng chí" in refused.text
    assert chief.post(divide_url(window), data={"start": "10:00", "end": "10:30", "line_count": "0"}).status_code == 302
    assert spans_of(session, town)[:2] == [("07:00", "10:00", 3), ("10:30", "11:30", 3)]
    check_ledger(session)


def test_a_change_must_lie_inside_the_window(sign_in: SignIn, session: Session, town: Town) -> None:
    chief, url = sign_in("a.station_chief"), divide_url(town.windows[0])
    for typed, words in (
        ({"start": "12:00", "end": "", "line_count": "2"}, "phải nằm trong khung"),
        ({"start": "6:00", "end": "8:00", "line_count": "2"}, "phải nằm trong khung"),
        ({"start": "7:00", "end": "11:30", "line_count": "0"}, "chiếm cả khung giờ"),
        ({"start": "9:00", "end": "8:00", "line_count": "2"}, "Giờ kết thúc phải sau giờ bắt đầu."),
        ({"start": "", "end": "", "line_count": "2"}, "Đồng chí nhập giờ bắt đầu thay đổi."),
    ):
        answer = chief.post(url, data=typed)
        assert (answer.status_code, words in answer.text) == (422, True), typed
    assert len(spans_of(session, town)) == 2


def test_a_proposal_made_before_a_window_was_divided_is_looked_at_again(session: Session, town: Town) -> None:
    plan = make_plan(session, town)
    divide_window(session, town.windows[0], Interval(at(7, 10), at(11, 30)), 2)
    session.commit()
    with pytest.raises(Conflict, match="PLAN_OUTDATED"):
        publish(session, plan)


def test_dividing_and_booking_at_once_leave_the_ledger_exact(app: Flask, session: Session, town: Town) -> None:
    window_id, campaign_id = town.windows[0].id, town.campaign.id
    cell_ids = [cell.id for cell in town.cells]
    session.close()

    def divide() -> None:
        with writing(db.session()) as own:
            divide_window(own, own.get_one(Window, window_id), Interval(at(9), at(11, 30)), 2)

    def book(cell_id: int) -> None:
        with writing(db.session()) as own:
            campaign, cell = own.get_one(Campaign, campaign_id), own.get_one(Cell, cell_id)
            book_cell(own, campaign, cell, window_id=window_id, start_at=at(8, 50), at=PLANNED_AT)

    def run(work: Callable[[], None]) -> None:
        with app.app_context(), suppress(Refused):
            work()

    with ThreadPoolExecutor(4) as pool:
        first, *others = [partial(book, cell_id) for cell_id in cell_ids]
        list(pool.map(run, [first, divide, *others]))
    check_ledger(session)
    for appointment in active(session, town):
        assert appointment.window.span.contains(appointment.arrive_at)


# ── Rounds of the mobile team ─────────────────────────────────────────────────────────────────────────────────────


PLACE = "Nhà văn hóa thôn 3"


def mobile_round(sign_in: SignIn, session: Session, town: Town) -> Window:
    """A round at the same hours as the station's own morning."""
    typed = {"day_on": "09/08/2030", "start": "7:00", "end": "9:00", "line_count": "1", "place": PLACE}
    assert sign_in("a.station_chief").post(windows_url(town, "/new"), data=typed).status_code == 302
    session.rollback()
    window = session.scalars(sa.select(Window).where(Window.place != "")).one()
    session.commit()
    return window


def test_a_mobile_round_has_its_own_lines_beside_the_station_s(sign_in: SignIn, session: Session, town: Town) -> None:
    window = mobile_round(sign_in, session, town)
    assert (window.place, window.capacity_work) == (PLACE, 12_000)
    chief = sign_in("a.station_chief")
    assert f"Lưu động: {PLACE}" in chief.get(f"{windows_url(town)}?week=2030-08-09").text
    again = {"day_on": "09/08/2030", "start": "8:00", "end": "9:30", "line_count": "1", "place": PLACE}
    assert chief.post(windows_url(town, "/new"), data=again).status_code == 422
    chief.post(
        f"{windows_url(town, '/copy')}?day=2030-08-09",
        data={"first_on": "10/08/2030", "last_on": "10/08/2030", "weekdays": list("0123456")},
    )
    session.rollback()
    assert session.scalar(sa.select(sa.func.count(Window.id)).where(Window.place == PLACE)) == 2


def test_only_a_person_sends_people_to_a_mobile_round_and_papers_say_its_place(
    sign_in: SignIn, session: Session, town: Town
) -> None:
    window = mobile_round(sign_in, session, town)
    plan = make_plan(session, town)
    assert window.id not in Proposal.from_json(plan.proposal).window_ids
    member = town.members[4]
    rebooked = rebook_member(session, town.campaign, member, at=PLANNED_AT, after_at=PLANNED_AT)
    assert rebooked.window_id != window.id
    session.commit()
    session.refresh(town.windows[0])
    book_cell(session, town.campaign, town.cells[0], window_id=window.id, start_at=None, at=PLANNED_AT)
    session.commit()
    check_ledger(session)
    slips = list_slips(session, town.campaign, town.committee.id, at=PLANNED_AT, cell_id=town.cells[0].id)
    assert {(slip.face.place, slip.face.address) for slip in slips} == {
        (PLACE, f"Đội lưu động của {town.station.name}")
    }
    others = list_slips(session, town.campaign, town.committee.id, at=PLANNED_AT, member_id=member.id)
    assert [(slip.face.place, slip.face.address) for slip in others] == [(town.station.name, "Số 1 đường Thử")]
    lists = list_cell_lists(session, town.campaign, town.committee.id, from_on=CAMPAIGN_DAY)
    assert [one.place.startswith(PLACE) for one in lists] == [True, False]
    prepare_notices(session, town.campaign, at=PLANNED_AT)
    texts = [notice.text for notice in session.scalars(sa.select(Notice))]
    assert sum(PLACE in text for text in texts) == 1
    session.commit()


def test_dividing_a_window_tells_nobody_again(session: Session, town: Town) -> None:
    published(session, town)
    prepare_notices(session, town.campaign, at=PLANNED_AT)
    session.commit()
    before = sorted((notice.key, notice.text) for notice in session.scalars(sa.select(Notice)))
    session.commit()
    divide_window(session, town.windows[0], Interval(at(7, 10), at(11, 30)), 2)
    session.commit()
    prepare_notices(session, town.campaign, at=PLANNED_AT)
    session.commit()
    assert sorted((notice.key, notice.text) for notice in session.scalars(sa.select(Notice))) == before
