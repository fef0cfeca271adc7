"""Two lists of members compared: uploaded, looked through, kept as Excel; the server keeps nothing.

What comparing gave travels in the page, sealed, so that it can be filtered and downloaded without asking for the files
again.
"""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_scope
from cardqueue.cleaning.forms import CompareForm
from cardqueue.cleaning.queries.members import list_entries
from cardqueue.cleaning.reading import read_entries
from cardqueue.cleaning.routes.blueprint import cleaning
from cardqueue.cleaning.routes.files import ask_for, file_answer, show_fault, uploaded, workbook_of
from cardqueue.cleaning.rules.comparison import Entry, compare_lists
from cardqueue.cleaning.views import Report, comparison_tables, report_of, seal, unseal
from cardqueue.cleaning.words import KINDS
from cardqueue.core.access import Role, access
from cardqueue.core.audit import record
from cardqueue.core.database import db
from cardqueue.core.errors import Refused
from cardqueue.lib.clock import today_on
from cardqueue.lib.spreadsheet import NotASpreadsheet

_LINES_SHOWN = 200


@cleaning.get("/cleaning/compare")
@access(Role.COMMITTEE)
def compare() -> ResponseReturnValue:
    """Which two lists."""
    return render_template("cleaning/compare.html", form=CompareForm())


@cleaning.post("/cleaning/compare")
@access(Role.COMMITTEE)
def compare_files() -> ResponseReturnValue:
    """What differs between an old and a new list, or between an old one and the members."""
    form, committee_id = CompareForm(), current_scope().committee_id
    old, new = _read(form, "old"), _read(form, "new")
    if old is None:
        ask_for(form, "old")
    if form.errors or old is None:
        return render_template("cleaning/compare.html", form=form), 422
    if new is None:
        new = _("Danh sách đang quản lý"), list(list_entries(db.session(), committee_id).values())
    report = report_of(compare_lists(old[1], new[1]), old[1], new[1], old_name=old[0], new_name=new[0])
    try:
        sealed = seal(report, committee_id)
    except Refused as refusal:
        form.show_refusal(refusal, "new")
        return render_template("cleaning/compare.html", form=form), 422
    record(
        db.session(),
        "cleaning.compare_lists",
        f"committee:{committee_id}",
        after={"old": report.old_count, "new": report.new_count, "differing": len(report.lines)},
        committee_id=committee_id,
    )
    return _result_page(report, sealed)


@cleaning.post("/cleaning/compare/shown")
@access(Role.COMMITTEE)
def compare_shown() -> ResponseReturnValue:
    """The same result, of one kind or one cell."""
    sealed = request.form.get("sealed", "")
    return _result_page(unseal(sealed, current_scope().committee_id), sealed)


@cleaning.post("/cleaning/compare.xlsx")
@access(Role.COMMITTEE)
def compare_file() -> ResponseReturnValue:
    """The result in Excel, as it is filtered on the page."""
    committee_id = current_scope().committee_id
    report = unseal(request.form.get("sealed", ""), committee_id)
    lines = report.pick(*_wanted(report))
    record(
        db.session(),
        "cleaning.export_comparison",
        f"committee:{committee_id}",
        after={"rows": len(lines)},
        committee_id=committee_id,
    )
    content = workbook_of(comparison_tables(report, lines))
    return file_answer(content, f"so-sanh-danh-sach-{today_on():%Y%m%d}.xlsx")


def _read(form: CompareForm, field: str) -> tuple[str, list[Entry]] | None:
    """A list by its file's name; None for no file, or with what is the matter said at the field."""
    given = uploaded(form, field)
    if given is None:
        return None
    name, content = given
    try:
        return name, read_entries(content, name, on=today_on())
    except (NotASpreadsheet, Refused) as fault:
        show_fault(form, field, fault)
        return None


def _result_page(report: Report, sealed: str) -> str:
    kind, cell = _wanted(report)
    lines = report.pick(kind, cell)
    return render_template(
        "cleaning/compare_result.html",
        report=report,
        sealed=sealed,
        lines=lines[:_LINES_SHOWN],
        line_count=len(lines),
        kind=kind,
        cell=cell,
        kinds=KINDS,
        counts=report.counts,
    )


def _wanted(report: Report) -> tuple[str, str]:
    """The kind and the cell that the page asks for; anything unknown asks for all."""
    kind, cell = request.form.get("kind", ""), request.form.get("cell", "")
    return kind if kind in KINDS else "", cell if cell in report.cells else ""
