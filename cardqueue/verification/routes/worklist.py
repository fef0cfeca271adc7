"""The worklist: whose data differs, who comes first, and how each cell stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.core.access import POLICE, Role, access
from cardqueue.core.database import db
from cardqueue.core.pages import page_of
from cardqueue.verification import queries, views
from cardqueue.verification.queries import Wanted
from cardqueue.verification.routes.blueprint import verification
from cardqueue.verification.words import FIELDS, KINDS, ORDERS, STAGES


@verification.get("/verify")
@access(*POLICE, Role.COMMITTEE)
def worklist() -> ResponseReturnValue:
    """Whose data differs, who comes first, and how each cell stands."""
    session, scope, campaign, wanted = db.session(), current_scope(), current_campaign(), wanted_here()
    committees = scope.committee_ids
    query = queries.worklist_query(campaign.id, committee_ids=committees, wanted=wanted)
    page = page_of(session, query, request.args)
    times = queries.appointment_times(session, campaign.id, [check.member_id for check in page.rows])
    cells = queries.count_by_cell(session, campaign.id, committee_ids=committees)
    stages = queries.count_stages(session, campaign.id, committee_ids=committees)
    kinds = queries.count_kinds(session, campaign.id, committee_ids=committees, wanted=wanted)
    alike = queries.count_alike(session, campaign.id, committee_ids=committees) if scope.is_police else {}
    waits = wanted.stage == "second"
    rows = [views.worklist_row(check, times.get(check.member_id), waits=waits) for check in page.rows]
    # Who confirms goes straight to the proposal.
    asked = [row.member_id for row in rows] if waits and scope.is_police else []
    proposals = queries.proposals_of(session, campaign.id, asked)
    may_start = rows and wanted.stage == "open" and page.number == 1
    return render_template(
        "verification/worklist.html",
        page=page,
        rows=rows,
        proposals=proposals,
        first_id=rows[0].member_id if may_start else None,
        cells=cells,
        field_words=FIELDS,
        cell_choices=[(cell.cell_id, cell.name) for cell in cells],
        total=queries.total_of(cells),
        open_count=stages["open"],
        second_count=stages["second"],
        alike_count=sum(alike.values()),
        wanted=wanted,
        kept=kept_in(wanted),
        stage_tabs=[
            {
                "label": label,
                "url": url_for("verification.worklist", **kept_in(replace(wanted, stage=stage))),
                "current": stage == wanted.stage,
                "count": stages[stage],
            }
            for stage, label in STAGES.items()
        ],
        kinds=[(kind, f"{label} ({kinds[kind]})") for kind, label in KINDS.items()],
        orders=ORDERS,
        extracts=queries.list_extracts_in_force(session, campaign.id, committee_ids=committees),
        lists_url=_lists_url(),
    )


def _lists_url() -> str:
    """The page with the lists of what to correct; empty where this installation cleans no data."""
    return url_for("cleaning.lists") if "cleaning.lists" in current_app.view_functions else ""


def wanted_here() -> Wanted:
    """What the address asks to see; anything unknown asks for everything."""
    cell, kind, stage, order = (request.args.get(name, "") for name in ("cell", "kind", "stage", "order"))
    return Wanted(
        int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 10 else None,
        kind if kind in KINDS else "",
        stage if stage in STAGES else "open",
        order if order in ORDERS else "",
    )


def kept_in(wanted: Wanted) -> dict[str, Any]:
    """The address's part that says the same again."""
    said = {"cell": str(wanted.cell_id or ""), "kind": wanted.kind, "stage": wanted.stage, "order": wanted.order}
    return {name: value for name, value in said.items() if value and value != "open"}
