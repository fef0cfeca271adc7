"""Booking by hand: what is left, what fits, and the next gap for one person."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cardqueue.scheduling.planner.engine import plan
from cardqueue.scheduling.planner.free_time import Allow, Gap, No, Refuse, check_block, next_gap, remaining_work
from cardqueue.scheduling.planner.shapes import Params, Problem, Rules
from tests.factories.instances import FIRST_DAY, make_cell, make_window, make_windows

MORNING = make_window()
PARAMS = Params()
RULES = Rules()


def test_a_fresh_window_has_all_its_line_minutes_and_a_reserve_takes_its_share() -> None:
    assert remaining_work(MORNING, [], RULES) == 81_000
    assert remaining_work(MORNING, [], Rules(reserve_frac=0.1)) == 72_900


def test_a_cell_that_fits_gets_its_arrivals_from_the_time_asked_for() -> None:
    at = MORNING.start + timedelta(minutes=60)
    answer = check_block(make_cell("C", 30), MORNING, [], PARAMS, RULES, at=at)
    assert isinstance(answer, Allow)
    assert answer.block.start == at
    assert answer.block.end == at + timedelta(minutes=37)
    assert answer.block.arrivals[-1] == at + timedelta(minutes=30)
    assert answer.overlap_minutes == 0


def test_a_cell_without_a_time_takes_the_first_gap_that_holds_it() -> None:
    first = check_block(make_cell("A", 30), MORNING, [], PARAMS, RULES)
    assert isinstance(first, Allow)
    second = check_block(make_cell("B", 30), MORNING, [first.block], PARAMS, RULES)
    assert isinstance(second, Allow)
    assert second.block.start == MORNING.start + timedelta(minutes=40)
    assert second.overlap_minutes == 0


def test_a_time_that_is_taken_is_allowed_with_the_minutes_that_overlap() -> None:
    first = check_block(make_cell("A", 30), MORNING, [], PARAMS, RULES)
    assert isinstance(first, Allow)
    second = check_block(make_cell("B", 30), MORNING, [first.block], PARAMS, RULES, at=MORNING.start)
    assert isinstance(second, Allow)
    assert second.overlap_minutes == 37


def test_a_cell_too_large_is_refused_with_what_is_missing_and_how_many_would_fit() -> None:
    answer = check_block(make_cell("C", 230), MORNING, [], PARAMS, RULES)
    assert answer == Refuse(No.FULL, amount=230 * 368 - 81_000, room=81_000, members_that_fit=220)


def test_the_last_hour_holds_no_more_than_an_hour_of_work() -> None:
    answer = check_block(make_cell("C", 60), MORNING, [], PARAMS, RULES, at=MORNING.end - timedelta(minutes=60))
    assert answer == Refuse(No.FULL, amount=60 * 368 - 18_000, room=18_000, members_that_fit=48)


def test_other_refusals_name_their_reason() -> None:
    cell = make_cell("C", 10, unavailable_dates=frozenset([FIRST_DAY]))
    assert check_block(cell, MORNING, [], PARAMS, RULES) == Refuse(No.DATE_BAN)
    cell = make_cell("C", 10)
    assert check_block(cell, replace(MORNING, lines=0), [], PARAMS, RULES) == Refuse(No.CLOSED)
    assert check_block(cell, MORNING, [], Params(mean_min=0), RULES) == Refuse(No.CLOSED)
    assert check_block(cell, MORNING, [], PARAMS, RULES, at=MORNING.end) == Refuse(No.OUTSIDE)
    quota = Rules(quota_per_day={"thanh-son": 15})
    assert check_block(cell, MORNING, [], PARAMS, quota, invited_that_day=9) == Refuse(No.QUOTA, 4, members_that_fit=6)


def test_one_person_more_comes_at_the_first_time_that_is_free() -> None:
    assert next_gap([MORNING], {}, 4, MORNING.start + timedelta(minutes=7), PARAMS, RULES) == Gap(
        MORNING.id, MORNING.start + timedelta(minutes=10), in_reserve=False
    )


def test_the_reserve_is_used_before_other_times_of_the_window() -> None:
    gap = next_gap([MORNING], {}, 4, MORNING.start, PARAMS, Rules(reserve_frac=0.1))
    assert gap == Gap(MORNING.id, MORNING.end - timedelta(minutes=30), in_reserve=True)


def test_a_full_window_sends_the_person_to_the_next() -> None:
    every_step = [MORNING.start + timedelta(minutes=5 * i) for i in range(54) for _ in range(4)]
    windows = make_windows(1)
    gap = next_gap(windows, {MORNING.id: every_step}, 4, MORNING.start, PARAMS, RULES)
    assert gap == Gap(windows[1].id, windows[1].start, in_reserve=False)
    assert next_gap([MORNING], {MORNING.id: every_step}, 4, MORNING.start, PARAMS, RULES) is None


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 6), st.integers(0, 260), st.sampled_from([0.0, 0.08]))
def test_rebooking_one_after_the_other_never_exceeds_the_lines(lines: int, after: int, reserve_frac: float) -> None:
    rules = Rules(reserve_frac=reserve_frac)
    window = replace(MORNING, lines=lines)
    result = plan(Problem((window,), tuple(make_cell(f"C{i}", 12) for i in range(5 * lines)), PARAMS, rules))
    taken = [slip.arrive for slip in result.slips]
    while gap := next_gap([window], {window.id: taken}, 4, window.start + timedelta(minutes=after), PARAMS, rules):
        assert window.start + timedelta(minutes=after) <= gap.arrive < window.end
        taken.append(gap.arrive)
    assert len(taken) * 368 <= 27_000 * lines
    for step in range(54):
        later = sum(at >= window.start + timedelta(minutes=5 * step) for at in taken[len(result.slips) :])
        assert later * 368 <= (270 - 5 * step) * lines * 100
