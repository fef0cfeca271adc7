"""Make-ups: proposed each evening, booked when a person accepts them, with an answer for everybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.cases.models import PendingReason
from cardqueue.cases.services import complete_case, get_case, open_case, resolve_case
from cardqueue.core.errors import Refused
from cardqueue.core.jobs import run_job
from cardqueue.core.models import AuditEntry
from cardqueue.lib.clock import from_local, to_local
from cardqueue.organisation.models import Campaign, Station, Window
from cardqueue.organisation.services import set_quotas
from cardqueue.organisation.services.windows import delete_window
from cardqueue.roster.models import Member
from cardqueue.scheduling import queries, services
from cardqueue.scheduling.models import AppointmentState, MakeUp
from cardqueue.scheduling.services.make_ups import Answer
from tests.factories.people import CAMPAIGN_DAY, Town, make_town, make_window
from tests.factories.scheduling import active, check_ledger, published
from tests.integration.test_scheduling_concurrency import at_once

SignIn = Callable[[str], FlaskClient]
JOB = "scheduling.propose_times"
EVENING = from_local(CAMPAIGN_DAY, time(18))


@pytest.fixture(autouse=True)
def in_the_evening(app: object) -> Iterator[None]:
    with time_machine.travel(EVENING, tick=True):
        yield


@pytest.fixture
def town(session: Session) -> Town:
    """A town on the evening of its first day: the first four missed it, the others are done; a window tomorrow."""
    town = make_town(session)
    published(session, town)
    make_window(session, town.campaign, town.station, CAMPAIGN_DAY + timedelta(days=1), time(7), time(11), 1)
    for member in town.members[4:]:
        complete_case(session, get_case(session, town.campaign.id, member.id), at=EVENING)
    for member in town.members[:4]:
        open_case(session, get_case(session, town.campaign.id, member.id), PendingReason.NO_SHOW, at=EVENING)
    session.commit()
    return town


def proposed(session: Session, town: Town) -> list[MakeUp]:
    """The proposed times, read afresh."""
    session.rollback()
    return queries.list_make_ups(session, town.campaign.id, town.committee.id)


def accept(session: Session, town: Town, rows: list[MakeUp], at: datetime = EVENING) -> dict[int, Answer]:
    """Accept some rows as they were seen. Committed."""
    chosen = {row.member_id: row.arrive_at for row in rows}
    outcomes = services.accept_make_ups(session, town.campaign, town.committee.id, chosen, at=at)
    session.commit()
    return {outcome.member_id: outcome.answer for outcome in outcomes}


def test_the_evening_proposes_once_a_day_and_books_nothing(app: Flask, session: Session, town: Town) -> None:
    before = [(a.id, a.state) for a in active(session, town)]
    # The day is not over yet: only the day before, which nobody looked at, is made up for.
    assert run_job(app, JOB, town.windows[1].end_at) == 1
    assert run_job(app, JOB, town.windows[1].end_at) == 0
    assert run_job(app, JOB, EVENING) == 1
    assert run_job(app, JOB, EVENING + timedelta(minutes=5)) == 0
    rows = proposed(session, town)
    assert {row.member_id for row in rows} == {member.id for member in town.members[:4]}
    assert {to_local(row.arrive_at).date() for row in rows} == {CAMPAIGN_DAY + timedelta(days=1)}
    assert [(a.id, a.state) for a in active(session, town)] == before
    assert run_job(app, JOB, EVENING + timedelta(days=1)) == 1


def test_a_closed_campaign_proposes_nothing(app: Flask, session: Session, town: Town) -> None:
    session.get_one(Campaign, town.campaign.id).closed_at = EVENING
    session.commit()
    assert run_job(app, JOB, EVENING) == 0


def test_before_a_plan_is_published_nobody_has_anything_to_make_up_for(session: Session) -> None:
    town = make_town(session)
    open_case(session, get_case(session, town.campaign.id, town.members[0].id), PendingReason.BUSY, at=EVENING)
    assert services.propose_make_ups(session, town.campaign, town.committee.id, at=EVENING) == 0


def test_accepted_times_are_booked_and_the_others_stay_proposed(session: Session, town: Town) -> None:
    services.propose_make_ups(session, town.campaign, town.committee.id, at=EVENING)
    session.commit()
    rows = proposed(session, town)
    assert accept(session, town, rows[:3]) == {row.member_id: Answer.BOOKED for row in rows[:3]}
    assert [row.member_id for row in proposed(session, town)] == [rows[3].member_id]
    in_force = queries.appointments_in_force(session, town.campaign.id, at=EVENING)
    assert {m: a.arrive_at for m, a in in_force.items()} == {row.member_id: row.arrive_at for row in rows[:3]}
    check_ledger(session)
    actions = Counter(session.scalars(sa.select(AuditEntry.action)))
    assert actions["scheduling.accept_make_ups"] == 1 and actions["scheduling.rebook"] == 3


def test_a_place_that_somebody_took_is_replaced_by_the_next_free_one(session: Session, town: Town) -> None:
    services.propose_make_ups(session, town.campaign, town.committee.id, at=EVENING)
    session.commit()
    first, second, third, fourth = proposed(session, town)
    window = session.get_one(Window, first.window_id)
    # One member less has a proposal, and takes a place that was proposed to another.
    services.rebook_member(
        session,
        town.campaign,
        session.get_one(Member, fourth.member_id),
        at=EVENING,
        after_at=first.arrive_at,
        window_id=window.id,
    )
    session.commit()
    answers = accept(session, town, [first, second, fourth])
    assert answers[first.member_id] is Answer.TAKEN or answers[second.member_id] is Answer.TAKEN
    assert answers[fourth.member_id] is Answer.NOT_WAITING
    left = {row.member_id: row.arrive_at for row in proposed(session, town)}
    taken = [a.arrive_at for a in active(session, town) if a.window_id == window.id]
    assert third.member_id in left and fourth.member_id not in left
    assert not set(left.values()) & set(taken)
    check_ledger(session)
    session.rollback()
    again = accept(session, town, proposed(session, town))
    assert set(again.values()) == {Answer.BOOKED}
    check_ledger(session)


def test_without_any_place_left_it_is_said_so(session: Session, town: Town) -> None:
    services.propose_make_ups(session, town.campaign, town.committee.id, at=EVENING)
    rows = queries.list_make_ups(session, town.campaign.id, town.committee.id)
    window = session.get_one(Window, rows[0].window_id)
    window.capacity_work = window.booked_work
    session.commit()
    assert set(accept(session, town, rows).values()) == {Answer.NO_PLACE}
    assert proposed(session, town) == []


def test_a_renewed_proposal_is_not_booked_unseen(session: Session, town: Town) -> None:
    services.propose_make_ups(session, town.campaign, town.committee.id, at=EVENING)
    session.commit()
    row = proposed(session, town)[0]
    chosen = {row.member_id: row.arrive_at + timedelta(minutes=30)}
    (outcome,) = services.accept_make_ups(session, town.campaign, town.committee.id, chosen, at=EVENING)
    assert (outcome.answer, outcome.arrive_at) == (Answer.TAKEN, row.arrive_at)


def test_the_settled_are_proposed_too_and_the_weak_are_visited_at_home(session: Session, town: Town) -> None:
    settled, weak, helped, blocked = town.members[:4]
    resolve_case(session, get_case(session, town.campaign.id, settled.id), at=EVENING)
    open_case(session, get_case(session, town.campaign.id, weak.id), PendingReason.WEAK_HEALTH, at=EVENING)
    session.get_one(Member, helped.id).needs_help = True
    open_case(session, get_case(session, town.campaign.id, blocked.id), PendingReason.AWAY, at=EVENING)
    assert services.propose_make_ups(session, town.campaign, town.committee.id, at=EVENING) == 1
    session.commit()
    assert [row.member_id for row in proposed(session, town)] == [settled.id]
    listed = queries.list_candidates(session, town.campaign, town.committee.id, at=EVENING)
    assert {one.member_id for one in listed if one.is_visited} == {weak.id, helped.id}


def test_the_committees_quota_of_the_day_holds(session: Session, town: Town) -> None:
    station = session.get_one(Station, town.station.id)
    set_quotas(session, town.campaign, station, {town.committee.id: 2})
    assert services.propose_make_ups(session, town.campaign, town.committee.id, at=EVENING) == 2
    session.commit()
    assert set(accept(session, town, proposed(session, town)).values()) == {Answer.BOOKED}
    assert services.propose_make_ups(session, town.campaign, town.committee.id, at=EVENING) == 0


def test_the_share_kept_for_make_ups_is_filled_first_and_each_is_accepted_for_itself(
    session: Session, town: Town
) -> None:
    session.get_one(Campaign, town.campaign.id).reserve_percent = 3
    session.commit()
    assert services.propose_make_ups(session, town.campaign, town.committee.id, at=EVENING) == 4
    session.commit()
    rows = proposed(session, town)
    times = [row.arrive_at for row in rows]
    assert min(times) != times[0]
    earliest = [row for row in rows if row.arrive_at == min(times)]
    assert set(accept(session, town, earliest).values()) == {Answer.BOOKED}
    assert len(proposed(session, town)) == 4 - len(earliest)


def test_a_window_with_proposals_alone_can_be_deleted(session: Session, town: Town) -> None:
    services.propose_make_ups(session, town.campaign, town.committee.id, at=EVENING)
    session.commit()
    delete_window(session, session.get_one(Window, proposed(session, town)[0].window_id))
    session.commit()
    assert proposed(session, town) == []


def test_two_who_accept_at_once_book_everybody_once(app: Flask, session: Session, town: Town) -> None:
    services.propose_make_ups(session, town.campaign, town.committee.id, at=EVENING)
    session.commit()
    chosen = {row.member_id: row.arrive_at for row in proposed(session, town)}
    answers: Counter[Answer] = Counter()

    def accepting(own: Session) -> None:
        campaign = own.get_one(Campaign, town.campaign.id)
        for outcome in services.accept_make_ups(own, campaign, town.committee.id, chosen, at=EVENING):
            answers[outcome.answer] += 1

    assert at_once(app, [accepting] * 3) == {"done": 3}
    assert answers == {Answer.BOOKED: 4, Answer.NOT_WAITING: 8}
    assert len({a.member_id for a in active(session, town)}) == 12
    check_ledger(session)


def test_the_committee_accepts_on_its_page_and_is_told_what_became_of_each(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    client = sign_in("a.committee")
    assert "chưa có giờ đề xuất" in client.get("/plan/make-ups").text
    assert client.post("/plan/make-ups/propose").status_code == 302
    page = client.get("/plan/make-ups").text
    assert "Thứ 1: chờ từ hôm nay" in page and "Vắng mặt" in page
    assert "4 giờ hẹn bù chờ đồng chí nhận" in client.get("/plan").text
    assert client.post("/plan/make-ups").status_code == 422
    assert client.post("/plan/make-ups", data={"member": "x"}).status_code == 422
    rows = proposed(session, town)
    answer = client.post(
        "/plan/make-ups", data={"member": [f"{row.member_id}@{row.arrive_at.isoformat()}" for row in rows]}
    )
    assert answer.status_code == 200 and "Đã hẹn 4 đồng chí" in answer.text
    again = client.post("/plan/make-ups", data={"member": f"{rows[0].member_id}@{rows[0].arrive_at.isoformat()}"})
    assert "đã có lịch" in again.text
    assert "Không có ai chờ hẹn bù" in client.get("/plan/make-ups").text
    assert "giờ hẹn bù chờ đồng chí nhận" not in client.get("/plan").text
    assert {a.state for a in active(session, town)} == {AppointmentState.ACTIVE}


def test_a_secretary_reads_the_own_cell_and_another_commune_books_nobody(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    make_town(session, "b")
    stranger = session.get_one(Member, town.members[0].id)
    stranger.needs_help = True
    session.commit()
    sign_in("a.committee").post("/plan/make-ups/propose")
    row = proposed(session, town)[0]
    secretary = sign_in("a.cell_secretary")
    assert "Nhận các giờ" not in secretary.get("/plan/make-ups").text
    assert stranger.full_name in secretary.get("/plan/home-round").text
    assert secretary.post("/plan/make-ups", data={"member": "1@2030-08-10"}).status_code == 403
    answer = sign_in("b.committee").post(
        "/plan/make-ups", data={"member": f"{row.member_id}@{row.arrive_at.isoformat()}"}
    )
    assert answer.status_code == 422
    assert len(proposed(session, town)) == 3
    with pytest.raises(Refused, match="NO_TIME_CHOSEN"):
        services.accept_make_ups(session, town.campaign, town.committee.id, {}, at=EVENING)
