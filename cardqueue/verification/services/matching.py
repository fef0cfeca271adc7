"""Comparing the members of a campaign with the population records, and keeping the ledger true to what comes out.

Members and records meet in one statement per committee, by the keyed hash of the number. Both sides are reduced to a
keyed hash, the evidence: only members whose evidence changed are decrypted, judged and written, so that comparing again
changes nothing and undoes no decision.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cardqueue.cases.models import Case, CaseState, PendingReason
from cardqueue.cases.services import open_case, resolve_case
from cardqueue.core.audit import record
from cardqueue.core.keyring import lookup_hash
from cardqueue.organisation.models import Campaign, committee_station
from cardqueue.roster.models import Member, Sex
from cardqueue.verification.models import Check, CheckStatus, PopulationExtract, PopulationRecord
from cardqueue.verification.queries import SETTLED, list_campaigns_to_match, list_extracts_in_force
from cardqueue.verification.rules import Comparison, Person, assess
from cardqueue.verification.services.correcting import apply_values, stored_values
from cardqueue.verification.words import case_note

OUR_REASONS = frozenset({PendingReason.WRONG_INFO, PendingReason.ID_MISSING})

_AT_ONCE = 2_000
# A change may be committed a little later than the time it carries.
_LATE_COMMIT = timedelta(minutes=5)


@dataclass(slots=True)
class Matched:
    """What comparing did: how many members were looked at, judged anew, and how those came out."""

    compared: int = 0
    changed: int = 0
    opened: int = 0
    resolved: int = 0
    by_status: Counter[CheckStatus] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Sides:
    """A member and the records of the same number, not yet decrypted."""

    member_id: int
    evidence: str
    record_ids: tuple[int, ...]
    holder_count: int


def match_records(session: Session, campaign: Campaign, *, committee_ids: Collection[int], at: datetime) -> Matched:
    """Compare the counted members of some committees with the extracts in force of the stations that serve them.

    A committee without an extract is left as it stands.
    """
    done = Matched()
    for committee_id in sorted(committee_ids):
        all_sides = gather_sides(session, campaign.id, committee_id)
        done.compared += len(all_sides)
        for start in range(0, len(all_sides), _AT_ONCE):
            _match_some(session, campaign.id, all_sides[start : start + _AT_ONCE], at, done)
    extracts = list_extracts_in_force(session, campaign.id, committee_ids=committee_ids)
    for extract in extracts:
        extract.matched_at = at
    session.flush()
    if done.changed:
        counts = {str(status): count for status, count in sorted(done.by_status.items())}
        record(
            session,
            "verification.match",
            f"campaign:{campaign.id}",
            after={"changed": done.changed, "opened": done.opened, "resolved": done.resolved, **counts},
        )
    return done


def match_changed(session: Session, at: datetime) -> int:
    """Compare wherever a list or an extract changed since the last time; returns how many members came out anew."""
    changed = 0
    for campaign in list_campaigns_to_match(session):
        committee_ids = {committee.id for committee in campaign.committees}
        extracts = list_extracts_in_force(session, campaign.id, committee_ids=committee_ids)
        if extracts and _is_due(session, campaign.id, extracts):
            changed += match_records(session, campaign, committee_ids=committee_ids, at=at).changed
    return changed


def gather_sides(
    session: Session, campaign_id: int, committee_id: int, *, member_id: int | None = None
) -> Sequence[Sides]:
    """The counted members of a committee, or one of them, joined with the records of their numbers.

    Shapes: empty while no extract is in force. Lines that say the same, even in two extracts, count as one.
    """
    extracts = list_extracts_in_force(session, campaign_id, committee_ids={committee_id})
    if not extracts:
        return []
    query = (
        sa.select(
            Member.id,
            Member.full_name,
            Member.birth_on,
            Member.sex,
            Member.citizen_id_hash,
            PopulationRecord.id.label("record_id"),
            PopulationRecord.content_hash,
        )
        .select_from(Case)
        .join(Member, Member.id == Case.member_id)
        .outerjoin(
            PopulationRecord,
            sa.and_(
                PopulationRecord.extract_id.in_([extract.id for extract in extracts]),
                PopulationRecord.citizen_id_hash == Member.citizen_id_hash,
            ),
        )
        .where(
            Case.campaign_id == campaign_id,
            Case.is_counted,
            Member.committee_id == committee_id,
            Member.removed_at.is_(None),
        )
        .order_by(Member.id, PopulationRecord.id)
    )
    if member_id is not None:
        query = query.where(Member.id == member_id)
    holders = _numbers_held_twice(session, campaign_id)
    return [_sides(list(rows), holders) for _, rows in groupby(session.execute(query), key=lambda row: int(row.id))]


def judge(session: Session, sides: Sequence[Sides]) -> Iterator[tuple[Member, Comparison]]:
    """Decrypt and judge members; in the order given."""
    members = {
        member.id: member
        for member in session.scalars(sa.select(Member).where(Member.id.in_([side.member_id for side in sides])))
    }
    record_ids = [record_id for side in sides for record_id in side.record_ids]
    records = {
        found.id: found
        for found in session.scalars(sa.select(PopulationRecord).where(PopulationRecord.id.in_(record_ids)))
    }
    for side in sides:
        member = members[side.member_id]
        theirs = [person_of_record(records[record_id]) for record_id in side.record_ids]
        yield member, assess(person_of_member(member), theirs, holder_count=side.holder_count)


def person_of_member(member: Member) -> Person:
    """What the list says."""
    return Person(member.full_name, member.birth_on, Sex(member.sex) if member.sex else None, member.citizen_id)


def person_of_record(found: PopulationRecord) -> Person:
    """What the population record says."""
    return Person(found.full_name, found.birth_on, Sex(found.sex), found.citizen_id)


def write_comparison(check: Check, member: Member, side: Sides, comparison: Comparison, at: datetime) -> None:
    """Let a check say what comparing gave; an earlier decision, made on other evidence, is gone."""
    check.status, check.blocks = comparison.status, comparison.blocks
    check.differences = {str(name): str(level) for name, level in comparison.differences.items()}
    check.record_hash = member.citizen_id_hash if side.record_ids else None
    check.evidence, check.checked_at = side.evidence, at
    check.decision = check.decided_at = check.decided_by = None
    check.confirmed = check.note = check.decided_evidence = None


def keep_ledger(session: Session, check: Check, case: Case, at: datetime) -> int:
    """Open a member's case where a difference blocks, and resolve the case opened here once none does.

    A case that somebody else opened or settled is theirs. Returns 1 when opened, -1 when resolved, 0 otherwise.
    """
    is_ours = check.opened_case and case.state == CaseState.PENDING and case.reason in OUR_REASONS
    reason = PendingReason.ID_MISSING if check.status == CheckStatus.MISSING else PendingReason.WRONG_INFO
    if not check.blocks:
        check.opened_case = False
        if not is_ours:
            return 0
        resolve_case(session, case, at=at)
        return -1
    note = case_note(check.differences)
    if is_ours:
        if (case.reason, case.note) != (reason, note):
            open_case(session, case, reason, at=at, owner_id=case.owner_id, due_on=case.due_on, note=note)
        return 0
    if case.state != CaseState.NOT_YET:
        return 0
    open_case(session, case, reason, at=at, note=note)
    check.opened_case = True
    return 1


def _match_some(session: Session, campaign_id: int, sides: Sequence[Sides], at: datetime, done: Matched) -> None:
    checks = _checks_of(session, campaign_id, [side.member_id for side in sides])
    anew: list[Sides] = []
    again: list[Sides] = []
    unopened: list[int] = []
    for side in sides:
        check = checks.get(side.member_id)
        if check is None or side.evidence not in (check.evidence, check.decided_evidence):
            anew.append(side)
        elif side.evidence != check.evidence:
            again.append(side)
        elif check.blocks and check.decision is None and not check.opened_case:
            unopened.append(side.member_id)
    for side, (member, comparison) in zip(anew, judge(session, anew), strict=True):
        check = checks.get(member.id)
        if check is None:
            check = checks[member.id] = Check(campaign_id=campaign_id, member_id=member.id, opened_case=False)
            session.add(check)
        elif check.decision in SETTLED:
            record(
                session,
                "verification.reopen",
                f"member:{member.id}",
                before={"decision": check.decision},
                after={"status": comparison.status},
                committee_id=member.committee_id,
            )
        write_comparison(check, member, side, comparison, at)
        done.changed += 1
        done.by_status[comparison.status] += 1
    _apply_again(session, [checks[side.member_id] for side in again], at)
    done.changed += len(again)
    touched = [side.member_id for side in anew if checks[side.member_id].blocks or checks[side.member_id].opened_case]
    for case in _cases_of(session, campaign_id, [*touched, *unopened]):
        moved = keep_ledger(session, checks[case.member_id], case, at)
        done.opened += moved > 0
        done.resolved += moved < 0
    session.flush()


def _apply_again(session: Session, checks: Sequence[Check], at: datetime) -> None:
    """A list brought back exactly what an officer had decided about: the decision holds, so its values do."""
    if not checks:
        return
    members = session.scalars(sa.select(Member).where(Member.id.in_([check.member_id for check in checks])))
    by_id = {member.id: member for member in members}
    for check in checks:
        apply_values(session, by_id[check.member_id], stored_values(check), at)


def _sides(rows: Sequence[Any], holders: Mapping[str, int]) -> Sides:
    first = rows[0]
    # Of two lines that say the same, from two stations perhaps, one is enough.
    records = {row.content_hash: row.record_id for row in rows if row.record_id is not None}
    holder_count = holders.get(first.citizen_id_hash, 1)
    said = [
        first.full_name, first.birth_on, first.sex, first.citizen_id_hash, sorted(records), holder_count > 1,
    ]  # fmt: skip
    evidence = lookup_hash(json.dumps(said, ensure_ascii=False)) or ""
    return Sides(first.id, evidence, tuple(sorted(records.values())), holder_count)


def _numbers_held_twice(session: Session, campaign_id: int) -> dict[str, int]:
    """Numbers that several counted members of the campaign carry, in whatever commune. Shapes: keyed hash → members."""
    rows = session.execute(
        sa.select(Member.citizen_id_hash, sa.func.count(Member.id))
        .join(Case, sa.and_(Case.member_id == Member.id, Case.campaign_id == campaign_id))
        .where(Case.is_counted, Member.removed_at.is_(None), Member.citizen_id_hash.is_not(None))
        .group_by(Member.citizen_id_hash)
        .having(sa.func.count(Member.id) > 1)
    )
    return {str(number): int(count) for number, count in rows}


def _checks_of(session: Session, campaign_id: int, member_ids: Sequence[int]) -> dict[int, Check]:
    rows = session.scalars(sa.select(Check).where(Check.campaign_id == campaign_id, Check.member_id.in_(member_ids)))
    return {check.member_id: check for check in rows}


def _cases_of(session: Session, campaign_id: int, member_ids: Sequence[int]) -> list[Case]:
    if not member_ids:
        return []
    return list(
        session.scalars(
            sa.select(Case)
            .options(joinedload(Case.member))
            .where(Case.campaign_id == campaign_id, Case.member_id.in_(member_ids))
            .order_by(Case.id)
            .with_for_update(of=Case)
            .execution_options(populate_existing=True)
        )
    )


def _is_due(session: Session, campaign_id: int, extracts: Sequence[PopulationExtract]) -> bool:
    """Whether an extract was never compared, a member changed since, or a member was never compared at all."""
    known = [extract.matched_at for extract in extracts if extract.matched_at is not None]
    if len(known) < len(extracts):
        return True
    served = sa.select(committee_station.c.committee_id).where(
        committee_station.c.station_id.in_([extract.station_id for extract in extracts])
    )
    # Whoever shares a number may belong to a commune without an extract, so every change in the campaign counts.
    due = (
        sa.select(Member.id)
        .join(Case, sa.and_(Case.member_id == Member.id, Case.campaign_id == campaign_id))
        .outerjoin(Check, sa.and_(Check.member_id == Member.id, Check.campaign_id == campaign_id))
        .where(
            sa.or_(
                Member.updated_at > min(known) - _LATE_COMMIT,
                sa.and_(
                    Check.id.is_(None), Case.is_counted, Member.removed_at.is_(None), Member.committee_id.in_(served)
                ),
            )
        )
    )
    return session.scalar(due.limit(1)) is not None
