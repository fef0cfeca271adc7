"""Booking a cell by hand, moving a block, taking it out again."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound
from cardqueue.core.i18n import show_datetime, show_time
from cardqueue.lib.clock import now_at, to_local
from cardqueue.organisation.models import Campaign, Cell
from cardqueue.scheduling import queries, services, views
from cardqueue.scheduling.forms import PlaceForm
from cardqueue.scheduling.queries import Standing
from cardqueue.scheduling.routes.blueprint import scheduling
from cardqueue.scheduling.routes.plan import reach_block
from cardqueue.scheduling.rules.by_hand import Fit, NoFit


@scheduling.route("/plan/cells/<int:cell_id>/book", methods=["GET", "POST"])
@access(Role.COMMITTEE)
def book(cell_id: int) -> ResponseReturnValue:
    """Put a cell into a station's free time: choose a window, see who would come when, save."""
    campaign = current_campaign()
    cell = current_scope().require_cell(db.session.get(Cell, cell_id))
    if request.method == "POST":
        block = services.book_cell(
            db.session(),
            campaign,
            cell,
            window_id=posted_number("window"),
            start_at=posted_instant("start_at"),
            at=now_at(),
            seen_overlap_minutes=posted_number("overlap"),
        )
        flash(_("Đã đặt lịch cho %(cell)s từ %(start)s.", cell=cell.name, start=show_time(block.start_at)), "good")
        return redirect(url_for("scheduling.block_page", block_id=block.id))
    party = queries.party_of_cell(db.session(), campaign, cell, at=now_at())
    return _place_page(
        campaign,
        cell,
        party,
        heading=_("Đặt lịch cho %(cell)s", cell=cell.name),
        back_url=url_for("scheduling.plan_page"),
    )


@scheduling.route("/plan/blocks/<int:block_id>/move", methods=["GET", "POST"])
@access(Role.COMMITTEE)
def move(block_id: int) -> ResponseReturnValue:
    """Move a block to another window or time, after its consequences were shown."""
    campaign = current_campaign()
    block = reach_block(block_id)
    if request.method == "POST":
        moved = services.move_block(
            db.session(),
            campaign,
            block_id,
            window_id=posted_number("window"),
            start_at=posted_instant("start_at"),
            at=now_at(),
            seen_start_at=posted_instant("seen"),
            seen_overlap_minutes=posted_number("overlap"),
        )
        flash(
            _(
                "Đã chuyển %(cell)s sang %(start)s. Cần in lại giấy hẹn của những người đổi giờ.",
                cell=moved.cell.name,
                start=show_datetime(moved.start_at),
            ),
            "good",
        )
        return redirect(url_for("scheduling.block_page", block_id=block_id))
    return _place_page(
        campaign,
        block.cell,
        queries.party_of_block(db.session(), block, at=now_at()),
        heading=_("Chuyển lịch của %(cell)s", cell=block.cell.name),
        back_url=url_for("scheduling.block_page", block_id=block_id),
        booked_at=block.start_at,
    )


@scheduling.route("/plan/blocks/<int:block_id>/unbook", methods=["GET", "POST"])
@access(Role.COMMITTEE)
def unbook(block_id: int) -> ResponseReturnValue:
    """Take a block out of the plan, after a question."""
    block = reach_block(block_id)
    name = block.cell.name
    if request.method == "POST":
        count = services.unbook_block(
            db.session(), current_campaign(), block_id, at=now_at(), seen_start_at=posted_instant("seen")
        )
        flash(_("Đã gỡ lịch của %(cell)s: %(count)s đồng chí nay chưa có lịch.", cell=name, count=count), "good")
        return redirect(url_for("scheduling.plan_page"))
    count = len(queries.appointments_of_block(db.session(), block_id))
    return render_template(
        "layouts/confirm.html",
        heading=_("Gỡ lịch của %(cell)s?", cell=name),
        explanation=[
            _("%(count)s lịch hẹn từ %(start)s bị hủy.", count=count, start=show_datetime(block.start_at)),
            _("Giấy hẹn đã phát quét sẽ báo “đã hủy”. Sau đó đồng chí đặt lại bằng tay hoặc xếp tự động."),
        ],
        confirm_text=_("Gỡ lịch"),
        cancel_url=url_for("scheduling.block_page", block_id=block_id),
        dangerous=True,
        hidden_fields={"seen": block.start_at.isoformat()},
    )


def _place_page(
    campaign: Campaign,
    cell: Cell,
    party: list[Standing],
    *,
    heading: str,
    back_url: str,
    booked_at: datetime | None = None,
) -> ResponseReturnValue:
    """The windows with their room; with a choice in the address, also who would come when."""
    session, at = db.session(), now_at()
    options = queries.options_by_hand(session, campaign, cell.committee_id, party, at=at) if party else []
    form = PlaceForm(request.args)
    many = len(current_scope().station_ids) > 1
    form.offer([(option.window.id, views.window_label(option.window, with_station=many)) for option in options])
    found: Fit | NoFit | None = None
    if "window" in request.args and options and form.validate():
        window = next(option.window for option in options if option.window.id == form.window.data)
        found = queries.options_by_hand(
            session,
            campaign,
            cell.committee_id,
            party,
            at=at,
            start_at=form.start_at(window),
            window_id=window.id,
        )[0]
        if isinstance(found, NoFit):
            form.add_error("start" if form.start.data else "window", views.no_fit_in_words(found))
    names = {standing.member_id: standing.full_name for standing in party}
    page = render_template(
        "scheduling/place.html",
        heading=heading,
        back_url=back_url,
        cell=cell,
        form=form,
        options=[views.option_of(campaign, option, has_many=many) for option in options],
        party=party,
        booked_at=booked_at,
        fit=views.preview_of(found, names, campaign, party) if isinstance(found, Fit) else None,
    )
    return page, 422 if form.errors else 200


def posted_number(name: str) -> int:
    """A number that our own page put into the form; 0 for anything else."""
    return request.form.get(name, 0, type=int)


def posted_instant(name: str) -> datetime:
    """An instant that our own page put into the form.

    Raises: NotFound for anything else.
    """
    try:
        return to_local(datetime.fromisoformat(request.form.get(name, "")))
    except ValueError:
        raise NotFound("WINDOW_NOT_FOUND") from None
