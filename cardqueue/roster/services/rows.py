"""What a person does with single rows of a list before it is saved; every change is checked against all the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from cardqueue.core.errors import Conflict, Refused
from cardqueue.roster.models import ImportRow, ImportState, RosterImport
from cardqueue.roster.queries import (
    cell_ids_by_key,
    known_members,
    load_rows,
    numbers_taken_elsewhere,
    read_row,
)
from cardqueue.roster.reading import Field, RosterRow
from cardqueue.roster.rules.cells import cell_key
from cardqueue.roster.rules.matching import match_rows
from cardqueue.roster.rules.rows import (
    CheckedRow,
    Finding,
    check_rows,
    compare_with_each_other,
    findings_to_json,
    may_be_accepted,
    read_person,
    row_to_json,
)


def check_beside_list(session: Session, committee_id: int, rows: Sequence[RosterRow]) -> list[CheckedRow]:
    """Compare rows with each other, with the list that stands, and with the members of other committees."""
    compared = compare_with_each_other(rows)
    numbers = [row.citizen_id for row in compared if row.citizen_id]
    return check_rows(
        compared,
        taken_elsewhere=numbers_taken_elsewhere(session, committee_id, numbers),
        moved=_moved(session, committee_id, compared),
    )


def correct_row(
    session: Session, roster_import: RosterImport, kept: ImportRow, values: Mapping[Field, str], *, on: date
) -> CheckedRow:
    """Put typed values in the place of what a row said, and check the whole list again.

    Shapes: `values` as a list would have them ("02/1950", "nữ"); a field that is not named is taken as empty.

    Raises: Conflict("IMPORT_FINISHED").
    """
    require_mapped(roster_import)
    fictitious = (roster_import.choices or {}).get("fictitious_ids", False)
    row = read_person(values, on=on, fictitious_ids=fictitious, sheet=kept.sheet, row=kept.row)
    kept.values = row_to_json(row)
    kept.messages = findings_to_json([Finding.of(message) for message in row.messages])
    kept.is_accepted = kept.is_left_out = False
    check_again(session, roster_import)
    return read_row(kept).checked


def leave_out_row(session: Session, roster_import: RosterImport, kept: ImportRow) -> None:
    """Leave a row out of what is saved.

    Raises: Conflict("IMPORT_FINISHED").
    """
    require_mapped(roster_import)
    kept.is_left_out, kept.is_accepted = True, False
    check_again(session, roster_import)


def take_back_row(session: Session, roster_import: RosterImport, kept: ImportRow) -> None:
    """Take a row back that was left out or accepted.

    Raises: Conflict("IMPORT_FINISHED").
    """
    require_mapped(roster_import)
    kept.is_left_out = kept.is_accepted = False
    check_again(session, roster_import)


def accept_row(session: Session, roster_import: RosterImport, kept: ImportRow) -> None:
    """Take a row as it stands: what is wrong with it is for verification to settle.

    Raises: Refused("ROW_IS_WRONG") where another error remains; Conflict("IMPORT_FINISHED").
    """
    require_mapped(roster_import)
    if not may_be_accepted(read_row(kept).findings):
        raise Refused("ROW_IS_WRONG")
    kept.is_accepted = True
    session.flush()


def require_mapped(roster_import: RosterImport) -> None:
    """Refuse anything but an import whose rows were read and not yet saved.

    Raises: Conflict("IMPORT_FINISHED").
    """
    if roster_import.state != ImportState.MAPPED:
        raise Conflict("IMPORT_FINISHED")


def check_again(session: Session, roster_import: RosterImport) -> None:
    """Say anew what is to be said about every row, after any of them changed."""
    session.flush()
    reads = [read for read in load_rows(session, roster_import.id) if not read.kept.is_left_out]
    checked = check_beside_list(session, roster_import.committee_id, [read.row for read in reads])
    for read, new in zip(reads, checked, strict=True):
        if new.findings != read.findings or new.state != read.kept.state:
            read.kept.messages = findings_to_json(new.findings)
            read.kept.state = new.state
            read.kept.is_accepted = read.kept.is_accepted and may_be_accepted(new.findings)
    session.flush()


def _moved(session: Session, committee_id: int, rows: Sequence[RosterRow]) -> dict[int, tuple[str, str]]:
    """Rows that name another cell than the one where their member stands.

    Shapes: index of the row → (cell of the list, cell where the member stands).
    """
    known = known_members(session, committee_id)
    cells = cell_ids_by_key(session, committee_id)
    keys = [cell_key(row.cell or "") for row in rows]
    met = match_rows(rows, keys, [one for _, one in known.values()])
    return {
        index: (rows[index].cell or "", known[one.id][0].cell.name)
        for index, one in met.items()
        if keys[index] in cells and cells[keys[index]] != known[one.id][0].cell_id and not one.is_removed
    }
