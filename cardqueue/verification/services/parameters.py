"""The posterior's parameters, learnt from what officers decided, and accepted by a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.core.audit import actor_of, record
from cardqueue.verification.engine.deciding import CONFIDENT, WORTH_A_LOOK
from cardqueue.verification.engine.estimating import Seen, estimate, reweighed, values_of
from cardqueue.verification.engine.posterior import Parameters
from cardqueue.verification.models import (
    Check,
    CheckStatus,
    Decision,
    DecisionRecord,
    DecisionState,
    MatchingParameters,
)
from cardqueue.verification.queries.parameters import current_parameters
from cardqueue.verification.rules import Field
from cardqueue.verification.services.deciding.keeping import written_values

_AT_ONCE = 1_000
_FOR_AN_OFFICER = (CheckStatus.MISMATCH, CheckStatus.MISSING, CheckStatus.AMBIGUOUS)


@dataclass(slots=True)
class Effect:
    """What other parameters would make of the members who wait for a decision.

    `bolder` have a first candidate who would become sure enough to be proposed, `shyer` one who no longer would;
    `appear` and `vanish` come into sight and out of it, `reordered` get another first candidate.
    """

    waiting: int = 0
    bolder: int = 0
    shyer: int = 0
    appear: int = 0
    vanish: int = 0
    reordered: int = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """Parameters that hold, those estimated anew, and what lies between."""

    before: Parameters
    after: Parameters
    seen: Seen
    effect: Effect


def estimate_parameters(session: Session) -> Estimate:
    """Estimate the parameters from all decisions of the installation; nothing is written."""
    before, seen = current_parameters(session), gather(session)
    after = estimate(seen)
    return Estimate(before, after, seen, _effect(session, before, after))


def accept_parameters(session: Session, found: Estimate, at: datetime) -> MatchingParameters:
    """Let estimated parameters hold from now on."""
    accepted = MatchingParameters(
        values=values_of(found.after),
        decision_count=found.seen.confirmed + found.seen.nobody,
        accepted_by=actor_of(session),
        accepted_at=at,
    )
    session.add(accepted)
    session.flush()
    record(
        session,
        "verification.parameters",
        f"matching_parameters:{accepted.id}",
        before=values_of(found.before),
        after=accepted.values | {"decision_count": accepted.decision_count},
    )
    return accepted


def gather(session: Session) -> Seen:
    """Count the pairs that are known to be one person, and the members who were none of the records."""
    levels: dict[str, Counter[int]] = {}
    confirmed = nobody = 0
    for kept in _newest_decisions(session):
        if kept.decision == Decision.NOBODY:
            nobody += 1
        elif kept.levels and _confirms_the_pair(kept):
            confirmed += 1
            for part, level in kept.levels.items():
                levels.setdefault(part, Counter())[int(level)] += 1
    waits = sa.or_(Check.decision.is_(None), Check.decision == Decision.ASK_CELL)
    undecided = session.scalar(
        sa.select(sa.func.count()).select_from(Check).where(waits, Check.status.in_(_FOR_AN_OFFICER))
    )
    matched = session.scalar(
        sa.select(sa.func.count())
        .select_from(Check)
        .where(
            Check.status == CheckStatus.MATCH,
            ~sa.exists().where(
                DecisionRecord.campaign_id == Check.campaign_id,
                DecisionRecord.member_id == Check.member_id,
                DecisionRecord.state == DecisionState.APPLIED,
            ),
        )
    )
    return Seen(levels, confirmed, nobody, undecided or 0, matched or 0)


def _newest_decisions(session: Session) -> Iterator[DecisionRecord]:
    newest = (
        sa.select(sa.func.max(DecisionRecord.id))
        .where(DecisionRecord.state == DecisionState.APPLIED, DecisionRecord.decision != Decision.ASK_CELL)
        .group_by(DecisionRecord.campaign_id, DecisionRecord.member_id)
    )
    yield from session.scalars(
        sa.select(DecisionRecord).where(DecisionRecord.id.in_(newest)).execution_options(yield_per=_AT_ONCE)
    )


def _confirms_the_pair(kept: DecisionRecord) -> bool:
    """Whether a decision says that the member is the person of the record, whichever side was wrong."""
    if kept.record_hash is None:
        return False
    if kept.decision == Decision.ROSTER_RIGHT:
        # Beside a proposed person the record has the mistake; beside several it may as well be somebody else's.
        return kept.status == CheckStatus.MISMATCH
    # A number that neither side has leads to somebody else.
    return kept.decision == Decision.RECORD_RIGHT or Field.CITIZEN_ID not in written_values(kept)


def _effect(session: Session, before: Parameters, after: Parameters) -> Effect:
    effect = Effect()
    rows = session.execute(
        sa.select(Check.candidates)
        .where(
            sa.or_(Check.decision.is_(None), Check.decision == Decision.ASK_CELL),
            Check.status.in_((*_FOR_AN_OFFICER, CheckStatus.NOT_FOUND)),
        )
        .execution_options(yield_per=_AT_ONCE)
    )
    for (candidates,) in rows:
        if not candidates:
            continue
        old = [candidate["probability"] for candidate in candidates]
        pairs = [(candidate["levels"], candidate["probability"]) for candidate in candidates]
        new = reweighed(pairs, before, after)
        effect.waiting += 1
        effect.bolder += max(old) < CONFIDENT <= max(new)
        effect.shyer += max(new) < CONFIDENT <= max(old)
        effect.appear += max(old) < WORTH_A_LOOK <= max(new)
        effect.vanish += max(new) < WORTH_A_LOOK <= max(old)
        effect.reordered += new.index(max(new)) != old.index(max(old))
    return effect
