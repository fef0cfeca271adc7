"""Pages of the ledger: how everybody stands, who is pending and why, following one case up, undoing an import."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.cases import queries, services
from cardqueue.cases.forms import CaseForm, ResolveForm
from cardqueue.cases.models import Case, CaseState, PendingReason
from cardqueue.cases.words import REASON_NEXT_STEPS, REASON_WORDS, STATE_KINDS, STATE_WORDS
from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound, Refused
from cardqueue.core.pages import page_of
from cardqueue.core.words import say
from cardqueue.lib.clock import now_at, to_local, today_on
from cardqueue.organisation.queries import list_cells
from cardqueue.roster.queries import find_import
from cardqueue.roster.services import undo_import as undo_roster_import

cases = Blueprint("cases", __name__)

# What a cell secretary knows first; wrong records and equipment are the committee's and the police's to name.
SECRETARY_REASONS = (
    PendingReason.BUSY,
    PendingReason.AWAY,
    PendingReason.WEAK_HEALTH,
    PendingReason.TRANSFER,
    PendingReason.EXEMPT,
    PendingReason.NO_OLD_CARD,
)

# How many of those who stay after an undo are named.
MOST_NAMES = 10

say(
    "CASE_ALREADY_DONE",
    _l("Đồng chí này đã thu nhận xong"),
    _l("Trường hợp đã hoàn thành nên không mở lại ở đây."),
    _l("Nếu ghi nhầm, cán bộ tại quầy hoàn tác trong 60 giây; quá giờ thì báo Trưởng điểm thu nhận."),
)
say(
    "CASE_NOT_FOUND",
    _l("Không tìm thấy đồng chí này"),
    _l("Đồng chí này không có trong đợt, hoặc không thuộc đơn vị của đồng chí."),
    _l("Đồng chí tìm lại trong danh sách."),
)
say(
    "REASON_NOT_YOURS",
    _l("Lý do này do đơn vị khác ghi"),
    _l("Sai lệch thông tin và lỗi thiết bị do Đảng ủy hoặc Công an theo dõi."),
    _l("Đồng chí báo Văn phòng Đảng ủy."),
)


@cases.get("/pending")
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def pending() -> ResponseReturnValue:
    """Who is still pending, by reason, cell, owner and age."""
    scope, campaign, today = current_scope(), current_campaign(), today_on()
    reason = _reason_of(request.args.get("reason"))
    only_overdue = request.args.get("overdue") == "1"
    cell_id = scope.cell_id or request.args.get("cell", type=int)
    query = queries.pending_query(
        campaign.id,
        committee_ids=scope.committee_ids,
        cell_id=cell_id,
        reason=reason,
        owner_id=request.args.get("owner", type=int),
        overdue_before=today if only_overdue else None,
    )
    tallies = queries.tally_by_cell(db.session(), campaign.id, committee_ids=scope.committee_ids)
    if scope.cell_id is not None:
        tallies = {scope.cell_id: tallies.get(scope.cell_id, queries.Tally())}
    return render_template(
        "cases/pending.html",
        page=page_of(db.session(), query, request.args),
        total=queries.tally_total(list(tallies.values())),
        cells=[] if scope.cell_id else list_cells(db.session(), scope.committee_id),
        owners=queries.list_possible_owners(db.session(), scope.committee_id),
        reason=reason,
        wanted={name: value for name, value in request.args.items() if name != "page" and value},
        reason_words=REASON_WORDS,
        today=today,
        days_since=_days_since(today),
    )


@cases.route("/cases/<int:member_id>", methods=["GET", "POST"])
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def case(member_id: int) -> ResponseReturnValue:
    """One case: its history, and changing its reason, owner, due day or note."""
    found = _case_in_scope(member_id)
    form = CaseForm(data={"reason": found.reason, "owner": found.owner_id or "", "due_on": found.due_on})
    owners = queries.list_possible_owners(db.session(), found.member.committee_id)
    form.offer(_reasons_for(found), owners)
    if form.validate_on_submit():
        services.open_case(
            db.session(),
            services.get_case(db.session(), found.campaign_id, member_id),
            PendingReason(form.reason.data),
            at=now_at(),
            owner_id=int(form.owner.data) if form.owner.data else None,
            due_on=form.due_on.data,
            note=form.note.data or None,
        )
        flash(_("Đã ghi lý do chưa thực hiện của đồng chí %(name)s.", name=found.member.full_name), "good")
        return redirect(url_for("cases.case", member_id=member_id))
    return _case_page(found, form, ResolveForm(prefix="resolve")), 422 if form.errors else 200


@cases.post("/cases/<int:member_id>/resolve")
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def resolve(member_id: int) -> ResponseReturnValue:
    """Settle a pending case, so that the member may be invited again."""
    found = _case_in_scope(member_id)
    if found.reason is not None and found.reason not in _reasons_for(found):
        raise Refused("REASON_NOT_YOURS")
    form = ResolveForm(prefix="resolve")
    if found.reason in (PendingReason.WRONG_INFO, PendingReason.ID_MISSING) and not form.note.data:
        form.add_error("note", _("Đồng chí ghi rõ đã xác minh thế nào."))
    elif form.validate():
        services.resolve_case(
            db.session(),
            services.get_case(db.session(), found.campaign_id, member_id),
            at=now_at(),
            note=form.note.data or None,
        )
        flash(_("Đã giải quyết. Bây giờ có thể hẹn lại đồng chí %(name)s.", name=found.member.full_name), "good")
        return redirect(url_for("cases.case", member_id=member_id))
    return _case_page(found, _filled_form(found), form), 422


@cases.get("/members")
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def members() -> ResponseReturnValue:
    """Everybody of the denominator with how they stand, by state, cell and name."""
    scope, campaign = current_scope(), current_campaign()
    state = _state_of(request.args.get("state"))
    text = request.args.get("q", "").strip()
    query = queries.member_query(
        campaign.id,
        committee_ids=scope.committee_ids,
        cell_id=scope.cell_id or request.args.get("cell", type=int),
        state=state,
        text=text,
    )
    return render_template(
        "cases/members.html",
        page=page_of(db.session(), query, request.args),
        cells=[] if scope.cell_id else list_cells(db.session(), scope.committee_id),
        state=state,
        text=text,
        wanted={name: value for name, value in request.args.items() if name != "page" and value},
        state_words=STATE_WORDS,
        state_kinds=STATE_KINDS,
        reason_words=REASON_WORDS,
    )


@cases.route("/roster/imports/<int:import_id>/undo", methods=["GET", "POST"])
@access(Role.COMMITTEE)
def undo_import(import_id: int) -> ResponseReturnValue:
    """Put the list back as before its last import. The ledger says who has to stay, so the page stands here."""
    scope, session = current_scope(), db.session()
    roster_import = find_import(
        session, import_id, committee_ids=scope.committee_ids, for_update=request.method == "POST"
    )
    if roster_import is None:
        raise NotFound("IMPORT_NOT_FOUND")
    if request.method == "POST":
        busy_ids = queries.members_in_motion(session, roster_import.committee_id)
        undone = undo_roster_import(session, roster_import, at=now_at(), busy_ids=busy_ids)
        flash(
            _(
                "Đã hoàn tác: bỏ %(removed)s đồng chí mới thêm, trả lại %(restored)s đồng chí như trước.",
                removed=undone.removed_count,
                restored=undone.restored_count,
            ),
            "good",
        )
        if undone.kept:
            names = ", ".join(member.full_name for member in undone.kept[:MOST_NAMES])
            flash(
                _(
                    "Giữ lại %(count)s đồng chí đã có việc sau khi nhập: %(names)s.",
                    count=len(undone.kept),
                    names=names,
                ),
                "warning",
            )
        return redirect(url_for("roster.members"))
    summary = roster_import.summary or {}
    return render_template(
        "layouts/confirm.html",
        heading=_("Hoàn tác lần nhập tệp %(file)s?", file=roster_import.filename),
        explanation=[
            _("%(count)s đồng chí mới thêm sẽ ra khỏi danh sách.", count=summary.get("new", 0)),
            _("%(count)s đồng chí được cập nhật trở lại như trước.", count=summary.get("changed", 0)),
            _("%(count)s đồng chí bị đưa ra sẽ có lại.", count=summary.get("removed", 0)),
            _("Ai đã được sửa, đã hẹn xử lý hoặc đã thu nhận sau khi nhập thì giữ nguyên."),
        ],
        confirm_text=_("Hoàn tác lần nhập này"),
        cancel_url=url_for("roster.import_done", import_id=import_id),
        dangerous=True,
    )


def _case_in_scope(member_id: int) -> Case:
    scope, campaign = current_scope(), current_campaign()
    found = queries.find_case(db.session(), campaign.id, member_id, committee_ids=scope.committee_ids)
    if found is None or not scope.may_see_cell(found.member.cell):
        raise NotFound("CASE_NOT_FOUND")
    return found


def _reasons_for(found: Case) -> tuple[PendingReason, ...]:
    if current_scope().role is Role.CELL_SECRETARY:
        return SECRETARY_REASONS
    return tuple(PendingReason)


def _filled_form(found: Case) -> CaseForm:
    form = CaseForm(formdata=None, data={"reason": found.reason, "owner": found.owner_id or "", "due_on": found.due_on})
    form.offer(_reasons_for(found), queries.list_possible_owners(db.session(), found.member.committee_id))
    return form


def _case_page(found: Case, form: CaseForm, resolve_form: ResolveForm) -> str:
    state = CaseState(found.state)
    return render_template(
        "cases/case.html",
        case=found,
        form=form,
        resolve_form=resolve_form,
        may_resolve=state is CaseState.PENDING and found.reason in _reasons_for(found),
        state_word=STATE_WORDS[state],
        state_kind=STATE_KINDS[state],
        state_words=STATE_WORDS,
        reason_words=REASON_WORDS,
        next_step=REASON_NEXT_STEPS[PendingReason(found.reason)] if found.reason else "",
    )


def _reason_of(text: str | None) -> PendingReason | None:
    return PendingReason(text) if text and text in PendingReason.__members__ else None


def _state_of(text: str | None) -> CaseState | None:
    return CaseState(text) if text in set(CaseState) else None


def _days_since(today: date) -> Callable[[Case], int]:
    def days(case: Case) -> int:
        return max(0, (today - to_local(case.since_at).date()).days)

    return days
