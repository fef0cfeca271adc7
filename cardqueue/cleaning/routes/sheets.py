"""Check sheets: how far they have come, printing them, a member's own page, settling what was corrected."""

from __future__ import annotations

import re
from datetime import date, timedelta

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.cleaning.forms_sheets import MASKED, WHOLE, PrintSheetsForm, SettleForm
from cardqueue.cleaning.models import CheckSheet, SheetState
from cardqueue.cleaning.queries import sheets as queries
from cardqueue.cleaning.queries.corrections import matches_records
from cardqueue.cleaning.queries.sheets import Which
from cardqueue.cleaning.routes.blueprint import cleaning
from cardqueue.cleaning.rules.sheets import COMMITTEE_FIELDS, HANDBOOK, POLICE_FIELDS, Said, SheetField
from cardqueue.cleaning.services import returns, sheets
from cardqueue.cleaning.words_sheets import FIELD_WORDS, STATE_KINDS, STATE_WORDS, names_of, shown
from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound
from cardqueue.lib.clock import now_at, today_on
from cardqueue.organisation.models import Campaign, Cell, Committee
from cardqueue.organisation.queries import list_cells
from cardqueue.roster.models import Member
from cardqueue.roster.queries import find_member

DAYS_TO_RETURN = 7


@cleaning.get("/cleaning/sheets")
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def sheets_page() -> ResponseReturnValue:
    """How far the sheets of every cell have come, what to do now, and the form to print."""
    return _sheets_page(_empty_form(request.args.getlist("cell", type=int)))


@cleaning.post("/cleaning/sheets/print")
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def print_sheets() -> ResponseReturnValue:
    """The sheets of the chosen cells, or of all of them, as one PDF."""
    form = PrintSheetsForm()
    cells = _chosen_cells(form)
    if not form.validate():
        return _sheets_page(form), 422
    scope, campaign = current_scope(), current_campaign()
    found = queries.list_members(
        db.session(),
        campaign.id,
        committee_ids=scope.committee_ids,
        cell_ids=[cell.id for cell in cells],
        which=Which(form.which.data),
    )
    if not found:
        flash(_("Không có phiếu nào cần in theo lựa chọn này. Cần in thêm, đồng chí chọn nhóm khác."), "info")
        return redirect(url_for("cleaning.sheets_page"))
    members = [member for member, _sheet in found]
    name = f"phieu-ra-soat-{_ascii(cells[0])}" if len(cells) == 1 else "phieu-ra-soat"
    return _pdf(_printed(campaign, members, form.numbers.data, form.return_by.data), name)


@cleaning.get("/cleaning/sheets/cells/<int:cell_id>")
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def sheets_of_cell(cell_id: int) -> ResponseReturnValue:
    """Everybody of a cell with their sheet."""
    scope, campaign = current_scope(), current_campaign()
    cell = scope.require_cell(db.session.get(Cell, cell_id))
    found = queries.list_members(
        db.session(), campaign.id, committee_ids=scope.committee_ids, cell_ids=[cell.id], which=Which.ALL
    )
    return render_template(
        "cleaning/sheets_of_cell.html",
        cell_name=cell.name,
        cell_id=cell.id,
        rows=[(member, sheet, SheetState(sheet.state) if sheet else None) for member, sheet in found],
        state_words=STATE_WORDS,
        state_kinds=STATE_KINDS,
    )


@cleaning.get("/cleaning/sheets/members/<int:member_id>")
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def sheet(member_id: int) -> ResponseReturnValue:
    """A member's own data as the electronic handbook shows it, numbers masked, and what the member said about it."""
    return _sheet_page(the_member(member_id))


@cleaning.post("/cleaning/sheets/members/<int:member_id>/numbers")
@access(Role.COMMITTEE)
def sheet_numbers(member_id: int) -> ResponseReturnValue:
    """The same with whole numbers, for a member who looks at the screen; it is noted who asked."""
    found = the_member(member_id)
    sheets.reveal_sheet(db.session(), found)
    return _sheet_page(found, whole=True)


@cleaning.post("/cleaning/sheets/members/<int:member_id>/print")
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def print_sheet(member_id: int) -> ResponseReturnValue:
    """One member's sheet, whether or not it was printed before."""
    found, campaign = the_member(member_id), current_campaign()
    numbers = WHOLE if request.form.get("numbers") == WHOLE else MASKED
    pdf = _printed(campaign, [found], numbers, _usual_return_by(campaign))
    return _pdf(pdf, f"phieu-ra-soat-{member_id}")


@cleaning.post("/cleaning/sheets/members/<int:member_id>/settle")
@access(Role.COMMITTEE)
def settle_sheet(member_id: int) -> ResponseReturnValue:
    """Take corrections over into the list, or leave the list as it is."""
    found, campaign, form = the_member(member_id), current_campaign(), SettleForm()
    if not form.validate():
        return _sheet_page(found), 422
    left = returns.settle(
        db.session(),
        campaign,
        found,
        apply=form.apply.data,
        keep=form.keep.data,
        seen=form.seen.data or "",
        at=now_at(),
    )
    if form.apply.data:
        flash(_("Đã sửa danh sách: %(fields)s.", fields=names_of(form.apply.data)), "good")
    elif form.keep.data:
        flash(_("Đã giữ như danh sách: %(fields)s.", fields=names_of(form.keep.data)), "good")
    else:
        flash(_("Đã ghi nhận các mục của phiếu này đã xử lý xong."), "good")
    if left:
        flash(_("Còn chờ: %(fields)s.", fields=names_of(left)), "info")
    return redirect(url_for("cleaning.sheet", member_id=member_id))


