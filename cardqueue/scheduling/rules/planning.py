"""What the planner is asked, and its answer as a proposal.

What is booked already and stays (by hand, by rebooking, by other committees) is given to the planner as frozen cells,
so that it plans around them with its own arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from cardqueue.organisation.models import Campaign, Window
from cardqueue.scheduling.planner import shapes
from cardqueue.scheduling.planner.work import expected_work, member_work
from cardqueue.scheduling.rules.measures import (
    ANY_STATION,
    OTHER_COMMUNE,
    OUR_COMMUNE,
    instant,
    key,
    planner_member,
    planner_params,
    planner_rules,
    planner_window,
    wall_clock,
    work_of,
)
from cardqueue.scheduling.rules.proposal import Mode, Proposal, Turn, Unplaced
from cardqueue.scheduling.rules.wishes import NO_WISHES, Wishes


@dataclass(frozen=True, slots=True)
class Guest:
    """A member to be placed."""

    member_id: int
    birth_year: int | None


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment in a future window; those without a block were rebooked one by one."""

    appointment_id: int
    member_id: int
    birth_year: int | None
    cell_id: int
    window_id: int
    block_id: int | None
    arrive_at: datetime
    work: int
    committee_id: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """All that an automatic plan depends on.

    Shapes: `guests` by cell id; `before` are appointments that may be moved, `staying` those that may not, `dropped`
    those that end; `linked_days` are the days on which others of a cell come anyway. Units: `minutes` of one
    line per member, `travel` minutes by cell, `day_quota` members of the committee per day, `staying` ones included.
    """

    campaign: Campaign
    minutes: float
    windows: Sequence[Window]
    guests: Mapping[int, Sequence[Guest]]
    before: Sequence[Booked]
    staying: Sequence[Booked]
    linked_days: Mapping[int, frozenset[date]]
    known: Mapping[int, int]
    wishes: Mapping[int, Wishes] = field(default_factory=dict)
    travel: Mapping[int, int] = field(default_factory=dict)
    dropped: tuple[int, ...] = ()
    committee_id: int = 0
    day_quota: int | None = None


def to_problem(question: Question) -> tuple[shapes.Problem, shapes.Plan]:
    """The planner's problem, and the plan to keep to as far as possible."""
    campaign, params = question.campaign, planner_params(question.minutes)
    windows = tuple(planner_window(window) for window in question.windows)
    cells = [_cell(question, cell_id, guests) for cell_id, guests in sorted(question.guests.items())]
    blocks = [
        _block(key(cell_id), people, question.windows, params, campaign)
        for (cell_id, _), people in _grouped((b.cell_id, b.window_id, b) for b in question.before).items()
    ]
    for cell, block in stays(question.staying, question.windows, campaign, params, question.committee_id):
        cells.append(cell)
        blocks.append(block)
    problem = shapes.Problem(windows, tuple(cells), params, planner_rules(campaign, question.day_quota))
    return problem, shapes.Plan(tuple(blocks), (), (), (), (), ())


def stays(
    booked: Sequence[Booked],
    windows: Sequence[Window],
    campaign: Campaign,
    params: shapes.Params,
    committee_id: int = 0,
) -> list[tuple[shapes.Cell, shapes.Block]]:
    """What is booked and stays, as frozen cells with their blocks; single members of a window stand together.

    Those of the committee count for its quota.
    """
    return [
        pair
        for (name, window_id), people in _grouped((_stay_name(b), b.window_id, b) for b in booked).items()
        for pair in _frozen(
            f"stays-{name}-{window_id}",
            OUR_COMMUNE if people[0].committee_id == committee_id else OTHER_COMMUNE,
            people,
            windows,
            params,
            campaign,
        )
    ]


def to_proposal(answer: shapes.Plan, question: Question, mode: Mode) -> Proposal:
    """The planner's answer as a proposal; the frozen cells are left out of it."""
    params, campaign = planner_params(question.minutes), question.campaign
    works = {
        guest.member_id: work_of(planner_member(guest.member_id, guest.birth_year, campaign), params)
        for guests in question.guests.values()
        for guest in guests
    }
    ours = {key(cell_id): cell_id for cell_id in question.guests}
    turns = []
    for block in answer.blocks:
        if block.cell in ours:
            members = tuple(int(member) for member in block.members)
            turns.append(
                Turn(
                    ours[block.cell],
                    int(block.window),
                    instant(block.start),
                    instant(block.end),
                    members,
                    tuple(instant(at) for at in block.arrivals),
                    tuple(works[member] for member in members),
                )
            )
    had_a_time = {booked.member_id for booked in question.before}
    unplaced = tuple(
        Unplaced(int(u.member), ours[u.cell], u.code, int(u.window) if u.window else None, u.amount)
        for u in answer.unassigned
        if u.cell in ours
    )
    foreign: dict[int, int] = {turn.window_id: 0 for turn in turns}
    for stay in question.staying:
        if stay.window_id in foreign:
            foreign[stay.window_id] += stay.work
    return Proposal(
        mode=mode,
        turns=tuple(turns),
        unplaced=unplaced,
        explanations={ours[e.cell]: explanation_to_json(e) for e in answer.explain if e.cell in ours},
        was={m: known for m, known in question.known.items() if m in works or m in question.dropped},
        foreign_work=foreign,
        dropped=(*question.dropped, *(u.member_id for u in unplaced if u.member_id in had_a_time)),
    )


