"""Make-ups as their page shows them: who, when, and why in this order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from cardqueue.cases.words import REASON_WORDS
from cardqueue.core.i18n import show_date, show_datetime
from cardqueue.lib.clock import to_local
from cardqueue.scheduling.models import MakeUp
from cardqueue.scheduling.rules.make_ups import Candidate
from cardqueue.scheduling.services.make_ups import Answer, Outcome


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposed time; `value` is what a tick sends."""

    member_id: int
    value: str
    full_name: str
    cell: str
    arrive_at: datetime
    station: str
    why: list[str]


@dataclass(frozen=True, slots=True)
class Listed:
    """A member without a proposed time."""

    member_id: int
    full_name: str
    birth_year: int | None
    cell: str
    why: str


@dataclass(frozen=True, slots=True)
class MakeUps:
    """The page: times proposed, members for whom no place is left, members who are visited at home."""

    proposed: list[Proposed]
    without_place: list[Listed]
    at_home: list[Listed]
    made_at: datetime | None


def make_ups_of(
    rows: Sequence[MakeUp], candidates: Sequence[Candidate], cells: Mapping[int, str], *, at: datetime
) -> MakeUps:
    """What is proposed, without those who got a time or may no longer come since."""
    waiting = {one.member_id: one for one in candidates if not one.is_visited}
    shown = [row for row in rows if row.member_id in waiting]
    has_time = {row.member_id for row in shown}
    return MakeUps(
        proposed=[
            Proposed(
                row.member_id,
                f"{row.member_id}@{row.arrive_at.isoformat()}",
                row.member.full_name,
                row.member.cell.name,
                row.arrive_at,
                row.window.station.name,
                _why(place, row, waiting[row.member_id], at),
            )
            for place, row in enumerate(shown, start=1)
        ],
        without_place=[_listed(one, cells, at) for one in waiting.values() if one.member_id not in has_time],
        at_home=[_listed(one, cells, at) for one in candidates if one.is_visited],
        made_at=max((row.created_at for row in shown), default=None),
    )


def outcomes_in_words(outcomes: Sequence[Outcome]) -> tuple[int, list[str]]:
    """How many were booked, and a sentence for everybody who was not."""
    booked = sum(one.answer is Answer.BOOKED for one in outcomes)
    return booked, [_sentence(one) for one in outcomes if one.answer is not Answer.BOOKED]


def _sentence(outcome: Outcome) -> str:
    name, when = outcome.full_name, show_datetime(outcome.arrive_at)
    match outcome.answer:
        case Answer.TAKEN:
            return str(_("%(name)s: chỗ cũ không còn, nay đề xuất lúc %(when)s.", name=name, when=when))
        case Answer.NO_PLACE:
            return str(_("%(name)s: chỗ vừa có người nhận và không còn chỗ trống nào khác.", name=name))
        case _:
            return str(_("%(name)s: đã có lịch hoặc không còn chờ hẹn bù.", name=name))


def _why(place: int, row: MakeUp, candidate: Candidate, at: datetime) -> list[str]:
    reasons = [str(_("Thứ %(place)s: %(waiting)s", place=place, waiting=_waiting(row.waiting_since_at, at)))]
    if candidate.reason is not None:
        reasons.append(str(REASON_WORDS[candidate.reason]))
    if row.is_good_hour:
        reasons.append(str(_("Cao tuổi: lùi lại để được giờ dễ đi")))
    return reasons


def _waiting(since_at: datetime, at: datetime) -> str:
    days = (to_local(at).date() - to_local(since_at).date()).days
    if days <= 0:
        return str(_("chờ từ hôm nay"))
    return str(_("chờ %(days)s ngày, từ %(since)s", days=days, since=show_date(since_at)))


def _listed(one: Candidate, cells: Mapping[int, str], at: datetime) -> Listed:
    parts = [str(REASON_WORDS[one.reason])] if one.reason is not None else []
    if one.needs_help:
        parts.append(str(_("Cần hỗ trợ")))
    parts.append(_waiting(one.waiting_since_at, at))
    return Listed(one.member_id, one.full_name, one.birth_year, cells[one.cell_id], "; ".join(parts))
