"""The citizen card at the desk as a registry of one person: what its QR code says, held in memory and nowhere else.

A card says `number|old number|name|ddmmyyyy|sex|address|day of issue`, since 2024 with more behind. A scanner types it
like a keyboard, and a Vietnamese typing program may garble every letter on the way; digits come through. So only the
number, the old number and the birth date are compared. The name is a hint for the officer's eyes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cardqueue.lib.slip_code import find_code
from cardqueue.verification.engine.dates import date_level
from cardqueue.verification.engine.levels import Levels, NameLevel, PlaceLevel, SexLevel
from cardqueue.verification.engine.numbers import number_level
from cardqueue.verification.engine.posterior import Frequencies
from cardqueue.verification.engine.registry import Pair, Rows
from cardqueue.verification.engine.shapes import Figures, Place, Record

_FEWEST_FIELDS: Final = 6
_LONGEST_SCAN: Final = 2_000
# A bar is what the code has; keyboards of other countries make one of these of it.
_BARS = re.compile("[|¦‖]")
_TWELVE = re.compile(r"\d{12}", re.ASCII)


class ScanFault(StrEnum):
    """Why a scan is no citizen card."""

    EMPTY = "empty"
    SLIP = "slip"
    NUMBER_ALONE = "number_alone"
    HALF = "half"
    TWO_SCANS = "two_scans"
    OTHER = "other"


class BadScan(ValueError):
    """A scan that is no citizen card; it carries nothing of what was scanned."""

    def __init__(self, fault: ScanFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Card:
    """What is taken from a card. Shapes: `number` has 12 digits, `old_number` 9 or none; `repr` shows none of it."""

    number: str = field(repr=False)
    old_number: str = field(repr=False)
    name: str = field(repr=False)
    born: Figures = field(repr=False)


class CardRegistry:
    """One card, as every row may be compared with it."""

    title: ClassVar[str | LazyString] = _l("Thẻ căn cước tại quầy")
    #: It is scanned by a person, for a person: no extract is answered from it.
    is_at_desk: ClassVar[bool] = True

    def __init__(self, card: Card) -> None:
        self._record = Record(card.number, (), card.born, 0, card.old_number, Place())

    @property
    def frequencies(self) -> Frequencies:
        """One person."""
        return Frequencies(1, {}, {})

    def settled(self, rows: Rows) -> Mapping[int, Record]:
        """Nobody: the name and the sex of a card are not compared."""
        return {}

    def close(self, rows: Rows) -> Iterator[Pair]:
        """The card beside every row: numbers and birth date."""
        record = self._record
        for row, evidence in rows.items():
            number = number_level(evidence.number, record.pid, record.old_number)
            levels = Levels(
                NameLevel.MISSING, date_level(evidence.born, record.born), number, SexLevel.UNKNOWN, PlaceLevel.UNKNOWN
            )
            yield Pair(row, record, levels, 0)

    def wide(self, rows: Rows) -> Iterator[Pair]:
        """Nobody else."""
        return iter(())


def read_card(scan: str) -> Card:
    """What a scan says.

    Raises: BadScan.
    """
    text = scan.strip()[:_LONGEST_SCAN]
    if not text:
        raise BadScan(ScanFault.EMPTY)
    fields = [part.strip() for part in _BARS.split(text)]
    number = fields[0].lstrip("\ufeff")
    if not _TWELVE.fullmatch(number):
        raise BadScan(ScanFault.SLIP if find_code(text) else ScanFault.OTHER)
    if len(fields) == 1:
        raise BadScan(ScanFault.NUMBER_ALONE)
    if len(fields) < _FEWEST_FIELDS:
        raise BadScan(ScanFault.HALF)
    if any(_TWELVE.search(part) for part in fields[4:]):
        # Behind the sex stand an address and a day; a second number is the beginning of a second scan.
        raise BadScan(ScanFault.TWO_SCANS)
    born = _read_date(fields[3])
    if born is None:
        raise BadScan(ScanFault.HALF)
    old = fields[1] if re.fullmatch(r"\d{9}", fields[1], re.ASCII) else ""
    return Card(number, old, " ".join(fields[2].split()), born)


def _read_date(text: str) -> Figures | None:
    """ddmmyyyy, with zeros or the year alone where no more is known."""
    digits = text.rjust(8, "0")
    if not re.fullmatch(r"\d{8}", digits, re.ASCII):
        return None
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    if not 1880 < year < 2100 or month > 12 or day > 31:
        return None
    return Figures(year, month, day if month else 0)
