"""A new appointment for one member."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.cases.words import REASON_WORDS
from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound, Refused
from cardqueue.core.i18n import show_datetime
from cardqueue.core.words import refusal_words
from cardqueue.lib.clock import now_at
from cardqueue.roster.models import Member
from cardqueue.scheduling import queries, services, views
from cardqueue.scheduling.forms import GapForm
from cardqueue.scheduling.routes.blueprint import scheduling
from cardqueue.scheduling.routes.plan import optional_url


@scheduling.route("/plan/members/<int:member_id>/rebook", methods=["GET", "POST"])
@access(Role.COMMITTEE)
def rebook(member_id: int) -> ResponseReturnValue:
    """The next free places of a member, the first one proposed; taking one replaces the old appointment."""
    session, campaign, at = db.session(), current_campaign(), now_at()
    member = _reach_member(member_id)
    standing = next(
        iter(queries.list_standings(session, campaign.id, member.committee_id, at=at, member_id=member_id)), None
    )
    if standing is None:
        raise NotFound("CASE_NOT_FOUND")
    refusal = _refusal(standing)
    gaps = [] if refusal else queries.gaps_for(session, campaign, member, at=at, after_at=at)
    form = GapForm()
    form.offer([(_value(gap), views.gap_label(gap, len(current_scope().station_ids) > 1)) for gap in gaps])
    if request.method == "GET" and gaps:
        form.gap.data = _value(gaps[0])
    if refusal is None and form.is_submitted() and form.gap.data not in {_value(gap) for gap in gaps}:
        form.gap.errors = [_("Chỗ này vừa có người nhận, hoặc đồng chí chưa chọn. Xin chọn một giờ hẹn dưới đây.")]
    elif refusal is None and form.validate_on_submit():
        window_id, arrive_at = _read(form.gap.data)
        appointment = services.rebook_member(
            session,
            campaign,
            member,
            at=at,
            after_at=arrive_at,
            window_id=window_id,
            seen_arrive_at=arrive_at,
        )
        when = show_datetime(appointment.arrive_at)
        flash(_("Đã hẹn lại lúc %(when)s – in giấy hẹn mới.", when=when), "good")
        return redirect(url_for("scheduling.rebook", member_id=member_id))
    page = render_template(
        "scheduling/rebook.html",
        member=member,
        appointment=standing.appointment,
        form=form,
        gaps=gaps,
        refusal=refusal,
        slip_url=optional_url("slips.member", member_id=member_id) if standing.appointment else "",
        case_url=optional_url("cases.case", member_id=member_id),
    )
    return page, 422 if form.errors or (refusal and request.method == "POST") else 200


def _reach_member(member_id: int) -> Member:
    member = db.session.scalar(sa.select(Member).options(joinedload(Member.cell)).where(Member.id == member_id))
    if member is None or not current_scope().may_see_cell(member.cell):
        raise NotFound("MEMBER_NOT_FOUND")
    return member


def _refusal(standing: queries.Standing) -> object | None:
    """Why the member cannot be invited now, in words; None when nothing stands in the way."""
    try:
        services.require_invitable(standing.state, standing.reason, standing.is_counted)
    except Refused as refusal:
        values = {"reason": REASON_WORDS[standing.reason]} if standing.reason else {}
        return refusal_words(refusal.reason_code, values)
    return None


def _value(gap: queries.Gap) -> str:
    return f"{gap.window.id}@{gap.arrive_at.isoformat()}"


def _read(value: str) -> tuple[int, datetime]:
    window_id, arrive_at = value.split("@")
    return int(window_id), datetime.fromisoformat(arrive_at)
