"""What has been printed, so that reprinting prints only what changed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cardqueue.core.database import Base


class PrintedSlip(Base):
    """The newest print of an appointment's slip; `content_hash` covers all that the member reads on it."""

    __tablename__ = "printed_slip"

    appointment_id: Mapped[int] = mapped_column(sa.ForeignKey("appointment.id"), primary_key=True)
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    printed_at: Mapped[datetime]
    printed_by: Mapped[str] = mapped_column(sa.String(64))
    copies: Mapped[int] = mapped_column(default=1)
