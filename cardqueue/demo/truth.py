"""Who the invented people are in a database, and how an officer decides who has seen their papers."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cardqueue.cases.models import CaseState, PendingReason
from cardqueue.cases.services import get_case, open_case
from cardqueue.core.audit import act_as, actor_of
from cardqueue.core.errors import Refused
from cardqueue.core.keyring import lookup_hash
from cardqueue.demo import people
from cardqueue.demo.planting import Office
from cardqueue.demo.story import evening_pending
from cardqueue.lib.names import search_key
from cardqueue.organisation.models import Campaign
from cardqueue.roster.models import Member
from cardqueue.verification.models import Check, Decision
from cardqueue.verification.queries import find_proposal
from cardqueue.verification.registries.keys import record_mark
from cardqueue.verification.rules import Field
from cardqueue.verification.services import Outcome, Typed, confirm, decide

# Reasons that the committee or a secretary knows of before the day; the others show at the counter.
KNOWN_BEFORE = frozenset(
    {
        PendingReason.WEAK_HEALTH,
        PendingReason.BUSY,
        PendingReason.AWAY,
        PendingReason.TRANSFER,
        PendingReason.UNDER_REVIEW,
    }
)
UNSETTLED = frozenset({PendingReason.WRONG_INFO, PendingReason.ID_MISSING})
#: The account that confirms changes of a citizen ID.
SECOND_PERSON = "canbo"
AT_THE_COUNTER = frozenset({PendingReason.TECH, PendingReason.NO_OLD_CARD})


def find_member_ids(session: Session, office: Office, committee_id: int) -> dict[str, int]:
    """The members' ids by the keys of the invented people: found by the card's number, else by name and cell."""
    members = session.scalars(
        sa.select(Member).options(joinedload(Member.cell)).where(Member.committee_id == committee_id)
    ).all()
    by_card = {member.card_no_hash: member.id for member in members if member.card_no_hash}
    by_name = {(member.search_key, search_key(member.cell.name)): member.id for member in members}
    found = {
        person.key: by_card.get(lookup_hash(person.card_no) or "")
        or by_name.get((search_key(person.full_name), search_key(person.cell.name)))
        for person in office.commune.people
    }
    return {key: member_id for key, member_id in found.items() if member_id is not None}


def find_evening_pending(session: Session, office: Office, committee_id: int) -> dict[int, PendingReason]:
    """Who is still pending when the day ends, by the members' ids."""
    ids = find_member_ids(session, office, committee_id)
    return {ids[key]: PendingReason(reason) for key, reason in evening_pending(office).items() if key in ids}


def open_known_cases(
    session: Session, campaign: Campaign, pending: Mapping[int, PendingReason], *, at: datetime
) -> None:
    """Open the cases that are known before the day, as committee and secretaries do."""
    for member_id, reason in pending.items():
        case = get_case(session, campaign.id, member_id)
        if reason in KNOWN_BEFORE and case.state == CaseState.NOT_YET:
            open_case(session, case, reason, at=at)


def settle_checks(
    session: Session,
    campaign: Campaign,
    office: Office,
    committee_id: int,
    *,
    leave: Collection[int] = (),
    at: datetime,
) -> None:
    """Decide all differences that block somebody, a minute each, but those of the members to `leave`."""
    ids = find_member_ids(session, office, committee_id)
    people_by_id = {ids[person.key]: person for person in office.commune.people if person.key in ids}
    checks = session.scalars(
        sa.select(Check).options(joinedload(Check.member)).where(Check.campaign_id == campaign.id, Check.blocks)
    ).all()
    for number, check in enumerate(checks):
        if check.member_id not in leave and check.member_id in people_by_id:
            _settle(session, campaign, check, people_by_id[check.member_id], at + timedelta(minutes=number))


def _settle(session: Session, campaign: Campaign, check: Check, person: people.Member, at: datetime) -> None:
    """Decide by the record, else by the papers, else for the list: the first that is not refused and leaves nothing.

    A change of the number is confirmed by the officer at the counter, who has the card in hand.
    """
    decider = actor_of(session)
    birth = f"{person.birth_on:%Y}" if person.is_year_only else person.birth_on.isoformat()
    papers = {
        Field.CITIZEN_ID: person.citizen_id,
        Field.FULL_NAME: person.full_name,
        Field.BIRTH_ON: birth,
        Field.SEX: str(person.sex),
    }
    tries = (
        (Decision.RECORD_RIGHT, Typed(record_hash=record_mark(person.citizen_id))),
        (Decision.RECORD_RIGHT, Typed()),
        (Decision.BOTH_WRONG, Typed(values=papers, reason="Đã xem căn cước gốc")),
        (Decision.ROSTER_RIGHT, Typed(reason="Đã xem căn cước gốc và hồ sơ đảng viên")),
    )
    for decision, typed in tries:
        act_as(session, decider)
        with contextlib.suppress(Refused), session.begin_nested():
            outcome = decide(session, campaign, check, decision, typed, seen=check.evidence, at=at)
            if outcome is Outcome.PROPOSED and (proposal := find_proposal(session, check)):
                act_as(session, SECOND_PERSON)
                outcome = confirm(session, campaign, check, proposal, at=at)
            if outcome is Outcome.SETTLED:
                break
    act_as(session, decider)
