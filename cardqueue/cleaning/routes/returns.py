"""Tear-offs that come back: found by their code or by name, answered "all right" or field by field."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.cleaning.forms_sheets import AnswerForm, CorrectionsForm, SheetCodeForm
from cardqueue.cleaning.models import CheckSheet, SheetState
from cardqueue.cleaning.queries import sheets as queries
from cardqueue.cleaning.routes.blueprint import cleaning
from cardqueue.cleaning.routes.sheets import cell_names, the_member
from cardqueue.cleaning.rules.sheets import HANDBOOK, Said, read_said
from cardqueue.cleaning.services import returns
from cardqueue.cleaning.words_sheets import STATE_KINDS, STATE_WORDS, names_of, shown
from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound, Refused
from cardqueue.core.i18n import show_date
from cardqueue.lib.clock import now_at, today_on
from cardqueue.lib.slip_code import find_code
from cardqueue.organisation.queries import list_cells
from cardqueue.roster.models import Member
from cardqueue.roster.queries import members_query

MOST_FOUND = 20
# The two answers on one page are forms of their own, so that Enter in a field never means "all right".
ANSWER, CORRECTIONS = "answer", "said"


@cleaning.route("/cleaning/returns", methods=["GET", "POST"])
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def returned_sheets() -> ResponseReturnValue:
    """Scan or type the code of a tear-off, or find the member by name."""
    form = SheetCodeForm()
    if form.validate_on_submit():
        try:
            return redirect(url_for("cleaning.return_sheet", member_id=_member_of_code(form.code.data)), 303)
        except Refused as refusal:
            form.show_refusal(refusal, "code")
            return _returns_page(form), refusal.status
    return _returns_page(form), 422 if form.errors else 200


@cleaning.route("/cleaning/returns/<int:member_id>", methods=["GET", "POST"])
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def return_sheet(member_id: int) -> ResponseReturnValue:
    """One tear-off: "all right", or what the member wrote."""
    member = the_member(member_id)
    sheet = queries.find_sheet(db.session(), current_campaign().id, member.id)
    seen = returns.seen_mark(sheet)
    form = CorrectionsForm(prefix=CORRECTIONS, data={"seen": seen})
    form.offer([cell for cell in list_cells(db.session(), member.committee_id) if cell.id != member.cell_id])
    if request.method == "POST":
        if "all_right" in request.form:
            return _take_back(member, Said(), AnswerForm(prefix=ANSWER).seen.data or "")
        if form.validate() and (said := _read(form)) is not None:
            return _take_back(member, said, form.seen.data or "")
    return _return_page(member, sheet, form), 422 if form.errors else 200


def _member_of_code(text: str) -> int:
    """The member whose tear-off carries the code.

    Raises: Refused("SHEET_CODE_WRONG", "SHEET_OF_ANOTHER_CAMPAIGN", "SHEET_MEMBER_REMOVED"),
    NotFound("SHEET_NOT_FOUND").
    """
    scope = current_scope()
    code = find_code(text)
    if code is None:
        raise Refused("SHEET_CODE_WRONG")
    sheet = queries.find_sheet_by_code(db.session(), code, committee_ids=scope.committee_ids)
    if sheet is None or not scope.may_see_cell(sheet.member.cell):
        raise NotFound("SHEET_NOT_FOUND")
    if sheet.member.removed_at is not None:
        raise Refused("SHEET_MEMBER_REMOVED", name=sheet.member.full_name, at=sheet.member.removed_at)
    if sheet.campaign_id != current_campaign().id:
        raise Refused("SHEET_OF_ANOTHER_CAMPAIGN", campaign=sheet.campaign.name)
    return sheet.member_id


def _read(form: CorrectionsForm) -> Said | None:
    """What was typed; None, with the errors at their fields, where it cannot be."""
    said, faults = read_said(form.typed(), on=today_on())
    form.show_faults(faults)
    if not faults and not said.values:
        form.add_error("full_name", _("Đồng chí chưa nhập mục nào. Nếu trên phiếu đánh dấu đúng cả, chọn “Đúng hết”."))
    return None if form.errors else said


def _take_back(member: Member, said: Said, seen: str) -> ResponseReturnValue:
    done = returns.take_back(db.session(), current_campaign(), member, said, seen=seen, at=now_at())
    flash(_sentence(member, done), "good" if done.state is SheetState.CONFIRMED else "info")
    return redirect(url_for("cleaning.returned_sheets"))


def _sentence(member: Member, done: returns.Returned) -> str:
    """What was kept of a sheet that came back."""
    if done.state is SheetState.CONFIRMED:
        return str(_("Đã ghi: đồng chí %(name)s – đúng hết.", name=member.full_name))
    told = [_("Đã ghi phiếu của đồng chí %(name)s.", name=member.full_name)]
    if done.phone_changed:
        told.append(_("Số điện thoại đã sửa trong danh sách."))
    if done.corrected:
        told.append(_("Ghi khác danh sách: %(fields)s.", fields=names_of(done.corrected)))
    if done.due_on is not None:
        told.append(_("Đã mở trường hợp để theo dõi, hạn %(day)s.", day=show_date(done.due_on)))
    if done.is_done_already:
        told.append(_("Đồng chí này đã thu nhận xong nên không mở trường hợp."))
    return " ".join(str(one) for one in told)


def _returns_page(form: SheetCodeForm) -> str:
    scope, campaign, session = current_scope(), current_campaign(), db.session()
    text = request.args.get("q", "").strip()
    found = []
    if text:
        query = members_query(scope.committee_ids, cell_id=scope.cell_id, text=text).limit(MOST_FOUND)
        found = list(session.scalars(query))
    counts = queries.count_sheets(session, campaign.id, committee_ids=scope.committee_ids, cell_id=scope.cell_id)
    return render_template(
        "cleaning/returns.html",
        form=form,
        text=text,
        found=found,
        most_found=MOST_FOUND,
        total=queries.total_of(counts),
    )


def _return_page(member: Member, sheet: CheckSheet | None, form: CorrectionsForm) -> str:
    cells, listed = cell_names(), queries.listed_values(member)
    said = Said.from_json(sheet.said if sheet else None)
    state = SheetState(sheet.state) if sheet else None
    return render_template(
        "cleaning/return.html",
        member=member,
        sheet=sheet,
        form=form,
        answer=AnswerForm(formdata=None, prefix=ANSWER, data={"seen": returns.seen_mark(sheet)}),
        listed={str(one): shown(one, listed[one], cells) for one in HANDBOOK},
        state=state,
        state_word=STATE_WORDS[state],
        state_kind=STATE_KINDS[state],
        said=names_of(said.values),
        changed_at=_changed_since_print(member, sheet),
        is_closed=current_campaign().closed_at is not None,
    )


def _changed_since_print(member: Member, sheet: CheckSheet | None) -> datetime | None:
    """When the list was changed after the sheet was printed: its marks then speak of what stood there before."""
    if sheet is None or sheet.printed_at is None or sheet.returned_at is not None:
        return None
    return member.updated_at if member.updated_at > sheet.printed_at else None
