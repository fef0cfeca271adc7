"""Writing facts into a member with the keys and hashes that go with them, and telling the audit trail about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cardqueue.core.keyring import lookup_hash
from cardqueue.lib.citizen_id import mask_citizen_id
from cardqueue.lib.names import clean, search_key, sort_key
from cardqueue.lib.partial_date import PartialDate
from cardqueue.roster.models import Member, MemberStatus
from cardqueue.roster.rules.matching import FIELDS

LONGEST_NAME = 120
_HASHED = ("citizen_id", "old_id", "card_no")
_SECRET = (*_HASHED, "phone")


def new_member(committee_id: int, values: Mapping[str, object], at: datetime) -> Member:
    """A member with these facts. Shapes: `values` by the names of `rules.matching.FIELDS`."""
    member = Member(committee_id=committee_id, created_at=at, status=MemberStatus.OFFICIAL, needs_help=False)
    write_values(member, {name: value for name, value in values.items() if value is not None}, at)
    return member


def write_values(member: Member, values: Mapping[str, object], at: datetime) -> None:
    """Write facts into a member, with everything that is derived from them."""
    for name, value in values.items():
        if name == "full_name":
            value = clean(str(value))[:LONGEST_NAME]
            member.search_key, member.sort_key = search_key(value)[:LONGEST_NAME], sort_key(value)
        elif name == "birth_on":
            member.birth_year = PartialDate.from_iso(str(value)).year if value else None
        elif name in _HASHED:
            setattr(member, f"{name}_hash", lookup_hash(str(value) if value else None))
        setattr(member, name, value)
    member.updated_at = at


def described(member: Member) -> dict[str, Any]:
    """A member for the audit trail, numbers masked."""
    return _masked({name: getattr(member, name) for name in (*FIELDS, "needs_help")})


def describe_changes(old: Mapping[str, object], new: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A change for the audit trail: values before and after, numbers masked."""
    return _masked(old), _masked(new)


def _masked(values: Mapping[str, object]) -> dict[str, Any]:
    return {name: mask_citizen_id(str(value)) if value and name in _SECRET else value for name, value in values.items()}
