"""The timetable of a day, drawn and as a list."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from cardqueue.core.i18n import show_day, show_time
from cardqueue.lib.clock import to_local
from cardqueue.lib.intervals import Interval
from cardqueue.organisation.models import Campaign, Window
from cardqueue.scheduling.queries import BlockRow
from cardqueue.scheduling.rules.proposal import Turn
from cardqueue.scheduling.rules.timeline import Bar, Row, half_hours, rows_of
from cardqueue.scheduling.views.sentences import is_late


@dataclass(frozen=True, slots=True)
class Turning:
    """A cell's turn as a page lists it, booked or proposed."""

    cell_name: str
    window: Window
    span: Interval
    last_at: datetime
    headcount: int
    url: str = ""
    unit_name: str = ""
    is_manual: bool = False
    is_late: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of one station: its timeline and the same as a list."""

    id: str
    title: str
    columns: list[dict[str, Any]]
    rows: tuple[Row, ...]
    turns: list[Turning]

    @property
    def headcount(self) -> int:
        """How many members come."""
        return sum(turn.headcount for turn in self.turns)


def turns_of_blocks(rows: Iterable[BlockRow], campaign: Campaign, url_of: Callable[[int], str]) -> list[Turning]:
    """Booked blocks as turns."""
    return [
        Turning(
            cell_name=row.block.cell.name,
            window=row.block.window,
            span=Interval(row.first_at, max(row.block.end_at, row.first_at)),
            last_at=row.last_at,
            headcount=row.headcount,
            url=url_of(row.block.id),
            unit_name=row.block.cell.committee.name,
            is_manual=row.block.is_manual,
            is_late=is_late(row.first_at, campaign),
        )
        for row in rows
    ]


def turns_of_proposal(
    turns: Iterable[Turn],
    windows: Mapping[int, Window],
    cells: Mapping[int, str],
    notes: Mapping[tuple[int, int], str],
    campaign: Campaign,
) -> list[Turning]:
    """Proposed turns; `notes` by cell and window say what changes."""
    return [
        Turning(
            cell_name=cells[turn.cell_id],
            window=windows[turn.window_id],
            span=Interval(turn.start_at, turn.end_at),
            last_at=turn.arrivals[-1],
            headcount=len(turn.members),
            is_late=is_late(turn.start_at, campaign),
            note=notes.get((turn.cell_id, turn.window_id), ""),
        )
        for turn in turns
        if turn.window_id in windows
    ]


def days_of(turns: Sequence[Turning], windows: Collection[Window]) -> list[Day]:
    """The turns by day and station, with the hours in which the station is open."""
    groups: dict[tuple[date, int], list[Turning]] = {}
    for turn in turns:
        groups.setdefault((to_local(turn.window.start_at).date(), turn.window.station_id), []).append(turn)
    return [_day(day_on, station_id, there, windows) for (day_on, station_id), there in sorted(groups.items())]


def _day(day_on: date, station_id: int, turns: list[Turning], windows: Collection[Window]) -> Day:
    known = {w.id: w for w in (*windows, *(turn.window for turn in turns))}
    hours = [w.span for w in known.values() if w.station_id == station_id and to_local(w.start_at).date() == day_on]
    ordered = sorted(turns, key=lambda t: (t.span.start_at, t.cell_name))
    bars = [
        Bar(t.cell_name, t.span, show_time(t.span.start_at), _("%(count)s người", count=t.headcount), t.url)
        for t in ordered
    ]
    return Day(
        id=f"day-{day_on:%Y%m%d}-{station_id}",
        title=f"{show_day(day_on)} – {turns[0].window.station.name}",
        columns=_columns(half_hours(hours)),
        rows=rows_of(bars, hours),
        turns=ordered,
    )


def _columns(steps: Sequence[datetime]) -> list[dict[str, Any]]:
    """One head per hour above its one or two half hours."""
    columns: list[dict[str, Any]] = []
    for at in steps:
        hour = to_local(at).hour
        if columns and columns[-1]["hour"] == hour:
            columns[-1]["span"] += 1
        else:
            columns.append({"hour": hour, "label": _("%(hour)d giờ", hour=hour), "span": 1})
    return columns
