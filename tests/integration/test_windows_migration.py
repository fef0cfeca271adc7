"""Windows and who is booked in them live through the change to places, and back."""

from __future__ import annotations

import flask_migrate
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from cardqueue.core.database import db
from cardqueue.organisation.models import Window
from cardqueue.scheduling.models import MakeUp
from tests.factories.appointments import WORK, invite
from tests.factories.people import make_town

BEFORE_PLACES = "0016"


def test_windows_keep_their_bookings_both_ways(app: Flask, session: Session) -> None:
    town = make_town(session, "a")
    booked = invite(session, town, town.members[:3])
    session.get_one(Window, booked[0].window_id).booked_work = 3 * WORK
    session.add(
        MakeUp(
            campaign_id=town.campaign.id,
            member_id=town.members[5].id,
            window_id=town.windows[1].id,
            arrive_at=town.windows[1].start_at,
            rank=1,
            waiting_since_at=town.windows[0].start_at,
            created_at=town.windows[0].start_at,
        )
    )
    session.commit()
    before = stored(app)
    session.close()
    for revision in (BEFORE_PLACES, "head"):
        with app.app_context():
            go = flask_migrate.upgrade if revision == "head" else flask_migrate.downgrade
            go(directory="migrations", revision=revision)
        assert stored(app) == before
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.execute(sa.text("PRAGMA foreign_key_check")).all() == []


def stored(app: Flask) -> list[list[object]]:
    """Windows, appointments and proposed make-ups as they stand."""
    questions = (
        'SELECT id, start_at, end_at, line_count, capacity_work, booked_work FROM "window" ORDER BY id',
        "SELECT id, window_id, block_id, work FROM appointment ORDER BY id",
        "SELECT id, window_id, member_id FROM make_up ORDER BY id",
    )
    with app.app_context(), db.engine.connect() as connection:
        return [[tuple(row) for row in connection.execute(sa.text(question))] for question in questions]
