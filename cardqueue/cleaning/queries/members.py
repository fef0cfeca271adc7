"""A committee's members as entries of a list, to be compared with lists in files."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.cleaning.rules.comparison import Entry
from cardqueue.organisation.models import Cell
from cardqueue.roster.models import Member


def list_entries(session: Session, committee_id: int) -> dict[int, Entry]:
    """Everybody on the committee's list, by cell and name.

    Shapes: member id → entry; its place is the running number.
    """
    rows = session.execute(
        sa.select(
            Member.id,
            Member.full_name,
            Cell.name,
            Member.birth_on,
            Member.sex,
            Member.citizen_id,
            Member.card_no,
            Member.joined_on,
            Member.official_on,
        )
        .join(Member.cell)
        .where(Member.committee_id == committee_id, Member.removed_at.is_(None))
        .order_by(Cell.sort_key, Member.sort_key, Member.id)
    )
    return {
        row.id: Entry(
            str(number),
            row.full_name,
            cell=row.name,
            birth_on=row.birth_on or "",
            sex=row.sex or "",
            citizen_id=row.citizen_id or "",
            card_no=row.card_no or "",
            joined_on=row.joined_on or "",
            official_on=row.official_on or "",
        )
        for number, row in enumerate(rows, start=1)
    }
