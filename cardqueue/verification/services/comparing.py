"""From members to what the engine says of them: who is who in the records, and who stands on the list twice.

Nothing is written here. Members are taken in batches; whoever may be on the list twice is looked at together with the
others, of whatever commune of the campaign.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from cardqueue.cases.models import Case
from cardqueue.core.keyring import lookup_hash
from cardqueue.roster.models import Member, Sex
from cardqueue.verification.engine.duplicates import Decided, mark_same_person, mark_same_record
from cardqueue.verification.engine.evidence import Evidence
from cardqueue.verification.engine.matching import Matcher, Outcome, Row
from cardqueue.verification.engine.shapes import Decision, Status
from cardqueue.verification.models import Check, CheckStatus, PopulationExtract
from cardqueue.verification.queries import list_extracts_in_force
from cardqueue.verification.queries.parameters import rules_in_force
from cardqueue.verification.registries import open_registry
from cardqueue.verification.registries.keys import record_mark
from cardqueue.verification.rules import Comparison, Field, Level, Person, compare, evidence_of, with_duplicate

#: Members who are searched for at once: enough for a set-based join, few enough to keep memory flat.
BATCH = 1_000

_Condition: TypeAlias = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Found:
    """What comparing a member gave. Shapes: `evidence` is a keyed hash of both sides and of the status."""

    member_id: int
    comparison: Comparison
    evidence: str
    engine_version: str

    @property
    def differences(self) -> Mapping[Field, Level]:
        """The differing fields with their levels."""
        return self.comparison.differences


@dataclass(frozen=True, slots=True)
class _Said:
    """A member as the list has them, read by the engine."""

    member_id: int
    committee_id: int
    person: Person
    evidence: Evidence
    card: str


@dataclass(frozen=True, slots=True)
class _Judged:
    said: _Said
    outcome: Outcome
    comparison: Comparison


class Comparing:
    """Compares members of one campaign with the records in force; keep one for a run, registries stay open in it."""

    def __init__(self, session: Session, campaign_id: int) -> None:
        self._session = session
        self._campaign_id = campaign_id
        self._parameters, self._version = rules_in_force(session)
        self._matchers: dict[int, Matcher | None] = {}
        self._of_extracts: dict[tuple[int, ...], Matcher] = {}

    def compare(self, members: _Condition) -> Iterator[Found]:
        """Compare counted members, each for himself; those without an extract are left out."""
        rows = iter(self._members(members))
        while batch := list(islice(rows, BATCH)):
            for judged in self._judge(batch):
                yield _found(judged.said, judged.comparison, self._version)

    def compare_together(self, seeds: _Condition) -> list[Found]:
        """Compare the members who may be on the list twice, some seed among them, and say who is."""
        judged = {one.said.member_id: one for one in self._judge(self._members_by_id(self._groups(seeds)))}
        # Somebody's record may be new since it was last stored.
        marks = {record_mark(one.comparison.pid) for one in judged.values() if one.comparison.pid}
        more = self._holders_of_records(marks) - set(judged)
        judged |= {one.said.member_id: one for one in self._judge(self._members_by_id(more))}
        return [_found(one.said, one.comparison, self._version) for one in _with_duplicates(judged)]

    def compare_one(self, member_id: int) -> Found | None:
        """Compare one member, with whoever may be the same person; None without an extract in force."""
        together = self.compare_together(Member.id == member_id)
        found = next((one for one in together if one.member_id == member_id), None)
        return found or next(self.compare(Member.id == member_id), None)

    def _judge(self, said: Iterable[_Said]) -> Iterator[_Judged]:
        def matcher_of(one: _Said) -> int:
            return one.committee_id

        for committee_id, some in groupby(sorted(said, key=matcher_of), key=matcher_of):
            matcher = self._matcher(committee_id)
            if matcher is None:
                continue
            rows = {one.member_id: one for one in some}
            outcomes = matcher.decide({member_id: Row(one.evidence) for member_id, one in rows.items()})
            for member_id, one in rows.items():
                outcome = outcomes[member_id]
                yield _Judged(one, outcome, compare(one.person, one.evidence, outcome))

    def _matcher(self, committee_id: int) -> Matcher | None:
        if committee_id not in self._matchers:
            extracts = list_extracts_in_force(self._session, self._campaign_id, committee_ids={committee_id})
            self._matchers[committee_id] = self._matcher_of(extracts) if extracts else None
        return self._matchers[committee_id]

    def _matcher_of(self, extracts: Sequence[PopulationExtract]) -> Matcher:
        ids = tuple(extract.id for extract in extracts)
        if ids not in self._of_extracts:
            self._of_extracts[ids] = Matcher(open_registry(self._session, extracts), self._parameters)
        return self._of_extracts[ids]

    def _members_by_id(self, ids: Collection[int]) -> Iterator[_Said]:
        wanted = sorted(ids)
        for start in range(0, len(wanted), BATCH):
            yield from self._members(Member.id.in_(wanted[start : start + BATCH]))

    def _members(self, condition: _Condition) -> Iterator[_Said]:
        query = (
            sa.select(
                Member.id, Member.committee_id, Member.full_name, Member.birth_on, Member.sex, Member.citizen_id,
                Member.old_id, Member.card_no,
            )
            .where(condition, *self._is_counted())
            .order_by(Member.id)
        )  # fmt: skip
        for row in self._session.execute(query, execution_options={"yield_per": BATCH}):
            person = Person(row.full_name, row.birth_on, Sex(row.sex) if row.sex else None, row.citizen_id)
            evidence = evidence_of(person, old_id=row.old_id, card_no=row.card_no)
            yield _Said(row.id, row.committee_id, person, evidence, evidence.card)

    def _is_counted(self, member: type[Member] = Member) -> tuple[_Condition, _Condition]:
        counted = sa.exists().where(Case.member_id == member.id, Case.campaign_id == self._campaign_id, Case.is_counted)
        return counted, member.removed_at.is_(None)

    def _groups(self, seeds: _Condition) -> set[int]:
        """Members with the number, the card or the record of a seed, and whoever was taken for one of them before."""
        ids = self._sharing("citizen_id_hash", seeds) | self._sharing("card_no_hash", seeds)
        seed_ids = sa.select(Member.id).where(seeds)
        other = aliased(Check)
        is_ours = sa.and_(Check.campaign_id == self._campaign_id, other.campaign_id == self._campaign_id)
        same_record = (
            sa.select(Check.member_id, other.member_id)
            .join(other, sa.and_(other.record_hash == Check.record_hash, other.member_id != Check.member_id))
            .where(is_ours, Check.member_id.in_(seed_ids))
        )
        stays_id = sa.type_coerce(Check.duplicate_of_id, sa.Integer)
        taken_for_one = sa.select(Check.member_id, stays_id).where(
            Check.campaign_id == self._campaign_id,
            Check.duplicate_of_id.is_not(None),
            sa.or_(Check.member_id.in_(seed_ids), Check.duplicate_of_id.in_(seed_ids)),
        )
        for query in (same_record, taken_for_one):
            ids |= {member_id for pair in self._session.execute(query) for member_id in pair}
        return ids

    def _sharing(self, column: str, seeds: _Condition) -> set[int]:
        """The seeds whose value somebody else has, and whoever has it."""
        other = aliased(Member)
        shared = sa.and_(getattr(other, column) == getattr(Member, column), other.id != Member.id)
        query = (
            sa.select(Member.id, other.id)
            .join(other, shared)
            .where(seeds, *self._is_counted(), *self._is_counted(other))
        )
        return {member_id for pair in self._session.execute(query) for member_id in pair}

    def _holders_of_records(self, marks: Collection[str]) -> set[int]:
        holders: set[int] = set()
        wanted = sorted(marks)
        for start in range(0, len(wanted), BATCH):
            query = sa.select(Check.member_id).where(
                Check.campaign_id == self._campaign_id, Check.record_hash.in_(wanted[start : start + BATCH])
            )
            holders |= set(self._session.scalars(query))
        return holders


def _with_duplicates(judged: Mapping[int, _Judged]) -> Iterator[_Judged]:
    """Apply the rules about two rows that are one person, in the engine's order: by record, by number, by card."""
    decisions = {member_id: one.outcome.decision for member_id, one in judged.items()}
    stays: dict[int, int] = {}

    def apply(key: Callable[[int], str], mark: Callable[[Sequence[Decided]], list[tuple[int, Decision]]]) -> None:
        together: dict[str, list[int]] = defaultdict(list)
        for member_id in sorted(judged):
            if value := key(member_id):
                together[value].append(member_id)
        for ids in together.values():
            if len(ids) > 1:
                changes = dict(mark([_decided(judged[member_id].said, decisions[member_id]) for member_id in ids]))
                for member_id, decision in changes.items():
                    stays[member_id] = _who_stays(decision, {one: decisions[one] for one in ids if one not in changes})
                decisions.update(changes)

    apply(lambda member_id: decisions[member_id].pid, mark_same_record)
    apply(lambda member_id: judged[member_id].said.evidence.number.number, mark_same_person)
    apply(lambda member_id: judged[member_id].said.card, mark_same_person)
    for member_id, one in judged.items():
        if member_id in stays:
            comparison = with_duplicate(one.comparison, decisions[member_id], stays[member_id])
            yield _Judged(one.said, one.outcome, comparison)
        else:
            yield one


