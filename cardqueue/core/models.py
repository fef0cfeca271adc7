"""Tables that belong to no feature: the audit trail, answered device requests and finished jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cardqueue.core.database import Base


class AuditEntry(Base):
    """One thing that a person or a job did: append-only, and sealed within a minute (`AuditSeal`)."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(sa.String(80), index=True)
    action: Mapped[str] = mapped_column(sa.String(60), index=True)
    subject: Mapped[str] = mapped_column(sa.String(80), index=True)
    committee_id: Mapped[int | None] = mapped_column(index=True)
    station_id: Mapped[int | None] = mapped_column(index=True)
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]


class AuditSeal(Base):
    """The hash of an audit row and of the seal before it: a chain in which nothing can be changed or left out."""

    __tablename__ = "audit_seal"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_entry.id"), unique=True)
    previous_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)


class AnsweredRequest(Base):
    """The answer given to a writing request, so that the same nonce gets the same answer again.

    `request_hash` covers what was asked: a nonce that comes back with another request is refused, never answered.
    """

    __tablename__ = "answered_request"

    nonce: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    user_id: Mapped[int]
    request_hash: Mapped[str] = mapped_column(sa.String(64))
    status: Mapped[int]
    body: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime] = mapped_column(index=True)


class FinishedJob(Base):
    """A piece of timed work that is done; the key makes a second run, or a second leader, do nothing."""

    __tablename__ = "finished_job"

    job: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    at: Mapped[datetime]
