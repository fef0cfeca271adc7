"""Extracts of population records: brought whole or not at all, replaced, purged."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from cardqueue.core.audit import actor_of, record
from cardqueue.core.database import is_postgresql
from cardqueue.core.errors import Refused
from cardqueue.core.keyring import lookup_hash
from cardqueue.lib.spreadsheet import NotASpreadsheet, Refusal, Workbook, read_workbook
from cardqueue.organisation.models import Campaign
from cardqueue.verification.models import PopulationExtract, PopulationRecord
from cardqueue.verification.rules import Columns, ExtractFault, Person, read_records

_INSERTED_AT_ONCE = 5_000


class FaultyExtract(Refused):
    """Some cells of the file cannot be read; nothing of it was imported."""

    def __init__(self, faults: Sequence[ExtractFault]) -> None:
        super().__init__("EXTRACT_HAS_FAULTS", count=len(faults))
        self.faults = faults


class UnreadableExtract(Refused):
    """The file is no spreadsheet, for the reason given."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__("EXTRACT_UNREADABLE")
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read. Units: `header_row` counts from 1, 0 for none; `columns` count from 0."""

    sheet: str
    header_row: int
    columns: Columns


def read_upload(content: bytes, filename: str) -> Workbook:
    """Read an uploaded file.

    Raises: UnreadableExtract.
    """
    try:
        return read_workbook(content, filename)
    except NotASpreadsheet as error:
        raise UnreadableExtract(error.refusal) from error


def import_extract(
    session: Session,
    campaign: Campaign,
    station_id: int,
    *,
    filename: str,
    workbook: Workbook,
    reading: Reading,
    at: datetime,
) -> PopulationExtract:
    """Put an extract in force for a station; the one before it is purged in the same transaction.

    Of lines that say the same, one is kept; a number with two different lines is kept twice, to be seen.

    Raises: FaultyExtract, Refused("EXTRACT_EMPTY"), Refused("VERIFICATION_CLOSED").
    """
    require_open(campaign)
    people, faults = read_records(workbook.sheet(reading.sheet), reading.header_row, reading.columns)
    if faults:
        raise FaultyExtract(faults)
    if not people:
        raise Refused("EXTRACT_EMPTY")
    discard_upload(session, campaign.id, station_id)
    _purge(session, _in_force(session, campaign.id, station_id), at)
    extract = _new_extract(session, campaign, station_id, filename, at)
    extract.record_count = _insert(session, extract.id, people)
    extract.is_in_force = True
    session.flush()
    record(
        session,
        "verification.import_extract",
        f"extract:{extract.id}",
        after={"filename": extract.filename, "records": extract.record_count},
        station_id=station_id,
    )
    return extract


def keep_upload(
    session: Session, campaign: Campaign, station_id: int, *, filename: str, content: bytes, at: datetime
) -> PopulationExtract:
    """Keep a file, encrypted, until a person has named its columns; a station has one such file at a time.

    Raises: Refused("VERIFICATION_CLOSED").
    """
    require_open(campaign)
    discard_upload(session, campaign.id, station_id)
    upload = _new_extract(session, campaign, station_id, filename, at)
    upload.content = base64.b64encode(content).decode()
    session.flush()
    return upload


def open_upload(upload: PopulationExtract) -> Workbook:
    """Read a kept file again."""
    return read_upload(base64.b64decode(upload.content or ""), upload.filename)


def discard_upload(session: Session, campaign_id: int, station_id: int) -> None:
    """Delete a station's file whose columns were never named."""
    session.execute(
        sa.delete(PopulationExtract).where(
            PopulationExtract.campaign_id == campaign_id,
            PopulationExtract.station_id == station_id,
            PopulationExtract.content.is_not(None),
        )
    )


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


def require_open(campaign: Campaign) -> None:
    """Let a campaign's verification go on.

    Raises: Refused("VERIFICATION_CLOSED") once the campaign is closed.
    """
    if campaign.closed_at is not None:
        raise Refused("VERIFICATION_CLOSED")


def content_hash(person: Person) -> str:
    """The keyed hash of all that a record says."""
    said = "\n".join((person.citizen_id or "", person.full_name, person.birth_on or "", person.sex or ""))
    return lookup_hash(said) or ""


def _new_extract(
    session: Session, campaign: Campaign, station_id: int, filename: str, at: datetime
) -> PopulationExtract:
    extract = PopulationExtract(
        campaign_id=campaign.id,
        station_id=station_id,
        filename=filename[-200:],
        record_count=0,
        imported_by=actor_of(session),
        imported_at=at,
        is_in_force=False,
    )
    session.add(extract)
    session.flush()
    return extract


def _insert(session: Session, extract_id: int, people: Iterable[Person]) -> int:
    different = {content_hash(person): person for person in people}
    rows = [
        {
            "extract_id": extract_id,
            "citizen_id": person.citizen_id,
            "citizen_id_hash": lookup_hash(person.citizen_id),
            "full_name": person.full_name,
            "birth_on": person.birth_on,
            "sex": person.sex,
            "content_hash": key,
        }
        for key, person in different.items()
    ]
    for start in range(0, len(rows), _INSERTED_AT_ONCE):
        session.execute(sa.insert(PopulationRecord), rows[start : start + _INSERTED_AT_ONCE])
    return len(rows)


def _in_force(session: Session, campaign_id: int, station_id: int) -> list[PopulationExtract]:
    return list(
        session.scalars(
            sa.select(PopulationExtract)
            .where(
                PopulationExtract.campaign_id == campaign_id,
                PopulationExtract.station_id == station_id,
                PopulationExtract.is_in_force,
            )
            .with_for_update()
        )
    )


def _purge(session: Session, extracts: Sequence[PopulationExtract], at: datetime) -> None:
    for extract in extracts:
        session.execute(sa.delete(PopulationRecord).where(PopulationRecord.extract_id == extract.id))
        extract.is_in_force, extract.purged_at, extract.content = False, at, None
    session.flush()
    if extracts and not is_postgresql(session):
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
