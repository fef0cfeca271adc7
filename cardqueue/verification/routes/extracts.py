"""The extracts of population records that a station chief brings, replaces and purges."""

from __future__ import annotations

from flask import (
    Response,
    after_this_request,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound, Refused
from cardqueue.core.i18n import show_count
from cardqueue.lib.clock import now_at
from cardqueue.lib.spreadsheet import Sheet
from cardqueue.verification import loading, queries, services
from cardqueue.verification.forms_extracts import ColumnsForm, ExtractForm
from cardqueue.verification.handover.files import is_handover
from cardqueue.verification.models import ExtractState, PopulationExtract
from cardqueue.verification.routes.blueprint import verification
from cardqueue.verification.rules import Column, column_letter, find_columns, guess_by_values, samples
from cardqueue.verification.services import extracts as bringing
from cardqueue.verification.services.extracts import (
    BroughtFile,
    FaultyExtract,
    Reading,
    RecordLoader,
    UnreadableExtract,
)
from cardqueue.verification.views.extracts import extract_view, faults_view
from cardqueue.verification.words_extracts import UNREADABLE

#: Units: bytes. The CSV of a commune of 40,000 has 4 million, that of a province's capital 50 million.
MOST_BYTES = 64 * 1024 * 1024


@verification.get("/verify/extracts")
@access(Role.STATION_CHIEF)
def extracts() -> ResponseReturnValue:
    """The extract in force, one that is being loaded, those before, and a place to bring a new one."""
    return _extracts_page(ExtractForm())


@verification.post("/verify/extracts")
@access(Role.STATION_CHIEF, most_bytes=MOST_BYTES)
def bring_extract() -> ResponseReturnValue:
    """Read the file; load it when its titles tell the columns, else ask for them."""
    form = ExtractForm()
    if not form.validate_on_submit():
        return _extracts_page(form), 422
    filename, content = str(form.file.data.filename), form.file.data.read()
    if is_handover(content):
        form.add_error("file", _("Đây là tệp bàn giao mã băm. Đồng chí nhập ở trang Bàn giao mã băm."))
        return _extracts_page(form), 422
    try:
        brought = BroughtFile(content, filename)
        reading = bringing.guess_reading(brought)
        upload = bringing.keep_upload(
            db.session(),
            current_campaign(),
            current_scope().station_id,
            filename=filename,
            content=content,
            at=now_at(),
        )
        if reading is None:
            return redirect(url_for("verification.name_columns", extract_id=upload.id))
        return _load(upload, brought, reading)
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
    if upload.state != ExtractState.UPLOADED:
        raise NotFound("EXTRACT_NOT_FOUND")
    brought = bringing.open_upload(upload)
    by_titles = find_columns(brought.head)
    sheet = brought.head.sheet(by_titles.sheet)
    guess = guess_by_values(sheet, by_titles)
    form = ColumnsForm(
        header_row=guess.header_row, **{column.value: guess.columns.get(column, -1) for column in Column}
    )
    form.offer(_column_names(sheet, guess.header_row))
    faulty: FaultyExtract | None = None
    if form.validate_on_submit():
        try:
            reading = Reading(sheet.name, int(form.header_row.data), form.columns())
            return _load(upload, brought, bringing.settle_reading(brought, reading))
        except FaultyExtract as error:
            faulty = error
            form.add_error("header_row", _faulty(error))
        except Refused as error:
            form.show_refusal(error, "header_row")
    page = render_template(
        "verification/columns.html", form=form, upload=upload, sheet=sheet.name, faults=faults_view(faulty)
    )
    return page, 422 if form.errors else 200


@verification.get("/verify/extracts/<int:extract_id>/progress")
@access(Role.STATION_CHIEF)
def extract_progress(extract_id: int) -> ResponseReturnValue:
    """How far a load has come, for the page to ask again and again; the page anew once it has ended."""
    extract = _find(extract_id)
    answer = make_response(render_template("verification/_progress.html", one=extract_view(extract)))
    if extract.state != ExtractState.LOADING:
        answer.headers["HX-Redirect"] = url_for("verification.extracts")
    return answer


@verification.route("/verify/extracts/<int:extract_id>/cancel", methods=["GET", "POST"])
@access(Role.STATION_CHIEF)
def cancel_extract(extract_id: int) -> ResponseReturnValue:
    """Give up a file that is not in force yet, after asking."""
    extract = _find(extract_id)
    if extract.state not in (ExtractState.UPLOADED, ExtractState.LOADING, ExtractState.FAILED):
        raise NotFound("EXTRACT_NOT_FOUND")
    if request.method == "POST":
        filename = extract.filename
        services.discard_extract(db.session(), extract)
        flash(_("Đã bỏ tệp %(name)s; dữ liệu đang dùng giữ nguyên.", name=filename), "good")
        return redirect(url_for("verification.extracts"))
    return render_template(
        "layouts/confirm.html",
        heading=_("Bỏ tệp đang nạp?"),
        explanation=[
            _("Phần đã nạp của tệp %(name)s sẽ bị xóa hẳn.", name=extract.filename),
            _("Dữ liệu dân cư đang dùng, nếu có, giữ nguyên."),
        ],
        confirm_text=_("Bỏ tệp này"),
        cancel_url=url_for("verification.extracts"),
        dangerous=True,
    )


@verification.route("/verify/extracts/<int:extract_id>/purge", methods=["GET", "POST"])
@access(Role.STATION_CHIEF)
def purge(extract_id: int) -> ResponseReturnValue:
    """Delete the records of an extract for good, after asking."""
    extract = _find(extract_id)
    if extract.state == ExtractState.PURGED:
        raise NotFound("EXTRACT_NOT_FOUND")
    if extract.state != ExtractState.LOADED:
        return redirect(url_for("verification.cancel_extract", extract_id=extract.id))
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


def _load(upload: PopulationExtract, brought: BroughtFile, reading: Reading) -> ResponseReturnValue:
    """Load a small file here and now; begin with a large one, and show how it goes on."""
    session = db.session()
    bringing.begin_load(upload, reading.as_json())
    if brought.line_count > loading.LINES_AT_ONCE:
        app = current_app.app_context().app

        @after_this_request
        def begin(response: Response) -> Response:
            # The request is committed by now.
            loading.load_in_background(app, upload.id)
            return response

        return redirect(url_for("verification.extracts"))
    bringing.load_at_once(session, upload, RecordLoader(brought, reading), now_at())
    scope, campaign = current_scope(), current_campaign()
    done = services.match_records(session, campaign, committee_ids=scope.committee_ids, at=now_at())
    flash(
        _(
            "Đã nhập dữ liệu dân cư của %(records)s người và đối soát %(members)s đồng chí.",
            records=show_count(upload.record_count),
            members=show_count(done.compared),
        ),
        "good",
    )
    return redirect(url_for("verification.worklist"))


def _find(extract_id: int) -> PopulationExtract:
    return queries.find_extract(db.session(), current_campaign().id, current_scope().station_id, extract_id)


def _extracts_page(form: ExtractForm, faulty: FaultyExtract | None = None) -> str:
    if form.errors:
        # What this request began with is not there for whoever reads the page.
        db.session.rollback()
    known = queries.list_extracts(db.session(), current_campaign().id, current_scope().station_id)
    shown = [extract_view(extract) for extract in known]
    failed = next((extract for extract in known[:1] if extract.state == ExtractState.FAILED), None)
    if faulty is None and failed is not None and failed.faults:
        faulty = FaultyExtract.from_json(failed.faults)
    return render_template(
        "verification/extracts.html",
        form=form,
        extracts=shown,
        in_force=next((one for one in shown if one.extract.is_in_force), None),
        waiting=next((one for one in shown if one.extract.state == ExtractState.UPLOADED), None),
        loading=next((one for one in shown if one.extract.state == ExtractState.LOADING), None),
        failed=failed,
        faults=faults_view(faulty),
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
            "Chưa nhập dòng nào: %(count)s chỗ chưa đọc được. Đồng chí sửa các chỗ nêu bên dưới rồi chọn lại tệp.",
            count=show_count(error.count),
        )
    )
