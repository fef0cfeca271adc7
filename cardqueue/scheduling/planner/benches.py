"""One station's share of a problem as plain numbered lists, which the packing can search quickly.

A *group* is a cell, or a part of one too large for a window. An *opening* is a stretch of a window not taken by
blocks that stay. Prices are per member, in the order of the goals: in time, not moved, wishes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cardqueue.scheduling.planner.arrivals import Stretch
from cardqueue.scheduling.planner.groups import Group, groups_of, singles
from cardqueue.scheduling.planner.shapes import (
    Block,
    Cell,
    CellState,
    Code,
    Params,
    Part,
    Plan,
    Problem,
    Refusal,
    Rules,
    Window,
)
from cardqueue.scheduling.planner.staying import free_stretches, staying_blocks
from cardqueue.scheduling.planner.work import (
    HUNDREDTHS,
    invited_work,
    length_minutes,
    reserve_start,
    reserve_work,
    safe_work,
    to_grid,
    window_work,
)

LATE_PRICE = 1_000_000
NOTIFIED_MOVE_PRICE = 5_000
DRAFT_MOVE_PRICE = 1_000
DATE_PRICE = 100
PART_PRICE = 30
ELDERLY_EVENING_PRICE = 20
FAR_EVENING_PRICE = 10
FAR_MIN = 30
"""A cell is far when it travels for half an hour."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A free stretch: ``hard`` is the work that may be invited, ``safe`` what is not exceeded without need."""

    window: Window
    stretch: Stretch
    hard: int
    safe: int
    late: bool
    day: date


@dataclass(slots=True)
class Bench:
    """One station's packing problem; ``used`` counts members per commune and day already under the quota."""

    station: str
    windows: tuple[Window, ...]
    params: Params
    rules: Rules
    used: dict[tuple[str, date], int]
    groups: list[Group] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    fixed: list[Block] = field(default_factory=list)
    fixed_cells: dict[str, Cell] = field(default_factory=dict)

    def allowed(self, group: Group) -> list[int]:
        """The openings that this group may use as far as it alone is concerned."""
        return [o for o, opening in enumerate(self.openings) if refusal_by_itself(group, opening, self.rules) is None]

    def price(self, group: Group, opening: Opening) -> int:
        """How much this group dislikes this opening."""
        late = LATE_PRICE * group.count if opening.late else 0
        return late + move_price(group, opening.window) + wish_price(group, opening.window)

    def scatter(self, indices: Collection[int]) -> None:
        """Takes these groups apart into single members."""
        self.groups = [
            part
            for g, group in enumerate(self.groups)
            for part in (singles(group, self.params) if g in indices else [group])
        ]

    def quota(self, commune: str) -> int | None:
        return self.rules.quota_per_day.get(commune)


def build_bench(problem: Problem, station: str, keep: Plan | None, used: dict[tuple[str, date], int]) -> Bench:
    """Numbers the groups and openings of one station, after setting aside what stays where it is."""
    windows = tuple(sorted((w for w in problem.windows if w.station == station), key=lambda w: (w.start, w.id)))
    cells = sorted((c for c in problem.cells if c.station == station), key=lambda c: c.id)
    bench = Bench(station, windows, problem.params, problem.rules, used)
    before: dict[str, list[Block]] = {}
    for block in keep.blocks if keep else ():
        before.setdefault(block.cell, []).append(block)
    by_id = {window.id: window for window in windows}
    for cell in cells:
        _set_aside(bench, cell, staying_blocks(problem, cell, before.get(cell.id, []), by_id), by_id)
    for window in windows:
        bench.openings += _openings(window, [b for b in bench.fixed if b.window == window.id], problem)
    stays = {member for block in bench.fixed for member in block.members}
    for cell in cells:
        bench.groups += groups_of(
            cell,
            [member for member in cell.members if member.id not in stays],
            before.get(cell.id, []),
            by_id.keys(),
            problem.params,
            largest_work=_largest_part(bench, cell),
            largest_count=bench.quota(cell.commune),
        )
    return bench


