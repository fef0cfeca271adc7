"""What a plan would bring, what one more line or one day less would change, and what is missing where it does not fit.

Everything here asks the planner again and writes nothing: a variant becomes a plan only when a person accepts it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from cardqueue.scheduling.planner import engine
from cardqueue.scheduling.planner.shapes import CellState, Plan, Problem, Window
from cardqueue.scheduling.planner.work import is_elderly, member_work
from cardqueue.scheduling.simulator.playing import simulate

# A large plan is played less often: the mean of many people needs fewer days.
_RUNS, _RUNS_OF_MANY, _MANY = 200, 50, 1_000
_MOST_TRIES = 24
_MOST_LINES = 3
_EVENING = time(18), time(21)


class Kind(StrEnum):
    """What is varied."""

    AS_IS = "as_is"
    EARLIER = "earlier"
    MORE_LINES = "more_lines"
    LINE_IN_WINDOW = "line_in_window"
    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class Variant:
    """A change of the windows. Shapes: `window` is a window's key, `day` the last day or the evening's."""

    kind: Kind = Kind.AS_IS
    lines: int = 0
    window: str | None = None
    day: date | None = None

    def to_json(self) -> dict[str, Any]:
        """As kept with a proposal."""
        return {
            "kind": self.kind,
            "lines": self.lines,
            "window": self.window,
            "day": self.day.isoformat() if self.day else None,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Variant:
        """As it was when it was kept."""
        day = date.fromisoformat(kept["day"]) if kept["day"] else None
        return cls(Kind(kept["kind"]), kept["lines"], kept["window"], day)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a plan would bring. Units: waits and overtime in minutes, `missing_work` in hundredths of a line-minute.

    `late` members come after the deadline; `missing_work` is that of all who have no place or a late one.
    """

    placed: int
    unplaced: int
    late: int
    missing_work: int
    days: int
    last_on: date | None
    mean_wait: float
    p95_wait: float
    overtime: float

    @property
    def is_complete(self) -> bool:
        """Whether everybody comes, and in time."""
        return not self.unplaced and not self.late

    def to_json(self) -> dict[str, Any]:
        """As kept with a proposal."""
        kept = {name: getattr(self, name) for name in self.__slots__}
        return kept | {"last_on": self.last_on.isoformat() if self.last_on else None}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Outlook:
        """As it was when it was kept."""
        return cls(**kept | {"last_on": date.fromisoformat(kept["last_on"]) if kept["last_on"] else None})


def outlook(problem: Problem, plan: Plan, ours: Collection[str]) -> Outlook:
    """What a plan brings for the cells of one committee; who else comes is part of the waiting.

    Shapes: `ours` are cell ids.
    """
    mine = [block for block in plan.blocks if block.cell in ours]
    deadline = problem.rules.deadline
    late = [block for block in mine if deadline is not None and block.start.date() > deadline]
    lost = [one for one in plan.unassigned if one.cell in ours]
    people = {member.id: member for cell in problem.cells for member in cell.members}
    missing = sum(member_work(is_elderly(people[one.member], problem.params), problem.params) for one in lost)
    days = {block.start.date() for block in mine}
    played = simulate(problem, plan, runs=_RUNS if len(plan.slips) < _MANY else _RUNS_OF_MANY)
    return Outlook(
        placed=sum(block.headcount for block in mine),
        unplaced=len(lost),
        late=sum(block.headcount for block in late),
        missing_work=missing + sum(block.work for block in late),
        days=len(days),
        last_on=max(days, default=None),
        mean_wait=round(played.mean_wait, 2),
        p95_wait=round(played.p95_wait, 2),
        overtime=round(played.overtime, 1),
    )


def vary(problem: Problem, keep: Plan, variant: Variant) -> Problem:
    """The problem with other windows; those in which somebody stays in any case remain."""
    match variant.kind:
        case Kind.EARLIER:
            return replace(problem, windows=tuple(_until(problem, keep, variant.day)))
        case Kind.MORE_LINES | Kind.LINE_IN_WINDOW:
            windows = tuple(
                replace(window, lines=window.lines + variant.lines) if variant.window in (None, window.id) else window
                for window in problem.windows
            )
            return replace(problem, windows=windows)
        case Kind.EVENING if variant.day is not None:
            return replace(problem, windows=(*problem.windows, _evening(problem, variant)))
        case _:
            return problem


def choices(problem: Problem, now: Outlook) -> list[Variant]:
    """What is worth asking about: to finish a day earlier, and to have one line more everywhere."""
    days = {window.start.date() for window in problem.windows}
    earlier = sorted(day for day in days if now.last_on and day < now.last_on)
    return [
        *([Variant(Kind.EARLIER, day=earlier[-1])] if earlier and now.days > 1 else []),
        Variant(Kind.MORE_LINES, lines=1),
    ]


def remedy(problem: Problem, keep: Plan, ours: Collection[str]) -> Variant | None:
    """The smallest change with which everybody comes in time; None where none of those tried is enough."""
    deadline = problem.rules.deadline
    for variant in _remedies(problem):
        answer = engine.plan(vary(problem, keep, variant), keep=keep)
        late = any(
            block.cell in ours and deadline is not None and block.start.date() > deadline for block in answer.blocks
        )
        if not late and not any(one.cell in ours for one in answer.unassigned):
            return variant
    return None


def _remedies(problem: Problem) -> Iterator[Variant]:
    """First a line in one window, then an evening more, then lines everywhere; the last days first."""
    deadline = problem.rules.deadline
    good = [window for window in problem.windows if deadline is None or window.start.date() <= deadline]
    latest = sorted((window for window in good if window.lines), key=lambda window: window.start, reverse=True)
    tries = [Variant(Kind.LINE_IN_WINDOW, lines, window.id) for lines in (1, 2) for window in latest]
    evenings = {window.start.date() for window in problem.windows if window.end.time() > _EVENING[0]}
    days = sorted({window.start.date() for window in good} - evenings, reverse=True)
    tries = tries[: _MOST_TRIES // 2] + [Variant(Kind.EVENING, _usual_lines(problem), day=day) for day in days]
    yield from tries[: _MOST_TRIES - _MOST_LINES]
    yield from (Variant(Kind.MORE_LINES, lines) for lines in range(1, _MOST_LINES + 1))


def _usual_lines(problem: Problem) -> int:
    counts = Counter(window.lines for window in problem.windows if window.lines)
    return max(sorted(counts), key=lambda lines: counts[lines], default=1)


def _evening(problem: Problem, variant: Variant) -> Window:
    assert variant.day is not None  # noqa: S101 - `vary` asks for one
    station = problem.windows[0].station if problem.windows else ""
    start, end = (datetime.combine(variant.day, at) for at in _EVENING)
    return Window(f"evening-{variant.day.isoformat()}", station, start, end, variant.lines)


def _until(problem: Problem, keep: Plan, day: date | None) -> Iterator[Window]:
    frozen = {cell.id for cell in problem.cells if cell.state is CellState.FROZEN}
    kept = {block.window for block in keep.blocks if block.cell in frozen}
    for window in problem.windows:
        if day is None or window.start.date() <= day or window.id in kept:
            yield window
