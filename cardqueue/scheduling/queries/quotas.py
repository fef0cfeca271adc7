"""Reads of the members per day that a committee may send to a station that it shares."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.lib.clock import to_local
from cardqueue.organisation.models import DayQuota, Window
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment, AppointmentState
from cardqueue.scheduling.rules import by_hand


@dataclass(frozen=True, slots=True)
class Quotas:
    """A committee's quotas, and how many of its members come on each day.

    Shapes: `most` by station id; `invited` by station id and day, only where there is a quota.
    """

    most: dict[int, int]
    invited: dict[tuple[int, date], int]

    @property
    def smallest(self) -> int | None:
        """What a plan keeps to, which takes all stations as one: the smallest quota holds at each of them."""
        return min(self.most.values(), default=None)

    def of(self, window: Window) -> by_hand.DayQuota | None:
        """What holds on a window's day; None where the committee is not limited."""
        most = self.most.get(window.station_id)
        if most is None:
            return None
        return by_hand.DayQuota(most, self.invited.get((window.station_id, to_local(window.start_at).date()), 0))

    def spare(self, windows: Iterable[Window]) -> dict[tuple[int, date], int]:
        """How many more of the committee may come, by station and day of the windows; only where there is a quota."""
        days = ((window.station_id, to_local(window.start_at).date()) for window in windows)
        return {day: self.most[day[0]] - self.invited.get(day, 0) for day in days if day[0] in self.most}

    def is_full(self, window: Window) -> bool:
        """Whether nobody more of the committee may come on a window's day."""
        quota = self.of(window)
        return quota is not None and quota.invited >= quota.most


def quotas_of(session: Session, campaign_id: int, committee_id: int, *, without: Collection[int] = ()) -> Quotas:
    """A committee's quotas as they stand; members in `without` are not counted."""
    rows = session.execute(
        sa.select(DayQuota.station_id, DayQuota.member_count).where(
            DayQuota.campaign_id == campaign_id, DayQuota.committee_id == committee_id
        )
    )
    most = {row.station_id: row.member_count for row in rows}
    if not most:
        return Quotas({}, {})
    counts = session.execute(
        sa.select(Appointment.station_id, Appointment.day_on, sa.func.count().label("members"))
        .join(Appointment.member)
        .where(
            Appointment.campaign_id == campaign_id,
            Appointment.station_id.in_(most),
            Appointment.state == AppointmentState.ACTIVE,
            Member.committee_id == committee_id,
            Member.id.not_in(without),
        )
        .group_by(Appointment.station_id, Appointment.day_on)
    )
    return Quotas(most, {(row.station_id, row.day_on): row.members for row in counts})
