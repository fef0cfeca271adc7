"""From the engine's decision to what the pages say: a status, the differing fields with how they differ, who is meant.

The engine decides who somebody is; nothing here weighs or guesses. What the pages add is which side lacks a value, what
a number's own digits say, and which differences keep a member from coming.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum

from cardqueue.lib.citizen_id import birth_year_of, sex_of
from cardqueue.lib.names import clean, display_case
from cardqueue.lib.partial_date import PartialDate
from cardqueue.roster.models import Sex
from cardqueue.verification.engine import shapes
from cardqueue.verification.engine.deciding import WORTH_A_LOOK, Candidate, differing_fields
from cardqueue.verification.engine.evidence import Evidence, understand
from cardqueue.verification.engine.levels import SexLevel
from cardqueue.verification.engine.matching import Outcome
from cardqueue.verification.engine.numbers import NumberLevel
from cardqueue.verification.engine.shapes import Decision, Figures, Status
from cardqueue.verification.models import CheckStatus


class Field(StrEnum):
    """What is compared, in the order in which people read it."""

    FULL_NAME = "full_name"
    BIRTH_ON = "birth_on"
    SEX = "sex"
    CITIZEN_ID = "citizen_id"


class Level(StrEnum):
    """How a field differs: the names of the engine's levels, and what is known of a number besides."""

    # Of a name.
    SPELLING = "spelling"
    BARE = "bare"
    MARKS = "marks"
    ORDER = "order"
    TYPO = "typo"
    SHORTENED = "shortened"
    RESEMBLES = "resembles"
    NONE = "none"
    # Of a birth date.
    PARTIAL = "partial"
    SWAPPED = "swapped"
    ONE_PART = "one_part"
    SAME_YEAR = "same_year"
    OTHER = "other"
    # Of a sex.
    DIFFERS = "differs"
    # Of a citizen ID.
    NEAR = "near"
    OLD = "old"
    CLOSE = "close"
    DIFFERENT = "different"
    SEX_DIGIT = "sex_digit"
    YEAR_DIGITS = "year_digits"
    UNKNOWN = "unknown"
    OTHER_PERSON = "other_person"
    HELD_TWICE = "held_twice"
    RECORDED_TWICE = "recorded_twice"
    # Of any: one side has no value.
    MISSING = "missing"


#: The most candidates that an officer is shown.
MOST_CANDIDATES = 8

# A spelling, a date known to the year alone and figures in the other order are confirmed by a click and keep nobody
# from coming; everything else would print a wrong card or none at all.
# Source: the error catalogue, NAME_* (confirm), DOB_PARTIAL (W), DOB_SWAP (W) against SEX_MISMATCH, YEAR_MISMATCH,
# ID_MISSING, ID_DUP (B) and a different name (B unless an officer overrides it).
_ONLY_WARNS = frozenset(
    {
        (Field.FULL_NAME, Level.SPELLING),
        (Field.FULL_NAME, Level.BARE),
        (Field.FULL_NAME, Level.MARKS),
        (Field.BIRTH_ON, Level.PARTIAL),
        (Field.BIRTH_ON, Level.SWAPPED),
        # The number states the sex itself, so a list without the column loses nothing.
        (Field.SEX, Level.MISSING),
    }
)
_FIELDS = {
    shapes.Field.NAME: Field.FULL_NAME,
    shapes.Field.BIRTH: Field.BIRTH_ON,
    shapes.Field.SEX: Field.SEX,
    shapes.Field.NUMBER: Field.CITIZEN_ID,
}
_STATUSES = {
    Status.MATCH: CheckStatus.MATCH,
    Status.MISMATCH: CheckStatus.MISMATCH,
    Status.NOT_FOUND: CheckStatus.NOT_FOUND,
    Status.DUPLICATE: CheckStatus.DUPLICATE,
    Status.AMBIGUOUS: CheckStatus.AMBIGUOUS,
}


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
    """What comparing gave.

    Shapes: `pid` names the record that the member was tied to, if any; `candidates` who may be meant, best first;
    `duplicate_of_id` is the member who stays when this one is the same person.
    """

    status: CheckStatus
    differences: Mapping[Field, Level]
    candidates: Sequence[Candidate] = ()
    pid: str = ""
    score: float | None = None
    duplicate_of_id: int | None = None

    @property
    def blocks(self) -> bool:
        """Whether something stands between the member and an appointment."""
        if self.status in (CheckStatus.AMBIGUOUS, CheckStatus.NOT_FOUND, CheckStatus.DUPLICATE):
            return True
        return any((field, level) not in _ONLY_WARNS for field, level in self.differences.items())


