"""Files as answers, and files that somebody uploads to have them looked at once."""

from __future__ import annotations

import io
from collections.abc import Sequence

from flask import Response, send_file
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from cardqueue.cleaning.forms import ListForm
from cardqueue.core.errors import Refused
from cardqueue.lib.spreadsheet import NotASpreadsheet, Table, write_xlsx
from cardqueue.roster.words import FILE_REFUSALS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_of(tables: Sequence[Table]) -> bytes:
    """Tables as an Excel file."""
    content = io.BytesIO()
    write_xlsx(content, tables)
    return content.getvalue()


def file_answer(content: bytes, filename: str, mimetype: str = XLSX) -> Response:
    """A file to keep."""
    return send_file(io.BytesIO(content), mimetype=mimetype, as_attachment=True, download_name=filename)


def uploaded(form: ListForm, field: str) -> tuple[str, bytes] | None:
    """The name and content of a file that was sent along, None for none."""
    file = form[field].data
    return (file.filename, file.read()) if isinstance(file, FileStorage) and file.filename else None


def show_fault(form: ListForm, field: str, fault: NotASpreadsheet | Refused) -> None:
    """Say at the field what is the matter with its file."""
    if isinstance(fault, Refused):
        form.show_refusal(fault, field)
    else:
        form.add_error(field, str(FILE_REFUSALS[fault.refusal]))


def ask_for(form: ListForm, field: str) -> None:
    """Say at the field that a file is wanted."""
    form.add_error(field, _("Đồng chí chọn tệp danh sách."))
