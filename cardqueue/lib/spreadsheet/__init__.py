"""Spreadsheets: reading whatever an office saved, and writing files that no spreadsheet program mistakes for formulas.

`read_workbook` takes .xlsx, .xls, .ods, .csv and .tsv by their content, whatever the file is called;
`DelimitedRows` reads delimited text of any size row by row;
`write_xlsx` and `write_csv` write text that stays text; `fill_cells` writes into somebody else's .xlsx.
"""

from cardqueue.lib.spreadsheet.filling import fill_cells
from cardqueue.lib.spreadsheet.reading import MAX_BYTES, read_workbook
from cardqueue.lib.spreadsheet.shapes import (
    CellValue,
    MergedRange,
    NotASpreadsheet,
    Refusal,
    Sheet,
    Table,
    Workbook,
)
from cardqueue.lib.spreadsheet.streaming import BrokenRow, Damage, DelimitedRows
from cardqueue.lib.spreadsheet.writing import write_csv, write_xlsx

__all__ = [
    "MAX_BYTES",
    "BrokenRow",
    "CellValue",
    "Damage",
    "DelimitedRows",
    "MergedRange",
    "NotASpreadsheet",
    "Refusal",
    "Sheet",
    "Table",
    "Workbook",
    "fill_cells",
    "read_workbook",
    "write_csv",
    "write_xlsx",
]
