"""Tables of the plan.

Work is counted in hundredths of a line-minute, so that no rounding is lost: a member who takes 4 minutes is 400.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cardqueue.core.database import Base
from cardqueue.organisation.models import Campaign, Cell, Committee, Station, Window
from cardqueue.roster.models import Member


class PlanState(StrEnum):
    """How far a plan has come: a proposal books nothing."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    DISCARDED = "discarded"
    WITHDRAWN = "withdrawn"


class AppointmentState(StrEnum):
    """An appointment is in force, or was moved to another one, or was cancelled."""

    ACTIVE = "active"
    MOVED = "moved"
    CANCELLED = "cancelled"


class Plan(Base):
    """One automatic proposal for a committee's cells, and what became of it.

    `proposal` holds the blocks, the times and the explanations as the planner gave them; publishing books them. Where
    the campaign wants it, the chiefs of the stations answer a submitted proposal before it is published.
    """

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    committee_id: Mapped[int] = mapped_column(sa.ForeignKey("committee.id"), index=True)
    state: Mapped[PlanState] = mapped_column(sa.String(12), default=PlanState.PROPOSED)
    minutes_per_member: Mapped[Decimal] = mapped_column(sa.Numeric(5, 2))
    proposal: Mapped[dict[str, Any]]
    created_by: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None] = mapped_column(sa.String(300))

    campaign: Mapped[Campaign] = relationship()
    committee: Mapped[Committee] = relationship()
    answers: Mapped[list[PlanAnswer]] = relationship(order_by="PlanAnswer.id")


class PlanAnswer(Base):
    """What a station's chief said to a submitted proposal: confirmed, or sent back with a reason."""

    __tablename__ = "plan_answer"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "station_id"),
        sa.CheckConstraint("is_confirmed OR reason IS NOT NULL", name="sent_back_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"))
    station_id: Mapped[int] = mapped_column(sa.ForeignKey("station.id"), index=True)
    is_confirmed: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(sa.String(300))
    answered_by: Mapped[str] = mapped_column(sa.String(64))
    answered_at: Mapped[datetime]

    station: Mapped[Station] = relationship()


class Block(Base):
    """A cell, or a part of a large one, in a window: booked by publishing a plan or by hand."""

    __tablename__ = "block"
    __table_args__ = (sa.CheckConstraint("end_at > start_at", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    cell_id: Mapped[int] = mapped_column(sa.ForeignKey("cell.id"), index=True)
    window_id: Mapped[int] = mapped_column(sa.ForeignKey("window.id"), index=True)
    plan_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plan.id"))
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    # Placed or moved by a person: the automatic plan works around it.
    is_manual: Mapped[bool] = mapped_column(default=False)
    explanation: Mapped[dict[str, Any] | None]

    cell: Mapped[Cell] = relationship()
    window: Mapped[Window] = relationship()
    appointments: Mapped[list[Appointment]] = relationship(back_populates="block", order_by="Appointment.arrive_at")


class StationPace(Base):
    """How long one member takes at a station in a campaign: measured, or fixed by a person with a reason.

    The estimate is the planner's own (`rules.pace`); `learned_at` is until when the counter's stamps are in it. During
    a trial the first members are counted apart, so that the chief sees what was measured.
    """

    __tablename__ = "station_pace"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "station_id"),
        sa.CheckConstraint("(fixed_minutes IS NULL) = (fixed_reason IS NULL)", name="fixed_has_reason"),
        sa.CheckConstraint("fixed_minutes > 0", name="fixed_positive"),
        sa.CheckConstraint("minutes > 0", name="minutes_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    station_id: Mapped[int] = mapped_column(sa.ForeignKey("station.id"), index=True)
    minutes: Mapped[float]
    weight: Mapped[float]
    variance: Mapped[float]
    observed_count: Mapped[int] = mapped_column(default=0)
    dropped_count: Mapped[int] = mapped_column(default=0)
    dropped_run: Mapped[int] = mapped_column(default=0)
    learned_at: Mapped[datetime | None]
    fixed_minutes: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))
    fixed_reason: Mapped[str | None] = mapped_column(sa.String(300))
    fixed_by: Mapped[str | None] = mapped_column(sa.String(64))
    fixed_at: Mapped[datetime | None]
    trial_started_at: Mapped[datetime | None]
    trial_ended_at: Mapped[datetime | None]
    trial_count: Mapped[int] = mapped_column(default=0)
    trial_minutes: Mapped[float] = mapped_column(default=0.0)

    station: Mapped[Station] = relationship()


class MakeUp(Base):
    """A time proposed to one member who must come again: booked only when a person accepts it, then the row goes.

    `rank` is the member's place in the fair order, `waiting_since_at` what it rests on. `is_good_hour` tells that an
    elderly member was given a later place for the sake of a better hour.
    """

    __tablename__ = "make_up"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id", ondelete="CASCADE"), index=True)
    window_id: Mapped[int] = mapped_column(sa.ForeignKey("window.id", ondelete="CASCADE"), index=True)
    arrive_at: Mapped[datetime]
    rank: Mapped[int]
    waiting_since_at: Mapped[datetime]
    is_good_hour: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    member: Mapped[Member] = relationship()
    window: Mapped[Window] = relationship()


class CellWish(Base):
    """What a cell said about its time in a campaign: when nobody can come, and when its members would rather come.

    Shapes: dates in ISO form, parts of the day as the planner calls them.
    """

    __tablename__ = "cell_wish"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "cell_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    cell_id: Mapped[int] = mapped_column(sa.ForeignKey("cell.id"), index=True)
    unavailable_dates: Mapped[list[str]]
    preferred_dates: Mapped[list[str]]
    preferred_parts: Mapped[list[str]]
    said_by: Mapped[str] = mapped_column(sa.String(64))
    said_at: Mapped[datetime]

    cell: Mapped[Cell] = relationship()


class Appointment(Base):
    """When and where one member comes; `code` is what the slip's QR says.

    A member has at most one active appointment in a campaign. A moved one stays, so that an old slip still scans and
    can say the new time.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        sa.Index(
            "uq_appointment_one_active",
            "campaign_id",
            "member_id",
            unique=True,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        ),
        sa.Index(
            "uq_appointment_queue_number",
            "station_id",
            "day_on",
            "queue_number",
            unique=True,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        ),
        sa.CheckConstraint("work > 0", name="work_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    station_id: Mapped[int] = mapped_column(sa.ForeignKey("station.id"))
    window_id: Mapped[int] = mapped_column(sa.ForeignKey("window.id"), index=True)
    block_id: Mapped[int | None] = mapped_column(sa.ForeignKey("block.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    arrive_at: Mapped[datetime]
    day_on: Mapped[date]
    queue_number: Mapped[int]
    work: Mapped[int]
    state: Mapped[AppointmentState] = mapped_column(sa.String(10), default=AppointmentState.ACTIVE)
    replaced_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("appointment.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # Set once, when the window was over and the member had not come; a settled case is not reopened for the same miss.
    missed_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()
    station: Mapped[Station] = relationship()
    window: Mapped[Window] = relationship()
    block: Mapped[Block | None] = relationship(back_populates="appointments")
    replaced_by: Mapped[Appointment | None] = relationship(remote_side="Appointment.id")
