"""Why a population record may be a member's, said by what agrees and what does not; and how sure that is.

Nothing here is a sentence yet: `words` puts every part into one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from cardqueue.verification.engine.dates import DateLevel
from cardqueue.verification.engine.levels import NameLevel, PlaceLevel, SexLevel
from cardqueue.verification.engine.numbers import NumberLevel
from cardqueue.verification.rules.comparing import Field

_LIKELY, _POSSIBLE = 0.9, 0.4


class Part(StrEnum):
    """What is weighed, by its name in a candidate's levels; in the order in which a reason names what differs."""

    NUMBER = "number"
    NAME = "name"
    DATE = "date"
    SEX = "sex"
    PLACE = "place"


class Sureness(StrEnum):
    """How sure it is that a candidate is the person."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"


LEVELS: Mapping[Part, type[IntEnum]] = {
    Part.NUMBER: NumberLevel,
    Part.NAME: NameLevel,
    Part.DATE: DateLevel,
    Part.SEX: SexLevel,
    Part.PLACE: PlaceLevel,
}
_AGREES = {
    Part.NUMBER: NumberLevel.EQUAL,
    Part.NAME: NameLevel.SAME,
    Part.DATE: DateLevel.EQUAL,
    Part.SEX: SexLevel.SAME,
    Part.PLACE: PlaceLevel.COMMUNE,
}
# Half of all strangers have the same sex, and a list often has no hometown: that either agrees says little.
_SAYS_LITTLE = {(Part.SEX, SexLevel.SAME), (Part.PLACE, PlaceLevel.UNKNOWN), (Part.PLACE, PlaceLevel.PROVINCE)}
_FIELDS = {
    Part.NAME: Field.FULL_NAME,
    Part.DATE: Field.BIRTH_ON,
    Part.SEX: Field.SEX,
    Part.NUMBER: Field.CITIZEN_ID,
}


@dataclass(frozen=True, slots=True)
class Reason:
    """What agrees, and what differs how far. Shapes: levels are the lower-case names of the engine's levels."""

    agreeing: tuple[Part, ...]
    differing: tuple[tuple[Part, str], ...]


def reason_of(levels: Mapping[str, int]) -> Reason:
    """What speaks for a candidate and what against. Shapes: `levels` as a check keeps them; a part may be missing."""
    agreeing: list[Part] = []
    differing: list[tuple[Part, str]] = []
    for part in Part:
        if part not in levels:
            continue
        level = LEVELS[part](levels[part])
        if (part, level) in _SAYS_LITTLE:
            continue
        if level == _AGREES[part]:
            agreeing.append(part)
        else:
            differing.append((part, _word(part, level)))
    return Reason(tuple(agreeing), tuple(differing))


def differing_fields(levels: Mapping[str, int]) -> dict[Field, str]:
    """The fields in which a member differs from a candidate, with the name of the level, in the order of `Field`."""
    found = {
        field: _word(part, levels[part])
        for part, field in _FIELDS.items()
        if part in levels and levels[part] != _AGREES[part]
    }
    return {field: found[field] for field in Field if field in found}


def sureness_of(probability: float) -> Sureness:
    """A probability as people say it."""
    if probability >= _LIKELY:
        return Sureness.LIKELY
    return Sureness.POSSIBLE if probability >= _POSSIBLE else Sureness.UNLIKELY


def _word(part: Part, level: int) -> str:
    # Of a sex there is nothing to be unsure about: one side does not have it.
    return "missing" if (part, level) == (Part.SEX, SexLevel.UNKNOWN) else LEVELS[part](level).name.lower()
