"""Two proposals side by side: what each would bring, and which cells it places otherwise."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound
from cardqueue.organisation.queries import list_cells
from cardqueue.scheduling import queries, views
from cardqueue.scheduling.models import Plan
from cardqueue.scheduling.routes.blueprint import scheduling
from cardqueue.scheduling.rules.proposal import Proposal
from cardqueue.scheduling.words import PLAN_STATE_WORDS


@scheduling.get("/plan/compare")
@access(Role.COMMITTEE)
def compare() -> ResponseReturnValue:
    """Two of the committee's newest proposals; without a choice, the newest beside the one before."""
    session, campaign, committee_id = db.session(), current_campaign(), current_scope().committee_id
    plans = queries.list_recent_plans(session, campaign.id, committee_id)
    chosen = [_chosen(plans, "first", 0), _chosen(plans, "second", 1)]
    sides = [Proposal.from_json(plan.proposal) if plan else None for plan in chosen]
    cells = {cell.id: cell.name for cell in list_cells(session, committee_id)}
    return render_template(
        "scheduling/compare.html",
        plans=[(plan.id, views.plan_name(plan, PLAN_STATE_WORDS[plan.state])) for plan in plans],
        chosen=chosen,
        measures=views.measures_of(sides[0], sides[1]) if sides[0] and sides[1] else [],
        rows=views.side_by_side(sides[0], sides[1], cells) if sides[0] and sides[1] else [],
    )


def _chosen(plans: list[Plan], name: str, position: int) -> Plan | None:
    """The proposal in the address.

    Raises: NotFound("PLAN_NOT_FOUND") for one that is not among the newest.
    """
    wanted = request.args.get(name, type=int)
    if wanted is None:
        return plans[position] if position < len(plans) else None
    for plan in plans:
        if plan.id == wanted:
            return plan
    raise NotFound("PLAN_NOT_FOUND")
