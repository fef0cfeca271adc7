"""The blueprint of the roster's pages, and Excel files as answers."""

from __future__ import annotations

import io
from collections.abc import Sequence

from flask import Blueprint, Response, send_file

from cardqueue.lib.spreadsheet import Table, write_xlsx

roster = Blueprint("roster", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def excel_answer(tables: Sequence[Table], filename: str) -> Response:
    """Tables as a file to keep."""
    content = io.BytesIO()
    write_xlsx(content, tables)
    content.seek(0)
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name=filename)