def the_member(member_id: int) -> Member:
    """A member on the list, of the person's committee or own cell.

    Raises: NotFound("MEMBER_NOT_FOUND").
    """
    scope = current_scope()
    found = find_member(db.session(), member_id, committee_ids=scope.committee_ids)
    if found is None or not scope.may_see_cell(found.cell):
        raise NotFound("MEMBER_NOT_FOUND")
    return found


def cell_names() -> dict[int, str]:
    """The names of the committee's cells by id."""
    return {cell.id: cell.name for cell in list_cells(db.session(), current_scope().committee_id)}


def _printed(campaign: Campaign, members: list[Member], numbers: str, return_by: date | None) -> bytes:
    scope = current_scope()
    return sheets.print_sheets(
        db.session(),
        campaign,
        db.session.get_one(Committee, scope.committee_id),
        members,
        whole_numbers=scope.role is Role.COMMITTEE and numbers == WHOLE,
        return_by=return_by,
        at=now_at(),
    )


def _empty_form(cell_ids: list[int]) -> PrintSheetsForm:
    chosen = {"cells": cell_ids, "which": Which.NEW, "numbers": WHOLE}
    return PrintSheetsForm(formdata=None, data=chosen | {"return_by": _usual_return_by(current_campaign())})


def _usual_return_by(campaign: Campaign) -> date | None:
    """A week from now, within the campaign."""
    today = today_on()
    return max(today, min(today + timedelta(days=DAYS_TO_RETURN), campaign.deadline_on))


def _chosen_cells(form: PrintSheetsForm) -> list[Cell]:
    """The cells to print for, none for all; a secretary's own cell whatever was sent.

    Raises: NotFound for a cell outside the scope.
    """
    scope, session = current_scope(), db.session()
    wanted = [scope.cell_id] if scope.cell_id else (form.cells.data or [])
    return [scope.require_cell(session.get(Cell, cell_id)) for cell_id in wanted]


def _sheets_page(form: PrintSheetsForm) -> str:
    scope, campaign, session = current_scope(), current_campaign(), db.session()
    counts = queries.count_sheets(session, campaign.id, committee_ids=scope.committee_ids, cell_id=scope.cell_id)
    form.offer([cell for cell, _count in counts])
    waiting = queries.list_waiting(session, campaign.id, committee_ids=scope.committee_ids, cell_id=scope.cell_id)
    return render_template(
        "cleaning/sheets.html",
        form=form,
        counts=[(cell.id, cell.name, count) for cell, count in counts],
        total=queries.total_of(counts),
        waiting=[(one.member, one.sheet.returned_at, names_of(one.fields)) for one in waiting],
        chosen=form.cells.data or [],
    )


def _sheet_page(found: Member, *, whole: bool = False) -> str:
    campaign, cells = current_campaign(), cell_names()
    kept = queries.find_sheet(db.session(), campaign.id, found.id)
    listed = queries.listed_values(found)
    state = SheetState(kept.state) if kept else None
    applicable = [one for one in queries.still_open(kept) if one in COMMITTEE_FIELDS] if kept else []
    return render_template(
        "cleaning/sheet.html",
        member=found,
        sheet=kept,
        whole=whole,
        state=state,
        state_word=STATE_WORDS[state],
        state_kind=STATE_KINDS[state],
        rows=[(FIELD_WORDS[one], shown(one, listed[one], cells, whole=whole)) for one in HANDBOOK],
        corrections=_corrections(kept, listed, cells, whole) if kept else [],
        applicable=applicable,
        applicable_words=names_of(applicable),
        contradicts_records=_contradicts_records(campaign, kept),
        seen=returns.seen_mark(kept),
        is_closed=campaign.closed_at is not None,
    )


def _contradicts_records(campaign: Campaign, kept: CheckSheet | None) -> bool:
    """Whether a member says something else than the list and the population records, which agree."""
    waits = kept is not None and not POLICE_FIELDS.isdisjoint(queries.still_open(kept))
    return kept is not None and waits and matches_records(db.session(), campaign.id, kept.member_id)


def _corrections(
    kept: CheckSheet, listed: dict[SheetField, str], cells: dict[int, str], whole: bool
) -> list[dict[str, object]]:
    """What the member said beside what the list says now, and who settles it."""
    said, waiting = Said.from_json(kept.said), set(queries.still_open(kept))
    return [
        {
            "field": one,
            "word": FIELD_WORDS[one],
            "said": shown(one, said.values[one], cells, whole=whole),
            "listed": shown(one, listed.get(one, ""), cells, whole=whole),
            "waits": one in waiting,
            "is_police": one in POLICE_FIELDS,
        }
        for one in SheetField
        if one in said.values
    ]


def _pdf(content: bytes, name: str) -> Response:
    """A PDF that the browser shows; its file name is plain ASCII, which every system can save."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(content, mimetype="application/pdf", headers=headers)


def _ascii(cell: Cell) -> str:
    return re.sub(r"[^a-z0-9]+", "-", cell.search_key).strip("-")
