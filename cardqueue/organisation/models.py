"""Tables of the organisation and of the campaign."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cardqueue.core.database import Base, EncryptedText
from cardqueue.lib.intervals import Interval


class CampaignKind(StrEnum):
    """Why members come."""

    EXCHANGE = "exchange"
    FIRST_ISSUE = "first_issue"
    REISSUE = "reissue"


class CellKind(StrEnum):
    """What kind of cell it is; it says when its members are likely to be free."""

    VILLAGE = "village"
    SCHOOL = "school"
    OFFICE = "office"
    HEALTH = "health"
    POLICE = "police"
    RETIRED = "retired"
    OTHER = "other"


class Province(Base):
    """One of the provinces; the code has two digits."""

    __tablename__ = "province"

    code: Mapped[str] = mapped_column(sa.String(2), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))


class Commune(Base):
    """A commune, ward or special zone; 238 names repeat across the country, so it is shown with its province."""

    __tablename__ = "commune"

    code: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[str] = mapped_column(sa.String(20))
    province_code: Mapped[str] = mapped_column(sa.ForeignKey("province.code"), index=True)
    search_key: Mapped[str] = mapped_column(sa.String(80), index=True)

    province: Mapped[Province] = relationship(lazy="joined")


committee_station = sa.Table(
    "committee_station",
    Base.metadata,
    sa.Column("committee_id", sa.ForeignKey("committee.id"), primary_key=True),
    sa.Column("station_id", sa.ForeignKey("station.id"), primary_key=True, index=True),
)

campaign_committee = sa.Table(
    "campaign_committee",
    Base.metadata,
    sa.Column("campaign_id", sa.ForeignKey("campaign.id"), primary_key=True),
    sa.Column("committee_id", sa.ForeignKey("committee.id"), primary_key=True, index=True),
)


class Committee(Base):
    """A commune's Party committee: owner of rosters, plans and pending cases."""

    __tablename__ = "committee"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120), unique=True)
    superior_name: Mapped[str] = mapped_column(sa.String(120))
    place_name: Mapped[str] = mapped_column(sa.String(80))
    province_code: Mapped[str] = mapped_column(sa.ForeignKey("province.code"), index=True)
    commune_code: Mapped[str | None] = mapped_column(sa.String(5))
    contact_name: Mapped[str] = mapped_column(sa.String(80), default="")
    contact_phone: Mapped[str] = mapped_column(sa.String(30), default="")

    province: Mapped[Province] = relationship()
    stations: Mapped[list[Station]] = relationship(
        secondary=committee_station, back_populates="committees", order_by="Station.name"
    )
    cells: Mapped[list[Cell]] = relationship(back_populates="committee", order_by="Cell.sort_key")


class Cell(Base):
    """A Party cell (chi bộ): the unit that is invited together."""

    __tablename__ = "cell"
    __table_args__ = (sa.UniqueConstraint("committee_id", "search_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[int] = mapped_column(sa.ForeignKey("committee.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    search_key: Mapped[str] = mapped_column(sa.String(120))
    sort_key: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[CellKind] = mapped_column(sa.String(20), default=CellKind.OTHER)
    org_code: Mapped[str | None] = mapped_column(sa.String(20))
    secretary_name: Mapped[str] = mapped_column(sa.String(80), default="")
    secretary_phone: Mapped[str | None] = mapped_column(EncryptedText)
    travel_minutes: Mapped[int] = mapped_column(default=0)

    committee: Mapped[Committee] = relationship(back_populates="cells")


class Station(Base):
    """A police station where members come; it may serve several committees."""

    __tablename__ = "station"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120), unique=True)
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    phone: Mapped[str] = mapped_column(sa.String(30), default="")
    province_code: Mapped[str] = mapped_column(sa.ForeignKey("province.code"), index=True)

    committees: Mapped[list[Committee]] = relationship(
        secondary=committee_station, back_populates="stations", order_by="Committee.name"
    )
    lines: Mapped[list[Line]] = relationship(back_populates="station", order_by="Line.number")


