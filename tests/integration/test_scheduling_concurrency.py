"""Many people at once, each in a session of their own, on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy.orm import Session

from cardqueue.core.database import db, writing
from cardqueue.core.errors import Refused
from cardqueue.organisation.models import Campaign, Window
from cardqueue.roster.models import Member
from cardqueue.scheduling import services
from cardqueue.scheduling.models import Plan
from cardqueue.scheduling.rules.proposal import Mode
from tests.factories.people import make_town
from tests.factories.scheduling import PLANNED_AT, active, check_ledger, make_neighbour, make_plan


def at_once(app: Flask, works: list[Callable[[Session], object]]) -> Counter[str]:
    """Run pieces of work in parallel transactions; count the outcomes by refusal, "done" for success."""

    def run(work: Callable[[Session], object]) -> str:
        with app.app_context():
            try:
                with writing(db.session()) as session:
                    work(session)
            except Refused as refusal:
                return refusal.reason_code
            finally:
                db.session.remove()
            return "done"

    with ThreadPoolExecutor(max_workers=20) as pool:
        return Counter(pool.map(run, works))


def rebooking(campaign_id: int, member_id: int) -> Callable[[Session], object]:
    def work(session: Session) -> object:
        campaign, member = session.get_one(Campaign, campaign_id), session.get_one(Member, member_id)
        return services.rebook_member(session, campaign, member, at=PLANNED_AT, after_at=PLANNED_AT)

    return work


def publishing(plan_id: int) -> Callable[[Session], object]:
    return lambda session: services.publish_plan(session, session.get_one(Plan, plan_id), at=PLANNED_AT)


def test_200_bookings_at_once_sell_no_place_twice(app: Flask, session: Session) -> None:
    town = make_town(session, cells=4, members_per_cell=50, lines=2)
    for window in town.windows:
        session.get_one(Window, window.id).capacity_work = 36_800 // 4
    session.commit()
    outcomes = at_once(app, [rebooking(town.campaign.id, member.id) for member in town.members])
    appointments = active(session, town)
    assert outcomes == {"done": len(appointments), "NO_GAP": 200 - len(appointments)}
    assert 30 < len(appointments) <= 50
    assert len({(a.day_on, a.queue_number) for a in appointments}) == len(appointments)
    # What is left over is less than one more member would take.
    for window in town.windows:
        left = session.get_one(Window, window.id, populate_existing=True)
        assert left.capacity_work - left.booked_work < 497
    check_ledger(session)


def test_of_two_who_publish_one_plan_at_once_one_wins(app: Flask, session: Session) -> None:
    town = make_town(session, cells=3, members_per_cell=10)
    plan = make_plan(session, town)
    outcomes = at_once(app, [publishing(plan.id)] * 4)
    assert outcomes == {"done": 1, "PLAN_NOT_OPEN": 3}
    assert len(active(session, town)) == 30
    check_ledger(session)


def test_of_two_committees_that_publish_into_the_same_hours_at_once_one_wins(app: Flask, session: Session) -> None:
    town = make_town(session, cells=2, members_per_cell=40, lines=2)
    neighbour = make_neighbour(session, town, members_per_cell=40)
    mine = make_plan(session, town)
    theirs = services.plan_campaign(session, town.campaign, neighbour.id, Mode.FILL, at=PLANNED_AT)
    session.commit()
    outcomes = at_once(app, [publishing(mine.id), publishing(theirs.id)])
    assert outcomes["done"] == 1
    assert len(active(session, town)) == 80
    check_ledger(session)


def test_publishing_and_rebooking_at_once_never_lock_each_other_out(app: Flask, session: Session) -> None:
    town = make_town(session, cells=5, members_per_cell=10, lines=2)
    plan = make_plan(session, town)
    works = [rebooking(town.campaign.id, member.id) for member in town.members[:25]]
    works.insert(10, publishing(plan.id))
    outcomes = at_once(app, works)
    assert outcomes["done"] >= 25
    assert sum(outcomes.values()) == 26
    check_ledger(session)