def evidence_of(member: Person, *, old_id: str | None = None, card_no: str | None = None) -> Evidence:
    """What the list says of a member, as the engine reads it."""
    row = shapes.RosterRow(
        "", member.full_name, member.birth_on or "", member.sex or "", member.citizen_id or old_id or "", "",
        card_no or "", "",
    )  # fmt: skip
    evidence = understand(row)
    if member.citizen_id and old_id and not evidence.number.old and old_id.isdecimal():
        # Either number may be the one that a record has.
        evidence = replace(evidence, number=replace(evidence.number, old=old_id.zfill(9)))
    return evidence


def compare(member: Person, evidence: Evidence, outcome: Outcome) -> Comparison:
    """What the pages say of the engine's decision about a member."""
    decision, candidates = outcome.decision, outcome.candidates
    status = _STATUSES[decision.status]
    match status:
        case CheckStatus.MATCH:
            return Comparison(status, {}, (), decision.pid, decision.score)
        case CheckStatus.NOT_FOUND:
            owners = [one for one in candidates if one.levels.number is NumberLevel.EQUAL]
            return Comparison(
                status, {Field.CITIZEN_ID: _number_nobody_has(member, owners)}, owners, "", decision.score
            )
        case _:
            differences = _differences(evidence, decision, candidates)
            if status is CheckStatus.MISMATCH and all(_is_lacking(member, *one) for one in differences.items()):
                status = CheckStatus.MISSING
            return Comparison(status, differences, _worth_showing(candidates), decision.pid, decision.score)


def with_duplicate(base: Comparison, decision: Decision, duplicate_of_id: int) -> Comparison:
    """What the pages say of a member after the rules about duplicates changed the engine's decision."""
    return replace(
        base,
        status=_STATUSES[decision.status],
        differences={Field.CITIZEN_ID: Level.HELD_TWICE},
        pid=decision.pid,
        score=decision.score,
        duplicate_of_id=duplicate_of_id,
    )


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
    What the record does not know stays as it is.
    """
    values: dict[Field, str] = {}
    for field, level in differences.items():
        value = record.value(field)
        if field is Field.FULL_NAME:
            value = display_case(clean(value))
        elif field is Field.BIRTH_ON and level is Level.PARTIAL:
            value = max(value, member.value(field), key=len)
        if value:
            values[field] = value
    return values


def iso_date(born: Figures) -> str | None:
    """Figures as a partial ISO date; of a date that no calendar has, only the parts that make sense."""
    year, month, day = born
    for parts in ((year, month, day), (year, month), (year,)):
        with suppress(ValueError):
            if all(parts):
                return str(PartialDate(*parts))
    return None


def _differences(evidence: Evidence, decision: Decision, candidates: Sequence[Candidate]) -> dict[Field, Level]:
    """The differing fields, as the best candidate differs in them."""
    best = candidates[0]
    if best.is_contested:
        return {Field.CITIZEN_ID: Level.RECORDED_TWICE}
    fields = decision.fields or differing_fields(evidence, best.levels)
    return {_FIELDS[field]: _level(field, evidence, candidates) for field in fields if field in _FIELDS}


def _level(field: shapes.Field, evidence: Evidence, candidates: Sequence[Candidate]) -> Level:
    best, others = candidates[0].levels, candidates[1:]
    if field in evidence.moved:
        return Level.MISSING
    match field:
        case shapes.Field.NAME:
            return Level(best.name.name.lower())
        case shapes.Field.BIRTH:
            return Level(best.date.name.lower())
        case shapes.Field.SEX:
            return Level.MISSING if best.sex is SexLevel.UNKNOWN else Level.DIFFERS
    if best.number is NumberLevel.EQUAL:
        # The same digits, written with a letter among them or in another column.
        return Level.NEAR
    if any(one.levels.number is NumberLevel.EQUAL for one in others):
        return Level.OTHER_PERSON
    return Level(best.number.name.lower())


def _number_nobody_has(member: Person, owners: Sequence[Candidate]) -> Level:
    """What is the matter with the number of a member who was not found."""
    if not member.citizen_id or not is_citizen_id(member.citizen_id):
        return Level.UNKNOWN if member.citizen_id else Level.MISSING
    if owners:
        return Level.OTHER_PERSON
    faults = number_faults(member.citizen_id, birth_on=member.birth_on, sex=member.sex)
    return next(iter(faults), Level.UNKNOWN)


def _is_lacking(member: Person, field: Field, level: Level) -> bool:
    """Whether the list has no value for a differing field, or none that can be read."""
    return not member.value(field) or (field is Field.CITIZEN_ID and level is Level.MISSING)


def _worth_showing(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The best candidate, whoever else may be meant, and whoever has the member's number."""
    best, *others = candidates
    shown = [one for one in others if one.probability >= WORTH_A_LOOK / 10 or one.levels.number is NumberLevel.EQUAL]
    return [best, *shown][:MOST_CANDIDATES]
