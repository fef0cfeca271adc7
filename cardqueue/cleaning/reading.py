"""A list of members in a file, in any layout that the roster knows, as entries to be compared."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cardqueue.cleaning.rules.comparison import Entry
from cardqueue.core.errors import Refused
from cardqueue.lib.spreadsheet import read_workbook
from cardqueue.roster.reading import RosterRow, look_at, read_rows


def read_entries(source: Path | bytes, name: str, *, on: date) -> list[Entry]:
    """The people of a file. `on` is the day that ages are reckoned for.

    Raises: NotASpreadsheet where nothing can be read; Refused("NO_LIST_IN_FILE"), Refused("NOBODY_READ").
    """
    workbook = read_workbook(source, name)
    choices = [guess.choice for guess in look_at(workbook) if guess.is_list]
    if not choices:
        raise Refused("NO_LIST_IN_FILE")
    rows = read_rows(workbook, choices, on=on, fictitious_ids=True)
    if not rows:
        raise Refused("NOBODY_READ")
    return entries_of_rows(rows)


def entries_of_rows(rows: list[RosterRow]) -> list[Entry]:
    """Rows of a list as entries, each with the place where people find it: its row, with the sheet among several."""
    has_sheets = len({row.sheet for row in rows}) > 1
    return [
        Entry(
            f"{row.sheet}!{row.row}" if has_sheets else str(row.row),
            row.full_name,
            cell=row.cell or "",
            birth_on=_text(row.birth_on),
            sex=_text(row.sex),
            citizen_id=row.citizen_id or "",
            card_no=row.card_no or "",
            joined_on=_text(row.joined_on),
            official_on=_text(row.official_on),
        )
        for row in rows
    ]


def _text(value: object) -> str:
    return "" if value is None else str(value)
