"""Writing spreadsheets in which every text stays text: no formula, no link, no number that loses its first zero."""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, TextIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cardqueue.lib.clock import to_local
from cardqueue.lib.spreadsheet.shapes import CellValue, Table

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# What Excel would run when it opens a .csv; a signed number is harmless and a phone number stays one.
_STARTS_FORMULA = re.compile(r"[\s]*[=@]|[\s]*[+\-](?![0-9 ]*\Z)|[\t\r]")
_MAX_SHEET_NAME = 31
_MAX_TEXT = 32_767
_LIKELY_WIDTH = 16


def write_xlsx(target: Path | IO[bytes], tables: Sequence[Table]) -> None:
    """Write tables as the sheets of an .xlsx file, the header bold, frozen and filterable. Dates show as dd/MM/yyyy."""
    with xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, _OPTIONS) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        as_date = book.add_format({"num_format": "dd/mm/yyyy"})
        as_instant = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        taken: set[str] = set()
        for table in tables:
            sheet = book.add_worksheet(_sheet_name(table.name, taken))
            sheet.freeze_panes(1, 0)
            for column in range(len(table.header)):
                sheet.set_column(column, column, table.widths[column] if column < len(table.widths) else _LIKELY_WIDTH)
            for column, title in enumerate(table.header):
                sheet.write_string(0, column, _text(title), bold)
            last = 0
            for last, row in enumerate(table.rows, start=1):
                for column, value in enumerate(row):
                    _write(sheet, last, column, value, as_date, as_instant)
            if last and table.header:
                sheet.autofilter(0, 0, last, len(table.header) - 1)


def write_csv(target: TextIO, header: Sequence[str], rows: Iterable[Sequence[CellValue]]) -> None:
    """Write comma-separated text. A text that Excel would take for a formula gets an apostrophe in front."""
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_defused(value) for value in row])


def _write(sheet: Worksheet, row: int, column: int, value: CellValue, as_date: Format, as_instant: Format) -> None:
    match value:
        case None | "":
            return
        case bool():
            sheet.write_boolean(row, column, value)
        case int() | float():
            sheet.write_number(row, column, value)
        case datetime():
            # Excel knows no zones: an instant is shown on the Vietnamese clock.
            local = to_local(value).replace(tzinfo=None) if value.tzinfo else value
            sheet.write_datetime(row, column, local, as_instant)
        case date():
            sheet.write_datetime(row, column, value, as_date)
        case _:
            sheet.write_string(row, column, _text(value))


def _text(value: object) -> str:
    return _NOT_IN_XML.sub("", str(value))[:_MAX_TEXT]


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that Excel accepts, and that no earlier sheet has."""
    base = _NOT_IN_SHEET_NAMES.sub(" ", name).strip(" '")[:_MAX_SHEET_NAME] or "Sheet"
    unique, number = base, 1
    while unique.lower() in taken:
        number += 1
        ending = f" ({number})"
        unique = base[: _MAX_SHEET_NAME - len(ending)] + ending
    taken.add(unique.lower())
    return unique


def _defused(value: CellValue) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and _STARTS_FORMULA.match(text) else text
