"""The audit trail: who did what, when, from which value to which.

Services call `record`; the rows are written when the edge commits, in the same transaction as the change, chained by
hash in the order of commits. The database refuses to update or delete them (triggers, migration 0001).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from cardqueue.core.database import is_postgresql, table_of
from cardqueue.core.models import AuditEntry
from cardqueue.lib.clock import now_at

GENESIS = "0" * 64
_PENDING = "audit_pending"
# An arbitrary number that names the chain among PostgreSQL's advisory locks.
_CHAIN_LOCK = 7_203_001
_LOCK_CHAIN = sa.select(sa.func.pg_advisory_xact_lock(_CHAIN_LOCK))
_APPEND = sa.insert(table_of(AuditEntry))
_WRITTEN = [column.name for column in table_of(AuditEntry).columns if not column.primary_key]
_LAST_HASH = sa.select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)


def act_as(session: Session, actor: str) -> None:
    """Name the person or job on whose behalf the session writes."""
    session.info["actor"] = actor


def actor_of(session: Session) -> str:
    """The name given by `act_as`."""
    return str(session.info.get("actor", "system"))


def record(
    session: Session,
    action: str,
    subject: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    committee_id: int | None = None,
    station_id: int | None = None,
) -> None:
    """Leave a row in the audit trail when the session commits.

    Shapes: `action` is `feature.verb` ("roster.import"), `subject` is `kind:id` ("member:42"); `before` and `after`
    hold JSON values and never an unmasked citizen ID, old ID or telephone number.
    """
    session.info.setdefault(_PENDING, []).append(
        AuditEntry(
            at=now_at(),
            actor=actor_of(session),
            action=action,
            subject=subject,
            committee_id=committee_id,
            station_id=station_id,
            before=dict(before) if before is not None else None,
            after=dict(after) if after is not None else None,
        )
    )


def record_change(
    session: Session,
    action: str,
    subject: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    committee_id: int | None = None,
    station_id: int | None = None,
) -> None:
    """Leave a row that names only the values that differ; nothing when none does."""
    changed = [name for name in after if before.get(name) != after[name]]
    if changed:
        record(
            session,
            action,
            subject,
            before={name: before.get(name) for name in changed},
            after={name: after[name] for name in changed},
            committee_id=committee_id,
            station_id=station_id,
        )


def entry_hash(entry: AuditEntry, previous_hash: str) -> str:
    """The seal of a row: SHA-256 over the row before it and everything that this one says."""
    said = [
        previous_hash,
        _instant(entry.at),
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
    """The id of the first row whose seal does not fit, None when the whole trail holds."""
    previous = GENESIS
    rows = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000))
    for entry in rows:
        if entry.previous_hash != previous or entry.hash != entry_hash(entry, previous):
            return entry.id
        previous = entry.hash
    return None


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


@event.listens_for(Session, "before_commit")
def _write_pending(session: Session) -> None:
    pending: list[AuditEntry] = session.info.pop(_PENDING, [])
    if not pending:
        return
    if is_postgresql(session):
        # Ids are handed out under this lock, so the chain is in the order of ids; it is held only until the commit.
        session.execute(_LOCK_CHAIN)
    previous = session.scalar(_LAST_HASH) or GENESIS
    for entry in pending:
        entry.before, entry.after = _as_stored(entry.before), _as_stored(entry.after)
        entry.previous_hash, entry.hash = previous, entry_hash(entry, previous)
        previous = entry.hash
    session.execute(_APPEND, [{name: getattr(entry, name) for name in _WRITTEN} for entry in pending])


def _as_stored(values: dict[str, Any] | None) -> dict[str, Any] | None:
    """The values as the database will give them back: a date becomes its ISO text before it is sealed."""
    if values is None:
        return None
    stored: dict[str, Any] = json.loads(json.dumps(values, ensure_ascii=False, default=str))
    return stored


@event.listens_for(Session, "after_rollback")
def _forget_pending(session: Session) -> None:
    session.info.pop(_PENDING, None)
