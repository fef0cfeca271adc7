"""Members who did not come become pending when their window is over, once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from cardqueue.cases.models import CaseState, PendingReason
from cardqueue.cases.services import complete_case, get_case, open_case, resolve_case
from cardqueue.core.jobs import run_job
from cardqueue.counter.models import Stage, StageKind, Visit
from cardqueue.lib.clock import to_local
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment, AppointmentState
from tests.factories.people import Town, make_town

JOB = "counter.mark_no_shows"


@pytest.fixture
def town(session: Session) -> Town:
    """One commune."""
    return make_town(session)


def invite(session: Session, town: Town, member: Member, number: int) -> Appointment:
    """An appointment in the first window."""
    window = town.windows[0]
    appointment = Appointment(
        campaign_id=town.campaign.id,
        member_id=member.id,
        station_id=town.station.id,
        window_id=window.id,
        code=f"{number:016d}",
        arrive_at=window.start_at,
        day_on=to_local(window.start_at).date(),
        queue_number=number,
        work=400,
        state=AppointmentState.ACTIVE,
        created_at=window.start_at - timedelta(days=3),
    )
    session.add(appointment)
    session.flush()
    return appointment


def evening(town: Town) -> datetime:
    """After the window and the grace."""
    return town.windows[0].end_at + timedelta(hours=1)


def state_of(session: Session, town: Town, member: Member) -> tuple[str, str | None]:
    """What the ledger says now."""
    session.rollback()
    case = get_case(session, town.campaign.id, member.id)
    found = (str(case.state), case.reason and str(case.reason))
    session.rollback()
    return found


def test_whoever_did_not_come_is_pending_after_the_window_and_not_before(
    app: Flask, session: Session, town: Town
) -> None:
    absent, present, done = town.members[:3]
    for number, member in enumerate((absent, present, done), start=1):
        invite(session, town, member, number)
    window = town.windows[0]
    visit = Visit(
        campaign_id=town.campaign.id,
        member_id=present.id,
        station_id=town.station.id,
        day_on=to_local(window.start_at).date(),
        due_at=window.start_at,
        checked_in_at=window.start_at,
    )
    visit.stages = [Stage(kind=StageKind.WAITING, started_at=window.start_at)]
    session.add(visit)
    complete_case(session, get_case(session, town.campaign.id, done.id), at=window.start_at)
    session.commit()

    assert run_job(app, JOB, window.end_at) == 0
    assert run_job(app, JOB, evening(town)) == 1
    assert run_job(app, JOB, evening(town)) == 0
    assert state_of(session, town, absent) == (CaseState.PENDING, PendingReason.NO_SHOW)
    assert state_of(session, town, present) == (CaseState.NOT_YET, None)
    assert state_of(session, town, done) == (CaseState.DONE, None)


def test_a_settled_case_is_not_reopened_for_the_same_miss(app: Flask, session: Session, town: Town) -> None:
    member = town.members[0]
    invite(session, town, member, 1)
    session.commit()
    run_job(app, JOB, evening(town))
    resolve_case(session, get_case(session, town.campaign.id, member.id), at=evening(town))
    session.commit()
    assert run_job(app, JOB, evening(town) + timedelta(days=1)) == 0
    assert state_of(session, town, member) == (CaseState.NOT_YET, None)


def test_somebody_pending_for_another_reason_keeps_it(app: Flask, session: Session, town: Town) -> None:
    member = town.members[0]
    invite(session, town, member, 1)
    open_case(session, get_case(session, town.campaign.id, member.id), PendingReason.WEAK_HEALTH, at=evening(town))
    session.commit()
    assert run_job(app, JOB, evening(town)) == 0
    assert state_of(session, town, member) == (CaseState.PENDING, PendingReason.WEAK_HEALTH)
