"""The extracts of population records that a station chief brings, replaces and purges."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound, Refused
from cardqueue.core.i18n import show_count
from cardqueue.lib.clock import now_at
from cardqueue.lib.spreadsheet import Sheet, Workbook
from cardqueue.verification import queries, services
from cardqueue.verification.forms import ColumnsForm, ExtractForm
from cardqueue.verification.models import PopulationExtract
from cardqueue.verification.routes.blueprint import verification
from cardqueue.verification.rules import Field, column_letter, find_columns, samples
from cardqueue.verification.services import FaultyExtract, Reading
from cardqueue.verification.services.extracts import UnreadableExtract
from cardqueue.verification.words import FAULTS, FIELDS, UNREADABLE

_FAULTS_SHOWN = 50


@verification.get("/verify/extracts")
@access(Role.STATION_CHIEF)
def extracts() -> ResponseReturnValue:
    """The extract in force, those before it, and a place to bring a new one."""
    return _extracts_page(ExtractForm())


@verification.post("/verify/extracts")
@access(Role.STATION_CHIEF)
def bring_extract() -> ResponseReturnValue:
    """Read the file; import it when its titles tell the columns, else ask for them."""
    form = ExtractForm()
    if not form.validate_on_submit():
        return _extracts_page(form), 422
    filename, content = str(form.file.data.filename), form.file.data.read()
    try:
        workbook = services.read_upload(content, filename)
        guess = find_columns(workbook)
        if not guess.is_certain:
            upload = services.keep_upload(
                db.session(),
                current_campaign(),
                current_scope().station_id,
                filename=filename,
                content=content,
                at=now_at(),
            )
            return redirect(url_for("verification.name_columns", extract_id=upload.id))
        return _import(filename, workbook, Reading(guess.sheet, guess.header_row, guess.columns))
    except UnreadableExtract as error:
        form.add_error("file", str(UNREADABLE[error.refusal]))
        return _extracts_page(form), 422
    except FaultyExtract as error:
        form.add_error("file", _faulty(error))
        return _extracts_page(form, error), 422
    except Refused as error:
        form.show_refusal(error, "file")
        return _extracts_page(form), 422


@verification.route("/verify/extracts/<int:extract_id>/columns", methods=["GET", "POST"])
@access(Role.STATION_CHIEF)
def name_columns(extract_id: int) -> ResponseReturnValue:
    """Say which column holds what; the file waits for it, encrypted, for a day."""
    upload = _find(extract_id)
    if upload.content is None:
        raise NotFound("EXTRACT_NOT_FOUND")
    workbook = services.open_upload(upload)
    guess = find_columns(workbook)
    sheet = workbook.sheet(guess.sheet)
    form = ColumnsForm(header_row=guess.header_row, **{field.value: guess.columns.get(field, -1) for field in Field})
    form.offer(_column_names(sheet, guess.header_row))
    faulty: FaultyExtract | None = None
    if form.validate_on_submit():
        try:
            return _import(upload.filename, workbook, Reading(sheet.name, int(form.header_row.data), form.columns()))
        except FaultyExtract as error:
            faulty = error
            form.add_error("header_row", _faulty(error))
        except Refused as error:
            form.show_refusal(error, "header_row")
    page = render_template(
        "verification/columns.html", form=form, upload=upload, sheet=sheet.name, faults=_shown_faults(faulty)
    )
    return page, 422 if form.errors else 200


@verification.route("/verify/extracts/<int:extract_id>/purge", methods=["GET", "POST"])
@access(Role.STATION_CHIEF)
def purge(extract_id: int) -> ResponseReturnValue:
    """Delete the records of an extract for good, after asking."""
    extract = _find(extract_id)
    if extract.purged_at is not None:
        raise NotFound("EXTRACT_NOT_FOUND")
    if request.method == "POST":
        count = services.purge_extract(db.session(), extract, now_at())
        flash(_("Đã xóa dữ liệu dân cư của %(count)s người.", count=show_count(count)), "good")
        return redirect(url_for("verification.extracts"))
    return render_template(
        "layouts/confirm.html",
        heading=_("Xóa dữ liệu dân cư?"),
        explanation=[
            _(
                "Dữ liệu của %(count)s người trong tệp %(name)s sẽ bị xóa hẳn, không lấy lại được.",
                count=show_count(extract.record_count),
                name=extract.filename,
            ),
            _("Kết luận đã lưu và giá trị đã xác nhận vẫn còn. Muốn đối soát tiếp, đồng chí phải nhập tệp mới."),
        ],
        confirm_text=_("Xóa dữ liệu dân cư"),
        cancel_url=url_for("verification.extracts"),
        dangerous=True,
    )


def _import(filename: str, workbook: Workbook, reading: Reading) -> ResponseReturnValue:
    session, campaign, scope = db.session(), current_campaign(), current_scope()
    extract = services.import_extract(
        session, campaign, scope.station_id, filename=filename, workbook=workbook, reading=reading, at=now_at()
    )
    done = services.match_records(session, campaign, committee_ids=scope.committee_ids, at=now_at())
    flash(
        _(
            "Đã nhập dữ liệu dân cư của %(records)s người và đối soát %(members)s đồng chí.",
            records=show_count(extract.record_count),
            members=show_count(done.compared),
        ),
        "good",
    )
    return redirect(url_for("verification.worklist"))


def _find(extract_id: int) -> PopulationExtract:
    return queries.find_extract(db.session(), current_campaign().id, current_scope().station_id, extract_id)


def _extracts_page(form: ExtractForm, faulty: FaultyExtract | None = None) -> str:
    known = queries.list_extracts(db.session(), current_campaign().id, current_scope().station_id)
    return render_template(
        "verification/extracts.html",
        form=form,
        extracts=known,
        in_force=next((extract for extract in known if extract.is_in_force), None),
        faults=_shown_faults(faulty),
    )


def _column_names(sheet: Sheet, header_row: int) -> list[tuple[int, str]]:
    """The columns of a sheet by letter, title and first values."""
    title = sheet.rows[header_row - 1] if 0 < header_row <= len(sheet.rows) else []
    width = max(map(len, sheet.rows[:200]), default=0)
    names = []
    for column in range(width):
        words = [column_letter(column), str(title[column]).strip()[:40] if column < len(title) else ""]
        examples = "; ".join(samples(sheet, header_row, column))
        names.append((column, " – ".join(word for word in (*words, examples) if word)))
    return names


def _faulty(error: FaultyExtract) -> str:
    return str(
        _(
            "Chưa nhập dòng nào: %(count)s ô chưa đọc được. Đồng chí sửa các ô nêu bên dưới rồi chọn lại tệp.",
            count=show_count(len(error.faults)),
        )
    )


def _shown_faults(error: FaultyExtract | None) -> list[dict[str, object]]:
    return [
        {
            "line": fault.line,
            "column": fault.column,
            "field": FIELDS[fault.field],
            "found": fault.found,
            "fault": FAULTS[fault.fault],
        }
        for fault in (error.faults[:_FAULTS_SHOWN] if error else ())
    ]
