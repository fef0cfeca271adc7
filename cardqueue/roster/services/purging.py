"""Files and rows of lists are not kept longer than they are needed."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.core.audit import record
from cardqueue.roster.models import ImportRow, ImportState, RosterImport
from cardqueue.roster.queries import UNDO_HOURS

KEPT_DAYS = 30
_OPEN = (ImportState.UPLOADED, ImportState.MAPPED)


def purge_old_imports(session: Session, at: datetime) -> int:
    """Delete what imports of more than 30 days ago still hold, give up those never finished; returns how many.

    What an undo needs goes after its day. That an import took place, when, by whom and its counts stay known.
    """
    session.execute(
        sa.update(RosterImport)
        .where(RosterImport.saved_at < at - timedelta(hours=UNDO_HOURS), RosterImport.undo.is_not(None))
        .values(undo=None)
    )
    old = session.scalars(
        sa.select(RosterImport).where(
            sa.func.coalesce(RosterImport.saved_at, RosterImport.uploaded_at) < at - timedelta(days=KEPT_DAYS),
            sa.or_(RosterImport.content.is_not(None), RosterImport.state.in_(_OPEN)),
        )
    ).all()
    for roster_import in old:
        roster_import.content = None
        session.execute(sa.delete(ImportRow).where(ImportRow.import_id == roster_import.id))
        if roster_import.state in _OPEN:
            roster_import.state = ImportState.DISCARDED
        record(
            session,
            "roster.purge_import",
            f"import:{roster_import.id}",
            committee_id=roster_import.committee_id,
        )
    session.flush()
    return len(old)
