"""Pages of a station and its lines."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import Refused
from cardqueue.organisation import queries, services
from cardqueue.organisation.current import current_scope
from cardqueue.organisation.forms import LineForm, NewStationForm, StationForm
from cardqueue.organisation.routes.blueprint import organisation
from cardqueue.organisation.routes.reach import reach_line, reach_station


@organisation.get("/organisation/stations/<int:station_id>")
@access(Role.ADMIN, Role.STATION_CHIEF, Role.COMMITTEE)
def station(station_id: int) -> ResponseReturnValue:
    """One station: where it is, its lines, whom it serves, when it is open."""
    found, scope = reach_station(station_id), current_scope()
    served = [committee for committee in found.committees if committee.id in scope.committee_ids]
    return render_template(
        "organisation/station.html",
        station=found,
        served=served,
        campaigns=queries.list_campaigns(db.session(), committee_ids=[committee.id for committee in served]),
        window_counts=queries.count_windows(db.session(), station_ids=[station_id]),
        may_edit=scope.role is Role.ADMIN,
        may_edit_lines=scope.role in (Role.ADMIN, Role.STATION_CHIEF),
    )


@organisation.route("/organisation/stations/new", methods=["GET", "POST"])
@access(Role.ADMIN)
def new_station() -> ResponseReturnValue:
    """Create a station with its first lines."""
    form = NewStationForm()
    form.offer(queries.list_provinces(db.session()))
    if form.validate_on_submit():
        try:
            made = services.create_station(db.session(), form.details, line_count=form.line_count.data)
        except Refused as refusal:
            form.show_refusal(refusal, "name")
        else:
            flash(_("Đã thêm %(name)s.", name=made.name), "good")
            return redirect(url_for("organisation.station", station_id=made.id))
    return render_template("organisation/station_form.html", form=form, station=None), 422 if form.errors else 200


@organisation.route("/organisation/stations/<int:station_id>/edit", methods=["GET", "POST"])
@access(Role.ADMIN)
def edit_station(station_id: int) -> ResponseReturnValue:
    """Change a station's name, address or telephone."""
    found = reach_station(station_id)
    form = StationForm(obj=found)
    form.offer(queries.list_provinces(db.session()))
    if form.validate_on_submit():
        try:
            services.change_station(db.session(), found, form.details)
        except Refused as refusal:
            form.show_refusal(refusal, "name")
        else:
            flash(_("Đã lưu %(name)s.", name=found.name), "good")
            return redirect(url_for("organisation.station", station_id=found.id))
    return render_template("organisation/station_form.html", form=form, station=found), 422 if form.errors else 200


@organisation.route("/organisation/stations/<int:station_id>/lines/new", methods=["GET", "POST"])
@access(Role.ADMIN, Role.STATION_CHIEF)
def new_line(station_id: int) -> ResponseReturnValue:
    """Add a line to a station."""
    owner = reach_station(station_id)
    number = max((line.number for line in owner.lines), default=0) + 1
    form = LineForm(data={"number": number, "desk": f"Bàn {number}", "is_active": True})
    if form.validate_on_submit():
        try:
            line = services.add_line(
                db.session(), owner, number=form.number.data, desk=form.desk.data, is_active=form.is_active.data
            )
        except Refused as refusal:
            form.show_refusal(refusal, "number")
        else:
            flash(_("Đã thêm dây chuyền %(number)s.", number=line.number), "good")
            return redirect(url_for("organisation.station", station_id=owner.id))
    page = render_template("organisation/line_form.html", form=form, station=owner, line=None)
    return page, 422 if form.errors else 200


@organisation.route("/organisation/lines/<int:line_id>", methods=["GET", "POST"])
@access(Role.ADMIN, Role.STATION_CHIEF)
def edit_line(line_id: int) -> ResponseReturnValue:
    """Change a line's number or desk, or take it out of use."""
    line = reach_line(line_id)
    form = LineForm(obj=line)
    if form.validate_on_submit():
        try:
            services.change_line(
                db.session(), line, number=form.number.data, desk=form.desk.data, is_active=form.is_active.data
            )
        except Refused as refusal:
            form.show_refusal(refusal, "number")
        else:
            flash(_("Đã lưu dây chuyền %(number)s.", number=line.number), "good")
            return redirect(url_for("organisation.station", station_id=line.station_id))
    page = render_template("organisation/line_form.html", form=form, station=reach_station(line.station_id), line=line)
    return page, 422 if form.errors else 200
