"""Blocks that stay as they are, frozen or booked by hand, and the stretches of a window that they leave free."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from cardqueue.scheduling.planner.arrivals import Stretch
from cardqueue.scheduling.planner.free_time import hand_arrivals, taken_spans
from cardqueue.scheduling.planner.shapes import Block, Cell, CellState, Problem, Window
from cardqueue.scheduling.planner.work import expected_work


def staying_blocks(problem: Problem, cell: Cell, before: Sequence[Block], windows: Mapping[str, Window]) -> list[Block]:
    """The blocks of a cell that stay: frozen by its state, by ``frozen_until``, or booked by hand.

    A block in a window that no longer exists cannot stay; neither can people who left the cell.
    """
    people = {member.id: member for member in cell.members}
    result = []
    for block in before:
        stay = [
            (name, at)
            for name, at in zip(block.members, block.arrivals, strict=True)
            if name in people and block.window in windows and _is_frozen(problem, cell, at)
        ]
        if stay:
            names, times = zip(*stay, strict=True)
            work = expected_work(tuple(people[name] for name in names), problem.params)
            result.append(Block(cell.id, block.window, times[0], block.end, names, times, work))
    window = windows.get(cell.pinned_window or "")
    if not result and window is not None and cell.pinned_at is not None:
        result = _hand_booked(problem, cell, window, cell.pinned_at)
    return result


def free_stretches(window: Window, taken: Sequence[Block], until: datetime) -> list[Stretch]:
    """What blocks that stay leave free of a window up to ``until``."""
    spans = [(window.start, window.start), *taken_spans(window, taken), (until, until)]
    free = [Stretch(end, min(start, until), window.lines) for (_, end), (start, _) in pairwise(spans)]
    return [stretch for stretch in free if stretch.start < stretch.end]


def _is_frozen(problem: Problem, cell: Cell, at: datetime) -> bool:
    return cell.state is CellState.FROZEN or (problem.frozen_until is not None and at < problem.frozen_until)


def _hand_booked(problem: Problem, cell: Cell, window: Window, start: datetime) -> list[Block]:
    if not window.start <= start < window.end or window.lines <= 0 or not cell.members:
        return []
    slips = hand_arrivals(cell.members, window, start, problem.params, problem.rules)
    names, times = tuple(slip.member for slip in slips), tuple(slip.arrive for slip in slips)
    return [Block(cell.id, window.id, times[0], window.end, names, times, expected_work(cell.members, problem.params))]
