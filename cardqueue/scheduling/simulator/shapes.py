"""What may happen on a day, and what came of it."""

from dataclasses import dataclass, field
from datetime import datetime

EARLIEST_MIN = -15.0
LATEST_MIN = 20.0
"""Nobody comes earlier or later than that against the slip, in an ordinary campaign."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """How a campaign differs from the parameters that it was planned with; as it stands, not at all.

    ``slow`` multiplies every service; ``later_min`` is added to everybody's lateness; ``lost_lines`` are missing in the
    first window of each station; for ``outage_min`` minutes in the middle of every window nobody is served;
    ``make_ups`` is the share of the reserve's places that are given to people.

    ``speed_spread``: a line works at 1 ± so much of the usual pace, drawn anew for every window. ``shared_lateness``:
    the part of the variance of lateness that a cell has in common, because its people travel together.
    """

    slow: float = 1.0
    later_min: float = 0.0
    lost_lines: int = 0
    outage_min: float = 0.0
    make_ups: float = 0.0
    speed_spread: float = 0.06
    shared_lateness: float = 0.5


@dataclass(frozen=True, slots=True)
class Guest:
    """One person in one run of one window.

    ``due`` is the slip's time or, for who comes unasked, the arrival. Units: minutes since the window's start.
    """

    name: str
    due: float
    arrive: float
    service: float
    is_invited: bool = True


@dataclass(frozen=True, slots=True)
class Visit:
    """One person served: when it began and ended, in minutes since the window's start."""

    guest: Guest
    start: float
    end: float

    @property
    def wait(self) -> float:
        """Minutes of waiting: from the slip's time or the arrival, whichever is later; early service is no wait."""
        return max(0.0, self.start - max(self.guest.due, self.guest.arrive))


@dataclass(frozen=True, slots=True)
class InRoom:
    """People in the room at an instant, waiting or being served: the usual number, and nine days out of ten."""

    at: datetime
    p50: int
    p90: int


@dataclass(frozen=True, slots=True)
class WindowResult:
    """One window over all runs. Units: minutes; people per run. ``served`` includes who came unasked."""

    window: str
    invited: int
    served: float
    mean_wait: float
    p95_wait: float
    overtime: float
    room: tuple[InRoom, ...] = field(repr=False)

    @property
    def most_in_room(self) -> int:
        """The fullest moment of nine days out of ten."""
        return max((moment.p90 for moment in self.room), default=0)


@dataclass(frozen=True, slots=True)
class Result:
    """A plan played ``runs`` times. Waits are those of people with a slip; ``overtime`` is the sum of the windows'."""

    runs: int
    invited: int
    served: float
    mean_wait: float
    p95_wait: float
    overtime: float
    windows: tuple[WindowResult, ...]
