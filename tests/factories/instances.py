"""Small invented planning problems: a few days of a station, cells of fictitious members, and what a plan must obey."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random

from cardqueue.scheduling.planner.shapes import Block, Cell, Params, Part, Plan, PlanMember, Problem, Rules, Window
from cardqueue.scheduling.planner.work import HUNDREDTHS, expected_work, invited_work, window_work

FIRST_DAY = date(2025, 8, 5)
SHIFTS = {"morning": ("07:00", "11:30", 3), "afternoon": ("13:00", "17:00", 3), "evening": ("18:00", "21:00", 2)}


def make_window(day: int = 0, shift: str = "morning", *, lines: int | None = None, station: str = "HT") -> Window:
    """One shift of the n-th day."""
    start, end, usual = SHIFTS[shift]
    on = FIRST_DAY + timedelta(days=day)
    return Window(
        id=f"{station}{day:02}{shift[0].upper()}",
        station=station,
        start=datetime.fromisoformat(f"{on}T{start}"),
        end=datetime.fromisoformat(f"{on}T{end}"),
        lines=usual if lines is None else lines,
    )


def make_windows(days: int, shifts: tuple[str, ...] = ("morning", "afternoon")) -> tuple[Window, ...]:
    """The shifts of several days."""
    return tuple(make_window(day, shift) for day in range(days) for shift in shifts)


def make_cell(name: str, size: int, *, elderly: int = 0, **more: object) -> Cell:
    """A cell of so many members, the last ones elderly."""
    members = tuple(PlanMember(f"{name}-{i:03}", 75 if i >= size - elderly else 40) for i in range(size))
    settings: dict[str, object] = {"commune": "thanh-son", "station": "HT", **more}
    return Cell(id=name, members=members, **settings)  # type: ignore[arg-type]


def make_campaign(seed: int, members: int, days: int, **rules: object) -> Problem:
    """A campaign with two communes, wishes and bans, of the kind a district really has."""
    draw = Random(seed)
    dates = [FIRST_DAY + timedelta(days=day) for day in range(days)]
    cells: list[Cell] = []
    while members > 0:
        size = min(members, draw.randint(5, 45))
        cells.append(
            make_cell(
                f"C{len(cells):03}",
                size,
                elderly=sum(draw.random() < 0.15 for _ in range(size)),
                commune=draw.choice(["thanh-son", "binh-hoa"]),
                unavailable_dates=frozenset(draw.sample(dates, 1)) if days > 1 and draw.random() < 0.2 else frozenset(),
                preferred_dates=frozenset(draw.sample(dates, 1)) if draw.random() < 0.3 else frozenset(),
                preferred_parts=frozenset([Part.MORNING]) if draw.random() < 0.2 else frozenset(),
                travel_min=draw.randint(3, 60),
            )
        )
        members -= size
    return Problem(make_windows(days, tuple(SHIFTS)), tuple(cells), Params(), Rules(**rules))  # type: ignore[arg-type]


def make_tight_campaign(seed: int, days: int, full: float = 0.995) -> Problem:
    """Cells cut out of full windows and shuffled: they fit so many days exactly; two days more could be opened."""
    draw = Random(seed)
    sizes = []
    for window in make_windows(days, tuple(SHIFTS)):
        room = int(window_work(window) * full) // 400
        while room:
            size = room if room < 16 else min(draw.randint(8, 40), room - 8)
            sizes.append(size)
            room -= size
    draw.shuffle(sizes)
    cells = tuple(make_cell(f"C{i:03}", size) for i, size in enumerate(sizes))
    return Problem(make_windows(days + 2, tuple(SHIFTS)), cells, Params(no_show=0.0))


def broken_rules(problem: Problem, plan: Plan, stays: frozenset[str] = frozenset()) -> list[str]:
    """Every hard rule that a plan breaks, in words; cells in ``stays`` were put where they are by people."""
    return [
        *_people(problem, plan),
        *_windows(problem, plan, stays),
        *_capacity(problem, plan, stays),
        *_times(problem, plan),
        *_quotas(problem, plan, stays),
        *_togetherness(problem, plan, stays),
        *_timeline(problem, plan),
        *_reserve(problem, plan),
    ]


def _people(problem: Problem, plan: Plan) -> Iterator[str]:
    told = Counter([slip.member for slip in plan.slips] + [item.member for item in plan.unassigned])
    everybody = {member.id for cell in problem.cells for member in cell.members}
    yield from (f"{member} appears {told[member]} times" for member in everybody | told.keys() if told[member] != 1)
    yield from (f"{member} is unknown" for member in told.keys() - everybody)
    in_blocks = Counter(member for block in plan.blocks for member in block.members)
    if in_blocks != Counter(slip.member for slip in plan.slips):
        yield "blocks and slips name different people"


def _windows(problem: Problem, plan: Plan, stays: frozenset[str]) -> Iterator[str]:
    windows = {window.id: window for window in problem.windows}
    cells = {cell.id: cell for cell in problem.cells}
    for block in plan.blocks:
        cell, window = cells[block.cell], windows[block.window]
        if block.cell in stays:
            continue
        if window.station != cell.station:
            yield f"{cell.id} goes to the station {window.station}"
        if window.start.date() in cell.unavailable_dates:
            yield f"{cell.id} comes on a banned date"
        if cell.pinned_window not in (None, window.id):
            yield f"{cell.id} left its pinned window"
        late = problem.rules.deadline is not None and window.start.date() > problem.rules.deadline
        if late and problem.rules.deadline_is_hard:
            yield f"{cell.id} comes after the deadline"


def _capacity(problem: Problem, plan: Plan, stays: frozenset[str]) -> Iterator[str]:
    windows = {window.id: window for window in problem.windows}
    members = {member.id: member for cell in problem.cells for member in cell.members}
    load: dict[str, int] = defaultdict(int)
    for block in plan.blocks:
        load[block.window] += expected_work([members[name] for name in block.members], problem.params)
    for name in {block.window for block in plan.blocks if block.cell not in stays}:
        if load[name] > invited_work(windows[name], problem.rules):
            yield f"{name} holds {load[name]} of {invited_work(windows[name], problem.rules)}"


def _times(problem: Problem, plan: Plan) -> Iterator[str]:
    windows = {window.id: window for window in problem.windows}
    for slip in plan.slips:
        window = windows[slip.window]
        if not window.start <= slip.arrive < window.end:
            yield f"{slip.member} comes at {slip.arrive}, outside {window.id}"
        if (slip.arrive.hour * 60 + slip.arrive.minute) % problem.rules.grid_min:
            yield f"{slip.member} comes at {slip.arrive}, off the grid"


def _quotas(problem: Problem, plan: Plan, stays: frozenset[str]) -> Iterator[str]:
    windows = {window.id: window for window in problem.windows}
    commune = {cell.id: cell.commune for cell in problem.cells}
    invited: dict[tuple[str, date], int] = defaultdict(int)
    for block in plan.blocks:
        invited[commune[block.cell], windows[block.window].start.date()] += block.headcount
    for block in plan.blocks:
        key = commune[block.cell], windows[block.window].start.date()
        quota = problem.rules.quota_per_day.get(key[0])
        if quota is not None and block.cell not in stays and invited[key] > quota:
            yield f"{invited[key]} members of {key[0]} on {key[1]}, quota {quota}"


def _togetherness(problem: Problem, plan: Plan, stays: frozenset[str]) -> Iterator[str]:
    rules, params = problem.rules, problem.params
    for cell in problem.cells:
        windows = {window.id: window for window in problem.windows if window.station == cell.station}
        mine = [block for block in plan.blocks if block.cell == cell.id]
        if not mine or cell.id in stays or not rules.group_window_cells:
            continue
        limit = max(window_work(window) for window in windows.values()) * rules.split_if_over_frac
        usable = max(invited_work(w, rules) for w in windows.values() if w.start.date() not in cell.unavailable_dates)
        too_large = expected_work(cell.members, params) > min(limit, usable)
        too_many = len(cell.members) > rules.quota_per_day.get(cell.commune, len(cell.members))
        if len({block.window for block in mine}) > 1 and not (too_large or too_many):
            yield f"{cell.id} is split for no reason"
        for block in mine:
            if block.headcount > 1 and block.work > limit:
                yield f"a part of {cell.id} is too large"
            share = block.work / (HUNDREDTHS * windows[block.window].lines)
            span = (max(block.arrivals) - min(block.arrivals)).total_seconds() / 60
            if span > rules.max_cell_span_factor * share + rules.max_cell_span_slack_min:
                yield f"{cell.id} is spread over {span} minutes"


def _timeline(problem: Problem, plan: Plan) -> Iterator[str]:
    step = timedelta(minutes=problem.rules.grid_min)
    by_window: dict[str, list[Block]] = defaultdict(list)
    for block in plan.blocks:
        by_window[block.window].append(block)
        if list(block.arrivals) != sorted(block.arrivals) or block.start != block.arrivals[0]:
            yield f"the arrivals of {block.cell} are out of order"
    for window in problem.windows:
        blocks = sorted(by_window[window.id], key=lambda b: (b.start, b.end))
        for block, following in pairwise(blocks):
            last = block.arrivals[-1] + step if problem.rules.mingle_cells else block.start + step
            if block.end != max(following.start, block.start + step, last):
                yield f"{block.cell} ends at {block.end}, {following.cell} begins at {following.start}"


def _reserve(problem: Problem, plan: Plan) -> Iterator[str]:
    used = {block.window for block in plan.blocks}
    windows = {window.id: window for window in problem.windows}
    kept = {item.window: item for item in plan.reserve}
    for name in used if problem.rules.reserve_frac > 0 else ():
        window, share = windows[name], problem.rules.reserve_frac
        if name not in kept or (kept[name].end - kept[name].start) < (window.end - window.start) * share:
            yield f"{name} keeps no reserve"
