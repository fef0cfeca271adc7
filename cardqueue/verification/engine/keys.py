"""What a row's records are looked up by: numbers, names and dates as they may have been before they were mistyped.

The same for every source of records; each turns them into keys of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from cardqueue.verification.engine.dates import other_years, swapped
from cardqueue.verification.engine.evidence import Evidence
from cardqueue.verification.engine.names import name_key, word_key
from cardqueue.verification.engine.numbers import variants
from cardqueue.verification.engine.shapes import Figures

#: A name that more people have than this is no help without a date.
RARE: Final = 40
#: One that more people have than this is no help with a year either: whoever shares both is one of a dozen.
COMMON: Final = 1_000


def numbers_near(evidence: Evidence) -> set[int]:
    """The row's number, and all that are one typing error away."""
    numbers = variants(evidence.number)
    if evidence.number.number:
        numbers.add(int(evidence.number.number))
    return numbers


def dates(evidence: Evidence) -> list[Figures]:
    """The birth date, and the one with day and month exchanged."""
    other_order = swapped(evidence.born)
    return [born for born in (evidence.born, other_order) if born and born.year]


def names(evidence: Evidence) -> list[int]:
    """The keys of the name's readings."""
    return sorted({name_key(words) for words in evidence.name.readings})


def same_name_same_date(evidence: Evidence) -> list[tuple[int, int, int]]:
    """Names with the dates that may be this one. Shapes: key of a name, first and last date as yyyymmdd."""
    return _spread(evidence, _same_dates(evidence.born))


def same_name_near_date(evidence: Evidence, common: Collection[int] = ()) -> list[tuple[int, int, int]]:
    """Names with the years around the date, and the same day in a year that may have been mistyped.

    Names that are `common` only go with dates of which one part is another.
    """
    known = names(evidence)
    near, one_part = list(_near_dates(evidence.born)), list(_one_part_dates(evidence.born))
    return [(name, low, high) for name in known for low, high in (one_part if name in common else near)]


def given_names(evidence: Evidence) -> list[tuple[int, int]]:
    """Birth dates with given names. Shapes: date as yyyymmdd, key of a word."""
    # The first word too: in some lists the given name stands in front.
    givens = _outer_words(evidence)
    return [(born.as_int, given) for born in dates(evidence) for given in givens]


def families(evidence: Evidence) -> set[int]:
    """The keys of the words that may be the family name: the first, or the last where the given name is in front.

    None where a name is one word, a slip in which leaves nothing to go by.
    """
    is_one_word = any(len(words) < 2 for words in evidence.name.readings)
    return set() if is_one_word else _outer_words(evidence)


def _outer_words(evidence: Evidence) -> set[int]:
    return {word_key(words[at]) for words in evidence.name.readings for at in (0, -1)}


def _spread(evidence: Evidence, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int, int]]:
    known = names(evidence)
    return [(name, low, high) for low, high in spans for name in known]


def _same_dates(born: Figures) -> Iterator[tuple[int, int]]:
    """The dates that may be this one: less exact, more exact, day and month exchanged."""
    if not born.is_full:
        yield born.year * 10_000, born.year * 10_000 + 9_999
        return
    month = Figures(born.year, born.month).as_int
    yield from ((date, date) for date in (born.as_int, born.year * 10_000, month))
    if other := swapped(born):
        yield other.as_int, other.as_int


def _near_dates(born: Figures) -> Iterator[tuple[int, int]]:
    """The years around, and the same day in a year that may have been mistyped."""
    if born.year:
        yield (born.year - 1) * 10_000, (born.year + 2) * 10_000 - 1
        yield from ((other.as_int, other.as_int) for other in other_years(born) if abs(other.year - born.year) > 1)


def _one_part_dates(born: Figures) -> Iterator[tuple[int, int]]:
    if born.is_full:
        others = [*other_years(born)]
        others += [Figures(born.year, month, born.day) for month in range(1, 13) if month != born.month]
        others += [Figures(born.year, born.month, day) for day in range(1, 32) if day != born.day]
        yield from ((other.as_int, other.as_int) for other in others)
