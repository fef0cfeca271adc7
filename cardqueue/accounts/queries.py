"""Reads of the accounts."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cardqueue.accounts.models import User
from cardqueue.core.access import Role
from cardqueue.organisation.models import Cell, Committee, Station


def account_query(*, role: Role | None = None, unit: str = "", text: str = "") -> sa.Select[User]:
    """Accounts with their units, by username.

    Shapes: `unit` is `committee:3` or `station:5`, the whole unit with its cells; `text` is part of the username or of
    the name, as it was written.
    """
    query = (
        sa.select(User)
        .options(
            joinedload(User.committee),
            joinedload(User.cell).joinedload(Cell.committee),
            joinedload(User.station),
            joinedload(User.province),
        )
        .order_by(sa.func.lower(User.username))
    )
    if role is not None:
        query = query.where(User.role == role)
    kind, _, unit_id = unit.partition(":")
    if unit_id.isdecimal() and kind == "committee":
        cells = sa.select(Cell.id).where(Cell.committee_id == int(unit_id))
        query = query.where(sa.or_(User.committee_id == int(unit_id), User.cell_id.in_(cells)))
    elif unit_id.isdecimal() and kind == "station":
        query = query.where(User.station_id == int(unit_id))
    if text:
        query = query.where(
            sa.or_(
                User.username.icontains(text.lower(), autoescape=True), User.full_name.contains(text, autoescape=True)
            )
        )
    return query


def list_committee_choices(session: Session) -> list[tuple[str, str]]:
    """Every committee by name.

    Shapes: (id as text, name).
    """
    rows = session.execute(sa.select(Committee.id, Committee.name).order_by(Committee.name))
    return [(str(committee_id), name) for committee_id, name in rows]


def list_station_choices(session: Session) -> list[tuple[str, str]]:
    """Every station by name.

    Shapes: (id as text, name).
    """
    rows = session.execute(sa.select(Station.id, Station.name).order_by(Station.name))
    return [(str(station_id), name) for station_id, name in rows]


def count_other_admins(session: Session, user: User) -> int:
    """How many administrators can sign in beside this one."""
    others = sa.select(User.id).where(User.role == Role.ADMIN, User.active.is_(True), User.id != user.id)
    # Two administrators who close each other at once come one after the other.
    return len(session.scalars(others.with_for_update()).all())
