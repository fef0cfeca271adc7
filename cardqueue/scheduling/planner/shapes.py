"""What the planner is given and what it gives back.

Every instant here is a *local naive* ``datetime``: a plan is made of wall-clock times in one place, and the callers
turn them into aware instants at their edge. Work is counted in whole hundredths of a line-minute (``..._work``), so
that sums are exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType


class Part(StrEnum):
    """A part of the day that a cell may prefer."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class CellState(StrEnum):
    """How firm a cell's appointment is."""

    DRAFT = "draft"
    NOTIFIED = "notified"
    FROZEN = "frozen"


class Code(StrEnum):
    """Why a window was refused to a cell, or why a member could not be placed."""

    NO_WINDOW = "NO_WINDOW"
    """The station has no window at all."""
    NO_MINUTES = "NO_MINUTES"
    """The minutes per member are zero or less: nothing can be computed."""
    CLOSED = "CLOSED"
    """The window has no line or no length."""
    PINNED_ELSEWHERE = "PINNED_ELSEWHERE"
    """A person fixed this cell to another window."""
    DATE_BAN = "DATE_BAN"
    """The cell said it cannot come on that date."""
    AFTER_DEADLINE = "AFTER_DEADLINE"
    """The window lies after the deadline."""
    QUOTA = "QUOTA"
    """The commune's members per day would be exceeded; ``amount`` = by how many members."""
    FULL = "FULL"
    """The work does not fit; ``amount`` = the hundredths of a line-minute that are missing."""
    DAY_SPARED = "DAY_SPARED"
    """The station need not open that day at all."""


@dataclass(frozen=True, slots=True)
class Window:
    """One stretch of opening time of a station: a shift, an evening, a weekend morning."""

    id: str
    station: str
    start: datetime
    end: datetime
    lines: int


@dataclass(frozen=True, slots=True)
class PlanMember:
    """One person to invite; age unknown counts as not elderly."""

    id: str
    age: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A party cell: its people come together, to its own station.

    ``pinned_window`` narrows the choice to one window; with ``pinned_at`` the block is booked by hand at that time
    and stays there.
    """

    id: str
    commune: str
    station: str
    members: tuple[PlanMember, ...]
    unavailable_dates: frozenset[date] = frozenset()
    preferred_dates: frozenset[date] = frozenset()
    preferred_parts: frozenset[Part] = frozenset()
    travel_min: int = 0
    state: CellState = CellState.DRAFT
    pinned_window: str | None = None
    pinned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Params:
    """The measured or assumed behaviour of people and lines.

    Units: ``mean_min`` minutes of one line per member; ``late_*`` minutes; the others are fractions.
    """

    mean_min: float = 4.0
    cv: float = 0.45
    elderly_age: int = 70
    elderly_factor: float = 1.35
    no_show: float = 0.08
    pending: float = 0.04
    walkin: float = 0.03
    late_mean: float = -2.0
    late_sd: float = 7.0


@dataclass(frozen=True, slots=True)
class Rules:
    """What the organisers decided. ``deadline`` is the last good day.

    ``deadline_is_hard``: False places people after the deadline rather than nowhere; True lists them as not placed.
    ``mingle_cells``: two or three neighbouring cells of a window come side by side, not one after the other.
    ``max_load`` and ``reserve_frac`` are fractions of a window's line-minutes; ``quota_per_day`` = members per commune.
    """

    grid_min: int = 5
    reserve_frac: float = 0.0
    max_load: float = 1.0
    group_window_cells: bool = True
    mingle_cells: bool = False
    split_if_over_frac: float = 0.6
    max_cell_span_factor: float = 1.6
    max_cell_span_slack_min: int = 20
    deadline: date | None = None
    deadline_is_hard: bool = False
    quota_per_day: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a plan depends on. With a kept plan, whoever arrives before ``frozen_until`` stays."""

    windows: tuple[Window, ...]
    cells: tuple[Cell, ...]
    params: Params = Params()
    rules: Rules = Rules()
    frozen_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Slip:
    """One member's appointment."""

    member: str
    window: str
    arrive: datetime


@dataclass(frozen=True, slots=True)
class Block:
    """A cell, or a part of it, in a window.

    It lasts from its first arrival to that of the next block, to the make-up time or to the window's end, and at least
    one step of the grid. ``members`` stand in the order of their ``arrivals``.
    """

    cell: str
    window: str
    start: datetime
    end: datetime
    members: tuple[str, ...]
    arrivals: tuple[datetime, ...]
    work: int

    @property
    def headcount(self) -> int:
        return len(self.members)


@dataclass(frozen=True, slots=True)
class Unassigned:
    """A member without an appointment, and why: the window that came nearest, and what was missing there."""

    member: str
    cell: str
    code: Code
    window: str | None = None
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Reserve:
    """Time kept free in a window for people who must come again."""

    window: str
    start: datetime
    end: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A window that a cell did not get, and why."""

    window: str
    code: Code
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Alternative:
    """The next best window, and how much worse it is by the planner's own price."""

    window: str
    price: int


@dataclass(frozen=True, slots=True)
class Placement:
    """The arithmetic of one block: work ÷ lines = minutes."""

    window: str
    members: int
    work: int
    lines: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a cell stands where it stands."""

    cell: str
    members: int
    elderly: int
    minutes_per_member: float
    work: int
    placements: tuple[Placement, ...]
    refused: tuple[Refusal, ...]
    runner_up: Alternative | None
    after_deadline: bool


@dataclass(frozen=True, slots=True)
class StationDays:
    """How many days a station opens, and the fewest that its work could ever be squeezed into."""

    station: str
    used: int
    fewest: int


@dataclass(frozen=True, slots=True)
class Plan:
    """An appointment, or a reason, for every member. Blocks by window and time; slips and explanations by id."""

    blocks: tuple[Block, ...]
    slips: tuple[Slip, ...]
    unassigned: tuple[Unassigned, ...]
    reserve: tuple[Reserve, ...]
    explain: tuple[Explanation, ...]
    station_days: tuple[StationDays, ...]
