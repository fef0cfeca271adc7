"""Writing what an officer decided into the member: the one place where verification changes the list.

The committee owns the list and sees every such change, from which value to which, with numbers masked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.cases.models import Case
from cardqueue.core.audit import record_change
from cardqueue.core.errors import Refused
from cardqueue.core.keyring import lookup_hash
from cardqueue.lib.citizen_id import mask_citizen_id
from cardqueue.lib.names import search_key, sort_key
from cardqueue.lib.partial_date import PartialDate
from cardqueue.roster.models import Member, Sex
from cardqueue.verification.models import Check
from cardqueue.verification.rules import Field


def apply_values(session: Session, member: Member, values: Mapping[Field, str], at: datetime) -> None:
    """Write values into a member; an empty one takes away what stands there.

    Raises: Refused("NUMBER_TAKEN") when another member of the committee, or of a campaign of theirs, has the number.
    """
    if Field.CITIZEN_ID in values:
        refuse_taken_number(session, member, values[Field.CITIZEN_ID])
    before = _described(member)
    for field, value in values.items():
        match field:
            case Field.FULL_NAME:
                member.full_name = value
                member.search_key, member.sort_key = search_key(value), sort_key(value)
            case Field.BIRTH_ON:
                member.birth_on = value or None
                member.birth_year = PartialDate.from_iso(value).year if value else None
            case Field.SEX:
                member.sex = Sex(value) if value else None
            case Field.CITIZEN_ID:
                member.citizen_id, member.citizen_id_hash = value or None, lookup_hash(value)
    after = _described(member)
    if before == after:
        return
    member.updated_at = at
    session.flush()
    record_change(
        session, "verification.correct", f"member:{member.id}", before, after, committee_id=member.committee_id
    )


def stored_values(check: Check) -> dict[Field, str]:
    """The values that a decision confirmed."""
    return {field: values[1] for field, values in stored_changes(check).items()}


def stored_changes(check: Check) -> dict[Field, tuple[str, str]]:
    """What a decision made of each field. Shapes: field → (value on the list, value that holds)."""
    changes = json.loads(check.confirmed) if check.confirmed else {}
    return {Field(field): (old, new) for field, (old, new) in changes.items()}


def refuse_taken_number(session: Session, member: Member, number: str) -> None:
    """Refuse a number that another member of the committee, or of a campaign of theirs, carries.

    Raises: Refused("NUMBER_TAKEN").
    """
    if not number:
        return
    shared_campaigns = sa.select(Case.campaign_id).where(Case.member_id == member.id)
    in_a_campaign = sa.select(Case.member_id).where(Case.campaign_id.in_(shared_campaigns), Case.is_counted)
    taken = sa.select(Member.id).where(
        Member.citizen_id_hash == lookup_hash(number),
        Member.id != member.id,
        Member.removed_at.is_(None),
        sa.or_(Member.committee_id == member.committee_id, Member.id.in_(in_a_campaign)),
    )
    if session.scalar(taken.limit(1)) is not None:
        raise Refused("NUMBER_TAKEN")


def _described(member: Member) -> dict[str, str | None]:
    return {
        "full_name": member.full_name,
        "birth_on": member.birth_on,
        "sex": member.sex,
        "citizen_id": mask_citizen_id(member.citizen_id) or None,
    }
