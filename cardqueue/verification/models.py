"""Tables of the verification."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cardqueue.core.database import Base, EncryptedText
from cardqueue.organisation.models import Campaign, Station
from cardqueue.roster.models import Member, Sex


class CheckStatus(StrEnum):
    """What comparing a member with the population records gave."""

    MATCH = "match"
    MISMATCH = "mismatch"
    NOT_FOUND = "not_found"
    DUPLICATE = "duplicate"
    NO_ID = "no_id"


class Decision(StrEnum):
    """What an officer decided about a difference."""

    RECORD_RIGHT = "record_right"
    ROSTER_RIGHT = "roster_right"
    BOTH_WRONG = "both_wrong"
    ASK_CELL = "ask_cell"


class PopulationExtract(Base):
    """One extract of population records that the police brought for their station; the newest whole one is in force."""

    __tablename__ = "population_extract"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    station_id: Mapped[int] = mapped_column(sa.ForeignKey("station.id"), index=True)
    filename: Mapped[str] = mapped_column(sa.String(200))
    record_count: Mapped[int] = mapped_column(default=0)
    imported_by: Mapped[str] = mapped_column(sa.String(64))
    imported_at: Mapped[datetime]
    is_in_force: Mapped[bool] = mapped_column(default=False)
    purged_at: Mapped[datetime | None]

    campaign: Mapped[Campaign] = relationship()
    station: Mapped[Station] = relationship()


class PopulationRecord(Base):
    """One person of an extract; everything that names the person is encrypted, the numbers are found by keyed hash."""

    __tablename__ = "population_record"
    __table_args__ = (sa.Index("ix_population_record_extract_citizen", "extract_id", "citizen_id_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    extract_id: Mapped[int] = mapped_column(sa.ForeignKey("population_extract.id", ondelete="CASCADE"))
    citizen_id: Mapped[str | None] = mapped_column(EncryptedText)
    citizen_id_hash: Mapped[str | None] = mapped_column(sa.String(64))
    full_name: Mapped[str | None] = mapped_column(EncryptedText)
    birth_on: Mapped[str | None] = mapped_column(sa.String(10))
    sex: Mapped[Sex | None] = mapped_column(sa.String(6))


class Check(Base):
    """A member's newest comparison in a campaign, and what was decided about it.

    `evidence` is a keyed hash of both sides: as long as it is the same, a re-import undoes no decision.
    """

    __tablename__ = "verification_check"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "member_id"),
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decision_has_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    status: Mapped[CheckStatus] = mapped_column(sa.String(12), index=True)
    # The differing fields with their level, `{"full_name": "DIACRITICS_DIFFER", "birth_on": "SWAPPED"}`.
    differences: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    blocks: Mapped[bool] = mapped_column(default=False)
    record_id: Mapped[int | None] = mapped_column(sa.ForeignKey("population_record.id", ondelete="SET NULL"))
    evidence: Mapped[str] = mapped_column(sa.String(64))
    checked_at: Mapped[datetime]
    decision: Mapped[Decision | None] = mapped_column(sa.String(16))
    # The values that hold after the decision, encrypted JSON; the committee sees these and never the record itself.
    confirmed: Mapped[str | None] = mapped_column(EncryptedText)
    decided_by: Mapped[str | None] = mapped_column(sa.String(64))
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(EncryptedText)

    member: Mapped[Member] = relationship()
    record: Mapped[PopulationRecord | None] = relationship()
