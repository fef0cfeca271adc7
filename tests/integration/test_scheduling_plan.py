"""The automatic plan: what it proposes, what publishing books, and what it leaves alone."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.cases.models import PendingReason
from cardqueue.cases.services import complete_case, get_case, open_case, resolve_case
from cardqueue.core.errors import Conflict, Refused
from cardqueue.lib.clock import to_local
from cardqueue.lib.slip_code import is_valid
from cardqueue.organisation.models import Window
from cardqueue.scheduling import queries, services
from cardqueue.scheduling.models import Appointment, AppointmentState, Block, Plan, PlanState
from cardqueue.scheduling.rules.measures import planner_window, queue_minutes, wall_clock
from cardqueue.scheduling.rules.proposal import Mode, Proposal
from tests.factories.people import CAMPAIGN_DAY, Town, make_case, make_member, make_town, make_window
from tests.factories.scheduling import PLANNED_AT, active, check_ledger, make_neighbour, make_plan, publish, published


def block_member(session: Session, town: Town, index: int, reason: PendingReason = PendingReason.WRONG_INFO) -> int:
    case = get_case(session, town.campaign.id, town.members[index].id)
    open_case(session, case, reason, at=PLANNED_AT)
    session.commit()
    return case.member_id


def test_a_proposal_books_nothing(session: Session) -> None:
    town = make_town(session)
    plan = make_plan(session, town)
    assert plan.state == PlanState.PROPOSED
    assert Proposal.from_json(plan.proposal).placed_count == 12
    assert active(session, town) == []
    assert all(window.booked_work == 0 for window in session.scalars(sa.select(Window)))


def test_a_published_plan_gives_everybody_a_time_a_number_and_a_code(session: Session) -> None:
    town = make_town(session, cells=6, members_per_cell=12)
    result = published(session, town)
    assert (result.created_count, result.moved_count, result.kept_count) == (72, 0, 0)
    appointments = active(session, town)
    assert {a.member_id for a in appointments} == {m.id for m in town.members}
    assert [a.queue_number for a in appointments] == list(range(1, 73))
    assert len({a.code for a in appointments}) == 72 and all(is_valid(a.code) for a in appointments)
    windows = {window.id: window for window in town.windows}
    for appointment in appointments:
        window = windows[appointment.window_id]
        assert window.start_at <= appointment.arrive_at < window.end_at
        assert to_local(appointment.arrive_at).minute % 5 == 0
        assert appointment.day_on == CAMPAIGN_DAY
    check_ledger(session)


def test_members_of_a_cell_come_one_after_the_other_in_their_block(session: Session) -> None:
    town = make_town(session)
    published(session, town)
    rows = queries.blocks_of_committee(session, town.campaign.id, town.committee.id)
    assert sum(row.headcount for row in rows) == 12
    for row in rows:
        arrivals = [a.arrive_at for a in queries.appointments_of_block(session, row.block.id)]
        assert arrivals == sorted(arrivals)
        assert row.block.start_at == arrivals[0] == row.first_at
        assert arrivals[-1] < row.block.end_at
        assert row.block.explanation is not None and row.block.explanation["members"] == row.headcount


def test_members_with_a_blocking_case_and_those_outside_the_count_are_left_out(session: Session) -> None:
    town = make_town(session)
    blocked = block_member(session, town, 0)
    not_blocking = block_member(session, town, 1, PendingReason.BUSY)
    done = town.members[2].id
    complete_case(session, get_case(session, town.campaign.id, done), at=PLANNED_AT)
    outside = make_member(session, town.cells[0], 900, status="probationary")
    make_case(session, town.campaign, outside)
    session.commit()
    published(session, town)
    invited = {a.member_id for a in active(session, town)}
    assert not_blocking in invited
    assert not invited & {blocked, done, outside.id}
    standings = queries.list_standings(session, town.campaign.id, town.committee.id, at=PLANNED_AT)
    assert [s.member_id for s in standings if s.is_blocked] == [blocked]


def test_planning_again_gives_times_only_to_those_who_have_none(session: Session) -> None:
    town = make_town(session)
    blocked = block_member(session, town, 5)
    published(session, town)
    before = {a.member_id: (a.code, a.arrive_at, a.queue_number) for a in active(session, town)}
    resolve_case(session, get_case(session, town.campaign.id, blocked), at=PLANNED_AT)
    session.commit()
    result = published(session, town)
    assert result.created_count == 1 and result.moved_count == 0
    after = {a.member_id: (a.code, a.arrive_at, a.queue_number) for a in active(session, town)}
    assert {member: after[member] for member in before} == before
    assert blocked in after
    check_ledger(session)


def test_planning_from_scratch_keeps_every_slip_that_still_says_the_truth(session: Session) -> None:
    town = make_town(session, cells=5, members_per_cell=8)
    published(session, town)
    before = {a.member_id: a.code for a in active(session, town)}
    result = published(session, town, Mode.ANEW)
    assert (result.created_count, result.moved_count, result.kept_count) == (0, 0, 40)
    assert {a.member_id: a.code for a in active(session, town)} == before
    assert session.scalar(sa.select(sa.func.count()).select_from(Plan).where(Plan.state == PlanState.SUPERSEDED)) == 1
    check_ledger(session)


def test_planning_from_scratch_moves_those_whose_window_has_shrunk_and_says_where_they_went(session: Session) -> None:
    town = make_town(session, cells=4, members_per_cell=10)
    published(session, town)
    old = {a.member_id: a for a in active(session, town)}
    used = session.get_one(Window, active(session, town)[0].window_id)
    other = next(window for window in town.windows if window.id != used.id)
    # A line breaks down; the ledger of the past bookings may not be above what is left, so it keeps room for them.
    used.line_count = 1
    used.capacity_work = max(used.booked_work, 270 * 100)
    used.end_at = used.start_at + timedelta(minutes=60)
    session.commit()
    result = published(session, town, Mode.ANEW)
    assert result.moved_count > 0
    for appointment in active(session, town):
        was = old[appointment.member_id]
        if was.id != appointment.id:
            session.refresh(was)
            assert was.state == AppointmentState.MOVED and was.replaced_by_id == appointment.id
            assert queries.newest_of(session, was).id == appointment.id
    assert any(a.window_id == other.id for a in active(session, town))
    check_ledger(session)


def test_planning_from_scratch_leaves_alone_what_a_person_placed(session: Session) -> None:
    town = make_town(session)
    start_at = town.windows[1].start_at + timedelta(minutes=60)
    services.book_cell(
        session, town.campaign, town.cells[1], window_id=town.windows[1].id, start_at=start_at, at=PLANNED_AT
    )
    session.commit()
    published(session, town)
    published(session, town, Mode.ANEW)
    blocks = queries.blocks_of_committee(session, town.campaign.id, town.committee.id, cell_id=town.cells[1].id)
    assert [(row.block.start_at, row.block.is_manual) for row in blocks] == [(start_at, True)]
    check_ledger(session)


def test_planning_from_scratch_takes_out_those_who_may_no_longer_come(session: Session) -> None:
    town = make_town(session)
    published(session, town)
    blocked = block_member(session, town, 3)
    result = published(session, town, Mode.ANEW)
    assert result.cancelled_count == 1
    assert blocked not in {a.member_id for a in active(session, town)}
    check_ledger(session)


def test_somebody_who_missed_the_day_is_planned_again_and_the_old_slip_leads_to_the_new_one(session: Session) -> None:
    town = make_town(session)
    published(session, town)
    missed = active(session, town)[0]
    next_day = CAMPAIGN_DAY + timedelta(days=3)
    make_window(session, town.campaign, town.station, next_day, time(18), time(21), 2)
    for member in town.members:
        if member.id != missed.member_id:
            complete_case(session, get_case(session, town.campaign.id, member.id), at=PLANNED_AT)
    case = get_case(session, town.campaign.id, missed.member_id)
    open_case(session, case, PendingReason.NO_SHOW, at=PLANNED_AT)
    session.commit()
    later = town.windows[1].end_at + timedelta(hours=1)
    result = published(session, town, at=later)
    assert (result.created_count, result.moved_count) == (0, 1)
    old = queries.find_by_code(session, missed.code)
    assert old is not None and old.state == AppointmentState.MOVED
    new = queries.newest_of(session, old)
    assert new.day_on == next_day and new.state == AppointmentState.ACTIVE
    check_ledger(session)


def test_a_member_who_was_blocked_or_rebooked_after_the_proposal_is_passed_over(session: Session) -> None:
    town = make_town(session)
    plan = make_plan(session, town)
    blocked = block_member(session, town, 0)
    moved = town.members[4]
    appointment = services.rebook_member(
        session, town.campaign, moved, at=PLANNED_AT, after_at=town.windows[1].start_at
    )
    session.commit()
    result = publish(session, plan)
    assert result.skipped_count == 2
    in_force = {a.member_id: a.id for a in active(session, town)}
    assert blocked not in in_force
    assert in_force[moved.id] == appointment.id
    check_ledger(session)


def test_publishing_twice_is_refused(session: Session) -> None:
    town = make_town(session)
    plan = make_plan(session, town)
    publish(session, plan)
    with pytest.raises(Conflict, match="PLAN_NOT_OPEN"):
        services.publish_plan(session, plan, at=PLANNED_AT)


def test_a_proposal_that_no_longer_fits_names_the_window_and_the_missing_minutes(session: Session) -> None:
    town = make_town(session, cells=2, members_per_cell=10)
    plan = make_plan(session, town)
    window = session.get_one(Window, Proposal.from_json(plan.proposal).window_ids[0])
    window.capacity_work, span = 1000, window.span
    session.commit()
    with pytest.raises(Conflict) as refusal:
        services.publish_plan(session, plan, at=PLANNED_AT)
    session.rollback()
    assert refusal.value.reason_code == "WINDOW_FULL"
    assert refusal.value.values["window"] == span
    assert refusal.value.values["minutes"] > 0
    assert active(session, town) == []


def test_a_proposal_whose_hours_others_have_filled_is_outdated(session: Session) -> None:
    town = make_town(session, cells=2, members_per_cell=25)
    neighbour = make_neighbour(session, town, members_per_cell=25)
    mine = make_plan(session, town)
    theirs = services.plan_campaign(session, town.campaign, neighbour.id, Mode.FILL, at=PLANNED_AT)
    session.commit()
    publish(session, theirs)
    with pytest.raises(Conflict, match="PLAN_OUTDATED"):
        services.publish_plan(session, mine, at=PLANNED_AT)
    session.rollback()
    check_ledger(session)


def test_the_blocks_of_another_committee_keep_their_time(session: Session) -> None:
    town = make_town(session, cells=2, members_per_cell=25)
    neighbour = make_neighbour(session, town, members_per_cell=25)
    publish(session, services.plan_campaign(session, town.campaign, neighbour.id, Mode.FILL, at=PLANNED_AT))
    theirs = {a.id: (a.arrive_at, a.state) for a in active(session, town)}
    assert len(theirs) == 50
    published(session, town)
    published(session, town, Mode.ANEW)
    both = active(session, town)
    assert len(both) == 100
    assert {a.id: (a.arrive_at, a.state) for a in both if a.id in theirs} == theirs
    for window in town.windows:
        pairs = [(wall_clock(a.arrive_at), a.work) for a in both if a.window_id == window.id]
        assert queue_minutes(planner_window(window), pairs) <= 20
    assert len(queries.blocks_of_station(session, town.campaign.id, town.station.id)) == 4
    check_ledger(session)


def test_a_proposal_into_a_window_that_has_begun_is_outdated(session: Session) -> None:
    town = make_town(session)
    plan = make_plan(session, town)
    with pytest.raises(Conflict, match="PLAN_OUTDATED"):
        services.publish_plan(session, plan, at=town.windows[0].start_at + timedelta(minutes=1))


def test_nothing_is_proposed_without_windows_or_without_people(session: Session) -> None:
    town = make_town(session)
    published(session, town)
    with pytest.raises(Refused, match="NOBODY_TO_PLACE"):
        services.plan_campaign(session, town.campaign, town.committee.id, Mode.FILL, at=PLANNED_AT)
    with pytest.raises(Refused, match="NO_WINDOWS"):
        services.plan_campaign(
            session, town.campaign, town.committee.id, Mode.ANEW, at=town.windows[1].end_at - timedelta(minutes=1)
        )
    town.campaign.closed_at = PLANNED_AT
    with pytest.raises(Refused, match="PLANNING_CLOSED"):
        services.plan_campaign(session, town.campaign, town.committee.id, Mode.ANEW, at=PLANNED_AT)


def test_a_new_proposal_replaces_the_open_one(session: Session) -> None:
    town = make_town(session)
    first = make_plan(session, town)
    second = make_plan(session, town)
    session.refresh(first)
    assert first.state == PlanState.DISCARDED
    open_one = queries.find_proposal(session, town.campaign.id, town.committee.id)
    assert open_one is not None and open_one.id == second.id
    services.discard_plan(session, second)
    session.commit()
    assert queries.find_proposal(session, town.campaign.id, town.committee.id) is None
    with pytest.raises(Conflict, match="PLAN_NOT_OPEN"):
        services.discard_plan(session, second)


def test_members_nobody_can_place_are_listed_with_the_reason(session: Session) -> None:
    town = make_town(session, cells=2, members_per_cell=20, lines=1)
    for window in town.windows:
        window.end_at = window.start_at + timedelta(minutes=60)
        window.capacity_work = 6000
    session.commit()
    proposal = Proposal.from_json(make_plan(session, town).proposal)
    assert proposal.placed_count + len(proposal.unplaced) == 40
    assert proposal.unplaced and {u.code for u in proposal.unplaced} <= {"FULL", "DAY_SPARED"}


def test_the_plan_of_a_full_day_lets_nobody_queue_on_paper(session: Session) -> None:
    town = make_town(session, cells=12, members_per_cell=14)
    published(session, town)
    arrivals: dict[int, list[Appointment]] = {}
    for appointment in active(session, town):
        arrivals.setdefault(appointment.window_id, []).append(appointment)
    for window in town.windows:
        pairs = [(wall_clock(a.arrive_at), a.work) for a in arrivals.get(window.id, [])]
        assert queue_minutes(planner_window(window), pairs) <= 15
    assert session.scalar(sa.select(sa.func.count()).select_from(Block)) == 12
