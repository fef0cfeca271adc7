"""How many members a committee may send to a shared station on one day of a campaign."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from cardqueue.core.audit import record_change
from cardqueue.core.errors import Refused
from cardqueue.organisation.models import Campaign, DayQuota, Station
from cardqueue.organisation.queries import list_quotas


def set_quotas(session: Session, campaign: Campaign, station: Station, wanted: Mapping[int, int | None]) -> None:
    """Set the members per day of some committees, or take the limit away. What is booked already stays booked.

    Shapes: `wanted` by committee id; committees that are not named keep what they have.

    Raises: Refused("CAMPAIGN_CLOSED").
    """
    if campaign.closed_at is not None:
        raise Refused("CAMPAIGN_CLOSED")
    existing = {quota.committee_id: quota for quota in list_quotas(session, campaign.id, station_ids=[station.id])}
    for committee_id, member_count in wanted.items():
        quota = existing.get(committee_id)
        before = quota.member_count if quota else None
        if before == member_count:
            continue
        if member_count is None:
            session.delete(quota)
        elif quota is not None:
            quota.member_count = member_count
        else:
            session.add(
                DayQuota(
                    campaign_id=campaign.id,
                    station_id=station.id,
                    committee_id=committee_id,
                    member_count=member_count,
                )
            )
        session.flush()
        record_change(
            session,
            "organisation.set_quota",
            f"campaign:{campaign.id}",
            {"members_per_day": before},
            {"members_per_day": member_count},
            committee_id=committee_id,
            station_id=station.id,
        )
