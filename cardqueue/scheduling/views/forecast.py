"""What a proposal would bring, what something else would change, and what is missing: in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from cardqueue.core.i18n import show_count, show_date, show_day, show_number, show_span
from cardqueue.organisation.models import Campaign, Window
from cardqueue.scheduling.rules.measures import key, line_minutes
from cardqueue.scheduling.rules.proposal import Proposal
from cardqueue.scheduling.rules.whatif import Kind, Outlook, Variant


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a plan brings. `until` is the last day to be asked for, where the variant can be accepted at once."""

    name: str
    last_on: str
    days: str
    mean: str
    p95: str
    overtime: str
    missing: str
    worse: str
    until: date | None


def outlook_in_words(seen: Outlook) -> Forecast:
    """A proposal's own forecast."""
    return forecast_of(Variant(), seen, seen)


def forecast_of(variant: Variant, seen: Outlook, now: Outlook) -> Forecast:
    """A variant beside the plan as it is."""
    return Forecast(
        name=_name(variant),
        last_on=show_date(seen.last_on),
        days=show_count(seen.days),
        mean=show_number(round(seen.mean_wait, 1)),
        p95=show_number(round(seen.p95_wait, 1)),
        overtime=show_number(round(seen.overtime)),
        missing=_missing(seen),
        worse=_compared(seen, now) if variant.kind is not Kind.AS_IS else "",
        until=variant.day if variant.kind is Kind.EARLIER and seen.placed >= now.placed else None,
    )


def remedy_in_words(proposal: Proposal, windows: Sequence[Window], campaign: Campaign) -> str:
    """What is missing and what would help, as one sentence; empty where everybody comes in time."""
    seen = proposal.outlook
    if seen is None or seen.is_complete:
        return ""
    lacking = _(
        "Thiếu %(minutes)s phút-dây chuyền trước hết ngày %(deadline)s",
        minutes=show_count(line_minutes(seen.missing_work)),
        deadline=show_date(campaign.deadline_on),
    )
    spans = {key(window.id): show_span(window.span) for window in windows}
    helps = _help(proposal.remedy, spans)
    return f"{lacking}: {helps}"


def _help(remedy: Variant | None, spans: dict[str, str]) -> str:
    if remedy is None:
        return str(_("thêm dây chuyền hoặc một buổi tối cũng chưa đủ, cần mở thêm ngày."))
    match remedy.kind:
        case Kind.LINE_IN_WINDOW:
            return str(
                _(
                    "thêm %(lines)s dây chuyền khung %(window)s là đủ.",
                    lines=remedy.lines,
                    window=spans.get(remedy.window or "", ""),
                )
            )
        case Kind.EVENING if remedy.day is not None:
            return str(
                _(
                    "mở thêm buổi tối %(day)s (18 giờ – 21 giờ, %(lines)s dây chuyền) là đủ.",
                    day=show_day(remedy.day),
                    lines=remedy.lines,
                )
            )
        case _:
            return str(_("thêm %(lines)s dây chuyền ở mọi khung giờ là đủ.", lines=remedy.lines))


def _name(variant: Variant) -> str:
    match variant.kind:
        case Kind.EARLIER if variant.day is not None:
            return str(_("Xong sớm hơn: không ai sau %(day)s", day=show_day(variant.day)))
        case Kind.MORE_LINES:
            return str(_("Thêm %(lines)s dây chuyền ở mọi khung giờ", lines=variant.lines))
        case _:
            return str(_("Như đề xuất"))


def _missing(seen: Outlook) -> str:
    told = []
    if seen.unplaced:
        told.append(_("%(count)s chưa có chỗ", count=show_count(seen.unplaced)))
    if seen.late:
        told.append(_("%(count)s sau hạn", count=show_count(seen.late)))
    return ", ".join(told) or str(_("đủ chỗ trong hạn"))


def _compared(seen: Outlook, now: Outlook) -> str:
    if seen.placed < now.placed:
        return str(_("Không xếp hết được."))
    if now.mean_wait <= 0 or seen.mean_wait == now.mean_wait:
        return str(_("Chờ như nhau."))
    times = seen.mean_wait / now.mean_wait
    if times >= 1:
        return str(_("Chờ lâu gấp %(times)s lần.", times=show_number(round(times, 1))))
    return str(_("Chờ còn %(share)s%%.", share=round(100 * times)))


def measures_of(first: Proposal, second: Proposal) -> list[tuple[str, str, str]]:
    """What each of two proposals would bring, measure by measure; a dash where an old one was kept without."""
    a, b = (outlook_in_words(one.outlook) if one.outlook else None for one in (first, second))
    shown: list[tuple[str, str]] = [
        (_("Xong ngày"), "last_on"),
        (_("Số ngày mở"), "days"),
        (_("Chờ trung bình (phút)"), "mean"),
        (_("95 trong 100 chờ không quá (phút)"), "p95"),
        (_("Quá giờ (phút)"), "overtime"),
        (_("Chỗ"), "missing"),
    ]
    return [
        (_("Có chỗ (người)"), show_count(first.placed_count), show_count(second.placed_count)),
        *((name, _of(a, measure), _of(b, measure)) for name, measure in shown),
    ]


def _of(forecast: Forecast | None, measure: str) -> str:
    return str(getattr(forecast, measure)) if forecast else "–"
