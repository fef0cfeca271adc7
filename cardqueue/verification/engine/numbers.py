"""The number of a roster row: what can be read in it, and the numbers that it may have been before it was mistyped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz.distance import OSA

from cardqueue.lib.citizen_id import read_citizen_id

# Letters that are typed, or recognised on a scan, for a digit.
_LOOK_ALIKES = str.maketrans("OoQDlI|!iSsBZzGg", "0000111115582266")
_SCIENTIFIC = re.compile(r"(\d)[.,](\d+)[eE]\+?(0?9|10|11)\Z")
# Fewer digits than these, at one end of a number, say nothing.
_SPEAKING_LENGTH = 7
# What a program rounds ends in noughts; a thousandth of all true numbers ends in three.
_ROUNDED = re.compile(r"(\d{7,9}?)0{3,5}\Z")


class NumberLevel(IntEnum):
    """How far two numbers agree, best last."""

    MISSING = 0
    DIFFERENT = 1
    CLOSE = 2
    OLD = 3
    NEAR = 4
    EQUAL = 5


@dataclass(frozen=True, slots=True)
class RosterNumber:
    """A number as a row gives it.

    Shapes: `number` has 12 digits or is empty; `is_as_written` is False where letters stood for digits or the number
    was found elsewhere in the row; `old` has 9 digits or is empty; `loose` are digits of any other length.
    """

    number: str = ""
    is_as_written: bool = True
    old: str = ""
    loose: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the row says nothing about a number."""
        return not (self.number or self.old or self.loose)

    @property
    def is_of_two(self) -> bool:
        """Whether two different numbers stand in one cell, as where two rows were merged."""
        return len(self.loose) == 24 and self.loose[:12] != self.loose[12:]

    @property
    def written(self) -> tuple[str, ...]:
        """The strings of digits in which a typing error may be looked for."""
        return tuple(filter(None, (self.number, self.loose)))


def read_number(text: str, elsewhere: str = "") -> RosterNumber:
    """Read a row's number; `elsewhere` is the card number, which since 2026 may be the citizen's number itself."""
    reading = read_citizen_id(text)
    if reading.number:
        return _with_number(reading.number, reading.found, reading.old_number or "")
    card = re.sub(r"\D", "", elsewhere)
    if len(card) == 12 and int(card):
        return RosterNumber(card, is_as_written=False)
    if reading.old_number:
        # Eight digits may be an old number without its zero, or the card's own number typed twice.
        return RosterNumber() if reading.old_number == card else RosterNumber(old=reading.old_number.zfill(9))
    return _guess(reading.found)


def is_consistent(number: str, sex: int, year: int) -> bool:
    """Whether a number's own digits agree with a sex and a year of birth; what is unknown agrees."""
    digit = int(number[3])
    year_agrees = not year or 1900 + 100 * (digit // 2) + int(number[4:6]) == year
    return digit < 4 and year_agrees and (not sex or digit % 2 + 1 == sex)


def number_level(written: RosterNumber, pid: str, old_number: str) -> NumberLevel:
    """How far a row's number agrees with a record's numbers."""
    if written.number == pid:
        return NumberLevel.EQUAL
    if written.old and written.old == old_number:
        return NumberLevel.OLD
    level = NumberLevel.MISSING if not written.written else NumberLevel.DIFFERENT
    for digits in written.written:
        distance = OSA.distance(digits, pid, score_cutoff=2)
        if distance == 1 or (written.is_of_two and pid in (digits[:12], digits[12:])):
            return NumberLevel.NEAR
        if distance == 2 or _is_part(digits, pid) or sorted(digits) == sorted(pid):
            level = NumberLevel.CLOSE
    if written.old and _is_part(written.old, pid):
        # Nine digits may also be what a narrow column left of twelve.
        level = NumberLevel.CLOSE
    if written.old and old_number and level < NumberLevel.CLOSE:
        level = (
            NumberLevel.CLOSE if OSA.distance(written.old, old_number, score_cutoff=1) == 1 else NumberLevel.DIFFERENT
        )
    return level


def are_neighbours(a: str, b: str) -> bool:
    """Whether two numbers were given out one after the other, as those of twins are."""
    return len(a) == len(b) == 12 and a[:6] == b[:6] and abs(int(a) - int(b)) < 10


def variants(written: RosterNumber) -> set[int]:
    """The numbers that are one typing error away: a wrong digit, two exchanged, one missing, one too many."""
    found: set[int] = set()
    for digits in written.written:
        found.update(int(variant) for variant in _one_error_away(digits) if len(variant) == 12)
    return found


def prefix_range(written: RosterNumber) -> tuple[int, int] | None:
    """The range of numbers that begin as a cut one does."""
    digits = written.loose
    if not digits.startswith("0") or not _SPEAKING_LENGTH <= len(digits) < 12:
        return None
    scale = 10 ** (12 - len(digits))
    return int(digits) * scale, (int(digits) + 1) * scale - 1


def _with_number(number: str, found: str, old: str) -> RosterNumber:
    # A zero was put back: it may also be that another digit is missing, so what stood there is kept.
    loose = found if found.isdecimal() and len(found) != 12 else ""
    if rounded := _ROUNDED.match(number):
        loose = rounded[1]
    if number.startswith("000"):
        old = old or number[3:]
    return RosterNumber(number, old=old, loose=loose)


def _guess(found: str) -> RosterNumber:
    if parts := _SCIENTIFIC.match(found):
        # The last figure that is left was rounded.
        digits = (parts[1] + parts[2][:-1]).rstrip("0")
        return RosterNumber(loose="0" * (11 - int(parts[3])) + digits)
    digits = re.sub(r"\D", "", found.translate(_LOOK_ALIKES)) if sum(map(str.isdigit, found)) >= 3 else ""
    if len(digits) in (10, 11) and not digits.startswith("0"):
        return RosterNumber(digits.zfill(12), is_as_written=False, loose=digits)
    if len(digits) == 12:
        return RosterNumber(digits, is_as_written=False)
    if len(digits) == 24 and digits[:12] == digits[12:]:
        return RosterNumber(digits[:12], is_as_written=False)
    if len(digits) in (8, 9):
        return RosterNumber(old=digits.zfill(9))
    return RosterNumber(loose=digits) if _SPEAKING_LENGTH <= len(digits) <= 24 else RosterNumber()


def _is_part(digits: str, pid: str) -> bool:
    if len(digits) > 12:
        return pid in digits
    return len(digits) < 12 and len(digits) >= _SPEAKING_LENGTH and (pid.startswith(digits) or pid.endswith(digits))


def _one_error_away(digits: str) -> Iterator[str]:
    length = len(digits)
    for at in range(length):
        before, after = digits[:at], digits[at + 1 :]
        if length == 12:
            yield from (before + digit + after for digit in "0123456789" if digit != digits[at])
            if after and after[0] != digits[at]:
                yield before + after[0] + digits[at] + after[1:]
        elif length == 13:
            yield before + after
    if length == 11:
        yield from (digits[:at] + digit + digits[at:] for at in range(12) for digit in "0123456789")
    if length > 13:
        yield from (digits[at : at + 12] for at in range(length - 11))
