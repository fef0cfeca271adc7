"""The wizard's first steps: the file, its sheets and headers, its columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from cardqueue.accounts.current import current_scope, find_current_campaign
from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import Refused
from cardqueue.core.logs import mask_numbers
from cardqueue.core.words import error_words, refusal_words
from cardqueue.lib.clock import now_at, today_on
from cardqueue.lib.spreadsheet import NotASpreadsheet
from cardqueue.roster import exports, services
from cardqueue.roster.forms import MAIN_FIELDS, OTHER_FIELDS, ColumnsForm, SheetForm, UploadForm, columns_form
from cardqueue.roster.models import RosterImport
from cardqueue.roster.reading import Field, SheetGuess
from cardqueue.roster.routes.blueprint import excel_answer, roster
from cardqueue.roster.routes.reach import the_open_import
from cardqueue.roster.rules.layouts import Layout, PreviewRow, preview
from cardqueue.roster.services.reading import kept_choices
from cardqueue.roster.words import FILE_REFUSALS


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet on the page where sheets are chosen."""

    guess: SheetGuess
    form: SheetForm
    rows: Sequence[PreviewRow]
    reads: bool


@dataclass(frozen=True, slots=True)
class LayoutPart:
    """A layout on the page where columns are chosen."""

    layout: Layout
    form: ColumnsForm
    main: Sequence[str]
    others: Sequence[str]
    samples: dict[str, str]


@roster.get("/roster/template.xlsx")
@access(Role.COMMITTEE)
def template() -> Response:
    """An empty list to fill in."""
    return excel_answer(exports.template_tables(), "mau-danh-sach-dang-vien.xlsx")


@roster.route("/roster/imports/new", methods=["GET", "POST"])
@access(Role.COMMITTEE)
def upload() -> ResponseReturnValue:
    """Step 1: the file."""
    form = UploadForm()
    file = form.file.data
    if request.method == "POST" and not (isinstance(file, FileStorage) and file.filename):
        form.add_error("file", _("Đồng chí chọn tệp danh sách."))
    elif request.method == "POST":
        campaign = find_current_campaign()
        try:
            made = services.upload_list(
                db.session(),
                current_scope().committee_id,
                file.filename,
                file.read(),
                at=now_at(),
                fictitious_ids=campaign is not None and campaign.has_fictitious_ids,
            )
            return redirect(url_for("roster.choose_sheets", import_id=made.id))
        except NotASpreadsheet as error:
            form.add_error("file", str(FILE_REFUSALS[error.refusal]))
        except Refused as refusal:
            form.show_refusal(refusal, "file")
    return render_template("roster/upload.html", form=form), 422 if form.errors else 200


@roster.route("/roster/imports/<int:import_id>/sheets", methods=["GET", "POST"])
@access(Role.COMMITTEE)
def choose_sheets(import_id: int) -> ResponseReturnValue:
    """Step 2: which sheets, and where their headers stand."""
    roster_import = the_open_import(import_id)
    parts, error = _sheet_parts(roster_import), ""
    valid = [part.form.validate() for part in parts] if request.method == "POST" else [False]
    if all(valid):
        wanted = [
            services.SheetReading(
                part.guess.sheet,
                part.form.header_row.data,
                part.form.header_row_count.data,
                part.form.cell_name.data,
            )
            for part in parts
            if part.form.reads.data
        ]
        try:
            services.choose_sheets(db.session(), roster_import, wanted)
            return redirect(url_for("roster.choose_columns", import_id=import_id))
        except Refused as refusal:
            error = _said(refusal)
    failed = bool(error) or any(part.form.errors for part in parts)
    page = render_template("roster/sheets.html", roster_import=roster_import, parts=parts, error=error, failed=failed)
    return page, 422 if failed else 200


@roster.route("/roster/imports/<int:import_id>/columns", methods=["GET", "POST"])
@access(Role.COMMITTEE)
def choose_columns(import_id: int) -> ResponseReturnValue:
    """Step 3: what each column holds."""
    roster_import = the_open_import(import_id)
    parts, error = _layout_parts(services.list_layouts(roster_import)), ""
    if not parts:
        return redirect(url_for("roster.choose_sheets", import_id=import_id))
    if request.method == "POST":
        valid = [part.form.validate() and part.form.validate_once_each() for part in parts]
        if all(valid):
            try:
                columns = [_with_result_columns(part) for part in parts]
                services.choose_columns(db.session(), roster_import, columns, on=today_on(), at=now_at())
                return redirect(url_for("roster.import_rows", import_id=import_id))
            except Refused as refusal:
                error = _said(refusal)
    failed = bool(error) or any(part.form.errors for part in parts)
    page = render_template("roster/columns.html", roster_import=roster_import, parts=parts, error=error, failed=failed)
    return page, 422 if failed else 200


def _sheet_parts(roster_import: RosterImport) -> list[SheetPart]:
    workbook, guesses = services.open_workbook(roster_import)
    chosen = {choice.sheet: choice for choice in kept_choices(roster_import)}
    parts = []
    for number, guess in enumerate(guesses):
        choice = chosen.get(guess.sheet, guess.choice)
        form = SheetForm(
            prefix=f"sheet{number}",
            data={
                "reads": guess.sheet in chosen,
                "header_row": choice.header_row,
                "header_row_count": choice.header_row_count,
                "cell_name": choice.cell_name,
            },
        )
        rows = preview(
            workbook.sheet(guess.sheet),
            header_row=choice.header_row,
            header_row_count=choice.header_row_count,
        )
        parts.append(SheetPart(guess, form, [_masked(row) for row in rows], guess.sheet in chosen))
    return parts


def _layout_parts(layouts: Sequence[Layout]) -> list[LayoutPart]:
    parts = []
    for number, layout in enumerate(layouts):
        guessed = set(layout.fields.values())
        others = [field for field in OTHER_FIELDS if field not in guessed]
        main = [*MAIN_FIELDS, *(field for field in OTHER_FIELDS if field in guessed)]
        samples = {
            field.value: "; ".join(mask_numbers(sample) for sample in column.samples)
            for column in layout.columns
            if (field := layout.fields.get(column.index))
        }
        form = columns_form(layout, number)
        parts.append(LayoutPart(layout, form, [one.value for one in main], [one.value for one in others], samples))
    return parts


def _with_result_columns(part: LayoutPart) -> dict[int, Field]:
    """What was chosen, with the list's own two columns for results, which nobody has to choose."""
    chosen = part.form.chosen()
    own = {column.index: column.field for column in part.layout.columns if column.field in exports.RESULT_FIELDS}
    return {**{index: field for index, field in own.items() if field and index not in chosen}, **chosen}


def _masked(row: PreviewRow) -> PreviewRow:
    return PreviewRow(row.number, row.is_header, tuple(mask_numbers(text) for text in row.texts))


def _said(refusal: Refused) -> str:
    words = refusal_words(refusal.reason_code, refusal.values) or error_words(refusal.status)
    return f"{words.explanation} {words.next_step}"
