"""Make-ups: times proposed to those who must come again, accepted by the committee; who is visited at home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.lib.clock import now_at
from cardqueue.organisation.queries import list_cells
from cardqueue.scheduling import queries, services, views
from cardqueue.scheduling.routes.blueprint import scheduling
from cardqueue.scheduling.routes.plan import optional_url
from cardqueue.scheduling.services.make_ups import Outcome


@scheduling.get("/plan/make-ups")
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def make_ups() -> ResponseReturnValue:
    """The times proposed to a committee's members, or to a secretary's own cell."""
    return _page()


@scheduling.post("/plan/make-ups")
@access(Role.COMMITTEE)
def accept_make_ups() -> ResponseReturnValue:
    """Book the ticked times, each for itself, and say what became of each."""
    chosen = dict(filter(None, (_chosen(value) for value in request.form.getlist("member"))))
    if not chosen:
        return _page(has_error=True), 422
    outcomes = services.accept_make_ups(
        db.session(), current_campaign(), current_scope().committee_id, chosen, at=now_at()
    )
    return _page(outcomes)


@scheduling.post("/plan/make-ups/propose")
@access(Role.COMMITTEE)
def propose_make_ups() -> ResponseReturnValue:
    """Propose anew now instead of waiting for the evening."""
    count = services.propose_make_ups(db.session(), current_campaign(), current_scope().committee_id, at=now_at())
    flash(_("Đã đề xuất lại giờ cho %(count)s đồng chí. Chưa đặt chỗ cho ai.", count=count), "good")
    return redirect(url_for("scheduling.make_ups"))


@scheduling.get("/plan/home-round")
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def home_round() -> ResponseReturnValue:
    """Members who are visited at home, as a list to be printed."""
    return render_template("scheduling/home_round.html", people=_shown().at_home, campaign=current_campaign())


def _page(outcomes: Sequence[Outcome] = (), *, has_error: bool = False) -> str:
    booked, sentences = views.outcomes_in_words(outcomes)
    return render_template(
        "scheduling/make_ups.html",
        shown=_shown(),
        has_many=len(current_scope().station_ids) > 1,
        is_committee=current_scope().role is Role.COMMITTEE,
        has_error=has_error,
        booked_count=booked,
        sentences=sentences,
        slips_url=optional_url("slips.choose"),
        organisation_url=optional_url("organisation.overview"),
    )


def _shown() -> views.MakeUps:
    session, campaign, scope, at = db.session(), current_campaign(), current_scope(), now_at()
    cells = {cell.id: cell.name for cell in list_cells(session, scope.committee_id)}
    rows = queries.list_make_ups(session, campaign.id, scope.committee_id, cell_id=scope.cell_id)
    candidates = queries.list_candidates(session, campaign, scope.committee_id, at=at, cell_id=scope.cell_id)
    return views.make_ups_of(rows, candidates, cells, at=at)


def _chosen(value: str) -> tuple[int, datetime] | None:
    """A tick of our own page: the member and the time seen; None for anything else."""
    member_id, _at, arrive_at = value.partition("@")
    try:
        return int(member_id), datetime.fromisoformat(arrive_at)
    except ValueError:
        return None
