"""What each cell has to correct, as files to hand out; and results written back into the committee's own list."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath

from flask import render_template
from flask.typing import ResponseReturnValue

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.cleaning import exports
from cardqueue.cleaning.forms import WriteBackForm
from cardqueue.cleaning.queries.corrections import count_corrections, list_corrections
from cardqueue.cleaning.routes.blueprint import cleaning
from cardqueue.cleaning.routes.files import ask_for, file_answer, show_fault, uploaded, workbook_of
from cardqueue.cleaning.services.write_back import write_back
from cardqueue.core.access import Role, access
from cardqueue.core.audit import record
from cardqueue.core.database import db
from cardqueue.core.errors import Refused
from cardqueue.lib.clock import today_on
from cardqueue.lib.spreadsheet import NotASpreadsheet
from cardqueue.organisation.models import Cell


@cleaning.get("/cleaning/lists")
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def lists() -> ResponseReturnValue:
    """Which cells have something to correct, and their files."""
    return _lists_page(WriteBackForm())


@cleaning.get("/cleaning/lists.zip")
@access(Role.COMMITTEE, writes=True)
def all_lists() -> ResponseReturnValue:
    """A file for each cell, so that each secretary is handed only the own one, with an index for the committee."""
    session, scope, campaign = db.session(), current_scope(), current_campaign()
    cells = count_corrections(session, campaign.id, committee_ids=scope.committee_ids)
    rows = list_corrections(session, campaign.id, committee_ids=scope.committee_ids)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("muc-luc.xlsx", workbook_of([exports.index_table(cells)]))
        for cell in cells:
            own = [(check, case) for check, case in rows if check.member.cell_id == cell.cell_id]
            package.writestr(exports.corrections_name(cell), workbook_of([exports.corrections_table(cell.name, own)]))
    record(
        session,
        "cleaning.export_lists",
        f"campaign:{campaign.id}",
        after={"cells": len(cells), "members": len(rows)},
        committee_id=scope.committee_id,
    )
    return file_answer(content.getvalue(), f"can-chinh-ly-{today_on():%Y%m%d}.zip", "application/zip")


@cleaning.get("/cleaning/lists/<int:cell_id>.xlsx")
@access(Role.COMMITTEE, Role.CELL_SECRETARY, writes=True)
def cell_list(cell_id: int) -> ResponseReturnValue:
    """What one cell has to correct."""
    session, scope, campaign = db.session(), current_scope(), current_campaign()
    cell = scope.require_cell(session.get(Cell, cell_id))
    rows = list_corrections(session, campaign.id, committee_ids=scope.committee_ids, cell_id=cell.id)
    record(
        session,
        "cleaning.export_list",
        f"cell:{cell.id}",
        after={"members": len(rows)},
        committee_id=scope.committee_id,
    )
    return file_answer(workbook_of([exports.corrections_table(cell.name, rows)]), f"can-chinh-ly-{cell.id}.xlsx")


@cleaning.post("/cleaning/lists/write-back")
@access(Role.COMMITTEE)
def fill_list() -> ResponseReturnValue:
    """The committee's own list with "Kết quả kiểm tra" and "Chi tiết lỗi" filled in; nothing of it is kept."""
    form = WriteBackForm()
    given = uploaded(form, "file")
    if given is None:
        ask_for(form, "file")
        return _lists_page(form), 422
    name, content = given
    scope, campaign = current_scope(), current_campaign()
    try:
        written = write_back(db.session(), campaign, scope.committee_id, filename=name, content=content, on=today_on())
    except (NotASpreadsheet, Refused) as fault:
        show_fault(form, "file", fault)
        return _lists_page(form), 422
    path = PurePath(name)
    return file_answer(written.content, f"{path.stem}-da-kiem-tra{path.suffix}")


def _lists_page(form: WriteBackForm) -> str:
    scope, campaign = current_scope(), current_campaign()
    cells = count_corrections(db.session(), campaign.id, committee_ids=scope.committee_ids, cell_id=scope.cell_id)
    return render_template(
        "cleaning/lists.html",
        form=form,
        cells=cells,
        member_count=sum(cell.member_count for cell in cells),
        decided_count=sum(cell.decided_count for cell in cells),
    )
