"""Tables of the data cleaning."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cardqueue.core.database import Base, EncryptedText
from cardqueue.organisation.models import Campaign, Cell
from cardqueue.roster.models import Member


class QualityDay(Base):
    """How good a cell's data was at the end of a day, in counts alone."""

    __tablename__ = "quality_day"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "cell_id", "taken_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    cell_id: Mapped[int] = mapped_column(sa.ForeignKey("cell.id"), index=True)
    taken_on: Mapped[date]
    # Members counted, and how many of them hold each of the six words, `{"correct": 40, "complete": 38, …}`.
    member_count: Mapped[int]
    counts: Mapped[dict[str, Any]]

    cell: Mapped[Cell] = relationship()


class SheetState(StrEnum):
    """What became of a member's check sheet."""

    PRINTED = "printed"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"


class CheckSheet(Base):
    """A member's check sheet in a campaign: own basic data to look through, with a tear-off for corrections.

    The code on the tear-off finds the member again when it comes back; printing again keeps it. A member who looked
    through the data on the screen has a sheet that was never printed. `said` is encrypted JSON, what the member wrote
    by field (`rules.sheets`), and `open_fields` names those of them that are not settled.
    """

    __tablename__ = "check_sheet"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "member_id"),
        sa.CheckConstraint("(state = 'printed') = (returned_at IS NULL)", name="returned_has_time"),
        sa.CheckConstraint("state <> 'printed' OR printed_at IS NOT NULL", name="printed_has_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    state: Mapped[SheetState] = mapped_column(sa.String(10))
    printed_at: Mapped[datetime | None]
    printed_by: Mapped[str | None] = mapped_column(sa.String(64))
    said: Mapped[str | None] = mapped_column(EncryptedText)
    open_fields: Mapped[list[str]]
    # The member was made pending on account of this sheet; the last correction that is settled settles the case.
    opened_case: Mapped[bool] = mapped_column(default=False)
    returned_at: Mapped[datetime | None]
    returned_by: Mapped[str | None] = mapped_column(sa.String(64))

    campaign: Mapped[Campaign] = relationship()
    member: Mapped[Member] = relationship()
