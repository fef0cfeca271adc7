"""The scope that an account's role and unit give (what a scope is: `organisation.scope`)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.accounts.models import User
from cardqueue.core.access import Role
from cardqueue.organisation.models import Cell, Committee, Station, committee_station
from cardqueue.organisation.scope import Scope

__all__ = ["Scope", "scope_of"]


def scope_of(session: Session, user: User) -> Scope:
    """The scope that a user's role and unit give."""
    match user.role:
        case Role.COMMITTEE:
            stations = _ids(
                session, committee_station.c.station_id, committee_station.c.committee_id, user.committee_id
            )
            return Scope(Role.COMMITTEE, frozenset({user.committee_id or 0}), stations)
        case Role.CELL_SECRETARY:
            committee_id = session.scalar(sa.select(Cell.committee_id).where(Cell.id == user.cell_id))
            return Scope(Role.CELL_SECRETARY, frozenset({committee_id or 0}), cell_id=user.cell_id)
        case Role.OFFICER | Role.STATION_CHIEF:
            served = _ids(session, committee_station.c.committee_id, committee_station.c.station_id, user.station_id)
            return Scope(Role(user.role), served, frozenset({user.station_id or 0}))
        case Role.SUPERVISOR:
            committees = session.scalars(sa.select(Committee.id).where(Committee.province_code == user.province_code))
            return Scope(Role.SUPERVISOR, frozenset(committees), province_code=user.province_code)
        case _:
            committees = session.scalars(sa.select(Committee.id))
            stations = frozenset(session.scalars(sa.select(Station.id)))
            return Scope(Role.ADMIN, frozenset(committees), stations)


def _ids(session: Session, wanted: sa.Column[int], known: sa.Column[int], value: int | None) -> frozenset[int]:
    return frozenset(session.scalars(sa.select(wanted).where(known == value)))
