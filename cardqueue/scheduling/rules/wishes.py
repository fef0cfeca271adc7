"""What a cell says about its time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cardqueue.scheduling.planner.shapes import Part


@dataclass(frozen=True, slots=True)
class Wishes:
    """When a cell cannot come at all, and when it would rather come. No day is both."""

    unavailable_dates: frozenset[date] = frozenset()
    preferred_dates: frozenset[date] = frozenset()
    preferred_parts: frozenset[Part] = frozenset()

    def __post_init__(self) -> None:
        if both := self.unavailable_dates & self.preferred_dates:
            raise ValueError(f"a day cannot be refused and preferred: {min(both)}")

    def __bool__(self) -> bool:
        """Whether the cell said anything."""
        return bool(self.unavailable_dates or self.preferred_dates or self.preferred_parts)


NO_WISHES = Wishes()
