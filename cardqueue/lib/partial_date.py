"""Dates of which only the year, or the month and year, may be known; read from whatever a spreadsheet holds.

Source: old members know only their year of birth. Lists hold `1975`, `00/02/1950`, `2/1950`, real dates, the serial
numbers of Excel, and days swapped with months by an Excel that was set to the United States.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cardqueue.lib.cell_text import is_blank, text_of
from cardqueue.lib.names import search_key

FIRST_YEAR, LAST_YEAR = 1880, 2100
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(5_000, 73_415)
# 1975 typed into a cell that is formatted as a date shows as this serial's day, in 1905: nobody's birthday.
_YEARS_AS_SERIALS = range(1900, 2031)

_ISO = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?\Z")
_MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS = {name: str(number) for number, name in enumerate(_MONTH_NAMES.split(" "), start=1)}
_ROMAN_NAMES = "i ii iii iv v vi vii viii ix x xi xii"
_ROMAN = {name: str(number) for number, name in enumerate(_ROMAN_NAMES.split(" "), start=1)}
_TIME = re.compile(r"[ t]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]m)?\Z")
_UNIVERSAL_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{3,6})?)?[Zz]\Z")
_DATE_WORDS = frozenset(("ngay", "thang", "nam", "sinh", "mon", "tue", "wed", "thu", "fri", "sat", "sun"))
_UNKNOWN_PART = re.compile(r"(?:(?<=^)|(?<=/))\s*[x?.…_*\-]+\s*(?=/)")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the year, the month or the day. `str()` gives `1950`, `1950-02` or `1950-02-01`.

    Raises: ValueError for a date that no calendar has.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day without its month is no date")
        date(self.year, self.month or 1, self.day or 1)

    def __str__(self) -> str:
        known = [f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part is not None)]
        return "-".join(known)

    @classmethod
    def from_iso(cls, text: str) -> "PartialDate":
        """Read back what `str()` wrote.

        Raises: ValueError for any other text.
        """
        found = _ISO.match(text)
        if not found:
            raise ValueError(f"not a partial date: {text!r}")
        year, month, day = found.groups()
        return cls(int(year), int(month) if month else None, int(day) if day else None)

    @classmethod
    def from_date(cls, on: date) -> "PartialDate":
        """A date known to the day."""
        return cls(on.year, on.month, on.day)

    @property
    def is_complete(self) -> bool:
        """Whether the day is known."""
        return self.day is not None

    @property
    def earliest(self) -> date:
        """The first day it may mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day it may mean."""
        if self.is_complete:
            return self.earliest
        if self.month is None or self.month == 12:
            return date(self.year, 12, 31)
        return date(self.year, self.month + 1, 1) - timedelta(days=1)

    @property
    def swapped(self) -> "PartialDate | None":
        """The same figures with day and month exchanged, where that is another possible date."""
        if self.day is None or self.month is None or self.day > 12 or self.day == self.month:
            return None
        return PartialDate(self.year, self.day, self.month)

    def agrees_with(self, other: "PartialDate") -> bool:
        """Whether the two may be the same day: nothing known to both differs."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(a == b for a, b in pairs if a is not None and b is not None)

    def display(self) -> str:
        """As offices write it: `1950`, `02/1950`, `01/02/1950`."""
        return "/".join(f"{part:02d}" for part in (self.day, self.month, self.year) if part is not None)


