"""Hash-only hand-overs: their keys come, the files are checked and loaded, and both are gone when the campaign ends."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.core.audit import record
from cardqueue.organisation.models import Campaign
from cardqueue.verification.handover.hashing import HandoverKey
from cardqueue.verification.models import ExtractState, PopulationExtract
from cardqueue.verification.registries import key_files
from cardqueue.verification.services.extracts.bringing import begin_file_load, begin_load, keep_upload
from cardqueue.verification.services.extracts.hashed import HASHES, HashLoader, check_handover, open_handover
from cardqueue.verification.services.extracts.purging import discard_extract, purge_extract, require_open


class Destroyed(NamedTuple):
    """What is gone. Units: keys, and the hashed records that were in force."""

    key_count: int
    record_count: int


def keep_key(session: Session, campaign: Campaign, key: HandoverKey, station_id: int | None = None) -> None:
    """Keep a campaign's key on the server, outside the database.

    Raises: Refused("VERIFICATION_CLOSED").
    """
    require_open(campaign)
    key_files.keep_key(campaign.id, key)
    record(
        session,
        "verification.keep_key",
        f"campaign:{campaign.id}",
        after={"fingerprint": key.fingerprint},
        station_id=station_id,
    )


def bring_handover(
    session: Session, campaign: Campaign, station_id: int, *, filename: str, content: bytes, at: datetime
) -> tuple[PopulationExtract, HashLoader]:
    """Check an uploaded hand-over under its key, and begin to load it.

    Raises: FaultyHandover, KeyAbsent, Refused("VERIFICATION_CLOSED").
    """
    handover = open_handover(content)
    reading = check_handover(handover, key_files.find_key(campaign.id, handover.header.fingerprint))
    extract = keep_upload(session, campaign, station_id, filename=filename, content=content, at=at)
    begin_load(extract, reading, registry_name=HASHES)
    return extract, HashLoader(handover)


def bring_handover_file(
    session: Session, campaign: Campaign, station_id: int, path: Path, *, digest: str, at: datetime
) -> PopulationExtract:
    """Check a hand-over that stays where it is, and begin to load it.

    Raises: FaultyHandover, KeyAbsent, Refused("VERIFICATION_CLOSED"), OSError.
    """
    handover = open_handover(path)
    reading = check_handover(handover, key_files.find_key(campaign.id, handover.header.fingerprint))
    return begin_file_load(
        session,
        campaign,
        station_id,
        filename=path.name,
        reading=reading,
        digest=digest,
        byte_count=path.stat().st_size,
        at=at,
        registry_name=HASHES,
    )


def destroy(session: Session, campaign_id: int, at: datetime) -> Destroyed:
    """Purge a campaign's hashed records and destroy the keys that they were made under."""
    extracts = session.scalars(
        sa.select(PopulationExtract).where(
            PopulationExtract.campaign_id == campaign_id,
            PopulationExtract.registry_name == HASHES,
            PopulationExtract.purged_at.is_(None),
        )
    ).all()
    purged = 0
    for extract in extracts:
        if extract.state == ExtractState.LOADED:
            purged += purge_extract(session, extract, at)
        else:
            discard_extract(session, extract)
    fingerprints = key_files.destroy_keys(campaign_id)
    if fingerprints or purged:
        record(
            session,
            "verification.destroy_key",
            f"campaign:{campaign_id}",
            before={"fingerprints": fingerprints, "records": purged},
            after={"fingerprints": [], "records": 0},
        )
    session.flush()
    return Destroyed(len(fingerprints), purged)


def destroy_ended(session: Session, at: datetime) -> int:
    """Destroy the keys of campaigns that are closed or gone; returns of how many."""
    kept = key_files.list_campaigns()
    opened = set(session.scalars(sa.select(Campaign.id).where(Campaign.id.in_(kept), Campaign.closed_at.is_(None))))
    for campaign_id in sorted(kept - opened):
        destroy(session, campaign_id, at)
    return len(kept - opened)
