"""Timed work runs in one process only, and goes on in another when that one ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from cardqueue.core import jobs
from cardqueue.core.jobs import Leader, finish_once
from cardqueue.core.models import AnsweredRequest
from cardqueue.core.nonces import forget_old_answers
from cardqueue.lib.clock import now_at

PATIENCE_SECONDS = 30


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaders that try again soon, and no jobs of the features."""
    monkeypatch.setattr(jobs, "_RETRY_SECONDS", 0.1)
    monkeypatch.setattr(jobs, "_JOBS", {})


@pytest.fixture
def leaders(app: Flask, tmp_path: Path) -> Iterator[tuple[Leader, Leader]]:
    """Two processes' worth of leaders on one database."""
    pair = (Leader(app, str(tmp_path / "leader.lock")), Leader(app, str(tmp_path / "leader.lock")))
    yield pair
    for leader in pair:
        leader.stop()
    for leader in pair:
        if leader.is_alive():
            leader.join(PATIENCE_SECONDS)


def test_one_of_two_leads_and_the_other_takes_over(leaders: tuple[Leader, Leader]) -> None:
    first, second = leaders
    first.start()
    assert first.is_leading.wait(PATIENCE_SECONDS)
    second.start()
    assert not second.is_leading.wait(0.5)
    first.stop()
    assert second.is_leading.wait(PATIENCE_SECONDS)
    assert not first.is_leading.is_set()


def test_a_job_runs_in_the_leader_in_a_transaction_of_its_own(
    leaders: tuple[Leader, Leader], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = threading.Event()

    def work(session: Session, at: datetime) -> int:
        if finish_once(session, "tests.work", "today", at):
            ran.set()
        return 1

    monkeypatch.setattr(jobs, "_JOBS", {"tests.work": (1, work)})
    leaders[0].start()
    assert ran.wait(PATIENCE_SECONDS)


def test_a_piece_of_work_is_claimed_once(session: Session) -> None:
    assert finish_once(session, "tests.work", "2030-08-09", now_at())
    session.commit()
    assert not finish_once(session, "tests.work", "2030-08-09", now_at())


def test_old_answers_to_devices_are_forgotten(session: Session) -> None:
    at = now_at()
    for nonce, age in (("old", timedelta(days=8)), ("young", timedelta(days=1))):
        session.add(AnsweredRequest(nonce=nonce, user_id=1, request_hash="0" * 64, status=200, body="{}", at=at - age))
    session.flush()
    assert forget_old_answers(session, at) == 1
    assert session.scalars(sa.select(AnsweredRequest.nonce)).all() == ["young"]