def explanation_to_json(explanation: shapes.Explanation) -> dict[str, Any]:
    """Why a cell stands where it stands, as kept with its block; window ids are the database's."""
    kept = asdict(explanation)
    del kept["cell"]
    for item in (*kept["placements"], *kept["refused"], *([kept["runner_up"]] if kept["runner_up"] else [])):
        item["window"] = int(item["window"])
    return kept


def _cell(question: Question, cell_id: int, guests: Sequence[Guest]) -> shapes.Cell:
    wishes = question.wishes.get(cell_id, NO_WISHES)
    linked = question.linked_days.get(cell_id, frozenset())
    return shapes.Cell(
        id=key(cell_id),
        commune=OUR_COMMUNE,
        station=ANY_STATION,
        members=tuple(planner_member(guest.member_id, guest.birth_year, question.campaign) for guest in guests),
        unavailable_dates=wishes.unavailable_dates,
        # Coming together with the others of the cell is wished for as much as a day is.
        preferred_dates=(wishes.preferred_dates | linked) - wishes.unavailable_dates,
        preferred_parts=wishes.preferred_parts,
        travel_min=question.travel.get(cell_id, 0),
        state=shapes.CellState.NOTIFIED,
    )


def _stay_name(booked: Booked) -> str:
    return f"singles-{booked.committee_id}" if booked.block_id is None else str(booked.block_id)


def _grouped(rows: Iterable[tuple[Any, int, Booked]]) -> dict[tuple[Any, int], list[Booked]]:
    groups: dict[tuple[Any, int], list[Booked]] = {}
    for name, window_id, booked in rows:
        groups.setdefault((name, window_id), []).append(booked)
    for people in groups.values():
        people.sort(key=lambda b: (b.arrive_at, b.member_id))
    return dict(sorted(groups.items(), key=lambda item: (str(item[0][0]), item[0][1])))


def _block(
    cell: str, people: Sequence[Booked], windows: Sequence[Window], params: shapes.Params, campaign: Campaign
) -> shapes.Block:
    end_at = next(window.end_at for window in windows if window.id == people[0].window_id)
    return shapes.Block(
        cell=cell,
        window=key(people[0].window_id),
        start=wall_clock(people[0].arrive_at),
        end=wall_clock(end_at),
        members=tuple(key(b.member_id) for b in people),
        arrivals=tuple(wall_clock(b.arrive_at) for b in people),
        work=expected_work([planner_member(b.member_id, b.birth_year, campaign) for b in people], params),
    )


def _frozen(
    name: str,
    commune: str,
    people: Sequence[Booked],
    windows: Sequence[Window],
    params: shapes.Params,
    campaign: Campaign,
) -> list[tuple[shapes.Cell, shapes.Block]]:
    """What stays, as a cell that the planner may not move.

    It was booked with the minutes of its day. Where those were longer than today's, a second cell of nameless members
    stands for the difference, or the planner would promise room that the window's ledger does not have. Nobody is
    counted for being nameless.
    """
    members = tuple(planner_member(b.member_id, b.birth_year, campaign) for b in people)
    block = _block(name, people, windows, params, campaign)
    frozen = shapes.CellState.FROZEN
    result = [(shapes.Cell(name, commune, ANY_STATION, members, state=frozen), block)]
    missing = sum(b.work for b in people) - block.work
    extra = tuple(shapes.PlanMember(f"{name}-{n}") for n in range(-(-missing // member_work(False, params))))
    if extra:
        result.append(
            (
                shapes.Cell(f"{name}-more", OTHER_COMMUNE, ANY_STATION, extra, state=frozen),
                shapes.Block(
                    cell=f"{name}-more",
                    window=block.window,
                    start=block.start,
                    end=block.end,
                    members=tuple(member.id for member in extra),
                    arrivals=tuple(block.arrivals[-1] for _ in extra),
                    work=expected_work(extra, params),
                ),
            )
        )
    return result
