"""Pages of a committee and its cells."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import Refused
from cardqueue.core.pages import page_of
from cardqueue.organisation import queries, services
from cardqueue.organisation.current import current_scope
from cardqueue.organisation.forms import CellForm, CommitteeForm
from cardqueue.organisation.models import Committee, Commune, Station
from cardqueue.organisation.routes.blueprint import organisation
from cardqueue.organisation.routes.reach import reach_cell, reach_committee
from cardqueue.organisation.words import CELL_KIND_WORDS


@organisation.get("/organisation/committees/<int:committee_id>")
@access(Role.ADMIN, Role.STATION_CHIEF, Role.COMMITTEE)
def committee(committee_id: int) -> ResponseReturnValue:
    """One committee: who it is, where its members come, its cells."""
    found, role = reach_committee(committee_id), current_scope().role
    return render_template(
        "organisation/committee.html",
        committee=found,
        commune=db.session.get(Commune, found.commune_code) if found.commune_code else None,
        cells=queries.list_cells(db.session(), committee_id),
        kind_words=CELL_KIND_WORDS,
        may_edit=role is Role.ADMIN,
        may_edit_cells=role in (Role.ADMIN, Role.COMMITTEE),
    )


@organisation.get("/organisation/communes")
@access(Role.ADMIN)
def find_commune() -> ResponseReturnValue:
    """Pick the commune of a new committee, or of an existing one, from the unit list."""
    committee_id = request.args.get("committee_id", type=int)
    text = request.args.get("q", "").strip()
    query = queries.commune_query(text)
    return render_template(
        "organisation/find_commune.html",
        text=text,
        page=page_of(db.session(), query, request.args) if text else None,
        committee=reach_committee(committee_id) if committee_id else None,
    )


@organisation.route("/organisation/committees/new", methods=["GET", "POST"])
@access(Role.ADMIN)
def new_committee() -> ResponseReturnValue:
    """Create a committee; a commune picked before fills in most of the form."""
    form = CommitteeForm(data=_filled_from(_picked_commune()))
    _offer(form)
    if form.validate_on_submit() and _fits_commune(form):
        try:
            made = services.create_committee(db.session(), form.details, _stations(form))
        except Refused as refusal:
            form.show_refusal(refusal, "name")
        else:
            flash(_("Đã thêm %(name)s.", name=made.name), "good")
            return redirect(url_for("organisation.committee", committee_id=made.id))
    return _form_page(form, None)


@organisation.route("/organisation/committees/<int:committee_id>/edit", methods=["GET", "POST"])
@access(Role.ADMIN)
def edit_committee(committee_id: int) -> ResponseReturnValue:
    """Change a committee and the stations where its members come."""
    found = reach_committee(committee_id)
    kept = {name: getattr(found, name) for name in services.CommitteeDetails.__dataclass_fields__}
    if commune := _picked_commune():
        kept |= {"commune_code": commune.code, "province_code": commune.province_code, "place_name": _place_of(commune)}
    form = CommitteeForm(data=kept | {"station_ids": [station.id for station in found.stations]})
    _offer(form)
    if form.validate_on_submit() and _fits_commune(form):
        try:
            services.change_committee(db.session(), found, form.details, _stations(form))
        except Refused as refusal:
            form.show_refusal(refusal, "name")
        else:
            flash(_("Đã lưu %(name)s.", name=found.name), "good")
            return redirect(url_for("organisation.committee", committee_id=found.id))
    return _form_page(form, found)


@organisation.route("/organisation/committees/<int:committee_id>/cells/new", methods=["GET", "POST"])
@access(Role.ADMIN, Role.COMMITTEE)
def new_cell(committee_id: int) -> ResponseReturnValue:
    """Add a cell to a committee."""
    owner = reach_committee(committee_id)
    form = CellForm(data={"kind": "village", "travel_minutes": 0})
    if form.validate_on_submit():
        try:
            cell = services.add_cell(db.session(), owner.id, form.details)
        except Refused as refusal:
            form.show_refusal(refusal, "name")
        else:
            flash(_("Đã thêm %(name)s.", name=cell.name), "good")
            return redirect(url_for("organisation.committee", committee_id=owner.id))
    page = render_template("organisation/cell_form.html", form=form, committee=owner, cell=None)
    return page, 422 if form.errors else 200


@organisation.route("/organisation/cells/<int:cell_id>", methods=["GET", "POST"])
@access(Role.ADMIN, Role.COMMITTEE)
def edit_cell(cell_id: int) -> ResponseReturnValue:
    """Rename a cell or change what is known of it."""
    cell = reach_cell(cell_id)
    owner = reach_committee(cell.committee_id)
    form = CellForm.of(cell)
    if form.validate_on_submit():
        try:
            services.change_cell(db.session(), cell, form.details)
        except Refused as refusal:
            form.show_refusal(refusal, "name")
        else:
            flash(_("Đã lưu %(name)s.", name=cell.name), "good")
            return redirect(url_for("organisation.committee", committee_id=owner.id))
    page = render_template("organisation/cell_form.html", form=form, committee=owner, cell=cell)
    return page, 422 if form.errors else 200


def _form_page(form: CommitteeForm, found: Committee | None) -> tuple[str, int]:
    code = form.commune_code.data
    page = render_template(
        "organisation/committee_form.html",
        form=form,
        committee=found,
        commune=db.session.get(Commune, code) if code else None,
    )
    return page, 422 if form.errors else 200


def _picked_commune() -> Commune | None:
    code = request.args.get("commune", "")
    return db.session.get(Commune, code) if code else None


def _filled_from(commune: Commune | None) -> dict[str, object]:
    if commune is None:
        return {}
    return {
        "name": f"Đảng ủy {commune.name[:1].lower()}{commune.name[1:]}",
        "superior_name": f"ĐẢNG BỘ {commune.province.name}".upper(),
        "place_name": _place_of(commune),
        "province_code": commune.province_code,
        "commune_code": commune.code,
    }


def _place_of(commune: Commune) -> str:
    """The name alone, as it stands before a date: "Hàm Thạnh"."""
    return commune.name.removeprefix(commune.kind).strip()


def _offer(form: CommitteeForm) -> None:
    stations = queries.list_stations(db.session(), station_ids=current_scope().station_ids)
    form.offer(queries.list_provinces(db.session()), stations)


def _stations(form: CommitteeForm) -> list[Station]:
    return queries.list_stations(db.session(), station_ids=form.station_ids.data)


def _fits_commune(form: CommitteeForm) -> bool:
    """Whether the province is that of the picked commune; says so at the field when it is not."""
    commune = db.session.get(Commune, form.commune_code.data) if form.commune_code.data else None
    if commune is None or commune.province_code == form.province_code.data:
        return True
    form.add_error(
        "province_code", _("%(name)s thuộc %(province)s.", name=commune.name, province=commune.province.name)
    )
    return False
