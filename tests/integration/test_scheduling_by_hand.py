"""Booking by hand, rebooking single members, and the ledger after any sequence of both."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.cases.models import PendingReason
from cardqueue.cases.services import complete_case, get_case, open_case
from cardqueue.core.errors import Conflict, NotFound, Refused
from cardqueue.organisation.models import Window
from cardqueue.scheduling import queries, services
from cardqueue.scheduling.models import AppointmentState, Block
from cardqueue.scheduling.rules.by_hand import Fit, NoFit
from cardqueue.scheduling.rules.proposal import Mode
from tests.factories.people import make_town
from tests.factories.scheduling import PLANNED_AT, active, check_ledger, make_neighbour, published


def test_a_cell_is_booked_into_the_first_gap_that_holds_it(session: Session) -> None:
    town = make_town(session)
    first = services.book_cell(
        session, town.campaign, town.cells[0], window_id=town.windows[0].id, start_at=None, at=PLANNED_AT
    )
    second = services.book_cell(
        session, town.campaign, town.cells[1], window_id=town.windows[0].id, start_at=None, at=PLANNED_AT
    )
    session.commit()
    assert first.start_at == town.windows[0].start_at
    assert second.start_at >= first.end_at
    assert first.is_manual and second.is_manual
    assert len(active(session, town)) == 8
    check_ledger(session)


def test_what_a_window_lacks_is_said_before_anything_is_booked(session: Session) -> None:
    town = make_town(session, cells=2, members_per_cell=40, lines=1)
    town.windows[0].end_at = town.windows[0].start_at + timedelta(minutes=60)
    town.windows[0].capacity_work = 6000
    session.commit()
    party = queries.party_of_cell(session, town.campaign, town.cells[0], at=PLANNED_AT)
    options = queries.options_by_hand(session, town.campaign, town.committee.id, party, at=PLANNED_AT)
    small, large = options
    assert isinstance(small, NoFit) and small.missing_work > 0 and 0 < small.members_that_fit < 40
    assert isinstance(large, Fit) and len(large.members) == 40
    with pytest.raises(Conflict, match="WINDOW_FULL"):
        services.book_cell(
            session, town.campaign, town.cells[0], window_id=town.windows[0].id, start_at=None, at=PLANNED_AT
        )


def test_of_two_people_who_book_the_same_time_the_second_is_told(session: Session) -> None:
    town = make_town(session)
    start_at = town.windows[0].start_at
    book = {"window_id": town.windows[0].id, "start_at": start_at, "at": PLANNED_AT, "seen_overlap_minutes": 0}
    services.book_cell(session, town.campaign, town.cells[0], **book)  # type: ignore[arg-type]
    session.commit()
    with pytest.raises(Conflict, match="TIME_JUST_TAKEN"):
        services.book_cell(session, town.campaign, town.cells[1], **book)  # type: ignore[arg-type]


def test_a_moved_block_keeps_its_people_and_their_old_slips_lead_to_the_new_time(session: Session) -> None:
    town = make_town(session)
    published(session, town)
    row = queries.blocks_of_committee(session, town.campaign.id, town.committee.id)[0]
    old = {a.member_id: a for a in queries.appointments_of_block(session, row.block.id)}
    target = next(w for w in town.windows if w.id != row.block.window_id)
    start_at = target.start_at + timedelta(minutes=30)
    seen = row.block.start_at
    services.move_block(
        session,
        town.campaign,
        row.block.id,
        window_id=target.id,
        start_at=start_at,
        at=PLANNED_AT,
        seen_start_at=seen,
    )
    session.commit()
    new = {a.member_id: a for a in queries.appointments_of_block(session, row.block.id)}
    assert new.keys() == old.keys()
    assert all(a.window_id == target.id for a in new.values())
    assert all(queries.newest_of(session, old[m]).id == new[m].id for m in old)
    check_ledger(session)
    with pytest.raises(Conflict, match="BLOCK_CHANGED"):
        services.move_block(
            session,
            town.campaign,
            row.block.id,
            window_id=target.id,
            start_at=start_at,
            at=PLANNED_AT,
            seen_start_at=seen,
        )


def test_a_moved_block_leaves_out_those_who_are_done(session: Session) -> None:
    town = make_town(session)
    published(session, town)
    row = queries.blocks_of_committee(session, town.campaign.id, town.committee.id)[0]
    done = queries.appointments_of_block(session, row.block.id)[0]
    complete_case(session, get_case(session, town.campaign.id, done.member_id), at=PLANNED_AT)
    target = next(w for w in town.windows if w.id != row.block.window_id)
    services.move_block(session, town.campaign, row.block.id, window_id=target.id, start_at=None, at=PLANNED_AT)
    session.commit()
    session.refresh(done)
    assert done.state == AppointmentState.CANCELLED
    assert len(queries.appointments_of_block(session, row.block.id)) == row.headcount - 1
    check_ledger(session)


def test_an_unbooked_block_gives_its_room_back(session: Session) -> None:
    town = make_town(session)
    published(session, town)
    row = queries.blocks_of_committee(session, town.campaign.id, town.committee.id)[0]
    assert services.unbook_block(session, town.campaign, row.block.id, at=PLANNED_AT) == row.headcount
    session.commit()
    assert len(active(session, town)) == 12 - row.headcount
    check_ledger(session)
    with pytest.raises(NotFound, match="BLOCK_NOT_FOUND"):
        services.unbook_block(session, town.campaign, row.block.id, at=PLANNED_AT)


def test_a_block_that_has_begun_stays(session: Session) -> None:
    town = make_town(session)
    published(session, town)
    row = queries.blocks_of_committee(session, town.campaign.id, town.committee.id)[0]
    with pytest.raises(Refused, match="BLOCK_BEGUN"):
        services.unbook_block(session, town.campaign, row.block.id, at=row.block.start_at)


def test_a_member_is_rebooked_into_the_next_gap_and_the_old_slip_knows_it(session: Session) -> None:
    town = make_town(session)
    published(session, town)
    old = active(session, town)[0]
    new = services.rebook_member(
        session, town.campaign, town.members[0], at=PLANNED_AT, after_at=town.windows[1].start_at
    )
    session.commit()
    was = {a.member_id: a for a in [old]}.get(town.members[0].id)
    assert new.window_id == town.windows[1].id and new.block_id is None
    if was is not None:
        session.refresh(was)
        assert was.state == AppointmentState.MOVED and was.replaced_by_id == new.id
    in_force = queries.appointments_in_force(session, town.campaign.id, [town.members[0].id], at=PLANNED_AT)
    assert in_force[town.members[0].id].id == new.id
    check_ledger(session)


def test_only_members_who_may_be_invited_are_rebooked(session: Session) -> None:
    town = make_town(session)
    blocked, done = town.members[:2]
    open_case(session, get_case(session, town.campaign.id, blocked.id), PendingReason.WRONG_INFO, at=PLANNED_AT)
    complete_case(session, get_case(session, town.campaign.id, done.id), at=PLANNED_AT)
    with pytest.raises(Refused, match="MEMBER_BLOCKED"):
        services.rebook_member(session, town.campaign, blocked, at=PLANNED_AT, after_at=PLANNED_AT)
    with pytest.raises(Refused, match="MEMBER_DONE"):
        services.rebook_member(session, town.campaign, done, at=PLANNED_AT, after_at=PLANNED_AT)


def test_rebooking_goes_to_the_next_window_when_one_is_full_and_is_refused_when_all_are(session: Session) -> None:
    town = make_town(session, cells=1, members_per_cell=4, lines=1)
    first, second = (session.get_one(Window, window.id) for window in town.windows)
    first.capacity_work, second.capacity_work = 500, 1000
    session.commit()
    got = []
    for member in town.members[:3]:
        got.append(services.rebook_member(session, town.campaign, member, at=PLANNED_AT, after_at=PLANNED_AT))
        session.commit()
    assert [a.window_id for a in got] == [first.id, second.id, second.id]
    with pytest.raises(Refused, match="NO_GAP"):
        services.rebook_member(session, town.campaign, town.members[3], at=PLANNED_AT, after_at=PLANNED_AT)
    session.rollback()
    check_ledger(session)


def test_a_gap_that_somebody_took_is_not_exchanged_silently(session: Session) -> None:
    town = make_town(session, lines=1)
    shown = queries.gaps_for(session, town.campaign, town.members[0], at=PLANNED_AT, after_at=PLANNED_AT)[0]
    for member in town.members[1:6]:
        services.rebook_member(session, town.campaign, member, at=PLANNED_AT, after_at=PLANNED_AT)
    session.commit()
    with pytest.raises(Conflict, match="GAP_JUST_TAKEN"):
        services.rebook_member(
            session,
            town.campaign,
            town.members[0],
            at=PLANNED_AT,
            after_at=shown.arrive_at,
            window_id=shown.window.id,
            seen_arrive_at=shown.arrive_at,
        )


def test_a_cancelled_appointment_gives_its_room_back_and_its_slip_says_so(session: Session) -> None:
    town = make_town(session, cells=1, members_per_cell=1)
    published(session, town)
    appointment = active(session, town)[0]
    services.cancel_appointment(session, appointment, at=PLANNED_AT)
    session.commit()
    found = queries.find_by_code(session, appointment.code)
    assert found is not None and found.state == AppointmentState.CANCELLED
    assert session.scalars(sa.select(Block)).all() == []
    check_ledger(session)


@pytest.mark.parametrize("seed", range(3))
def test_after_any_sequence_of_changes_the_ledger_agrees_with_the_appointments(session: Session, seed: int) -> None:
    town = make_town(session, cells=4, members_per_cell=12, lines=1)
    neighbour = make_neighbour(session, town, members_per_cell=12)
    draw = random.Random(seed)
    campaign = town.campaign

    def rebook() -> None:
        after = draw.choice(town.windows).start_at + timedelta(minutes=draw.randrange(240))
        services.rebook_member(session, campaign, draw.choice(town.members), at=PLANNED_AT, after_at=after)

    def plan() -> None:
        committee_id = draw.choice([town.committee.id, neighbour.id])
        made = services.plan_campaign(session, campaign, committee_id, draw.choice(list(Mode)), at=PLANNED_AT)
        services.publish_plan(session, made, at=PLANNED_AT)

    def book() -> None:
        services.book_cell(
            session, campaign, draw.choice(town.cells), window_id=draw.choice(town.windows).id, start_at=None,
            at=PLANNED_AT,
        )  # fmt: skip

    def move() -> None:
        window = draw.choice(town.windows)
        start_at = window.start_at + timedelta(minutes=5 * draw.randrange(40))
        services.move_block(session, campaign, a_block(), window_id=window.id, start_at=start_at, at=PLANNED_AT)

    def unbook() -> None:
        services.unbook_block(session, campaign, a_block(), at=PLANNED_AT)

    def cancel() -> None:
        services.cancel_appointment(session, draw.choice(active(session, town)), at=PLANNED_AT)

    def finish() -> None:
        member = draw.choice(town.members)
        complete_case(session, get_case(session, campaign.id, member.id), at=PLANNED_AT)

    def a_block() -> int:
        rows = queries.blocks_of_committee(session, campaign.id, town.committee.id)
        return draw.choice(rows).block.id if rows else 0

    for _ in range(25):
        step = draw.choice([rebook, rebook, plan, book, move, unbook, cancel, finish])
        with suppress(Refused, IndexError):
            step()
            session.commit()
        session.rollback()
        check_ledger(session)
