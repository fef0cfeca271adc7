"""Which cell a list means: names compared, near names suggested, new names put in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from cardqueue.lib.names import clean, display_case, is_all_capitals, search_key
from cardqueue.organisation.models import CellKind

CREATE, SKIP = "create", "skip"
# Before the key of a cell that is still to be created, where an id will stand.
NEW = "new:"
NEAR_SCORE = 80
LONGEST_NAME = 120
_PREFIXES = re.compile(r"(?:chi bo|cb)\s+")
_VOWELS = re.compile("[aeiouy]")
_KINDS = (
    (CellKind.RETIRED, r"\bhuu tri\b|\bhuu\b"),
    (CellKind.SCHOOL, r"\btruong\b|\bmam non\b|\btieu hoc\b|\bthcs\b|\bthpt\b|\bgiao duc\b"),
    (CellKind.HEALTH, r"\by te\b|\bbenh vien\b|\bphong kham\b"),
    (CellKind.POLICE, r"\bcong an\b"),
    (CellKind.OFFICE, r"\bubnd\b|\buy ban\b|\bco quan\b|\bkhoi\b|\bquan su\b|\bdang uy\b|\bvan phong\b|\bmat tran\b"),
    (CellKind.VILLAGE, r"\bthon\b|\bban\b|\bap\b|\bkhu\b|\bkhom\b|\bxom\b|\blang\b|\bbuon\b|\bto dan pho\b|\btdp\b"),
)


@dataclass(frozen=True, slots=True)
class UnknownCell:
    """A cell that a list names and the committee has not.

    Shapes: `key` is "" for rows that name none; `near` are values of choices (see `choice_of`), best first; `usual` is
    what to do where nobody is asked.
    """

    key: str
    name: str
    count: int
    near: tuple[str, ...]
    usual: str


@lru_cache(maxsize=4096)
def cell_key(name: str) -> str:
    """What two ways of writing a cell's name have in common: no accents, no case, no "Chi bộ" before it."""
    return _PREFIXES.sub("", search_key(name), count=1) if name else ""


def tidy_name(name: str) -> str:
    """A cell's name for keeping: capitals taken back as in "Chi bộ Thôn 3", abbreviations left alone."""
    given = clean(name)[:LONGEST_NAME]
    if not is_all_capitals(given):
        return given
    words = [word if not _VOWELS.search(search_key(word)) else display_case(word) for word in given.split()]
    return re.sub(r"\AChi Bộ\b", "Chi bộ", " ".join(words))


def guess_kind(name: str) -> CellKind:
    """What kind of cell a name speaks of; it only proposes times when its members are free."""
    folded = search_key(name)
    return next((kind for kind, pattern in _KINDS if re.search(pattern, folded)), CellKind.OTHER)


def choice_of(key: str) -> str:
    """The value by which a choice names another cell, known or new, by its key."""
    return f"as:{key}"


def chosen_key(choice: str) -> str | None:
    """The key that a choice names, None where it says to create or to skip."""
    return choice.removeprefix("as:") if choice.startswith("as:") else None


def find_unknown(named: Mapping[str, tuple[str, int]], known: Iterable[str]) -> list[UnknownCell]:
    """The named cells that are not known, those with near names first.

    Shapes: `named` maps keys to the name as written and how many rows name it; `known` are keys.
    """
    known_keys = frozenset(known)
    unknown = {key: value for key, value in named.items() if key not in known_keys}
    cells = []
    for key, (name, count) in unknown.items():
        # Of two new names that are near each other, the one with fewer rows is the slip of the pen.
        others = [other for other, (_, rows) in unknown.items() if other and (rows, other) > (count, key)]
        near = _near(key, [*known_keys, *others]) if key else ()
        cells.append(UnknownCell(key, tidy_name(name), count, near, _usual(key, near)))
    return sorted(cells, key=lambda cell: (bool(cell.key) and not cell.near, cell.name))


def _usual(key: str, near: tuple[str, ...]) -> str:
    """Only additions such as "(cũ)" make two names one: THCS and THPT look alike and are two schools."""
    if not key:
        return SKIP
    same = [choice for choice in near if _bare(chosen_key(choice) or "") == _bare(key)]
    return same[0] if same else CREATE


def _near(key: str, others: Iterable[str]) -> tuple[str, ...]:
    scores = {
        other: fuzz.token_sort_ratio(_bare(key), _bare(other)) for other in others if _numbers(key) == _numbers(other)
    }
    near = [other for other, score in scores.items() if score >= NEAR_SCORE]
    return tuple(choice_of(other) for other in sorted(near, key=lambda other: (-scores[other], other))[:3])


@lru_cache(maxsize=4096)
def _bare(key: str) -> str:
    """A key without what people add to a name: "(cũ)", "mới", "xã"."""
    return " ".join(word for word in key.split() if word not in ("cu", "moi", "xa")) or key


@lru_cache(maxsize=4096)
def _numbers(key: str) -> tuple[str, ...]:
    """Thôn 1 is never thôn 11, whatever the letters say."""
    numbers = sorted(number.lstrip("0") for number in re.findall(r"\d+", key))
    return tuple(numbers)
