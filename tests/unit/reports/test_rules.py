"""What tallies mean: shares, the usual minutes, which work comes first."""

from __future__ import annotations

import pytest

from cardqueue.cases.models import PendingReason
from cardqueue.cases.queries import Tally
from cardqueue.reports.rules import Standing, Todo, TodoKind, most_urgent, percent_of, standing, usual_minutes


@pytest.mark.parametrize(("part", "whole", "expected"), [(324, 365, 88.77), (0, 0, 0), (1, 2, 50), (2, 3, 66.67)])
def test_a_share_has_two_decimals(part: int, whole: int, expected: float) -> None:
    assert percent_of(part, whole) == expected


def test_the_usual_minutes_are_the_median_once_ten_were_served() -> None:
    assert usual_minutes([4.0] * 9) is None
    assert usual_minutes([3.0] * 4 + [4.26] * 5 + [90.0]) == 4.3


def test_at_most_three_things_are_to_do_and_what_is_done_is_not_named() -> None:
    todos = [Todo(kind, 0 if kind is TodoKind.OVERDUE else 2) for kind in reversed(TodoKind)]
    assert [todo.kind for todo in most_urgent(todos)] == [TodoKind.NO_ROSTER, TodoKind.UNCHECKED, TodoKind.PROPOSAL]


@pytest.mark.parametrize(
    ("tally", "placed", "expected"),
    [
        (Tally(outside=2), 0, Standing.EMPTY),
        (Tally(done=4), 0, Standing.FINISHED),
        (Tally(done=3, pending=1, by_reason={PendingReason.WRONG_INFO: 1}), 0, Standing.WRONG_INFO),
        (Tally(not_yet=4), 0, Standing.NOT_INVITED),
        (Tally(not_yet=4), 2, Standing.UNDER_WAY),
    ],
)
def test_how_a_cell_stands(tally: Tally, placed: int, expected: Standing) -> None:
    assert standing(tally, placed=placed) is expected
