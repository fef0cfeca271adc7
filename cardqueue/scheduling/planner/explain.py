"""Why a cell stands where it stands: its sum, the windows it did not get, and the next best one."""

from collections.abc import Sequence

from cardqueue.scheduling.planner.benches import Bench, refusal_by_itself
from cardqueue.scheduling.planner.packing import Packing
from cardqueue.scheduling.planner.search import NOWHERE
from cardqueue.scheduling.planner.shapes import Alternative, Block, Cell, Code, Explanation, Placement, Refusal
from cardqueue.scheduling.planner.work import HUNDREDTHS, count_elderly, expected_work

NEAREST_FIRST = (
    Code.FULL,
    Code.QUOTA,
    Code.DAY_SPARED,
    Code.DATE_BAN,
    Code.AFTER_DEADLINE,
    Code.PINNED_ELSEWHERE,
    Code.CLOSED,
)
"""Of several refusals, the one a person can most easily do something about."""


def reason_for(bench: Bench, packing: Packing, g: int) -> Refusal:
    """The one reason to tell for a group that was not placed: the window that came nearest."""
    refusals = [r for o in range(len(bench.openings)) if (r := refusal(bench, packing, g, o)) is not None]
    if refusals:
        return min(refusals, key=lambda r: (NEAREST_FIRST.index(r.code), r.amount, r.window))
    return Refusal("", Code.CLOSED if bench.windows else Code.NO_WINDOW)


def refusal(bench: Bench, packing: Packing, g: int, o: int) -> Refusal | None:
    """Why a group could not also stand in this opening, as the others stand; None if it could."""
    group, opening, search = bench.groups[g], bench.openings[o], packing.search
    by_itself = refusal_by_itself(group, opening, bench.rules)
    if by_itself is not None:
        return by_itself
    if opening.day not in packing.days:
        return Refusal(opening.window.id, Code.AFTER_DEADLINE if opening.late else Code.DAY_SPARED)
    now = search.where[g]
    same_day = now != NOWHERE and bench.openings[now].day == opening.day
    quota = bench.quota(group.cell.commune)
    over = 0 if quota is None or same_day else search.invited(g, o) + group.count - quota
    if over > 0:
        return Refusal(opening.window.id, Code.QUOTA, over)
    missing = search.load(o) + group.work - packing.caps[o]
    return Refusal(opening.window.id, Code.FULL, missing) if missing > 0 else None


def explain_cells(bench: Bench, packing: Packing, blocks: Sequence[Block]) -> list[Explanation]:
    """One explanation per cell that has a block or a group."""
    by_cell: dict[str, list[int]] = {}
    cells: dict[str, Cell] = {}
    for g, group in enumerate(bench.groups):
        by_cell.setdefault(group.cell.id, []).append(g)
        cells[group.cell.id] = group.cell
    cells |= bench.fixed_cells
    placed: dict[str, list[Block]] = {}
    for block in blocks:
        placed.setdefault(block.cell, []).append(block)
    return [_explain(bench, packing, cell, by_cell.get(name, []), placed.get(name, [])) for name, cell in cells.items()]


def _explain(bench: Bench, packing: Packing, cell: Cell, groups: Sequence[int], blocks: Sequence[Block]) -> Explanation:
    lines = {window.id: window.lines for window in bench.windows}
    placements = tuple(
        Placement(b.window, b.headcount, b.work, lines[b.window], _minutes(b.work, lines[b.window])) for b in blocks
    )
    mine = {block.window for block in blocks}
    # The parts of a split cell meet the same windows; the first one speaks for all.
    first = groups[0] if groups else NOWHERE
    refused: list[Refusal] = []
    others: list[int] = []
    for o, opening in enumerate(bench.openings if groups else []):
        if opening.window.id not in mine:
            no = refusal(bench, packing, first, o)
            if no is None:
                others.append(o)
            else:
                refused.append(no)
    return Explanation(
        cell=cell.id,
        members=len(cell.members),
        elderly=count_elderly(cell.members, bench.params),
        minutes_per_member=bench.params.mean_min,
        work=expected_work(cell.members, bench.params),
        placements=placements,
        refused=tuple(refused),
        runner_up=_runner_up(bench, packing, first, others),
        after_deadline=_is_late(bench, packing, groups),
    )


def _minutes(work: int, lines: int) -> int:
    return -(-work // (HUNDREDTHS * max(1, lines)))


def _runner_up(bench: Bench, packing: Packing, g: int, others: Sequence[int]) -> Alternative | None:
    if not others or packing.search.where[g] == NOWHERE:
        return None
    search = packing.search
    now = search.cost_of(g, search.where[g])
    best = min(others, key=lambda o: (search.cost_of(g, o), o))
    return Alternative(bench.openings[best].window.id, search.cost_of(g, best) - now)


def _is_late(bench: Bench, packing: Packing, groups: Sequence[int]) -> bool:
    return any(packing.search.where[g] != NOWHERE and bench.openings[packing.search.where[g]].late for g in groups)
