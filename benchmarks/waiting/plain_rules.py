"""Arrival times as an office gives them without a planner: the same cells in the same windows, other slips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from cardqueue.scheduling.planner.shapes import Block, Plan, Problem, Slip, Window

Times = Callable[[Window, Sequence[Block], float], list[datetime]]
"""The members' times in a window, block after block; the last argument is minutes of a line per member."""


def everybody_at_the_opening(window: Window, blocks: Sequence[Block], _minutes: float) -> list[datetime]:
    """One time for all."""
    return [window.start for block in blocks for _ in block.members]


def a_calendar_of_hours(window: Window, blocks: Sequence[Block], _minutes: float) -> list[datetime]:
    """Whole hours, the members in equal parts."""
    hours = max(1, int((window.end - window.start) / timedelta(hours=1)))
    count = sum(block.headcount for block in blocks)
    return [window.start + timedelta(hours=place * hours // count) for place in range(count)]


def one_block_per_cell(window: Window, blocks: Sequence[Block], minutes: float) -> list[datetime]:
    """A cell comes together, when the cells before it should be done: headcount × minutes ÷ lines."""
    times: list[datetime] = []
    for block in blocks:
        times += [window.start + timedelta(minutes=len(times) * minutes / window.lines)] * block.headcount
    return times


def groups_every_quarter(window: Window, blocks: Sequence[Block], minutes: float) -> list[datetime]:
    """Every quarter of an hour as many as the lines can serve."""
    count = sum(block.headcount for block in blocks)
    return [window.start + timedelta(minutes=place * minutes / window.lines // 15 * 15) for place in range(count)]


RULES: dict[str, Times] = {
    "everybody at each opening": everybody_at_the_opening,
    "a calendar of 60-minute slots": a_calendar_of_hours,
    "one block per cell": one_block_per_cell,
    "groups every 15 minutes": groups_every_quarter,
}


def with_times(problem: Problem, plan: Plan, times: Times) -> Plan:
    """A plan with other arrival times."""
    slips = []
    for window in problem.windows:
        blocks = [block for block in plan.blocks if block.window == window.id]
        members = [member for block in blocks for member in block.members]
        at = times(window, blocks, problem.params.mean_min) if members else []
        slips += [Slip(member, window.id, min(arrive, window.end)) for member, arrive in zip(members, at, strict=True)]
    return replace(plan, slips=tuple(slips))


def everybody_in_the_morning(problem: Problem, plan: Plan) -> tuple[Problem, Plan]:
    """One day as a single window, and all its people at the first opening.

    The lines work through the break here, which flatters the rule.
    """
    first, last = min(problem.windows, key=lambda w: w.start), max(problem.windows, key=lambda w: w.end)
    whole = replace(first, end=last.end)
    slips = tuple(Slip(slip.member, whole.id, whole.start) for slip in plan.slips)
    return replace(problem, windows=(whole,)), replace(plan, slips=slips)
