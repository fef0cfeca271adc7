"""What a proposal would bring, what is missing, and what one day less or one line more would change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.lib.clock import to_local
from cardqueue.organisation.models import Window
from cardqueue.scheduling import services
from cardqueue.scheduling.models import Plan
from cardqueue.scheduling.rules.proposal import Mode, Proposal
from cardqueue.scheduling.rules.whatif import Kind
from cardqueue.scheduling.rules.wishes import Wishes
from tests.factories.people import Town, make_town
from tests.factories.scheduling import PLANNED_AT, active, make_plan

SignIn = Callable[[str], FlaskClient]


@pytest.fixture(autouse=True)
def in_the_weeks_before(app: object) -> Iterator[None]:
    with time_machine.travel(PLANNED_AT, tick=True):
        yield


def crowded(session: Session) -> Town:
    """A town with one short window before its deadline, and a day after it."""
    town = make_town(session, cells=4, members_per_cell=15, lines=2)
    first, second = town.windows[:2]
    first.end_at = first.start_at + timedelta(hours=1)
    first.capacity_work = 60 * 2 * 100
    second.start_at += timedelta(days=1)
    second.end_at += timedelta(days=1)
    town.campaign.deadline_on = to_local(first.start_at).date()
    session.commit()
    return town


def test_a_proposal_says_who_would_wait_and_when_it_ends(session: Session, sign_in: SignIn) -> None:
    town = make_town(session, cells=4, members_per_cell=15)
    proposal = Proposal.from_json(make_plan(session, town).proposal)
    assert proposal.outlook is not None and proposal.remedy is None
    assert proposal.outlook.is_complete and proposal.outlook.placed == 60
    page = sign_in("a.committee").get(f"/plan/proposals/{session.scalars(sa.select(Plan.id)).one()}").text
    assert "chờ trung bình" in page and "Chưa đủ chỗ" not in page


def test_what_is_missing_before_the_deadline_is_said_with_what_is_enough(session: Session, sign_in: SignIn) -> None:
    town = crowded(session)
    plan = make_plan(session, town)
    proposal = Proposal.from_json(plan.proposal)
    assert proposal.outlook is not None and proposal.outlook.late > 0
    assert proposal.remedy is not None and proposal.remedy.kind is Kind.LINE_IN_WINDOW
    page = sign_in("a.committee").get(f"/plan/proposals/{plan.id}").text
    assert "phút-dây chuyền trước hết ngày" in page and "thêm 2 dây chuyền khung" in page and "là đủ" in page


def test_asking_what_if_writes_nothing(session: Session, sign_in: SignIn) -> None:
    town = make_town(session, cells=4, members_per_cell=15)
    town.windows[1].start_at += timedelta(days=1)
    town.windows[1].end_at += timedelta(days=1)
    session.commit()
    page = sign_in("a.committee").get("/plan/what-if")
    assert page.status_code == 200 and "Thêm 1 dây chuyền ở mọi khung giờ" in page.text
    session.rollback()
    assert session.scalars(sa.select(Plan)).all() == []
    assert active(session, town) == []


def test_a_day_earlier_costs_waiting_and_is_taken_only_by_a_person(session: Session, sign_in: SignIn) -> None:
    town = make_town(session, cells=8, members_per_cell=16, lines=2)
    window = town.windows[1]
    window.start_at += timedelta(days=1)
    window.end_at += timedelta(days=1)
    town.windows[0].end_at = town.windows[0].start_at + timedelta(minutes=180)
    town.windows[0].capacity_work = 180 * 2 * 100
    session.commit()
    now, earlier, more = services.what_if(session, town.campaign, town.committee.id, Mode.FILL, at=PLANNED_AT)
    assert [variant.kind for variant, _ in (now, earlier, more)] == [Kind.AS_IS, Kind.EARLIER, Kind.MORE_LINES]
    assert now[1].days == 2 and earlier[1].days == 1
    assert earlier[1].placed + earlier[1].unplaced == now[1].placed
    client = sign_in("a.committee")
    assert earlier[0].day is not None
    answer = client.post("/plan/proposals", data={"mode": "fill", "until": earlier[0].day.isoformat()})
    assert answer.status_code == 302
    session.rollback()
    plan = session.scalars(sa.select(Plan)).one()
    turns = Proposal.from_json(plan.proposal).turns
    assert {to_local(turn.start_at).date() for turn in turns} == {earlier[0].day}
    assert active(session, town) == []


def test_a_date_that_is_none_is_no_limit(session: Session, sign_in: SignIn) -> None:
    make_town(session)
    assert sign_in("a.committee").post("/plan/proposals", data={"until": "mai"}).status_code == 302
    assert session.scalars(sa.select(Window)).first() is not None


def test_two_proposals_are_compared_cell_by_cell(session: Session, sign_in: SignIn) -> None:
    town = make_town(session, cells=4, members_per_cell=15)
    client = sign_in("a.committee")
    assert "Cần ít nhất hai đề xuất" in client.get("/plan/compare").text
    make_plan(session, town)
    old = make_plan(session, town)
    assert "0 chi bộ khác nhau" in client.get("/plan/compare").text
    wishes = Wishes(unavailable_dates=frozenset({to_local(town.windows[0].start_at).date()}))
    town.windows[1].start_at += timedelta(days=1)
    town.windows[1].end_at += timedelta(days=1)
    services.state_wishes(session, town.campaign, town.cells[0], wishes, travel_minutes=0, at=PLANNED_AT)
    session.commit()
    new = make_plan(session, town)
    page = client.get("/plan/compare").text
    assert "Chờ trung bình (phút)" in page and "0 chi bộ khác nhau" not in page and "Khác" in page
    assert client.get(f"/plan/compare?first={old.id}&second={new.id}").status_code == 200
    assert client.get("/plan/compare?first=999999").status_code == 404
    make_town(session, "b")
    assert sign_in("b.committee").get(f"/plan/compare?first={old.id}").status_code == 404
