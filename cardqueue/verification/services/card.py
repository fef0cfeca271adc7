"""Comparing a member with the citizen card on the desk: that it was done is kept, what the card says is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from cardqueue.core.audit import actor_of, record
from cardqueue.organisation.models import Campaign
from cardqueue.roster.models import Member
from cardqueue.verification.engine.dates import DateLevel
from cardqueue.verification.engine.levels import Levels
from cardqueue.verification.engine.numbers import NumberLevel
from cardqueue.verification.models import Check
from cardqueue.verification.registries.card import Card, CardRegistry, read_card
from cardqueue.verification.rules import Field, Level, evidence_of
from cardqueue.verification.services.extracts.purging import require_open
from cardqueue.verification.services.matching import person_of_member

CITIZEN_CARD = "citizen_card"


class CardOutcome(StrEnum):
    """What comparing with a card gave."""

    AGREES = "agrees"
    DIFFERS = "differs"
    OTHER_PERSON = "other_person"


@dataclass(frozen=True, slots=True)
class CardComparison:
    """How a member agrees with a card. `name` is the card's, as the scanner typed it: shown once, kept nowhere."""

    outcome: CardOutcome
    differences: Mapping[Field, Level]
    name: str


def compare_card(
    session: Session, campaign: Campaign, check: Check, scan: str, *, station_id: int, at: datetime
) -> CardComparison:
    """Compare a member with what a scanner typed.

    Raises: BadScan, Refused("VERIFICATION_CLOSED").
    """
    require_open(campaign)
    card = read_card(scan)
    compared = _compared(check.member, card)
    fields = {str(name): str(level) for name, level in compared.differences.items()}
    check.card_comparison = {
        "kind": CITIZEN_CARD,
        "outcome": compared.outcome,
        "fields": fields,
        "by": actor_of(session),
        "at": at.isoformat(),
        # Whether it still speaks of what the list says.
        "evidence": check.evidence,
    }
    session.flush()
    record(
        session,
        "verification.compare_card",
        f"member:{check.member_id}",
        after={"kind": CITIZEN_CARD, "outcome": compared.outcome, "fields": fields},
        committee_id=check.member.committee_id,
        station_id=station_id,
    )
    return compared


def _compared(member: Member, card: Card) -> CardComparison:
    evidence = evidence_of(person_of_member(member), old_id=member.old_id, card_no=member.card_no)
    (pair,) = CardRegistry(card).close({0: evidence})
    differences = _differences(pair.levels, has_number=bool(member.citizen_id))
    outcome = CardOutcome.AGREES if not differences else CardOutcome.DIFFERS
    if _is_another(pair.levels):
        outcome = CardOutcome.OTHER_PERSON
    return CardComparison(outcome, differences, card.name)


def _differences(levels: Levels, *, has_number: bool) -> dict[Field, Level]:
    differences = {}
    if levels.date is not DateLevel.EQUAL:
        differences[Field.BIRTH_ON] = Level(levels.date.name.lower())
    if not has_number:
        differences[Field.CITIZEN_ID] = Level.MISSING
    elif levels.number is not NumberLevel.EQUAL:
        differences[Field.CITIZEN_ID] = Level(levels.number.name.lower())
    return differences


def _is_another(levels: Levels) -> bool:
    """Whether neither the number, nearly or of old, nor the birth date says that the card is this member's."""
    if levels.number is NumberLevel.MISSING and levels.date is DateLevel.MISSING:
        return False
    return levels.number < NumberLevel.OLD and levels.date < DateLevel.ONE_PART
