"""Instance and plan files: ``cardqueue-instance/1`` in, ``cardqueue-plan/1`` in and out."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from types import MappingProxyType

from cardqueue.scheduling.planner.reading import BadFile, Place
from cardqueue.scheduling.planner.shapes import (
    Block,
    Cell,
    CellState,
    Code,
    Explanation,
    Params,
    Part,
    Plan,
    PlanMember,
    Problem,
    Refusal,
    Reserve,
    Rules,
    Slip,
    Unassigned,
    Window,
)
from cardqueue.scheduling.planner.work import HUNDREDTHS, expected_work

INSTANCE_SCHEMA = "cardqueue-instance/1"
PLAN_SCHEMA = "cardqueue-plan/1"
OLDEST = 130


def parse_instance(document: object) -> Problem:
    """An instance file as a problem.

    Raises: BadFile with every fault.
    """
    file = Place(document, "", [])
    if not file.is_object():
        raise BadFile(file.faults)
    _expect_schema(file, INSTANCE_SCHEMA)
    file.get("id").text()
    planner = file.get("planner")
    if not planner.is_object():
        raise BadFile(file.faults)
    windows = [_window(place) for place in planner.get("windows").items()]
    communes = {place.text() for place in planner.optional_items("communes")}
    cells = [_cell(place) for place in planner.get("cells").items()]
    params = _params(planner.get("params")) if planner.has("params") else Params()
    rules = _rules(planner.get("rules")) if planner.has("rules") else Rules()
    frozen = next((place.get("frozen_until") for place in (file, planner) if place.has("frozen_until")), None)
    frozen_until = frozen.instant() if frozen else None
    _expect_references(planner, windows, cells, communes)
    if file.faults:
        raise BadFile(file.faults)
    return Problem(tuple(windows), tuple(cells), params, rules, frozen_until)


def instance_id(document: object) -> str:
    """The id of an instance file."""
    return Place(document, "", []).get("id").text()


def parse_plan(document: object, problem: Problem) -> Plan:
    """An old plan file, as far as it can be kept: arrivals of the problem's members inside one of its windows.

    Raises: BadFile with every fault.
    """
    file = Place(document, "", [])
    if not file.is_object():
        raise BadFile(file.faults)
    _expect_schema(file, PLAN_SCHEMA)
    arrivals = {
        place.get("id").text(): place.get("arrive").instant()
        for place in file.get("members").items()
        if place.is_object()
    }
    known = {window.id for window in problem.windows}
    reserve = [_reserve(place) for place in file.optional_items("reserve")]
    if file.faults:
        raise BadFile(file.faults)
    blocks = [block for cell in problem.cells for block in _old_blocks(cell, arrivals, problem)]
    slips = [
        Slip(member, block.window, at)
        for block in blocks
        for member, at in zip(block.members, block.arrivals, strict=True)
    ]
    return Plan(
        blocks=tuple(blocks),
        slips=tuple(sorted(slips, key=lambda slip: slip.member)),
        unassigned=(),
        reserve=tuple(item for item in reserve if item.window in known),
        explain=(),
        station_days=(),
    )


def plan_to_dict(plan: Plan, instance: str) -> dict[str, object]:
    """A plan as a ``cardqueue-plan/1`` document.

    Units: line-minutes as decimals; ``by`` of FULL in line-minutes, of QUOTA in members.
    """
    return {
        "schema": PLAN_SCHEMA,
        "instance": instance,
        "members": [{"id": slip.member, "arrive": _minute(slip.arrive)} for slip in plan.slips],
        "unassigned": [_unassigned(item) for item in plan.unassigned],
        "reserve": [
            {"window": r.window, "start": _minute(r.start), "end": _minute(r.end), "count": r.count}
            for r in plan.reserve
        ],
        "explain": {item.cell: _explanation(item) for item in plan.explain},
        "station_days": {item.station: {"used": item.used, "fewest": item.fewest} for item in plan.station_days},
    }


def _expect_schema(file: Place, schema: str) -> None:
    if file.get("schema").value != schema:
        file.get("schema").fault(f'"{schema}"')


def _window(place: Place) -> Window:
    place.is_object()
    start, end = place.get("start").instant(), place.get("end").instant()
    if datetime.min not in (start, end) and end < start:  # noqa: DTZ901
        place.get("end").fault("a time not before the start")
    return Window(
        id=place.get("id").text(),
        station=place.get("station").text(),
        start=start,
        end=end,
        lines=place.get("lines").whole(),
    )


def _cell(place: Place) -> Cell:
    place.is_object()
    return Cell(
        id=place.get("id").text(),
        commune=place.get("commune").text(),
        station=place.get("station").text(),
        members=tuple(_member(member) for member in place.get("members").items()),
        unavailable_dates=frozenset(day.day() for day in place.optional_items("unavailable_dates")),
        preferred_dates=frozenset(day.day() for day in place.optional_items("preferred_dates")),
        preferred_parts=frozenset(part.word(Part) for part in place.optional_items("preferred_parts")),
        travel_min=int(place.get("travel_min").number(0, 24 * 60)) if place.has("travel_min") else 0,
        state=place.get("state").word(CellState) if place.has("state") else CellState.DRAFT,
        pinned_window=place.get("pinned_window").text() if place.has("pinned_window") else None,
        pinned_at=place.get("pinned_at").instant() if place.has("pinned_at") else None,
    )


def _member(place: Place) -> PlanMember:
    place.is_object()
    age = place.get("age")
    return PlanMember(place.get("id").text(), int(age.number(0, OLDEST)) if place.has("age") else None)


def _reserve(place: Place) -> Reserve:
    place.is_object()
    return Reserve(
        window=place.get("window").text(),
        start=place.get("start").instant(),
        end=place.get("end").instant(),
        count=place.get("count").whole(),
    )


def _params(place: Place) -> Params:
    bounds = {
        "mean_min": (0, 600),
        "cv": (0, 5),
        "elderly_factor": (0.1, 10),
        "no_show": (0, 0.99),
        "pending": (0, 1),
        "walkin": (0, 5),
        "late_mean": (-600, 600),
        "late_sd": (0, 600),
    }
    place.is_object()
    numbers = {name: place.get(name).number(*bound) for name, bound in bounds.items() if place.has(name)}
    age = place.get("elderly_age").whole() if place.has("elderly_age") else Params().elderly_age
    return Params(elderly_age=age, **numbers)


def _rules(place: Place) -> Rules:
    place.is_object()
    usual = Rules()

    def number(name: str, default: float, least: float, most: float) -> float:
        return place.get(name).number(least, most) if place.has(name) else default

    def whole(name: str, default: int, least: int) -> int:
        return place.get(name).whole(least) if place.has(name) else default

    def truth(name: str, default: bool) -> bool:
        return place.get(name).truth() if place.has(name) else default

    quota = place.get("quota_per_day")
    return Rules(
        grid_min=whole("grid_min", usual.grid_min, 1),
        reserve_frac=number("reserve_frac", usual.reserve_frac, 0, 1),
        max_load=number("max_load", usual.max_load, 0, 2),
        group_window_cells=truth("group_window_cells", usual.group_window_cells),
        mingle_cells=truth("mingle_cells", True),
        split_if_over_frac=number("split_if_over_frac", usual.split_if_over_frac, 0, 1),
        max_cell_span_factor=number("max_cell_span_factor", usual.max_cell_span_factor, 0, 100),
        max_cell_span_slack_min=whole("max_cell_span_slack_min", usual.max_cell_span_slack_min, 0),
        deadline=place.get("deadline").day() if place.has("deadline") else None,
        deadline_is_hard=truth("deadline_is_hard", usual.deadline_is_hard),
        quota_per_day=MappingProxyType(
            {commune: quota.get(commune).whole() for commune in quota.names() if quota.has(commune)}
            if place.has("quota_per_day")
            else {}
        ),
    )


def _expect_references(
    planner: Place, windows: Sequence[Window], cells: Sequence[Cell], communes: Iterable[str]
) -> None:
    """Ids are unique; a cell's commune and pinned window exist."""
    window_places, cell_places = planner.optional_items("windows"), planner.optional_items("cells")
    _expect_unique([place.get("id") for place in window_places])
    _expect_unique([place.get("id") for place in cell_places])
    _expect_unique([m.get("id") for place in cell_places if place.has("members") for m in place.get("members").items()])
    known = {window.id for window in windows}
    for cell, place in zip(cells, cell_places, strict=True):
        if communes and cell.commune and cell.commune not in communes:
            place.get("commune").fault("one of planner.communes")
        if cell.pinned_window and cell.pinned_window not in known:
            place.get("pinned_window").fault("the id of a window")


