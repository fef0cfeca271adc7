"""The outbox of notices."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cardqueue.core.database import Base
from cardqueue.organisation.models import Cell


class NoticeKind(StrEnum):
    """Why a cell is told something."""

    INVITED = "invited"
    CHANGED = "changed"
    REBOOKED = "rebooked"


class Notice(Base):
    """What a cell's secretary has to pass on, in neutral words without numbers that identify anybody.

    `key` says which change it tells, so that preparing notices twice tells nothing twice.
    """

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    cell_id: Mapped[int] = mapped_column(sa.ForeignKey("cell.id"), index=True)
    kind: Mapped[NoticeKind] = mapped_column(sa.String(12))
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    text: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[datetime]
    handed_over_at: Mapped[datetime | None]
    handed_over_by: Mapped[str | None] = mapped_column(sa.String(64))

    cell: Mapped[Cell] = relationship()
