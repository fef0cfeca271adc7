"""One case as the officer sees it: the candidates and why, both sides next to each other, and what differs marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from cardqueue.lib.citizen_id import birth_year_of, sex_of
from cardqueue.lib.names import display_case
from cardqueue.lib.partial_date import PartialDate
from cardqueue.verification.models import Check
from cardqueue.verification.rules import Field, Person, Segment, is_citizen_id, mark_differences
from cardqueue.verification.rules.reasons import Sureness, reason_of, sureness_of
from cardqueue.verification.words import (
    FIELDS,
    SEXES,
    SURENESSES,
    level_word,
    masked_number,
    reason_words,
    shown,
)

_KINDS = {Sureness.LIKELY: "good", Sureness.POSSIBLE: "warning", Sureness.UNLIKELY: "neutral"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who may be meant. Shapes: `facts` are masked, and empty where the source shows no values."""

    record: str
    rank: int
    word: str
    kind: str
    reason: str
    facts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Compared:
    """A field in the officer's table: our value and the record's, cut into marked runs, and how they differ."""

    label: str
    ours: Sequence[Segment]
    theirs: Sequence[Segment]
    level: str


def candidate_cards(check: Check, people: Mapping[str, Person]) -> list[Candidate]:
    """Who may be meant, best first, each with how sure that is and why; numbers and dates masked."""
    cards = []
    for rank, candidate in enumerate(check.candidates, start=1):
        sureness = sureness_of(candidate["probability"])
        person = people.get(candidate["record"])
        cards.append(
            Candidate(
                candidate["record"],
                rank,
                str(SURENESSES[sureness]),
                _KINDS[sureness],
                reason_words(reason_of(candidate["levels"])),
                _masked(person) if person else (),
            )
        )
    return cards


def compared(member: Person, record: Person, differences: Mapping[Field, str]) -> list[Compared]:
    """Both sides in full, every field, differing letters marked."""
    rows = []
    for field in Field:
        ours, theirs = mark_differences(_readable(member, field), _readable(record, field))
        rows.append(Compared(str(FIELDS[field]), ours, theirs, _level(differences, field)))
    return rows


def compared_blind(member: Person, differences: Mapping[Field, str]) -> list[Compared]:
    """Both sides where the other one shows no values: what agrees and what does not."""
    return [
        Compared(
            str(FIELDS[field]),
            [Segment(_readable(member, field))],
            [Segment(_("không khớp") if field in differences else _("khớp"), field in differences)],
            _level(differences, field),
        )
        for field in Field
    ]


def compared_alone(member: Person) -> list[Compared]:
    """The list's side alone, where nobody is shown beside it."""
    return [Compared(str(FIELDS[field]), [Segment(_readable(member, field))], (), "") for field in Field]


def spelled(member: Person, record: Person) -> tuple[Sequence[Segment], Sequence[Segment]]:
    """Both spellings of a name, differing letters marked."""
    return mark_differences(_readable(member, Field.FULL_NAME), _readable(record, Field.FULL_NAME))


def number_says(citizen_id: str | None) -> str:
    """What the digits of a number state, as a sentence; empty without a whole number."""
    if not citizen_id or not is_citizen_id(citizen_id):
        return ""
    return str(
        _(
            "Các chữ số của số định danh trong hồ sơ cho biết: giới tính %(sex)s, sinh năm %(year)s.",
            sex=SEXES[sex_of(citizen_id)],
            year=birth_year_of(citizen_id),
        )
    )


def _masked(person: Person) -> list[tuple[str, str]]:
    year = str(PartialDate.from_iso(person.birth_on).year) if person.birth_on else ""
    return [
        (str(FIELDS[Field.FULL_NAME]), display_case(person.full_name)),
        (_("Năm sinh"), year or "–"),
        (str(FIELDS[Field.SEX]), shown(Field.SEX, person.value(Field.SEX)) or "–"),
        (str(FIELDS[Field.CITIZEN_ID]), masked_number(person.value(Field.CITIZEN_ID)) or "–"),
    ]


def _level(differences: Mapping[Field, str], field: Field) -> str:
    return level_word(differences[field]) if field in differences else ""


def _readable(person: Person, field: Field) -> str:
    value = person.value(field)
    return display_case(value) if field is Field.FULL_NAME else shown(field, value)
