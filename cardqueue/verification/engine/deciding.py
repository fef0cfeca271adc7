"""The decision table: who a roster row is, judged by what agrees. A probability alone never decides.

| number of the candidate | besides it | decision |
|---|---|---|
| the row's, as written | name, full birth date and sex the same | match |
| the row's | enough of name, date and sex, nobody who fits better | mismatch in what differs |
| the row's | the name, another birthday; nobody of that name born about then, no other hometown | mismatch: the date |
| one error away, or the old one | name and date, no likely twin | mismatch, the number among it |
| another or none | name, full date and sex, no rival, too few namesakes for chance | mismatch, the number among it |
| – | probable, but not that | ambiguous, ranked |
| – | nothing | not found |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cardqueue.verification.engine.dates import DateLevel
from cardqueue.verification.engine.evidence import Evidence
from cardqueue.verification.engine.levels import Levels, NameLevel, PlaceLevel, SexLevel
from cardqueue.verification.engine.numbers import NumberLevel, are_neighbours, is_consistent
from cardqueue.verification.engine.shapes import Decision, Field, Record, Status

#: Below this probability nobody is proposed, whatever agrees.
CONFIDENT = 0.95
#: Below this probability a candidate is not worth an officer's look.
WORTH_A_LOOK = 0.10
MOST_CANDIDATES = 10
# More expected strangers with the same name and birth date than this, and name and date prove nothing.
_TOO_MANY_STRANGERS = 0.02
# Where more people have the name than this, the number of one may have been looked up for another.
_FEW_NAMESAKES = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be the person.

    Units: `probability` among all candidates and nobody; `strangers` is how many people in the registry are expected to
    agree as well by chance. Shapes: `is_contested` where the registry gives the number to two people.
    """

    record: Record
    levels: Levels
    probability: float
    strangers: float
    is_contested: bool = False


def decide(
    row: Evidence, candidates: Sequence[Candidate], *, cell_differs: bool = False, are_all: bool = True
) -> Decision:
    """Decide about one row.

    Shapes: `candidates` best first, one for each number; `are_all` is False where a wider search would find more.
    """
    best = candidates[0] if candidates else None
    if best is None or best.probability < WORTH_A_LOOK:
        return Decision(Status.NOT_FOUND, score=best.probability if best else 0.0)
    if best.probability >= CONFIDENT and _is_the_person(row, best, candidates[1:], are_all=are_all):
        fields = differing_fields(row, best.levels, cell_differs=cell_differs)
        return Decision(
            Status.MISMATCH if fields else Status.MATCH,
            best.record.pid,
            fields,
            score=best.probability,
            has_number=best.levels.number >= NumberLevel.OLD,
        )
    listed = [one for one in candidates if one.probability >= WORTH_A_LOOK / 10 or _may_be_meant(row, one, best)]
    listed = listed[:MOST_CANDIDATES]
    certain = [set(differing_fields(row, one.levels, cell_differs=cell_differs)) for one in listed]
    return Decision(
        Status.AMBIGUOUS,
        fields=tuple(field for field in Field if all(field in fields for fields in certain)),
        candidates=tuple(one.record.pid for one in listed),
        score=best.probability,
    )


def differing_fields(row: Evidence, levels: Levels, *, cell_differs: bool = False) -> tuple[Field, ...]:
    """The fields that do not plainly agree; what one side does not know is named too."""
    differs = {
        Field.NAME: levels.name is not NameLevel.SAME,
        Field.BIRTH: levels.date is not DateLevel.EQUAL,
        Field.SEX: levels.sex is not SexLevel.SAME,
        Field.NUMBER: levels.number is not NumberLevel.EQUAL or not row.number.is_as_written,
        Field.CELL: cell_differs,
    }
    return tuple(field for field in Field if differs[field] or field in row.moved)


def _is_the_person(row: Evidence, best: Candidate, others: Sequence[Candidate], *, are_all: bool) -> bool:
    if best.is_contested or row.number.is_of_two:
        return False
    match best.levels.number:
        case NumberLevel.EQUAL if _has_another_birthday(row, best):
            is_looked_up = _comes_from_elsewhere(best) or any(_may_be_meant(row, one, best) for one in others)
            return are_all and _number_is_confirmed(best) and not is_looked_up
        case NumberLevel.EQUAL:
            return _number_is_confirmed(best) and not _fits_better(best, others)
        case NumberLevel.NEAR | NumberLevel.OLD:
            return _near_number_is_confirmed(row, best) and not _fits_better(best, others)
        case _:
            return _is_named_without_number(row, best, others)


