"""How good one member's data is, in six words: đúng – đủ – sạch – sống – thống nhất – dùng chung.

Each word is a yes or no that anybody can check again. The definitions in words stand beside these in `words`, and the
page shows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from cardqueue.lib.citizen_id import Sex, birth_year_of, sex_of
from cardqueue.lib.legacy_fonts import Encoding, encoding_of
from cardqueue.lib.partial_date import PartialDate

# How long a look at a member's data keeps it alive.
LIVING_DAYS = 90
_NAME = re.compile(r"[^\W\d_]+(?:[ .'’‘ʼ`\-]+[^\W\d_]+)+\.?")
_CITIZEN_ID_DIGITS = 12


class Word(StrEnum):
    """The six words, in the order in which the Party names them."""

    CORRECT = "correct"
    COMPLETE = "complete"
    CLEAN = "clean"
    LIVING = "living"
    CONSISTENT = "consistent"
    SHARED = "shared"


class Fault(StrEnum):
    """What is wrong with values as they stand, whatever the population records say."""

    NAME_FORMAT = "name_format"
    NUMBER_SEX = "number_sex"
    NUMBER_YEAR = "number_year"
    DATES_ORDER = "dates_order"
    HELD_TWICE = "held_twice"


class Lack(StrEnum):
    """What stands between a member and a word, where it is neither a missing value nor a fault of form."""

    NOT_COMPARED = "not_compared"
    DIFFERS = "differs"
    NOT_SEEN = "not_seen"
    NO_LIST = "no_list"
    CHANGED_HERE = "changed_here"
    DISPUTED = "disputed"


# What the electronic handbook shows of a member; the cell is always there.
HANDBOOK = ("full_name", "birth_on", "sex", "citizen_id", "card_no", "joined_on", "official_on", "phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a member's data.

    `is_verified`: it agrees with the population records, or an officer settled what differed. `is_held_twice`: number
    or card stands with somebody else too. `seen_at`: when it was last compared, decided or confirmed by the member.
    `has_list`: a list was ever read; `is_changed_here`: a value was changed since. `is_disputed`: a case denies it.
    """

    full_name: str
    birth_on: str | None
    sex: str | None
    citizen_id: str | None
    card_no: str | None
    joined_on: str | None
    official_on: str | None
    phone: str | None
    is_compared: bool = False
    is_verified: bool = False
    is_held_twice: bool = False
    seen_at: datetime | None = None
    has_list: bool = False
    is_changed_here: bool = False
    is_disputed: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """The words that hold for a member, what is missing, what is wrong in form, and what else is lacking."""

    words: frozenset[Word]
    missing: tuple[str, ...]
    faults: tuple[Fault, ...]
    lacks: tuple[Lack, ...]

    @property
    def lacking(self) -> tuple[Word, ...]:
        """The words that do not hold."""
        return tuple(word for word in Word if word not in self.words)


def assess(facts: Facts, at: datetime) -> Assessment:
    """Say which of the six words hold at a time."""
    missing = tuple(name for name in HANDBOOK if not getattr(facts, name))
    faults = tuple(_faults(facts))
    lacks = tuple(_lacks(facts, at))
    holds = {
        Word.CORRECT: facts.is_verified,
        Word.COMPLETE: not missing,
        Word.CLEAN: not faults,
        Word.LIVING: Lack.NOT_SEEN not in lacks,
        Word.CONSISTENT: not {Lack.NO_LIST, Lack.CHANGED_HERE, Lack.DISPUTED} & set(lacks),
        Word.SHARED: facts.is_verified and not facts.is_held_twice and bool(facts.citizen_id and facts.phone),
    }
    return Assessment(frozenset(word for word, held in holds.items() if held), missing, faults, lacks)


def count_words(assessments: Iterable[Assessment]) -> dict[str, int]:
    """For how many members each word holds."""
    counts = dict.fromkeys((word.value for word in Word), 0)
    for one in assessments:
        for word in one.words:
            counts[word.value] += 1
    return counts


def _faults(facts: Facts) -> Iterable[Fault]:
    if not _NAME.fullmatch(facts.full_name) or encoding_of(facts.full_name) is not Encoding.UNICODE:
        yield Fault.NAME_FORMAT
    if number := facts.citizen_id:
        is_whole = len(number) == _CITIZEN_ID_DIGITS and number.isdigit()
        if facts.sex and (not is_whole or sex_of(number) is not Sex(facts.sex)):
            yield Fault.NUMBER_SEX
        if facts.birth_on and (not is_whole or birth_year_of(number) != int(facts.birth_on[:4])):
            yield Fault.NUMBER_YEAR
    if not _is_in_order([facts.birth_on, facts.joined_on, facts.official_on]):
        yield Fault.DATES_ORDER
    if facts.is_held_twice:
        yield Fault.HELD_TWICE


def _lacks(facts: Facts, at: datetime) -> Iterable[Lack]:
    if not facts.is_verified:
        yield Lack.DIFFERS if facts.is_compared else Lack.NOT_COMPARED
    if facts.seen_at is None or facts.seen_at < at - timedelta(days=LIVING_DAYS):
        yield Lack.NOT_SEEN
    if not facts.has_list:
        yield Lack.NO_LIST
    elif facts.is_changed_here:
        yield Lack.CHANGED_HERE
    if facts.is_disputed:
        yield Lack.DISPUTED


def _is_in_order(dates: Iterable[str | None]) -> bool:
    """Whether born, joined and made official may have come one after the other."""
    known = [PartialDate.from_iso(text) for text in dates if text]
    return all(first.earliest <= second.latest for first, second in pairwise(known))