def _expect_unique(places: Iterable[Place]) -> None:
    seen: set[str] = set()
    for place in places:
        if isinstance(place.value, str):
            if place.value in seen:
                place.fault("an id that was not used before")
            seen.add(place.value)


def _old_blocks(cell: Cell, arrivals: dict[str, datetime], problem: Problem) -> list[Block]:
    """A cell's old appointments as blocks, one per window; a file names times only, so the window is found by time."""
    windows = sorted((w for w in problem.windows if w.station == cell.station), key=lambda w: (w.start, w.id))
    found: dict[str, list[tuple[datetime, PlanMember]]] = {}
    for member in cell.members:
        at = arrivals.get(member.id)
        window = next((w for w in windows if at is not None and w.start <= at < w.end), None)
        if at is not None and window is not None:
            found.setdefault(window.id, []).append((at, member))
    blocks = []
    for window_id, people in found.items():
        people.sort(key=lambda item: item[0])
        times = tuple(at for at, _ in people)
        members = tuple(member for _, member in people)
        names = tuple(member.id for member in members)
        work = expected_work(members, problem.params)
        blocks.append(Block(cell.id, window_id, times[0], times[-1], names, times, work))
    return blocks


def _unassigned(item: Unassigned) -> dict[str, object]:
    result: dict[str, object] = {"id": item.member, "reason": item.code.value, "cell": item.cell}
    if item.window is not None:
        result |= {"window": item.window, "by": _amount(item.code, item.amount)}
    return result


def _explanation(item: Explanation) -> dict[str, object]:
    best = item.runner_up
    return {
        "members": item.members,
        "elderly": item.elderly,
        "minutes_per_member": item.minutes_per_member,
        "line_minutes": item.work / HUNDREDTHS,
        "blocks": [
            {
                "window": p.window,
                "members": p.members,
                "line_minutes": p.work / HUNDREDTHS,
                "lines": p.lines,
                "minutes": p.minutes,
            }
            for p in item.placements
        ],
        "refused": [_refusal(no) for no in item.refused],
        "runner_up": {"window": best.window, "price": best.price} if best else None,
        "after_deadline": item.after_deadline,
    }


def _refusal(no: Refusal) -> dict[str, object]:
    return {"window": no.window, "code": no.code.value, "by": _amount(no.code, no.amount)}


def _amount(code: Code, amount: int) -> float:
    return amount / HUNDREDTHS if code is Code.FULL else amount


def _minute(at: datetime) -> str:
    return at.isoformat(timespec="minutes")
