"""Tables of the roster: members, and the imports they came from."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cardqueue.core.database import Base, EncryptedText
from cardqueue.lib.citizen_id import Sex
from cardqueue.organisation.models import Cell, Committee
from cardqueue.roster.reading import MemberStatus

__all__ = ["ColumnMemory", "ImportRow", "ImportState", "Member", "MemberStatus", "RosterImport", "Sex"]


class ImportState(StrEnum):
    """How far an import has come."""

    UPLOADED = "uploaded"
    MAPPED = "mapped"
    SAVED = "saved"
    UNDONE = "undone"
    DISCARDED = "discarded"


class Member(Base):
    """A Party member of a committee, in one cell.

    Numbers are encrypted; `*_hash` finds them again. Birth, joining and official dates may be partial (old members
    know only the year), so they are kept as ISO text: `1950`, `1950-02` or `1950-02-14`.
    """

    __tablename__ = "member"
    __table_args__ = (
        sa.Index("ix_member_committee_search", "committee_id", "search_key"),
        # Partial: a member who left keeps the number on file, and may come back as a new row.
        sa.Index(
            "uq_member_committee_citizen",
            "committee_id",
            "citizen_id_hash",
            unique=True,
            sqlite_where=sa.text("citizen_id_hash IS NOT NULL AND removed_at IS NULL"),
            postgresql_where=sa.text("citizen_id_hash IS NOT NULL AND removed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[int] = mapped_column(sa.ForeignKey("committee.id"), index=True)
    cell_id: Mapped[int] = mapped_column(sa.ForeignKey("cell.id"), index=True)
    full_name: Mapped[str] = mapped_column(sa.String(120))
    search_key: Mapped[str] = mapped_column(sa.String(120), index=True)
    sort_key: Mapped[str] = mapped_column(sa.String(240))
    birth_on: Mapped[str | None] = mapped_column(sa.String(10))
    birth_year: Mapped[int | None]
    sex: Mapped[Sex | None] = mapped_column(sa.String(6))
    citizen_id: Mapped[str | None] = mapped_column(EncryptedText)
    citizen_id_hash: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    old_id: Mapped[str | None] = mapped_column(EncryptedText)
    old_id_hash: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    card_no: Mapped[str | None] = mapped_column(EncryptedText)
    card_no_hash: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    joined_on: Mapped[str | None] = mapped_column(sa.String(10))
    official_on: Mapped[str | None] = mapped_column(sa.String(10))
    status: Mapped[MemberStatus] = mapped_column(sa.String(20), default=MemberStatus.OFFICIAL)
    needs_help: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    # Set when an import found the member gone from the list and a person confirmed it.
    removed_at: Mapped[datetime | None]

    cell: Mapped[Cell] = relationship()
    committee: Mapped[Committee] = relationship()


class RosterImport(Base):
    """One Excel list on its way through the wizard; kept afterwards so that it can be undone for a day."""

    __tablename__ = "roster_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[int] = mapped_column(sa.ForeignKey("committee.id"), index=True)
    filename: Mapped[str] = mapped_column(sa.String(200))
    # The file itself in base64; large, and wanted by the wizard alone.
    content: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    state: Mapped[ImportState] = mapped_column(sa.String(20))
    choices: Mapped[dict[str, Any] | None]
    summary: Mapped[dict[str, Any] | None]
    # What saving changed, encrypted JSON: enough to put every member back as before.
    undo: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    uploaded_by: Mapped[str] = mapped_column(sa.String(64))
    uploaded_at: Mapped[datetime]
    saved_at: Mapped[datetime | None]

    committee: Mapped[Committee] = relationship()
    rows: Mapped[list[ImportRow]] = relationship(
        back_populates="roster_import", cascade="all, delete-orphan", order_by="ImportRow.id"
    )


class ImportRow(Base):
    """One row of a list as the reader understood it, with what a person corrected."""

    __tablename__ = "import_row"
    __table_args__ = (sa.UniqueConstraint("import_id", "sheet", "row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("roster_import.id", ondelete="CASCADE"), index=True)
    sheet: Mapped[str] = mapped_column(sa.String(80))
    row: Mapped[int]
    state: Mapped[str] = mapped_column(sa.String(8), index=True)
    values: Mapped[str | None] = mapped_column(EncryptedText)
    messages: Mapped[str | None] = mapped_column(EncryptedText)
    is_left_out: Mapped[bool] = mapped_column(default=False)
    # A person has looked at the row and wants it as it stands.
    is_accepted: Mapped[bool] = mapped_column(default=False)

    roster_import: Mapped[RosterImport] = relationship(back_populates="rows")


class ColumnMemory(Base):
    """Which column meant what, the last time this committee imported a list with these headers."""

    __tablename__ = "column_memory"
    __table_args__ = (sa.UniqueConstraint("committee_id", "signature"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[int] = mapped_column(sa.ForeignKey("committee.id"))
    signature: Mapped[str] = mapped_column(sa.String(64))
    columns: Mapped[dict[str, Any]]
    used_at: Mapped[datetime]
