"""Every shape planned and played; the plain rules on the same day; a city planned as a whole."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from benchmarks.report import Row
from benchmarks.waiting.instances import Goal, Shape, city, shapes
from benchmarks.waiting.plain_rules import RULES, everybody_in_the_morning, with_times
from cardqueue.scheduling.planner.engine import plan
from cardqueue.scheduling.planner.shapes import Plan, Problem
from cardqueue.scheduling.planner.work import window_work
from cardqueue.scheduling.simulator.playing import simulate
from cardqueue.scheduling.simulator.shapes import Result

SEEDS = (101, 102)
CITY_SECONDS = 10.0
CITY = Goal(2.0, 8.5)
CITY_OVER_BOUND = 1_082 / 1_072
"""Station-days that a whole city may take beyond what the work alone asks for."""


def measure() -> Iterator[Row]:
    """Mean wait / P95 / overtime in minutes, with people who come unasked and, in brackets, without them."""
    for shape in shapes():
        for seed in SEEDS:
            yield _shape_row(shape, seed)
    yield from _plain_rows(next(shapes()))
    yield from _city_rows()


def _shape_row(shape: Shape, seed: int) -> Row:
    problem = mingled(shape.make(seed))
    proposal = plan(problem)
    played = simulate(problem, proposal, runs=shape.runs, seed=seed)
    apart = simulate(problem, plan(shape.make(seed)), runs=shape.runs, seed=seed)
    calm = simulate(without_unasked(problem), proposal, runs=shape.runs, seed=seed)
    used, fewest = (sum(getattr(item, name) for item in proposal.station_days) for name in ("used", "fewest"))
    wishes = wishes_met(problem, proposal)
    parts = [f"{used} days", f"{_waits(played)} ({_waits(calm)})"]
    parts += [f"{len(proposal.unassigned)} not placed"] * bool(proposal.unassigned)
    parts += [] if wishes is None else [f"wishes {wishes:.0%}"]
    return Row(
        f"{shape.name}, seed {seed}, load {load_of(problem, proposal):.2f}",
        ", ".join(parts),
        beside=f"bound {fewest} days; cells apart {_waits(apart)}",
        goal=_goal(shape.goal),
        is_met=is_met(shape.goal, played, used, len(proposal.unassigned), wishes),
    )


def mingled(problem: Problem) -> Problem:
    """The same campaign with neighbouring cells side by side, as instance files are planned."""
    return replace(problem, rules=replace(problem.rules, mingle_cells=True))


def without_unasked(problem: Problem) -> Problem:
    """The same campaign if only those come who were invited."""
    return replace(problem, params=replace(problem.params, walkin=0.0))


def load_of(problem: Problem, proposal: Plan) -> float:
    """Invited work over the time of the windows in use."""
    used = {block.window for block in proposal.blocks}
    time = sum(window_work(window) for window in problem.windows if window.id in used)
    return sum(block.work for block in proposal.blocks) / time if time else 0.0


def wishes_met(problem: Problem, proposal: Plan) -> float | None:
    """The share of members, of cells that prefer a date, who come on it; None without such cells."""
    wished = {cell.id: cell.preferred_dates for cell in problem.cells if cell.preferred_dates}
    counts = [
        (block.headcount, block.start.date() in wished[block.cell]) for block in proposal.blocks if block.cell in wished
    ]
    total = sum(count for count, _ in counts)
    return sum(count for count, is_kept in counts if is_kept) / total if total else None


def is_met(goal: Goal, played: Result, used: int, unassigned: int, wishes: float | None) -> bool | None:
    """Whether all that is aimed at was reached; None without a goal."""
    pairs = [(goal.mean, played.mean_wait), (goal.p95, played.p95_wait), (goal.overtime, played.overtime)]
    checks = [reached <= limit for limit, reached in pairs if limit is not None]
    checks += [used <= goal.days and unassigned <= goal.unassigned] if goal.days is not None else []
    checks += [wishes is not None and wishes >= goal.wishes] if goal.wishes is not None else []
    return all(checks) if checks else None


def _plain_rows(shape: Shape) -> Iterator[Row]:
    """The plain rules keep the planner's windows; its cells come one after the other, as theirs do."""
    problem = shape.make(SEEDS[0])
    proposal = plan(problem)
    day = everybody_in_the_morning(problem, proposal)
    plans = {"everybody at 07:00": day}
    plans |= {name: (problem, with_times(problem, proposal, times)) for name, times in RULES.items()}
    for name, (changed, other) in plans.items():
        yield Row(f"the same day: {name}", _waits(simulate(changed, other, runs=50, seed=SEEDS[0])))


def _city_rows() -> Iterator[Row]:
    for stations in (42, 84, 168):
        problem = mingled(city(SEEDS[0], stations, 365_911 * stations // 168))
        start = time.process_time()
        proposal = plan(problem)
        seconds = time.process_time() - start
        used, fewest = (sum(getattr(item, name) for item in proposal.station_days) for name in ("used", "fewest"))
        played = simulate(problem, proposal, runs=1)
        is_good = is_met(CITY, played, used, 0, None) and used <= CITY_OVER_BOUND * fewest and not proposal.unassigned
        yield Row(
            f"a city: {stations} stations, {len(proposal.slips):,} members, load {load_of(problem, proposal):.2f}",
            f"{seconds:.1f} s, {used:,} station-days, {_waits(played)}, {len(proposal.unassigned)} not placed",
            beside=f"bound {fewest:,} station-days",
            goal=f"≤ {CITY_SECONDS * stations / 168:.1f} s of one core, ≤ {CITY_OVER_BOUND:.3f} × bound, {_goal(CITY)}",
            is_met=bool(is_good) and seconds <= CITY_SECONDS * stations / 168,
        )


def _waits(played: Result) -> str:
    return f"{played.mean_wait:.2f} / {played.p95_wait:.1f} / {played.overtime:.1f}"


def _goal(goal: Goal) -> str:
    waits = [figure for figure in (goal.mean, goal.p95, goal.overtime) if figure is not None]
    parts = ["≤ " + " / ".join(f"{figure:g}" for figure in waits)] if waits else []
    parts += [f"{goal.days} days"] if goal.days is not None else []
    parts += [f"wishes ≥ {goal.wishes:.0%}"] if goal.wishes is not None else []
    return ", ".join(parts)
