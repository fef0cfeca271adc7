"""A place that nobody will take goes back to its window."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from cardqueue.cases.services import complete_case, get_case
from cardqueue.core.jobs import run_job
from cardqueue.organisation.models import Window
from cardqueue.roster.services import remove_member
from cardqueue.scheduling.models import Appointment, AppointmentState
from cardqueue.scheduling.services import rebook_member
from tests.factories.people import Town, make_town

JOB = "scheduling.release_places"


@pytest.fixture
def town(session: Session) -> Town:
    """One commune."""
    return make_town(session)


def test_members_done_or_removed_before_their_time_give_their_place_back(
    app: Flask, session: Session, town: Town
) -> None:
    at = town.windows[0].start_at - timedelta(days=2)
    done, removed, coming = [
        rebook_member(session, town.campaign, member, at=at, after_at=at) for member in town.members[:3]
    ]
    booked = sum(appointment.work for appointment in (done, removed, coming))
    complete_case(session, get_case(session, town.campaign.id, done.member_id), at=at)
    remove_member(session, removed.member, at=at)
    session.commit()
    assert _booked(session, coming) == booked

    assert run_job(app, JOB, at + timedelta(minutes=1)) == 1
    assert run_job(app, JOB, at + timedelta(minutes=10)) == 1
    assert run_job(app, JOB, at + timedelta(minutes=11)) == 0
    session.rollback()
    session.expire_all()
    states = [session.get_one(Appointment, one.id).state for one in (done, removed, coming)]
    assert states == [AppointmentState.CANCELLED, AppointmentState.CANCELLED, AppointmentState.ACTIVE]
    assert _booked(session, coming) == coming.work


def _booked(session: Session, appointment: Appointment) -> int:
    session.rollback()
    session.expire_all()
    return session.get_one(Window, appointment.window_id).booked_work
