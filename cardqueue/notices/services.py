"""Writes of the outbox: notices follow the appointments, and a person says when one was handed over."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cardqueue.core.audit import actor_of, record
from cardqueue.lib.clock import to_local
from cardqueue.notices.models import Notice
from cardqueue.notices.queries import list_calls, notice_query
from cardqueue.notices.rules import Occasion, draft_notices, notice_text
from cardqueue.organisation.letterhead import bare_cell_name, contact_of, place_of
from cardqueue.organisation.models import Campaign, Cell, Station


def prepare_notices(session: Session, campaign: Campaign, at: datetime) -> int:
    """Make the outbox say what the cells have to know now; running it again changes nothing.

    What was handed over stays as it was said. What was not is rewritten when its appointments changed, and withdrawn
    when none of them is left: nobody has to hear of it. Returns how many notices were written or withdrawn.
    """
    if campaign.closed_at is not None:
        return 0
    # One at a time: the minute's job and somebody who opens the page would otherwise both add the same notice.
    session.execute(sa.select(Campaign.id).where(Campaign.id == campaign.id).with_for_update(key_share=True))
    known = {
        notice.key: notice
        for notice in session.scalars(
            sa.select(Notice).where(Notice.campaign_id == campaign.id).execution_options(populate_existing=True)
        )
    }
    handed_over = {key for key, notice in known.items() if notice.handed_over_at is not None}
    drafts = draft_notices(campaign.id, list_calls(session, campaign.id), handed_over, to_local(at).date())
    cells = _cells(session, {draft.calls[0].cell_id for draft in drafts} | {one.cell_id for one in known.values()})
    stations = {station.id: station for station in session.scalars(sa.select(Station))} if drafts else {}
    changes: Counter[tuple[int, str]] = Counter()
    for draft in drafts:
        if draft.key in handed_over:
            continue
        call = draft.calls[0]
        cell, place = cells[call.cell_id], place_of(stations[call.station_id], call.place)
        text = notice_text(draft, Occasion(bare_cell_name(cell.name), place, contact_of(cell.committee)))
        notice = known.get(draft.key)
        if notice is None:
            session.add(
                Notice(
                    campaign_id=campaign.id, cell_id=cell.id, kind=draft.kind, key=draft.key, text=text, created_at=at
                )
            )
            changes[cell.committee_id, "written"] += 1
        elif (notice.kind, notice.text) != (draft.kind, text):
            notice.kind, notice.text, notice.created_at = draft.kind, text, at
            changes[cell.committee_id, "rewritten"] += 1
    for key in known.keys() - handed_over - {draft.key for draft in drafts}:
        session.delete(known[key])
        changes[cells[known[key].cell_id].committee_id, "withdrawn"] += 1
    session.flush()
    for committee_id in sorted({committee_id for committee_id, _ in changes}):
        counts = {verb: count for (ours, verb), count in changes.items() if ours == committee_id}
        record(session, "notices.prepare", f"campaign:{campaign.id}", after=counts, committee_id=committee_id)
    return changes.total()


def hand_over(session: Session, notice: Notice, *, at: datetime) -> None:
    """Say that a notice was passed on; once is enough."""
    if notice.handed_over_at is not None:
        return
    notice.handed_over_at, notice.handed_over_by = at, actor_of(session)
    session.flush()
    record(
        session,
        "notices.hand_over",
        f"notice:{notice.id}",
        after={"cell": notice.cell_id, "kind": str(notice.kind), "text": notice.text},
        committee_id=notice.cell.committee_id,
    )


def hand_over_cell(session: Session, campaign: Campaign, cell: Cell, *, at: datetime) -> int:
    """Say that everything that waits for a cell was passed on; returns how much that was."""
    waiting = notice_query(campaign.id, committee_ids=[cell.committee_id], cell_id=cell.id, handed_over=False)
    notices = session.scalars(waiting).all()
    for notice in notices:
        hand_over(session, notice, at=at)
    return len(notices)


def export_notices(session: Session, campaign: Campaign, cell: Cell) -> str:
    """The notices of a cell as plain text: those that wait, or all earlier ones when none does."""
    texts: list[str] = []
    for handed_over in (False, True):
        query = notice_query(campaign.id, committee_ids=[cell.committee_id], cell_id=cell.id, handed_over=handed_over)
        texts = texts or [notice.text for notice in session.scalars(query)]
    record(session, "notices.export", f"cell:{cell.id}", after={"notices": len(texts)}, committee_id=cell.committee_id)
    return "\n\n".join(texts)


def _cells(session: Session, ids: set[int]) -> dict[int, Cell]:
    query = sa.select(Cell).where(Cell.id.in_(ids)).options(joinedload(Cell.committee))
    return {cell.id: cell for cell in session.scalars(query)}
