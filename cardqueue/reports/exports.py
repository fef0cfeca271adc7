"""The progress as an Excel file; the same tallies as the screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from cardqueue.cases.models import Case, PendingReason
from cardqueue.cases.queries import Tally, tally_total
from cardqueue.cases.words import REASON_WORDS
from cardqueue.lib.spreadsheet import CellValue, Table
from cardqueue.reports.queries import Progress
from cardqueue.reports.rules import percent_of


def progress_table(rows: Sequence[Progress], *, name_heading: str) -> Table:
    """One row a cell or commune, reasons in columns, the total at the end."""
    reasons = [reason for reason in PendingReason if any(row.tally.by_reason.get(reason) for row in rows)]
    header = [
        name_heading,
        _("Diện đổi thẻ"),
        _("Đã thu nhận"),
        _("Tỷ lệ %"),
        _("Chưa thực hiện"),
        *(str(REASON_WORDS[reason]) for reason in reasons),
        _("Chưa đến lượt"),
        _("Ngoài diện"),
    ]
    total = tally_total([row.tally for row in rows])
    lines = [_line(row.name, row.tally, reasons) for row in rows]
    return Table(_("Tiến độ"), header, [*lines, _line(_("Tổng cộng"), total, reasons)])


def pending_table(cases: Sequence[Case], today_on: date) -> Table:
    """Who is still pending, with reason, owner and due day; no numbers that identify anybody."""
    header = [
        _("STT"),
        _("Họ và tên"),
        _("Năm sinh"),
        _("Chi bộ"),
        _("Lý do"),
        _("Người xử lý"),
        _("Hạn xử lý"),
        _("Quá hạn"),
        _("Ghi chú"),
    ]
    rows = [
        [
            number,
            case.member.full_name,
            case.member.birth_year,
            case.member.cell.name,
            str(REASON_WORDS[PendingReason(case.reason or "")]),
            case.owner.full_name if case.owner else "",
            case.due_on,
            _("Quá hạn") if case.due_on and case.due_on < today_on else "",
            case.note or "",
        ]
        for number, case in enumerate(cases, start=1)
    ]
    return Table(_("Chưa thực hiện"), header, rows)


def _line(name: str, tally: Tally, reasons: Sequence[PendingReason]) -> list[CellValue]:
    return [
        name,
        tally.invited,
        tally.done,
        percent_of(tally.done, tally.invited),
        tally.pending,
        *(tally.by_reason.get(reason, 0) for reason in reasons),
        tally.not_yet,
        tally.outside,
    ]
