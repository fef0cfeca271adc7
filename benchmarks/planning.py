"""The planner on the demo commune in one day, and on a district of 3,500 members in ten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from benchmarks.report import Row, median_seconds
from cardqueue.demo.people import AS_OF, Commune, make_commune
from cardqueue.scheduling.planner.engine import plan
from cardqueue.scheduling.planner.shapes import Cell, PlanMember, Problem, Window

STATION = "station"
SHIFTS = (("07:00", "11:30"), ("13:00", "17:00"))
LINES = 3


def measure() -> Iterator[Row]:
    """A plan from its problem alone: no database, no page."""
    for members, days, goal_seconds in ((365, 1, None), (3_500, 10, 1.0)):
        problem = _problem(make_commune(1, members=members), days)
        seconds = median_seconds(lambda problem=problem: plan(problem))  # type: ignore[misc]
        placed = len(plan(problem).slips)
        yield Row(
            f"plan {members:,} members in {len(problem.cells)} cells",
            f"{seconds:.2f} s, {placed:,} placed",
            goal="" if goal_seconds is None else f"≤ {goal_seconds:.0f} s",
            is_met=None if goal_seconds is None else seconds <= goal_seconds,
        )


def _problem(commune: Commune, days: int) -> Problem:
    windows = [
        Window(
            id=f"{day:02}-{start}",
            station=STATION,
            start=datetime.fromisoformat(f"{AS_OF + timedelta(days=day)}T{start}"),
            end=datetime.fromisoformat(f"{AS_OF + timedelta(days=day)}T{end}"),
            lines=LINES,
        )
        for day in range(days)
        for start, end in SHIFTS
    ]
    cells = [
        Cell(
            id=f"{cell.number:03}",
            commune=commune.name,
            station=STATION,
            members=tuple(PlanMember(m.key, m.age) for m in commune.of_cell(cell) if m.is_eligible),
        )
        for cell in commune.cells
    ]
    return Problem(tuple(windows), tuple(cells))
