"""Tables of the ledger."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cardqueue.accounts.models import User
from cardqueue.core.database import Base, EncryptedText
from cardqueue.organisation.models import Campaign
from cardqueue.roster.models import Member


class CaseState(StrEnum):
    """Where a member stands in a campaign."""

    NOT_YET = "not_yet"
    DONE = "done"
    PENDING = "pending"


class PendingReason(StrEnum):
    """Why a member is not done; the list is closed so that reports can count it."""

    WRONG_INFO = "WRONG_INFO"
    ID_MISSING = "ID_MISSING"
    BUSY = "BUSY"
    WEAK_HEALTH = "WEAK_HEALTH"
    AWAY = "AWAY"
    TRANSFER = "TRANSFER"
    EXEMPT = "EXEMPT"
    UNDER_REVIEW = "UNDER_REVIEW"
    NO_OLD_CARD = "NO_OLD_CARD"
    NO_SHOW = "NO_SHOW"
    TECH = "TECH"
    NO_PHOTO = "NO_PHOTO"
    NOT_OURS = "NOT_OURS"


class Case(Base):
    """One member in one campaign.

    `is_counted` is the denominator: probationary, deceased and departed members have a case too, counted apart.
    """

    __tablename__ = "ledger_case"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "member_id"),
        sa.CheckConstraint("(state = 'pending') = (reason IS NOT NULL)", name="pending_has_reason"),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_has_time"),
        sa.CheckConstraint("state IN ('not_yet', 'done', 'pending')", name="known_state"),
        sa.Index("ix_ledger_case_campaign_state", "campaign_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    state: Mapped[CaseState] = mapped_column(sa.String(10), default=CaseState.NOT_YET)
    is_counted: Mapped[bool] = mapped_column(default=True)
    reason: Mapped[PendingReason | None] = mapped_column(sa.String(20))
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    due_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(EncryptedText)
    since_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    campaign: Mapped[Campaign] = relationship()
    member: Mapped[Member] = relationship()
    owner: Mapped[User | None] = relationship()
    events: Mapped[list[CaseEvent]] = relationship(back_populates="case", order_by="CaseEvent.id")


class CaseEvent(Base):
    """One change of a case: the history that everybody who follows it up reads."""

    __tablename__ = "case_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("ledger_case.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(sa.String(80))
    from_state: Mapped[CaseState] = mapped_column(sa.String(10))
    to_state: Mapped[CaseState] = mapped_column(sa.String(10))
    reason: Mapped[PendingReason | None] = mapped_column(sa.String(20))
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    due_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(EncryptedText)

    case: Mapped[Case] = relationship(back_populates="events")
    owner: Mapped[User | None] = relationship()
