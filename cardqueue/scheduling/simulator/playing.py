"""``simulate``: a plan played many times."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from random import Random

from cardqueue.scheduling.planner.arrivals import Stretch, arrival_times
from cardqueue.scheduling.planner.shapes import Params, Plan, Problem, Reserve, Window
from cardqueue.scheduling.planner.work import is_elderly, length_minutes, member_work
from cardqueue.scheduling.simulator.guests import Crowd, Invitation
from cardqueue.scheduling.simulator.serving import serve
from cardqueue.scheduling.simulator.shapes import InRoom, Result, Scenario, Visit, WindowResult

RUNS = 200
STEP_MIN = 5
"""The room is counted so often."""
BEFORE_MIN = 15


def simulate(
    problem: Problem, plan: Plan, *, runs: int = RUNS, seed: int = 0, scenario: Scenario | None = None
) -> Result:
    """Plays a plan; the same input and seed give the same result.

    Windows are independent of each other: who is not served by a window's end is served after it.

    Units: minutes.
    """
    scenario = scenario or Scenario()
    windows = {window.id: window for window in problem.windows}
    invited = _invitations(problem, plan, scenario)
    lost = _first_windows(windows[name] for name in invited)
    results, waits = [], []
    for name in sorted(invited, key=lambda name: (windows[name].start, name)):
        # One line always remains: people who were invited are served, however late.
        lines = windows[name].lines - (scenario.lost_lines if name in lost else 0)
        record = _play(windows[name], max(1, lines), invited[name], problem.params, scenario, runs, seed)
        results.append(_window_result(windows[name], len(invited[name]), record, runs))
        waits += record.waits
    waits.sort()
    return Result(
        runs=runs,
        invited=sum(item.invited for item in results),
        served=sum(item.served for item in results),
        mean_wait=sum(waits) / len(waits) if waits else 0.0,
        p95_wait=percentile(waits, 0.95),
        overtime=sum(item.overtime for item in results),
        windows=tuple(results),
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of the ordered values does not exceed; 0 of none."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else 0.0


@dataclass(slots=True)
class _Record:
    """What happened in a window, run after run; ``rooms`` holds the people in the room step by step."""

    waits: list[float] = field(default_factory=list)
    served: int = 0
    overtime: float = 0.0
    rooms: list[list[int]] = field(default_factory=list)


def _invitations(problem: Problem, plan: Plan, scenario: Scenario) -> dict[str, list[Invitation]]:
    windows = {window.id: window for window in problem.windows}
    members = {member.id: (cell.id, member) for cell in problem.cells for member in cell.members}
    result: dict[str, list[Invitation]] = {}
    for slip in plan.slips:
        cell, member = members[slip.member]
        due = _minutes_between(windows[slip.window].start, slip.arrive)
        result.setdefault(slip.window, []).append(
            Invitation(slip.member, cell, due, is_elderly(member, problem.params))
        )
    for reserve in plan.reserve if scenario.make_ups > 0 else ():
        result.setdefault(reserve.window, []).extend(_make_ups(windows[reserve.window], reserve, problem, scenario))
    return result


def _make_ups(window: Window, reserve: Reserve, problem: Problem, scenario: Scenario) -> Iterator[Invitation]:
    """The reserve's places as far as they are given away, at the times that booking would offer."""
    stretch = Stretch(reserve.start, reserve.end, window.lines)
    work = member_work(False, problem.params)
    groups = [[work]] * round(reserve.count * scenario.make_ups)
    for place, times in enumerate(arrival_times(stretch, groups, problem.params, problem.rules, spread=False)):
        name = f"{window.id}/make-up/{place:04}"
        yield Invitation(name, name, _minutes_between(window.start, times[0]))


def _first_windows(windows: Iterable[Window]) -> frozenset[str]:
    first: dict[str, Window] = {}
    for window in windows:
        known = first.get(window.station)
        if known is None or (window.start, window.id) < (known.start, known.id):
            first[window.station] = window
    return frozenset(window.id for window in first.values())


def _play(
    window: Window,
    lines: int,
    invitations: Sequence[Invitation],
    params: Params,
    scenario: Scenario,
    runs: int,
    seed: int,
) -> _Record:
    minutes = length_minutes(window.start, window.end)
    crowd = Crowd(invitations, minutes, params, scenario)
    outage = ((minutes - scenario.outage_min) / 2, (minutes + scenario.outage_min) / 2)
    record = _Record()
    for run in range(runs):
        draw = Random(f"{seed}/{run}/{window.id}")  # noqa: S311
        speeds = [1 + scenario.speed_spread * (2 * draw.random() - 1) for _ in range(lines)]
        visits = serve(crowd.guests(draw), speeds, outage)
        record.waits += [visit.wait for visit in visits if visit.guest.is_invited]
        record.served += len(visits)
        record.overtime += max(0.0, max((visit.end for visit in visits), default=0.0) - minutes)
        record.rooms.append(list(_in_room(visits)))
    record.waits.sort()
    return record


def _in_room(visits: Sequence[Visit]) -> Iterator[int]:
    """How many are in the room every few minutes until it is empty for good."""
    came = sorted(visit.guest.arrive for visit in visits)
    left = sorted(visit.end for visit in visits)
    minute = -BEFORE_MIN
    while left and minute < left[-1] + STEP_MIN:
        yield bisect_right(came, minute) - bisect_right(left, minute)
        minute += STEP_MIN


def _window_result(window: Window, invited: int, record: _Record, runs: int) -> WindowResult:
    waits = record.waits
    return WindowResult(
        window=window.id,
        invited=invited,
        served=record.served / runs,
        mean_wait=sum(waits) / len(waits) if waits else 0.0,
        p95_wait=percentile(waits, 0.95),
        overtime=record.overtime / runs,
        room=tuple(_moments(window.start, record.rooms)),
    )


def _moments(start: datetime, rooms: Sequence[Sequence[int]]) -> Iterator[InRoom]:
    """The room over all runs, until nine days out of ten everybody has left."""
    for step in range(max((len(room) for room in rooms), default=0)):
        counts = sorted(room[step] if step < len(room) else 0 for room in rooms)
        yield InRoom(
            at=start + timedelta(minutes=step * STEP_MIN - BEFORE_MIN),
            p50=int(percentile(counts, 0.5)),
            p90=int(percentile(counts, 0.9)),
        )
        if sum(len(room) <= step + 1 for room in rooms) >= 0.9 * len(rooms):
            return


def _minutes_between(start: datetime, at: datetime) -> float:
    return (at - start) / timedelta(minutes=1)
