"""Arrival times inside a window: one cell after the other, or neighbours side by side."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from cardqueue.scheduling.planner.arrivals import Stretch, arrival_times, longest_span
from cardqueue.scheduling.planner.engine import plan
from cardqueue.scheduling.planner.shapes import Params, Rules
from cardqueue.scheduling.simulator.playing import simulate
from tests.factories.instances import broken_rules, make_campaign, make_window

MORNING = Stretch(make_window().start, make_window().end, 3)
APART, MINGLED = Rules(), Rules(mingle_cells=True)


def times(sizes: list[int], rules: Rules, *, lines: int = 3) -> list[list[datetime]]:
    return arrival_times(replace(MORNING, lines=lines), [[368] * size for size in sizes], Params(), rules)


def test_one_cell_comes_after_the_other() -> None:
    first, second, third = times([14, 14, 14], APART)
    assert first[-1] <= second[0] and second[-1] <= third[0]


def test_two_mingled_cells_come_side_by_side_and_take_the_same_time_together() -> None:
    first, second = times([14, 14], MINGLED)
    alone = times([14, 14], APART)
    assert first[0] == second[0] and first[-1] == second[-1]
    assert sorted(first + second) == sorted(alone[0] + alone[1])


def test_three_small_cells_come_side_by_side_where_there_are_lines_enough() -> None:
    starts = [group[0] for group in times([14] * 26, MINGLED, lines=6)]
    assert starts[2] - starts[0] <= timedelta(minutes=5)
    assert starts[3] - starts[0] >= timedelta(minutes=20)


@pytest.mark.parametrize("sizes", [[5, 40], [40, 5], [3, 3, 60, 2], [1], [120, 9, 9], [0, 7]])
@pytest.mark.parametrize("lines", [1, 3, 12])
def test_no_mingled_cell_takes_longer_than_a_cell_may(sizes: list[int], lines: int) -> None:
    for size, group in zip(sizes, times(sizes, MINGLED, lines=lines), strict=True):
        assert len(group) == size
        assert all(earlier <= later for earlier, later in pairwise(group))
        if group:
            assert group[-1] - group[0] <= timedelta(minutes=longest_span(368 * size, lines, MINGLED))


def test_mingled_cells_wait_less_when_people_of_a_cell_are_late_together() -> None:
    problem = make_campaign(1, 350, 1)
    mingled = replace(problem, rules=MINGLED)
    proposal = plan(mingled)
    assert broken_rules(mingled, proposal) == []
    apart = simulate(problem, plan(problem), runs=30)
    assert simulate(mingled, proposal, runs=30).mean_wait < 0.95 * apart.mean_wait


def test_a_kept_mingled_plan_of_an_unchanged_problem_does_not_change() -> None:
    problem = replace(make_campaign(2, 600, 3), rules=MINGLED)
    before = plan(problem)
    assert plan(problem, keep=before, seed=9).slips == before.slips
