"""Writing what verification found back into the committee's own file ("File nhập liệu 4.0")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cardqueue.cleaning.queries.corrections import list_checks
from cardqueue.cleaning.queries.members import list_entries
from cardqueue.cleaning.reading import entries_of_rows
from cardqueue.cleaning.rules.comparison import Doubt, Entry, compare_lists
from cardqueue.cleaning.words import WHYS
from cardqueue.core.audit import record
from cardqueue.core.errors import Refused
from cardqueue.lib.names import display_case
from cardqueue.lib.spreadsheet import NotASpreadsheet, Refusal, fill_cells, read_workbook
from cardqueue.organisation.models import Campaign
from cardqueue.roster.reading import Field, RosterRow, SheetChoice, look_at, read_rows
from cardqueue.verification import views
from cardqueue.verification.models import Check, CheckStatus
from cardqueue.verification.services.matching import person_of_member
from cardqueue.verification.words import DECISIONS, STATUSES


@dataclass(frozen=True, slots=True)
class WrittenBack:
    """A file with its results: how many rows found their member, and how many did not."""

    content: bytes
    found_count: int
    unknown_count: int


def write_back(
    session: Session, campaign: Campaign, committee_id: int, *, filename: str, content: bytes, on: date
) -> WrittenBack:
    """Fill "Kết quả kiểm tra" and "Chi tiết lỗi" of every row that is a person; nothing of the file is kept.

    Raises: NotASpreadsheet; Refused("NOT_XLSX"), Refused("NOT_A_CHECKED_LIST"), Refused("NOBODY_READ").
    """
    workbook = read_workbook(content, filename)
    if workbook.kind != "xlsx":
        raise Refused("NOT_XLSX")
    choices = [guess.choice for guess in look_at(workbook) if guess.is_list]
    places = {choice.sheet: place for choice in choices if (place := _places(choice))}
    if not places:
        raise Refused("NOT_A_CHECKED_LIST")
    choices = [choice for choice in choices if choice.sheet in places]
    rows = read_rows(workbook, choices, on=on, fictitious_ids=True)
    if not rows:
        raise Refused("NOBODY_READ")
    results = _results(session, campaign, committee_id, rows, entries_of_rows(rows))
    for sheet, (result, detail) in places.items():
        texts = {
            (row.row - 1, column): text
            for row, said in zip(rows, results, strict=True)
            if row.sheet == sheet
            for column, text in zip((result, detail), said.texts, strict=True)
        }
        content = _filled(content, sheet, texts)
    found = sum(said.is_found for said in results)
    record(
        session,
        "cleaning.write_back",
        f"campaign:{campaign.id}",
        after={"rows": len(rows), "found": found},
        committee_id=committee_id,
    )
    return WrittenBack(content, found, len(rows) - found)


@dataclass(frozen=True, slots=True)
class _Said:
    """What the two columns of a row say."""

    result: str
    detail: str
    is_found: bool = True

    @property
    def texts(self) -> tuple[str, str]:
        return self.result, self.detail


def _places(choice: SheetChoice) -> tuple[int, int] | None:
    by_field = {field: column for column, field in choice.columns.items()}
    result, detail = by_field.get(Field.CHECK_RESULT), by_field.get(Field.CHECK_DETAIL)
    return None if result is None or detail is None else (result, detail)


def _filled(content: bytes, sheet: str, texts: Mapping[tuple[int, int], str]) -> bytes:
    try:
        return fill_cells(content, sheet, texts)
    except NotASpreadsheet as error:
        # The binary kind of Excel file is read like the other, but cannot be written into.
        raise Refused("NOT_XLSX") if error.refusal is Refusal.OTHER_KIND else error from error


def _results(
    session: Session, campaign: Campaign, committee_id: int, rows: list[RosterRow], entries: list[Entry]
) -> list[_Said]:
    """What to say about each row, in their order."""
    members = list_entries(session, committee_id)
    ids, known = list(members), list(members.values())
    found = compare_lists(known, entries)
    rows_of = dict(found.same) | {one.old: one.new for one in found.changed}
    pairs = {row: ids[member] for member, row in rows_of.items()}
    doubts = {doubt.index: doubt for doubt in found.new_doubts}
    checks = list_checks(session, campaign.id, committee_ids={committee_id})
    said = []
    for index in range(len(rows)):
        if index in pairs:
            said.append(_of_check(checks.get(pairs[index])))
        elif index in doubts:
            others = doubts[index].others
            repeated = [entries[rows_of[other]].place for other in others if other in rows_of]
            is_repeated = len(repeated) == len(others)
            said.append(_of_repeated(repeated) if is_repeated else _of_doubt(doubts[index], known))
        else:
            said.append(_Said(_("Không có trong danh sách"), _("Danh sách đang quản lý không có đồng chí này."), False))
    return said


def _of_check(check: Check | None) -> _Said:
    if check is None:
        return _Said(_("Chưa đối soát"), "")
    details = []
    for change in views.changes(check, person_of_member(check.member)):
        right = _("giá trị đúng: %(value)s", value=change.new) if change.new else ""
        details.append(f"{change.label}: {', '.join(part for part in (change.level, right) if part)}")
    if check.decision:
        details.append(str(DECISIONS[check.decision]))
    return _Said(str(STATUSES[check.status]), "; ".join(details))


def _of_repeated(places: list[str]) -> _Said:
    """A row that shares a number with others of the file, which their members were found for."""
    detail = _("Cùng số với dòng %(rows)s của tệp này.", rows=", ".join(places[:3]))
    return _Said(str(STATUSES[CheckStatus.DUPLICATE]), detail, False)


def _of_doubt(doubt: Doubt, known: list[Entry]) -> _Said:
    names = "; ".join(display_case(known[index].full_name) for index in doubt.others[:3])
    return _Said(
        _("Chưa rõ là ai"),
        _("Dòng này %(why)s với đồng chí trong danh sách đang quản lý: %(others)s.", why=WHYS[doubt.why], others=names),
        False,
    )
