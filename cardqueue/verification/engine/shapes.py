"""What the engine reads and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Field(StrEnum):
    """A field that may differ, by its column in the files, in the order in which people read them."""

    NAME = "ho_ten"
    BIRTH = "ngay_sinh"
    SEX = "gioi_tinh"
    NUMBER = "so_dinh_danh"
    CELL = "chi_bo"


class Status(StrEnum):
    """What was decided about a roster row."""

    MATCH = "match"
    MISMATCH = "mismatch"
    NOT_FOUND = "not_found"
    DUPLICATE = "duplicate"
    AMBIGUOUS = "ambiguous"


class Figures(NamedTuple):
    """A date as its figures, 0 where a part is unknown; an impossible date keeps its figures (30/02/1950)."""

    year: int = 0
    month: int = 0
    day: int = 0

    @property
    def is_full(self) -> bool:
        """Whether year, month and day are known."""
        return bool(self.year and self.month and self.day)

    @property
    def as_int(self) -> int:
        """yyyymmdd, which sorts as dates do."""
        return self.year * 10_000 + self.month * 100 + self.day

    @classmethod
    def from_int(cls, number: int) -> Figures:
        """Back from yyyymmdd."""
        return cls(number // 10_000, number // 100 % 100, number % 100)


class Place(NamedTuple):
    """Where somebody's family comes from, as keys from the largest unit to the smallest; 0 is unknown.

    Shapes: `district` is empty where a text has two levels only, as since 2025.
    """

    province: int = 0
    district: int = 0
    commune: int = 0


class RosterRow(NamedTuple):
    """A row of the roster as it was typed."""

    row_id: str
    name: str
    birth: str
    sex: str
    number: str
    origin: str
    card: str
    cell: str


@dataclass(frozen=True, slots=True)
class Record:
    """A population record. Shapes: `pid` is its 12-digit number, `words` the keys of its name, `sex` 0, 1 or 2."""

    pid: str
    words: tuple[str, ...]
    born: Figures
    sex: int
    old_number: str
    place: Place


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one row.

    Shapes: `pid` for match, mismatch and duplicate; `candidates` best first. Units: `score` is the probability that
    `pid`, or else the first candidate, is the right person.
    """

    status: Status
    pid: str = ""
    fields: tuple[Field, ...] = ()
    candidates: tuple[str, ...] = ()
    score: float = 0.0
    #: Whether the number, or most of it, speaks for `pid`: without it a second row of one person is not taken for sure.
    has_number: bool = False
