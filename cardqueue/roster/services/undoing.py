"""Undoing the last import of a committee, for a day."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.core.audit import record
from cardqueue.core.errors import Refused
from cardqueue.roster.models import ImportState, Member, RosterImport
from cardqueue.roster.queries import is_undoable, last_saved_import
from cardqueue.roster.services.writing import describe_changes, described, write_values


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did. `kept` are members who stay because something happened to them since the import."""

    removed_count: int
    restored_count: int
    kept: tuple[Member, ...]


def undo_import(
    session: Session, roster_import: RosterImport, *, at: datetime, busy_ids: Collection[int] = ()
) -> Undone:
    """Put the list back as it stood before an import.

    Members it added leave the list (they are not deleted: their history stays, and importing them again brings them
    back), unless they were changed since or are among `busy_ids`. A value it changed is put back unless somebody has
    changed it again.

    Raises: Refused("UNDO_TOO_LATE") after a day, or when another import was saved since.
    """
    newest = last_saved_import(session, roster_import.committee_id)
    if newest is None or newest.id != roster_import.id or not is_undoable(roster_import, at):
        raise Refused("UNDO_TOO_LATE")
    plan: dict[str, Any] = json.loads(roster_import.undo or "{}")
    concerned = {*plan["created"], *plan["removed"], *(int(key) for key in plan["changed"])}
    members = _members(session, roster_import.committee_id, concerned)
    removed, kept = [], []
    for member_id in plan["created"]:
        member = members.get(member_id)
        if member is None or member.removed_at is not None:
            continue
        if member.updated_at != roster_import.saved_at or member.id in busy_ids:
            kept.append(member)
            continue
        member.removed_at = at
        removed.append(member)
    restored = [
        member
        for key, changes in plan["changed"].items()
        if (member := members.get(int(key))) and _put_back(session, member, changes, at)
    ]
    for member_id in plan["removed"]:
        if (member := members.get(member_id)) and member.removed_at == roster_import.saved_at:
            member.removed_at = None
            restored.append(member)
            record(
                session,
                "roster.restore_member",
                f"member:{member.id}",
                after=described(member),
                committee_id=member.committee_id,
            )
    roster_import.state, roster_import.undo = ImportState.UNDONE, None
    session.flush()
    record(
        session,
        "roster.undo_import",
        f"import:{roster_import.id}",
        after={"removed": len(removed), "restored": len(restored), "kept": len(kept)},
        committee_id=roster_import.committee_id,
    )
    return Undone(len(removed), len(restored), tuple(kept))


def list_created_ids(roster_import: RosterImport) -> list[int]:
    """The members that an import added, as long as it can be undone."""
    plan: dict[str, Any] = json.loads(roster_import.undo or "{}")
    return list(plan.get("created", ()))


def _members(session: Session, committee_id: int, ids: Collection[int]) -> dict[int, Member]:
    """The members by id; all of the committee are read, since they may be more than one statement can name."""
    found = session.scalars(sa.select(Member).where(Member.committee_id == committee_id))
    return {member.id: member for member in found if member.id in ids}


def _put_back(session: Session, member: Member, changes: dict[str, list[Any]], at: datetime) -> bool:
    if "removed_at" in changes and member.removed_at is None:
        member.removed_at = datetime.fromisoformat(changes["removed_at"][0])
    untouched = {
        name: old for name, (old, new) in changes.items() if name != "removed_at" and getattr(member, name) == new
    }
    current = {name: getattr(member, name) for name in untouched}
    write_values(member, untouched, at)
    before, after = describe_changes(current, untouched)
    record(
        session,
        "roster.change_member",
        f"member:{member.id}",
        before=before,
        after=after,
        committee_id=member.committee_id,
    )
    return bool(untouched) or "removed_at" in changes
