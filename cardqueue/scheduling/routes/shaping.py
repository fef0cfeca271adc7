"""Keeping a block where it stands, splitting a cell, bringing its parts together: by hand, shown before it is saved."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.core.i18n import show_datetime
from cardqueue.lib.clock import now_at
from cardqueue.scheduling import queries, services, views
from cardqueue.scheduling.forms import PlaceForm
from cardqueue.scheduling.models import Block
from cardqueue.scheduling.queries import Standing
from cardqueue.scheduling.routes.blueprint import scheduling
from cardqueue.scheduling.routes.by_hand import posted_instant, posted_number
from cardqueue.scheduling.routes.plan import reach_block
from cardqueue.scheduling.rules.by_hand import Fit, NoFit


@scheduling.post("/plan/blocks/<int:block_id>/pin")
@access(Role.COMMITTEE)
def pin(block_id: int) -> ResponseReturnValue:
    """Keep a block where it stands, or let the planner move it again."""
    reach_block(block_id)
    is_pinned = request.form.get("pinned") == "yes"
    services.pin_block(
        db.session(),
        current_campaign(),
        block_id,
        is_pinned=is_pinned,
        at=now_at(),
        seen_start_at=posted_instant("seen"),
    )
    flash(
        _("Đã giữ cố định: xếp lại cũng không đổi giờ của chi bộ này.")
        if is_pinned
        else _("Đã bỏ cố định: lần xếp lại sau máy được đổi giờ của chi bộ này."),
        "good",
    )
    return redirect(url_for("scheduling.block_page", block_id=block_id))


@scheduling.route("/plan/blocks/<int:block_id>/split", methods=["GET", "POST"])
@access(Role.COMMITTEE)
def split(block_id: int) -> ResponseReturnValue:
    """Choose who comes apart and when, see it, save it."""
    session, campaign, at = db.session(), current_campaign(), now_at()
    block = reach_block(block_id)
    if request.method == "POST":
        part = services.split_block(
            session,
            campaign,
            block_id,
            set(request.form.getlist("member", type=int)),
            window_id=posted_number("window"),
            start_at=posted_instant("start_at"),
            at=at,
            seen_start_at=posted_instant("seen"),
            seen_overlap_minutes=posted_number("overlap"),
        )
        flash(_("Đã tách: phần mới đến từ %(start)s.", start=show_datetime(part.start_at)), "good")
        return redirect(url_for("scheduling.block_page", block_id=part.id))
    everybody = queries.party_of_block(session, block, at=at)
    wanted = set(request.args.getlist("member", type=int))
    chosen = [one for one in everybody if one.member_id in wanted]
    return _split_page(block, everybody, chosen)


@scheduling.route("/plan/blocks/<int:block_id>/merge", methods=["GET", "POST"])
@access(Role.COMMITTEE)
def merge(block_id: int) -> ResponseReturnValue:
    """Let a part of a cell come with another part, after its consequences were shown."""
    session, campaign, at = db.session(), current_campaign(), now_at()
    block = reach_block(block_id)
    if request.method == "POST":
        into = services.merge_block(
            session,
            campaign,
            block_id,
            posted_number("into"),
            at=at,
            seen_start_at=posted_instant("seen"),
            seen_overlap_minutes=posted_number("overlap"),
        )
        flash(_("Đã gộp: cả chi bộ đến từ %(start)s.", start=show_datetime(into.start_at)), "good")
        return redirect(url_for("scheduling.block_page", block_id=into.id))
    return render_template(
        "scheduling/merge.html",
        block=block,
        options=[_merged(block, other) for other in queries.other_blocks_of_cell(session, block, at=at)],
    )


def _split_page(block: Block, everybody: list[Standing], chosen: list[Standing]) -> ResponseReturnValue:
    session, campaign, at = db.session(), current_campaign(), now_at()
    committee_id = block.cell.committee_id
    many = len(current_scope().station_ids) > 1
    options = queries.options_by_hand(session, campaign, committee_id, chosen or everybody, at=at)
    form = PlaceForm(request.args)
    form.offer([(option.window.id, views.window_label(option.window, with_station=many)) for option in options])
    found: Fit | NoFit | None = None
    if "window" in request.args and options:
        if not chosen:
            form.window.errors = [_("Đồng chí chọn ít nhất một người để tách.")]
        elif form.validate():
            window = next(option.window for option in options if option.window.id == form.window.data)
            found = queries.options_by_hand(
                session, campaign, committee_id, chosen, at=at, start_at=form.start_at(window), window_id=window.id
            )[0]
            if isinstance(found, NoFit):
                form.add_error("start" if form.start.data else "window", views.no_fit_in_words(found))
    names = {one.member_id: one.full_name for one in everybody}
    picked = {one.member_id for one in chosen}
    page = render_template(
        "scheduling/split.html",
        block=block,
        form=form,
        people=[(one.member_id, one.full_name, one.member_id in picked) for one in everybody],
        chosen=sorted(picked),
        fit=views.preview_of(found, names, campaign, chosen) if isinstance(found, Fit) else None,
    )
    return page, 422 if form.errors else 200


def _merged(block: Block, other: Block) -> tuple[Block, views.Preview | None, str]:
    """What merging into another part would bring, or why it cannot be."""
    session, campaign, at = db.session(), current_campaign(), now_at()
    party = [*queries.party_of_block(session, other, at=at), *queries.party_of_block(session, block, at=at)]
    if not party:
        return other, None, _("Không còn ai cần xếp lịch")
    answers = queries.options_by_hand(
        session, campaign, block.cell.committee_id, party, at=at, start_at=other.start_at, window_id=other.window_id
    )
    fit = answers[0] if answers else None
    if isinstance(fit, Fit):
        names = {one.member_id: one.full_name for one in party}
        return other, views.preview_of(fit, names, campaign, party), ""
    return other, None, views.no_fit_in_words(fit) if fit else _("Khung giờ không còn nhận người")
