"""Invented campaigns of many shapes, each from its own seed; nothing of the planner was fitted to these seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from cardqueue.scheduling.planner.shapes import Cell, Params, Part, PlanMember, Problem, Rules, Window
from cardqueue.scheduling.planner.work import invited_work

FIRST_DAY = date(2025, 8, 4)
MORNING, AFTERNOON, EVENING = ("07:00", "11:30"), ("13:00", "17:00"), ("18:00", "21:00")
DAY = (MORNING, AFTERNOON)
ELDERLY = 0.12


@dataclass(frozen=True, slots=True)
class Goal:
    """What is aimed at: minutes of waiting and overtime, days or station-days, the share of wishes; None = nothing."""

    mean: float | None = None
    p95: float | None = None
    overtime: float | None = None
    days: int | None = None
    wishes: float | None = None
    unassigned: int = 0


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of campaign. ``runs`` = how often its plan is played."""

    name: str
    make: Callable[[int], Problem]
    goal: Goal
    runs: int = 100


def shapes() -> Iterator[Shape]:
    """Every shape that is measured, the large ones last."""
    yield Shape("365 members, 3 lines, 1 day", lambda seed: _day(seed, 365, 26, 3), Goal(2.35, 9.3, 7.2, 1), 200)
    yield Shape("365 members, 4 lines, 1 day", lambda seed: _day(seed, 365, 26, 4), Goal(0.45, 2.6, 1.0, 1), 200)
    yield Shape("720 members, 6 lines, 1 day", lambda seed: _day(seed, 720, 48, 6), Goal(1.35, 5.9, 7.5, 1), 200)
    yield Shape("110 members, 1 line, 1 day", lambda seed: _day(seed, 110, 8, 1), Goal(days=1), 200)
    yield Shape("1,430 members, 12 lines, 1 day", lambda seed: _day(seed, 1_430, 70, 12), Goal(days=1))
    yield Shape("tiny communes, 20 of 3 to 25 members", _tiny, Goal(days=1), 200)
    yield Shape("one cell of 120 among 12 small ones", _giant, Goal(days=1), 200)
    yield Shape("all cells away on the second of 3 days", _away, Goal(days=2))
    yield Shape("a quota of 70 a day for 200 members", _quota, Goal(days=3))
    yield Shape("600 members, room for 1 day only", _impossible, Goal())
    yield Shape("99.5 % full windows, 4 days", _tight, Goal(days=4), 50)
    yield Shape("2,822 members, 67 cells, wishes", _wishes, Goal(0.95, 4.5, 14.5, 4, 0.87), 30)
    yield Shape("3,500 members, 3 communes, reserve", _district, Goal(2.4, 9.5, 31.0, 9, 0.82), 30)


