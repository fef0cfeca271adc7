"""A day of a station as a table of half hours, one row per cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cardqueue.lib.intervals import Interval

STEP = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Bar:
    """A cell's turn as it is drawn."""

    name: str
    span: Interval
    title: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Box:
    """Some half hours of a row; state is block, free or closed."""

    span: int
    state: str
    title: str = ""
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One cell's day; the spans add up to the day's half hours."""

    name: str
    cells: tuple[Box, ...]


def half_hours(windows: Sequence[Interval]) -> tuple[datetime, ...]:
    """The half hours from the first opening to the last closing; none without a window."""
    if not windows:
        return ()
    start = _floor(min(window.start_at for window in windows))
    end = max(window.end_at for window in windows)
    return tuple(start + n * STEP for n in range(-(-(end - start) // STEP)))


def rows_of(bars: Sequence[Bar], windows: Sequence[Interval]) -> tuple[Row, ...]:
    """One row per bar, the earliest first; a bar fills every half hour that it touches."""
    steps = half_hours(windows)
    return tuple(
        Row(bar.name, _boxes(bar, steps, windows)) for bar in sorted(bars, key=lambda b: (b.span.start_at, b.name))
    )


def _boxes(bar: Bar, steps: Sequence[datetime], windows: Sequence[Interval]) -> tuple[Box, ...]:
    touched = [i for i, at in enumerate(steps) if bar.span.overlaps(Interval(at, at + STEP))] or [0]
    first, last = touched[0], touched[-1]
    block = Box(last - first + 1, "block", bar.title, bar.note, bar.url)
    return (*_empty(steps[:first], windows), block, *_empty(steps[last + 1 :], windows))


def _empty(steps: Sequence[datetime], windows: Sequence[Interval]) -> list[Box]:
    boxes: list[Box] = []
    for at in steps:
        is_open = any(window.overlaps(Interval(at, at + STEP)) for window in windows)
        state = "free" if is_open else "closed"
        if boxes and boxes[-1].state == state:
            boxes[-1] = Box(boxes[-1].span + 1, state)
        else:
            boxes.append(Box(1, state))
    return boxes


def _floor(at: datetime) -> datetime:
    return at - timedelta(minutes=at.minute % 30, seconds=at.second, microseconds=at.microsecond)
