"""The first page after sign-in, and the numbers as files."""

from __future__ import annotations

import io

from flask import Blueprint, Response, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_campaign, current_scope, find_current_campaign
from cardqueue.cases.queries import pending_query, tally_total
from cardqueue.cases.words import REASON_WORDS
from cardqueue.core.access import Role, access, signed_in
from cardqueue.core.audit import record
from cardqueue.core.database import db
from cardqueue.lib.clock import now_at, to_local, today_on
from cardqueue.lib.spreadsheet import write_xlsx
from cardqueue.organisation.models import Campaign, Committee
from cardqueue.reports import exports, queries, rules
from cardqueue.reports.evening_report import draw_evening_report
from cardqueue.reports.words import STANDING_KINDS, STANDING_WORDS, TODO_ENDPOINTS, TODO_WORDS

reports = Blueprint("reports", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@reports.get("/")
@signed_in
def dashboard() -> ResponseReturnValue:
    """What needs doing now, and how far the campaign has come."""
    scope = current_scope()
    if scope.role is Role.ADMIN:
        return redirect(url_for("organisation.overview"))
    if scope.role is Role.OFFICER:
        return redirect(url_for("counter.desk"))
    campaign = find_current_campaign()
    if campaign is None:
        return render_template("reports/no_campaign.html")
    rows = _rows(campaign)
    todos = []
    if scope.role is Role.COMMITTEE:
        todos = queries.list_todos(db.session(), campaign.id, committee_id=scope.committee_id, at=now_at())
    return render_template(
        "reports/dashboard.html",
        rows=rows,
        standings={row.id: rules.standing(row.tally, placed=row.placed) for row in rows},
        total=tally_total([row.tally for row in rows]),
        placed=sum(row.placed for row in rows),
        todos=rules.most_urgent(todos),
        waiting={todo.kind: todo.count for todo in todos},
        today=queries.today_so_far(db.session(), campaign.id, committee_ids=scope.committee_ids, today_on=today_on()),
        updated_at=queries.last_change_at(db.session(), campaign.id),
        by_commune=scope.role is Role.SUPERVISOR,
        standing_words=STANDING_WORDS,
        standing_kinds=STANDING_KINDS,
        reason_words=REASON_WORDS,
        todo_words=TODO_WORDS,
        todo_endpoints=TODO_ENDPOINTS,
    )


@reports.get("/progress.xlsx")
@access(Role.COMMITTEE, Role.CELL_SECRETARY, Role.STATION_CHIEF, Role.SUPERVISOR, writes=True)
def progress_file() -> ResponseReturnValue:
    """The same numbers in Excel; who is pending by name only for the committee and the own cell."""
    scope, campaign = current_scope(), current_campaign()
    rows = _rows(campaign)
    heading = _("Xã, phường") if scope.role is Role.SUPERVISOR else _("Chi bộ")
    tables = [exports.progress_table(rows, name_heading=heading)]
    if scope.role in (Role.COMMITTEE, Role.CELL_SECRETARY):
        query = pending_query(campaign.id, committee_ids=scope.committee_ids, cell_id=scope.cell_id)
        tables.append(exports.pending_table(list(db.session.scalars(query)), today_on()))
    content = io.BytesIO()
    write_xlsx(content, tables)
    content.seek(0)
    record(
        db.session(),
        "reports.export_progress",
        f"campaign:{campaign.id}",
        after={"rows": len(rows)},
        committee_id=next(iter(scope.committee_ids)) if len(scope.committee_ids) == 1 else None,
    )
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name=f"tien-do-{today_on():%Y%m%d}.xlsx")


@reports.get("/report.pdf")
@access(Role.COMMITTEE, writes=True)
def report() -> ResponseReturnValue:
    """The evening report to the Standing Committee, to be printed, numbered and signed."""
    scope, campaign, at = current_scope(), current_campaign(), now_at()
    committee = db.session.get_one(Committee, scope.committee_id)
    evening = queries.evening_of(db.session(), campaign, committee, at=at)
    content = draw_evening_report(campaign, committee, evening)
    record(
        db.session(),
        "reports.export_report",
        f"campaign:{campaign.id}",
        after={"done": evening.total.done, "pending": evening.total.pending, "not_yet": evening.total.not_yet},
        committee_id=committee.id,
    )
    name = f"bao-cao-{to_local(at):%Y%m%d}.pdf"
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


def _rows(campaign: Campaign) -> list[queries.Progress]:
    scope = current_scope()
    if scope.role is Role.SUPERVISOR:
        return queries.progress_by_commune(db.session(), campaign.id, committee_ids=scope.committee_ids)
    return queries.progress_by_cell(db.session(), campaign.id, committee_ids=scope.committee_ids, cell_id=scope.cell_id)
