"""The number of a Party card: 8 digits on cards since 2003, 12 on those of 2025, which repeat the citizen ID.

Source: guide to the member's form of 2003 (8 digits, one per box); members' lists of 2025 (12 digits).
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from cardqueue.lib.cell_text import is_blank, number_of, text_of

_NUMBER = re.compile(r"(?<!\d)(?:\d{8}|\d{12})(?!\d)")


class CardKind(StrEnum):
    """Which card a number belongs to."""

    OLD = "old"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class CardReading:
    """A card number as a cell gives it; `is_well_formed` is false where nothing usable stands there.

    Shapes: `number` has 8 or 12 digits or is None; an empty cell is well formed and has none.
    """

    found: str
    number: str | None = None
    kind: CardKind | None = None
    is_well_formed: bool = True
    lost_zero: bool = False


def read_card_no(value: object) -> CardReading:
    """Read a card number from a cell of any type.

    A number (not text) has lost the zeros it began with: 7 digits are an old card, 10 or 11 a new one.
    """
    if is_blank(value):
        return CardReading("")
    found = number_of(value)
    numbers = [found] if found.isdecimal() and len(found) in (8, 12) else _NUMBER.findall(text_of(value))
    if numbers:
        number = numbers[0]
        return CardReading(found, number, CardKind.OLD if len(number) == 8 else CardKind.NEW)
    if isinstance(value, int | float) and found.isdecimal() and len(found) in (7, 10, 11):
        width, kind = (8, CardKind.OLD) if len(found) == 7 else (12, CardKind.NEW)
        return CardReading(found, found.zfill(width), kind, lost_zero=True)
    return CardReading(found, is_well_formed=False)
