"""Sums, moments and reasons as sentences."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from cardqueue.core.i18n import show_count, show_number, show_span
from cardqueue.lib.clock import to_local
from cardqueue.organisation.models import Campaign, Window
from cardqueue.scheduling.planner.free_time import No
from cardqueue.scheduling.planner.shapes import Code
from cardqueue.scheduling.planner.work import HUNDREDTHS, arithmetic
from cardqueue.scheduling.rules.by_hand import NoFit
from cardqueue.scheduling.rules.measures import line_minutes, room
from cardqueue.scheduling.words import CODE_WORDS, NO_WORDS


@dataclass(frozen=True, slots=True)
class Why:
    """Why a block stands where it stands: the sum in words, and the windows that were refused."""

    sum: str
    parts: list[str]
    refused: list[tuple[str, str]]
    runner_up: str = ""
    is_late: bool = False


def sum_in_words(members: int, minutes: float, windows: Collection[Window]) -> str:
    """ "365 đồng chí × 4 phút ÷ 3 = 8 giờ 7 phút"; the lines are those that most windows have. Empty without any."""
    counts = [window.line_count for window in windows if window.line_count]
    if not counts:
        return ""
    total = arithmetic(members, minutes, max(sorted(set(counts)), key=counts.count))
    if total is None:
        return ""
    return str(
        _(
            "%(members)s đồng chí × %(minutes)s phút ÷ %(lines)s = %(hours)s giờ %(left)s phút",
            members=show_count(members),
            minutes=show_number(minutes),
            lines=total.lines,
            hours=total.hours,
            left=total.left_minutes,
        )
    )


def open_in_words(windows: Collection[Window]) -> str:
    """How long the windows are open, and the line-minutes that they have and still have."""
    minutes = sum(int((w.end_at - w.start_at).total_seconds()) // 60 for w in windows)
    return str(
        _(
            "%(count)s khung giờ mở %(hours)s giờ %(left)s phút: %(all)s phút-dây chuyền, còn trống %(room)s.",
            count=len(windows),
            hours=minutes // 60,
            left=minutes % 60,
            all=show_count(line_minutes(sum(w.capacity_work for w in windows))),
            room=show_count(sum(room(w) for w in windows) // HUNDREDTHS),
        )
    )


def is_late(at: datetime, campaign: Campaign) -> bool:
    """Whether an instant lies after the campaign's last day."""
    return to_local(at).date() > campaign.deadline_on


def window_label(window: Window, with_station: bool) -> str:
    """A window as a choice: its span, with the station where there are several, or where the mobile team goes."""
    where = window.place or (window.station.name if with_station else "")
    return f"{show_span(window.span)}, {where}" if where else show_span(window.span)


def code_in_words(code: str, amount: int) -> str:
    """Why a window was refused; FULL and QUOTA say by how much."""
    word = str(CODE_WORDS[Code(code)])
    if code == Code.FULL and amount:
        return str(_("%(word)s: thiếu %(minutes)s phút-dây chuyền", word=word, minutes=line_minutes(amount)))
    if code == Code.QUOTA and amount:
        return str(_("%(word)s: quá %(count)s người", word=word, count=amount))
    return word


def no_fit_in_words(no: NoFit) -> str:
    """Why a party does not fit, with what is missing and how many of it would fit."""
    if no.code is not No.FULL:
        return str(NO_WORDS[no.code])
    return str(
        _(
            "Thiếu %(minutes)s phút-dây chuyền (vừa cho %(count)s người)",
            minutes=line_minutes(no.missing_work),
            count=no.members_that_fit,
        )
    )


def why(explanation: Mapping[str, Any], windows: Mapping[int, Window]) -> Why:
    """The planner's explanation in words."""
    minutes = show_number(explanation["minutes_per_member"])
    if explanation["elderly"]:
        people = _(
            "%(members)s đồng chí (%(elderly)s từ 70 tuổi) × %(minutes)s phút",
            members=explanation["members"],
            elderly=explanation["elderly"],
            minutes=minutes,
        )
    else:
        people = _("%(members)s đồng chí × %(minutes)s phút", members=explanation["members"], minutes=minutes)
    parts = [
        _(
            "%(work)s phút-dây chuyền ÷ %(lines)s dây chuyền = %(minutes)s phút (%(window)s)",
            work=line_minutes(placement["work"]),
            lines=placement["lines"],
            minutes=placement["minutes"],
            window=_name(placement["window"], windows),
        )
        for placement in explanation["placements"]
    ]
    runner_up = explanation["runner_up"]
    return Why(
        sum=_(
            "%(people)s, tính cả người cao tuổi lâu hơn và một số không đến: %(work)s phút-dây chuyền.",
            people=people,
            work=line_minutes(explanation["work"]),
        ),
        parts=[str(part) for part in parts],
        refused=[
            (_name(no["window"], windows), code_in_words(no["code"], no["amount"])) for no in explanation["refused"]
        ],
        runner_up=_name(runner_up["window"], windows) if runner_up else "",
        is_late=explanation["after_deadline"],
    )


def _name(window_id: int, windows: Mapping[int, Window]) -> str:
    window = windows.get(window_id)
    return str(_("khung giờ đã xóa")) if window is None else show_span(window.span)
