"""Creating and changing accounts."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from flask_security import hash_password
from sqlalchemy.orm import Session

from cardqueue.accounts.models import User
from cardqueue.accounts.queries import count_other_admins
from cardqueue.core.access import Role
from cardqueue.core.audit import record, record_change
from cardqueue.core.errors import Conflict, Refused
from cardqueue.lib.clock import now_at

MIN_PASSWORD_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Unit:
    """Where a person works; exactly the field that the role needs is set."""

    committee_id: int | None = None
    cell_id: int | None = None
    station_id: int | None = None
    province_code: str | None = None


def unit_for(role: Role, unit: Unit) -> Unit:
    """Only the part of a unit that the role needs.

    Raises: Refused("UNIT_MISSING") when that part is not given.
    """
    match role:
        case Role.ADMIN:
            return Unit()
        case Role.COMMITTEE:
            kept = Unit(committee_id=unit.committee_id)
        case Role.CELL_SECRETARY:
            kept = Unit(cell_id=unit.cell_id)
        case Role.OFFICER | Role.STATION_CHIEF:
            kept = Unit(station_id=unit.station_id)
        case _:
            kept = Unit(province_code=unit.province_code)
    if kept == Unit():
        raise Refused("UNIT_MISSING", role=role)
    return kept


def create_account(
    session: Session, *, username: str, full_name: str, role: Role, unit: Unit, password: str | None = None
) -> tuple[User, str]:
    """Create an account; returns it with its first password, made up when none is given.

    Raises: Conflict("USERNAME_TAKEN"), Refused("UNIT_MISSING"), Refused("PASSWORD_TOO_SHORT").
    """
    if find_account(session, username) is not None:
        raise Conflict("USERNAME_TAKEN", username=username)
    kept = unit_for(role, unit)
    first_password = password or new_password()
    user = User(
        username=username.strip(),
        full_name=full_name,
        password=_hashed(first_password),
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        role=role,
        committee_id=kept.committee_id,
        cell_id=kept.cell_id,
        station_id=kept.station_id,
        province_code=kept.province_code,
        must_change_password=password is None,
        created_at=now_at(),
    )
    session.add(user)
    session.flush()
    record(session, "accounts.create", f"user:{user.id}", after={"username": user.username, "role": role})
    return user, first_password


def change_account(session: Session, user: User, *, full_name: str, role: Role, unit: Unit, active: bool) -> None:
    """Change what an account may do; a person signed in with it is signed out when it is closed or moved.

    Raises: Refused("UNIT_MISSING"); Refused("LAST_ADMIN") when nobody could administer any more.
    """
    kept = unit_for(role, unit)
    stays_admin = role is Role.ADMIN and active
    if user.role == Role.ADMIN and user.active and not stays_admin and not count_other_admins(session, user):
        raise Refused("LAST_ADMIN")
    before = _described(user)
    user.full_name, user.role, user.active = full_name, role, active
    user.committee_id, user.cell_id = kept.committee_id, kept.cell_id
    user.station_id, user.province_code = kept.station_id, kept.province_code
    if before | {"full_name": full_name} != _described(user):
        user.fs_uniquifier = secrets.token_hex(32)
    session.flush()
    record_change(session, "accounts.change", f"user:{user.id}", before, _described(user))


def close_account(session: Session, user: User) -> None:
    """Let nobody sign in with an account any more; it stays, since the audit trail names it.

    Raises: Refused("LAST_ADMIN").
    """
    _set_active(session, user, active=False)


def reopen_account(session: Session, user: User) -> None:
    """Let a person sign in again with a closed account."""
    _set_active(session, user, active=True)


def reset_password(session: Session, user: User) -> str:
    """Give an account a new made-up password, to be changed at the next sign-in; returns it once."""
    password = new_password()
    user.password, user.must_change_password = _hashed(password), True
    user.fs_uniquifier = secrets.token_hex(32)
    session.flush()
    record(session, "accounts.reset_password", f"user:{user.id}")
    return password


def change_password(session: Session, user: User, password: str) -> None:
    """Set the password that the person chose; every browser that is signed in with the old one is signed out.

    Raises: Refused("PASSWORD_TOO_SHORT").
    """
    user.password, user.must_change_password = _hashed(password), False
    user.fs_uniquifier = secrets.token_hex(32)
    session.flush()
    record(session, "accounts.change_password", f"user:{user.id}")


def find_account(session: Session, username: str) -> User | None:
    """The account of a username, whatever its case."""
    return session.scalar(sa.select(User).where(sa.func.lower(User.username) == username.strip().lower()))


def new_password() -> str:
    """A password that can be read aloud: twelve letters and digits in groups, without look-alikes."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3))


def _set_active(session: Session, user: User, *, active: bool) -> None:
    unit = Unit(user.committee_id, user.cell_id, user.station_id, user.province_code)
    change_account(session, user, full_name=user.full_name, role=Role(user.role), unit=unit, active=active)


def _hashed(password: str) -> str:
    if len(password) < MIN_PASSWORD_LENGTH:
        raise Refused("PASSWORD_TOO_SHORT", least=MIN_PASSWORD_LENGTH)
    return str(hash_password(password))


def _described(user: User) -> dict[str, object]:
    return {
        "full_name": user.full_name,
        "role": str(user.role),
        "active": user.active,
        "committee_id": user.committee_id,
        "cell_id": user.cell_id,
        "station_id": user.station_id,
        "province_code": user.province_code,
    }