def _decided(said: _Said, decision: Decision) -> Decided:
    evidence = said.evidence
    number = evidence.number.number if evidence.number.is_as_written else ""
    words = evidence.name.plain[0] if evidence.name.plain else ()
    return Decided(said.member_id, decision, words, evidence.born, evidence.sex, number, said.card)


def _who_stays(decision: Decision, others: Mapping[int, Decision]) -> int:
    """The member who stays: the one tied to the same record, else the first who is no duplicate."""
    staying = [one for one, theirs in others.items() if theirs.status is not Status.DUPLICATE] or list(others)
    return next((one for one in staying if decision.pid and others[one].pid == decision.pid), staying[0])


def _found(said: _Said, comparison: Comparison, engine_version: str) -> Found:
    """The keyed hash of what the list says, of who was found and how far each agrees."""
    person = said.person
    told: list[object] = [
        person.full_name, person.birth_on, person.sex, lookup_hash(person.citizen_id), comparison.status,
        {str(field): str(level) for field, level in comparison.differences.items()}, comparison.pid,
    ]  # fmt: skip
    if comparison.status is not CheckStatus.MATCH:
        for one in comparison.candidates:
            record = one.record
            told.append(
                [record.pid, record.words, record.born, record.sex, record.old_number, record.place, one.levels]
            )
    evidence = lookup_hash(json.dumps(told, ensure_ascii=False)) or ""
    return Found(said.member_id, comparison, evidence, engine_version)
