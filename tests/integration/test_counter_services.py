"""The counter's acts on both databases: each leaves intervals with officer and line, and moves the case."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.cases.models import CaseEvent, CaseState, PendingReason
from cardqueue.cases.services import open_case
from cardqueue.core.errors import Conflict, NotFound, Refused
from cardqueue.core.models import AuditEntry
from cardqueue.counter import queries, services
from cardqueue.counter.models import Scan, Stage, StageKind, Visit
from cardqueue.counter.rules import AnswerCode
from cardqueue.lib.clock import from_local
from cardqueue.lib.slip_code import format_code, new_code
from cardqueue.roster.models import Member, MemberStatus
from cardqueue.scheduling.models import AppointmentState
from tests.factories.counter import case_of, desk_of, make_appointment, make_waiting
from tests.factories.people import CAMPAIGN_DAY, Town, make_case, make_member, make_town

OPENING = from_local(CAMPAIGN_DAY, time(7))


def at(minutes: float) -> datetime:
    return OPENING + timedelta(minutes=minutes)


@pytest.fixture
def town(session: Session) -> Town:
    return make_town(session)


def person_of(session: Session, town: Town, member: Member) -> queries.Person:
    found = queries.find_person(session, case_of(session, town, member).id, station_id=town.station.id)
    assert found is not None
    return found


def stages_of(session: Session, visit_id: int) -> list[tuple[str, datetime, datetime | None, int | None]]:
    stages = session.scalars(sa.select(Stage).where(Stage.visit_id == visit_id).order_by(Stage.id))
    return [(stage.kind, stage.started_at, stage.ended_at, stage.line_id) for stage in stages]


def test_a_member_comes_waits_is_served_and_done(session: Session, town: Town) -> None:
    desk, member = desk_of(session, town), town.members[0]
    slip = make_appointment(session, town, member, at(30))
    arrival = services.scan_slip(session, desk, format_code(slip.code), at=at(20))
    assert arrival.answer.code is AnswerCode.ON_TIME
    assert arrival.visit_id is not None
    called = services.call_next(session, desk, at=at(25))
    assert called is not None and called.id == arrival.visit_id
    services.finish(session, desk, called.id, at=at(29))
    session.commit()
    assert stages_of(session, called.id) == [
        (StageKind.WAITING, at(20), at(25), None),
        (StageKind.SERVING, at(25), at(29), desk.line_id),
    ]
    visit = session.get_one(Visit, called.id)
    assert (visit.outcome, visit.closed_at, visit.closed_by_id) == ("captured", at(29), desk.officer_id)
    assert (visit.due_at, visit.is_walk_in, visit.appointment_id) == (at(30), False, slip.id)
    case = case_of(session, town, member)
    assert (case.state, case.done_at) == (CaseState.DONE, at(29))
    again = services.scan_slip(session, desk, slip.code, at=at(40))
    assert (again.answer.code, again.visit_id) == (AnswerCode.ALREADY_DONE, None)
    last = queries.find_last_visit(session, person_of(session, town, member))
    assert last is not None and last.stages[-1].line is not None and last.stages[-1].line.number == 1


def test_every_scan_leaves_a_row_failed_ones_too(session: Session, town: Town) -> None:
    desk = desk_of(session, town)
    slip = make_appointment(session, town, town.members[0], at(30))
    wrong = slip.code[:-1] + str((int(slip.code[-1]) + 1) % 10)
    unknown = new_code(random.Random(1))
    for text in (slip.code, slip.code, wrong, unknown, "003050000001"):
        services.scan_slip(session, desk, text, at=at(30))
    scans = session.execute(sa.select(Scan.code, Scan.answer, Scan.officer_id).order_by(Scan.id)).all()
    assert [(code, answer) for code, answer, _ in scans] == [
        (slip.code, "ON_TIME"),
        (slip.code, "ALREADY_HERE"),
        (wrong, "BAD_CODE"),
        (unknown, "UNKNOWN_CODE"),
        ("", "BAD_CODE"),
    ]
    assert {officer for _, _, officer in scans} == {desk.officer_id}


def test_an_old_slip_says_the_new_time_and_the_member_may_still_be_taken(session: Session, town: Town) -> None:
    desk, member = desk_of(session, town), town.members[0]
    old = make_appointment(session, town, member, at(30), state=AppointmentState.MOVED)
    new = make_appointment(session, town, member, at(24 * 60))
    arrival = services.scan_slip(session, desk, old.code, at=at(30))
    assert arrival.answer.code is AnswerCode.MOVED
    assert arrival.answer.booking is not None and arrival.answer.booking.arrive_at == new.arrive_at
    assert arrival.visit_id is None
    taken = services.scan_slip(session, desk, old.code, at=at(31), confirmation="Vẫn tiếp nhận.")
    assert taken.visit_id is not None
    visit = session.get_one(Visit, taken.visit_id)
    assert (visit.is_walk_in, visit.due_at) == (True, at(31))


def test_taking_a_member_with_an_open_reason_is_noted_in_the_case(session: Session, town: Town) -> None:
    desk, member = desk_of(session, town), town.members[0]
    slip = make_appointment(session, town, member, at(30))
    case = case_of(session, town, member)
    open_case(session, case, PendingReason.WRONG_INFO, at=at(0), note="Ngày sinh lệch", due_on=CAMPAIGN_DAY)
    refused = services.scan_slip(session, desk, slip.code, at=at(30))
    assert (refused.answer.code, refused.answer.reason) == (AnswerCode.PENDING, PendingReason.WRONG_INFO)
    assert refused.visit_id is None
    taken = services.check_in(
        session, desk, person_of(session, town, member), at=at(31), confirmation="Vẫn tiếp nhận lúc 7 giờ 31."
    )
    assert taken.visit_id is not None
    case = case_of(session, town, member)
    assert (case.state, case.reason, case.due_on) == (CaseState.PENDING, PendingReason.WRONG_INFO, CAMPAIGN_DAY)
    assert case.note == "Ngày sinh lệch\nVẫn tiếp nhận lúc 7 giờ 31."
    visit = services.call_next(session, desk, at=at(32))
    assert visit is not None
    services.finish(session, desk, visit.id, at=at(36))
    assert case_of(session, town, member).state == CaseState.DONE


def test_a_member_under_review_or_on_probation_is_not_taken_whoever_confirms(session: Session, town: Town) -> None:
    desk = desk_of(session, town)
    reviewed, probationary = town.members[:2]
    open_case(session, case_of(session, town, reviewed), PendingReason.UNDER_REVIEW, at=at(0))
    case_of(session, town, probationary).is_counted = False
    probationary.status = MemberStatus.PROBATIONARY
    session.flush()
    for member, code in ((reviewed, AnswerCode.PENDING), (probationary, AnswerCode.NOT_COUNTED)):
        arrival = services.check_in(session, desk, person_of(session, town, member), at=at(5), confirmation="Vẫn.")
        assert (arrival.answer.code, arrival.visit_id) == (code, None)


def test_the_queue_takes_the_later_of_slip_time_and_arrival_in_order(session: Session, town: Town) -> None:
    desk = desk_of(session, town)
    early, punctual, late, walk_in = town.members[:4]
    for member, minutes in ((early, 30), (punctual, 20), (late, 0)):
        make_appointment(session, town, member, at(minutes))
    for member, minutes in ((early, 10), (walk_in, 12), (punctual, 18), (late, 25)):
        services.check_in(session, desk, person_of(session, town, member), at=at(minutes), confirmation="Có tên.")
    names = [row.full_name for row in queries.list_waiting(session, town.station.id)]
    assert names == [member.full_name for member in (walk_in, punctual, late, early)]


def test_a_line_serves_one_member_at_a_time(session: Session, town: Town) -> None:
    desk = desk_of(session, town)
    first, second = (
        make_waiting(session, town, member, at(n), since_at=at(n)) for n, member in enumerate(town.members[:2])
    )
    assert services.call_next(session, desk, at=at(5)) is first
    with pytest.raises(Refused, match="LINE_BUSY"):
        services.call_next(session, desk, at=at(6))
    with pytest.raises(Refused, match="LINE_BUSY"):
        services.take(session, desk, second.id, at=at(6))
    assert services.call_next(session, desk_of(session, town, line=1), at=at(6)) is second
    assert services.call_next(session, desk_of(session, town, line=2), at=at(6)) is None
    with pytest.raises(Refused, match="NO_LINE"):
        services.call_next(session, desk_of(session, town, line=None), at=at(6))


def test_a_member_taken_by_one_line_cannot_be_taken_or_finished_by_another(session: Session, town: Town) -> None:
    ours, theirs = desk_of(session, town), desk_of(session, town, line=1)
    visit = make_waiting(session, town, town.members[0], at(0), since_at=at(0))
    services.take(session, ours, visit.id, at=at(1))
    for act in (services.take, services.finish, services.send_back):
        with pytest.raises(Conflict, match="TAKEN_ALREADY") as refusal:
            act(session, theirs, visit.id, at=at(2))
        assert refusal.value.values["line"] == 1
    services.finish(session, ours, visit.id, at=at(3))
    with pytest.raises(Conflict, match="VISIT_MOVED_ON"):
        services.take(session, theirs, visit.id, at=at(4))


def test_a_member_sent_back_keeps_the_place_in_the_queue(session: Session, town: Town) -> None:
    desk = desk_of(session, town)
    first = make_waiting(session, town, town.members[0], at(0), since_at=at(0))
    make_waiting(session, town, town.members[1], at(1), since_at=at(1))
    services.take(session, desk, first.id, at=at(5))
    services.send_back(session, desk, first.id, at=at(7))
    assert [kind for kind, *_ in stages_of(session, first.id)] == ["waiting", "serving", "waiting"]
    assert queries.list_waiting(session, town.station.id)[0].visit_id == first.id


def test_a_member_who_cannot_be_done_is_pending_with_reason_and_note(session: Session, town: Town) -> None:
    desk, member = desk_of(session, town), town.members[0]
    visit = make_waiting(session, town, member, at(0), since_at=at(0))
    services.take(session, desk, visit.id, at=at(1))
    services.finish(session, desk, visit.id, at=at(4), reason=PendingReason.NO_PHOTO, note="Máy ảnh hỏng")
    case = case_of(session, town, member)
    assert (case.state, case.reason, case.note) == (CaseState.PENDING, PendingReason.NO_PHOTO, "Máy ảnh hỏng")
    assert session.get_one(Visit, visit.id).outcome == "NO_PHOTO"


def test_a_member_who_left_the_queue_is_pending_and_may_come_again(session: Session, town: Town) -> None:
    desk, member = desk_of(session, town), town.members[0]
    visit = make_waiting(session, town, member, at(0), since_at=at(0))
    services.leave(session, desk, visit.id, at=at(9), reason=PendingReason.BUSY)
    assert case_of(session, town, member).reason == PendingReason.BUSY
    assert queries.list_waiting(session, town.station.id) == []
    again = services.check_in(session, desk, person_of(session, town, member), at=at(60), confirmation="Quay lại.")
    assert again.visit_id not in (None, visit.id)


def test_undo_reopens_the_interval_and_restores_the_case(session: Session, town: Town) -> None:
    desk, member = desk_of(session, town), town.members[0]
    open_case(session, case_of(session, town, member), PendingReason.NO_SHOW, at=at(-600), note="Hôm qua vắng")
    visit = make_waiting(session, town, member, at(0), since_at=at(0))
    services.take(session, desk, visit.id, at=at(1))
    services.finish(session, desk, visit.id, at=at(4))
    services.undo(session, desk, visit.id, at=at(5))
    session.commit()
    case = case_of(session, town, member)
    assert (case.state, case.reason, case.note) == (CaseState.PENDING, PendingReason.NO_SHOW, "Hôm qua vắng")
    assert session.get_one(Visit, visit.id, populate_existing=True).closed_at is None
    assert stages_of(session, visit.id)[-1] == (StageKind.SERVING, at(1), None, desk.line_id)
    services.finish(session, desk, visit.id, at=at(6), reason=PendingReason.TECH)
    services.undo(session, desk, visit.id, at=at(6.5))
    assert case_of(session, town, member).reason == PendingReason.NO_SHOW
    history = session.scalars(sa.select(CaseEvent.to_state).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id))
    assert list(history) == ["pending", "done", "pending", "pending", "pending"]


def test_undo_is_refused_late_to_others_and_while_the_line_is_busy(session: Session, town: Town) -> None:
    desk, colleague = desk_of(session, town), desk_of(session, town, role="station_chief")
    visit = make_waiting(session, town, town.members[0], at(0), since_at=at(0))
    with pytest.raises(Refused, match="UNDO_TOO_LATE"):
        services.undo(session, desk, visit.id, at=at(0))
    services.take(session, desk, visit.id, at=at(1))
    services.finish(session, desk, visit.id, at=at(4))
    with pytest.raises(Refused, match="UNDO_NOT_YOURS"):
        services.undo(session, colleague, visit.id, at=at(4.5))
    with pytest.raises(Refused, match="UNDO_TOO_LATE"):
        services.undo(session, desk, visit.id, at=at(4) + timedelta(seconds=61))
    make_waiting(session, town, town.members[1], at(0), since_at=at(0))
    services.call_next(session, desk, at=at(4.2))
    with pytest.raises(Refused, match="LINE_BUSY"):
        services.undo(session, desk, visit.id, at=at(4.5))


def test_undo_is_refused_when_somebody_changed_the_case_since(session: Session, town: Town) -> None:
    desk, member = desk_of(session, town), town.members[0]
    visit = make_waiting(session, town, member, at(0), since_at=at(0))
    services.take(session, desk, visit.id, at=at(1))
    services.finish(session, desk, visit.id, at=at(4), reason=PendingReason.BUSY)
    open_case(session, case_of(session, town, member), PendingReason.AWAY, at=at(4.2))
    with pytest.raises(Conflict, match="CASE_MOVED_ON"):
        services.undo(session, desk, visit.id, at=at(4.5))


def test_a_visit_at_another_station_does_not_exist(session: Session, town: Town) -> None:
    other = make_town(session, "b")
    visit = make_waiting(session, other, other.members[0], at(0), since_at=at(0))
    desk = desk_of(session, town)
    for act in (services.take, services.finish, services.send_back, services.undo):
        with pytest.raises(NotFound, match="VISIT_NOT_FOUND"):
            act(session, desk, visit.id, at=at(1))
    assert services.call_next(session, desk, at=at(1)) is None


def test_a_slip_of_an_unserved_committee_is_sent_to_its_station(session: Session, town: Town) -> None:
    other = make_town(session, "b")
    slip = make_appointment(session, other, other.members[0], at(30))
    arrival = services.scan_slip(session, desk_of(session, town), slip.code, at=at(30), confirmation="Vẫn.")
    assert (arrival.answer.code, arrival.visit_id) == (AnswerCode.OTHER_STATION, None)


def test_members_are_found_without_accents_todays_list_first(session: Session, town: Town) -> None:
    other = make_town(session, "b")
    names = ("Nguyễn Thị Bưởi", "Đặng Văn Bưởi", "Trần Thị Bướm")
    for n, name in enumerate(names):
        for place, number in ((town, 900), (other, 19_000)):
            member = make_member(session, place.cells[0], number + n, name)
            make_case(session, place.campaign, member)
            if n == 0:
                make_appointment(session, place, member, at(45))
    gone = make_member(session, town.cells[0], 950, "Lê Thị Bưởi", removed_at=OPENING)
    make_case(session, town.campaign, gone)

    def found(text: str) -> list[str]:
        people = queries.find_people(
            session, text, committee_ids=[town.committee.id], station_id=town.station.id, today_on=CAMPAIGN_DAY
        )
        return [person.full_name for person in people]

    assert found("buoi") == ["Nguyễn Thị Bưởi", "Đặng Văn Bưởi"]
    assert found("dang BƯỞI") == ["Đặng Văn Bưởi"]
    assert found("thi buo") == ["Nguyễn Thị Bưởi", "Trần Thị Bướm"]
    assert found("  ") == []


def test_the_station_counts_its_own_day(session: Session, town: Town) -> None:
    desk = desk_of(session, town)
    for n, member in enumerate(town.members[:4]):
        make_appointment(session, town, member, at(10 * n))
    for n, member in enumerate(town.members[:2]):
        services.check_in(session, desk, person_of(session, town, member), at=at(10 * n), confirmation="Có tên.")
    visit = services.call_next(session, desk, at=at(20))
    assert visit is not None
    services.finish(session, desk, visit.id, at=at(25.5))
    waiting = queries.list_waiting(session, town.station.id)
    numbers = queries.day_numbers(session, town.station.id, CAMPAIGN_DAY, waiting_count=len(waiting))
    assert numbers == queries.DayNumbers(done=1, waiting=1, booked=4, arrived=2, minutes=5.5)


def test_every_act_is_in_the_audit_trail_without_a_number_of_the_member(session: Session, town: Town) -> None:
    desk, member = desk_of(session, town), town.members[0]
    slip = make_appointment(session, town, member, at(0))
    arrival = services.scan_slip(session, desk, slip.code, at=at(0))
    services.call_next(session, desk, at=at(1))
    services.finish(session, desk, arrival.visit_id or 0, at=at(2))
    services.undo(session, desk, arrival.visit_id or 0, at=at(2.5))
    services.send_back(session, desk, arrival.visit_id or 0, at=at(3))
    session.commit()
    entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    acts = [entry.action for entry in entries if entry.action.startswith("counter.")]
    assert acts == ["counter.check_in", "counter.take", "counter.finish", "counter.undo", "counter.send_back"]
    assert all(entry.subject == f"member:{member.id}" for entry in entries)
    assert str(member.citizen_id) not in repr([entry.after for entry in entries])
