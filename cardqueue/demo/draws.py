"""Seeded randomness: the same seed gives the same draws on every platform, and one stream per purpose.

Separate streams mean that a new kind of planted error does not change the people, and that more residents do not
change the members.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")

Weighted = Sequence[tuple[T, float]]


def stream(seed: int, purpose: str) -> Random:
    """The random numbers of one purpose under one seed."""
    return Random(f"{seed}:{purpose}")  # noqa: S311 - invented people, nothing secret


def pick(rng: Random, table: Weighted[T]) -> T:
    """Draws one value of a table of (value, weight)."""
    point = rng.random() * sum(weight for _, weight in table)
    for value, weight in table:
        point -= weight
        if point < 0:
            return value
    return table[-1][0]
