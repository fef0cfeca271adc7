"""Extracts on their way: kept until their columns are named, begun, gone on with, given up."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.core.audit import actor_of
from cardqueue.core.errors import Refused
from cardqueue.organisation.models import Campaign
from cardqueue.verification.models import ExtractState, PopulationExtract
from cardqueue.verification.services.extracts.files import BroughtFile
from cardqueue.verification.services.extracts.hashed import HASHES, HashLoader, open_handover
from cardqueue.verification.services.extracts.loading import Loader, put_in_force, read_chunks, store_chunk
from cardqueue.verification.services.extracts.purging import UNFINISHED, discard_extract, require_open
from cardqueue.verification.services.extracts.records import Reading, RecordLoader, guess_reading

Stored: TypeAlias = Mapping[str, Any]

RECORDS = "records"
#: The kinds of extract that can be loaded, by `PopulationExtract.registry_name`: a file and how it is to be read.
LOADERS: dict[str, Callable[[Path | bytes, str, Stored], Loader]] = {
    RECORDS: lambda content, filename, reading: RecordLoader(
        BroughtFile(content, filename), Reading.from_json(reading)
    ),
    HASHES: lambda content, _filename, _reading: HashLoader(open_handover(content)),
}


def keep_upload(
    session: Session, campaign: Campaign, station_id: int, *, filename: str, content: bytes, at: datetime
) -> PopulationExtract:
    """Keep a file, encrypted, until a person has named its columns and its lines are loaded.

    A station has one such file at a time. Raises: Refused("VERIFICATION_CLOSED").
    """
    upload = _new_extract(session, campaign, station_id, filename, at)
    # Numbers and names of a commune pack to a fifth, and the text of an encrypted column is a third larger than bytes.
    upload.content = base64.b64encode(zlib.compress(content, 1)).decode()
    upload.byte_count = len(content)
    session.flush()
    return upload


def open_upload(upload: PopulationExtract) -> BroughtFile:
    """Look into a kept file again.

    Raises: UnreadableExtract.
    """
    return BroughtFile(_content(upload), upload.filename)


def begin_load(extract: PopulationExtract, reading: Stored, *, registry_name: str = RECORDS) -> None:
    """Let a kept file be loaded as told.

    Raises: Refused("EXTRACT_MOVED_ON") where that has begun already.
    """
    if extract.state != ExtractState.UPLOADED:
        raise Refused("EXTRACT_MOVED_ON")
    extract.registry_name, extract.reading, extract.state = registry_name, dict(reading), ExtractState.LOADING


def begin_file_load(
    session: Session,
    campaign: Campaign,
    station_id: int,
    *,
    filename: str,
    reading: Stored,
    digest: str,
    byte_count: int,
    at: datetime,
    registry_name: str = RECORDS,
) -> PopulationExtract:
    """Begin to load a file that stays where it is, such as one on the disk of whoever runs the command.

    Raises: Refused("VERIFICATION_CLOSED").
    """
    extract = _new_extract(session, campaign, station_id, filename, at)
    extract.content_digest, extract.byte_count = digest, byte_count
    begin_load(extract, reading, registry_name=registry_name)
    session.flush()
    return extract


def loader_of(extract: PopulationExtract, file: Path | None = None) -> Loader:
    """What loads the lines of an extract that has begun, from its kept upload or from the file given.

    Raises: UnreadableExtract.
    """
    content = _content(extract) if file is None else file
    return LOADERS[extract.registry_name](content, extract.filename, extract.reading or {})


def load_at_once(session: Session, extract: PopulationExtract, loader: Loader, at: datetime) -> None:
    """Load a small file within the caller's transaction and put it in force.

    Raises: FaultyExtract, Refused("EXTRACT_EMPTY"); the caller rolls back then.
    """
    session.flush()
    line = extract.line_count
    for chunk in read_chunks(loader, after_line=line):
        store_chunk(session, extract.id, loader.table, chunk, after_line=line)
        line = chunk.line_count
    put_in_force(session, extract.id, loader, at)


def import_extract(
    session: Session, campaign: Campaign, station_id: int, *, filename: str, content: bytes, at: datetime
) -> PopulationExtract:
    """Load a small file whose titles tell its columns, and put it in force.

    Raises: UnreadableExtract, FaultyExtract, Refused("EXTRACT_EMPTY" | "COLUMNS_UNKNOWN" | "VERIFICATION_CLOSED").
    """
    brought = BroughtFile(content, filename)
    reading = guess_reading(brought)
    if reading is None:
        raise Refused("COLUMNS_UNKNOWN")
    extract = _new_extract(session, campaign, station_id, filename, at)
    extract.byte_count = brought.byte_count
    begin_load(extract, reading.as_json())
    load_at_once(session, extract, RecordLoader(brought, reading), at)
    return extract


def discard_unfinished(session: Session, campaign_id: int, station_id: int) -> None:
    """Give up whatever of a station never came into force."""
    for extract in session.scalars(
        sa.select(PopulationExtract).where(
            PopulationExtract.campaign_id == campaign_id,
            PopulationExtract.station_id == station_id,
            PopulationExtract.state.in_((*UNFINISHED, ExtractState.FAILED)),
        )
    ).all():
        discard_extract(session, extract)


def _content(upload: PopulationExtract) -> bytes:
    return zlib.decompress(base64.b64decode(upload.content or ""))


def _new_extract(
    session: Session, campaign: Campaign, station_id: int, filename: str, at: datetime
) -> PopulationExtract:
    require_open(campaign)
    discard_unfinished(session, campaign.id, station_id)
    extract = PopulationExtract(
        campaign_id=campaign.id,
        station_id=station_id,
        filename=filename[-200:],
        imported_by=actor_of(session),
        imported_at=at,
    )
    session.add(extract)
    session.flush()
    return extract
