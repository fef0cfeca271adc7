"""Dividing a window in which lines open or close, or which pauses: see the parts first, then save."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import Refused
from cardqueue.lib.clock import to_local
from cardqueue.organisation.routes.reach import reach_window
from cardqueue.scheduling import queries, services, views
from cardqueue.scheduling.forms import DivideForm
from cardqueue.scheduling.routes.blueprint import scheduling
from cardqueue.scheduling.rules.dividing import Part, divide


@scheduling.route("/plan/windows/<int:window_id>/divide", methods=["GET", "POST"])
@access(Role.ADMIN, Role.STATION_CHIEF)
def divide_window(window_id: int) -> ResponseReturnValue:
    """Give a window other lines during a part of it, or a break, after the consequences were shown."""
    window = reach_window(window_id)
    form = DivideForm(request.form if request.method == "POST" else request.args)
    parts: list[Part] = []
    if ("start" in request.args or request.method == "POST") and form.validate():
        change = form.change_of(window)
        if request.method == "POST":
            try:
                made = services.divide_window(db.session(), window, change, form.line_count.data)
            except Refused as refusal:
                form.show_refusal(refusal, "start")
            else:
                flash(_("Đã chia thành %(count)s khung giờ. Mọi lịch hẹn giữ nguyên giờ.", count=len(made)), "good")
                day = to_local(made[0].start_at).date()
                return redirect(
                    url_for(
                        "organisation.windows",
                        campaign_id=made[0].campaign_id,
                        station_id=made[0].station_id,
                        week=day,
                    )
                )
        else:
            coming = queries.coming_to(db.session(), window.id)
            parts = divide(window.span, window.line_count, change, form.line_count.data, coming)
            if not parts:
                form.show_refusal(Refused("CHANGE_OUTSIDE_WINDOW", window=window.span), "start")
    page = render_template(
        "scheduling/divide.html",
        form=form,
        window=window,
        parts=[views.part_of(part) for part in parts],
        may_save=bool(parts) and not any(part.missing_work for part in parts),
    )
    return page, 422 if form.errors else 200
