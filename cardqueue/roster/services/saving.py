"""Saving a list: what its preview says, in one transaction, with enough kept to undo it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from cardqueue.core.audit import record
from cardqueue.core.errors import Refused
from cardqueue.organisation.models import Cell
from cardqueue.organisation.services import CellDetails, add_cell
from cardqueue.roster.models import ImportState, Member, RosterImport
from cardqueue.roster.queries import ChangedMember, NewMember, Preview, preview_import
from cardqueue.roster.rules.cells import CREATE, NEW, SKIP, chosen_key, guess_kind
from cardqueue.roster.services.rows import require_mapped
from cardqueue.roster.services.writing import describe_changes, described, new_member, write_values


def decide_cells(session: Session, roster_import: RosterImport, decisions: Mapping[str, str]) -> None:
    """Say what the cells that the committee has not yet are: new ones, others misspelt, or not to be saved.

    Shapes: key of the cell → CREATE, SKIP or the value of `rules.cells.choice_of`.

    Raises: Refused("CELLS_UNDECIDED") for any other value; Conflict("IMPORT_FINISHED").
    """
    require_mapped(roster_import)
    for key, choice in decisions.items():
        if choice not in (CREATE, SKIP) and chosen_key(choice) in (None, key):
            raise Refused("CELLS_UNDECIDED")
    choices = roster_import.choices or {}
    roster_import.choices = {**choices, "cells": {**choices.get("cells", {}), **decisions}}
    session.flush()


def confirm_import(
    session: Session,
    roster_import: RosterImport,
    *,
    at: datetime,
    remove_ids: Collection[int] = (),
    decide_as_usual: bool = False,
) -> dict[str, int]:
    """Save a list: new members, changes, and the removal of those of the gone who are named.

    `decide_as_usual` is for callers without a person: cells nobody decided about become new ones.

    Shapes: counts by `new`, `changed`, `unchanged`, `left_out`, `removed`, `cells`.

    Raises: Refused("CELLS_UNDECIDED"), Conflict("IMPORT_FINISHED").
    """
    require_mapped(roster_import)
    preview = preview_import(session, roster_import)
    if preview.undecided_cells and decide_as_usual:
        decide_cells(session, roster_import, {cell.key: cell.usual for cell in preview.undecided_cells})
        preview = preview_import(session, roster_import)
    if preview.undecided_cells:
        raise Refused("CELLS_UNDECIDED")
    cell_ids = _create_cells(session, roster_import.committee_id, preview)
    changed = _change(session, preview.changed, cell_ids, at)
    removed = [member for member in preview.gone if member.id in remove_ids]
    for member in removed:
        member.removed_at = at
        record(
            session,
            "roster.remove_member",
            f"member:{member.id}",
            before=described(member),
            committee_id=member.committee_id,
        )
    session.flush()
    created = _create(session, roster_import.committee_id, preview.new, cell_ids, at)
    summary = {
        "new": len(created),
        "changed": len(preview.changed),
        "unchanged": len(preview.unchanged),
        "left_out": len(preview.left_out),
        "removed": len(removed),
        "cells": len(cell_ids),
    }
    roster_import.undo = json.dumps(
        {
            "created": [member.id for member in created],
            "changed": changed,
            "removed": [member.id for member in removed],
        },
        ensure_ascii=False,
    )
    roster_import.summary, roster_import.state, roster_import.saved_at = dict(summary), ImportState.SAVED, at
    session.flush()
    record(
        session,
        "roster.save_import",
        f"import:{roster_import.id}",
        after={"filename": roster_import.filename, **summary},
        committee_id=roster_import.committee_id,
    )
    return summary


def _create_cells(session: Session, committee_id: int, preview: Preview) -> dict[str, int]:
    """The new cells that rows need, by the value that stands for them in the preview."""
    needed = {new.values["cell_id"] for new in preview.new}
    needed |= {one.changes["cell_id"][1] for one in preview.changed if "cell_id" in one.changes}
    made: dict[str, Cell] = {
        f"{NEW}{key}": add_cell(session, committee_id, CellDetails(name, guess_kind(name)))
        for key, name in preview.cells_to_create.items()
        if f"{NEW}{key}" in needed
    }
    return {key: cell.id for key, cell in made.items()}


def _change(
    session: Session, changes: list[ChangedMember], cell_ids: Mapping[str, int], at: datetime
) -> dict[str, dict[str, list[object]]]:
    """Write the changes; returns what undoing needs: member id → field → [old, new]."""
    undo: dict[str, dict[str, list[object]]] = {}
    if any("citizen_id" in one.changes for one in changes):
        # Two members may exchange numbers, and the database checks each of them at once.
        for one in changes:
            if "citizen_id" in one.changes:
                one.member.citizen_id_hash = None
        session.flush()
    for one in changes:
        member = one.member
        new = {name: _with_id(value, cell_ids) for name, (_, value) in one.changes.items()}
        old = {name: getattr(member, name) for name in new}
        undo[str(member.id)] = {name: [old[name], new[name]] for name in new}
        if member.removed_at is not None:
            undo[str(member.id)]["removed_at"] = [member.removed_at.isoformat(), None]
            member.removed_at = None
        write_values(member, new, at)
        before, after = describe_changes(old, new)
        record(
            session,
            "roster.change_member",
            f"member:{member.id}",
            before=before,
            after=after,
            committee_id=member.committee_id,
        )
    session.flush()
    return undo


def _create(
    session: Session, committee_id: int, wanted: list[NewMember], cell_ids: Mapping[str, int], at: datetime
) -> list[Member]:
    members = [
        new_member(committee_id, {name: _with_id(value, cell_ids) for name, value in new.values.items()}, at)
        for new in wanted
    ]
    session.add_all(members)
    session.flush()
    return members


def _with_id(value: object, cell_ids: Mapping[str, int]) -> object:
    return cell_ids.get(value, value) if isinstance(value, str) else value