def city(seed: int, stations: int = 168, members: int = 365_911) -> Problem:
    """Many stations of three lines and uneven size, each with its own commune."""
    draw = Random(seed)
    windows: list[Window] = []
    cells: list[Cell] = []
    shares = [draw.uniform(0.6, 1.4) for _ in range(stations)]
    for s, share in enumerate(shares):
        station = f"T{s:03}"
        windows += _windows(10, DAY, 3, station)
        count = round(members * share / sum(shares))
        cells += _cells(draw, count, count // 22, station, (station,))
    return Problem(tuple(windows), tuple(cells), rules=Rules(max_load=0.92))


def _windows(days: int, parts: tuple[tuple[str, str], ...], lines: int, station: str = "S") -> list[Window]:
    """The evenings have one line less."""
    return [
        Window(
            id=f"{station}-{day:02}{start}",
            station=station,
            start=datetime.fromisoformat(f"{FIRST_DAY + timedelta(days=day)}T{start}"),
            end=datetime.fromisoformat(f"{FIRST_DAY + timedelta(days=day)}T{end}"),
            lines=lines - ((start, end) == EVENING),
        )
        for day in range(days)
        for start, end in parts
    ]


def _cells(
    draw: Random, members: int, count: int, station: str = "S", communes: tuple[str, ...] = ("A",)
) -> list[Cell]:
    """So many members in so many cells of uneven size."""
    shares = [draw.lognormvariate(0, 0.45) for _ in range(count)]
    sizes = [max(3, round(share * members / sum(shares))) for share in shares]
    sizes[sizes.index(max(sizes))] += members - sum(sizes)
    return [_cell(draw, f"{station}-{c:03}", size, station, draw.choice(communes)) for c, size in enumerate(sizes)]


def _cell(draw: Random, name: str, size: int, station: str = "S", commune: str = "A") -> Cell:
    members = tuple(
        PlanMember(f"{name}-{m:03}", draw.randint(70, 92) if draw.random() < ELDERLY else draw.randint(20, 69))
        for m in range(size)
    )
    return Cell(name, commune, station, members, travel_min=draw.randint(2, 60))


def _day(seed: int, members: int, cells: int, lines: int) -> Problem:
    return Problem(tuple(_windows(1, DAY, lines)), tuple(_cells(Random(seed), members, cells)))


def _tiny(seed: int) -> Problem:
    draw = Random(seed)
    cells = tuple(_cell(draw, f"S-{c:03}", draw.randint(3, 25), commune=f"A{c // 2}") for c in range(20))
    return Problem(tuple(_windows(2, DAY, 3)), cells)


def _giant(seed: int) -> Problem:
    draw = Random(seed)
    cells = [_cell(draw, "S-GIANT", 120), *(_cell(draw, f"S-{c:03}", draw.randint(8, 20)) for c in range(12))]
    return Problem(tuple(_windows(2, DAY, 3)), tuple(cells))


def _away(seed: int) -> Problem:
    away = frozenset([FIRST_DAY + timedelta(days=1)])
    cells = (replace(cell, unavailable_dates=away) for cell in _cells(Random(seed), 640, 40))
    return Problem(tuple(_windows(3, DAY, 3)), tuple(cells))


def _quota(seed: int) -> Problem:
    cells = _cells(Random(seed), 200, 20)
    return Problem(tuple(_windows(4, DAY, 3)), tuple(cells), rules=Rules(quota_per_day={"A": 70}))


def _impossible(seed: int) -> Problem:
    cells = _cells(Random(seed), 600, 30)
    rules = Rules(deadline=FIRST_DAY, deadline_is_hard=True)
    return Problem(tuple(_windows(3, DAY, 3)), tuple(cells), rules=rules)


def _tight(seed: int) -> Problem:
    """Cells cut out of full windows and shuffled, so that a perfect packing exists."""
    draw = Random(seed)
    windows = _windows(6, (MORNING, AFTERNOON, EVENING), 3)
    sizes = []
    for window in windows[:12]:
        room = int(invited_work(window, Rules()) * 0.995) // 400
        while room:
            size = room if room < 16 else min(draw.randint(8, 40), room - 8)
            sizes.append(size)
            room -= size
    draw.shuffle(sizes)
    cells = tuple(
        Cell(f"S-{c:03}", "A", "S", tuple(PlanMember(f"S-{c:03}-{m:03}", 40) for m in range(size)))
        for c, size in enumerate(sizes)
    )
    return Problem(tuple(windows), cells, Params(no_show=0.0))


def _wishes(seed: int) -> Problem:
    draw = Random(seed)
    cells = _with_wishes(draw, _cells(draw, 2_822, 67), 5)
    return Problem(tuple(_windows(5, DAY, 6)), tuple(cells))


def _district(seed: int) -> Problem:
    draw = Random(seed)
    cells = _with_wishes(draw, _cells(draw, 3_500, 158, communes=("A", "A", "B", "B", "C")), 10)
    quota = {"A": 290, "B": 290, "C": 190}
    rules = Rules(reserve_frac=0.08, quota_per_day=quota, deadline=FIRST_DAY + timedelta(days=9))
    return Problem(tuple(_windows(10, (MORNING, AFTERNOON, EVENING), 3)), tuple(cells), rules=rules)


def _with_wishes(draw: Random, cells: list[Cell], days: int) -> Iterator[Cell]:
    """A third prefers one date, a ninth cannot come on another, a quarter prefers a part of the day."""
    dates = [FIRST_DAY + timedelta(days=day) for day in range(days)]
    for cell in cells:
        liked, banned = draw.sample(dates, 2)
        yield replace(
            cell,
            preferred_dates=frozenset([liked]) if draw.random() < 0.33 else frozenset(),
            unavailable_dates=frozenset([banned]) if draw.random() < 0.11 else frozenset(),
            preferred_parts=frozenset([draw.choice([Part.MORNING, Part.AFTERNOON])])
            if draw.random() < 0.25
            else frozenset(),
        )
