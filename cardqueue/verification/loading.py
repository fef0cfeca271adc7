"""Loading an extract in many short transactions: what the pages, the timed job and the command share.

A small file is loaded within the request that brings it. A larger one is loaded by a thread of the same process, begun
once the request is committed: the person sees it move, and nobody waits for the writers' queue longer than a chunk
takes. If the process dies, the timed job goes on from the last chunk. Two who load the same file do no harm: each chunk
says behind which line it belongs, and whoever comes second stops.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
import structlog
from flask import Flask
from sqlalchemy.orm import Session

from cardqueue.core.audit import act_as
from cardqueue.core.database import db, writing
from cardqueue.core.errors import Refused
from cardqueue.lib.clock import now_at
from cardqueue.verification.models import ExtractState, PopulationExtract
from cardqueue.verification.rules import ExtractFault, Fault
from cardqueue.verification.services.extracts import (
    CHUNK_LINES,
    Chunk,
    FaultyExtract,
    fail_load,
    loader_of,
    put_in_force,
    read_chunks,
    store_chunk,
)

log = structlog.get_logger()

#: Files of so many lines are loaded at once, in about a second.
LINES_AT_ONCE = 5_000

# What threads of this process are loading, so that its timed job leaves them alone.
_LOADING: set[int] = set()


def load(
    session: Session,
    extract_id: int,
    *,
    file: Path | None = None,
    lines: int = CHUNK_LINES,
    note: Callable[[Chunk], None] = lambda chunk: None,
) -> bool:
    """Load an extract on from where it stands, and put it in force; `note` is told of every chunk stored.

    False where it was given up, or somebody else has gone on with it. Raises: FaultyExtract, kept with the extract by
    then.
    """
    extract = session.get(PopulationExtract, extract_id)
    if extract is None or extract.state != ExtractState.LOADING:
        session.rollback()
        return False
    act_as(session, extract.imported_by)
    loader, line = loader_of(extract, file), extract.line_count
    session.rollback()
    try:
        for chunk in read_chunks(loader, after_line=line, lines=lines):
            with writing(session):
                if not store_chunk(session, extract_id, loader.table, chunk, after_line=line):
                    return False
            line = chunk.line_count
            note(chunk)
        with writing(session):
            return put_in_force(session, extract_id, loader, now_at()) is not None
    except Refused as refusal:
        faulty = refusal
        if not isinstance(faulty, FaultyExtract):
            if faulty.reason_code != "EXTRACT_EMPTY":
                raise
            faulty = FaultyExtract([ExtractFault(line, "", "", Fault.NO_PERSON, "")])
        with writing(session):
            fail_load(session, extract_id, loader.table, faulty)
        raise faulty from None


def load_in_background(app: Flask, extract_id: int) -> threading.Thread:
    """Load an extract in a thread of its own."""
    thread = threading.Thread(target=_load_quietly, args=(app, extract_id), name=f"extract-{extract_id}", daemon=True)
    thread.start()
    return thread


def load_left_over(session: Session) -> int:
    """Go on with the uploads whose process is gone; returns how many came into force."""
    left = session.scalars(
        sa.select(PopulationExtract.id)
        .where(PopulationExtract.state == ExtractState.LOADING, PopulationExtract.content.is_not(None))
        .order_by(PopulationExtract.id)
    ).all()
    return sum(_load_one(session, extract_id) for extract_id in left if extract_id not in _LOADING)


def _load_quietly(app: Flask, extract_id: int) -> None:
    _LOADING.add(extract_id)
    try:
        with app.app_context():
            _load_one(db.session(), extract_id)
            db.session.remove()
    except Exception:
        # The timed job tries again within a minute.
        log.exception("loading an extract", extract=extract_id)
    finally:
        _LOADING.discard(extract_id)


def _load_one(session: Session, extract_id: int) -> bool:
    try:
        return load(session, extract_id)
    except FaultyExtract as faulty:
        log.info("an extract has faults", extract=extract_id, faults=faulty.count)
        return False
