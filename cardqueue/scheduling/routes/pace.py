"""How long one member takes: the trial, the estimate, and a value fixed by the station chief."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.lib.clock import now_at
from cardqueue.organisation.models import Station
from cardqueue.scheduling import queries, services, views
from cardqueue.scheduling.forms import MinutesForm
from cardqueue.scheduling.routes.blueprint import scheduling


@scheduling.get("/plan/minutes")
@access(Role.STATION_CHIEF, Role.COMMITTEE)
def pace() -> ResponseReturnValue:
    """What is measured at each station that the person has to do with."""
    return _page(MinutesForm())


@scheduling.post("/plan/minutes")
@access(Role.STATION_CHIEF)
def fix_minutes() -> ResponseReturnValue:
    """Plan with a value of one's own."""
    form = MinutesForm()
    if not form.validate_on_submit():
        return _page(form), 422
    session, campaign, scope = db.session(), current_campaign(), current_scope()
    services.fix_minutes(session, campaign, scope.station_id, form.minutes.data, form.reason.data, at=now_at())
    flash(_("Từ nay lịch được xếp theo số phút đồng chí nhập. Lịch đã công bố không đổi."), "good")
    return redirect(url_for("scheduling.pace"))


@scheduling.post("/plan/minutes/release")
@access(Role.STATION_CHIEF)
def release_minutes() -> ResponseReturnValue:
    """Plan with the measured value again."""
    services.release_minutes(db.session(), current_campaign(), current_scope().station_id, at=now_at())
    flash(_("Từ nay lịch được xếp theo số đo được."), "good")
    return redirect(url_for("scheduling.pace"))


@scheduling.post("/plan/trial/start")
@access(Role.STATION_CHIEF)
def start_trial() -> ResponseReturnValue:
    """Begin to measure."""
    services.start_trial(db.session(), current_campaign(), current_scope().station_id, at=now_at())
    flash(_("Bắt đầu đo thử. Mỗi đồng chí được gọi vào và bấm xong ở quầy là một lượt đo."), "good")
    return redirect(url_for("scheduling.pace"))


@scheduling.post("/plan/trial/end")
@access(Role.STATION_CHIEF)
def end_trial() -> ResponseReturnValue:
    """End the trial."""
    services.end_trial(db.session(), current_campaign(), current_scope().station_id, at=now_at())
    flash(_("Đã kết thúc đo thử."), "good")
    return redirect(url_for("scheduling.pace"))


def _page(form: MinutesForm) -> str:
    session, campaign, scope = db.session(), current_campaign(), current_scope()
    stations = [session.get_one(Station, station_id) for station_id in sorted(scope.station_ids)]
    return render_template(
        "scheduling/pace.html",
        campaign=campaign,
        form=form,
        may_change=scope.role is Role.STATION_CHIEF,
        paces=[
            views.pace_in_words(station, queries.find_pace(session, campaign.id, station.id), campaign)
            for station in stations
        ],
    )