def _number_is_confirmed(best: Candidate) -> bool:
    """Whether enough stands beside the same number: a number alone may have been copied from another line."""
    name, date, _, sex, place = best.levels
    if name is NameLevel.MISSING:
        return date is DateLevel.EQUAL and best.record.born.is_full and sex is SexLevel.SAME
    if sex is SexLevel.SAME:
        is_hardly_another = best.strangers <= _FEW_NAMESAKES or place is PlaceLevel.COMMUNE
        by_name = name >= NameLevel.BARE and (
            date is not DateLevel.OTHER or (name >= NameLevel.SPELLING and is_hardly_another)
        )
        by_date = (name >= NameLevel.RESEMBLES and date is DateLevel.EQUAL) or (
            name >= NameLevel.TYPO and date >= DateLevel.ONE_PART
        )
        if by_name or by_date:
            return True
    if name >= NameLevel.SHORTENED and date is DateLevel.EQUAL and best.record.born.is_full:
        return True
    return name >= NameLevel.MARKS and date >= DateLevel.ONE_PART


def _near_number_is_confirmed(row: Evidence, best: Candidate) -> bool:
    name, date, level, sex, _ = best.levels
    # Twins carry neighbouring numbers, one birthday and names that sound alike.
    is_twins = level is NumberLevel.NEAR and are_neighbours(row.number.number, best.record.pid)
    if is_twins and (name < NameLevel.BARE or _comes_from_elsewhere(best)):
        return False
    if sex is SexLevel.DIFFERS:
        return name >= NameLevel.BARE and date is DateLevel.EQUAL
    if date >= DateLevel.SWAPPED:
        return name >= NameLevel.SHORTENED
    return name >= NameLevel.BARE and date is not DateLevel.OTHER


def _is_named_without_number(row: Evidence, best: Candidate, others: Sequence[Candidate]) -> bool:
    """Whether name, full date and sex name one person, where the number is missing, unusable or somebody else's."""
    levels = best.levels
    if not best.record.born.is_full or levels.sex is not SexLevel.SAME or not _is_beyond_chance(best):
        return False
    if any(one.levels.name >= NameLevel.MARKS and one.levels.date >= DateLevel.PARTIAL for one in others):
        return False
    owners = [one for one in others if one.levels.number is NumberLevel.EQUAL]
    if owners:
        # The number is somebody else's, who must have nothing of this row but the number.
        return all(one.levels.name < NameLevel.TYPO and one.levels.date < DateLevel.PARTIAL for one in owners)
    if levels.number is not NumberLevel.DIFFERENT:
        return True
    # A sound number that the registry does not have: rather a namesake whose own record lies elsewhere.
    number = row.number.number
    return not row.number.old and not (number and is_consistent(number, row.sex, row.born.year))


def _is_beyond_chance(best: Candidate) -> bool:
    """Whether hardly anybody in the registry could agree so well without being the person."""
    name, date, _, _, place = best.levels
    if name >= NameLevel.ORDER and date in (DateLevel.EQUAL, DateLevel.SWAPPED):
        return best.strangers <= _TOO_MANY_STRANGERS and not _comes_from_elsewhere(best)
    # A slip in the name as well: only with the same hometown, and where few are born on one day.
    is_near = name >= NameLevel.SHORTENED and date is DateLevel.EQUAL and place is PlaceLevel.COMMUNE
    return is_near and best.strangers <= _TOO_MANY_STRANGERS / 4


def _comes_from_elsewhere(best: Candidate) -> bool:
    """Whether both sides name a hometown and no unit of it agrees."""
    return best.levels.place in (PlaceLevel.DIFFERS, PlaceLevel.PROVINCE)


def _has_another_birthday(row: Evidence, owner: Candidate) -> bool:
    """Whether a date is not the owner's with one slip; the first of January stands for any day of its year."""
    date, is_new_year = owner.levels.date, row.born.month == row.born.day == 1
    return date is DateLevel.OTHER or (date is DateLevel.SAME_YEAR and not is_new_year)


def _may_be_meant(row: Evidence, one: Candidate, owner: Candidate) -> bool:
    """Whether a number may have been looked up by the name alone: its owner was born on another day, this one then."""
    if owner.levels.number is not NumberLevel.EQUAL or not _has_another_birthday(row, owner):
        return False
    name, date, _, sex, place = one.levels
    if sex is SexLevel.DIFFERS or (owner.levels.place is PlaceLevel.COMMUNE and place is not PlaceLevel.COMMUNE):
        return False
    about_then = name >= NameLevel.BARE and date > owner.levels.date
    return about_then or (name >= NameLevel.SHORTENED and date >= DateLevel.ONE_PART)


def _fits_better(best: Candidate, others: Sequence[Candidate]) -> bool:
    """Whether somebody else fits name and date more exactly: then the number may be copied from a namesake."""
    name, date, *_ = best.levels
    for one in others:
        theirs = one.levels
        if theirs.sex is SexLevel.DIFFERS or theirs.name < NameLevel.BARE or theirs.date < DateLevel.PARTIAL:
            continue
        if theirs.name >= name and theirs.date >= date and (theirs.name > name or theirs.date > date):
            return True
    return False
