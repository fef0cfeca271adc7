"""Deleting population records for good, whatever table they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from cardqueue.core.audit import record
from cardqueue.core.database import is_postgresql
from cardqueue.core.errors import Refused
from cardqueue.organisation.models import Campaign
from cardqueue.verification.models import ExtractState, HashedRecord, PopulationExtract, PopulationRecord

#: Every table that holds records of extracts.
RECORD_TABLES = (PopulationRecord, HashedRecord)
UNFINISHED = (ExtractState.UPLOADED, ExtractState.LOADING)


def purge_extract(session: Session, extract: PopulationExtract, at: datetime) -> int:
    """Delete every record of an extract for good; what officers decided stays. Returns how many records."""
    count = extract.record_count
    _purge(session, [extract], at)
    record(
        session,
        "verification.purge_extract",
        f"extract:{extract.id}",
        before={"filename": extract.filename, "records": count},
        after={"records": 0},
        station_id=extract.station_id,
    )
    return count


def purge_in_force(session: Session, campaign_id: int, station_id: int, at: datetime) -> None:
    """Delete the records of the extract that a new one takes the place of."""
    in_force = session.scalars(
        sa.select(PopulationExtract)
        .where(
            PopulationExtract.campaign_id == campaign_id,
            PopulationExtract.station_id == station_id,
            PopulationExtract.is_in_force,
        )
        .with_for_update()
    )
    _purge(session, in_force.all(), at)


def discard_extract(session: Session, extract: PopulationExtract) -> None:
    """Give up an extract that never came into force: its file, its records and itself are deleted."""
    _delete_records(session, [extract.id])
    session.execute(sa.delete(PopulationExtract).where(PopulationExtract.id == extract.id))
    session.expunge(extract)
    record(
        session,
        "verification.discard_extract",
        f"extract:{extract.id}",
        before={"filename": extract.filename, "records": extract.record_count},
        station_id=extract.station_id,
    )


def require_open(campaign: Campaign) -> None:
    """Let a campaign's verification go on.

    Raises: Refused("VERIFICATION_CLOSED") once the campaign is closed.
    """
    if campaign.closed_at is not None:
        raise Refused("VERIFICATION_CLOSED")


def _purge(session: Session, extracts: Sequence[PopulationExtract], at: datetime) -> None:
    _delete_records(session, [extract.id for extract in extracts])
    for extract in extracts:
        extract.is_in_force, extract.purged_at, extract.content = False, at, None
        extract.state = ExtractState.PURGED
    session.flush()


def _delete_records(session: Session, extract_ids: Sequence[int]) -> None:
    if not extract_ids:
        return
    for table in RECORD_TABLES:
        session.execute(sa.delete(table).where(table.extract_id.in_(extract_ids)))
    if not is_postgresql(session):
        event.listen(session, "after_commit", _empty_write_ahead_log, once=True)


def _empty_write_ahead_log(session: Session) -> None:
    """Let go of the old pages that SQLite's log still holds: deleting zeroes the pages of the file alone."""
    connection = session.get_bind().engine.raw_connection()
    try:
        # A reader may be holding the log; it is emptied at the next checkpoint then, so nobody has to wait for it.
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=1000")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        cursor.execute("PRAGMA busy_timeout=30000")
        cursor.close()
    finally:
        connection.close()
