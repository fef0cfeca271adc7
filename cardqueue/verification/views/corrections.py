"""The list of what to correct, for the cells."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from cardqueue.cases.models import Case
from cardqueue.core.i18n import show_date
from cardqueue.lib.spreadsheet import CellValue, Table
from cardqueue.verification.models import Check
from cardqueue.verification.queries import SETTLED
from cardqueue.verification.rules import Person
from cardqueue.verification.views.history import changes
from cardqueue.verification.words import DECISIONS


def corrections_table(rows: Sequence[tuple[Check, Case]], persons: Sequence[Person]) -> Table:
    """The list that goes to the cells: one row per differing field, numbers masked."""
    lines: list[Sequence[CellValue]] = []
    for (check, case), member in zip(rows, persons, strict=True):
        handler = case.owner.full_name if case.owner else check.decided_by or _("Công an xã")
        due = show_date(case.due_on) if check.decision not in SETTLED else ""
        result = str(DECISIONS[check.decision]) if check.decision else ""
        name, cell = check.member.full_name, check.member.cell.name
        for change in changes(check, member):
            said = (change.label, change.level, change.old, change.new, result, handler, due)
            lines.append((len(lines) + 1, name, cell, *said))
    header = (
        _("Dòng"), _("Họ và tên"), _("Chi bộ"), _("Trường sai"), _("Sai thế nào"), _("Giá trị hiện tại"),
        _("Giá trị theo dữ liệu dân cư"), _("Kết luận"), _("Người xử lý"), _("Hạn"),
    )  # fmt: skip
    widths = (6, 28, 28, 16, 30, 24, 26, 26, 24, 12)
    return Table(_("Danh sách cần chỉnh lý"), header, lines, widths)
