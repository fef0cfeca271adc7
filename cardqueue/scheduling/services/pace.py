"""Measuring how long one member takes: stamps are learned from, a trial is watched, a person may fix the value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from cardqueue.core.audit import actor_of, record, record_change
from cardqueue.core.errors import Refused
from cardqueue.organisation.models import Campaign
from cardqueue.scheduling.models import StationPace
from cardqueue.scheduling.queries.pace import find_pace
from cardqueue.scheduling.rules.pace import Pace, assumed, observe
from cardqueue.scheduling.services.ledger import require_open


@dataclass(frozen=True, slots=True)
class Served:
    """One finished serving. Units: `minutes` between take and finish."""

    minutes: float
    is_elderly: bool
    ended_at: datetime


def learn(session: Session, campaign: Campaign, station_id: int, served: Sequence[Served], *, until: datetime) -> None:
    """Refine a station's estimate by servings that it has not seen yet; `until` is how far the stamps were read."""
    row = _row(session, campaign, station_id)
    pace = Pace(row.minutes, row.weight, row.variance, row.observed_count, row.dropped_count, row.dropped_run)
    for one in served:
        before = pace.observed
        pace = observe(pace, one.minutes, is_elderly=one.is_elderly)
        if pace.observed > before and _is_in_trial(row, one.ended_at):
            row.trial_count += 1
            row.trial_minutes += one.minutes
    row.minutes, row.weight, row.variance = pace.minutes, pace.weight, pace.variance
    row.observed_count, row.dropped_count, row.dropped_run = pace.observed, pace.dropped, pace.run
    row.learned_at = until
    session.flush()


def start_trial(session: Session, campaign: Campaign, station_id: int, *, at: datetime) -> None:
    """Begin to measure: from now on every member who is finished counts for the trial.

    Raises: Refused("PLANNING_CLOSED"), Refused("TRIAL_RUNNING").
    """
    require_open(campaign)
    row = _row(session, campaign, station_id)
    if row.trial_started_at is not None and row.trial_ended_at is None:
        raise Refused("TRIAL_RUNNING")
    row.trial_started_at, row.trial_ended_at = at, None
    row.trial_count, row.trial_minutes = 0, 0.0
    session.flush()
    record(session, "scheduling.start_trial", f"station:{station_id}", station_id=station_id)


def end_trial(session: Session, campaign: Campaign, station_id: int, *, at: datetime) -> None:
    """End the trial; what was measured stays in the estimate.

    Raises: Refused("NO_TRIAL").
    """
    row = find_pace(session, campaign.id, station_id)
    if row is None or row.trial_started_at is None or row.trial_ended_at is not None:
        raise Refused("NO_TRIAL")
    row.trial_ended_at = at
    session.flush()
    after = {"count": row.trial_count, "minutes": round(row.minutes, 2)}
    record(session, "scheduling.end_trial", f"station:{station_id}", after=after, station_id=station_id)


def fix_minutes(
    session: Session, campaign: Campaign, station_id: int, minutes: Decimal, reason: str, *, at: datetime
) -> None:
    """Plan with a value of a person's own; stamps are learned from all the same.

    Raises: Refused("PLANNING_CLOSED"), Refused("REASON_NEEDED").
    """
    require_open(campaign)
    if not reason:
        raise Refused("REASON_NEEDED")
    _set_fixed(session, _row(session, campaign, station_id), minutes, reason, at)


def release_minutes(session: Session, campaign: Campaign, station_id: int, *, at: datetime) -> None:
    """Plan with the measured value again."""
    row = find_pace(session, campaign.id, station_id)
    if row is not None and row.fixed_minutes is not None:
        _set_fixed(session, row, None, None, at)


def _set_fixed(session: Session, row: StationPace, minutes: Decimal | None, reason: str | None, at: datetime) -> None:
    before = _described(row)
    row.fixed_minutes, row.fixed_reason = minutes, reason
    row.fixed_by, row.fixed_at = (actor_of(session), at) if minutes is not None else (None, None)
    session.flush()
    record_change(
        session,
        "scheduling.fix_minutes",
        f"station:{row.station_id}",
        before,
        _described(row),
        station_id=row.station_id,
    )


def _described(row: StationPace) -> dict[str, object]:
    return {"minutes": None if row.fixed_minutes is None else float(row.fixed_minutes), "reason": row.fixed_reason}


def _is_in_trial(row: StationPace, at: datetime) -> bool:
    if row.trial_started_at is None or at < row.trial_started_at:
        return False
    return row.trial_ended_at is None or at <= row.trial_ended_at


def _row(session: Session, campaign: Campaign, station_id: int) -> StationPace:
    row = find_pace(session, campaign.id, station_id)
    if row is None:
        begun = assumed(float(campaign.minutes_per_member))
        row = StationPace(
            campaign_id=campaign.id,
            station_id=station_id,
            minutes=begun.minutes,
            weight=begun.weight,
            variance=begun.variance,
            observed_count=0,
            dropped_count=0,
            dropped_run=0,
            trial_count=0,
            trial_minutes=0.0,
        )
        session.add(row)
        session.flush()
    return row
