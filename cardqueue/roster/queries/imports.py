"""Reads of imports and of their rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.roster.models import ImportRow, ImportState, RosterImport
from cardqueue.roster.reading import RosterRow
from cardqueue.roster.rules.rows import CheckedRow, Finding, Tab, findings_from_json, row_from_json, tab_of

UNDO_HOURS = 24
_OPEN = (ImportState.UPLOADED, ImportState.MAPPED)


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A kept row with what it says."""

    kept: ImportRow
    row: RosterRow
    findings: tuple[Finding, ...]

    @property
    def tab(self) -> Tab:
        """Where the wizard shows it."""
        return tab_of(self.kept.state, is_accepted=self.kept.is_accepted, is_left_out=self.kept.is_left_out)

    @property
    def checked(self) -> CheckedRow:
        """The row as the rules know it."""
        return CheckedRow(self.row, self.findings)


def find_import(
    session: Session, import_id: int, *, committee_ids: Collection[int], for_update: bool = False
) -> RosterImport | None:
    """An import of one of the committees, None otherwise; `for_update` keeps others away from it meanwhile."""
    query = sa.select(RosterImport).where(RosterImport.id == import_id, RosterImport.committee_id.in_(committee_ids))
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def list_open_imports(session: Session, committee_id: int) -> list[RosterImport]:
    """Imports that somebody began and did not finish, the newest first."""
    return list(
        session.scalars(
            sa.select(RosterImport)
            .where(RosterImport.committee_id == committee_id, RosterImport.state.in_(_OPEN))
            .order_by(RosterImport.id.desc())
        )
    )


def last_saved_import(session: Session, committee_id: int) -> RosterImport | None:
    """The newest import that was saved; only this one can be undone."""
    return session.scalar(
        sa.select(RosterImport)
        .where(RosterImport.committee_id == committee_id, RosterImport.state == ImportState.SAVED)
        .order_by(RosterImport.saved_at.desc(), RosterImport.id.desc())
        .limit(1)
    )


def is_undoable(roster_import: RosterImport, at: datetime) -> bool:
    """Whether a saved import is young enough to be undone."""
    return (
        roster_import.state == ImportState.SAVED
        and roster_import.saved_at is not None
        and at - roster_import.saved_at <= timedelta(hours=UNDO_HOURS)
    )


def rows_query(import_id: int, tab: Tab) -> sa.Select[ImportRow]:
    """The rows that a tab shows, in the order of the file."""
    query = sa.select(ImportRow).where(ImportRow.import_id == import_id).order_by(ImportRow.id)
    if tab is Tab.LEFT_OUT:
        return query.where(ImportRow.is_left_out)
    query = query.where(~ImportRow.is_left_out)
    if tab is Tab.VALID:
        return query.where(sa.or_(ImportRow.state == Tab.VALID, ImportRow.is_accepted))
    return query.where(ImportRow.state == tab, ~ImportRow.is_accepted)


def count_tabs(session: Session, import_id: int) -> dict[Tab, int]:
    """How many rows each tab shows."""
    counts = dict.fromkeys(Tab, 0)
    rows = session.execute(
        sa.select(ImportRow.state, ImportRow.is_accepted, ImportRow.is_left_out, sa.func.count())
        .where(ImportRow.import_id == import_id)
        .group_by(ImportRow.state, ImportRow.is_accepted, ImportRow.is_left_out)
    )
    for state, is_accepted, is_left_out, count in rows:
        counts[tab_of(state, is_accepted=is_accepted, is_left_out=is_left_out)] += count
    return counts


def find_row(session: Session, import_id: int, row_id: int) -> ImportRow | None:
    """A row of an import."""
    return session.scalar(sa.select(ImportRow).where(ImportRow.id == row_id, ImportRow.import_id == import_id))


def load_rows(session: Session, import_id: int) -> list[ReadRow]:
    """All rows of an import with what they say, in the order of the file."""
    kept = session.scalars(sa.select(ImportRow).where(ImportRow.import_id == import_id).order_by(ImportRow.id))
    return [read_row(row) for row in kept]


def read_row(kept: ImportRow) -> ReadRow:
    """A kept row with what it says."""
    findings = findings_from_json(kept.messages)
    return ReadRow(kept, row_from_json(kept.sheet, kept.row, kept.values or "{}", findings), findings)
