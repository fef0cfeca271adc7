"""A roster row with its answer: which decisions about it are right."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, field, replace
from random import Random

from benchmarks.matching.people import Person, birth_text, sex_text
from cardqueue.lib.citizen_id import ISSUED_PREFIXES

MATCH, EITHER, PROPOSED, SAFE, LOST = (
    ("match",), ("match", "mismatch"), ("mismatch",), ("mismatch", "ambiguous"), ("not_found", "ambiguous"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """A roster row with its answer.

    Shapes: `pid` is empty where nobody is right; `fields` are those that differ, `perhaps` those that either answer may
    name; `group` joins rows that are one person.
    """

    name: str
    birth: str
    sex: str
    number: str
    origin: str
    card: str
    cell: str
    pid: str
    kind: str = "clean"
    right: tuple[str, ...] = MATCH
    fields: frozenset[str] = frozenset()
    perhaps: frozenset[str] = frozenset()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Whom a mistake may mix somebody up with."""

    rng: Random
    other: Person
    twin: Person | None = None
    taken: Container[str] = field(default=frozenset())


Mistake = Callable[[Typed, Person, Neighbourhood], Typed | None]


def typed_well(person: Person, rng: Random, card: str, cell: str) -> Typed:
    """A row without a mistake, in the ways in which good rows differ."""
    name = person.name.upper() if rng.random() < 0.1 else person.name
    birth = birth_text(person.born) if len(person.known_born) > 4 else person.known_born
    if rng.random() < 0.1 and len(birth) > 4:
        birth = f"{person.born.day}/{person.born.month}/{person.born.year}"
    origin = rng.choice((person.origin, person.origin, person.origin_now, person.province))
    return Typed(name, birth, sex_text(person.sex), person.number, origin, card, cell, person.number)


def perhaps(right: tuple[str, ...], column: str) -> frozenset[str]:
    """The fields that a decision may name or not, where either answer is right."""
    return frozenset({column}) if right[: len(EITHER)] == EITHER else frozenset()


def numbers(change: Callable[[str, Random], str | None], right: tuple[str, ...], *fields: str) -> Mistake:
    """A mistake in the number; never one that belongs, or could belong, to somebody."""

    def mistake(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
        number = change(person.number, near.rng)
        if number is None or number in near.taken or number[:3] in ISSUED_PREFIXES:
            return None
        return replace(
            row, number=number, right=right, fields=frozenset(fields), perhaps=perhaps(right, "so_dinh_danh")
        )

    return mistake
