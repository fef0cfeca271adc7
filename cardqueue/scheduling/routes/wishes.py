"""What cells say about their time: the committee sees all cells, a secretary the own one."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.lib.clock import now_at
from cardqueue.organisation.models import Cell
from cardqueue.organisation.queries import list_cells
from cardqueue.scheduling import queries, services, views
from cardqueue.scheduling.forms import WishesForm
from cardqueue.scheduling.routes.blueprint import scheduling
from cardqueue.scheduling.rules.wishes import NO_WISHES


@scheduling.get("/plan/wishes")
@access(Role.COMMITTEE)
def wishes() -> ResponseReturnValue:
    """Every cell with what it said; those that said nothing can be asked."""
    session, campaign, committee_id = db.session(), current_campaign(), current_scope().committee_id
    said = queries.wishes_of_committee(session, campaign.id, committee_id)
    cells = list_cells(session, committee_id)
    return render_template(
        "scheduling/wishes.html",
        rows=[(cell, views.wishes_in_words(said.get(cell.id, NO_WISHES))) for cell in cells],
        said_count=sum(bool(said.get(cell.id)) for cell in cells),
    )


@scheduling.route("/plan/cells/<int:cell_id>/wishes", methods=["GET", "POST"])
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def wish(cell_id: int) -> ResponseReturnValue:
    """When a cell cannot come, when it would rather come, how far it is."""
    session, campaign, scope = db.session(), current_campaign(), current_scope()
    cell = scope.require_cell(session.get(Cell, cell_id))
    row = queries.find_wish(session, campaign.id, cell.id)
    before = queries.wishes_from(row) if row else NO_WISHES
    days = queries.days_to_ask(session, campaign, cell.committee_id, at=now_at())
    form = WishesForm.of(before, cell.travel_minutes)
    form.offer(sorted({*days, *before.unavailable_dates, *before.preferred_dates}))
    back_url = url_for("scheduling.wishes" if scope.role is Role.COMMITTEE else "scheduling.plan_page")
    if form.validate_on_submit():
        services.state_wishes(
            session, campaign, cell, form.wishes, travel_minutes=form.travel_minutes.data, at=now_at()
        )
        flash(_("Đã ghi ý kiến của %(cell)s. Lần xếp lịch sau sẽ tính đến.", cell=cell.name), "good")
        return redirect(back_url)
    page = render_template("scheduling/wish.html", cell=cell, form=form, back_url=back_url, row=row)
    return page, 422 if form.errors else 200
