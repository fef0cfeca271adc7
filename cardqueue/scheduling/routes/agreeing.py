"""Agreeing on a plan: submitting it, the chief's answer, and withdrawing what was published."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound
from cardqueue.lib.clock import now_at
from cardqueue.organisation.models import Campaign
from cardqueue.organisation.queries import list_cells, list_windows
from cardqueue.scheduling import queries, services, views
from cardqueue.scheduling.forms import AnswerForm, WithdrawForm
from cardqueue.scheduling.models import Plan, PlanState
from cardqueue.scheduling.routes.blueprint import scheduling
from cardqueue.scheduling.routes.proposals import reach_plan
from cardqueue.scheduling.rules.proposal import Proposal


@scheduling.post("/plan/proposals/<int:plan_id>/submit")
@access(Role.COMMITTEE)
def submit(plan_id: int) -> ResponseReturnValue:
    """Send a proposal to the chiefs of its stations."""
    services.submit_plan(db.session(), reach_plan(plan_id), at=now_at())
    flash(_("Đã gửi đề xuất. Trưởng điểm thu nhận xác nhận xong thì đồng chí công bố."), "good")
    return redirect(url_for("scheduling.plan_page"))


@scheduling.route("/plan/requests/<int:plan_id>", methods=["GET", "POST"])
@access(Role.STATION_CHIEF)
def plan_request(plan_id: int) -> ResponseReturnValue:
    """A proposal as the chief of a station reads it: its blocks beside all others, to be confirmed or sent back."""
    session, campaign, station_id = db.session(), current_campaign(), current_scope().station_id
    plan = _reach_request(campaign, plan_id)
    form = AnswerForm()
    if form.validate_on_submit():
        services.answer_plan(
            session,
            plan,
            station_id,
            is_confirmed=form.answer.data == "confirm",
            reason=form.reason.data,
            at=now_at(),
        )
        sent = form.answer.data == "confirm"
        flash(_("Đã xác nhận lịch.") if sent else _("Đã gửi lại đề xuất kèm lý do."), "good")
        return redirect(url_for("scheduling.plan_page"))
    windows = list_windows(session, campaign.id, station_ids={station_id})
    ids = {window.id: window for window in windows}
    proposal = Proposal.from_json(plan.proposal)
    turns = [turn for turn in proposal.turns if turn.window_id in ids]
    cells = {cell.id: cell.name for cell in list_cells(session, plan.committee_id)}
    page = render_template(
        "scheduling/request.html",
        plan=plan,
        form=form,
        headcount=sum(len(turn.members) for turn in turns),
        outlook=views.outlook_in_words(proposal.outlook) if proposal.outlook else None,
        days=views.days_of(views.turns_of_proposal(turns, ids, cells, {}, campaign), windows),
        others=[views.fill_of(campaign, window, has_many=False) for window in windows if window.booked_work],
    )
    return page, 422 if form.errors else 200


@scheduling.route("/plan/proposals/<int:plan_id>/withdraw", methods=["GET", "POST"])
@access(Role.COMMITTEE)
def withdraw(plan_id: int) -> ResponseReturnValue:
    """Take a published plan back, with a reason, after a page that says what ends."""
    plan = reach_plan(plan_id)
    form = WithdrawForm()
    if form.validate_on_submit():
        count = services.withdraw_plan(db.session(), plan, form.reason.data, at=now_at())
        flash(_("Đã thu hồi lịch: %(count)s lịch hẹn sắp tới bị hủy.", count=count), "good")
        return redirect(url_for("scheduling.plan_page"))
    if plan.state != PlanState.PUBLISHED and request.method == "GET":
        return redirect(url_for("scheduling.proposal_page", plan_id=plan.id))
    page = render_template("scheduling/withdraw.html", plan=plan, form=form)
    return page, 422 if form.errors else 200


def _reach_request(campaign: Campaign, plan_id: int) -> Plan:
    """A submitted proposal that sends people to the chief's own station.

    Raises: NotFound("PLAN_NOT_FOUND").
    """
    plan = queries.find_plan(db.session(), campaign, plan_id)
    station_id = current_scope().station_id
    if plan is None or plan.submitted_at is None:
        raise NotFound("PLAN_NOT_FOUND")
    if station_id not in {station.id for station in queries.stations_of(db.session(), plan)}:
        raise NotFound("PLAN_NOT_FOUND")
    return plan
