"""Reads of the roster: members, imports and their rows, and what saving an import would change."""

from cardqueue.roster.queries.imports import (
    UNDO_HOURS,
    ReadRow,
    count_tabs,
    find_import,
    find_row,
    is_undoable,
    last_saved_import,
    list_open_imports,
    load_rows,
    read_row,
    rows_query,
)
from cardqueue.roster.queries.members import (
    cell_ids_by_key,
    find_member,
    known_members,
    members_query,
    numbers_taken_elsewhere,
)
from cardqueue.roster.queries.preview import ChangedMember, NewMember, Preview, preview_import

__all__ = [
    "UNDO_HOURS",
    "ChangedMember",
    "NewMember",
    "Preview",
    "ReadRow",
    "cell_ids_by_key",
    "count_tabs",
    "find_import",
    "find_member",
    "find_row",
    "is_undoable",
    "known_members",
    "last_saved_import",
    "list_open_imports",
    "load_rows",
    "members_query",
    "numbers_taken_elsewhere",
    "preview_import",
    "read_row",
    "rows_query",
]
