"""Shaping blocks by hand: kept where they stand, split, brought together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.core.errors import Conflict, NotFound, Refused
from cardqueue.scheduling import queries, services
from cardqueue.scheduling.rules.proposal import Mode
from tests.factories.people import Town, make_town
from tests.factories.scheduling import PLANNED_AT, active, check_ledger, published

SignIn = Callable[[str], FlaskClient]


@pytest.fixture(autouse=True)
def in_the_weeks_before(app: object) -> Iterator[None]:
    with time_machine.travel(PLANNED_AT, tick=True):
        yield


@pytest.fixture
def town(session: Session) -> Town:
    """A town whose cells all have their time."""
    town = make_town(session)
    published(session, town)
    return town


def first(session: Session, town: Town) -> queries.BlockRow:
    return queries.blocks_of_committee(session, town.campaign.id, town.committee.id)[0]


def split(session: Session, town: Town, count: int = 2) -> tuple[int, int]:
    """Let the last members of the first block come in the other window. Committed; the ids of both parts."""
    row = first(session, town)
    members = [one.member_id for one in queries.appointments_of_block(session, row.block.id)][-count:]
    other = next(window for window in town.windows if window.id != row.block.window_id)
    part = services.split_block(
        session,
        town.campaign,
        row.block.id,
        members,
        window_id=other.id,
        start_at=None,
        at=PLANNED_AT,
        seen_start_at=row.block.start_at,
        seen_overlap_minutes=0,
    )
    session.commit()
    return row.block.id, part.id


def test_a_pinned_block_stays_when_all_is_planned_anew(session: Session, town: Town) -> None:
    row = first(session, town)
    services.pin_block(
        session, town.campaign, row.block.id, is_pinned=True, at=PLANNED_AT, seen_start_at=row.block.start_at
    )
    session.commit()
    before = {one.member_id: one.arrive_at for one in queries.appointments_of_block(session, row.block.id)}
    town.windows[0].line_count += 2
    session.commit()
    published(session, town, Mode.ANEW)
    after = {one.member_id: one.arrive_at for one in active(session, town)}
    assert {member: after[member] for member in before} == before
    check_ledger(session)


def test_a_block_that_moved_meanwhile_is_not_pinned_unseen(session: Session, town: Town) -> None:
    row = first(session, town)
    with pytest.raises(Conflict, match="BLOCK_CHANGED"):
        services.pin_block(
            session,
            town.campaign,
            row.block.id,
            is_pinned=True,
            at=PLANNED_AT,
            seen_start_at=row.block.start_at + timedelta(minutes=5),
        )


def test_a_split_cell_comes_in_two_parts_and_nobody_twice(session: Session, town: Town) -> None:
    old_id, new_id = split(session, town)
    assert len(queries.appointments_of_block(session, old_id)) == 2
    assert len(queries.appointments_of_block(session, new_id)) == 2
    assert len(active(session, town)) == 12
    check_ledger(session)


def test_splitting_everybody_off_leaves_no_empty_block(session: Session, town: Town) -> None:
    old_id, new_id = split(session, town, count=4)
    assert queries.find_block(session, town.campaign.id, old_id) is None
    assert len(queries.appointments_of_block(session, new_id)) == 4


def test_nobody_chosen_is_said(session: Session, town: Town) -> None:
    row = first(session, town)
    with pytest.raises(Refused, match="NOBODY_CHOSEN"):
        services.split_block(
            session,
            town.campaign,
            row.block.id,
            [],
            window_id=town.windows[1].id,
            start_at=None,
            at=PLANNED_AT,
            seen_start_at=row.block.start_at,
            seen_overlap_minutes=0,
        )


def test_two_parts_are_one_again_after_merging(session: Session, town: Town) -> None:
    old_id, new_id = split(session, town)
    part = queries.find_block(session, town.campaign.id, new_id)
    assert part is not None
    rows = queries.blocks_of_committee(session, town.campaign.id, town.committee.id)
    foreign = next(row.block for row in rows if row.block.cell_id != part.cell_id)
    seen = {"at": PLANNED_AT, "seen_start_at": part.start_at, "seen_overlap_minutes": 60}
    with pytest.raises(NotFound):
        services.merge_block(session, town.campaign, new_id, foreign.id, **seen)  # type: ignore[arg-type]
    session.rollback()
    services.merge_block(session, town.campaign, new_id, old_id, **seen)  # type: ignore[arg-type]
    session.commit()
    assert queries.find_block(session, town.campaign.id, new_id) is None
    assert len(queries.appointments_of_block(session, old_id)) == 4
    assert len(active(session, town)) == 12
    check_ledger(session)


def test_the_pages_show_the_consequences_before_anything_is_saved(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    client = sign_in("a.committee")
    row = first(session, town)
    members = [one.member_id for one in queries.appointments_of_block(session, row.block.id)][-2:]
    address = f"/plan/blocks/{row.block.id}/split"
    assert "Ai đến riêng" in client.get(address).text
    other = next(window for window in town.windows if window.id != row.block.window_id)
    assert client.get(f"{address}?window={other.id}").status_code == 422
    chosen = "&".join(f"member={member}" for member in members)
    page = client.get(f"{address}?window={other.id}&{chosen}").text
    assert "Xem trước: chưa lưu" in page
    session.rollback()
    assert len(queries.blocks_of_committee(session, town.campaign.id, town.committee.id)) == 3
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    data: dict[str, list[str]] = {}
    for name, value in hidden:
        if name != "csrf_token":
            data.setdefault(name, []).append(value)
    saved = client.post(address, data=data)
    assert saved.status_code == 302
    part_page = client.get(saved.location).text
    assert "Gộp với phần khác" in part_page and "Bỏ cố định" in part_page
    part_id = int(saved.location.rsplit("/", 1)[1])
    merging = client.get(f"/plan/blocks/{part_id}/merge").text
    assert "Gộp vào phần này" in merging
