"""A simulated day as the page shows it: numbers, and the people in the room drawn over the hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cardqueue.core.i18n import show_number, show_span, show_time
from cardqueue.organisation.models import Window
from cardqueue.scheduling.rules.measures import instant, key
from cardqueue.scheduling.simulator.shapes import InRoom, Result, WindowResult

# The drawing, in its own units; the page scales it.
_WIDTH, _HEIGHT = 720, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 14, 34
_MOST_STEPS = 6
# More labels than these would touch each other.
_MOST_HOURS = 8


@dataclass(frozen=True, slots=True)
class Played:
    """One window in numbers."""

    name: str
    invited: int
    mean: str
    p95: str
    overtime: str
    most: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the drawing's grid with its label."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The drawing: two outlines for each window, the grid, and the numbers behind them every half hour."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    areas: list[tuple[str, str]]
    across: list[Mark]
    down: list[Mark]
    moments: list[tuple[str, int, int]]


def numbers_of(result: Result, windows: Sequence[Window], *, with_station: bool) -> list[Played]:
    """Every window that somebody is invited to."""
    by_key = {key(window.id): window for window in windows}
    return [
        Played(
            _name(by_key[one.window], with_station),
            one.invited,
            minutes(one.mean_wait),
            minutes(one.p95_wait),
            minutes(one.overtime),
            one.most_in_room,
        )
        for one in result.windows
    ]


def minutes(value: float) -> str:
    """Minutes with one decimal."""
    return show_number(round(value, 1))


def chart_of(results: Sequence[WindowResult]) -> Chart | None:
    """The people in the room of one station over one day; None where nobody is expected."""
    rooms = [one.room for one in results if one.room]
    if not rooms:
        return None
    first = min(room[0].at for room in rooms).replace(minute=0, second=0)
    last = max(room[-1].at for room in rooms)
    hours = max(1, -(-int((last - first).total_seconds()) // 3600))
    most = max(moment.p90 for room in rooms for moment in room)
    step = max(1, -(-most // _MOST_STEPS))
    top = step * -(-max(most, 1) // step)
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM

    def x(at: datetime) -> float:
        return round(_LEFT + (right - _LEFT) * (at - first).total_seconds() / (hours * 3600), 1)

    def y(count: float) -> float:
        return round(bottom - (bottom - _TOP) * count / top, 1)

    return Chart(
        width=_WIDTH,
        height=_HEIGHT,
        left=_LEFT,
        right=right,
        bottom=bottom,
        areas=[
            (
                _outline([(x(m.at), y(m.p90)) for m in room], bottom),
                _outline([(x(m.at), y(m.p50)) for m in room], bottom),
            )
            for room in rooms
        ],
        across=[
            Mark(x(first + timedelta(hours=n)), str((first + timedelta(hours=n)).hour))
            for n in range(0, hours + 1, 1 if hours <= _MOST_HOURS else 2)
        ],
        down=[Mark(y(count), str(count)) for count in range(0, top + 1, step)],
        moments=[_moment(moment) for room in rooms for moment in room if moment.at.minute % 30 == 0],
    )


def _outline(points: Sequence[tuple[float, float]], bottom: float) -> str:
    """Steps from point to point, closed along the ground: the room changes at once, not little by little."""
    path = [f"M{points[0][0]} {bottom}", f"V{points[0][1]}"]
    path += [f"H{x}V{y}" for x, y in points[1:]]
    return "".join([*path, f"V{bottom}Z"])


def _moment(moment: InRoom) -> tuple[str, int, int]:
    return show_time(instant(moment.at)), moment.p50, moment.p90


def _name(window: Window, with_station: bool) -> str:
    span = show_span(window.span)
    return f"{span}, {window.station.name}" if with_station else span
