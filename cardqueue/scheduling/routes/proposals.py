"""The automatic proposal: asking for it, reading it, publishing it or putting it aside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound, Refused
from cardqueue.core.words import error_words, refusal_words
from cardqueue.lib.clock import now_at
from cardqueue.organisation.queries import list_cells, list_windows
from cardqueue.scheduling import queries, services, views
from cardqueue.scheduling.models import Plan, PlanState
from cardqueue.scheduling.routes.blueprint import scheduling
from cardqueue.scheduling.rules.proposal import Difference, Mode, Place, Proposal, compare


@scheduling.post("/plan/proposals")
@access(Role.COMMITTEE)
def propose() -> ResponseReturnValue:
    """Ask the planner; nothing is booked yet."""
    try:
        plan = services.plan_campaign(
            db.session(),
            current_campaign(),
            current_scope().committee_id,
            _mode(request.form),
            at=now_at(),
            until_on=_day(request.form.get("until", "")),
        )
    except Refused as refusal:
        words = refusal_words(refusal.reason_code, refusal.values) or error_words(refusal.status)
        flash(f"{words.heading}. {words.next_step}", "warning")
        return redirect(url_for("scheduling.plan_page"))
    return redirect(url_for("scheduling.proposal_page", plan_id=plan.id))


@scheduling.get("/plan/what-if")
@access(Role.COMMITTEE)
def what_if() -> ResponseReturnValue:
    """What one day less or one line more would bring; nothing is written."""
    mode = _mode(request.args)
    answers = services.what_if(db.session(), current_campaign(), current_scope().committee_id, mode, at=now_at())
    return render_template(
        "scheduling/what_if.html",
        mode=mode.value,
        rows=[views.forecast_of(variant, seen, answers[0][1]) for variant, seen in answers],
    )


@scheduling.get("/plan/proposals/<int:plan_id>")
@access(Role.COMMITTEE)
def proposal_page(plan_id: int) -> ResponseReturnValue:
    """The proposal beside what is booked now."""
    plan = reach_plan(plan_id)
    session, campaign = db.session(), current_campaign()
    proposal = Proposal.from_json(plan.proposal)
    standings = {s.member_id: s for s in queries.list_standings(session, campaign.id, plan.committee_id, at=now_at())}
    difference = _difference(proposal, standings)
    cells = {cell.id: cell.name for cell in list_cells(session, plan.committee_id)}
    used = {c.old.window_id for c in (*difference.moved, *difference.retimed) if c.old}
    used |= {u.window_id for u in proposal.unplaced if u.window_id}
    windows = queries.windows_by_id(session, used | set(proposal.window_ids))
    notes = views.notes_of(difference)
    turns = views.turns_of_proposal(proposal.turns, windows, cells, notes, campaign)
    usable = queries.list_open_windows(session, campaign.id, plan.committee_id, at=now_at())
    return render_template(
        "scheduling/proposal.html",
        plan=plan,
        is_open=plan.state == PlanState.PROPOSED,
        is_published=plan.state == PlanState.PUBLISHED,
        agreement=views.agreement_of(plan, queries.stations_of(session, plan), queries.answers_of(session, plan)),
        is_anew=proposal.mode is Mode.ANEW,
        difference=difference,
        moves=views.moves_of(difference, standings, cells),
        unplaced=views.unplaced_of(proposal, standings, cells, windows),
        dropped=[(standings[m], cells[standings[m].cell_id]) for m in proposal.dropped if m in standings],
        days=views.days_of(turns, usable),
        outlook=views.outlook_in_words(proposal.outlook) if proposal.outlook else None,
        remedy=views.remedy_in_words(
            proposal, list_windows(session, campaign.id, station_ids=current_scope().station_ids), campaign
        ),
        late_count=sum(turn.headcount for turn in turns if turn.is_late),
        sum=views.sum_in_words(proposal.placed_count, float(plan.minutes_per_member), list(windows.values())),
    )


@scheduling.route("/plan/proposals/<int:plan_id>/publish", methods=["GET", "POST"])
@access(Role.COMMITTEE)
def publish(plan_id: int) -> ResponseReturnValue:
    """Publish, after a page that says with what consequences."""
    plan = reach_plan(plan_id)
    if request.method == "POST":
        done = services.publish_plan(db.session(), plan, at=now_at())
        flash(
            _(
                "Đã công bố lịch: %(created)s đồng chí có lịch mới, %(moved)s đổi giờ, %(kept)s giữ nguyên.",
                created=done.created_count,
                moved=done.moved_count,
                kept=done.kept_count,
            ),
            "good",
        )
        if done.skipped_count:
            flash(
                _(
                    "%(count)s đồng chí không được xếp vì hồ sơ hoặc lịch vừa thay đổi sau khi có đề xuất.",
                    count=done.skipped_count,
                ),
                "warning",
            )
        return redirect(url_for("scheduling.plan_page"))
    if plan.state != PlanState.PROPOSED:
        return redirect(url_for("scheduling.proposal_page", plan_id=plan.id))
    proposal = Proposal.from_json(plan.proposal)
    standings = {
        s.member_id: s for s in queries.list_standings(db.session(), plan.campaign_id, plan.committee_id, at=now_at())
    }
    difference = _difference(proposal, standings)
    moved = len(difference.moved) + len(difference.retimed)
    explanation = [
        _("%(count)s đồng chí có lịch hẹn mới, mỗi người một giờ và một mã riêng.", count=len(difference.added)),
        _("%(count)s đồng chí đổi giờ: giấy hẹn cũ quét sẽ báo giờ mới.", count=moved),
        _("%(count)s đồng chí giữ nguyên, giấy hẹn cũ vẫn dùng được.", count=len(difference.same)),
    ]
    if proposal.dropped:
        explanation.append(_("%(count)s lịch hẹn bị hủy.", count=len(proposal.dropped)))
    if proposal.unplaced:
        explanation.append(_("%(count)s đồng chí chưa có chỗ.", count=len(proposal.unplaced)))
    return render_template(
        "layouts/confirm.html",
        heading=_("Công bố lịch này?"),
        explanation=explanation,
        confirm_text=_("Công bố lịch"),
        cancel_url=url_for("scheduling.proposal_page", plan_id=plan.id),
        dangerous=False,
    )


@scheduling.post("/plan/proposals/<int:plan_id>/discard")
@access(Role.COMMITTEE)
def discard(plan_id: int) -> ResponseReturnValue:
    """Put the proposal aside; what is booked stays."""
    services.discard_plan(db.session(), reach_plan(plan_id))
    flash(_("Đã bỏ đề xuất. Lịch đã công bố không thay đổi."), "good")
    return redirect(url_for("scheduling.plan_page"))


def _mode(values: Mapping[str, str]) -> Mode:
    return Mode.ANEW if values.get("mode") == Mode.ANEW else Mode.FILL


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def reach_plan(plan_id: int) -> Plan:
    """A plan of the person's own committee.

    Raises: NotFound("PLAN_NOT_FOUND").
    """
    plan = queries.find_plan(db.session(), current_campaign(), plan_id)
    if plan is None or plan.committee_id not in current_scope().committee_ids:
        raise NotFound("PLAN_NOT_FOUND")
    return plan


def _difference(proposal: Proposal, standings: dict[int, queries.Standing]) -> Difference:
    booked = {
        s.member_id: Place(s.appointment.window_id, s.appointment.arrive_at)
        for s in standings.values()
        if s.appointment is not None
    }
    return compare(proposal.turns, booked)
