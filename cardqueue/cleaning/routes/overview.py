"""The first page of the data cleaning: what to do now."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.cleaning.queries import sheets
from cardqueue.cleaning.queries.corrections import count_corrections
from cardqueue.cleaning.queries.quality import quality_by_cell, total_quality
from cardqueue.cleaning.routes.blueprint import cleaning
from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.lib.clock import now_at
from cardqueue.verification.queries import count_by_cell, count_stages
from cardqueue.verification.queries import total_of as verified_total


@cleaning.get("/cleaning")
@access(Role.COMMITTEE, Role.CELL_SECRETARY, Role.SUPERVISOR)
def overview() -> ResponseReturnValue:
    """The steps of the cleaning, and what each is waiting for; the province has numbers to look at and no steps."""
    session, scope, campaign = db.session(), current_scope(), current_campaign()
    if scope.role is Role.SUPERVISOR:
        return redirect(url_for("cleaning.quality"))
    ours = {"committee_ids": scope.committee_ids}
    verified = count_by_cell(session, campaign.id, **ours)
    corrections = count_corrections(session, campaign.id, cell_id=scope.cell_id, **ours)
    counted = quality_by_cell(session, campaign.id, at=now_at(), cell_id=scope.cell_id, **ours)
    return render_template(
        "cleaning/overview.html",
        verified=verified_total([cell for cell in verified if scope.cell_id in (None, cell.cell_id)]),
        open_count=count_stages(session, campaign.id, **ours)["open"],
        to_correct=sum(cell.member_count for cell in corrections),
        cell_count=len(corrections),
        sheets=sheets.total_of(sheets.count_sheets(session, campaign.id, cell_id=scope.cell_id, **ours)),
        waiting_count=len(sheets.list_waiting(session, campaign.id, cell_id=scope.cell_id, **ours)),
        quality=total_quality(counted),
    )
