"""The wizard's fourth step: what was read, row by row, to be corrected, left out or accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.core.access import Role, access
from cardqueue.core.audit import record
from cardqueue.core.database import db
from cardqueue.core.i18n import show_count
from cardqueue.core.pages import page_of
from cardqueue.lib.clock import today_on
from cardqueue.roster import exports, queries, services
from cardqueue.roster.forms import RowForm, row_data
from cardqueue.roster.models import ImportState
from cardqueue.roster.reading import Code, Severity
from cardqueue.roster.routes.blueprint import excel_answer, roster
from cardqueue.roster.routes.reach import the_import, the_open_import, the_row
from cardqueue.roster.rules.rows import Finding, Tab, may_be_accepted, read_person
from cardqueue.roster.services.reading import kept_choices
from cardqueue.roster.words import SEVERITY_KINDS, TAB_KINDS, TAB_WORDS, sentence


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row as the list of results shows it. Shapes: `said` are (kind of status, sentence)."""

    id: int
    sheet: str
    row: int
    name: str
    cell: str
    said: Sequence[tuple[str, str]]
    is_accepted: bool
    is_left_out: bool
    may_be_accepted: bool


@roster.get("/roster/imports/<int:import_id>/rows")
@access(Role.COMMITTEE)
def import_rows(import_id: int) -> ResponseReturnValue:
    """Step 4: the rows by what they came to."""
    roster_import = the_import(import_id)
    if roster_import.state == ImportState.UPLOADED:
        return redirect(url_for("roster.choose_sheets", import_id=import_id))
    if roster_import.state != ImportState.MAPPED:
        return redirect(url_for("roster.import_done", import_id=import_id))
    session, counts = db.session(), queries.count_tabs(db.session(), import_id)
    tab = _asked_tab(request.args.get("tab"), counts)
    page = page_of(session, queries.rows_query(import_id, tab), request.args)
    return render_template(
        "roster/rows.html",
        roster_import=roster_import,
        page=page,
        lines=[_line(queries.read_row(kept)) for kept in page.rows],
        tab=tab,
        tabs=[
            {
                "label": TAB_WORDS[one],
                "url": url_for("roster.import_rows", import_id=import_id, tab=one.value),
                "current": one is tab,
                "count": counts[one],
            }
            for one in Tab
        ],
        counts=counts,
        tab_words=TAB_WORDS,
        tab_kinds=TAB_KINDS,
        total=sum(counts.values()),
        to_save=counts[Tab.VALID] + counts[Tab.LOOK],
    )


@roster.route("/roster/imports/<int:import_id>/rows/<int:row_id>", methods=["GET", "POST"])
@access(Role.COMMITTEE)
def import_row(import_id: int, row_id: int) -> ResponseReturnValue:
    """One row, to be corrected."""
    roster_import = the_open_import(import_id)
    kept = the_row(roster_import, row_id)
    read = queries.read_row(kept)
    form = RowForm(data=row_data(read.row, read.findings))
    if form.validate_on_submit():
        fictitious = (roster_import.choices or {}).get("fictitious_ids", False)
        typed = read_person(form.values(), on=today_on(), fictitious_ids=fictitious)
        # A member may have no number yet: saying so is left to the list of results, not to this form.
        errors = [Finding.of(message) for message in typed.messages if message.code is not Code.ID_MISSING]
        form.show_findings(errors, severities=[Severity.ERROR])
        if not form.errors:
            checked = services.correct_row(db.session(), roster_import, kept, form.values(), on=today_on())
            left = [sentence(finding) for finding in checked.findings if finding.severity is not Severity.NOTE]
            if left:
                flash(_("Đã sửa dòng %(row)s. Còn: %(left)s", row=kept.row, left=" ".join(left)), "warning")
            else:
                flash(_("Đã sửa dòng %(row)s.", row=kept.row), "good")
            return redirect(url_for("roster.import_rows", import_id=import_id, tab=read.tab.value))
    page = render_template("roster/row.html", roster_import=roster_import, line=_line(read), tab=read.tab, form=form)
    return page, 422 if form.errors else 200


