"""Comparing a member with a population record, field by field.

The number is the identity; name, birth date and sex confirm it. Nothing here weighs or guesses: what is not plainly the
same is named and goes to an officer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cardqueue.lib.citizen_id import birth_year_of, sex_of
from cardqueue.lib.names import NameLevel, clean, compare_names, display_case
from cardqueue.lib.partial_date import PartialDate
from cardqueue.roster.models import Sex
from cardqueue.verification.models import CheckStatus


class Field(StrEnum):
    """What is compared, in the order in which people read it."""

    FULL_NAME = "full_name"
    BIRTH_ON = "birth_on"
    SEX = "sex"
    CITIZEN_ID = "citizen_id"


class Level(StrEnum):
    """How a field differs."""

    VARIANT_IY = "variant_iy"
    DIACRITICS_DIFFER = "diacritics_differ"
    DIFFERENT = "different"
    PARTIAL = "partial"
    SWAPPED = "swapped"
    MISSING = "missing"
    # Of the citizen ID only: what its digits or the other records say against it.
    SEX_DIGIT = "sex_digit"
    YEAR_DIGITS = "year_digits"
    UNKNOWN = "unknown"
    OTHER_PERSON = "other_person"
    HELD_TWICE = "held_twice"
    RECORDED_TWICE = "recorded_twice"


# A spelling, a date known to the year alone and figures in the other order are confirmed by a click and keep nobody
# from coming; everything else would print a wrong card or none at all.
# Source: the error catalogue, NAME_* (confirm), DOB_PARTIAL (W), DOB_SWAP (W) against SEX_MISMATCH, YEAR_MISMATCH,
# ID_MISSING, ID_DUP (B) and a different name (B unless an officer overrides it).
_ONLY_WARNS = frozenset(
    {
        (Field.FULL_NAME, Level.VARIANT_IY),
        (Field.FULL_NAME, Level.DIACRITICS_DIFFER),
        (Field.BIRTH_ON, Level.PARTIAL),
        (Field.BIRTH_ON, Level.SWAPPED),
        # The number states the sex itself, so a list without the column loses nothing.
        (Field.SEX, Level.MISSING),
    }
)


@dataclass(frozen=True, slots=True)
class Person:
    """What one side says about a person. Shapes: `birth_on` is a partial ISO date, `citizen_id` 12 digits or None."""

    full_name: str
    birth_on: str | None
    sex: Sex | None
    citizen_id: str | None

    def value(self, field: Field) -> str:
        """The value of a field as stored; empty where there is none."""
        return str(getattr(self, field) or "")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing gave; `blocks` when a difference stands between the member and an appointment."""

    status: CheckStatus
    differences: Mapping[Field, Level]

    @property
    def blocks(self) -> bool:
        """Whether any difference is more than a warning."""
        return any((field, level) not in _ONLY_WARNS for field, level in self.differences.items())


def assess(member: Person, records: Sequence[Person], *, holder_count: int = 1) -> Comparison:
    """Judge a member against the different records that carry the member's number.

    Shapes: `records` holds no two that say the same; `holder_count` is how many members of the campaign carry the
    number.
    """
    if member.citizen_id is None or not is_citizen_id(member.citizen_id):
        return Comparison(CheckStatus.MISSING, {Field.CITIZEN_ID: Level.MISSING})
    if holder_count > 1:
        return Comparison(CheckStatus.DUPLICATE, {Field.CITIZEN_ID: Level.HELD_TWICE})
    if len(records) > 1:
        return Comparison(CheckStatus.DUPLICATE, {Field.CITIZEN_ID: Level.RECORDED_TWICE})
    if not records:
        faults = number_faults(member.citizen_id, birth_on=member.birth_on, sex=member.sex)
        return Comparison(CheckStatus.NOT_FOUND, {Field.CITIZEN_ID: next(iter(faults), Level.UNKNOWN)})
    return compare(member, records[0])


def compare(member: Person, record: Person) -> Comparison:
    """Compare a member with the one record of the same number."""
    levels = {
        Field.FULL_NAME: _name_level(member.full_name, record.full_name),
        Field.BIRTH_ON: _birth_level(member.birth_on, record.birth_on),
        Field.SEX: _sex_level(member.sex, record.sex),
    }
    differences = {field: level for field, level in levels.items() if level is not None}
    if levels[Field.FULL_NAME] is levels[Field.BIRTH_ON] is Level.DIFFERENT:
        # Another name and another birthday are another person: the number was copied wrongly, and nothing of that
        # person's record may reach the member.
        differences = {Field.CITIZEN_ID: Level.OTHER_PERSON}
    elif member.citizen_id is not None:
        # Where both sides agree against the digits, it is the number that is odd; where they differ, the digits only
        # tell the officer which side is likelier.
        faults = number_faults(
            member.citizen_id,
            birth_on=None if Field.BIRTH_ON in differences else member.birth_on,
            sex=None if Field.SEX in differences else member.sex,
        )
        if faults:
            differences[Field.CITIZEN_ID] = faults[0]
    return Comparison(CheckStatus.MISMATCH if differences else CheckStatus.MATCH, differences)


def may_follow_record(status: CheckStatus, differences: Mapping[Field, Level]) -> bool:
    """Whether an officer may correct the member after the record: only when it is the same person's."""
    return status == CheckStatus.MISMATCH and differences.get(Field.CITIZEN_ID) is not Level.OTHER_PERSON


def is_citizen_id(text: str) -> bool:
    """Whether a text has the form of a citizen ID: 12 digits."""
    return len(text) == 12 and text.isascii() and text.isdecimal()


def number_faults(citizen_id: str, *, birth_on: str | None, sex: Sex | None) -> list[Level]:
    """What the digits of a 12-digit number say against a person's sex and year of birth.

    Source: Nghị định 137/2015, article 13 (fourth digit: century and sex; then two digits of the year).
    """
    faults = []
    if sex is not None and Sex(sex_of(citizen_id)) != sex:
        faults.append(Level.SEX_DIGIT)
    if birth_on is not None and birth_year_of(citizen_id) != PartialDate.from_iso(birth_on).year:
        faults.append(Level.YEAR_DIGITS)
    return faults


def corrected(member: Person, record: Person, differences: Mapping[Field, Level]) -> dict[Field, str]:
    """The values that hold for the differing fields when the record is right.

    A name in capitals gets proper case; of two dates that agree as far as both are known, the more exact one stays.
    """
    values: dict[Field, str] = {}
    for field, level in differences.items():
        match field:
            case Field.FULL_NAME:
                values[field] = display_case(clean(record.full_name))
            case Field.BIRTH_ON if level is Level.PARTIAL and record.birth_on and member.birth_on:
                values[field] = max(record.birth_on, member.birth_on, key=len)
            case _:
                values[field] = record.value(field)
    return values


def _name_level(ours: str, theirs: str) -> Level | None:
    level = compare_names(ours, theirs)
    return None if level in (NameLevel.IDENTICAL, NameLevel.SAME) else Level(level.value)


def _birth_level(ours: str | None, theirs: str | None) -> Level | None:
    if not ours or not theirs:
        return Level.MISSING
    if ours == theirs:
        return None
    a, b = PartialDate.from_iso(ours), PartialDate.from_iso(theirs)
    if a.agrees_with(b):
        return Level.PARTIAL
    return Level.SWAPPED if a.swapped == b else Level.DIFFERENT


def _sex_level(ours: Sex | None, theirs: Sex | None) -> Level | None:
    if ours is None or theirs is None:
        return Level.MISSING
    return None if ours == theirs else Level.DIFFERENT
