"""Campaigns: their dates, texts and numbers, and the committees that take part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.core.audit import record, record_change
from cardqueue.core.errors import Refused
from cardqueue.organisation.models import Campaign, CampaignKind, Cell, Committee


@dataclass(frozen=True, slots=True)
class CampaignDetails:
    """What an office decides about a campaign.

    Units: `early_minutes` and `late_minutes` bound what counts as on time around an appointment; `reserve_percent` of
    every window is kept for members who must come again.
    """

    name: str
    kind: CampaignKind
    province_code: str
    starts_on: date
    deadline_on: date
    legal_basis: str = ""
    slip_title: str = ""
    bring_text: str = ""
    dress_text: str = ""
    note_text: str = ""
    minutes_per_member: Decimal = Decimal(5)
    early_minutes: int = 30
    late_minutes: int = 15
    has_fictitious_ids: bool = False
    chief_confirms: bool = False
    reserve_percent: int = 0


def create_campaign(session: Session, details: CampaignDetails, committees: Sequence[Committee]) -> Campaign:
    """Create a campaign in which some committees take part.

    Raises: Refused("DEADLINE_BEFORE_START"), Refused("COMMITTEE_OF_OTHER_PROVINCE").
    """
    _check_dates(details)
    campaign = Campaign(**asdict(details))
    session.add(campaign)
    session.flush()
    record(session, "organisation.create_campaign", f"campaign:{campaign.id}", after=_described(details))
    take_part(session, campaign, committees)
    return campaign


def change_campaign(
    session: Session, campaign: Campaign, details: CampaignDetails, committees: Sequence[Committee]
) -> None:
    """Change a campaign and the committees that take part.

    Raises: Refused("DEADLINE_BEFORE_START"), Refused("COMMITTEE_OF_OTHER_PROVINCE"), Refused("COMMITTEE_HAS_CELLS").
    """
    _check_dates(details)
    before = _described(CampaignDetails(**{name: getattr(campaign, name) for name in asdict(details)}))
    for name, value in asdict(details).items():
        setattr(campaign, name, value)
    session.flush()
    record_change(session, "organisation.change_campaign", f"campaign:{campaign.id}", before, _described(details))
    take_part(session, campaign, committees)


def take_part(session: Session, campaign: Campaign, committees: Sequence[Committee]) -> None:
    """Let exactly these committees take part.

    Members who are listed already enter the ledger within a minute, by the job `cases.enter_missing_members`; those
    who are listed later enter at once.

    Raises: Refused("COMMITTEE_OF_OTHER_PROVINCE"); Refused("COMMITTEE_HAS_CELLS") when one would leave whose members
    may be in the ledger already.
    """
    for committee in committees:
        if committee.province_code != campaign.province_code:
            raise Refused("COMMITTEE_OF_OTHER_PROVINCE", name=committee.name)
    leaving = [committee for committee in campaign.committees if committee not in committees]
    for committee in leaving:
        if session.scalar(sa.select(Cell.id).where(Cell.committee_id == committee.id).limit(1)):
            raise Refused("COMMITTEE_HAS_CELLS", name=committee.name)
    before = sorted(committee.id for committee in campaign.committees)
    after = sorted(committee.id for committee in committees)
    campaign.committees = list(committees)
    session.flush()
    record_change(
        session,
        "organisation.take_part",
        f"campaign:{campaign.id}",
        {"committee_ids": before},
        {"committee_ids": after},
    )


def close_campaign(session: Session, campaign: Campaign, at: datetime) -> None:
    """End a campaign: its windows can no longer change, and no member enters its ledger any more."""
    if campaign.closed_at is None:
        campaign.closed_at = at
        session.flush()
        record(session, "organisation.close_campaign", f"campaign:{campaign.id}", after={"closed_at": at.isoformat()})


def reopen_campaign(session: Session, campaign: Campaign) -> None:
    """Open a campaign again that was closed too early."""
    if campaign.closed_at is not None:
        before = campaign.closed_at.isoformat()
        campaign.closed_at = None
        session.flush()
        record(session, "organisation.reopen_campaign", f"campaign:{campaign.id}", before={"closed_at": before})


def _check_dates(details: CampaignDetails) -> None:
    if details.deadline_on < details.starts_on:
        raise Refused("DEADLINE_BEFORE_START")


def _described(details: CampaignDetails) -> dict[str, Any]:
    return {name: value if isinstance(value, bool | int) else str(value) for name, value in asdict(details).items()}
