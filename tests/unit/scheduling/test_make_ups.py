"""Make-ups: fair order, good hours for the elderly, nobody twice in one place, and when the evening comes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardqueue.cases.models import PendingReason
from cardqueue.lib.clock import from_local, to_local
from cardqueue.organisation.models import Campaign, Window
from cardqueue.scheduling.rules.by_hand import next_gap
from cardqueue.scheduling.rules.make_ups import (
    Candidate,
    Offer,
    day_to_settle,
    earliest_at,
    evening_at,
    in_fair_order,
    offers,
)
from cardqueue.scheduling.rules.planning import Guest

DAY = date(2030, 8, 9)
AFTER = from_local(DAY, time())
MINUTES = 4.0


def campaign(*, reserve: int = 0) -> Campaign:
    return Campaign(
        starts_on=DAY,
        deadline_on=DAY + timedelta(days=10),
        minutes_per_member=Decimal(4),
        reserve_percent=reserve,
    )


def window(number: int, start: time, end: time, *, day: date = DAY, lines: int = 1, booked: int = 0) -> Window:
    start_at, end_at = from_local(day, start), from_local(day, end)
    capacity = int((end_at - start_at).total_seconds() // 60) * lines * 100
    return Window(
        id=number,
        station_id=1,
        start_at=start_at,
        end_at=end_at,
        line_count=lines,
        capacity_work=capacity,
        booked_work=booked,
    )


def candidate(
    member_id: int, *, year: int = 1990, since: datetime = AFTER, reason: PendingReason | None = PendingReason.NO_SHOW
) -> Candidate:
    return Candidate(member_id, f"Người {member_id}", year, 1, reason, False, since)


def offered(windows: list[Window], people: list[Candidate], **changes: object) -> list[Offer]:
    values: dict[str, object] = {"minutes": MINUTES, "after_at": AFTER, "unavailable": {}} | changes
    return offers(campaign(), windows, people, [], **values)  # type: ignore[arg-type]


def test_whoever_waits_for_more_days_comes_first_and_of_one_day_the_elderly() -> None:
    yesterday = AFTER - timedelta(days=1)
    people = [candidate(1), candidate(2, since=yesterday), candidate(3, year=1940, since=AFTER + timedelta(hours=5))]
    assert [one.member_id for one in in_fair_order(people, campaign())] == [2, 3, 1]


def test_weak_health_exemption_and_asked_for_help_are_visited() -> None:
    assert candidate(1, reason=PendingReason.WEAK_HEALTH).is_visited
    assert candidate(1, reason=PendingReason.EXEMPT).is_visited
    assert Candidate(1, "Người", None, 1, None, True, AFTER).is_visited
    assert not candidate(1).is_visited


def test_the_elderly_pass_over_a_bad_hour_and_the_young_take_it() -> None:
    windows = [window(1, time(17), time(20)), window(2, time(8), time(11), day=DAY + timedelta(days=1))]
    old, young = offered(windows, [candidate(1, year=1940), candidate(2)])
    assert (old.window_id, to_local(old.arrive_at).time(), old.is_good_hour) == (2, time(8), True)
    assert (young.window_id, to_local(young.arrive_at).time(), young.is_good_hour) == (1, time(17), False)


def test_the_elderly_take_a_bad_hour_rather_than_wait_for_days() -> None:
    windows = [window(1, time(17), time(20)), window(2, time(8), time(11), day=DAY + timedelta(days=8))]
    (old,) = offered(windows, [candidate(1, year=1940)])
    assert (old.window_id, old.is_good_hour) == (1, False)


def test_nobody_is_offered_a_day_on_which_the_cell_cannot_come() -> None:
    windows = [window(1, time(8), time(11)), window(2, time(8), time(11), day=DAY + timedelta(days=1))]
    (one,) = offered(windows, [candidate(1)], unavailable={1: frozenset({DAY})})
    assert one.window_id == 2


def test_a_place_kept_for_another_is_not_offered_again() -> None:
    windows = [window(1, time(8), time(11))]
    (first,) = offered(windows, [candidate(1)])
    (second,) = offered(windows, [candidate(2)], kept=[first])
    assert second.arrive_at > first.arrive_at


@settings(max_examples=40, deadline=None)
@given(
    years=st.lists(st.integers(1935, 2005), max_size=60),
    lines=st.integers(1, 3),
    free_minutes=st.lists(st.integers(0, 60), min_size=1, max_size=4),
)
def test_offers_never_pass_what_is_free_and_leave_nobody_out_who_would_fit(
    years: list[int], lines: int, free_minutes: list[int]
) -> None:
    windows = []
    for number, free in enumerate(free_minutes, start=1):
        made = window(number, time(8), time(10), day=DAY + timedelta(days=number), lines=lines)
        made.booked_work = max(0, made.capacity_work - free * lines * 100)
        windows.append(made)
    people = [candidate(n, year=year) for n, year in enumerate(years, start=1)]
    made_offers = offered(windows, people)
    assert len({offer.candidate.member_id for offer in made_offers}) == len(made_offers)
    for one in windows:
        mine = [offer for offer in made_offers if offer.window_id == one.id]
        assert all(one.start_at <= offer.arrive_at < one.end_at for offer in mine)
        # Nobody takes less than four minutes less the usual share of absent people.
        assert len(mine) * 340 <= one.capacity_work - one.booked_work
    if len(made_offers) < len(people):
        assert all(
            one.capacity_work - one.booked_work - 560 * sum(o.window_id == one.id for o in made_offers) < 560
            for one in windows
        )
    assert made_offers == offered(windows, people)


def test_a_day_takes_no_more_of_a_committee_than_its_quota() -> None:
    windows = [
        window(1, time(8), time(11)),
        window(2, time(14), time(16)),
        window(3, time(8), time(11), day=DAY + timedelta(days=1)),
    ]
    made = offered(windows, [candidate(n) for n in range(1, 6)], spare={(1, DAY): 2})
    assert [offer.window_id for offer in made] == [1, 1, 3, 3, 3]


@pytest.mark.parametrize("reserve", [0, 10])
def test_a_place_found_is_found_again_from_its_own_time_on(reserve: int) -> None:
    town = campaign(reserve=reserve)
    windows = [window(1, time(8), time(11))]
    people = [candidate(n, year=1940 if n % 3 else 1990) for n in range(1, 20)]
    made = offers(town, windows, people, [], minutes=MINUTES, after_at=AFTER, unavailable={})
    assert len(made) == len(people)
    for offer in made:
        # Whatever else of the proposal is accepted or not.
        guest = Guest(offer.candidate.member_id, offer.candidate.birth_year)
        found = next_gap(town, windows, guest, [], minutes=MINUTES, after_at=offer.arrive_at, reserve_first=False)
        assert found == (windows[0], offer.arrive_at)


def test_the_evening_comes_after_the_last_window_and_at_six_on_a_quiet_day() -> None:
    end = from_local(DAY, time(17))
    assert evening_at(DAY, [from_local(DAY, time(11)), end]) == end + timedelta(minutes=45)
    assert evening_at(DAY, []) == from_local(DAY, time(18))
    assert day_to_settle([end], end) == DAY - timedelta(days=1)
    assert day_to_settle([end], end + timedelta(minutes=45)) == DAY
    assert day_to_settle([end], end + timedelta(hours=14)) == DAY
    assert earliest_at(datetime(2030, 8, 9, 17, 30, tzinfo=UTC)) == from_local(date(2030, 8, 11), time())
