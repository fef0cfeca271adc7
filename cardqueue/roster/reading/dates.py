"""Dates of a whole column: whether its figures stand day first, and what an American Excel did to them.

An Excel set to the United States reads 05/06/1931, typed for 5 June, as May 6 and stores that date; 25/06/1931 makes no
American date and stays text. So a column whose texts all have days above 12, and whose real dates all have days up to
12, holds its real dates with day and month exchanged.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cardqueue.lib.cell_text import text_of
from cardqueue.lib.partial_date import DateFlag, DateReading, read_date

_ENOUGH = 3
_DATE = re.compile(r"\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*\d{2,4}|\d{1,2}\s*/\s*\d{4}|\b\d{4}\b")


@dataclass(frozen=True, slots=True)
class DateHabit:
    """How the dates of a column are to be read. Units: `last_short_year` as in `read_date`."""

    last_short_year: int
    month_first: bool = False
    real_dates_swapped: bool = False

    def read(self, value: object) -> DateReading:
        """Read one date of the column."""
        reading = read_date(value, month_first=self.month_first, last_short_year=self.last_short_year)
        if self.real_dates_swapped and isinstance(value, date) and reading.value and (meant := reading.value.swapped):
            return DateReading(reading.found, meant, reading.flags | {DateFlag.MONTH_FIRST})
        return reading


@dataclass(frozen=True, slots=True)
class DateHabits:
    """The habits of the dates in one list."""

    birth: DateHabit
    joined: DateHabit
    official: DateHabit


def habit_of(values: Iterable[object], last_short_year: int) -> DateHabit:
    """The habit that the dates of a column betray."""
    held = list(values)
    texts = [read_date(value) for value in held if isinstance(value, str)]
    complete = [reading for reading in texts if reading.value and reading.value.is_complete]
    month_first = sum(DateFlag.MONTH_FIRST in reading.flags for reading in complete)
    either_way = sum(DateFlag.AMBIGUOUS in reading.flags for reading in complete)
    day_first = sum(reading.value is not None and (reading.value.day or 0) > 12 for reading in complete) - month_first
    real = [value.day for value in held if isinstance(value, date)]
    return DateHabit(
        last_short_year,
        month_first=month_first >= _ENOUGH and day_first == 0,
        real_dates_swapped=(
            day_first >= _ENOUGH and not month_first and not either_way and len(real) >= _ENOUGH and max(real) <= 12
        ),
    )


def find_dates(value: object) -> list[str]:
    """The dates that stand in one text, in their order ("03/02/1985, 03/02/1986")."""
    return _DATE.findall(text_of(value)) if isinstance(value, str) else []