class DateFlag(StrEnum):
    """What a reader should know about how a date was understood."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    IMPOSSIBLE = "impossible"
    PARTIAL = "partial"
    AMBIGUOUS = "ambiguous"
    MONTH_FIRST = "month_first"
    SERIAL = "serial"
    TWO_DIGIT_YEAR = "two_digit_year"


@dataclass(frozen=True, slots=True)
class DateReading:
    """A date as a cell gives it. `value` is None where `flags` say missing, unreadable or impossible."""

    found: str
    value: PartialDate | None = None
    flags: frozenset[DateFlag] = frozenset()


def read_date(value: object, *, month_first: bool = False, last_short_year: int = 30) -> DateReading:
    """Read a date from a cell of any type, day before month unless the figures or `month_first` say otherwise.

    Units: a two-digit year up to `last_short_year` is of the 2000s, a later one of the 1900s.
    """
    if isinstance(value, date):
        return _read_real_date(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _read_number(value)
    if is_blank(value):
        return DateReading("", flags=frozenset({DateFlag.MISSING}))
    return _read_text(text_of(value), month_first, last_short_year)


def _read_real_date(value: date) -> DateReading:
    on = value.date() if isinstance(value, datetime) else value
    serial = (on - _EXCEL_EPOCH).days
    if serial in _YEARS_AS_SERIALS:
        return _reading(str(serial), PartialDate(serial))
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        return _failed(on.isoformat(), DateFlag.IMPOSSIBLE)
    return _reading(f"{on:%d/%m/%Y}", PartialDate.from_date(on))


def _read_number(value: float) -> DateReading:
    found = text_of(value)
    if not found or value == 0:
        return _failed("", DateFlag.MISSING)
    if value == int(value) and FIRST_YEAR <= value <= LAST_YEAR:
        return _reading(found, PartialDate(int(value)))
    if int(value) in _SERIALS:
        return _reading(found, PartialDate.from_date(_EXCEL_EPOCH + timedelta(days=int(value))), DateFlag.SERIAL)
    if value == int(value) and len(found) in (7, 8):
        return _read_run_together(found, found.zfill(8))
    if 1 < value < 13 and FIRST_YEAR <= round(value % 1 * 10_000) <= LAST_YEAR:
        # `2.1950`, meant as February 1950, was stored as the number 2.195.
        return _read_text(f"{value:.4f}", month_first=False, last_short_year=0)
    return _failed(found, DateFlag.UNREADABLE)


def _read_run_together(found: str, digits: str) -> DateReading:
    """ddmmyyyy without separators, or yyyymmdd where only that makes a date."""
    day_first = (int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    year_first = (int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    for year, month, day in (day_first, year_first):
        if value := _possible(year, month, day):
            return _reading(found, value)
    return _failed(found, DateFlag.UNREADABLE)


def _apart(figures: list[str]) -> list[str]:
    """The figures with a lost separator put back: `05/061950`, `0506/1950`."""
    match figures:
        case [day, rest] if len(day) <= 2 and len(rest) == 6:
            return [day, rest[:2], rest[2:]]
        case [rest, year] if len(rest) == len(year) == 4 and not FIRST_YEAR <= int(rest) <= LAST_YEAR:
            return [rest[:2], rest[2:], year]
    return figures


def _read_figure(text: str, figure: str, last_short_year: int) -> DateReading:
    """A year, the serial number of a day, or a date without separators."""
    match len(figure):
        case 4:
            return _read_parts(text, int(figure), 0, 0)
        case 5 if int(figure) in _SERIALS:
            return _read_number(int(figure))
        case 6:
            return _read_six(text, figure, last_short_year)
        case 7 | 8:
            return _read_run_together(text, figure.zfill(8))
    return _failed(text, DateFlag.UNREADABLE)


def _read_six(found: str, digits: str, last_short_year: int) -> DateReading:
    """mmyyyy or yyyymm where that makes a date, else ddmmyy."""
    short = int(digits[4:])
    century = 2000 if short <= last_short_year else 1900
    for year, month, day in (
        (int(digits[2:]), int(digits[:2]), 0),
        (int(digits[:4]), int(digits[4:]), 0),
        (century + short, int(digits[2:4]), int(digits[:2])),
    ):
        if month and (value := _possible(year, month, day)):
            return _reading(found, value, *([DateFlag.TWO_DIGIT_YEAR] if day else []))
    return _failed(found, DateFlag.UNREADABLE)


def _read_text(text: str, month_first: bool, last_short_year: int) -> DateReading:
    if _UNIVERSAL_TIME.match(text):
        # Midnight in Vietnam, written by a program for London: 17:00 of the day before, or 16:00 in some years.
        return _read_real_date(datetime.fromisoformat(text.upper()) + timedelta(hours=12))
    figures, has_month_word = _figures(text)
    figures = _apart(figures)
    match figures:
        case [figure]:
            return _read_figure(text, figure, last_short_year)
        case [year, month] if len(year) == 4:
            return _read_parts(text, int(year), int(month), 0)
        case [year, month, day] if len(year) == 4:
            return _read_parts(text, int(year), int(month), int(day))
        case [*_, year] if len(figures) in (2, 3) and (len(year) == 4 or len(year) == 2):
            short = len(year) == 2
            century = 0 if not short else 2000 if int(year) <= last_short_year else 1900
            flags = [DateFlag.TWO_DIGIT_YEAR] if short else []
            if len(figures) == 2:
                return _read_parts(text, century + int(year), int(figures[0]), 0, *flags)
            first, second = int(figures[0]), int(figures[1])
            if has_month_word:
                return _read_parts(text, century + int(year), second, first, *flags)
            return _read_either_way(text, century + int(year), first, second, month_first, flags)
    return _failed(text, DateFlag.UNREADABLE)


def _figures(text: str) -> tuple[list[str], bool]:
    """The figures of a date in their order, and whether a word named the month. Nothing for other text.

    Shapes: a part written as unknown (`xx/xx/1950`) counts as 0; a month word is moved behind the day.
    """
    plain = re.sub(r"\(.*?\)", " ", _TIME.sub("", text.lower().strip()))
    pieces = re.split(r"[^\w:]+", _UNKNOWN_PART.sub("0", plain))
    figures: list[str] = []
    month: str | None = None
    for piece in filter(None, pieces):
        if piece.isascii() and piece.isdecimal():
            figures.append(piece)
        elif piece[:3] in _MONTHS and piece.isalpha() and month is None:
            month = _MONTHS[piece[:3]]
        elif piece in _ROMAN and month is None:
            month = _ROMAN[piece]
        elif search_key(piece) not in _DATE_WORDS:
            return [], False
    if month is not None:
        figures.insert(len(figures) - 1, month)
    return figures, month is not None


def _read_either_way(
    text: str, year: int, first: int, second: int, month_first: bool, flags: list[DateFlag]
) -> DateReading:
    """Day and month in the expected order, or in the other where only that makes a date."""
    day, month = (second, first) if month_first else (first, second)
    if _possible(year, month, day):
        if _possible(year, day, month) and day != month and day and month:
            flags = [*flags, DateFlag.AMBIGUOUS]
        return _read_parts(text, year, month, day, *flags, *([DateFlag.MONTH_FIRST] if month_first else []))
    if _possible(year, day, month):
        return _read_parts(text, year, day, month, *flags, *([] if month_first else [DateFlag.MONTH_FIRST]))
    return _failed(text, DateFlag.IMPOSSIBLE)


def _read_parts(text: str, year: int, month: int, day: int, *flags: DateFlag) -> DateReading:
    value = _possible(year, month, day)
    return _reading(text, value, *flags) if value else _failed(text, DateFlag.IMPOSSIBLE)


def _possible(year: int, month: int, day: int) -> PartialDate | None:
    """The date, less exact where day or month is 0; None where no calendar has it."""
    if not FIRST_YEAR <= year <= LAST_YEAR or day > 31:
        return None
    try:
        return PartialDate(year, month or None, (day or None) if month else None)
    except ValueError:
        return None


def _reading(found: str, value: PartialDate, *flags: DateFlag) -> DateReading:
    partial = () if value.is_complete else (DateFlag.PARTIAL,)
    return DateReading(found, value, frozenset((*flags, *partial)))


def _failed(found: str, flag: DateFlag) -> DateReading:
    return DateReading(found, flags=frozenset({flag}))
