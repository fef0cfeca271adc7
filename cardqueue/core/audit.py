"""The audit trail: who did what, when, from which value to which.

Services call `record`; the rows are written when the edge commits, in the same transaction as the change. The database
refuses to update or delete them (triggers, migration 0001), and each is sealed within a minute (`core.sealing`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from cardqueue.core.database import table_of
from cardqueue.core.models import AuditEntry
from cardqueue.lib.clock import now_at

_PENDING = "audit_pending"
_APPEND = sa.insert(table_of(AuditEntry))
_WRITTEN = [column.name for column in table_of(AuditEntry).columns if not column.primary_key]


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


@event.listens_for(Session, "before_commit")
def _write_pending(session: Session) -> None:
    pending: list[AuditEntry] = session.info.pop(_PENDING, [])
    if not pending:
        return
    for entry in pending:
        entry.before, entry.after = _as_stored(entry.before), _as_stored(entry.after)
    session.execute(_APPEND, [{name: getattr(entry, name) for name in _WRITTEN} for entry in pending])


def _as_stored(values: dict[str, Any] | None) -> dict[str, Any] | None:
    """The values as the database will give them back: a date becomes its ISO text."""
    if values is None:
        return None
    stored: dict[str, Any] = json.loads(json.dumps(values, ensure_ascii=False, default=str))
    return stored


@event.listens_for(Session, "after_rollback")
def _forget_pending(session: Session) -> None:
    session.info.pop(_PENDING, None)
