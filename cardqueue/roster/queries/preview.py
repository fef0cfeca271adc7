"""What saving an import would change, told before anything is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from cardqueue.roster.models import Member, RosterImport
from cardqueue.roster.queries.imports import ReadRow, load_rows
from cardqueue.roster.queries.members import cell_ids_by_key, known_members
from cardqueue.roster.reading import Field, SheetChoice
from cardqueue.roster.rules.cells import CREATE, NEW, SKIP, UnknownCell, cell_key, chosen_key, find_unknown
from cardqueue.roster.rules.matching import Known, differences, match_rows, values_of
from cardqueue.roster.rules.rows import Tab

_NOT_SAVED = (Tab.WRONG, Tab.LEFT_OUT)
_STATUS_COLUMNS = frozenset({Field.STATUS, Field.PROBATIONARY})


@dataclass(frozen=True, slots=True)
class NewMember:
    """A row that makes a member. Shapes: `values["cell_id"]` is an id, or the key of a cell to be created."""

    read: ReadRow
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ChangedMember:
    """A member whom a row changes. Shapes: field → (old, new); a new cell stands as its key until it is created."""

    read: ReadRow
    member: Member
    changes: Mapping[str, tuple[object, object]]

    @property
    def returns(self) -> bool:
        """Whether the member stood on the list before, was removed, and is back."""
        return self.member.removed_at is not None


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything that saving would do; rows that are wrong or left out are not saved.

    Shapes: `gone` are members of cells that the list names, who are not on it; `cells_to_create` maps keys to names.
    """

    new: list[NewMember]
    changed: list[ChangedMember]
    unchanged: list[Member]
    left_out: list[ReadRow]
    gone: list[Member]
    unknown_cells: list[UnknownCell]
    undecided_cells: list[UnknownCell]
    cells_to_create: dict[str, str]


def preview_import(session: Session, roster_import: RosterImport) -> Preview:
    """What saving an import would change, with the decisions about cells that were made so far."""
    choices = roster_import.choices or {}
    says_status = _sheets_with_status(choices)
    known = known_members(session, roster_import.committee_id)
    reads = load_rows(session, roster_import.id)
    keys = [cell_key(read.row.cell or "") for read in reads]
    cells = _Cells(cell_ids_by_key(session, roster_import.committee_id), choices.get("cells", {}))
    met = match_rows(
        [read.row for read in reads], [cells.meant(key) for key in keys], [one for _, one in known.values()]
    )
    unknown = find_unknown(_named_cells(reads, keys, met), cells.known)
    preview = Preview(
        new=[],
        changed=[],
        unchanged=[],
        left_out=[],
        gone=_gone(known, met, {cells.target(key) for key in keys}),
        unknown_cells=unknown,
        undecided_cells=[cell for cell in unknown if cell.key not in cells.decided],
        cells_to_create={cell.key: cell.name for cell in unknown if cells.decided.get(cell.key) == CREATE},
    )
    for index, (read, key) in enumerate(zip(reads, keys, strict=True)):
        target = cells.target(key)
        member, one = known[met[index].id] if index in met else (None, None)
        if read.tab in _NOT_SAVED or target == SKIP or (target is None and member is None):
            preview.left_out.append(read)
            continue
        said = values_of(read.row, target, says_status=read.row.sheet in says_status)
        if member is None or one is None:
            preview.new.append(NewMember(read, said))
        elif (changes := differences(one, said)) or one.is_removed:
            preview.changed.append(ChangedMember(read, member, changes))
        else:
            preview.unchanged.append(member)
    return preview


class _Cells:
    """Which cell each name means, by what is known and what was decided."""

    def __init__(self, known: Mapping[str, int], decided: Mapping[str, str]) -> None:
        self.known, self.decided = known, decided

    def meant(self, key: str) -> str:
        """The key of the cell that a name means: its own, or the one that it was decided to stand for."""
        for _ in range(len(self.decided)):
            other = None if key in self.known else chosen_key(self.decided.get(key, ""))
            if other is None:
                break
            key = other
        return key

    def target(self, key: str) -> int | str | None:
        """An id, the key of a cell to be created, SKIP, or None while nobody has decided."""
        meant = self.meant(key)
        if meant in self.known:
            return self.known[meant]
        choice = self.decided.get(meant)
        if choice == CREATE:
            return f"{NEW}{meant}"
        return SKIP if choice == SKIP else None


def _sheets_with_status(choices: Mapping[str, Any]) -> frozenset[str]:
    read = [SheetChoice.from_dict(choice) for choice in choices.get("sheets", ())]
    return frozenset(choice.sheet for choice in read if _STATUS_COLUMNS & set(choice.columns.values()))


def _named_cells(reads: Sequence[ReadRow], keys: Sequence[str], met: Mapping[int, Known]) -> dict[str, tuple[str, int]]:
    """The cells that rows to be saved name, as first written, with how many rows each has."""
    named: dict[str, tuple[str, int]] = {}
    for index, (read, key) in enumerate(zip(reads, keys, strict=True)):
        # Whoever is known already stays in the cell where they stand.
        if read.tab not in _NOT_SAVED and (key or index not in met):
            name, count = named.get(key, (read.row.cell or "", 0))
            named[key] = (name, count + 1)
    return named


def _gone(
    known: Mapping[int, tuple[Member, Known]], met: Mapping[int, Known], cell_ids: Collection[object]
) -> list[Member]:
    """Listed members whom no row means. A list of some cells says nothing about the members of others."""
    present = {one.id for one in met.values()}
    gone = [
        member
        for member, one in known.values()
        if not one.is_removed and one.id not in present and member.cell_id in cell_ids
    ]
    return sorted(gone, key=lambda member: (member.cell.sort_key, member.sort_key, member.id))
