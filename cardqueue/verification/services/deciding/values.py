"""The values that a decision writes into a member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.core.errors import Refused
from cardqueue.roster.models import Sex
from cardqueue.verification.models import Check, CheckStatus, Decision
from cardqueue.verification.queries import list_other_holders
from cardqueue.verification.rules import Field, Level, Person, corrected, is_citizen_id, number_faults
from cardqueue.verification.rules.reasons import differing_fields

MAY_FOLLOW_RECORD = (CheckStatus.MISMATCH, CheckStatus.MISSING, CheckStatus.AMBIGUOUS)


def allowed_decisions(check: Check, readable: Sequence[str]) -> list[Decision]:
    """What may be decided about a member, in the order of the page.

    Shapes: `readable` are the candidates whose values can be shown and followed, none of them from a hash-only source.
    """
    allowed = [Decision.RECORD_RIGHT] if check.status in MAY_FOLLOW_RECORD and readable else []
    if check.member.citizen_id is not None:
        allowed.append(Decision.ROSTER_RIGHT)
    allowed.append(Decision.BOTH_WRONG)
    if check.status == CheckStatus.AMBIGUOUS or (check.candidates and Field.CITIZEN_ID in check.differences):
        allowed.append(Decision.NOBODY)
    allowed.append(Decision.ASK_CELL)
    return allowed


def differences_from(check: Check, record_hash: str) -> dict[Field, str]:
    """How the member differs from one candidate, with the name of the level."""
    said = {Field(field): level for field, level in check.differences.items()}
    for candidate in check.candidates:
        if candidate["record"] == record_hash:
            found = differing_fields(candidate["levels"])
            # Of the record that the member was tied to, the comparison may know more than the levels say.
            return found | said if record_hash == check.record_hash else found
    return said


def values_of_record(check: Check, member: Person, record: Person, record_hash: str) -> dict[Field, str]:
    """What holds when a candidate is the person and the record is right."""
    differences = {field: Level(level) for field, level in differences_from(check, record_hash).items()}
    values = corrected(member, record, differences)
    return {field: value for field, value in values.items() if value and value != member.value(field)}


def values_typed(check: Check, member: Person, typed: Mapping[Field, str]) -> dict[Field, str]:
    """What the officer typed from the papers.

    Raises: Refused("NOTHING_TYPED", "NUMBER_NEEDED", "NUMBER_SEX", "NUMBER_YEAR").
    """
    values = {field: value for field, value in typed.items() if value}
    if not values:
        raise Refused("NOTHING_TYPED")
    if member.citizen_id is None and Field.CITIZEN_ID not in values:
        raise Refused("NUMBER_NEEDED")
    _check_number(member, values)
    return {field: value for field, value in values.items() if value != member.value(field)}


def refuse_wrong_holder(session: Session, check: Check) -> None:
    """Two members cannot both be right about one number.

    Raises: Refused("NUMBER_TAKEN", "NUMBER_NEEDED").
    """
    if check.member.citizen_id is None:
        raise Refused("NUMBER_NEEDED")
    if check.differences.get(Field.CITIZEN_ID) != Level.HELD_TWICE:
        return
    others = [other.id for other in list_other_holders(session, check.campaign_id, check.member)]
    confirmed = sa.select(Check.id).where(
        Check.campaign_id == check.campaign_id, Check.member_id.in_(others), Check.decision == Decision.ROSTER_RIGHT
    )
    if session.scalar(confirmed.limit(1)) is not None:
        raise Refused("NUMBER_TAKEN")


def _check_number(member: Person, values: Mapping[Field, str]) -> None:
    """Refuse a typed number whose digits contradict the sex or year that will stand beside it."""
    number = values.get(Field.CITIZEN_ID)
    if number is None:
        return
    if not is_citizen_id(number):
        raise Refused("NUMBER_NEEDED")
    sex = values.get(Field.SEX) or member.sex
    faults = number_faults(
        number, birth_on=values.get(Field.BIRTH_ON) or member.birth_on, sex=Sex(sex) if sex else None
    )
    if faults:
        raise Refused("NUMBER_SEX" if faults[0] is Level.SEX_DIGIT else "NUMBER_YEAR")
