"""A station's delay in words, and who is asked to come later."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from cardqueue.core.i18n import show_number, show_span, show_time
from cardqueue.scheduling.queries.delays import StationDelay
from cardqueue.scheduling.rules.delays import DEAD_BAND, Later


@dataclass(frozen=True, slots=True)
class CellLater:
    """A cell whose members come later.

    Shapes: `old` and `new` are the first and the last time, or the only one; `people` are name, old and new time.
    """

    name: str
    old: list[str]
    new: list[str]
    people: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Lateness:
    """A station in the middle of a window.

    Shapes: `moves` is what a confirmation sends; `unserved_count` of those to come would not have their turn in time.
    """

    station_id: int
    station: str
    window: str
    heading: str
    kind: str
    is_late: bool
    facts: str
    cells: list[CellLater]
    moves: list[str]
    unserved_count: int


def lateness_of(found: StationDelay, committee_ids: Collection[int]) -> Lateness:
    """What the page says of a station to somebody who works for some committees."""
    later = found.later_of(committee_ids)
    minutes = found.delay.minutes
    is_late = minutes * 60 >= DEAD_BAND.total_seconds()
    return Lateness(
        station_id=found.window.station_id,
        station=found.window.station.name,
        window=show_span(found.window.span),
        heading=str(_("Đang chậm %(minutes)s phút", minutes=minutes)) if minutes else str(_("Đang đúng giờ")),
        kind="warning" if is_late else "good",
        is_late=is_late or bool(later),
        facts=str(
            _(
                "%(waiting)s người đang chờ, %(serving)s người đang được thu nhận; %(lines)s dây chuyền, mỗi lượt hôm "
                "nay %(today)s phút (dự kiến %(planned)s).",
                waiting=found.pulse.waiting_count,
                serving=len(found.pulse.serving_minutes),
                lines=found.delay.line_count,
                today=show_number(round(found.delay.member_minutes, 1)),
                planned=show_number(round(found.minutes, 1)),
            )
        ),
        cells=_cells(found, later),
        moves=[f"{move.appointment_id}@{move.from_at.isoformat()}@{move.to_at.isoformat()}" for move in later],
        unserved_count=found.delay.unserved_count,
    )


def _cells(found: StationDelay, later: Sequence[Later]) -> list[CellLater]:
    groups: dict[int, list[Later]] = {}
    for move in later:
        groups.setdefault(found.guests[move.appointment_id].cell_id, []).append(move)
    return [
        CellLater(
            found.guests[moves[0].appointment_id].cell_name,
            _hours([move.from_at for move in moves]),
            _hours([move.to_at for move in moves]),
            [
                (found.guests[move.appointment_id].full_name, show_time(move.from_at), show_time(move.to_at))
                for move in moves
            ],
        )
        for moves in groups.values()
    ]


def _hours(times: Sequence[datetime]) -> list[str]:
    return [show_time(at) for at in sorted({min(times), max(times)})]
