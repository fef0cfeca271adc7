"""Timed work of the roster."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from cardqueue.core.jobs import every
from cardqueue.roster import services


@every(minutes=60)
def purge_old_imports(session: Session, at: datetime) -> int:
    """Delete files and rows of lists once they are no longer needed."""
    return services.purge_old_imports(session, at)
