"""A station that runs late today: by how much, who could come later, and telling them after a person confirmed."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound, Refused
from cardqueue.lib.clock import now_at, to_local
from cardqueue.scheduling import queries, services, views
from cardqueue.scheduling.routes.blueprint import scheduling
from cardqueue.scheduling.routes.plan import optional_url
from cardqueue.scheduling.rules.delays import Later


@scheduling.get("/plan/delays")
@access(Role.COMMITTEE, Role.STATION_CHIEF)
def delays() -> ResponseReturnValue:
    """The stations that are open now, each with its delay and the later times it suggests."""
    scope = current_scope()
    found = queries.delays_of_stations(db.session(), current_campaign(), scope.station_ids, at=now_at())
    return render_template(
        "scheduling/delays.html",
        stations=[views.lateness_of(one, scope.committee_ids) for one in found],
        is_committee=scope.role is Role.COMMITTEE,
    )


@scheduling.post("/plan/delays/<int:station_id>")
@access(Role.COMMITTEE, Role.STATION_CHIEF)
def confirm_delay(station_id: int) -> ResponseReturnValue:
    """Let the members that the page showed come later."""
    scope = current_scope()
    scope.require_station(station_id)
    seen = [_move(value) for value in request.form.getlist("move")]
    if not seen:
        raise Refused("DELAY_TOO_LATE")
    count = services.delay_appointments(
        db.session(), current_campaign(), station_id, seen, committee_ids=scope.committee_ids, at=now_at()
    )
    if count < len(seen):
        kept = len(seen) - count
        flash(_("%(count)s đồng chí giữ giờ cũ: đã đến hoặc còn chưa đầy 60 phút.", count=kept), "warning")
    flash(_("Đã lùi giờ của %(count)s đồng chí. Báo ngay cho các chi bộ.", count=count), "good")
    return redirect(optional_url("notices.outbox") if scope.role is Role.COMMITTEE else url_for("scheduling.delays"))


def _move(value: str) -> Later:
    """A line of our own page.

    Raises: NotFound for anything else.
    """
    appointment_id, _at, times = value.partition("@")
    from_at, _at, to_at = times.partition("@")
    try:
        return Later(
            int(appointment_id), to_local(datetime.fromisoformat(from_at)), to_local(datetime.fromisoformat(to_at))
        )
    except ValueError:
        raise NotFound("APPOINTMENT_NOT_FOUND") from None
