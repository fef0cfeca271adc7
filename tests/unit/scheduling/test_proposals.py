"""What the planner is asked and answers, as the plan's pages keep it; how a day is drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from cardqueue.lib.intervals import Interval
from cardqueue.organisation.models import Campaign, Window
from cardqueue.scheduling.planner import engine
from cardqueue.scheduling.planner.free_time import No
from cardqueue.scheduling.planner.work import expected_work
from cardqueue.scheduling.rules.by_hand import DayQuota, Fit, NoFit, next_gap, try_window
from cardqueue.scheduling.rules.measures import planner_params, planner_window, queue_minutes, wall_clock
from cardqueue.scheduling.rules.planning import Booked, Guest, Question, stays, to_problem, to_proposal
from cardqueue.scheduling.rules.proposal import Mode, Place, Proposal, Turn, compare
from cardqueue.scheduling.rules.timeline import Bar, half_hours, rows_of

SEVEN = datetime(2030, 8, 9, 0, 0, tzinfo=UTC)
"""Seven in the morning in Vietnam."""


MINUTES = 4.0


def a_campaign() -> Campaign:
    return Campaign(
        starts_on=date(2030, 8, 9), deadline_on=date(2030, 8, 20), minutes_per_member=Decimal(4), reserve_percent=0
    )


def a_window(number: int = 1, *, start_at: datetime = SEVEN, hours: int = 4, lines: int = 3) -> Window:
    end_at = start_at + timedelta(hours=hours)
    capacity = hours * 60 * lines * 100
    return Window(id=number, station_id=1, start_at=start_at, end_at=end_at, line_count=lines, capacity_work=capacity)


def guests(count: int, first: int = 1) -> list[Guest]:
    return [Guest(first + n, 1990) for n in range(count)]


def booked(member_id: int, arrive_at: datetime, *, work: int = 368, block_id: int | None = 7) -> Booked:
    return Booked(member_id, member_id, 1990, 1, 1, block_id, arrive_at, work)


def ask(
    cells: dict[int, list[Guest]],
    staying: list[Booked],
    windows: list[Window],
    *,
    committee_id: int = 0,
    day_quota: int | None = None,
) -> Proposal:
    question = Question(
        campaign=a_campaign(),
        minutes=MINUTES,
        windows=windows,
        guests=cells,
        before=[],
        staying=staying,
        linked_days={},
        known={},
        committee_id=committee_id,
        day_quota=day_quota,
    )
    problem, keep = to_problem(question)
    return to_proposal(engine.plan(problem, keep=keep), question, Mode.FILL)


def test_a_proposal_survives_being_kept() -> None:
    proposal = ask({1: guests(5), 2: guests(8, first=10)}, [], [a_window()])
    assert Proposal.from_json(proposal.to_json()) == proposal
    assert proposal.placed_count == 13


def test_what_stays_is_not_part_of_the_proposal_and_keeps_its_room() -> None:
    staying = [booked(100 + n, SEVEN + timedelta(minutes=5 * (n // 4))) for n in range(40)]
    proposal = ask({1: guests(20)}, staying, [a_window()])
    assert {m for turn in proposal.turns for m in turn.members} == {g.member_id for g in guests(20)}
    assert min(turn.start_at for turn in proposal.turns) >= SEVEN + timedelta(minutes=45)
    assert proposal.foreign_work == {1: 40 * 368}


def test_work_booked_with_longer_minutes_is_not_given_away() -> None:
    people = [booked(n, SEVEN, work=600) for n in range(1, 11)]
    pairs = stays(people, [a_window()], a_campaign(), planner_params(MINUTES))
    assert all(block.work == expected_work(cell.members, planner_params(MINUTES)) for cell, block in pairs)
    assert sum(block.work for _, block in pairs) >= 6000


def test_a_plan_keeps_to_the_members_per_day_and_counts_those_who_come_already() -> None:
    days = [a_window(n + 1, start_at=SEVEN + timedelta(days=n)) for n in range(3)]
    ours = [replace(booked(100 + n, SEVEN, work=600), committee_id=5) for n in range(4)]
    others = [replace(booked(200 + n, SEVEN, block_id=None), committee_id=6) for n in range(30)]
    proposal = ask(
        {cell: guests(8, first=10 * cell) for cell in range(1, 4)}, [*ours, *others], days, committee_id=5, day_quota=10
    )
    per_day: dict[int, int] = {}
    for turn in proposal.turns:
        per_day[turn.window_id] = per_day.get(turn.window_id, 0) + len(turn.members)
    assert proposal.placed_count + len(proposal.unplaced) == 24
    assert per_day.get(1, 0) <= 6 and max(per_day.values()) <= 10
    # Whole cells of eight fit on two of the three days; the rest is told why.
    assert proposal.placed_count >= 16
    assert {unplaced.code for unplaced in proposal.unplaced} <= {"QUOTA"}


def test_by_hand_the_members_per_day_are_not_passed() -> None:
    window = a_window()
    no_fit = try_window(a_campaign(), window, guests(5), [], minutes=MINUTES, day_quota=DayQuota(most=12, invited=9))
    assert isinstance(no_fit, NoFit)
    assert (no_fit.code, no_fit.missing_work, no_fit.members_that_fit) == (No.QUOTA, 2, 3)
    assert isinstance(
        try_window(a_campaign(), window, guests(3), [], minutes=MINUTES, day_quota=DayQuota(most=12, invited=9)), Fit
    )


def test_a_difference_puts_everybody_into_one_of_four_kinds() -> None:
    at = [SEVEN + timedelta(minutes=5 * n) for n in range(4)]
    turn = Turn(1, 1, at[0], at[3], (1, 2, 3, 4), tuple(at), (368,) * 4)
    difference = compare([turn], {2: Place(2, at[1]), 3: Place(1, at[0]), 4: Place(1, at[3])})
    kinds = (difference.added, difference.moved, difference.retimed, difference.same)
    assert [[c.member_id for c in changes] for changes in kinds] == [[1], [2], [3], [4]]


def test_by_hand_a_party_fits_or_the_missing_work_is_said() -> None:
    window = a_window(hours=1, lines=1)
    fit = try_window(a_campaign(), window, guests(5), [], minutes=MINUTES)
    assert isinstance(fit, Fit) and fit.start_at == SEVEN and fit.left_work == 6000 - 5 * 368
    no_fit = try_window(a_campaign(), window, guests(20), [], minutes=MINUTES)
    assert isinstance(no_fit, NoFit) and no_fit.missing_work == 20 * 368 - 6000 and no_fit.members_that_fit == 16


def test_the_next_gap_goes_round_those_who_come_already() -> None:
    window = a_window(lines=1)
    crowd = [booked(n, SEVEN, block_id=None) for n in range(1, 4)]
    gap = next_gap(a_campaign(), [window], Guest(9, 1990), crowd, minutes=MINUTES, after_at=SEVEN)
    assert gap is not None and gap[0] is window and gap[1] > SEVEN
    assert next_gap(a_campaign(), [window], Guest(9, 1990), crowd, minutes=MINUTES, after_at=window.end_at) is None


def test_the_longest_wait_of_people_who_all_come_at_once() -> None:
    window = planner_window(a_window(lines=2))
    assert queue_minutes(window, [(wall_clock(SEVEN), 400)] * 10) == 18
    spread = [(wall_clock(SEVEN + timedelta(minutes=2 * n)), 400) for n in range(10)]
    assert queue_minutes(window, spread) == 0


def test_a_day_is_drawn_in_half_hours_and_every_row_is_as_long_as_the_day() -> None:
    hours = [
        Interval(SEVEN, SEVEN + timedelta(hours=4)),
        Interval(SEVEN + timedelta(hours=6), SEVEN + timedelta(hours=8)),
    ]
    bar = Bar("A", Interval(SEVEN + timedelta(minutes=40), SEVEN + timedelta(minutes=70)), "x", "", "/")
    (row,) = rows_of([bar], hours)
    assert len(half_hours(hours)) == 16 == sum(box.span for box in row.cells)
    assert [(box.state, box.span) for box in row.cells] == [
        ("free", 1),
        ("block", 2),
        ("free", 5),
        ("closed", 4),
        ("free", 4),
    ]
