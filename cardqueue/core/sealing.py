"""The seal of the audit trail: a chain of hashes over its rows, so that tampering shows.

The leader seals the rows that were committed since the last time, each minute. Sealing a row in the transaction that
writes it would let commits pass only one after the other; a row without a seal yet is protected by the triggers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.core.jobs import every
from cardqueue.core.models import AuditEntry, AuditSeal

GENESIS = "0" * 64
# On PostgreSQL ids are handed out before the commit: a slow transaction's row may appear behind sealed ones.
LATE_ROWS = 10_000
_AT_ONCE = 1000


@every(minutes=1)
def seal_audit_trail(session: Session, _at: datetime) -> int:
    """Seal every row that has no seal yet; returns how many."""
    last = session.scalar(sa.select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))
    previous = last.hash if last else GENESIS
    sealed = 0
    for entry in session.scalars(_waiting()).all():
        hash_ = entry_hash(entry, previous)
        session.add(AuditSeal(entry_id=entry.id, previous_hash=previous, hash=hash_))
        session.flush()
        previous, sealed = hash_, sealed + 1
    return sealed


def entry_hash(entry: AuditEntry, previous_hash: str) -> str:
    """The seal of a row: SHA-256 over the seal before it and everything that the row says."""
    said = [
        previous_hash,
        entry.id,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor,
        entry.action,
        entry.subject,
        entry.committee_id,
        entry.station_id,
        entry.before,
        entry.after,
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def find_broken_link(session: Session) -> int | None:
    """The id of the first row whose seal does not fit, or that came behind the seals; None when the trail holds."""
    query = (
        sa.select(AuditSeal, AuditEntry)
        .outerjoin(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
        .order_by(AuditSeal.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    with session.execute(query) as rows:
        if (broken := _first_broken(cast(Iterable[tuple[AuditSeal, AuditEntry | None]], rows))) is not None:
            return broken
    return session.scalar(
        sa.select(sa.func.min(AuditEntry.id)).where(
            AuditEntry.id < _newest_sealed() - LATE_ROWS, AuditEntry.id.not_in(sa.select(AuditSeal.entry_id))
        )
    )


def _first_broken(rows: Iterable[tuple[AuditSeal, AuditEntry | None]]) -> int | None:
    previous = GENESIS
    for seal, entry in rows:
        if entry is None or seal.previous_hash != previous or seal.hash != entry_hash(entry, previous):
            return seal.entry_id
        previous = seal.hash
    return None


def count_unsealed(session: Session) -> int:
    """How many rows wait for their seal."""
    return session.scalar(sa.select(sa.func.count()).select_from(_waiting().subquery())) or 0


def _waiting() -> sa.Select[AuditEntry]:
    return (
        sa.select(AuditEntry)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where(AuditSeal.id.is_(None), AuditEntry.id > _newest_sealed() - LATE_ROWS)
        .order_by(AuditEntry.id)
    )


def _newest_sealed() -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.select(sa.func.max(AuditSeal.entry_id)).scalar_subquery(), 0)
