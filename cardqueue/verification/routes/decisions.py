"""One decision that was made: it waits for a second person, or it holds and can be taken back."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_account, current_campaign, current_scope
from cardqueue.core.access import POLICE, Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import Conflict, Refused
from cardqueue.lib.clock import now_at
from cardqueue.verification import queries, services, views
from cardqueue.verification.forms import AnswerForm, UndoForm
from cardqueue.verification.models import Check, DecisionRecord, DecisionState
from cardqueue.verification.routes.blueprint import verification
from cardqueue.verification.routes.revealing import has_looked, keep_look
from cardqueue.verification.services import Outcome
from cardqueue.verification.words import DECISIONS


@verification.get("/verify/decisions/<int:decision_id>")
@access(*POLICE, writes=True)
def decision(decision_id: int) -> ResponseReturnValue:
    """What is proposed, whole, so that a second person can compare it with the papers; or what was decided."""
    kept, check = _found(decision_id)
    if kept.state != DecisionState.PROPOSED:
        return render_template("verification/decision.html", **_batch(kept))
    keep_look(kept.member, _shown(kept), decision=kept.id)
    return _proposal_page(kept, check, AnswerForm())


@verification.post("/verify/decisions/<int:decision_id>")
@access(*POLICE)
def answer(decision_id: int) -> ResponseReturnValue:
    """Confirm or refuse."""
    session, campaign = db.session(), current_campaign()
    kept, check = _found(decision_id)
    form, name = AnswerForm(), kept.member.full_name
    if kept.decided_by == current_account().username:
        raise Refused("ANOTHER_PERSON")
    if not has_looked(kept.member, _shown(kept)):
        return redirect(url_for("verification.decision", decision_id=decision_id))
    if not form.validate_on_submit():
        return _proposal_page(kept, check, form), 422
    try:
        if form.answer.data == "refuse":
            services.refuse(session, campaign, check, kept, reason=form.reason.data or "", at=now_at())
            flash(_("Đã từ chối; đồng chí %(name)s trở lại danh sách cần xử lý.", name=name), "info")
        elif services.confirm(session, campaign, check, kept, at=now_at()) is Outcome.DIFFERS_ELSEWHERE:
            flash(_("Đã sửa số định danh; dữ liệu dân cư của số này còn khác ở mục khác."), "warning")
            return redirect(url_for("verification.member", member_id=kept.member_id))
        else:
            flash(_("Đã xác nhận số định danh mới của đồng chí %(name)s.", name=name), "good")
    except Conflict:
        raise
    except Refused as refused:
        form.show_refusal(refused, "reason" if refused.reason_code == "REASON_MISSING" else "answer")
        return _proposal_page(kept, check, form), 422
    return redirect(url_for("verification.worklist", stage="second"))


@verification.get("/verify/decisions/<int:decision_id>/undo")
@access(*POLICE)
def ask_undo(decision_id: int) -> ResponseReturnValue:
    """What would be taken back, before it is."""
    return _undo_page(_found(decision_id)[0], UndoForm())


@verification.post("/verify/decisions/<int:decision_id>/undo")
@access(*POLICE)
def undo(decision_id: int) -> ResponseReturnValue:
    """Take it back."""
    session, kept, form = db.session(), _found(decision_id)[0], UndoForm()
    if not form.validate_on_submit():
        return _undo_page(kept, form), 422
    is_chief = current_account().role == Role.STATION_CHIEF
    try:
        undone = services.undo(
            session, current_campaign(), kept, reason=form.reason.data, is_chief=is_chief, at=now_at()
        )
    except Conflict:
        raise
    except Refused as refused:
        form.show_refusal(refused, "reason")
        return _undo_page(kept, form), 422
    flash(_("Đã hoàn tác kết luận về %(count)s đồng chí.", count=len(undone.done)), "good")
    if undone.left_out:
        flash(_("Để nguyên vì đã có thay đổi mới: %(names)s.", names=", ".join(undone.left_out)), "warning")
    if len(undone.done) + len(undone.left_out) > 1:
        return redirect(url_for("verification.worklist"))
    return redirect(url_for("verification.member", member_id=kept.member_id))


def _found(decision_id: int) -> tuple[DecisionRecord, Check]:
    session, campaign, committees = db.session(), current_campaign(), current_scope().committee_ids
    kept = queries.find_decision(session, campaign.id, decision_id, committee_ids=committees)
    return kept, queries.find_check(session, campaign.id, kept.member_id, committee_ids=committees)


def _shown(kept: DecisionRecord) -> str:
    return f"decision {kept.id}"


def _proposal_page(kept: DecisionRecord, check: Check, form: AnswerForm) -> str:
    session = db.session()
    names = queries.names_of_accounts(session, [kept.decided_by])
    times = queries.appointment_times(session, kept.campaign_id, [kept.member_id])
    return render_template(
        "verification/proposal.html",
        kept=kept,
        member=check.member,
        arrive_at=times.get(kept.member_id),
        word=_("Chờ người thứ hai"),
        kind="info",
        proposed=views.proposed(kept),
        decision_word=DECISIONS[kept.decision],
        proposer=names.get(kept.decided_by, kept.decided_by),
        is_own=kept.decided_by == current_account().username,
        has_lapsed=kept.evidence != check.evidence,
        second_people=queries.list_second_people(session, kept.member.committee_id, but=kept.decided_by),
        form=form,
    )


def _undo_page(kept: DecisionRecord, form: UndoForm) -> str:
    return render_template("verification/undo.html", **_batch(kept), form=form)


def _batch(kept: DecisionRecord) -> dict[str, object]:
    """A decision with all that were made in the same step."""
    session, account = db.session(), current_account()
    batch = queries.list_batch(session, kept)
    people = {name for one in batch for name in (one.decided_by, one.answered_by, one.undone_by) if name}
    entries = views.history(
        batch,
        queries.names_of_accounts(session, people),
        username=account.username,
        is_police=True,
        is_chief=account.role == Role.STATION_CHIEF,
    )
    rows = [(one.member.full_name, one.member.cell.name, entry) for one, entry in zip(batch, entries, strict=True)]
    return {"kept": kept, "rows": rows, "entry": entries[0]}
