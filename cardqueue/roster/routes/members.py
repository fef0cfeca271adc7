"""The list and its members."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_scope, find_current_campaign
from cardqueue.core.access import Role, access
from cardqueue.core.audit import record
from cardqueue.core.database import db
from cardqueue.core.errors import Refused
from cardqueue.core.http import may_open
from cardqueue.core.pages import page_of
from cardqueue.lib.citizen_id import mask_citizen_id
from cardqueue.lib.clock import now_at, today_on
from cardqueue.lib.phone import format_phone, read_phone
from cardqueue.organisation.models import Cell
from cardqueue.organisation.queries import list_cells
from cardqueue.roster import exports, queries, services
from cardqueue.roster.forms import ContactForm, MemberForm, member_data
from cardqueue.roster.models import Member, MemberStatus, Sex
from cardqueue.roster.reading import Code, Severity
from cardqueue.roster.routes.blueprint import excel_answer, roster
from cardqueue.roster.routes.reach import the_member
from cardqueue.roster.rules.rows import Finding, read_person
from cardqueue.roster.words import SEX_WORDS, STATUS_KINDS, STATUS_WORDS, shown


@roster.get("/roster")
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def members() -> ResponseReturnValue:
    """Everybody on the list, to be found by name, cell and standing."""
    scope, session, at = current_scope(), db.session(), now_at()
    text = request.args.get("q", "").strip()
    status = _asked_status()
    cell_id = scope.cell_id or request.args.get("cell", type=int)
    query = queries.members_query(scope.committee_ids, cell_id=cell_id, status=status, text=text)
    last = queries.last_saved_import(session, scope.committee_id) if scope.role is Role.COMMITTEE else None
    return render_template(
        "roster/members.html",
        page=page_of(session, query, request.args),
        cells=[] if scope.cell_id else list_cells(session, scope.committee_id),
        text=text,
        status=status,
        wanted={name: value for name, value in request.args.items() if name != "page" and value},
        status_words=STATUS_WORDS,
        status_kinds=STATUS_KINDS,
        last_import=last,
        may_undo=last is not None and queries.is_undoable(last, at),
        open_imports=(queries.list_open_imports(session, scope.committee_id) if scope.role is Role.COMMITTEE else []),
    )


@roster.get("/roster/export.xlsx")
@access(Role.COMMITTEE, Role.CELL_SECRETARY, writes=True)
def members_file() -> Response:
    """The list in Excel, with the filters of the page."""
    scope = current_scope()
    cell_id = scope.cell_id or request.args.get("cell", type=int)
    query = queries.members_query(
        scope.committee_ids, cell_id=cell_id, status=_asked_status(), text=request.args.get("q", "")
    )
    found = list(db.session.scalars(query))
    record(
        db.session(),
        "roster.export_members",
        f"committee:{scope.committee_id}",
        after={"rows": len(found), "cell_id": cell_id},
        committee_id=scope.committee_id,
    )
    return excel_answer([exports.members_table(found)], f"danh-sach-dang-vien-{today_on():%Y%m%d}.xlsx")


@roster.route("/roster/members/new", methods=["GET", "POST"])
@access(Role.COMMITTEE)
def add_member() -> ResponseReturnValue:
    """Add a member by hand."""
    form, committee_id = MemberForm(), current_scope().committee_id
    form.offer(list_cells(db.session(), committee_id))
    if form.validate_on_submit() and (details := _details(form)):
        try:
            member = services.add_member(db.session(), committee_id, details, at=now_at())
            flash(_("Đã thêm đồng chí %(name)s vào danh sách.", name=member.full_name), "good")
            return redirect(url_for("roster.member", member_id=member.id))
        except Refused as refusal:
            form.show_refusal(refusal, "citizen_id")
    return render_template("roster/member_form.html", form=form, member=None), 422 if form.errors else 200


@roster.get("/roster/members/<int:member_id>")
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def member(member_id: int) -> ResponseReturnValue:
    """One member, numbers masked."""
    return _member_page(the_member(member_id))


@roster.post("/roster/members/<int:member_id>/number")
@access(Role.COMMITTEE)
def reveal_number(member_id: int) -> ResponseReturnValue:
    """One member with the full citizen ID; it is noted who asked."""
    found = the_member(member_id)
    return _member_page(found, full_number=services.reveal_citizen_id(db.session(), found))


@roster.route("/roster/members/<int:member_id>/edit", methods=["GET", "POST"])
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def edit_member(member_id: int) -> ResponseReturnValue:
    """Change a member; a cell secretary only how they are reached and whether they need help."""
    found = the_member(member_id)
    if current_scope().role is Role.CELL_SECRETARY:
        return _edit_contact(found)
    form = MemberForm(data=member_data(found))
    form.offer(list_cells(db.session(), found.committee_id))
    if form.validate_on_submit() and (details := _details(form)):
        try:
            services.change_member(db.session(), found, details, at=now_at())
            flash(_("Đã lưu thông tin của đồng chí %(name)s.", name=found.full_name), "good")
            return redirect(url_for("roster.member", member_id=member_id))
        except Refused as refusal:
            form.show_refusal(refusal, "citizen_id")
    return render_template("roster/member_form.html", form=form, member=found), 422 if form.errors else 200


@roster.route("/roster/members/<int:member_id>/remove", methods=["GET", "POST"])
@access(Role.COMMITTEE)
def remove_member(member_id: int) -> ResponseReturnValue:
    """Take a member off the list."""
    found = the_member(member_id)
    if request.method == "POST":
        services.remove_member(db.session(), found, at=now_at())
        flash(_("Đã đưa đồng chí %(name)s ra khỏi danh sách.", name=found.full_name), "good")
        return redirect(url_for("roster.members"))
    return render_template(
        "layouts/confirm.html",
        heading=_("Đưa đồng chí %(name)s ra khỏi danh sách?", name=found.full_name),
        explanation=[
            _("Đồng chí này sẽ không được tính vào diện đổi thẻ và không được xếp lịch."),
            _("Quá trình đã ghi vẫn được giữ. Nếu nhập lại danh sách có tên đồng chí này thì sẽ có lại."),
        ],
        confirm_text=_("Đưa ra khỏi danh sách"),
        cancel_url=url_for("roster.member", member_id=member_id),
        dangerous=True,
    )


def _edit_contact(found: Member) -> ResponseReturnValue:
    data = member_data(found)
    form = ContactForm(data={"phone": data["phone"], "needs_help": data["needs_help"]})
    if form.validate_on_submit():
        services.change_contact(
            db.session(),
            found,
            phone=read_phone(form.phone.data or "").number,
            needs_help=bool(form.needs_help.data),
            at=now_at(),
        )
        flash(_("Đã lưu thông tin của đồng chí %(name)s.", name=found.full_name), "good")
        return redirect(url_for("roster.member", member_id=found.id))
    return render_template("roster/contact_form.html", form=form, member=found), 422 if form.errors else 200


def _details(form: MemberForm) -> services.PersonDetails | None:
    """What was typed as a person; None, with the errors at their fields, where it cannot be."""
    campaign = find_current_campaign()
    typed = read_person(
        form.values(),
        on=today_on(),
        fictitious_ids=campaign is not None and campaign.has_fictitious_ids,
    )
    # A member may have no number yet; verification then asks for it.
    findings = [Finding.of(message) for message in typed.messages if message.code is not Code.ID_MISSING]
    form.show_findings(findings, severities=[Severity.ERROR])
    unreadable = [finding for finding in findings if finding.code in (Code.DATE_INVALID, Code.PHONE_FORMAT)]
    form.show_findings(unreadable, severities=[Severity.WARNING])
    if form.errors:
        return None
    cell = current_scope().require_cell(db.session.get(Cell, int(form.cell.data)))
    return services.PersonDetails.of(typed, cell.id, needs_help=bool(form.needs_help.data))


def _member_page(found: Member, full_number: str = "") -> str:
    return render_template(
        "roster/member.html",
        member=found,
        full_number=full_number,
        status_word=STATUS_WORDS[MemberStatus(found.status)],
        status_kind=STATUS_KINDS[MemberStatus(found.status)],
        sex_word=SEX_WORDS[Sex(found.sex)] if found.sex else "",
        masked={name: mask_citizen_id(getattr(found, name)) for name in ("citizen_id", "old_id", "card_no")},
        phone=format_phone(found.phone),
        birth=shown("birth_on", found.birth_on, {}),
        joined=shown("joined_on", found.joined_on, {}),
        official=shown("official_on", found.official_on, {}),
        links=_links(found),
    )


def _links(found: Member) -> list[tuple[str, str]]:
    """Where the work on this member goes on, as far as this person may go there; pages right of the roster."""
    if find_current_campaign() is None:
        return []
    wanted = (
        (_("Theo dõi trường hợp"), "cases.case"),
        (_("Hẹn giờ hoặc hẹn lại"), "scheduling.rebook"),
        (_("In giấy hẹn"), "slips.member"),
        (_("Phiếu rà soát"), "cleaning.sheet"),
    )
    return [(text, url_for(endpoint, member_id=found.id)) for text, endpoint in wanted if may_open(endpoint)]


def _asked_status() -> MemberStatus | None:
    text = request.args.get("status", "")
    return MemberStatus(text) if text in set(MemberStatus) else None
