"""The birth date of a roster row as figures, and the dates that it may have been before it was mistyped."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from cardqueue.lib.partial_date import read_date
from cardqueue.verification.engine.shapes import Figures

# Members are grown up: `05` is 2005, `25` is 1925.
_LAST_SHORT_YEAR = 10
_PLAIN = re.compile(r"\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})\s*\Z")
_DECIMAL = re.compile(r"(?<=\d{4})\.0\Z")
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z")
_FIRST_YEAR, _LAST_YEAR = 1880, 2100


class DateLevel(IntEnum):
    """How far two dates agree, best last."""

    MISSING = -1
    OTHER = 0
    SAME_YEAR = 1
    ONE_PART = 2
    SWAPPED = 3
    PARTIAL = 4
    EQUAL = 5


@lru_cache(maxsize=65536)
def read_birth(text: str) -> Figures:
    """The figures of a date as people type it; nothing known where it makes no sense."""
    text = _DECIMAL.sub("", text)
    found = _PLAIN.match(text)
    if found and _FIRST_YEAR < int(found[3]) < _LAST_YEAR:
        day, month = int(found[1]), int(found[2])
        if month <= 12 and day <= 31:
            return Figures(int(found[3]), month, day)
    value = read_date(text, last_short_year=_LAST_SHORT_YEAR).value
    if value is None or _is_short_year_first(text):
        return _figures_as_they_stand(text)
    return Figures(value.year, value.month or 0, value.day or 0)


@lru_cache(maxsize=65536)
def read_record_birth(text: str) -> Figures | None:
    """A registry's date, YYYY-MM-DD or YYYY; other ways of writing are read as in a roster. None where nobody can."""
    found = _ISO.match(text)
    if found:
        year, month, day = (int(part or 0) for part in found.groups())
        return Figures(year, month, day if month else 0) if month <= 12 and day <= 31 else None
    figures = read_birth(text)
    return figures if figures.year or not text.strip() else None


def date_level(a: Figures, b: Figures) -> DateLevel:
    """How far two dates agree; one that is less exact agrees where nothing known to both differs."""
    if not a.year or not b.year:
        return DateLevel.MISSING
    if a == b:
        return DateLevel.EQUAL
    differing = [x != y for x, y in zip(a, b, strict=True) if x and y]
    if not any(differing):
        return DateLevel.PARTIAL
    if a.is_full and b.is_full:
        if a.year == b.year and (a.month, a.day) == (b.day, b.month):
            return DateLevel.SWAPPED
        if sum(differing) == 1:
            return DateLevel.ONE_PART
    return DateLevel.SAME_YEAR if a.year == b.year else DateLevel.OTHER


def swapped(born: Figures) -> Figures | None:
    """Day and month exchanged, where that is another possible date."""
    if not born.is_full or born.day > 12 or born.day == born.month:
        return None
    return Figures(born.year, born.day, born.month)


def other_years(born: Figures) -> list[Figures]:
    """The same day in a year of which one figure was mistyped, or two exchanged, or that was counted wrongly."""
    if not born.is_full:
        return []
    text = f"{born.year:04d}"
    years = {int(text[:at] + digit + text[at + 1 :]) for at in (1, 2, 3) for digit in "0123456789"}
    years |= {int(text[:2] + text[3] + text[2]), *range(born.year - 12, born.year + 13)}
    return [
        Figures(year, born.month, born.day)
        for year in sorted(years)
        if _FIRST_YEAR < year < _LAST_YEAR and year != born.year
    ]


def _is_short_year_first(text: str) -> bool:
    parts = re.findall(r"\d+", text)
    return len(parts) == 3 and len(parts[0]) == 2 == len(parts[2]) and int(parts[0]) > 31


def _figures_as_they_stand(text: str) -> Figures:
    """What the figures say where no calendar has the date: 30/02/1950, 1950/13/01, words around them, 75/06/05."""
    parts = re.findall(r"\d+", text)
    if _is_short_year_first(text):
        return Figures(1900 + int(parts[0]), min(int(parts[1]), 12), min(int(parts[2]), 31))
    years = [part for part in parts if len(part) == 4 and _FIRST_YEAR < int(part) < _LAST_YEAR]
    if len(years) != 1:
        return Figures()
    rest = [int(part) for part in parts if part != years[0] and len(part) <= 2]
    if len(rest) != 2 or len(parts) != 3:
        return Figures(int(years[0]))
    day, month = rest if parts[0] != years[0] else reversed(rest)
    return Figures(int(years[0]), month if month <= 12 else 0, day if day <= 31 and month <= 12 else 0)
