"""The arithmetic under a plan, with the numbers that were published."""

from datetime import timedelta

import pytest

from cardqueue.scheduling.planner.shapes import Params, PlanMember, Rules
from cardqueue.scheduling.planner.work import (
    Sum,
    arithmetic,
    expected_work,
    invited_work,
    reserve_start,
    safe_work,
    to_grid,
)
from tests.factories.instances import make_window


@pytest.mark.parametrize(
    ("members", "minutes", "lines", "hours", "left"),
    [(365, 4, 3, 8, 7), (365, 6, 2, 18, 15), (23, 4, 3, 0, 31), (0, 4, 1, 0, 0)],
)
def test_the_sum_on_the_page_is_members_times_minutes_by_lines(
    members: int, minutes: int, lines: int, hours: int, left: int
) -> None:
    assert arithmetic(members, minutes, lines) == Sum(members, minutes, lines, hours, left)


def test_without_a_line_there_is_no_sum() -> None:
    assert arithmetic(365, 4, 0) is None


def test_work_is_exact_in_hundredths_of_a_line_minute() -> None:
    members = (PlanMember("a", 40), PlanMember("b", 70), PlanMember("c"))
    assert expected_work(members, Params()) == 368 + 497 + 368
    assert expected_work(members, Params(no_show=0.0)) == 400 + 540 + 400


@pytest.mark.parametrize(("mean_sd_min", "load"), [(0.0, 0.91), (0.18, 0.885), (0.36, 0.85), (0.6, 0.80)])
def test_a_safe_load_falls_as_the_mean_is_less_sure(mean_sd_min: float, load: float) -> None:
    """Three lines: known, after 100 observations, after 25, a guess."""
    assert safe_work(make_window(), Params(), mean_sd_min) / 81_000 == pytest.approx(load, abs=0.003)


def test_a_window_without_lines_has_no_safe_load() -> None:
    assert safe_work(make_window(lines=0), Params()) == 0


def test_the_reserve_is_the_last_part_of_a_window_and_begins_on_the_grid() -> None:
    rules = Rules(reserve_frac=0.08)
    assert invited_work(make_window(), rules) == 81_000 - 6_480
    assert reserve_start(make_window(), rules) == make_window().end - timedelta(minutes=25)
    assert reserve_start(make_window(), Rules()) == make_window().end


def test_times_are_rounded_to_the_grid_downwards_and_upwards() -> None:
    at = make_window().start + timedelta(minutes=7)
    assert to_grid(at, 5) == make_window().start + timedelta(minutes=5)
    assert to_grid(at, 5, up=True) == make_window().start + timedelta(minutes=10)
    assert to_grid(make_window().start, 5, up=True) == make_window().start
