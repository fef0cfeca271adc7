"""Parsing with calamine, in this process or in one of its own.

Calamine is fast, but compiled to end the whole process when a damaged .xls leads it astray (seen with files cut short).
An .xls is therefore parsed in a process of its own, so that no upload takes the server down. The zipped kinds carry
check sums that are verified beforehand, and are parsed in place.
"""

import io
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence

import python_calamine as calamine

from cardqueue.lib.spreadsheet.shapes import MergedRange, NotASpreadsheet, Refusal, Sheet, Workbook
from cardqueue.lib.spreadsheet.unpacking import MAX_CELLS

_TIMEOUT_SECONDS = 60


def parse(content: bytes, kind: str) -> Workbook:
    """Parse a whole workbook.

    Raises: NotASpreadsheet.
    """
    try:
        with calamine.load_workbook(io.BytesIO(content)) as book:
            sheets = [
                _read_sheet(book.get_sheet_by_name(data.name), data.visible == calamine.SheetVisibleEnum.Visible)
                for data in book.sheets_metadata
                if data.typ == calamine.SheetTypeEnum.WorkSheet
            ]
    except calamine.PasswordError as error:
        raise NotASpreadsheet(Refusal.PASSWORD) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise NotASpreadsheet(Refusal.DAMAGED) from error
    if not sheets:
        raise NotASpreadsheet(Refusal.DAMAGED)
    return Workbook(kind, sheets)


def parse_apart(content: bytes, kind: str) -> Workbook:
    """Parse a whole workbook in a process of its own; whatever kills that process is a damaged file.

    Raises: NotASpreadsheet.
    """
    try:
        child = subprocess.run(
            [sys.executable, "-m", "cardqueue.lib.spreadsheet.parsing", kind],
            input=content,
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise NotASpreadsheet(Refusal.DAMAGED) from error
    answer = pickle.loads(child.stdout)  # noqa: S301 - written by our own child process just above
    if isinstance(answer, Workbook):
        return answer
    raise NotASpreadsheet(Refusal(answer))


def _read_sheet(sheet: calamine.CalamineSheet, is_visible: bool) -> Sheet:
    # Calamine's "total" sizes are the indices of the last row and column: 0 for a sheet of one row.
    last = sheet.end
    if last is not None and (last[0] + 1) * (last[1] + 1) > MAX_CELLS:
        raise NotASpreadsheet(Refusal.UNPACKS_TOO_LARGE)
    rows: Sequence[Sequence[object]] = [] if last is None else sheet.to_python(skip_empty_area=False)
    ranges = sheet.merged_cell_ranges
    merged = None if ranges is None else [MergedRange(*start, *end) for start, end in ranges]
    return Sheet(sheet.name, rows, is_visible, merged)  # type: ignore[arg-type]


def _answer_parent() -> None:
    try:
        answer: Workbook | str = parse(sys.stdin.buffer.read(), sys.argv[1])
    except NotASpreadsheet as error:
        answer = error.refusal.value
    sys.stdout.buffer.write(pickle.dumps(answer))


if __name__ == "__main__":
    _answer_parent()
