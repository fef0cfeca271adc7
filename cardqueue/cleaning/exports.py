"""The data cleaning as Excel files: lists to correct, and the quality of the data."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from cardqueue.cases.models import Case
from cardqueue.cleaning.queries.corrections import ToCorrect
from cardqueue.cleaning.queries.quality import Quality, QualityOnDay
from cardqueue.cleaning.rules.quality import Word
from cardqueue.cleaning.words import DEFINITIONS, WORDS
from cardqueue.core.i18n import show_date
from cardqueue.lib.names import search_key
from cardqueue.lib.spreadsheet import CellValue, Table
from cardqueue.verification.models import Check
from cardqueue.verification.queries import SETTLED
from cardqueue.verification.services.matching import person_of_member
from cardqueue.verification.views import changes
from cardqueue.verification.words import DECISIONS, STATUSES


def corrections_table(name: str, rows: Sequence[tuple[Check, Case]]) -> Table:
    """What one cell has to correct: a row for each differing field, numbers masked."""
    header = [
        _("Dòng"),
        _("Họ và tên"),
        _("Trường sai"),
        _("Giá trị hiện tại"),
        _("Giá trị theo dữ liệu dân cư"),
        _("Người xử lý"),
        _("Hạn"),
        _("Sai thế nào"),
        _("Cần đối chiếu"),
        _("Kết luận"),
    ]
    lines: list[Sequence[CellValue]] = []
    for check, case in rows:
        due = case.due_on if check.decision not in SETTLED else None
        result = str(DECISIONS[check.decision]) if check.decision else ""
        found = [
            (change.label, change.old, change.new, change.level, change.to_bring)
            for change in changes(check, person_of_member(check.member))
        ] or [("", "", "", str(STATUSES[check.status]), "")]
        for label, old, new, level, to_bring in found:
            values = (label, old, new, _handler(check, case), due, level, to_bring, result)
            lines.append((len(lines) + 1, check.member.full_name, *values))
    return Table(name, header, lines, widths=(6, 28, 18, 24, 26, 26, 12, 32, 36, 28))


def index_table(cells: Sequence[ToCorrect]) -> Table:
    """Which cells have something to correct, and in which file it stands."""
    header = [_("Chi bộ"), _("Tệp"), _("Số đồng chí cần chỉnh lý"), _("Đã có kết luận")]
    rows: list[Sequence[CellValue]] = [
        [cell.name, corrections_name(cell), cell.member_count, cell.decided_count] for cell in cells
    ]
    return Table(_("Mục lục"), header, rows, widths=(40, 44, 16, 16))


def corrections_name(cell: ToCorrect) -> str:
    """The name of a cell's file, in letters that every computer and every archive knows."""
    return f"chinh-ly-{'-'.join(search_key(cell.name).split())[:60]}-{cell.cell_id}.xlsx"


def quality_tables(
    rows: Sequence[Quality], total: Quality, days: Sequence[QualityOnDay], *, heading: str
) -> list[Table]:
    """The six words now, day by day, and what each means."""
    titles = [str(WORDS[word]) for word in Word]
    now: list[Sequence[CellValue]] = [[row.name, row.member_count, *_counts(row.counts)] for row in rows]
    now.append([_("Tổng cộng"), total.member_count, *_counts(total.counts)])
    past: list[Sequence[CellValue]] = [[show_date(day.on), day.member_count, *_counts(day.counts)] for day in days]
    meanings: list[Sequence[CellValue]] = [[str(WORDS[word]), str(DEFINITIONS[word])] for word in Word]
    return [
        Table(_("Chất lượng dữ liệu"), [heading, _("Đảng viên trong diện"), *titles], now, widths=(36, 14)),
        Table(_("Theo ngày"), [_("Ngày"), _("Đảng viên trong diện"), *titles], past, widths=(14, 14)),
        Table(_("Cách tính"), [_("Tiêu chí"), _("Tính là đạt khi")], meanings, widths=(16, 110)),
    ]


def _handler(check: Check, case: Case) -> str:
    """Who has to act: whoever follows the case, the police until they decided, then the cell that keeps the file."""
    if case.owner:
        return case.owner.full_name
    if check.decision in SETTLED:
        return check.member.cell.secretary_name or str(_("Bí thư chi bộ"))
    return str(_("Công an xã"))


def _counts(counts: dict[str, int]) -> list[int]:
    return [counts[word] for word in Word]
