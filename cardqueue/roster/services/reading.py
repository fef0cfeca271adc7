"""From a file to checked rows: upload, the sheets and headers to read, what each column holds."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import PurePath

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.core.audit import actor_of, record
from cardqueue.core.errors import Conflict, Refused
from cardqueue.lib.clock import to_local
from cardqueue.lib.names import clean
from cardqueue.lib.spreadsheet import Workbook, read_workbook
from cardqueue.roster.models import ColumnMemory, ImportRow, ImportState, RosterImport
from cardqueue.roster.reading import Field, SheetChoice, SheetGuess, look_at, read_rows
from cardqueue.roster.rules.layouts import Layout, choice_under, columns_of, group_alike, signature_of
from cardqueue.roster.rules.rows import findings_to_json, row_to_json
from cardqueue.roster.services.rows import check_beside_list

# A text file becomes a sheet of its own name, which has to fit into the rows' table.
LONGEST_STEM = 60
_NAMES = frozenset({Field.NAME, Field.FAMILY_NAMES})


@dataclass(frozen=True, slots=True)
class SheetReading:
    """A sheet that a person wants read. Units: `header_row` counts from 1, 0 for a list without titles."""

    sheet: str
    header_row: int
    header_row_count: int
    cell_name: str | None = None


def upload_list(
    session: Session, committee_id: int, filename: str, content: bytes, *, at: datetime, fictitious_ids: bool = False
) -> RosterImport:
    """Keep a file, with a first guess at what it holds. `fictitious_ids` as in `reading.read_rows`.

    Raises: NotASpreadsheet where nothing can be read; Refused("LIST_EMPTY") for a workbook without any cell.
    """
    name = _short_name(filename)
    workbook = read_workbook(content, name)
    if not any(sheet.rows for sheet in workbook.sheets):
        raise Refused("LIST_EMPTY")
    guesses = look_at(workbook)
    made = RosterImport(
        committee_id=committee_id,
        filename=name,
        content=base64.b64encode(content).decode("ascii"),
        state=ImportState.UPLOADED,
        choices={"fictitious_ids": fictitious_ids},
        uploaded_by=actor_of(session),
        uploaded_at=at,
    )
    session.add(made)
    session.flush()
    _keep_choices(session, made, workbook, [guess.choice for guess in guesses if guess.is_list])
    record(
        session,
        "roster.upload",
        f"import:{made.id}",
        after={"filename": name, "bytes": len(content)},
        committee_id=committee_id,
    )
    return made


def open_workbook(roster_import: RosterImport) -> tuple[Workbook, list[SheetGuess]]:
    """The uploaded file, and what its sheets look like.

    Raises: Conflict("IMPORT_PURGED") once the file is no longer kept.
    """
    if roster_import.content is None:
        raise Conflict("IMPORT_PURGED")
    workbook = read_workbook(base64.b64decode(roster_import.content), roster_import.filename)
    return workbook, look_at(workbook)


def choose_sheets(session: Session, roster_import: RosterImport, wanted: Sequence[SheetReading]) -> None:
    """Say which sheets to read and where their headers stand; the columns are guessed anew.

    Raises: Refused("NO_SHEET_CHOSEN"), Conflict("IMPORT_FINISHED").
    """
    require_open(roster_import)
    if not wanted:
        raise Refused("NO_SHEET_CHOSEN")
    workbook, guesses = open_workbook(roster_import)
    by_name = {guess.sheet: guess for guess in guesses}
    choices = [
        choice_under(
            workbook.sheet(one.sheet),
            by_name[one.sheet],
            header_row=one.header_row,
            header_row_count=one.header_row_count,
            cell_name=clean(one.cell_name or "") or None,
        )
        for one in wanted
    ]
    _keep_choices(session, roster_import, workbook, choices)


def list_layouts(roster_import: RosterImport) -> list[Layout]:
    """The chosen sheets by layout, each with its columns, samples and what they were taken for."""
    workbook, _ = open_workbook(roster_import)
    return _layouts(workbook, kept_choices(roster_import))


def choose_columns(
    session: Session, roster_import: RosterImport, columns: Sequence[Mapping[int, Field]], *, on: date, at: datetime
) -> None:
    """Say what the columns of each layout hold, in the order of `list_layouts`; read the rows; remember the choice.

    Rows read before, and what was corrected in them, are replaced.

    Raises: Refused("NAME_COLUMN_MISSING"), Refused("NOBODY_READ"), Conflict("IMPORT_FINISHED").
    """
    require_open(roster_import)
    workbook, _ = open_workbook(roster_import)
    layouts = _layouts(workbook, kept_choices(roster_import))
    fields_of: dict[str, Mapping[int, Field]] = {}
    for layout, fields in zip(layouts, columns, strict=True):
        if not _NAMES & set(fields.values()):
            raise Refused("NAME_COLUMN_MISSING")
        fields_of |= dict.fromkeys(layout.sheets, fields)
        _remember(session, roster_import.committee_id, layout.signature, fields, at)
    choices = [replace(choice, columns=fields_of[choice.sheet]) for choice in kept_choices(roster_import)]
    _set_choices(roster_import, choices)
    _read(session, roster_import, workbook, on)


def import_file(
    session: Session, committee_id: int, filename: str, content: bytes, *, at: datetime, fictitious_ids: bool = False
) -> RosterImport:
    """Upload a list and read it as guessed, without anybody correcting the guess.

    Raises: NotASpreadsheet, Refused("LIST_EMPTY"), Refused("NO_SHEET_CHOSEN"), Refused("NOBODY_READ").
    """
    made = upload_list(session, committee_id, filename, content, at=at, fictitious_ids=fictitious_ids)
    if not kept_choices(made):
        raise Refused("NO_SHEET_CHOSEN")
    workbook, _ = open_workbook(made)
    _read(session, made, workbook, to_local(at).date())
    return made


def discard_import(session: Session, roster_import: RosterImport) -> None:
    """Give an import up before it was saved; its file and rows are deleted.

    Raises: Conflict("IMPORT_FINISHED").
    """
    require_open(roster_import)
    forget_contents(session, roster_import)
    roster_import.state = ImportState.DISCARDED
    session.flush()
    record(session, "roster.discard_import", f"import:{roster_import.id}", committee_id=roster_import.committee_id)


def kept_choices(roster_import: RosterImport) -> list[SheetChoice]:
    """The sheets to read, as far as chosen."""
    return [SheetChoice.from_dict(choice) for choice in (roster_import.choices or {}).get("sheets", ())]


def require_open(roster_import: RosterImport) -> None:
    """Refuse to change an import that was saved, undone or given up.

    Raises: Conflict("IMPORT_FINISHED").
    """
    if roster_import.state not in (ImportState.UPLOADED, ImportState.MAPPED):
        raise Conflict("IMPORT_FINISHED")


def forget_contents(session: Session, roster_import: RosterImport) -> None:
    """Delete the file and the rows of an import; that it took place stays known."""
    roster_import.content = None
    session.execute(sa.delete(ImportRow).where(ImportRow.import_id == roster_import.id))


def _layouts(workbook: Workbook, choices: Sequence[SheetChoice]) -> list[Layout]:
    return group_alike([(choice, columns_of(workbook.sheet(choice.sheet), choice)) for choice in choices])


def _keep_choices(
    session: Session, roster_import: RosterImport, workbook: Workbook, choices: Sequence[SheetChoice]
) -> None:
    """Keep choices, with the columns as this committee chose them the last time it had such headers."""
    signatures = {choice.sheet: signature_of(columns_of(workbook.sheet(choice.sheet), choice)) for choice in choices}
    remembered = {
        memory.signature: memory.columns
        for memory in session.scalars(
            sa.select(ColumnMemory).where(
                ColumnMemory.committee_id == roster_import.committee_id,
                ColumnMemory.signature.in_(set(signatures.values()) - {""}),
            )
        )
    }
    _set_choices(
        roster_import,
        [
            replace(choice, columns={int(column): Field(field) for column, field in known.items()})
            if (known := remembered.get(signatures[choice.sheet]))
            else choice
            for choice in choices
        ],
    )
    session.flush()


def _set_choices(roster_import: RosterImport, choices: Sequence[SheetChoice]) -> None:
    # A new dict: SQLAlchemy does not see changes inside a JSON value.
    roster_import.choices = {**(roster_import.choices or {}), "sheets": [choice.as_dict() for choice in choices]}


def _remember(session: Session, committee_id: int, signature: str, fields: Mapping[int, Field], at: datetime) -> None:
    if not signature:
        return
    columns = {str(column): field.value for column, field in fields.items()}
    memory = session.scalar(
        sa.select(ColumnMemory).where(ColumnMemory.committee_id == committee_id, ColumnMemory.signature == signature)
    )
    if memory is None:
        session.add(ColumnMemory(committee_id=committee_id, signature=signature, columns=columns, used_at=at))
    else:
        memory.columns, memory.used_at = columns, at
    session.flush()


def _read(session: Session, roster_import: RosterImport, workbook: Workbook, on: date) -> None:
    choices = roster_import.choices or {}
    rows = read_rows(workbook, kept_choices(roster_import), on=on, fictitious_ids=choices.get("fictitious_ids", False))
    if not rows:
        raise Refused("NOBODY_READ")
    session.execute(sa.delete(ImportRow).where(ImportRow.import_id == roster_import.id))
    session.execute(
        sa.insert(ImportRow),
        [
            {
                "import_id": roster_import.id,
                "sheet": checked.row.sheet,
                "row": checked.row.row,
                "state": checked.state,
                "values": row_to_json(checked.row),
                "messages": findings_to_json(checked.findings),
                "is_left_out": False,
                "is_accepted": False,
            }
            for checked in check_beside_list(session, roster_import.committee_id, rows)
        ],
    )
    roster_import.choices = {**choices, "cells": {}}
    roster_import.state = ImportState.MAPPED
    session.flush()


def _short_name(filename: str) -> str:
    path = PurePath(clean(filename).replace("\\", "/"))
    return f"{path.stem[:LONGEST_STEM] or 'danh-sach'}{path.suffix[:10]}"
