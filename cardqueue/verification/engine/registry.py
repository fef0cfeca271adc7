"""Where population records come from: the interface that every source of them answers to.

A source finds, for many rows at once, the few records worth comparing, and says how far each agrees. It decides
nothing: the posterior and the decision table are the same whatever the source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, Protocol, TypeAlias

from cardqueue.verification.engine.evidence import Evidence
from cardqueue.verification.engine.levels import Levels, NameLevel, compare
from cardqueue.verification.engine.posterior import Frequencies
from cardqueue.verification.engine.shapes import Record

#: Rows by a number of the caller's choice.
Rows: TypeAlias = Mapping[int, Evidence]


class Pair(NamedTuple):
    """A row with a record that may be the person.

    Shapes: `record.pid` names the record for good; it is the 12-digit number wherever the source knows it. Units:
    `name_count` is how many records have the record's name; it only matters where the names agree.
    """

    row: int
    record: Record
    levels: Levels
    name_count: int


class Registry(Protocol):
    """A source of population records."""

    @property
    def frequencies(self) -> Frequencies:
        """How many records there are, and how often each birth date occurs among them."""

    def settled(self, rows: Rows) -> Mapping[int, Record]:
        """The rows whose number, as written, is that of exactly one record, with the same name, date and sex."""

    def close(self, rows: Rows) -> Iterator[Pair]:
        """Records with a row's number or nearly, its old number, or its name and date; all pairs of a row together."""

    def wide(self, rows: Rows) -> Iterator[Pair]:
        """More records for rows that fit nobody near: whatever the source can still look up."""


def compared(row: int, evidence: Evidence, record: Record, count_name: Callable[[], int]) -> Pair:
    """The pair of a row and a record that can be read; the name is counted only where it says something."""
    levels = compare(evidence, record)
    return Pair(row, record, levels, count_name() if levels.name >= NameLevel.MARKS else 0)
