"""The estimate of the minutes per member, on streams such as a counter gives."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardqueue.scheduling.rules.pace import Pace, assumed, observe


def stream(seed: int, mean: float = 4.0) -> Iterator[tuple[float, bool]]:
    """Servings of a station: lognormal, one member in five elderly, three in a hundred never ended by a click."""
    draw = random.Random(seed)
    sigma = math.sqrt(math.log(1 + 0.45**2))
    while True:
        is_elderly = draw.random() < 0.2
        minutes = draw.lognormvariate(math.log(mean) - sigma**2 / 2, sigma) * (1.35 if is_elderly else 1.0)
        if draw.random() < 0.03:
            minutes += draw.uniform(5, 90)
        yield minutes, is_elderly


def learned(seed: int, count: int, *, prior: float = 5.0, mean: float = 4.0) -> Pace:
    pace = assumed(prior)
    for minutes, is_elderly in islice(stream(seed, mean), count):
        pace = observe(pace, minutes, is_elderly=is_elderly)
    return pace


@pytest.mark.parametrize(("count", "allowed"), [(100, 0.25), (400, 0.14)])
def test_the_mean_is_found_among_forgotten_clicks(count: int, allowed: float) -> None:
    errors = [abs(learned(seed, count).minutes - 4.0) for seed in range(40)]
    assert sum(errors) / len(errors) <= allowed


def test_the_margin_holds_the_truth_about_as_often_as_it_says() -> None:
    paces = [learned(seed, 150) for seed in range(60)]
    held = sum(abs(pace.minutes - 4.0) <= pace.margin for pace in paces)
    assert held >= 50


def test_a_station_that_gets_faster_is_followed() -> None:
    pace = learned(1, 300, mean=8.0, prior=8.0)
    for minutes, is_elderly in islice(stream(2, 4.0), 300):
        pace = observe(pace, minutes, is_elderly=is_elderly)
    assert pace.minutes == pytest.approx(4.0, abs=0.8)


def test_an_assumption_far_from_the_truth_is_given_up() -> None:
    assert learned(3, 60, prior=2.0, mean=12.0).minutes == pytest.approx(12.0, rel=0.25)


def test_one_forgotten_click_changes_nothing() -> None:
    pace = learned(4, 50)
    assert observe(pace, 240.0, is_elderly=False).minutes == pace.minutes


@given(st.lists(st.tuples(st.floats(0, 600), st.booleans()), max_size=60))
def test_whatever_comes_the_estimate_stays_a_number_of_minutes(servings: list[tuple[float, bool]]) -> None:
    pace = assumed(5.0)
    for minutes, is_elderly in servings:
        pace = observe(pace, minutes, is_elderly=is_elderly)
    assert 0 < pace.minutes <= 600 and pace.variance >= 0 and math.isfinite(pace.margin)
    assert pace.observed + pace.dropped == len(servings)
