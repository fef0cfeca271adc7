"""The parts of a window that is about to be divided, in words."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from cardqueue.core.i18n import show_time
from cardqueue.scheduling.rules.dividing import Part
from cardqueue.scheduling.rules.measures import line_minutes


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part's line of the preview."""

    hours: str
    lines: int
    headcount: int
    word: str
    kind: str
    note: str


def part_of(part: Part) -> PartRow:
    """A part with what it would mean for those who come."""
    span = part.opening.interval
    word, kind, note = _said(part)
    hours = f"{show_time(span.start_at)} – {show_time(span.end_at)}"
    return PartRow(hours, part.opening.line_count, part.headcount, word, kind, note)


def _said(part: Part) -> tuple[str, str, str]:
    if part.missing_work:
        minutes = line_minutes(part.missing_work)
        return _("Không đủ"), "bad", _("thiếu %(minutes)s phút-dây chuyền", minutes=minutes)
    if part.is_break:
        return _("Nghỉ"), "neutral", ""
    if part.over_minutes:
        return _("Xong muộn"), "warning", _("dự kiến muộn %(minutes)s phút", minutes=part.over_minutes)
    if part.wait_minutes:
        return _("Đủ chỗ"), "good", _("chờ lâu nhất khoảng %(minutes)s phút", minutes=part.wait_minutes)
    return _("Đủ chỗ"), "good", ""
