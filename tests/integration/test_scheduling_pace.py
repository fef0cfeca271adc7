"""Measuring: the counter's stamps teach the minutes per member, a trial is watched, the chief may know better."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.core.jobs import run_job
from cardqueue.counter.models import Stage, StageKind, Visit
from cardqueue.lib.clock import to_local
from cardqueue.roster.models import Member
from cardqueue.scheduling import queries
from cardqueue.scheduling.models import Plan, StationPace
from tests.factories.counter import desk_of
from tests.factories.people import Town, make_town
from tests.factories.scheduling import make_plan

JOB = "counter.learn_minutes"
SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def town(session: Session) -> Town:
    """One commune with members enough to measure."""
    return make_town(session, cells=4, members_per_cell=10)


def serve(session: Session, town: Town, member: Member, ended_at: datetime, minutes: float) -> None:
    """A member who was taken and finished at the first line. Committed."""
    started_at = ended_at - timedelta(minutes=minutes)
    officer_id = desk_of(session, town).officer_id
    visit = Visit(
        campaign_id=town.campaign.id,
        member_id=member.id,
        station_id=town.station.id,
        day_on=to_local(ended_at).date(),
        due_at=started_at,
        checked_in_at=started_at,
        closed_at=ended_at,
        closed_by_id=officer_id,
        outcome="captured",
    )
    session.add(visit)
    session.flush()
    session.add(
        Stage(
            visit_id=visit.id,
            kind=StageKind.SERVING,
            started_at=started_at,
            ended_at=ended_at,
            officer_id=officer_id,
            line_id=town.station.lines[0].id,
        )
    )
    session.commit()


def serve_many(session: Session, town: Town, count: int, minutes: float, *, first: int = 0) -> datetime:
    """So many members one after the other; when the last one was finished."""
    at = town.windows[0].start_at + timedelta(hours=first)
    for member in town.members[first : first + count]:
        at += timedelta(minutes=minutes)
        serve(session, town, member, at, minutes)
    return at


def pace(session: Session, town: Town) -> StationPace:
    session.rollback()
    found = queries.find_pace(session, town.campaign.id, town.station.id)
    assert found is not None
    return found


def test_every_finished_member_refines_the_estimate_once(app: Flask, session: Session, town: Town) -> None:
    last = serve_many(session, town, 20, 6.0)
    assert run_job(app, JOB, last + timedelta(minutes=5)) == 20
    first = pace(session, town).minutes
    assert 4.5 < first < 6
    assert run_job(app, JOB, last + timedelta(minutes=6)) == 0
    assert pace(session, town).minutes == first
    assert pace(session, town).observed_count == 20


def test_what_can_still_be_undone_is_not_learned_from(app: Flask, session: Session, town: Town) -> None:
    last = serve_many(session, town, 1, 6.0)
    assert run_job(app, JOB, last + timedelta(seconds=10)) == 0
    assert run_job(app, JOB, last + timedelta(minutes=5)) == 1


def test_the_next_plan_counts_with_what_was_measured(app: Flask, session: Session, town: Town) -> None:
    last = serve_many(session, town, 30, 8.0)
    run_job(app, JOB, last + timedelta(minutes=5))
    session.rollback()
    plan: Plan = make_plan(session, town)
    assert 6 < float(plan.minutes_per_member) < 8
    works = [work for turn in plan.proposal["turns"] for work in turn["works"]]
    assert min(works) > 5 * 100


def test_a_trial_is_started_watched_and_ended_by_the_chief(
    app: Flask, session: Session, town: Town, sign_in: SignIn
) -> None:
    chief = sign_in("a.station_chief")
    assert "Giả định" in chief.get("/plan/minutes").text
    assert chief.post("/plan/trial/start").status_code == 302
    assert "Chưa có lượt nào xong" in chief.get("/plan/minutes").text
    assert chief.post("/plan/trial/start").status_code == 422
    row = pace(session, town)
    row.trial_started_at = town.windows[0].start_at - timedelta(minutes=1)
    session.commit()
    run_job(app, JOB, serve_many(session, town, 5, 6.0) + timedelta(minutes=5))
    assert "5 lượt, trung bình 6 phút" in chief.get("/plan/minutes").text
    assert chief.post("/plan/trial/end").status_code == 302
    page = chief.get("/plan/minutes").text
    assert "Bắt đầu đo thử" in page and "Đo được" in page


def test_a_fixed_value_needs_a_reason_counts_at_once_and_can_be_let_go(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    chief = sign_in("a.station_chief")
    refused = chief.post("/plan/minutes", data={"minutes": "7,5", "reason": ""})
    assert refused.status_code == 422 and "ghi lý do" in refused.text
    assert chief.post("/plan/minutes", data={"minutes": "7,5", "reason": "Một máy hỏng"}).status_code == 302
    page = chief.get("/plan/minutes").text
    assert "Đang dùng: 7,5 phút" in page and "Một máy hỏng" in page
    session.rollback()
    assert float(make_plan(session, town).minutes_per_member) == 7.5
    chief.post("/plan/minutes/release")
    assert "Đang dùng: 4 phút" in chief.get("/plan/minutes").text


def test_the_committee_reads_and_changes_nothing(town: Town, sign_in: SignIn) -> None:
    committee = sign_in("a.committee")
    page = committee.get("/plan/minutes")
    assert page.status_code == 200 and "Bắt đầu đo thử" not in page.text
    assert committee.post("/plan/trial/start").status_code == 403
