"""The outbox: it follows the appointments, tells nothing twice, and holds no numbers that identify anybody."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.cases.services import complete_case, get_case
from cardqueue.core.jobs import run_job
from cardqueue.core.models import AuditEntry
from cardqueue.lib.clock import now_at
from cardqueue.notices.models import Notice, NoticeKind
from cardqueue.notices.queries import count_waiting, list_announcements
from cardqueue.notices.services import hand_over, prepare_notices
from cardqueue.scheduling.models import Appointment, AppointmentState, Block
from tests.factories.appointments import end, invite, move
from tests.factories.people import CAMPAIGN_DAY, Town, make_town

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def town(session: Session) -> Town:
    """A commune whose first cell is invited."""
    town = make_town(session)
    invite(session, town, town.members[:4])
    session.commit()
    return town


def all_notices(session: Session) -> Sequence[Notice]:
    """Every notice, oldest first."""
    return session.scalars(sa.select(Notice).order_by(Notice.id)).all()


def active(session: Session, town: Town, index: int) -> Appointment:
    """The appointment in force of a member."""
    query = sa.select(Appointment).where(
        Appointment.member_id == town.members[index].id, Appointment.state == AppointmentState.ACTIVE
    )
    return session.scalars(query).one()


def prepare(session: Session, town: Town) -> list[tuple[NoticeKind, str]]:
    """Prepare, and give the notices that wait."""
    prepare_notices(session, town.campaign, now_at())
    return [(NoticeKind(notice.kind), notice.text) for notice in all_notices(session) if not notice.handed_over_at]


def hand_all_over(session: Session) -> None:
    """Mark everything as handed over."""
    for notice in all_notices(session):
        hand_over(session, notice, at=now_at())


def test_a_cell_is_invited_once_with_day_hours_count_and_place(session: Session, town: Town) -> None:
    ((kind, text),) = prepare(session, town)
    assert kind is NoticeKind.INVITED
    assert text.splitlines()[:4] == [
        "LỊCH HẸN LÀM VIỆC",
        "Kính gửi các đồng chí: Thôn 1 (4 người)",
        "Thời gian: Thứ Sáu, ngày 09/8/2030, từ 7 giờ 00 đến 7 giờ 15",
        "Địa điểm: Công an xã A, Số 1 đường Thử",
    ]
    assert prepare_notices(session, town.campaign, now_at() + timedelta(minutes=1)) == 0
    assert len(all_notices(session)) == 1


def test_no_notice_holds_numbers_birth_dates_or_what_it_is_about(session: Session, town: Town) -> None:
    prepare(session, town)
    hand_all_over(session)
    move(session, town, active(session, town, 0), town.windows[1].start_at, number=9, window=town.windows[1])
    end(session, active(session, town, 1), AppointmentState.CANCELLED)
    prepare(session, town)
    texts = [notice.text for notice in all_notices(session)]
    assert len(texts) == 3
    for text in texts:
        said = text.replace("0900 000 001", "")
        assert not re.search(r"\d{5}|\d{2}\*|19\d\d", said)
        assert not re.search(r"thẻ|đảng|chi bộ|căn cước", said, re.IGNORECASE)


def test_a_moved_block_is_told_as_a_change_only_to_those_who_were_told_before(session: Session, town: Town) -> None:
    prepare(session, town)
    at = now_at()

    def move_all(minutes: int) -> None:
        block = active(session, town, 0).block
        for n in range(4):
            arrive_at = town.windows[1].start_at + timedelta(minutes=minutes + 5 * n)
            move(
                session,
                town,
                active(session, town, n),
                arrive_at,
                number=minutes + 20 + n,
                block=block,
                at=at + timedelta(minutes=minutes),
            )

    move_all(0)
    ((kind, text),) = prepare(session, town)
    assert kind is NoticeKind.INVITED and "từ 13 giờ 00" in text, "nobody had heard of the morning"
    hand_all_over(session)
    move_all(60)
    ((kind, text),) = prepare(session, town)
    assert kind is NoticeKind.CHANGED and "từ 14 giờ 00" in text and "thay lịch đã báo" in text


def test_a_member_who_is_rebooked_is_told_by_name_and_the_others_hear_nothing(session: Session, town: Town) -> None:
    prepare(session, town)
    hand_all_over(session)
    move(session, town, active(session, town, 2), town.windows[1].start_at, number=9, window=town.windows[1])
    ((kind, text),) = prepare(session, town)
    assert kind is NoticeKind.REBOOKED
    assert f"– {town.members[2].full_name}: 13 giờ 00" in text
    assert town.members[1].full_name not in text


def test_what_was_not_handed_over_is_rewritten_or_withdrawn(session: Session, town: Town) -> None:
    prepare(session, town)
    complete_case(session, get_case(session, town.campaign.id, town.members[3].id), at=now_at())
    ((_, text),) = prepare(session, town)
    assert "(3 người)" in text
    for n in range(3):
        end(session, active(session, town, n), AppointmentState.CANCELLED)
    assert prepare(session, town) == []
    assert all_notices(session) == []


def test_a_cell_that_was_invited_hears_when_the_day_is_off(session: Session, town: Town) -> None:
    prepare(session, town)
    hand_all_over(session)
    at = now_at()
    for n in range(4):
        appointment = active(session, town, n)
        end(session, appointment, AppointmentState.CANCELLED, at=at)
        # An empty block is removed, and what came with it stands alone.
        appointment.block_id = None
    session.flush()
    ((kind, text),) = prepare(session, town)
    assert kind is NoticeKind.CHANGED and text.startswith("DỪNG LỊCH HẸN") and "(4 người)" in text
    invite(session, town, town.members[:4], window=town.windows[1])
    ((kind, text),) = prepare(session, town)
    assert kind is NoticeKind.CHANGED and "từ 13 giờ 00" in text, "the new day says it all"


def test_a_new_plan_that_leaves_a_cell_where_it_is_tells_nothing(session: Session, town: Town) -> None:
    prepare(session, town)
    hand_all_over(session)
    block = Block(
        campaign_id=town.campaign.id,
        cell_id=town.cells[0].id,
        window_id=town.windows[0].id,
        start_at=town.windows[0].start_at,
        end_at=town.windows[0].end_at,
    )
    session.add(block)
    session.flush()
    for n in range(4):
        active(session, town, n).block_id = block.id
    session.flush()
    assert prepare(session, town) == []


def test_days_that_are_over_are_told_no_more(session: Session, town: Town) -> None:
    for n in range(4):
        active(session, town, n).day_on = CAMPAIGN_DAY - timedelta(days=10_000)
    session.flush()
    assert prepare(session, town) == []


def test_the_minutes_job_prepares_open_campaigns_and_leaves_closed_ones(
    app: Flask, session: Session, town: Town
) -> None:
    assert run_job(app, "notices.prepare") == 1
    assert run_job(app, "notices.prepare") == 0
    other = make_town(session, "b")
    invite(session, other, other.members[:4])
    other.campaign.closed_at = now_at()
    session.commit()
    assert run_job(app, "notices.prepare") == 0
    trail = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "notices.prepare")).all()
    assert [(entry.actor, entry.after) for entry in trail] == [("job:notices.prepare", {"written": 1})]


def test_the_committee_hands_over_and_the_trail_says_who(session: Session, town: Town, sign_in: SignIn) -> None:
    invite(session, town, town.members[4:8], first_number=5)
    session.commit()
    committee = sign_in("a.committee")
    page = committee.get("/notices").text
    assert "2 thông báo chưa bàn giao" in page and "Kính gửi các đồng chí: Thôn 2" in page
    session.rollback()
    first, second = all_notices(session)
    session.rollback()
    assert f'action="/notices/{first.id}/hand-over"' in page and f"/notices/cells/{first.cell_id}.txt" in page
    assert committee.post(f"/notices/{first.id}/hand-over").status_code == 302
    assert committee.post(f"/notices/cells/{second.cell_id}/hand-over").status_code == 302
    assert "Mọi thông báo đã bàn giao" in committee.get("/notices").text
    assert "Thôn 1 (4 người)" in committee.get("/notices?show=handed-over").text
    session.rollback()
    assert count_waiting(session, town.campaign.id, committee_ids=[town.committee.id]) == 0
    trail = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "notices.hand_over")).all()
    assert [(entry.actor, entry.subject) for entry in trail] == [
        ("a.committee", f"notice:{first.id}"),
        ("a.committee", f"notice:{second.id}"),
    ]
    assert {notice.handed_over_by for notice in all_notices(session)} == {"a.committee"}


def test_the_file_of_a_cell_opens_in_notepad_and_leaves_a_trace(session: Session, town: Town, sign_in: SignIn) -> None:
    committee = sign_in("a.committee")
    committee.get("/notices")
    answer = committee.get(f"/notices/cells/{town.cells[0].id}.txt")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="thong-bao-chi-bo-thon-1.txt"'
    assert answer.data.startswith(b"\xef\xbb\xbf") and b"\r\n" in answer.data
    assert "Thôn 1 (4 người)" in answer.data.decode("utf-8-sig")
    session.rollback()
    entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.subject, entry.after) == (
        "notices.export",
        f"cell:{town.cells[0].id}",
        {"notices": 1},
    )


def test_a_secretary_sees_the_own_cell_only(session: Session, town: Town, sign_in: SignIn) -> None:
    invite(session, town, town.members[4:8], first_number=5)
    session.commit()
    secretary = sign_in("a.cell_secretary")
    page = secretary.get("/notices").text
    assert "Thôn 1 (4 người)" in page and "Thôn 2" not in page
    session.rollback()
    other = all_notices(session)[1]
    session.rollback()
    assert secretary.post(f"/notices/{other.id}/hand-over").status_code == 404
    assert secretary.post(f"/notices/cells/{other.cell_id}/hand-over").status_code == 404
    assert secretary.get(f"/notices/cells/{other.cell_id}.txt").status_code == 404


def test_another_communes_notices_do_not_exist(session: Session, town: Town, sign_in: SignIn) -> None:
    other = make_town(session, "b")
    prepare(session, town)
    (notice,) = all_notices(session)
    session.commit()
    stranger = sign_in("b.committee")
    assert "Thôn 1 (4 người)" not in stranger.get("/notices").text
    assert stranger.post(f"/notices/{notice.id}/hand-over").status_code == 404
    assert stranger.post(f"/notices/cells/{notice.cell_id}/hand-over").status_code == 404
    assert stranger.get(f"/notices/cells/{notice.cell_id}.txt").status_code == 404
    assert stranger.get(f"/notices/cells/{other.cells[0].id}.txt").status_code == 200


def test_the_loudspeaker_reads_the_cells_in_the_order_of_time(session: Session, town: Town) -> None:
    invite(session, town, town.members[4:8], window=town.windows[1], first_number=5)
    (announcement,) = list_announcements(
        session, town.campaign.id, committee_ids=[town.committee.id], from_on=CAMPAIGN_DAY
    )
    assert announcement.day_on == CAMPAIGN_DAY
    assert announcement.text.splitlines()[:3] == [
        "Thông báo lịch hẹn làm việc Thứ Sáu, ngày 09/8/2030, tại Công an xã A, Số 1 đường Thử.",
        "Thôn 1: từ 7 giờ 00 đến 7 giờ 15.",
        "Thôn 2: từ 13 giờ 00 đến 13 giờ 15.",
    ]
    assert (
        list_announcements(
            session, town.campaign.id, committee_ids=[town.committee.id], from_on=CAMPAIGN_DAY + timedelta(days=1)
        )
        == []
    )


@pytest.mark.parametrize("username", ["a.admin", "a.supervisor", "a.officer", "a.station_chief"])
def test_others_have_no_outbox(session: Session, town: Town, sign_in: SignIn, username: str) -> None:
    assert sign_in(username).get("/notices").status_code == 403
