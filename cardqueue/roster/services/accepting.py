"""Taking a whole list as it is: whoever is on it comes into the ledger, and the police settle what is wrong."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from cardqueue.lib.names import same_name_key
from cardqueue.roster.models import RosterImport
from cardqueue.roster.queries import load_rows
from cardqueue.roster.queries.imports import ReadRow
from cardqueue.roster.reading import RowState
from cardqueue.roster.rules.rows import may_be_accepted, row_to_json
from cardqueue.roster.services.rows import check_again, require_mapped


@dataclass(frozen=True, slots=True)
class Accepted:
    """What taking a list as it is came to, in rows; `remaining_count` still need somebody to look at them."""

    accepted_count: int
    repeated_count: int
    without_number_count: int
    remaining_count: int


def accept_all_rows(session: Session, roster_import: RosterImport) -> Accepted:
    """Take every row that names a member, whatever is wrong with it.

    Of rows that say the same person twice the first is taken. Where different people share a number nobody knows
    whose it is, so each is taken without one, and verification asks for it.

    Raises: Conflict("IMPORT_FINISHED").
    """
    require_mapped(roster_import)
    repeated, shared = _sharing_a_number(load_rows(session, roster_import.id))
    for read in repeated:
        read.kept.is_left_out = True
    for read in shared:
        read.kept.values = row_to_json(replace(read.row, citizen_id=None))
    check_again(session, roster_import)
    accepted = remaining = 0
    for read in load_rows(session, roster_import.id):
        if read.kept.is_left_out or read.kept.is_accepted or read.kept.state == RowState.VALID:
            continue
        if may_be_accepted(read.findings):
            read.kept.is_accepted = True
            accepted += 1
        else:
            remaining += 1
    session.flush()
    return Accepted(accepted, len(repeated), len(shared), remaining)


def _sharing_a_number(reads: list[ReadRow]) -> tuple[list[ReadRow], list[ReadRow]]:
    """Rows that repeat a person, and rows of different people with one number."""
    groups: dict[str, list[ReadRow]] = defaultdict(list)
    for read in reads:
        if read.row.citizen_id and not read.kept.is_left_out:
            groups[read.row.citizen_id].append(read)
    repeated: list[ReadRow] = []
    shared: list[ReadRow] = []
    for group in groups.values():
        people: dict[object, ReadRow] = {}
        for read in group:
            who = (same_name_key(read.row.full_name), read.row.birth_on)
            if who in people:
                repeated.append(read)
            else:
                people[who] = read
        if len(people) > 1:
            shared.extend(people.values())
    return repeated, shared
