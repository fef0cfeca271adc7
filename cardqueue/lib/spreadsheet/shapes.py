"""The shapes of spreadsheets, read and to be written, and the one error of reading."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

CellValue = str | int | float | bool | date | datetime | time | timedelta | None


class MergedRange(NamedTuple):
    """Cells merged into one. Units: all four bounds count from 0 and belong to the range."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as read: its rows from the very first one, each as wide as the widest.

    Shapes: `merged` is None where the format does not tell (.ods, .csv); an empty cell is `""`.
    """

    name: str
    rows: Sequence[Sequence[CellValue]]
    is_visible: bool = True
    merged: Sequence[MergedRange] | None = None


@dataclass(frozen=True, slots=True)
class Workbook:
    """All sheets of a file, in their order. `kind` is `xlsx`, `xls`, `ods` or `csv`."""

    kind: str
    sheets: Sequence[Sheet]

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name.

        Raises: KeyError when there is none.
        """
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet to be written: a header row and rows below it. Units: `widths` in characters."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[CellValue]]
    widths: Sequence[int] = field(default=())


class Refusal(StrEnum):
    """Why a file cannot be read."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    OTHER_KIND = "other_kind"
    WEB_PAGE = "web_page"
    PASSWORD = "password"  # noqa: S105 - a reason, not a secret
    DAMAGED = "damaged"


_REASONS = {
    Refusal.EMPTY: "the file is empty",
    Refusal.TOO_LARGE: "the file is larger than 10 MB",
    Refusal.UNPACKS_TOO_LARGE: "the file unpacks to more than a list can hold",
    Refusal.OTHER_KIND: "the file is no spreadsheet (.xlsx, .xls, .ods or .csv)",
    Refusal.WEB_PAGE: "the file is a web page under the name of a spreadsheet; open it in Excel and save it as .xlsx",
    Refusal.PASSWORD: "the file is protected by a password",
    Refusal.DAMAGED: "the file is damaged or cut short",
}


class NotASpreadsheet(Exception):
    """The file cannot be read as a spreadsheet; `refusal` says why, `str()` in plain words."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(_REASONS[refusal])
        self.refusal = refusal
