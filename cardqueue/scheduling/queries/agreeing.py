"""Reads of what was submitted to whom, and who waits for whom."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from cardqueue.organisation.models import Station, Window, committee_station
from cardqueue.scheduling.models import Plan, PlanAnswer, PlanState
from cardqueue.scheduling.rules.proposal import Proposal


def stations_of(session: Session, plan: Plan) -> list[Station]:
    """The stations that a proposal sends people to."""
    window_ids = Proposal.from_json(plan.proposal).window_ids
    return list(
        session.scalars(
            sa.select(Station)
            .where(Station.id.in_(sa.select(Window.station_id).where(Window.id.in_(window_ids))))
            .order_by(Station.name)
        )
    )


def answers_of(session: Session, plan: Plan) -> list[PlanAnswer]:
    """What the chiefs have said so far."""
    return list(
        session.scalars(
            sa.select(PlanAnswer)
            .options(joinedload(PlanAnswer.station))
            .where(PlanAnswer.plan_id == plan.id)
            .order_by(PlanAnswer.id)
            .execution_options(populate_existing=True)
        )
    )


def missing_answers(stations: Sequence[Station], answers: Sequence[PlanAnswer]) -> list[Station]:
    """The stations whose chief has not confirmed."""
    confirmed = {answer.station_id for answer in answers if answer.is_confirmed}
    return [station for station in stations if station.id not in confirmed]


def submitted_to(session: Session, campaign_id: int, station_id: int) -> list[Plan]:
    """The open proposals that wait for the chief of a station, the oldest first."""
    plans = session.scalars(
        sa.select(Plan)
        .join(committee_station, committee_station.c.committee_id == Plan.committee_id)
        .options(joinedload(Plan.committee), selectinload(Plan.answers))
        .where(
            Plan.campaign_id == campaign_id,
            Plan.state == PlanState.PROPOSED,
            Plan.submitted_at.is_not(None),
            committee_station.c.station_id == station_id,
        )
        .order_by(Plan.submitted_at, Plan.id)
    )
    return [
        plan
        for plan in plans
        if station_id in {station.id for station in stations_of(session, plan)}
        and station_id not in {answer.station_id for answer in plan.answers}
    ]
