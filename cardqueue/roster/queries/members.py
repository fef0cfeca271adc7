"""Reads of members."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from cardqueue.core.keyring import lookup_hash
from cardqueue.lib.names import search_key
from cardqueue.organisation.models import Cell
from cardqueue.roster.models import Member, MemberStatus
from cardqueue.roster.rules.cells import cell_key
from cardqueue.roster.rules.matching import FIELDS, Known

# Well below the number of variables that SQLite takes in one statement.
_BATCH = 1_000


def members_query(
    committee_ids: Collection[int], *, cell_id: int | None = None, status: MemberStatus | None = None, text: str = ""
) -> sa.Select[Member]:
    """Members on the list with their cell, in the order of lists; `text` is any part of the name, accents or not."""
    query = (
        sa.select(Member)
        .join(Member.cell)
        .options(contains_eager(Member.cell))
        .where(Member.committee_id.in_(committee_ids), Member.removed_at.is_(None))
        .order_by(Cell.sort_key, Member.sort_key, Member.id)
    )
    if cell_id is not None:
        query = query.where(Member.cell_id == cell_id)
    if status is not None:
        query = query.where(Member.status == status)
    for word in search_key(text).split():
        query = query.where(Member.search_key.contains(word, autoescape=True))
    return query


def find_member(session: Session, member_id: int, *, committee_ids: Collection[int]) -> Member | None:
    """A member on the list with the cell, None outside the committees."""
    return session.scalar(
        sa.select(Member)
        .options(joinedload(Member.cell))
        .where(Member.id == member_id, Member.committee_id.in_(committee_ids), Member.removed_at.is_(None))
    )


def known_members(session: Session, committee_id: int) -> dict[int, tuple[Member, Known]]:
    """Everybody who stands or stood on a committee's list, ready to be compared with rows, by id."""
    members = session.scalars(
        sa.select(Member).options(joinedload(Member.cell)).where(Member.committee_id == committee_id)
    )
    return {
        member.id: (
            member,
            Known(
                member.id,
                {name: getattr(member, name) for name in FIELDS},
                member.search_key,
                cell_key(member.cell.name),
                is_removed=member.removed_at is not None,
            ),
        )
        for member in members
    }


def cell_ids_by_key(session: Session, committee_id: int) -> dict[str, int]:
    """A committee's cells by what their names have in common with other ways of writing them (`rules.cell_key`)."""
    rows = session.execute(sa.select(Cell.name, Cell.id).where(Cell.committee_id == committee_id))
    return {cell_key(name): cell_id for name, cell_id in rows}


def numbers_taken_elsewhere(session: Session, committee_id: int, numbers: Iterable[str]) -> frozenset[str]:
    """Those of the citizen IDs that a member of another committee has."""
    by_hash = {lookup_hash(number): number for number in numbers if number}
    hashes_of_all = list(by_hash)
    taken: set[str] = set()
    for start in range(0, len(hashes_of_all), _BATCH):
        hashes = hashes_of_all[start : start + _BATCH]
        rows = session.scalars(
            sa.select(Member.citizen_id_hash).where(
                Member.citizen_id_hash.in_(hashes),
                Member.committee_id != committee_id,
                Member.removed_at.is_(None),
            )
        )
        taken.update(by_hash[found] for found in rows)
    return frozenset(taken)
