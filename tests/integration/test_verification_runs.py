"""Runs of the comparison: when they begin, whom they look at, and how they go on after a kill."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.lib.clock import now_at
from cardqueue.roster.models import Sex
from cardqueue.verification.models import (
    Check,
    CheckStatus,
)
from cardqueue.verification.services import (
    advance_runs,
    progress_of_runs,
    purge_extract,
    runs,
    start_runs,
)
from tests.factories.people import Town, make_case, make_member, make_town
from tests.factories.verification import (
    bring,
    compare_all,
    csv_of,
    lines_of,
    nth_check,
    run_match_job,
)


@pytest.fixture
def town(session: Session) -> Town:
    return make_town(session, "a")


def test_the_job_compares_when_a_list_or_an_extract_changed_and_only_then(session: Session, town: Town) -> None:
    at = now_at() + timedelta(minutes=10)
    assert run_match_job(session, at) == 0
    bring(session, town, csv_of(*lines_of(town)))
    assert run_match_job(session, at) > 0
    assert session.scalar(sa.select(sa.func.count(Check.id))) == 12
    at += timedelta(minutes=10)
    statements: list[str] = []
    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", lambda _c, _u, text, *_rest: statements.append(text))
    assert run_match_job(session, at) == 0
    assert len(statements) <= 8
    town.members[0].full_name, town.members[0].updated_at = "Lê Thị Khác", at
    session.flush()
    assert run_match_job(session, at) > 0
    assert nth_check(session, town, 0).status == CheckStatus.AMBIGUOUS
    newcomer = make_member(session, town.cells[0], 900, updated_at=at - timedelta(days=1))
    make_case(session, town.campaign, newcomer)
    assert run_match_job(session, at + timedelta(hours=1)) > 0
    assert session.scalars(sa.select(Check.status).where(Check.member_id == newcomer.id)).one()


def test_a_run_for_what_changed_looks_at_nobody_else(session: Session, town: Town) -> None:
    bring(session, town, csv_of(*lines_of(town)))
    at = now_at() + timedelta(minutes=10)
    compare_all(session, town, at)
    before = {row.member_id: row.checked_at for row in session.execute(sa.select(Check.member_id, Check.checked_at))}
    later = at + timedelta(minutes=10)
    member = town.members[7]
    member.sex, member.updated_at = Sex.FEMALE if member.sex == Sex.MALE else Sex.MALE, later
    session.flush()
    run_match_job(session, later)
    progress = progress_of_runs(session, town.campaign.id, committee_ids={town.committee.id})
    assert (progress.is_running, progress.compared, progress.total, progress.changed) == (False, 1, 1, 1)
    after = {row.member_id: row.checked_at for row in session.execute(sa.select(Check.member_id, Check.checked_at))}
    assert {member_id for member_id in before if after[member_id] != before[member_id]} == {member.id}


def test_a_run_that_was_killed_goes_on_where_it_stopped(
    session: Session, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_PIECE", 1)
    ids = {town.committee.id}
    bring(session, town, csv_of(*lines_of(town)))
    start_runs(session, town.campaign, committee_ids=ids, at=now_at())
    session.commit()
    assert advance_runs(session, town.campaign.id, committee_ids=ids, at=now_at())
    session.commit()
    assert advance_runs(session, town.campaign.id, committee_ids=ids, at=now_at())
    # The process dies before this piece is committed.
    session.rollback()
    progress = progress_of_runs(session, town.campaign.id, committee_ids=ids)
    assert (progress.is_running, progress.compared, progress.total, progress.percent) == (True, 4, 12, 33)
    assert session.scalar(sa.select(sa.func.count(Check.id))) == 4
    run_match_job(session, now_at())
    progress = progress_of_runs(session, town.campaign.id, committee_ids=ids)
    assert (progress.is_running, progress.compared, progress.percent) == (False, 12, 100)
    assert session.scalar(sa.select(sa.func.count(Check.id))) == 12


def test_a_newer_extract_or_none_ends_a_run_that_is_going_on(session: Session, town: Town) -> None:
    ids = {town.committee.id}
    bring(session, town, csv_of(*lines_of(town)))
    start_runs(session, town.campaign, committee_ids=ids, at=now_at())
    second = bring(session, town, csv_of(*lines_of(town, m0=None)))
    run_match_job(session, now_at())
    assert nth_check(session, town, 0).status == CheckStatus.NOT_FOUND
    start_runs(session, town.campaign, committee_ids=ids, at=now_at(), everybody=True)
    purge_extract(session, second, now_at())
    run_match_job(session, now_at())
    advance_runs(session, town.campaign.id, committee_ids=ids, at=now_at())
    assert not progress_of_runs(session, town.campaign.id, committee_ids=ids).is_running
    assert nth_check(session, town, 0).status == CheckStatus.NOT_FOUND