class Line(Base):
    """A line (dây chuyền): one set of equipment with its officers, serving one member at a time."""

    __tablename__ = "line"
    __table_args__ = (sa.UniqueConstraint("station_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(sa.ForeignKey("station.id"), index=True)
    number: Mapped[int]
    desk: Mapped[str] = mapped_column(sa.String(40), default="")
    is_active: Mapped[bool] = mapped_column(default=True)

    station: Mapped[Station] = relationship(back_populates="lines")


class Campaign(Base):
    """A campaign (đợt): its deadline, its texts and its numbers are the commune's data, not code."""

    __tablename__ = "campaign"
    __table_args__ = (sa.CheckConstraint("reserve_percent BETWEEN 0 AND 50", name="reserve_is_a_share"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[CampaignKind] = mapped_column(sa.String(20), default=CampaignKind.EXCHANGE)
    province_code: Mapped[str] = mapped_column(sa.ForeignKey("province.code"), index=True)
    starts_on: Mapped[date]
    deadline_on: Mapped[date]
    closed_at: Mapped[datetime | None]
    legal_basis: Mapped[str] = mapped_column(sa.Text, default="")
    slip_title: Mapped[str] = mapped_column(sa.String(80), default="GIẤY HẸN ĐỔI THẺ ĐẢNG VIÊN")
    bring_text: Mapped[str] = mapped_column(sa.Text, default="")
    dress_text: Mapped[str] = mapped_column(sa.Text, default="")
    note_text: Mapped[str] = mapped_column(sa.Text, default="")
    minutes_per_member: Mapped[Decimal] = mapped_column(sa.Numeric(5, 2), default=Decimal(5))
    early_minutes: Mapped[int] = mapped_column(default=30)
    late_minutes: Mapped[int] = mapped_column(default=15)
    has_fictitious_ids: Mapped[bool] = mapped_column(default=False)
    # Whether a station's chief has to confirm a plan before it is published.
    chief_confirms: Mapped[bool] = mapped_column(default=False)
    # The share of every window that no plan fills: it is kept for members who must come again.
    reserve_percent: Mapped[int] = mapped_column(default=0, server_default="0")

    committees: Mapped[list[Committee]] = relationship(secondary=campaign_committee, order_by="Committee.name")
    windows: Mapped[list[Window]] = relationship(back_populates="campaign", order_by="Window.start_at")


class Window(Base):
    """An opening window of a station in a campaign: a part of a day, an evening or a weekend, with its lines.

    `booked_work` is the ledger of its capacity, in hundredths of a line-minute: it can never pass `capacity_work`,
    whoever books and however many at once, because the database refuses it.

    A `place` makes it a round of the mobile team: its lines are away from the station, and members come there.
    """

    __tablename__ = "window"
    __table_args__ = (
        sa.CheckConstraint("end_at > start_at", name="ends_after_start"),
        sa.CheckConstraint("line_count >= 0", name="lines_not_negative"),
        sa.CheckConstraint("booked_work >= 0", name="booked_not_negative"),
        sa.CheckConstraint("booked_work <= capacity_work", name="not_overbooked"),
        sa.UniqueConstraint("campaign_id", "station_id", "start_at", "place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    station_id: Mapped[int] = mapped_column(sa.ForeignKey("station.id"), index=True)
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    line_count: Mapped[int]
    place: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    capacity_work: Mapped[int]
    booked_work: Mapped[int] = mapped_column(default=0)

    campaign: Mapped[Campaign] = relationship(back_populates="windows")
    station: Mapped[Station] = relationship()

    @property
    def span(self) -> Interval:
        """From when until when it is open."""
        return Interval(self.start_at, self.end_at)

    @property
    def is_mobile(self) -> bool:
        """Whether the mobile team serves it, away from the station."""
        return self.place != ""


class DayQuota(Base):
    """How many members of a committee may be invited to a shared station on one day of a campaign.

    A committee without a row is not limited.
    """

    __tablename__ = "day_quota"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "station_id", "committee_id"),
        sa.CheckConstraint("member_count > 0", name="member_count_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    station_id: Mapped[int] = mapped_column(sa.ForeignKey("station.id"), index=True)
    committee_id: Mapped[int] = mapped_column(sa.ForeignKey("committee.id"), index=True)
    member_count: Mapped[int]

    committee: Mapped[Committee] = relationship()
