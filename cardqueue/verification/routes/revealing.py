"""Whole records on a page: every look is kept in the audit trail, and the cookie knows the last one.

A form that comes back with an error may show the record again, since that person has had it shown; nobody else may.
"""

from __future__ import annotations

from flask import session as cookie

from cardqueue.accounts.current import current_scope
from cardqueue.core.audit import record
from cardqueue.core.database import db
from cardqueue.roster.models import Member

_LAST = "verification_revealed"


def keep_look(member: Member, shown: str = "", **details: int) -> None:
    """Keep that somebody looked at a member's case; `shown` names the whole record on the page, if there is one."""
    record(
        db.session(),
        "verification.reveal" if shown else "verification.view",
        f"member:{member.id}",
        after=details,
        committee_id=member.committee_id,
        station_id=current_scope().station_id,
    )
    if shown:
        cookie[_LAST] = _name(member, shown)


def has_looked(member: Member, shown: str) -> bool:
    """Whether this was the last record that the person had shown."""
    return cookie.get(_LAST) == _name(member, shown)


def _name(member: Member, shown: str) -> str:
    return f"{member.id} {shown}"
