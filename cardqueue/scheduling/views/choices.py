"""Windows and free places to choose from, and what a choice would mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from cardqueue.core.i18n import show_day, show_span, show_time
from cardqueue.organisation.models import Campaign, Window
from cardqueue.scheduling.planner.shapes import Part
from cardqueue.scheduling.planner.work import HUNDREDTHS
from cardqueue.scheduling.queries import Gap, Standing
from cardqueue.scheduling.rules.by_hand import Fit, NoFit
from cardqueue.scheduling.rules.measures import kept_room, line_minutes, room
from cardqueue.scheduling.rules.wishes import Wishes
from cardqueue.scheduling.views.sentences import is_late, no_fit_in_words, window_label
from cardqueue.scheduling.words import PART_WORDS


@dataclass(frozen=True, slots=True)
class Fill:
    """A window with its line-minutes; `kept` are those that wait for members who must come again."""

    name: str
    station: str
    lines: int
    capacity: int
    booked: int
    kept: int
    left: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A window that a party could have, and whether it fits."""

    name: str
    left: int
    fits: bool
    answer: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A party as it would be booked."""

    window_id: int
    window_name: str
    start_at: datetime
    overlap_minutes: int
    left: int
    is_late: bool
    arrivals: list[tuple[datetime, str]]
    changed_count: int


def fill_of(campaign: Campaign, window: Window, *, has_many: bool) -> Fill:
    """A window's row in the table of line-minutes."""
    kept = kept_room(campaign, window)
    return Fill(
        show_span(window.span),
        window.place or (window.station.name if has_many else ""),
        window.line_count,
        window.capacity_work // HUNDREDTHS,
        line_minutes(window.booked_work),
        kept // HUNDREDTHS,
        (room(window) - kept) // HUNDREDTHS,
    )


def gap_label(gap: Gap, with_station: bool) -> str:
    """A free place as a choice."""
    label = f"{show_time(gap.arrive_at)}, {show_day(gap.arrive_at)}"
    where = gap.window.place or (gap.window.station.name if with_station else "")
    return f"{label}, {where}" if where else label


def option_of(campaign: Campaign, option: Fit | NoFit, *, has_many: bool) -> Choice:
    """A window's row in the choice by hand."""
    name = window_label(option.window, has_many)
    left = (room(option.window) - kept_room(campaign, option.window)) // HUNDREDTHS
    if isinstance(option, Fit):
        return Choice(name, left, True, str(_("Vừa")))
    return Choice(name, left, False, no_fit_in_words(option))


def preview_of(fit: Fit, names: Mapping[int, str], campaign: Campaign, party: Iterable[Standing]) -> Preview:
    """Who would come when, and what that changes."""
    new = dict(zip(fit.members, fit.arrivals, strict=True))
    changed = [
        s
        for s in party
        if s.appointment and (s.appointment.window_id, s.appointment.arrive_at) != (fit.window.id, new[s.member_id])
    ]
    return Preview(
        fit.window.id,
        window_label(fit.window, with_station=False),
        fit.start_at,
        fit.overlap_minutes,
        fit.left_work // HUNDREDTHS,
        is_late(fit.start_at, campaign),
        [(at, names[member_id]) for member_id, at in new.items()],
        len(changed),
    )


@dataclass(frozen=True, slots=True)
class Said:
    """What a cell said, in words; empty where it said nothing."""

    unavailable: str
    preferred: str


def wishes_in_words(wishes: Wishes) -> Said:
    """A cell's wishes as two cells of a table."""
    parts = [str(PART_WORDS[part]) for part in Part if part in wishes.preferred_parts]
    return Said(
        "; ".join(map(show_day, sorted(wishes.unavailable_dates))),
        "; ".join([*map(show_day, sorted(wishes.preferred_dates)), *parts]),
    )
