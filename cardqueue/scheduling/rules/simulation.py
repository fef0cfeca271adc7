"""A day as the simulator plays it: who is booked, and what may go otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cardqueue.organisation.models import Campaign, Window
from cardqueue.scheduling.planner import shapes
from cardqueue.scheduling.rules.measures import (
    key,
    planner_member,
    planner_params,
    planner_rules,
    wall_clock,
)
from cardqueue.scheduling.simulator.shapes import Scenario


class Trouble(StrEnum):
    """What may go otherwise than planned."""

    NONE = "none"
    SLOW = "slow"
    LATE = "late"
    LINE_LOST = "line_lost"
    OUTAGE = "outage"


SCENARIOS: Mapping[Trouble, Scenario] = {
    Trouble.NONE: Scenario(),
    Trouble.SLOW: Scenario(slow=1.15),
    Trouble.LATE: Scenario(later_min=10),
    Trouble.LINE_LOST: Scenario(lost_lines=1),
    Trouble.OUTAGE: Scenario(outage_min=25),
}


@dataclass(frozen=True, slots=True)
class Coming:
    """A member who is to come."""

    member_id: int
    birth_year: int | None
    cell_id: int
    window_id: int
    arrive_at: datetime


def to_play(
    campaign: Campaign, windows: Sequence[Window], coming: Iterable[Coming], minutes: float
) -> tuple[shapes.Problem, shapes.Plan]:
    """The problem and the plan that the simulator plays, each window at its own station.

    Units: `minutes` of one line per member.
    """
    people: dict[int, list[shapes.PlanMember]] = {}
    slips = []
    for one in sorted(coming, key=lambda one: (one.arrive_at, one.member_id)):
        people.setdefault(one.cell_id, []).append(planner_member(one.member_id, one.birth_year, campaign))
        slips.append(shapes.Slip(key(one.member_id), key(one.window_id), wall_clock(one.arrive_at)))
    problem = shapes.Problem(
        tuple(
            shapes.Window(
                key(window.id),
                key(window.station_id),
                wall_clock(window.start_at),
                wall_clock(window.end_at),
                window.line_count,
            )
            for window in windows
        ),
        tuple(shapes.Cell(key(cell_id), "", "", tuple(members)) for cell_id, members in sorted(people.items())),
        planner_params(minutes),
        planner_rules(campaign),
    )
    return problem, shapes.Plan((), tuple(slips), (), (), (), ())
