"""Single members: added by hand, changed, removed from the list; a full citizen ID shown to whoever needs it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.core.audit import record
from cardqueue.core.errors import NotFound, Refused
from cardqueue.core.keyring import lookup_hash
from cardqueue.roster.models import Member, MemberStatus, Sex
from cardqueue.roster.reading import RosterRow
from cardqueue.roster.services.writing import describe_changes, described, new_member, write_values


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """Everything that is kept of a person. Shapes: dates as ISO text, perhaps partial; `phone` is E.164."""

    full_name: str
    cell_id: int
    birth_on: str | None = None
    sex: Sex | None = None
    citizen_id: str | None = None
    old_id: str | None = None
    card_no: str | None = None
    joined_on: str | None = None
    official_on: str | None = None
    phone: str | None = None
    status: MemberStatus = MemberStatus.OFFICIAL
    needs_help: bool = False

    @classmethod
    def of(cls, row: RosterRow, cell_id: int, *, needs_help: bool = False) -> PersonDetails:
        """What was read from a form (`rules.rows.read_person`)."""
        return cls(
            full_name=row.full_name,
            cell_id=cell_id,
            birth_on=str(row.birth_on) if row.birth_on else None,
            sex=row.sex,
            citizen_id=row.citizen_id,
            old_id=row.old_id,
            card_no=row.card_no,
            joined_on=str(row.joined_on) if row.joined_on else None,
            official_on=str(row.official_on) if row.official_on else None,
            phone=row.phone,
            status=row.status,
            needs_help=needs_help,
        )


def add_member(session: Session, committee_id: int, details: PersonDetails, *, at: datetime) -> Member:
    """Add a member by hand.

    Raises: Refused("NUMBER_ON_LIST"), Refused("NUMBER_ELSEWHERE").
    """
    _require_free_number(session, committee_id, details.citizen_id, None)
    member = new_member(committee_id, asdict(details), at)
    session.add(member)
    session.flush()
    record(
        session,
        "roster.add_member",
        f"member:{member.id}",
        after=described(member),
        committee_id=committee_id,
    )
    return member


def change_member(session: Session, member: Member, details: PersonDetails, *, at: datetime) -> None:
    """Change what is kept of a member.

    Raises: Refused("NUMBER_ON_LIST"), Refused("NUMBER_ELSEWHERE").
    """
    if details.citizen_id != member.citizen_id:
        _require_free_number(session, member.committee_id, details.citizen_id, member.id)
    _write(session, member, asdict(details), at)


def change_contact(session: Session, member: Member, *, phone: str | None, needs_help: bool, at: datetime) -> None:
    """Change what a cell secretary may: the telephone number, and whether the member needs help to come."""
    _write(session, member, {"phone": phone, "needs_help": needs_help}, at)


def remove_member(session: Session, member: Member, *, at: datetime) -> None:
    """Take a member off the list; what happened so far stays in the ledger's history."""
    member.removed_at = at
    session.flush()
    record(
        session,
        "roster.remove_member",
        f"member:{member.id}",
        before=described(member),
        committee_id=member.committee_id,
    )


def reveal_citizen_id(session: Session, member: Member) -> str:
    """The full citizen ID, for whoever has to read it out or copy it; leaves a trace.

    Raises: NotFound("NO_CITIZEN_ID").
    """
    if not member.citizen_id:
        raise NotFound("NO_CITIZEN_ID")
    record(session, "roster.reveal_number", f"member:{member.id}", committee_id=member.committee_id)
    return member.citizen_id


def _write(session: Session, member: Member, values: dict[str, object], at: datetime) -> None:
    new = {name: value for name, value in values.items() if getattr(member, name) != value}
    if not new:
        return
    old = {name: getattr(member, name) for name in new}
    write_values(member, new, at)
    session.flush()
    before, after = describe_changes(old, new)
    record(
        session,
        "roster.change_member",
        f"member:{member.id}",
        before=before,
        after=after,
        committee_id=member.committee_id,
    )


def _require_free_number(session: Session, committee_id: int, number: str | None, own_id: int | None) -> None:
    """Nobody else on a list may have the number; whose it is elsewhere is not told."""
    if not number:
        return
    holders = session.scalars(
        sa.select(Member.committee_id).where(
            Member.citizen_id_hash == lookup_hash(number), Member.removed_at.is_(None), Member.id != (own_id or 0)
        )
    ).all()
    if holders:
        raise Refused("NUMBER_ON_LIST" if committee_id in holders else "NUMBER_ELSEWHERE")
