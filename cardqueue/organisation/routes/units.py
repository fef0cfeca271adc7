"""Pages of the unit list: the administrator's own to search, correct and renew."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound
from cardqueue.core.pages import page_of
from cardqueue.organisation import queries, services
from cardqueue.organisation.forms import CommuneForm, ProvinceForm, UnitFileForm
from cardqueue.organisation.models import Commune, Province
from cardqueue.organisation.routes.blueprint import organisation

# The whole country is 180 kB; the checked text travels through the page, whose fields Flask bounds at 500 kB.
MOST_BYTES = 400_000
MOST_ERRORS_SHOWN = 100

ROW_ERROR_WORDS = {
    "COLUMN_MISSING": _l("Thiếu cột"),
    "COMMUNE_CODE": _l("Mã xã phải có 5 chữ số"),
    "PROVINCE_CODE": _l("Mã tỉnh phải có 2 chữ số"),
    "NAME_MISSING": _l("Thiếu tên xã hoặc tên tỉnh"),
    "NAME_TOO_LONG": _l("Tên dài quá 80 chữ"),
    "KIND_TOO_LONG": _l("Loại dài quá 20 chữ"),
    "CODE_TWICE": _l("Mã xã có hai dòng"),
    "PROVINCE_NAMED_TWICE": _l("Một mã tỉnh có hai tên"),
    "NO_ROWS": _l("Tệp không có dòng nào"),
}


@organisation.get("/organisation/units")
@access(Role.ADMIN)
def units() -> ResponseReturnValue:
    """Search the communes by name, code and province."""
    wanted = {"q": request.args.get("q", "").strip(), "province": request.args.get("province", "")}
    query = queries.commune_query(wanted["q"], wanted["province"])
    return render_template(
        "organisation/units.html",
        page=page_of(db.session(), query, request.args),
        provinces=queries.list_provinces(db.session()),
        wanted=wanted,
    )


@organisation.route("/organisation/units/communes/new", methods=["GET", "POST"])
@access(Role.ADMIN)
def new_commune() -> ResponseReturnValue:
    """Add a commune."""
    form = CommuneForm()
    form.offer(queries.list_provinces(db.session()))
    if form.validate_on_submit():
        if db.session.get(Commune, form.code.data):
            form.add_error("code", _("Mã này đã có trong danh mục."))
        else:
            return _saved_commune(form)
    return render_template("organisation/unit_form.html", form=form, is_new=True), 422 if form.errors else 200


@organisation.route("/organisation/units/communes/<commune_code>", methods=["GET", "POST"])
@access(Role.ADMIN)
def edit_commune(commune_code: str) -> ResponseReturnValue:
    """Correct a commune's name, kind or province; its code stays."""
    commune = db.session.get(Commune, commune_code)
    if commune is None:
        raise NotFound("COMMUNE_NOT_FOUND")
    form = CommuneForm(obj=commune)
    form.offer(queries.list_provinces(db.session()))
    form.code.data = commune_code
    if form.validate_on_submit():
        return _saved_commune(form)
    return render_template("organisation/unit_form.html", form=form, is_new=False), 422 if form.errors else 200


@organisation.route("/organisation/units/provinces/new", methods=["GET", "POST"])
@access(Role.ADMIN)
def new_province() -> ResponseReturnValue:
    """Add a province."""
    form = ProvinceForm()
    if form.validate_on_submit():
        if db.session.get(Province, form.code.data):
            form.add_error("code", _("Mã này đã có trong danh mục."))
        else:
            return _saved_province(form)
    return render_template("organisation/unit_form.html", form=form, is_new=True), 422 if form.errors else 200


@organisation.route("/organisation/units/provinces/<province_code>", methods=["GET", "POST"])
@access(Role.ADMIN)
def edit_province(province_code: str) -> ResponseReturnValue:
    """Correct a province's name; its code stays."""
    province = db.session.get(Province, province_code)
    if province is None:
        raise NotFound("PROVINCE_NOT_FOUND")
    form = ProvinceForm(obj=province)
    form.code.data = province_code
    if form.validate_on_submit():
        return _saved_province(form)
    return render_template("organisation/unit_form.html", form=form, is_new=False), 422 if form.errors else 200


@organisation.route("/organisation/units/import", methods=["GET", "POST"])
@access(Role.ADMIN)
def import_units() -> ResponseReturnValue:
    """Read a newer list from a file, show what it would change, then save all of it or nothing."""
    form = UnitFileForm()
    if request.method == "GET":
        return render_template("organisation/import_units.html", form=form)
    text = request.form.get("checked") or _text_of(form)
    rows, errors = services.read_units(text) if text is not None else ([], [])
    if errors or text is None:
        page = render_template(
            "organisation/import_units.html",
            form=form,
            row_errors=errors[:MOST_ERRORS_SHOWN],
            error_count=len(errors),
            words=ROW_ERROR_WORDS,
        )
        return page, 422
    if "checked" in request.form:
        changes = services.import_units(db.session(), rows)
        flash(_("Đã thêm %(new)s và sửa %(changed)s xã.", new=changes.new_count, changed=changes.changed_count), "good")
        return redirect(url_for("organisation.units"))
    return render_template(
        "organisation/check_units.html", changes=services.compare_units(db.session(), rows), text=text
    )


def _text_of(form: UnitFileForm) -> str | None:
    """The text of the file; None, with the reason at the field, when it cannot be read."""
    content = form.file.data.read(MOST_BYTES + 1) if form.file.data else b""
    if not content:
        form.add_error("file", _("Đồng chí chọn tệp CSV."))
    elif len(content) > MOST_BYTES:
        form.add_error("file", _("Tệp lớn hơn danh mục cả nước. Đồng chí chọn lại tệp."))
    else:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            form.add_error("file", _("Tệp phải là CSV mã UTF-8. Trong Excel: Lưu thành, chọn “CSV UTF-8”."))
    return None


def _saved_commune(form: CommuneForm) -> ResponseReturnValue:
    commune = services.save_commune(
        db.session(),
        form.code.data,
        name=form.name.data,
        kind=form.kind.data,
        province_code=form.province_code.data,
    )
    flash(_("Đã lưu %(name)s.", name=commune.name), "good")
    return redirect(url_for("organisation.units", q=commune.code))


def _saved_province(form: ProvinceForm) -> ResponseReturnValue:
    province = services.save_province(db.session(), form.code.data, form.name.data)
    flash(_("Đã lưu %(name)s.", name=province.name), "good")
    return redirect(url_for("organisation.units", province=province.code))