@roster.post("/roster/imports/<int:import_id>/rows/<int:row_id>/leave-out")
@access(Role.COMMITTEE)
def leave_out(import_id: int, row_id: int) -> ResponseReturnValue:
    """Leave a row out of what is saved."""
    roster_import = the_open_import(import_id)
    services.leave_out_row(db.session(), roster_import, the_row(roster_import, row_id))
    return _back(import_id)


@roster.post("/roster/imports/<int:import_id>/rows/<int:row_id>/take-back")
@access(Role.COMMITTEE)
def take_back(import_id: int, row_id: int) -> ResponseReturnValue:
    """Take a row back that was left out or accepted."""
    roster_import = the_open_import(import_id)
    services.take_back_row(db.session(), roster_import, the_row(roster_import, row_id))
    return _back(import_id)


@roster.post("/roster/imports/<int:import_id>/rows/<int:row_id>/accept")
@access(Role.COMMITTEE)
def accept(import_id: int, row_id: int) -> ResponseReturnValue:
    """Take a row as it stands."""
    roster_import = the_open_import(import_id)
    services.accept_row(db.session(), roster_import, the_row(roster_import, row_id))
    return _back(import_id)


@roster.post("/roster/imports/<int:import_id>/accept-all")
@access(Role.COMMITTEE)
def accept_all(import_id: int) -> ResponseReturnValue:
    """Take the whole list as it stands."""
    accepted = services.accept_all_rows(db.session(), the_open_import(import_id))
    said = [_("Đã nhận %(count)s dòng kèm lỗi hoặc điều cần xem.", count=show_count(accepted.accepted_count))]
    if accepted.repeated_count:
        said.append(_("Bỏ qua %(count)s dòng ghi lặp một người.", count=show_count(accepted.repeated_count)))
    if accepted.without_number_count:
        said.append(
            _(
                "%(count)s dòng dùng chung số được nhận mà chưa có số định danh.",
                count=show_count(accepted.without_number_count),
            )
        )
    if accepted.remaining_count:
        said.append(_("Còn %(count)s dòng phải sửa hoặc bỏ qua.", count=show_count(accepted.remaining_count)))
    flash(" ".join(said), "warning" if accepted.remaining_count else "good")
    return _back(import_id)


@roster.get("/roster/imports/<int:import_id>/checked.xlsx")
@access(Role.COMMITTEE, writes=True)
def checked_file(import_id: int) -> ResponseReturnValue:
    """Rows with what is the matter with them, in the file's own columns; all of them with `?rows=all`."""
    roster_import = the_import(import_id)
    workbook, _guesses = services.open_workbook(roster_import)
    reads = queries.load_rows(db.session(), import_id)
    if request.args.get("rows") != "all":
        reads = [read for read in reads if read.tab in (Tab.LOOK, Tab.WRONG)]
    tables = exports.checked_tables(workbook, kept_choices(roster_import), reads)
    record(
        db.session(),
        "roster.export_checked",
        f"import:{import_id}",
        after={"rows": len(reads)},
        committee_id=roster_import.committee_id,
    )
    return excel_answer(tables or [exports.nothing_wrong_table()], f"ket-qua-kiem-tra-{today_on():%Y%m%d}.xlsx")


def _line(read: queries.ReadRow) -> RowLine:
    return RowLine(
        id=read.kept.id,
        sheet=read.row.sheet,
        row=read.row.row,
        name=read.row.full_name or _("(chưa có họ tên)"),
        cell=read.row.cell or "",
        said=[(SEVERITY_KINDS[finding.severity], sentence(finding)) for finding in read.findings],
        is_accepted=read.kept.is_accepted,
        is_left_out=read.kept.is_left_out,
        may_be_accepted=may_be_accepted(read.findings),
    )


def _asked_tab(text: str | None, counts: dict[Tab, int]) -> Tab:
    """The tab that the address asks for, else the worst one that has rows."""
    if text in set(Tab):
        return Tab(text)
    return next((tab for tab in (Tab.WRONG, Tab.LOOK) if counts[tab]), Tab.VALID)


def _back(import_id: int) -> ResponseReturnValue:
    tab = request.form.get("tab", "")
    return redirect(
        url_for(
            "roster.import_rows",
            import_id=import_id,
            tab=tab if tab in set(Tab) else None,
            page=request.form.get("page") or None,
        )
    )
