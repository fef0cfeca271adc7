"""Pages of the opening windows: one station in one campaign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound, Refused
from cardqueue.core.i18n import show_date, show_day, show_time
from cardqueue.lib.clock import from_local, to_local, today_on
from cardqueue.organisation import queries, services, views
from cardqueue.organisation.current import current_scope
from cardqueue.organisation.forms import ChangedWindowForm, CopyDayForm, QuotasForm, WindowForm, WindowSeriesForm
from cardqueue.organisation.models import Campaign, DayQuota, Station
from cardqueue.organisation.routes.blueprint import organisation
from cardqueue.organisation.routes.reach import reach_opening, reach_window
from cardqueue.organisation.rules import DAY_PARTS, WORK_PER_MINUTE
from cardqueue.organisation.words import PART_WORDS

EDITORS = (Role.ADMIN, Role.STATION_CHIEF)
DIVIDE = "scheduling.divide_window"


@organisation.get("/organisation/campaigns/<int:campaign_id>/stations/<int:station_id>/windows")
@access(Role.ADMIN, Role.STATION_CHIEF, Role.COMMITTEE)
def windows(campaign_id: int, station_id: int) -> ResponseReturnValue:
    """A week of a station in a campaign (`?week=` with any of its days): the grid, its twin as lists, and all weeks."""
    campaign, station = reach_opening(campaign_id, station_id)
    found = queries.list_windows(db.session(), campaign_id, station_ids=[station_id])
    shown_on = _asked_day("week") or views.first_to_show(campaign, found, today_on())
    rows = [views.row_of(campaign, window) for window in found]
    return render_template(
        "organisation/windows.html",
        campaign=campaign,
        station=station,
        week=views.week_of(campaign, found, shown_on),
        weeks=views.weeks_of(campaign, found, shown_on),
        part_words=PART_WORDS,
        window_count=len(found),
        quotas=_quotas_to_show(campaign, station),
        is_shared=len(queries.list_sharing_committees(db.session(), campaign_id, station_id)) > 1,
        free_minutes=sum(row.free_minutes for row in rows),
        reserved_minutes=sum(row.reserved_minutes for row in rows),
        may_edit=current_scope().role in EDITORS and campaign.closed_at is None,
    )


@organisation.route(
    "/organisation/campaigns/<int:campaign_id>/stations/<int:station_id>/windows/new", methods=["GET", "POST"]
)
@access(*EDITORS)
def new_window(campaign_id: int, station_id: int) -> ResponseReturnValue:
    """Add one window."""
    campaign, station = reach_opening(campaign_id, station_id)
    start, end = DAY_PARTS.get(request.args.get("part", ""), (None, None))
    form = WindowForm(
        data={
            "line_count": _active_lines(station),
            "day_on": _asked_day() or campaign.starts_on,
            "start": start,
            "end": end,
        }
    )
    if form.validate_on_submit():
        try:
            services.add_windows(db.session(), campaign, station, [form.opening])
        except Refused as refusal:
            form.show_refusal(refusal, "start")
        else:
            lines_here = 0 if form.place.data else form.line_count.data
            return _added(campaign, station, [form.day_on.data], 1, lines_here)
    page = render_template("organisation/window_form.html", form=form, campaign=campaign, station=station)
    return page, 422 if form.errors else 200


@organisation.route(
    "/organisation/campaigns/<int:campaign_id>/stations/<int:station_id>/windows/series", methods=["GET", "POST"]
)
@access(*EDITORS)
def new_windows(campaign_id: int, station_id: int) -> ResponseReturnValue:
    """Add the same parts of several days at once."""
    campaign, station = reach_opening(campaign_id, station_id)
    form = WindowSeriesForm(
        data={
            "first_on": campaign.starts_on,
            "last_on": campaign.deadline_on,
            "line_count": _active_lines(station),
        }
    )
    if form.validate_on_submit():
        openings = form.openings
        try:
            services.add_windows(db.session(), campaign, station, openings)
        except Refused as refusal:
            form.show_refusal(refusal, "first_on")
        else:
            days = sorted({to_local(opening.interval.start_at).date() for opening in openings})
            return _added(campaign, station, days, len(openings), form.line_count.data)
    page = render_template("organisation/window_series.html", form=form, campaign=campaign, station=station)
    return page, 422 if form.errors else 200


@organisation.route(
    "/organisation/campaigns/<int:campaign_id>/stations/<int:station_id>/windows/copy", methods=["GET", "POST"]
)
@access(*EDITORS)
def copy_day(campaign_id: int, station_id: int) -> ResponseReturnValue:
    """Open other days as one day (`?day=2030-08-09`) is opened."""
    campaign, station = reach_opening(campaign_id, station_id)
    source_on = _asked_day()
    found = queries.list_windows(db.session(), campaign_id, station_ids=[station_id])
    source = [window for window in found if to_local(window.start_at).date() == source_on]
    if source_on is None or not source:
        raise NotFound("WINDOW_NOT_FOUND")
    form = CopyDayForm()
    if form.validate_on_submit():
        try:
            made = services.copy_day(db.session(), campaign, station, source_on, form.days_without(source_on))
        except Refused as refusal:
            form.show_refusal(refusal, "first_on")
        else:
            days = sorted({to_local(window.start_at).date() for window in made})
            return _added(
                campaign, station, days, len(made), max(0 if window.is_mobile else window.line_count for window in made)
            )
    page = render_template(
        "organisation/copy_day.html",
        form=form,
        campaign=campaign,
        station=station,
        source_on=source_on,
        source=source,
    )
    return page, 422 if form.errors else 200


@organisation.route("/organisation/windows/<int:window_id>", methods=["GET", "POST"])
@access(*EDITORS)
def edit_window(window_id: int) -> ResponseReturnValue:
    """Change when a window ends and how many lines it has."""
    window = reach_window(window_id)
    start = to_local(window.start_at)
    form = ChangedWindowForm(data={"end": to_local(window.end_at).time(), "line_count": window.line_count})
    if form.validate_on_submit() and form.end.data <= start.time():
        form.add_error("end", _("Giờ kết thúc phải sau giờ bắt đầu."))
    elif form.is_submitted() and not form.errors:
        end_at = from_local(start.date(), form.end.data)
        try:
            services.change_window(db.session(), window, end_at=end_at, line_count=form.line_count.data)
        except Refused as refusal:
            at = "line_count" if refusal.reason_code == "WINDOW_OVERBOOKED" else "end"
            form.show_refusal(refusal, at)
        else:
            flash(_("Đã lưu khung giờ."), "good")
            _warn([], 0 if window.is_mobile else window.line_count, window.station)
            return _back(window.campaign_id, window.station_id, start.date())
    page = render_template(
        "organisation/edit_window.html",
        form=form,
        window=window,
        booked_minutes=_minutes(window.booked_work),
        # The plan knows who is booked; it stands above this package.
        divide_url=url_for(DIVIDE, window_id=window_id) if DIVIDE in current_app.view_functions else "",
    )
    return page, 422 if form.errors else 200


@organisation.route("/organisation/windows/<int:window_id>/delete", methods=["GET", "POST"])
@access(*EDITORS)
def delete_window(window_id: int) -> ResponseReturnValue:
    """Delete a window in which nobody ever had an appointment, after a question."""
    window = reach_window(window_id)
    campaign_id, station_id = window.campaign_id, window.station_id
    start, end = to_local(window.start_at), to_local(window.end_at)
    if request.method == "POST":
        services.delete_window(db.session(), window)
        flash(_("Đã xóa khung giờ."), "good")
        return _back(campaign_id, station_id, start.date())
    return render_template(
        "layouts/confirm.html",
        heading=_("Xóa khung giờ này?"),
        explanation=[
            _(
                "%(station)s, %(day)s, từ %(start)s đến %(end)s, %(lines)s dây chuyền.",
                station=window.station.name,
                day=show_day(start),
                start=show_time(start),
                end=show_time(end),
                lines=window.line_count,
            )
        ],
        confirm_text=_("Xóa khung giờ"),
        cancel_url=url_for("organisation.windows", campaign_id=campaign_id, station_id=station_id),
        dangerous=True,
    )


@organisation.route(
    "/organisation/campaigns/<int:campaign_id>/stations/<int:station_id>/quotas", methods=["GET", "POST"]
)
@access(*EDITORS)
def quotas(campaign_id: int, station_id: int) -> ResponseReturnValue:
    """How many members each committee that shares the station may send on one day."""
    campaign, station = reach_opening(campaign_id, station_id)
    committees = queries.list_sharing_committees(db.session(), campaign_id, station_id)
    found = queries.list_quotas(db.session(), campaign_id, station_ids=[station_id])
    kept = {f"committee_{quota.committee_id}": quota.member_count for quota in found}
    form = QuotasForm.for_committees(committees)(data=kept)
    if form.validate_on_submit():
        services.set_quotas(db.session(), campaign, station, form.quotas)
        flash(_("Đã lưu số người mỗi ngày. Lịch đã hẹn giữ nguyên; lịch hẹn mới theo mức này."), "good")
        return redirect(url_for("organisation.windows", campaign_id=campaign_id, station_id=station_id))
    page = render_template("organisation/quotas.html", form=form, campaign=campaign, station=station)
    return page, 422 if form.errors else 200


def _quotas_to_show(campaign: Campaign, station: Station) -> list[DayQuota]:
    """A committee sees what is set for itself, whoever sets it sees all."""
    found = queries.list_quotas(db.session(), campaign.id, station_ids=[station.id])
    return [quota for quota in found if quota.committee_id in current_scope().committee_ids]


def _added(
    campaign: Campaign, station: Station, days: Sequence[date], window_count: int, line_count: int
) -> ResponseReturnValue:
    flash(_("Đã thêm %(count)s khung giờ.", count=window_count), "good")
    unusual = [(day, warning) for day in days for warning in views.unusual(campaign, day)]
    _warn([f"{show_date(day)}: {warning}" for day, warning in unusual], line_count, station)
    return _back(campaign.id, station.id, min(days))


def _warn(unusual: Sequence[str], line_count: int, station: Station) -> None:
    if unusual:
        flash(_("Xem lại các ngày sau – %(days)s.", days="; ".join(unusual)), "warning")
    active = _active_lines(station)
    if line_count > active:
        flash(
            _("Khung giờ có %(wanted)s dây chuyền, điểm này đang dùng %(active)s.", wanted=line_count, active=active),
            "warning",
        )


def _back(campaign_id: int, station_id: int, on: date) -> ResponseReturnValue:
    return redirect(url_for("organisation.windows", campaign_id=campaign_id, station_id=station_id, week=on))


def _active_lines(station: Station) -> int:
    return sum(line.is_active for line in station.lines)


def _minutes(work: int) -> int:
    return work // WORK_PER_MINUTE


def _asked_day(name: str = "day") -> date | None:
    try:
        on = date.fromisoformat(request.args.get(name, ""))
        # A week on either side can still be named.
        return on if 2000 <= on.year <= 2200 else None
    except ValueError:
        return None
