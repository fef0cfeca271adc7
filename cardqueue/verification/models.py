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
    """One extract of population records that the police brought for their station; the newest whole one is in force.

    `content` keeps an upload whose columns a person still has to name, for a day at most. `matched_at` is when the
    members were last compared with the extract.
    """

    __tablename__ = "population_extract"
    __table_args__ = (
        sa.Index(
            "uq_population_extract_one_in_force",
            "campaign_id",
            "station_id",
            unique=True,
            sqlite_where=sa.text("is_in_force"),
            postgresql_where=sa.text("is_in_force"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    station_id: Mapped[int] = mapped_column(sa.ForeignKey("station.id"), index=True)
    filename: Mapped[str] = mapped_column(sa.String(200))
    record_count: Mapped[int] = mapped_column(default=0)
    imported_by: Mapped[str] = mapped_column(sa.String(64))
    imported_at: Mapped[datetime]
    is_in_force: Mapped[bool] = mapped_column(default=False)
    purged_at: Mapped[datetime | None]
    matched_at: Mapped[datetime | None]
    content: Mapped[str | None] = mapped_column(EncryptedText)

    campaign: Mapped[Campaign] = relationship()
    station: Mapped[Station] = relationship()


class PopulationRecord(Base):
    """One person of an extract; everything that names the person is encrypted, the number is found by keyed hash.

    `content_hash` is the keyed hash of all four values: whether a person's data changed shows without decrypting them.
    """

    __tablename__ = "population_record"
    __table_args__ = (sa.Index("ix_population_record_extract_citizen", "extract_id", "citizen_id_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    extract_id: Mapped[int] = mapped_column(sa.ForeignKey("population_extract.id", ondelete="CASCADE"))
    citizen_id: Mapped[str] = mapped_column(EncryptedText)
    citizen_id_hash: Mapped[str] = mapped_column(sa.String(64))
    full_name: Mapped[str] = mapped_column(EncryptedText)
    birth_on: Mapped[str] = mapped_column(sa.String(10))
    sex: Mapped[Sex] = mapped_column(sa.String(6))
    content_hash: Mapped[str] = mapped_column(sa.String(64))


class Check(Base):
    """A member's newest comparison in a campaign, and what was decided about it.

    `evidence` is a keyed hash of both sides, so that only members whose evidence changed are compared again.
    `decided_evidence` is what the officer saw when deciding: when an import brings exactly that back, the decision
    holds and its values are applied again.
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
    # The differing fields with their level, `{"full_name": "diacritics_differ", "birth_on": "swapped"}`.
    differences: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    # Whether a difference stands between the member and an appointment; false once it is decided.
    blocks: Mapped[bool] = mapped_column(default=False)
    # The person compared with, by the keyed hash of the number: it outlives the replacement of an extract.
    record_hash: Mapped[str | None] = mapped_column(sa.String(64))
    evidence: Mapped[str] = mapped_column(sa.String(64))
    decided_evidence: Mapped[str | None] = mapped_column(sa.String(64))
    # Whether the member's ledger case was opened from here, and so is ours to resolve.
    opened_case: Mapped[bool] = mapped_column(default=False)
    checked_at: Mapped[datetime]
    decision: Mapped[Decision | None] = mapped_column(sa.String(16))
    # What the decision made of each differing field, encrypted JSON `{"birth_on": ["1950", "1950-02-01"]}`: the value
    # on the list and the one that holds. The committee sees these and never the record itself.
    confirmed: Mapped[str | None] = mapped_column(EncryptedText)
    decided_by: Mapped[str | None] = mapped_column(sa.String(64))
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(EncryptedText)

    member: Mapped[Member] = relationship()
