"""What the pages of the verification show, made ready: words, masked numbers and marked letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from cardqueue.cases.models import Case
from cardqueue.core.i18n import show_date
from cardqueue.lib.citizen_id import birth_year_of, sex_of
from cardqueue.lib.names import display_case
from cardqueue.lib.spreadsheet import CellValue, Table
from cardqueue.verification.models import Check, CheckStatus, Decision
from cardqueue.verification.queries import SETTLED
from cardqueue.verification.rules import Field, Person, Segment, is_citizen_id, mark_differences
from cardqueue.verification.services.correcting import stored_changes
from cardqueue.verification.words import DECISIONS, FIELDS, SEXES, STATUSES, difference, level_word, shown, shown_masked

_KINDS = {
    CheckStatus.MATCH: "good",
    CheckStatus.MISMATCH: "bad",
    CheckStatus.NOT_FOUND: "bad",
    CheckStatus.DUPLICATE: "bad",
    CheckStatus.MISSING: "warning",
    CheckStatus.AMBIGUOUS: "warning",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A member on the worklist."""

    member_id: int
    name: str
    cell: str
    arrive_at: datetime | None
    differences: Sequence[str]
    word: str
    kind: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A field in the officer's table: our value and each record's, cut into marked runs."""

    label: str
    ours: Sequence[Segment]
    theirs: Sequence[Sequence[Segment]]
    level: str


@dataclass(frozen=True, slots=True)
class Change:
    """A field as the committee sees it: what the list says, how it differs, and the value that holds once decided."""

    label: str
    old: str
    level: str
    new: str


def worklist_row(check: Check, arrive_at: datetime | None) -> Row:
    """A check as a row of the worklist."""
    word, kind = state_of(check)
    return Row(
        check.member_id,
        check.member.full_name,
        check.member.cell.name,
        arrive_at,
        [difference(field, level) for field, level in check.differences.items()],
        word,
        kind,
    )


def state_of(check: Check) -> tuple[str, str]:
    """The word and the kind of a check's tag."""
    if check.decision in SETTLED:
        return _("Đã xử lý"), "good"
    if check.decision == Decision.ASK_CELL:
        return _("Chờ chi bộ"), "info"
    if check.status == CheckStatus.MISMATCH and not check.blocks:
        return _("Cần xem"), "warning"
    return str(STATUSES[check.status]), _KINDS[check.status]


def compared(member: Person, records: Sequence[Person], differences: Mapping[str, str]) -> list[Compared]:
    """The officer's table: every field, whole numbers included, differing letters marked."""
    rows = []
    for field in Field:
        ours = _readable(member, field)
        marked = [mark_differences(ours, _readable(record, field)) for record in records]
        level = differences.get(field)
        rows.append(
            Compared(
                str(FIELDS[field]),
                marked[0][0] if marked else [Segment(ours)] if ours else [],
                [theirs for _ours, theirs in marked],
                level_word(level) if level else "",
            )
        )
    return rows


def changes(check: Check, member: Person) -> list[Change]:
    """The committee's table: the differing fields with masked numbers, and what was confirmed."""
    confirmed = stored_changes(check)
    fields = [field for field in Field if field in check.differences or field in confirmed]
    return [
        Change(
            str(FIELDS[field]),
            shown_masked(field, confirmed[field][0] if field in confirmed else member.value(field)),
            level_word(check.differences[field]) if field in check.differences else "",
            shown_masked(field, confirmed[field][1]) if field in confirmed else "",
        )
        for field in fields
    ]


def number_says(citizen_id: str | None) -> str:
    """What the digits of a number state, as a sentence; empty without a whole number."""
    if not citizen_id or not is_citizen_id(citizen_id):
        return ""
    return str(
        _(
            "Các chữ số của số định danh trong hồ sơ cho biết: giới tính %(sex)s, sinh năm %(year)s.",
            sex=SEXES[sex_of(citizen_id)],
            year=birth_year_of(citizen_id),
        )
    )


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


def _readable(person: Person, field: Field) -> str:
    value = person.value(field)
    return display_case(value) if field is Field.FULL_NAME else shown(field, value)
