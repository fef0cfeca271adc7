"""Pages of slips: what has to be printed, and the PDFs."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.core.access import POLICE, Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound
from cardqueue.lib.clock import now_at, today_on
from cardqueue.organisation.models import Campaign, Cell, Committee, Station
from cardqueue.organisation.queries import list_cells
from cardqueue.slips import queries, services
from cardqueue.slips.drawing import Layout
from cardqueue.slips.fitting import SlipTextTooLong
from cardqueue.slips.forms import DUE, PrintForm
from cardqueue.slips.rules import SlipState
from cardqueue.slips.words import LAYOUT_WORDS, STATE_WORDS, TEXT_WORDS

slips = Blueprint("slips", __name__)


@slips.get("/slips")
@access(Role.COMMITTEE, Role.CELL_SECRETARY, *POLICE)
def choose() -> ResponseReturnValue:
    """What has to be printed, by cell and day; at a station, the days with a door list."""
    scope = current_scope()
    if scope.is_police:
        station = db.session.get_one(Station, scope.station_id)
        days = queries.list_door_days(db.session(), station.id, from_on=today_on())
        return render_template("slips/door.html", station=station, days=days, today=today_on())
    chosen = {"cell": request.args.get("cell", ""), "day": request.args.get("day", "")}
    return _choose_page(PrintForm(formdata=None, data=chosen | {"layout": Layout.A5.name, "which": DUE}))


@slips.post("/slips/print")
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def print_chosen() -> ResponseReturnValue:
    """The slips of a cell, a day or everybody: those that are new or changed, or all again."""
    form = PrintForm()
    cell = _chosen_cell(form)
    if not form.validate():
        return _choose_page(form), 422
    at, campaign, committee_id = now_at(), current_campaign(), current_scope().committee_id
    found = queries.list_slips(
        db.session(), campaign, committee_id, at=at, cell_id=cell.id if cell else None, day_on=form.chosen_day
    )
    wanted = [slip for slip in found if slip.is_due] if form.which.data == DUE else found
    if not wanted:
        return _nothing_to_print(bool(found))
    try:
        pdf = services.print_slips(db.session(), campaign, committee_id, wanted, Layout[form.layout.data], at=at)
    except SlipTextTooLong as error:
        return _too_long_page(error, campaign)
    return _pdf(pdf, "giay-hen", cell, form.chosen_day)


@slips.get("/slips/members/<int:member_id>")
@access(Role.COMMITTEE, Role.CELL_SECRETARY, writes=True)
def member(member_id: int) -> ResponseReturnValue:
    """One member's slip, printed whether or not it was before."""
    at, campaign, scope = now_at(), current_campaign(), current_scope()
    found = queries.list_slips(
        db.session(), campaign, scope.committee_id, at=at, cell_id=scope.cell_id, member_id=member_id
    )
    if not found:
        raise NotFound("NO_SLIP_OF_MEMBER")
    try:
        pdf = services.print_slips(db.session(), campaign, scope.committee_id, found, Layout.A5, at=at)
    except SlipTextTooLong as error:
        return _too_long_page(error, campaign)
    return _pdf(pdf, f"giay-hen-{member_id}")


@slips.post("/slips/cell-lists")
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def print_cell_lists() -> ResponseReturnValue:
    """The lists of cells for their secretaries."""
    form = PrintForm()
    cell = _chosen_cell(form)
    if not form.validate():
        return _choose_page(form), 422
    campaign = current_campaign()
    try:
        pdf = services.print_cell_lists(
            db.session(),
            campaign,
            current_scope().committee_id,
            from_on=today_on(),
            cell_id=cell.id if cell else None,
            day_on=form.chosen_day,
        )
    except SlipTextTooLong as error:
        return _too_long_page(error, campaign)
    return _pdf(pdf, "danh-sach-chi-bo", cell, form.chosen_day)


@slips.post("/slips/door-list/<day>")
@access(*POLICE)
def print_door_list(day: str) -> ResponseReturnValue:
    """Everybody who is invited to the own station on a day."""
    try:
        day_on = date.fromisoformat(day)
    except ValueError as error:
        raise NotFound("NO_DOOR_LIST") from error
    return _pdf(services.print_door_list(db.session(), current_scope().station_id, day_on), "danh-sach-cua", day=day_on)


def _choose_page(form: PrintForm) -> str:
    scope, campaign, at = current_scope(), current_campaign(), now_at()
    session = db.session()
    found = queries.list_slips(session, campaign, scope.committee_id, at=at, cell_id=scope.cell_id)
    groups = queries.group_slips(found)
    form.offer(list_cells(session, scope.committee_id), queries.slip_days(groups))
    counts = Counter(slip.state for slip in found)
    committee = session.get_one(Committee, scope.committee_id)
    return render_template(
        "slips/choose.html",
        form=form,
        groups=groups,
        counts=counts,
        due=counts[SlipState.NEW] + counts[SlipState.CHANGED],
        total=counts.total(),
        SlipState=SlipState,
        state_words=STATE_WORDS,
        problems=[
            (LAYOUT_WORDS[layout], TEXT_WORDS.get(error.values["text"], ""), error.values)
            for layout, error in queries.check_campaign_texts(session, campaign, committee, at=at)
        ],
    )


def _chosen_cell(form: PrintForm) -> Cell | None:
    """The cell to print for, None for all; a secretary's own cell whatever was sent.

    Raises: NotFound for a cell outside the scope.
    """
    scope = current_scope()
    text = form.cell.data or (str(scope.cell_id) if scope.cell_id else "")
    if not text:
        return None
    return scope.require_cell(db.session.get(Cell, int(text)) if text.isascii() and text.isdigit() else None)


def _nothing_to_print(any_printed: bool) -> ResponseReturnValue:
    if any_printed:
        flash(_("Không có giấy mới: mọi giấy hẹn phù hợp đã in. Cần in thêm, đồng chí chọn “In lại tất cả”."), "info")
    else:
        flash(_("Chưa có lịch hẹn nào phù hợp với lựa chọn, nên không có giấy để in."), "warning")
    return redirect(url_for("slips.choose"))


def _too_long_page(error: SlipTextTooLong, campaign: Campaign) -> ResponseReturnValue:
    field = error.values["text"]
    words = TEXT_WORDS.get(field, field)
    return render_template("slips/too_long.html", words=words, values=error.values, campaign=campaign), 422


def _pdf(content: bytes, name: str, cell: Cell | None = None, day: date | None = None) -> Response:
    """A PDF that the browser shows; its file name is plain ASCII, which every system can save."""
    parts = [name, re.sub(r"[^a-z0-9]+", "-", cell.search_key) if cell else "", day.isoformat() if day else ""]
    filename = "-".join(part.strip("-") for part in parts if part)
    headers = {"Content-Disposition": f'inline; filename="{filename}.pdf"'}
    return Response(content, mimetype="application/pdf", headers=headers)
