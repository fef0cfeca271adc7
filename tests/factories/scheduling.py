"""Plans for tests: a published one, and the sums that must always hold."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.organisation.models import Committee, Window
from cardqueue.scheduling import services
from cardqueue.scheduling.models import Appointment, AppointmentState, Block, Plan
from cardqueue.scheduling.rules.proposal import Mode
from cardqueue.scheduling.services.planning import Published
from tests.factories.people import Town, make_case, make_town

# Weeks before the campaign's first day in the factories.
PLANNED_AT = datetime(2030, 7, 20, 2, 0, tzinfo=UTC)


def make_plan(session: Session, town: Town, mode: Mode = Mode.FILL, *, at: datetime = PLANNED_AT) -> Plan:
    """A proposal for a town's members. Committed."""
    plan = services.plan_campaign(session, town.campaign, town.committee.id, mode, at=at)
    session.commit()
    return plan


def publish(session: Session, plan: Plan, *, at: datetime = PLANNED_AT) -> Published:
    """Publish a proposal. Committed."""
    result = services.publish_plan(session, plan, at=at)
    session.commit()
    return result


def published(session: Session, town: Town, mode: Mode = Mode.FILL, *, at: datetime = PLANNED_AT) -> Published:
    """Plan a town and publish it. Committed."""
    return publish(session, make_plan(session, town, mode, at=at), at=at)


def active(session: Session, town: Town) -> list[Appointment]:
    """The town's active appointments, read afresh, in the order of arrival."""
    return list(
        session.scalars(
            sa.select(Appointment)
            .where(Appointment.campaign_id == town.campaign.id, Appointment.state == AppointmentState.ACTIVE)
            .order_by(Appointment.arrive_at, Appointment.queue_number)
            .execution_options(populate_existing=True)
        )
    )


def check_ledger(session: Session) -> None:
    """In every window the active work is what the ledger says, and fits; every block has somebody coming."""
    rows = session.execute(
        sa.select(Appointment.window_id, sa.func.sum(Appointment.work).label("work"))
        .where(Appointment.state == AppointmentState.ACTIVE)
        .group_by(Appointment.window_id)
    )
    sums = {row.window_id: row.work for row in rows}
    for window in session.scalars(sa.select(Window).execution_options(populate_existing=True)):
        assert sums.get(window.id, 0) == window.booked_work <= window.capacity_work, window.id
    in_use = set(session.scalars(sa.select(Appointment.block_id).where(Appointment.state == AppointmentState.ACTIVE)))
    assert set(session.scalars(sa.select(Block.id))) <= in_use


def make_neighbour(session: Session, town: Town, *, members_per_cell: int = 30) -> Committee:
    """A second committee that shares a town's station and campaign. Committed."""
    other = make_town(session, "b", cells=2, members_per_cell=members_per_cell)
    other.committee.stations = [town.station]
    town.campaign.committees.append(other.committee)
    other.campaign.closed_at = PLANNED_AT
    for member in other.members:
        make_case(session, town.campaign, member)
    session.commit()
    return other.committee
