"""Writes of the roster: lists read, corrected, saved and undone; members added, changed and removed."""

from cardqueue.roster.services.accepting import Accepted, accept_all_rows
from cardqueue.roster.services.members import (
    PersonDetails,
    add_member,
    change_contact,
    change_member,
    remove_member,
    reveal_citizen_id,
)
from cardqueue.roster.services.purging import purge_old_imports
from cardqueue.roster.services.reading import (
    SheetReading,
    choose_columns,
    choose_sheets,
    discard_import,
    import_file,
    list_layouts,
    open_workbook,
    upload_list,
)
from cardqueue.roster.services.rows import accept_row, correct_row, leave_out_row, take_back_row
from cardqueue.roster.services.saving import confirm_import, decide_cells
from cardqueue.roster.services.undoing import Undone, list_created_ids, undo_import

__all__ = [
    "Accepted",
    "PersonDetails",
    "SheetReading",
    "Undone",
    "accept_all_rows",
    "accept_row",
    "add_member",
    "change_contact",
    "change_member",
    "choose_columns",
    "choose_sheets",
    "confirm_import",
    "correct_row",
    "decide_cells",
    "discard_import",
    "import_file",
    "leave_out_row",
    "list_created_ids",
    "list_layouts",
    "open_workbook",
    "purge_old_imports",
    "remove_member",
    "reveal_citizen_id",
    "take_back_row",
    "undo_import",
    "upload_list",
]
