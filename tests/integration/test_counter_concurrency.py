"""Many officers at once, on both databases: nobody is called twice, nobody is lost."""

from __future__ import annotations

import re
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from typing import TypeVar

import sqlalchemy as sa
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from cardqueue.core.audit import act_as
from cardqueue.core.database import db, writing
from cardqueue.core.errors import Conflict
from cardqueue.core.models import AnsweredRequest
from cardqueue.counter import services
from cardqueue.counter.models import Stage, StageKind, Visit
from cardqueue.counter.services import Desk
from cardqueue.lib.clock import from_local, now_at
from cardqueue.lib.names import search_key, sort_key
from cardqueue.roster.models import Member
from tests.factories.counter import desk_of, make_appointment, make_waiting
from tests.factories.people import CAMPAIGN_DAY, Town, make_town

OPENING = from_local(CAMPAIGN_DAY, time(7))
SignIn = Callable[[str], FlaskClient]
Result = TypeVar("Result")


def at_once(jobs: list[Callable[[], Result]]) -> list[Result]:
    """Run all jobs in threads that start together."""
    ready = threading.Barrier(len(jobs))

    def run(job: Callable[[], Result]) -> Result:
        ready.wait(timeout=30)
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result(timeout=120) for future in [pool.submit(run, job) for job in jobs]]


def plain_browser(app: Flask, signed_in: FlaskClient) -> Callable[[dict[str, str]], TestResponse]:
    """Check-ins from a signed-in browser; the tests' own client listens to the database, which threads cannot share."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', signed_in.get("/counter/line").text)
    cookie = signed_in.get_cookie("session")
    assert token is not None and cookie is not None
    headers = {"X-CSRFToken": token[1]}

    def check_in(sent: dict[str, str]) -> TestResponse:
        browser = FlaskClient(app, Response)
        browser.set_cookie("session", cookie.value)
        return browser.post("/api/v1/check-ins", json=sent, headers=headers)

    return check_in


def fill_queue(session: Session, town: Town, count: int) -> None:
    """`count` members who wait, put in by a few statements."""
    names = [f"Nguyễn Văn Thử {n}" for n in range(count)]
    member_ids = session.scalars(
        sa.insert(Member).returning(Member.id),
        [
            {
                "committee_id": town.committee.id,
                "cell_id": town.cells[0].id,
                "full_name": name,
                "search_key": search_key(name),
                "sort_key": sort_key(name),
                "created_at": now_at(),
                "updated_at": now_at(),
            }
            for name in names
        ],
    ).all()
    visits = [
        {
            "campaign_id": town.campaign.id,
            "member_id": member_id,
            "station_id": town.station.id,
            "day_on": CAMPAIGN_DAY,
            "due_at": OPENING + timedelta(seconds=n),
            "checked_in_at": OPENING,
        }
        for n, member_id in enumerate(member_ids)
    ]
    visit_ids = session.scalars(sa.insert(Visit).returning(Visit.id), visits).all()
    session.execute(
        sa.insert(Stage),
        [{"visit_id": visit_id, "kind": StageKind.WAITING, "started_at": OPENING} for visit_id in visit_ids],
    )
    session.commit()


def test_eight_officers_take_from_one_queue_of_500_and_each_member_is_called_once(app: Flask, session: Session) -> None:
    town = make_town(session, lines=8)
    fill_queue(session, town, 500)
    desks = [desk_of(session, town, line=n) for n in range(8)]
    session.commit()
    engine = db.engine

    def work(desk: Desk) -> list[int]:
        called: list[int] = []
        with Session(engine, autoflush=False, expire_on_commit=False) as own:
            while True:
                with writing(own):
                    act_as(own, f"line {desk.line_id}")
                    visit = services.call_next(own, desk, at=now_at() + timedelta(days=3650))
                if visit is None:
                    return called
                called.append(visit.member_id)
                # The outcome is another test's; here the line only becomes free again.
                with writing(own):
                    own.execute(
                        sa.update(Stage)
                        .where(Stage.visit_id == visit.id, Stage.kind == StageKind.SERVING)
                        .values(ended_at=Stage.started_at)
                    )

    by_line = at_once([lambda desk=desk: work(desk) for desk in desks])  # type: ignore[misc]
    times = Counter(member_id for called in by_line for member_id in called)
    assert len(times) == 500
    assert set(times.values()) == {1}
    served = session.scalar(sa.select(sa.func.count(Stage.id)).where(Stage.kind == StageKind.SERVING))
    assert served == 500


def test_two_officers_take_the_same_member_and_one_is_told(app: Flask, session: Session) -> None:
    town = make_town(session)
    visit = make_waiting(session, town, town.members[0], OPENING, since_at=OPENING)
    desks = [desk_of(session, town, line=n) for n in range(2)]
    session.commit()
    engine = db.engine

    def take(desk: Desk) -> str:
        with Session(engine, autoflush=False, expire_on_commit=False) as own:
            try:
                with writing(own):
                    services.take(own, desk, visit.id, at=OPENING + timedelta(minutes=1))
            except Conflict as conflict:
                return f"{conflict.reason_code} {conflict.values['line']}"
        return "taken"

    answers = at_once([lambda desk=desk: take(desk) for desk in desks])  # type: ignore[misc]
    assert answers in (["taken", "TAKEN_ALREADY 1"], ["TAKEN_ALREADY 2", "taken"])


def test_two_officers_scan_the_same_slip_and_one_visit_opens(app: Flask, session: Session) -> None:
    town = make_town(session)
    slip = make_appointment(session, town, town.members[0], OPENING)
    desks = [desk_of(session, town, line=n) for n in range(2)]
    session.commit()
    engine = db.engine

    def scan(desk: Desk) -> str:
        with Session(engine, autoflush=False, expire_on_commit=False) as own, writing(own):
            return services.scan_slip(own, desk, slip.code, at=OPENING).answer.code

    assert sorted(at_once([lambda desk=desk: scan(desk) for desk in desks])) == [  # type: ignore[misc]
        "ALREADY_HERE",
        "ON_TIME",
    ]
    assert session.scalar(sa.select(sa.func.count(Visit.id))) == 1


def test_the_same_nonce_twice_at_once_opens_one_visit_and_gets_one_answer(
    app: Flask, sign_in: SignIn, session: Session
) -> None:
    town = make_town(session)
    slip = make_appointment(session, town, town.members[0], now_at())
    session.commit()
    sent = {"code": slip.code, "nonce": str(uuid.uuid4())}
    browsers = [plain_browser(app, sign_in("a.officer")) for _ in range(4)]
    answers = at_once([lambda browser=browser: browser(sent) for browser in browsers])  # type: ignore[misc]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert session.scalar(sa.select(sa.func.count(Visit.id))) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(AnsweredRequest)) == 1
