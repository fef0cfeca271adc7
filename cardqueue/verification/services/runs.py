"""Runs: comparing all members of some committees, or those who changed, piece by piece.

A run is a row for each committee. Each piece, some cells of it, is a transaction of its own, so that nobody at the
counter waits for a whole run, and whoever comes next goes on where a killed process stopped. The last piece looks at
those who may stand on the list twice, in whatever commune. The page that shows a run drives it; a timed job goes on
with what a closed page left behind, and starts anew where a list or an extract changed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from cardqueue.cases.models import Case, CaseState
from cardqueue.core.audit import actor_of, record
from cardqueue.core.errors import Refused
from cardqueue.core.keyring import lookup_hash
from cardqueue.organisation.models import Campaign
from cardqueue.roster.models import Member
from cardqueue.verification.engine.matching import ENGINE_VERSION
from cardqueue.verification.models import Check, MatchingRun
from cardqueue.verification.queries import list_campaigns_to_match, list_extracts_in_force
from cardqueue.verification.queries.parameters import newest_parameters
from cardqueue.verification.services.comparing import BATCH, Comparing
from cardqueue.verification.services.extracts import require_open
from cardqueue.verification.services.matching import Matched, write_found

log = structlog.get_logger()

_Condition: TypeAlias = sa.ColumnElement[bool]

# Members in one piece: a second's work, as long as a check-in may wait for it.
_PIECE = 500
# A change may be committed a little later than the time it carries.
_LATE_COMMIT = timedelta(minutes=5)
_LOOK_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the newest runs of some committees have come; `started_at` is None where there never was one."""

    is_running: bool
    compared: int
    total: int
    changed: int
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def percent(self) -> int:
        """How much is done, as whole per cent."""
        return min(100, 100 * self.compared // self.total) if self.total else 100 * (not self.is_running)


def match_records(session: Session, campaign: Campaign, *, committee_ids: Collection[int], at: datetime) -> Matched:
    """Compare the counted members of some committees with the extracts in force, all in this transaction.

    A committee without an extract is left as it stands.

    Raises: Refused("VERIFICATION_CLOSED").
    """
    start_runs(session, campaign, committee_ids=committee_ids, at=at, everybody=True)
    done = Matched()
    comparing = Comparing(session, campaign.id)
    for run in _unfinished(session, campaign.id, committee_ids):
        while run.finished_at is None:
            _advance(session, run, comparing, at, done, _PIECE)
    return done


def start_runs(
    session: Session, campaign: Campaign, *, committee_ids: Collection[int], at: datetime, everybody: bool = False
) -> int:
    """Begin to compare the members of some committees, or those who changed since the last time.

    A run that is going on with the same records goes on. Returns how many committees have something to compare with.

    Raises: Refused("VERIFICATION_CLOSED").
    """
    require_open(campaign)
    known = {run.committee_id: run for run in _lock_runs(session, campaign.id, committee_ids)}
    started = 0
    for committee_id in sorted(committee_ids):
        basis = _basis(session, campaign.id, committee_id)
        if basis is None:
            continue
        started += 1
        run = known.get(committee_id)
        if run is None:
            run = MatchingRun(campaign_id=campaign.id, committee_id=committee_id, basis="")
            session.add(run)
        elif run.finished_at is None and run.basis == basis:
            continue
        _begin(session, run, basis, at, everybody=everybody)
    session.flush()
    return started


def advance_runs(session: Session, campaign_id: int, *, committee_ids: Collection[int], at: datetime) -> bool:
    """Do one piece of what is going on; False when nothing was."""
    going = _unfinished(session, campaign_id, committee_ids)
    comparing = Comparing(session, campaign_id)
    done = Matched()
    for run in going:
        while run.finished_at is None and done.compared < _PIECE:
            _advance(session, run, comparing, at, done, _PIECE - done.compared)
    return bool(going)


def progress_of_runs(session: Session, campaign_id: int, *, committee_ids: Collection[int]) -> Progress:
    """How far comparing some committees has come."""
    runs = session.scalars(
        sa.select(MatchingRun).where(
            MatchingRun.campaign_id == campaign_id, MatchingRun.committee_id.in_(committee_ids)
        )
    ).all()
    going = [run for run in runs if run.finished_at is None]
    if not runs:
        return Progress(False, 0, 0, 0, None, None)
    started_at = min(run.started_at for run in going) if going else max(run.started_at for run in runs)
    together = [run for run in runs if run.started_at >= started_at]
    return Progress(
        bool(going),
        sum(run.compared_count for run in together),
        sum(run.member_count for run in together),
        sum(run.changed_count for run in together),
        started_at,
        None if going else max(run.finished_at for run in runs if run.finished_at is not None),
    )


def match_changed(session: Session, at: datetime) -> int:
    """Do a piece of what is going on anywhere, else begin where a list or an extract changed; 0 for nothing to do."""
    for campaign in list_campaigns_to_match(session):
        committee_ids = {committee.id for committee in campaign.committees}
        try:
            if advance_runs(session, campaign.id, committee_ids=committee_ids, at=at):
                return 1
        except Refused as refused:
            # A registry that cannot be used, such as hashes without their key, holds up no other campaign.
            log.warning("registry unusable", reason=refused.reason_code, campaign=campaign.id)
            continue
        due = _due_committees(session, campaign.id, committee_ids, at)
        if due and start_runs(session, campaign, committee_ids=due, at=at):
            return 1
    return 0


def _begin(session: Session, run: MatchingRun, basis: str, at: datetime, *, everybody: bool) -> None:
    is_whole = everybody or run.basis != basis
    run.changed_since_at = None if is_whole else run.started_at
    run.basis, run.started_by, run.started_at, run.finished_at = basis, actor_of(session), at, None
    run.done_cell_id = run.compared_count = run.changed_count = run.opened_count = run.resolved_count = 0
    run.member_count = session.scalar(sa.select(sa.func.count(Member.id)).where(*_members_of(run))) or 0


def _advance(session: Session, run: MatchingRun, comparing: Comparing, at: datetime, done: Matched, most: int) -> None:
    """Do one piece of a run: some cells, and after the last of them whoever stands on the list twice."""
    basis = _basis(session, run.campaign_id, run.committee_id)
    if basis is None:
        # The records were purged meanwhile; a run with other records begins anew.
        run.basis, run.finished_at = "", at
        return
    if basis != run.basis:
        _begin(session, run, basis, at, everybody=True)
    piece = Matched()
    cell_ids = _next_cells(session, run, most)
    if cell_ids:
        found = list(comparing.compare(sa.and_(Member.cell_id.in_(cell_ids), *_members_of(run))))
        piece.compared = len(found)
        for start in range(0, len(found), BATCH):
            some = found[start : start + BATCH]
            write_found(session, run.campaign_id, some, at, piece, is_together=False)
        run.done_cell_id = cell_ids[-1]
    else:
        together = comparing.compare_together(Member.committee_id == run.committee_id)
        write_found(session, run.campaign_id, together, at, piece, is_together=True)
    _count(run, piece)
    _count_all(done, piece)
    if not cell_ids:
        _finish(session, run, at)
    session.flush()


def _finish(session: Session, run: MatchingRun, at: datetime) -> None:
    run.finished_at = at
    for extract in list_extracts_in_force(session, run.campaign_id, committee_ids={run.committee_id}):
        extract.matched_at = at
    if run.changed_count:
        record(
            session,
            "verification.match",
            f"campaign:{run.campaign_id}",
            after={"changed": run.changed_count, "opened": run.opened_count, "settled": run.resolved_count},
            committee_id=run.committee_id,
        )


def _count(run: MatchingRun, piece: Matched) -> None:
    run.compared_count += piece.compared
    run.changed_count += piece.changed
    run.opened_count += piece.opened
    run.resolved_count += piece.resolved


def _count_all(done: Matched, piece: Matched) -> None:
    done.compared += piece.compared
    done.changed += piece.changed
    done.opened += piece.opened
    done.resolved += piece.resolved
    done.by_status += piece.by_status


def _next_cells(session: Session, run: MatchingRun, most: int) -> list[int]:
    """The cells of the next piece, in the order of their ids: one, or several with no more members than `most`."""
    rows = session.execute(
        sa.select(Member.cell_id, sa.func.count(Member.id))
        .where(*_members_of(run), Member.cell_id > run.done_cell_id)
        .group_by(Member.cell_id)
        .order_by(Member.cell_id)
    )
    cell_ids: list[int] = []
    members = 0
    for cell_id, count in rows:
        if cell_ids and members + count > most:
            break
        cell_ids.append(cell_id)
        members += count
    return cell_ids


def _members_of(run: MatchingRun) -> list[_Condition]:
    """The members that a run looks at."""
    case = sa.exists().where(Case.member_id == Member.id, Case.campaign_id == run.campaign_id)
    conditions = [Member.committee_id == run.committee_id, Member.removed_at.is_(None), case.where(Case.is_counted)]
    if run.changed_since_at is not None:
        check = sa.exists().where(Check.member_id == Member.id, Check.campaign_id == run.campaign_id)
        # A case that somebody else had settled since may need to be opened from here.
        is_unopened = check.where(Check.blocks, Check.decision.is_(None), sa.not_(Check.opened_case))
        conditions.append(
            sa.or_(
                Member.updated_at > run.changed_since_at - _LATE_COMMIT,
                sa.not_(check),
                sa.and_(is_unopened, case.where(Case.state == CaseState.NOT_YET)),
            )
        )
    return conditions


def _basis(session: Session, campaign_id: int, committee_id: int) -> str | None:
    """What a committee's members are compared with; None without an extract in force."""
    extracts = list_extracts_in_force(session, campaign_id, committee_ids={committee_id})
    if not extracts:
        return None
    parameters = newest_parameters(session)
    parts = [ENGINE_VERSION, parameters.id if parameters else 0, *(extract.id for extract in extracts)]
    return lookup_hash(" ".join(map(str, parts)))


def _due_committees(session: Session, campaign_id: int, committee_ids: Collection[int], at: datetime) -> set[int]:
    """The committees whose members, or records, changed since they were last compared."""
    runs = {run.committee_id: run for run in _lock_runs(session, campaign_id, committee_ids)}
    is_unchecked = sa.and_(Check.id.is_(None), Case.is_counted, Member.removed_at.is_(None))
    rows = session.execute(
        sa.select(
            Member.committee_id,
            sa.func.max(Member.updated_at),
            sa.func.max(sa.case((is_unchecked, 1), else_=0)),
        )
        .join(Case, sa.and_(Case.member_id == Member.id, Case.campaign_id == campaign_id))
        .outerjoin(Check, sa.and_(Check.member_id == Member.id, Check.campaign_id == campaign_id))
        .where(Member.committee_id.in_(committee_ids))
        .group_by(Member.committee_id)
    )
    due: set[int] = set()
    for committee_id, changed_at, has_unchecked in rows:
        run, basis = runs.get(committee_id), _basis(session, campaign_id, committee_id)
        if basis is None:
            continue
        if run is None or run.basis != basis or has_unchecked or _changed_since(run, changed_at, at):
            due.add(committee_id)
    return due


def _changed_since(run: MatchingRun, changed_at: datetime, at: datetime) -> bool:
    if changed_at > run.started_at:
        return True
    # What was committed late may have been missed; it is looked for again, though not at once.
    is_recent = changed_at > run.started_at - _LATE_COMMIT
    return is_recent and run.finished_at is not None and at - run.finished_at >= _LOOK_AGAIN


def _unfinished(session: Session, campaign_id: int, committee_ids: Collection[int]) -> list[MatchingRun]:
    return [run for run in _lock_runs(session, campaign_id, committee_ids) if run.finished_at is None]


def _lock_runs(session: Session, campaign_id: int, committee_ids: Collection[int]) -> list[MatchingRun]:
    session.flush()
    return list(
        session.scalars(
            sa.select(MatchingRun)
            .where(MatchingRun.campaign_id == campaign_id, MatchingRun.committee_id.in_(committee_ids))
            .order_by(MatchingRun.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
