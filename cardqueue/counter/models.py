"""Tables of the counter: a visit and the intervals it is made of."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cardqueue.accounts.models import User
from cardqueue.core.database import Base
from cardqueue.organisation.models import Line, Station
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment


class StageKind(StrEnum):
    """What the member is doing during an interval."""

    WAITING = "waiting"
    SERVING = "serving"


def _only_where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


class Visit(Base):
    """One coming of one member to a station; open until it has an outcome.

    `outcome` is `captured` or a pending reason; `closed_at` is its time and `closed_by_id` the officer who gave it.
    """

    __tablename__ = "visit"
    __table_args__ = (
        sa.Index("uq_visit_one_open", "campaign_id", "member_id", unique=True, **_only_where("closed_at IS NULL")),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed_has_outcome"),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed_by_somebody"),
        sa.Index("ix_visit_station_open", "station_id", "due_at", **_only_where("closed_at IS NULL")),
        sa.Index("ix_visit_station_day", "station_id", "day_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    station_id: Mapped[int] = mapped_column(sa.ForeignKey("station.id"))
    appointment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("appointment.id"))
    day_on: Mapped[date]
    # The order of taking among those present: the later of slip time and arrival.
    due_at: Mapped[datetime]
    is_walk_in: Mapped[bool] = mapped_column(default=False)
    checked_in_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    outcome: Mapped[str | None] = mapped_column(sa.String(20))

    member: Mapped[Member] = relationship()
    station: Mapped[Station] = relationship()
    appointment: Mapped[Appointment | None] = relationship()
    stages: Mapped[list[Stage]] = relationship(back_populates="visit", order_by="Stage.id")


class Stage(Base):
    """An interval of a visit with its officer and line: waiting, serving; their minutes fall out of the data."""

    __tablename__ = "visit_stage"
    __table_args__ = (
        sa.Index("uq_visit_stage_one_open", "visit_id", unique=True, **_only_where("ended_at IS NULL")),
        sa.Index(
            "uq_visit_stage_one_per_line",
            "line_id",
            unique=True,
            **_only_where("ended_at IS NULL AND kind = 'serving'"),
        ),
        sa.CheckConstraint("kind != 'serving' OR (officer_id IS NOT NULL AND line_id IS NOT NULL)", name="served_by"),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_start"),
        sa.Index("ix_visit_stage_open", "kind", **_only_where("ended_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visit.id"), index=True)
    kind: Mapped[StageKind] = mapped_column(sa.String(10))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    officer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("line.id"))

    visit: Mapped[Visit] = relationship(back_populates="stages")
    officer: Mapped[User | None] = relationship()
    line: Mapped[Line | None] = relationship()


class Scan(Base):
    """Every scanned or typed code with its answer, failed ones too: what happened at the door can be retraced.

    `code` is empty when what came was no code at all: it may have been a citizen card, whose number is not kept.
    """

    __tablename__ = "scan"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    station_id: Mapped[int] = mapped_column(sa.ForeignKey("station.id"), index=True)
    officer_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    code: Mapped[str] = mapped_column(sa.String(16))
    answer: Mapped[str] = mapped_column(sa.String(24))
