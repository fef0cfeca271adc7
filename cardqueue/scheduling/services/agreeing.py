"""Agreeing on a plan: the committee submits, the chiefs of its stations confirm or send back; withdrawing it later."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.core.audit import actor_of, record
from cardqueue.core.errors import Conflict, Refused
from cardqueue.scheduling.models import Appointment, AppointmentState, Block, Plan, PlanAnswer, PlanState
from cardqueue.scheduling.queries.agreeing import answers_of, missing_answers, stations_of
from cardqueue.scheduling.services.ledger import drop_empty_blocks, end_appointments, lock_stations, require_open


def submit_plan(session: Session, plan: Plan, *, at: datetime) -> None:
    """Ask the chiefs of the stations; whoever sent it back is asked again.

    Raises: Conflict("PLAN_NOT_OPEN"), Refused("PLANNING_CLOSED").
    """
    require_open(plan.campaign)
    _require_proposed(session, plan)
    session.execute(sa.delete(PlanAnswer).where(PlanAnswer.plan_id == plan.id, PlanAnswer.is_confirmed.is_(False)))
    plan.submitted_at = at
    session.flush()
    record(session, "scheduling.submit", f"plan:{plan.id}", committee_id=plan.committee_id)


def answer_plan(
    session: Session, plan: Plan, station_id: int, *, is_confirmed: bool, reason: str | None, at: datetime
) -> None:
    """Confirm a proposal for a station, or send it back.

    Raises: Conflict("PLAN_NOT_OPEN") when it was withdrawn, replaced or answered meanwhile, Refused("REASON_NEEDED").
    """
    _require_proposed(session, plan)
    if plan.submitted_at is None or station_id in {answer.station_id for answer in answers_of(session, plan)}:
        raise Conflict("PLAN_NOT_OPEN")
    if not is_confirmed and not reason:
        raise Refused("REASON_NEEDED")
    session.add(
        PlanAnswer(
            plan_id=plan.id,
            station_id=station_id,
            is_confirmed=is_confirmed,
            reason=reason or None,
            answered_by=actor_of(session),
            answered_at=at,
        )
    )
    session.flush()
    record(
        session,
        "scheduling.confirm" if is_confirmed else "scheduling.send_back",
        f"plan:{plan.id}",
        after={"reason": reason} if reason else None,
        committee_id=plan.committee_id,
        station_id=station_id,
    )


def require_agreed(session: Session, plan: Plan) -> None:
    """Let only what the chiefs have confirmed be published, where the campaign wants it.

    Raises: Conflict("PLAN_NOT_CONFIRMED") with the stations that have not.
    """
    if not plan.campaign.chief_confirms:
        return
    missing = missing_answers(stations_of(session, plan), answers_of(session, plan))
    if missing:
        raise Conflict("PLAN_NOT_CONFIRMED", stations=", ".join(station.name for station in missing))


def withdraw_plan(session: Session, plan: Plan, reason: str, *, at: datetime) -> int:
    """Take a published plan back: its appointments that are still to come end. Returns how many.

    What a person moved or placed by hand since stays.

    Raises: Conflict("PLAN_NOT_PUBLISHED"), Refused("REASON_NEEDED"), Refused("PLANNING_CLOSED").
    """
    require_open(plan.campaign)
    if not reason:
        raise Refused("REASON_NEEDED")
    lock_stations(session, plan.committee_id)
    session.refresh(plan, with_for_update=True)
    if plan.state != PlanState.PUBLISHED:
        raise Conflict("PLAN_NOT_PUBLISHED")
    ended = list(
        session.scalars(
            sa.select(Appointment)
            .join(Block, Block.id == Appointment.block_id)
            .where(
                Block.plan_id == plan.id,
                Block.is_manual.is_(False),
                Block.start_at > at,
                Appointment.state == AppointmentState.ACTIVE,
            )
            .order_by(Appointment.id)
        )
    )
    blocks = {appointment.block_id for appointment in ended if appointment.block_id is not None}
    end_appointments(session, ended, at=at)
    drop_empty_blocks(session, blocks)
    plan.state, plan.withdrawn_at, plan.withdrawn_reason = PlanState.WITHDRAWN, at, reason
    session.flush()
    record(
        session,
        "scheduling.withdraw",
        f"plan:{plan.id}",
        after={"appointments": len(ended), "reason": reason},
        committee_id=plan.committee_id,
    )
    return len(ended)


def _require_proposed(session: Session, plan: Plan) -> None:
    session.refresh(plan, with_for_update=True)
    if plan.state != PlanState.PROPOSED:
        raise Conflict("PLAN_NOT_OPEN")
