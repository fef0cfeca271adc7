"""Blocks that stay as they are, frozen or booked by hand, and the stretches of a window that they leave free."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil

from cardqueue.scheduling.planner.arrivals import Stretch, arrival_times
from cardqueue.scheduling.planner.groups import in_order
from cardqueue.scheduling.planner.shapes import Block, Cell, CellState, Problem, Window
from cardqueue.scheduling.planner.work import HUNDREDTHS, expected_work, is_elderly, member_work


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
    """What blocks that stay leave free of a window up to ``until``; each takes its work ÷ lines from its start."""
    if window.lines <= 0:
        return []
    result = []
    cursor = window.start
    for block in sorted(taken, key=lambda b: (b.start, b.cell)):
        if block.start > cursor:
            result.append(Stretch(cursor, min(block.start, until), window.lines))
        cursor = max(cursor, block.start) + timedelta(minutes=ceil(block.work / (window.lines * HUNDREDTHS)))
    result.append(Stretch(cursor, until, window.lines))
    return [stretch for stretch in result if stretch.start < stretch.end]


def _is_frozen(problem: Problem, cell: Cell, at: datetime) -> bool:
    return cell.state is CellState.FROZEN or (problem.frozen_until is not None and at < problem.frozen_until)


def _hand_booked(problem: Problem, cell: Cell, window: Window, start: datetime) -> list[Block]:
    if not window.start <= start < window.end or window.lines <= 0 or not cell.members:
        return []
    members = in_order(cell.members, problem.params)
    works = [member_work(is_elderly(member, problem.params), problem.params) for member in members]
    stretch = Stretch(start, window.end, window.lines)
    (times,) = arrival_times(stretch, [works], problem.params, problem.rules, spread=False)
    names = tuple(member.id for member in members)
    return [Block(cell.id, window.id, times[0], window.end, names, tuple(times), sum(works))]
