"""The wizard's last steps: cells that are new, what saving would change, and what it did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.lib.clock import now_at
from cardqueue.organisation.queries import list_cells
from cardqueue.roster import queries, services
from cardqueue.roster.forms import CellChoiceForm, SaveForm
from cardqueue.roster.models import ImportState
from cardqueue.roster.routes.blueprint import roster
from cardqueue.roster.routes.reach import the_import, the_open_import
from cardqueue.roster.rules.cells import CREATE, NEW, UnknownCell
from cardqueue.roster.rules.rows import Tab
from cardqueue.roster.words import FIELD_WORDS, IMPORT_STATE_WORDS, shown

# A long list is not read on a page; the file has it all.
SHOWN_NAMES = 100


@dataclass(frozen=True, slots=True)
class CellPart:
    """An unknown cell on the page that asks about it."""

    cell: UnknownCell
    form: CellChoiceForm
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One changed member: field, from, to."""

    name: str
    returns: bool
    changes: Sequence[tuple[str, str, str]]


@roster.route("/roster/imports/<int:import_id>/cells", methods=["GET", "POST"])
@access(Role.COMMITTEE)
def import_cells(import_id: int) -> ResponseReturnValue:
    """Which cell each name means that the committee has not."""
    roster_import = the_open_import(import_id)
    unknown = queries.preview_import(db.session(), roster_import).unknown_cells
    parts = _cell_parts(unknown, (roster_import.choices or {}).get("cells", {}), roster_import.committee_id)
    valid = [part.form.validate() for part in parts] if request.method == "POST" else [False]
    if all(valid):
        decisions = {part.cell.key: part.form.choice.data for part in parts}
        services.decide_cells(db.session(), roster_import, decisions)
        return redirect(url_for("roster.save_import", import_id=import_id))
    failed = any(part.form.errors for part in parts)
    page = render_template("roster/cells.html", roster_import=roster_import, parts=parts, failed=failed)
    return page, 422 if failed else 200


@roster.route("/roster/imports/<int:import_id>/save", methods=["GET", "POST"])
@access(Role.COMMITTEE)
def save_import(import_id: int) -> ResponseReturnValue:
    """Step 5: what saving would change; then it is saved."""
    roster_import = the_open_import(import_id)
    preview = queries.preview_import(db.session(), roster_import)
    if preview.undecided_cells:
        return redirect(url_for("roster.import_cells", import_id=import_id))
    form = SaveForm()
    form.offer(preview.gone)
    if form.validate_on_submit():
        services.confirm_import(db.session(), roster_import, at=now_at(), remove_ids=form.remove.data or ())
        return redirect(url_for("roster.import_done", import_id=import_id))
    cell_names: dict[object, str] = {
        cell.id: cell.name for cell in list_cells(db.session(), roster_import.committee_id)
    }
    cell_names |= {f"{NEW}{key}": name for key, name in preview.cells_to_create.items()}
    page = render_template(
        "roster/save.html",
        roster_import=roster_import,
        preview=preview,
        form=form,
        new=[(one.read.row.full_name, cell_names.get(one.values["cell_id"], "")) for one in preview.new[:SHOWN_NAMES]],
        changes=[_change_line(one, cell_names) for one in preview.changed[:SHOWN_NAMES]],
        looked_at=_count_look(preview),
        shown_names=SHOWN_NAMES,
        has_unknown_cells=bool(preview.unknown_cells),
    )
    return page, 422 if form.errors else 200


@roster.get("/roster/imports/<int:import_id>/done")
@access(Role.COMMITTEE)
def import_done(import_id: int) -> ResponseReturnValue:
    """What was saved, and how to undo it."""
    roster_import = the_import(import_id)
    if roster_import.state in (ImportState.UPLOADED, ImportState.MAPPED):
        return redirect(url_for("roster.import_rows", import_id=import_id))
    newest = queries.last_saved_import(db.session(), roster_import.committee_id)
    return render_template(
        "roster/done.html",
        roster_import=roster_import,
        summary=roster_import.summary or {},
        state_word=IMPORT_STATE_WORDS[ImportState(roster_import.state)],
        may_undo=newest is not None and newest.id == import_id and queries.is_undoable(roster_import, now_at()),
    )


@roster.route("/roster/imports/<int:import_id>/discard", methods=["GET", "POST"])
@access(Role.COMMITTEE)
def discard_import(import_id: int) -> ResponseReturnValue:
    """Give an import up."""
    roster_import = the_open_import(import_id)
    if request.method == "POST":
        services.discard_import(db.session(), roster_import)
        flash(_("Đã bỏ lần nhập tệp %(file)s.", file=roster_import.filename), "good")
        return redirect(url_for("roster.members"))
    return render_template(
        "layouts/confirm.html",
        heading=_("Bỏ lần nhập tệp %(file)s?", file=roster_import.filename),
        explanation=[
            _("Những gì đã sửa trong lần nhập này sẽ mất. Danh sách đảng viên hiện có không thay đổi."),
        ],
        confirm_text=_("Bỏ lần nhập này"),
        cancel_url=url_for("roster.import_rows", import_id=import_id),
        dangerous=True,
    )


def _count_look(preview: queries.Preview) -> int:
    """How many rows are saved although they carry a warning that nobody has accepted."""
    reads = [*(one.read for one in preview.new), *(one.read for one in preview.changed)]
    return sum(read.tab is Tab.LOOK for read in reads)


def _cell_parts(unknown: Sequence[UnknownCell], decided: Mapping[str, str], committee_id: int) -> list[CellPart]:
    cells = list_cells(db.session(), committee_id)
    parts = []
    for number, cell in enumerate(unknown):
        # A near name that is not the same wants an answer of a person, not ours.
        is_doubtful = not cell.key or (bool(cell.near) and cell.usual == CREATE)
        proposed = decided.get(cell.key, "" if is_doubtful else cell.usual)
        form = CellChoiceForm(prefix=f"cell{number}", data={"choice": proposed})
        form.choice.label.text = (
            _("%(name)s: %(count)s đồng chí", name=cell.name, count=cell.count)
            if cell.key
            else _("Chưa ghi chi bộ: %(count)s đồng chí", count=cell.count)
        )
        form.offer(cell, cells, unknown)
        parts.append(CellPart(cell, form, bool(cell.near) or not cell.key))
    return parts


def _change_line(one: queries.ChangedMember, cell_names: Mapping[object, str]) -> ChangeLine:
    return ChangeLine(
        one.member.full_name,
        one.returns,
        [
            (str(FIELD_WORDS[name]), shown(name, old, cell_names), shown(name, new, cell_names))
            for name, (old, new) in one.changes.items()
        ],
    )