def refusal_by_itself(group: Group, opening: Opening, rules: Rules) -> Refusal | None:
    """Why a group can never use an opening, whoever else is there."""
    window, cell = opening.window, group.cell
    if opening.hard <= 0:
        return Refusal(window.id, Code.CLOSED)
    if cell.pinned_window not in (None, window.id):
        return Refusal(window.id, Code.PINNED_ELSEWHERE)
    if opening.day in cell.unavailable_dates:
        return Refusal(window.id, Code.DATE_BAN)
    if opening.late and rules.deadline_is_hard:
        return Refusal(window.id, Code.AFTER_DEADLINE)
    if group.work > opening.hard:
        return Refusal(window.id, Code.FULL, group.work - opening.hard)
    return None


def part_of_day(window: Window) -> Part:
    """Morning before noon, evening from 17:00."""
    if window.start.hour < 12:
        return Part.MORNING
    return Part.AFTERNOON if window.start.hour < 17 else Part.EVENING


def wish_price(group: Group, window: Window) -> int:
    """What a window costs in wishes not met."""
    cell, part = group.cell, part_of_day(window)
    price = 0
    if cell.preferred_dates and window.start.date() not in cell.preferred_dates:
        price += DATE_PRICE * group.count
    if cell.preferred_parts and part not in cell.preferred_parts:
        price += PART_PRICE * group.count
    if part is Part.EVENING:
        price += ELDERLY_EVENING_PRICE * group.elderly
        if cell.travel_min >= FAR_MIN:
            price += FAR_EVENING_PRICE * group.count
    return price


def move_price(group: Group, window: Window) -> int:
    """What it costs to take people out of the window they had."""
    if group.was_in is None or group.was_in == window.id:
        return 0
    return group.count * (DRAFT_MOVE_PRICE if group.cell.state is CellState.DRAFT else NOTIFIED_MOVE_PRICE)


def _set_aside(bench: Bench, cell: Cell, blocks: Sequence[Block], windows: Mapping[str, Window]) -> None:
    for block in blocks:
        bench.fixed.append(block)
        bench.fixed_cells[cell.id] = cell
        key = cell.commune, windows[block.window].start.date()
        bench.used[key] = bench.used.get(key, 0) + block.headcount


def _openings(window: Window, fixed: Sequence[Block], problem: Problem) -> list[Opening]:
    rules = problem.rules
    late = rules.deadline is not None and window.start.date() > rules.deadline
    whole = Stretch(window.start, reserve_start(window, rules), window.lines)
    hard = invited_work(window, rules) if _size(whole, rules.grid_min) else 0
    # A reserve is a promise, so chance may not eat it; without one the organisers asked for full windows.
    safe = safe_work(window, problem.params) - reserve_work(window, rules) if rules.reserve_frac > 0 else hard
    safe = max(0, min(safe, hard))
    if not fixed:
        return [Opening(window, whole, hard, safe, late, window.start.date())]
    left = max(0, hard - sum(block.work for block in fixed))
    stretches = free_stretches(window, fixed, whole.end)
    sizes = [_size(stretch, rules.grid_min) for stretch in stretches]
    shares = [min(size, left * size // max(1, sum(sizes))) for size in sizes]
    return [
        Opening(window, stretch, share, share * safe // max(1, hard), late, window.start.date())
        for stretch, share in zip(stretches, shares, strict=True)
    ]


def _size(stretch: Stretch, grid_min: int) -> int:
    """Work of a stretch; none if no time of the grid lies in it."""
    if to_grid(stretch.start, grid_min, up=True) >= stretch.end:
        return 0
    return HUNDREDTHS * max(0, stretch.lines) * length_minutes(stretch.start, stretch.end)


def _largest_part(bench: Bench, cell: Cell) -> int:
    """The most work that may come as one group: 0.6 of the largest window, and never more than a window it can use."""
    largest = max((window_work(window) for window in bench.windows), default=0)
    usable = [
        invited_work(window, bench.rules)
        for window in bench.windows
        if window.start.date() not in cell.unavailable_dates and cell.pinned_window in (None, window.id)
    ]
    return min(int(largest * bench.rules.split_if_over_frac), max(usable, default=0) or largest)
