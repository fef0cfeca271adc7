"""``plan``: from a problem to an appointment, or a reason, for every member."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import ceil

from cardqueue.scheduling.planner.arrivals import arrival_times
from cardqueue.scheduling.planner.benches import Bench, Opening, build_bench, part_of_day
from cardqueue.scheduling.planner.explain import explain_cells, reason_for
from cardqueue.scheduling.planner.groups import Group
from cardqueue.scheduling.planner.packing import Packing, pack
from cardqueue.scheduling.planner.search import NOWHERE
from cardqueue.scheduling.planner.shapes import (
    Block,
    Code,
    Explanation,
    Part,
    Plan,
    Problem,
    Reserve,
    Slip,
    StationDays,
    Unassigned,
    Window,
)
from cardqueue.scheduling.planner.work import (
    HUNDREDTHS,
    is_elderly,
    member_work,
    reserve_start,
    reserve_work,
    window_work,
)


def plan(problem: Problem, *, seed: int = 0, keep: Plan | None = None) -> Plan:
    """Gives every member an arrival time, or the reason why not; the same input and seed give the same plan.

    With ``keep``, cells that are frozen, or come before ``frozen_until``, stay as they are, and of the others as few
    members as possible change their window.

    Shapes: see ``shapes``; datetimes are local and naive.
    """
    if problem.params.mean_min <= 0:
        return Plan((), (), _nobody(problem, Code.NO_MINUTES), (), (), ())
    blocks: list[Block] = []
    unassigned: list[Unassigned] = []
    explanations: list[Explanation] = []
    days: list[StationDays] = []
    used: dict[tuple[str, date], int] = {}
    for station in sorted({cell.station for cell in problem.cells}):
        bench = build_bench(problem, station, keep, used)
        packing = pack(bench, seed)
        placed = _placed_blocks(bench, packing)
        blocks += placed
        unassigned += _left_over(bench, packing)
        explanations += explain_cells(bench, packing, placed)
        days.append(StationDays(station, len(packing.days), packing.fewest_days))
        _count_invited(bench, packing, used)
    blocks.sort(key=lambda block: (block.start, block.window, block.cell))
    slips = [
        Slip(member, block.window, at)
        for block in blocks
        for member, at in zip(block.members, block.arrivals, strict=True)
    ]
    return Plan(
        blocks=tuple(blocks),
        slips=tuple(sorted(slips, key=lambda slip: slip.member)),
        unassigned=tuple(sorted(unassigned, key=lambda item: item.member)),
        reserve=tuple(_reserves(problem, blocks)),
        explain=tuple(sorted(explanations, key=lambda item: item.cell)),
        station_days=tuple(days),
    )


def _nobody(problem: Problem, code: Code) -> tuple[Unassigned, ...]:
    everybody = [Unassigned(member.id, cell.id, code) for cell in problem.cells for member in cell.members]
    return tuple(sorted(everybody, key=lambda item: item.member))


def _placed_blocks(bench: Bench, packing: Packing) -> list[Block]:
    """The blocks of a station: those that stayed, and the groups of each opening with their arrival times."""
    blocks = list(bench.fixed)
    inside: dict[int, list[Group]] = {}
    for group, o in zip(bench.groups, packing.search.where, strict=True):
        if o != NOWHERE:
            inside.setdefault(o, []).append(group)
    for o, groups in sorted(inside.items()):
        blocks += _timed(bench, bench.openings[o], groups)
    return _with_ends(blocks, bench.windows, bench)


def _timed(bench: Bench, opening: Opening, groups: Sequence[Group]) -> list[Block]:
    """Groups of one opening as blocks, the parts of one cell together."""
    params = bench.params
    ordered = sorted(groups, key=lambda group: _turn(group, opening.window, groups))
    old, young = member_work(True, params), member_work(False, params)
    works = [[old if is_elderly(member, params) else young for member in group.members] for group in ordered]
    times = arrival_times(opening.stretch, works, params, bench.rules)
    return [
        Block(
            cell=group.cell.id,
            window=opening.window.id,
            start=arrivals[0],
            end=arrivals[0],
            members=tuple(member.id for member in group.members),
            arrivals=tuple(arrivals),
            work=group.work,
        )
        for group, arrivals in zip(ordered, times, strict=True)
    ]


def _turn(group: Group, window: Window, groups: Sequence[Group]) -> tuple[datetime, int, str]:
    """The order within an opening: as it was before; else those from afar late in the morning, early later on."""
    was = min(
        (g.was_at for g in groups if g.cell.id == group.cell.id and g.was_in == window.id and g.was_at is not None),
        default=datetime.max,  # noqa: DTZ901
    )
    far = group.cell.travel_min
    return was, far if part_of_day(window) is Part.MORNING else -far, group.cell.id


def _with_ends(blocks: Iterable[Block], windows: Iterable[Window], bench: Bench) -> list[Block]:
    result: list[Block] = []
    step = timedelta(minutes=bench.rules.grid_min)
    for window in windows:
        there = sorted((b for b in blocks if b.window == window.id), key=lambda b: (b.start, b.arrivals[-1]))
        if not there:
            continue
        last = reserve_start(window, bench.rules)
        ends = [block.start for block in there[1:]] + [last if there[-1].start < last else window.end]
        result += [
            replace(b, end=max(end, b.start + step, *_last_of_mingled(b, step, bench)))
            for b, end in zip(there, ends, strict=True)
        ]
    return result


def _last_of_mingled(block: Block, step: timedelta, bench: Bench) -> list[datetime]:
    """The next cell begins long before a mingled one has come; one after the other, the next one's start is the end."""
    return [block.arrivals[-1] + step] if bench.rules.mingle_cells else []


def _left_over(bench: Bench, packing: Packing) -> list[Unassigned]:
    result = []
    for g, group in enumerate(bench.groups):
        if packing.search.where[g] == NOWHERE:
            reason = reason_for(bench, packing, g)
            result += [
                Unassigned(member.id, group.cell.id, reason.code, reason.window or None, reason.amount)
                for member in group.members
            ]
    return result


def _count_invited(bench: Bench, packing: Packing, used: dict[tuple[str, date], int]) -> None:
    """A commune's quota counts its members at every station."""
    for group, o in zip(bench.groups, packing.search.where, strict=True):
        if o != NOWHERE:
            key = group.cell.commune, bench.openings[o].day
            used[key] = used.get(key, 0) + group.count


def _reserves(problem: Problem, blocks: Sequence[Block]) -> list[Reserve]:
    """Make-up time at the end of every open window: as many people as cover the share, if the cap leaves them room."""
    rules, mean = problem.rules, HUNDREDTHS * problem.params.mean_min
    taken: dict[str, int] = {}
    for block in blocks:
        taken[block.window] = taken.get(block.window, 0) + block.work
    open_days = {(w.station, w.start.date()) for w in problem.windows if w.id in taken}
    result = []
    for window in sorted(problem.windows, key=lambda w: (w.start, w.id)):
        start = reserve_start(window, rules)
        if start >= window.end or (window.station, window.start.date()) not in open_days:
            continue
        free = int(window_work(window) * rules.max_load) - taken.get(window.id, 0)
        count = min(ceil(reserve_work(window, rules) / mean), int(free / mean))
        result.append(Reserve(window.id, start, window.end, max(0, count)))
    return result
