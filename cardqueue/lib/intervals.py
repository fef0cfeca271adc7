"""Half-open spans of time: the start belongs to the interval, the end does not."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, order=True, slots=True)
class Interval:
    """A span from `start_at` up to, not including, `end_at`. Two that touch do not overlap.

    Raises: ValueError when it would end before it starts.
    """

    start_at: datetime
    end_at: datetime

    def __post_init__(self) -> None:
        if self.end_at < self.start_at:
            raise ValueError(f"an interval cannot end ({self.end_at}) before it starts ({self.start_at})")

    @property
    def minutes(self) -> float:
        """How long it lasts, in minutes."""
        return (self.end_at - self.start_at).total_seconds() / 60

    @property
    def is_empty(self) -> bool:
        """Whether it ends where it starts."""
        return self.start_at == self.end_at

    def contains(self, at: datetime) -> bool:
        """Whether an instant lies inside."""
        return self.start_at <= at < self.end_at

    def covers(self, other: "Interval") -> bool:
        """Whether the other lies wholly inside."""
        return self.start_at <= other.start_at and other.end_at <= self.end_at

    def overlaps(self, other: "Interval") -> bool:
        """Whether the two share any time. An empty interval shares none."""
        return max(self.start_at, other.start_at) < min(self.end_at, other.end_at)

    def overlap(self, other: "Interval") -> "Interval | None":
        """The time the two share, or None."""
        if not self.overlaps(other):
            return None
        return Interval(max(self.start_at, other.start_at), min(self.end_at, other.end_at))
