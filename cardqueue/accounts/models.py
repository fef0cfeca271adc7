"""Tables of the accounts."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from flask_security import RoleMixin, UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cardqueue.core.access import Role
from cardqueue.core.database import Base
from cardqueue.organisation.models import Cell, Committee, Province, Station


class User(Base, UserMixin):
    """A person with an account: one role, in one scope."""

    __tablename__ = "user_account"
    __table_args__ = (
        sa.CheckConstraint(
            "(role = 'admin' AND committee_id IS NULL AND cell_id IS NULL AND station_id IS NULL"
            " AND province_code IS NULL)"
            " OR (role = 'committee' AND committee_id IS NOT NULL)"
            " OR (role = 'cell_secretary' AND cell_id IS NOT NULL)"
            " OR (role IN ('officer', 'station_chief') AND station_id IS NOT NULL)"
            " OR (role = 'supervisor' AND province_code IS NOT NULL)",
            name="scope_fits_role",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(sa.String(64), unique=True)
    full_name: Mapped[str] = mapped_column(sa.String(80))
    password: Mapped[str] = mapped_column(sa.String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    role: Mapped[Role] = mapped_column(sa.String(20))
    committee_id: Mapped[int | None] = mapped_column(sa.ForeignKey("committee.id"), index=True)
    cell_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cell.id"), index=True)
    station_id: Mapped[int | None] = mapped_column(sa.ForeignKey("station.id"), index=True)
    province_code: Mapped[str | None] = mapped_column(sa.ForeignKey("province.code"))
    must_change_password: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    committee: Mapped[Committee | None] = relationship()
    cell: Mapped[Cell | None] = relationship()
    station: Mapped[Station | None] = relationship()
    province: Mapped[Province | None] = relationship()

    # Flask-Security asks for a list of role rows; ours is the column `role`, so that list is always empty.
    roles: ClassVar[list[RoleMixin]] = []  # type: ignore[misc]


class SignInFailure(Base):
    """A wrong password; several within a quarter of an hour lock the account for as long."""

    __tablename__ = "sign_in_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(sa.String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
