"""Agreeing on a plan: submitted, confirmed or sent back by the station's chief, published, withdrawn with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.core.errors import Conflict, Refused
from cardqueue.scheduling import queries, services
from cardqueue.scheduling.models import Appointment, AppointmentState, Plan, PlanState
from tests.factories.people import Town, make_town
from tests.factories.scheduling import PLANNED_AT, active, check_ledger, make_plan, published

SignIn = Callable[[str], FlaskClient]


@pytest.fixture(autouse=True)
def in_the_weeks_before(app: object) -> Iterator[None]:
    with time_machine.travel(PLANNED_AT, tick=True):
        yield


@pytest.fixture
def town(session: Session) -> Town:
    """A town whose campaign wants the chief to confirm."""
    town = make_town(session)
    town.campaign.chief_confirms = True
    session.commit()
    return town


def test_nothing_is_published_before_the_chief_has_confirmed(session: Session, town: Town) -> None:
    plan = make_plan(session, town)
    with pytest.raises(Conflict, match="PLAN_NOT_CONFIRMED"):
        services.publish_plan(session, plan, at=PLANNED_AT)
    session.rollback()
    assert active(session, town) == []


def test_the_road_from_the_committee_to_the_chief_and_back(session: Session, town: Town, sign_in: SignIn) -> None:
    plan = make_plan(session, town)
    committee, chief = sign_in("a.committee"), sign_in("a.station_chief")
    assert chief.get(f"/plan/requests/{plan.id}").status_code == 404
    page = committee.get(f"/plan/proposals/{plan.id}").text
    assert "Gửi Trưởng điểm xác nhận" in page and "Công bố lịch</a>" not in page
    assert committee.post(f"/plan/proposals/{plan.id}/submit").status_code == 302
    assert "Đang chờ Trưởng điểm" in committee.get("/plan").text
    assert "chờ đồng chí xác nhận" in chief.get("/plan").text
    refused = chief.post(f"/plan/requests/{plan.id}", data={"answer": "send_back", "reason": ""})
    assert refused.status_code == 422 and "ghi lý do" in refused.text
    sent = {"answer": "send_back", "reason": "Sáng 09/8 chỉ có hai cán bộ"}
    assert chief.post(f"/plan/requests/{plan.id}", data=sent).status_code == 302
    page = committee.get(f"/plan/proposals/{plan.id}").text
    assert "Sáng 09/8 chỉ có hai cán bộ" in page and "Gửi Trưởng điểm xác nhận" in page
    committee.post(f"/plan/proposals/{plan.id}/submit")
    assert chief.post(f"/plan/requests/{plan.id}", data={"answer": "confirm"}).status_code == 302
    assert "đã xác nhận" in committee.get("/plan").text
    assert committee.post(f"/plan/proposals/{plan.id}/publish").status_code == 302
    session.rollback()
    assert len(active(session, town)) == 12


def test_a_proposal_is_answered_once_and_not_after_it_was_replaced(session: Session, town: Town) -> None:
    plan = make_plan(session, town)
    services.submit_plan(session, plan, at=PLANNED_AT)
    services.answer_plan(session, plan, town.station.id, is_confirmed=True, reason=None, at=PLANNED_AT)
    session.commit()
    with pytest.raises(Conflict, match="PLAN_NOT_OPEN"):
        services.answer_plan(session, plan, town.station.id, is_confirmed=False, reason="Bận", at=PLANNED_AT)
    session.rollback()
    old = session.get_one(Plan, plan.id)
    make_plan(session, town)
    with pytest.raises(Conflict, match="PLAN_NOT_OPEN"):
        services.submit_plan(session, old, at=PLANNED_AT)


def test_without_the_rule_the_committee_publishes_alone(session: Session, sign_in: SignIn) -> None:
    town = make_town(session)
    plan = make_plan(session, town)
    page = sign_in("a.committee").get(f"/plan/proposals/{plan.id}").text
    assert "Công bố lịch" in page and "Gửi Trưởng điểm xác nhận" not in page


def test_the_chief_of_another_station_sees_no_request(session: Session, town: Town, sign_in: SignIn) -> None:
    make_town(session, "b")
    plan = make_plan(session, town)
    services.submit_plan(session, plan, at=PLANNED_AT)
    session.commit()
    assert sign_in("b.station_chief").get(f"/plan/requests/{plan.id}").status_code == 404
    assert "chờ đồng chí xác nhận" not in sign_in("b.station_chief").get("/plan").text


def test_a_withdrawn_plan_ends_what_is_still_to_come_and_leaves_what_people_placed(session: Session) -> None:
    town = make_town(session)
    published(session, town)
    plan = session.scalars(sa.select(Plan)).one()
    row = queries.blocks_of_committee(session, town.campaign.id, town.committee.id)[0]
    moved = services.move_block(
        session, town.campaign, row.block.id, window_id=town.windows[1].id, start_at=None, at=PLANNED_AT
    )
    session.commit()
    with pytest.raises(Refused, match="REASON_NEEDED"):
        services.withdraw_plan(session, plan, "", at=PLANNED_AT)
    session.rollback()
    count = services.withdraw_plan(session, plan, "Mất điện cả ngày", at=PLANNED_AT)
    session.commit()
    assert count == 12 - row.headcount
    assert {appointment.block_id for appointment in active(session, town)} == {moved.id}
    states = set(session.scalars(sa.select(Appointment.state).where(Appointment.block_id.is_(None))))
    assert AppointmentState.CANCELLED in states
    assert session.get_one(Plan, plan.id).state == PlanState.WITHDRAWN
    check_ledger(session)
    with pytest.raises(Conflict, match="PLAN_NOT_PUBLISHED"):
        services.withdraw_plan(session, plan, "Lần nữa", at=PLANNED_AT)


def test_what_has_begun_is_not_withdrawn(session: Session) -> None:
    town = make_town(session)
    published(session, town)
    plan = session.scalars(sa.select(Plan)).one()
    blocks = queries.blocks_of_committee(session, town.campaign.id, town.committee.id)
    begun = [row for row in blocks if row.block.start_at <= blocks[0].block.start_at]
    count = services.withdraw_plan(session, plan, "Mất điện", at=blocks[0].block.start_at + timedelta(minutes=1))
    session.commit()
    assert count == 12 - sum(row.headcount for row in begun)
    check_ledger(session)


def test_withdrawing_asks_for_the_reason_on_its_page(session: Session, sign_in: SignIn) -> None:
    town = make_town(session)
    published(session, town)
    plan_id = session.scalars(sa.select(Plan.id)).one()
    client = sign_in("a.committee")
    assert "Thu hồi" in client.get(f"/plan/proposals/{plan_id}").text
    assert client.post(f"/plan/proposals/{plan_id}/withdraw", data={"reason": ""}).status_code == 422
    answer = client.post(f"/plan/proposals/{plan_id}/withdraw", data={"reason": "Mất điện cả ngày"})
    assert answer.status_code == 302
    assert "Mất điện cả ngày" in client.get(f"/plan/proposals/{plan_id}").text
