"""Reads of make-ups: who must come again, and which times are proposed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from cardqueue.cases.models import Case, CaseEvent, CaseState
from cardqueue.organisation.models import Campaign, Cell, Window
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment, AppointmentState, MakeUp
from cardqueue.scheduling.queries.plans import list_standings
from cardqueue.scheduling.rules.make_ups import Candidate, in_fair_order


def list_candidates(
    session: Session, campaign: Campaign, committee_id: int, *, at: datetime, cell_id: int | None = None
) -> list[Candidate]:
    """Members of a committee who must come again and have no time, in fair order.

    Whoever was never invited and never pending waits for the plan, not for a make-up; so does everybody before a
    first plan was published.
    """
    if not _was_published(session, campaign.id, committee_id):
        return []
    standings = list_standings(session, campaign.id, committee_id, at=at, cell_id=cell_id)
    since = _waiting_since(session, campaign.id, committee_id, at)
    help_needed = set(
        session.scalars(sa.select(Member.id).where(Member.committee_id == committee_id, Member.needs_help))
    )
    return in_fair_order(
        (
            Candidate(
                one.member_id,
                one.full_name,
                one.birth_year,
                one.cell_id,
                one.reason,
                one.member_id in help_needed,
                since[one.member_id],
            )
            for one in standings
            if one.is_waiting and one.member_id in since
        ),
        campaign,
    )


def list_make_ups(session: Session, campaign_id: int, committee_id: int, *, cell_id: int | None = None) -> list[MakeUp]:
    """The proposed times of a committee or of one cell, in fair order; with member, cell, window and station."""
    query = (
        sa.select(MakeUp)
        .join(MakeUp.member)
        .join(Member.cell)
        .options(
            contains_eager(MakeUp.member).contains_eager(Member.cell),
            joinedload(MakeUp.window).joinedload(Window.station),
        )
        .where(MakeUp.campaign_id == campaign_id, Cell.committee_id == committee_id)
        .order_by(MakeUp.rank, MakeUp.id)
        .execution_options(populate_existing=True)
    )
    if cell_id is not None:
        query = query.where(Member.cell_id == cell_id)
    return list(session.scalars(query))


def count_make_ups(session: Session, campaign_id: int, committee_id: int, *, at: datetime) -> int:
    """How many proposed times wait for the committee: of members who are not done and got no other time since."""
    has_time = (
        sa.exists()
        .where(
            Appointment.campaign_id == MakeUp.campaign_id,
            Appointment.member_id == MakeUp.member_id,
            Appointment.state == AppointmentState.ACTIVE,
            Appointment.window_id == Window.id,
            Window.end_at > at,
        )
        .correlate(MakeUp)
    )
    return (
        session.scalar(
            sa.select(sa.func.count(MakeUp.id))
            .join(MakeUp.member)
            .join(Case, sa.and_(Case.member_id == MakeUp.member_id, Case.campaign_id == MakeUp.campaign_id))
            .where(
                MakeUp.campaign_id == campaign_id,
                Member.committee_id == committee_id,
                Case.state != CaseState.DONE,
                ~has_time,
            )
        )
        or 0
    )


def _was_published(session: Session, campaign_id: int, committee_id: int) -> bool:
    invited = sa.select(Appointment.id).join(Appointment.member)
    found = invited.where(Appointment.campaign_id == campaign_id, Member.committee_id == committee_id).limit(1)
    return session.scalar(found) is not None


def _waiting_since(session: Session, campaign_id: int, committee_id: int, at: datetime) -> dict[int, datetime]:
    """Since when each member has had something to make up for: first pending, or first missed."""
    pending = session.execute(
        sa.select(Case.member_id, sa.func.min(CaseEvent.at))
        .join(CaseEvent, CaseEvent.case_id == Case.id)
        .join(Case.member)
        .where(
            Case.campaign_id == campaign_id,
            Member.committee_id == committee_id,
            CaseEvent.to_state == CaseState.PENDING,
        )
        .group_by(Case.member_id)
    )
    missed = session.execute(
        sa.select(Appointment.member_id, sa.func.min(Appointment.arrive_at))
        .join(Appointment.window)
        .join(Appointment.member)
        .where(
            Appointment.campaign_id == campaign_id,
            Member.committee_id == committee_id,
            Appointment.state == AppointmentState.ACTIVE,
            Window.end_at <= at,
        )
        .group_by(Appointment.member_id)
    )
    since: dict[int, datetime] = {}
    for member_id, first_at in [*pending, *missed]:
        since[member_id] = min(first_at, since.get(member_id, first_at))
    return since
