"""Timed work: one leader among all processes runs the APScheduler jobs.

APScheduler in every web worker would run each job once per worker. So a thread in each process tries to become the
leader: a PostgreSQL advisory lock held by a session of its own, or a file lock beside the SQLite file. Whoever dies
lets go of the lock, and another takes over within seconds. `cardqueue worker` is the same thread in a process alone.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import datetime

import sqlalchemy as sa
import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from filelock import FileLock, Timeout
from flask import Flask
from sqlalchemy.orm import Session

from cardqueue.core.audit import act_as
from cardqueue.core.database import db, is_postgresql, writing
from cardqueue.core.models import FinishedJob
from cardqueue.lib.clock import now_at

log = structlog.get_logger()

# An arbitrary number that names the leadership among PostgreSQL's advisory locks.
_LEADER_LOCK = 7_203_002
_RETRY_SECONDS = 2.0

Work = Callable[[Session, datetime], int]
_JOBS: dict[str, tuple[int, Work]] = {}
_IN_PIECES: set[str] = set()


def every(minutes: int, *, in_pieces: bool = False) -> Callable[[Work], Work]:
    """Register a function as timed work; it gets a session and the time, and returns how many things it did.

    It must be safe to run twice and after a pause of any length: the schedule only wakes it up. Long work goes
    `in_pieces`: it is called again, each time in a transaction of its own, until it returns 0.
    """

    def register(work: Work) -> Work:
        name = f"{work.__module__.split('.')[-2]}.{work.__name__}"
        _JOBS[name] = (minutes, work)
        if in_pieces:
            _IN_PIECES.add(name)
        return work

    return register


def registered_jobs() -> dict[str, Work]:
    """Every job by name."""
    return {name: work for name, (_, work) in _JOBS.items()}


def run_job(app: Flask, name: str, at: datetime | None = None) -> int:
    """Run one job now, each of its pieces in a transaction of its own."""
    _, work = _JOBS[name]
    done = 0
    with app.app_context():
        while True:
            with writing(db.session()) as session:
                act_as(session, f"job:{name}")
                piece = work(session, at or now_at())
            done += piece
            if not piece or name not in _IN_PIECES:
                return done


def finish_once(session: Session, job: str, key: str, at: datetime) -> bool:
    """Claim a piece of work by key: True the first time, False ever after.

    The claim commits or rolls back together with the work itself.
    """
    if session.get(FinishedJob, (job, key)) is not None:
        return False
    session.add(FinishedJob(job=job, key=key, at=at))
    session.flush()
    return True


class Leader(threading.Thread):
    """Tries to become the leader; runs the jobs while it is."""

    def __init__(self, app: Flask, lock_path: str) -> None:
        super().__init__(name="cardqueue-leader", daemon=True)
        self._app = app
        self._lock_path = lock_path
        self._stopped = threading.Event()
        self.is_leading = threading.Event()

    def run(self) -> None:
        """Try, lead, and try again when leadership was lost."""
        while not self._stopped.is_set():
            try:
                with self._leadership() as still_leading:
                    self._lead(still_leading)
            except _SomebodyElseLeads:
                pass
            except Exception:
                log.exception("leader")
            self._stopped.wait(_RETRY_SECONDS)

    def stop(self) -> None:
        """Stop leading and end the thread."""
        self._stopped.set()

    def _lead(self, still_leading: Callable[[], bool]) -> None:
        scheduler = BackgroundScheduler(
            timezone="Asia/Ho_Chi_Minh",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 300},
        )
        for name, (minutes, _) in _JOBS.items():
            scheduler.add_job(self._run, IntervalTrigger(minutes=minutes), args=[name], id=name, next_run_time=now_at())
        scheduler.start()
        self.is_leading.set()
        try:
            while still_leading() and not self._stopped.wait(_RETRY_SECONDS):
                pass
        finally:
            self.is_leading.clear()
            scheduler.shutdown(wait=True)

    def _run(self, name: str) -> None:
        try:
            if done := run_job(self._app, name):
                log.info("job", job=name, done=done)
        except Exception:
            log.exception("job", job=name)

    @contextlib.contextmanager
    def _leadership(self) -> Iterator[Callable[[], bool]]:
        with self._app.app_context():
            engine = db.engine
            on_postgresql = is_postgresql(db.session())
            db.session.remove()
        if not on_postgresql:
            lock = FileLock(self._lock_path)
            try:
                lock.acquire(timeout=0)
            except Timeout as error:
                raise _SomebodyElseLeads from error
            try:
                yield lambda: True
            finally:
                lock.release()
            return
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_LEADER_LOCK))):
                raise _SomebodyElseLeads
            try:
                # The lock lives and dies with this connection: one that no longer answers leads no more.
                yield lambda: connection.scalar(sa.select(1)) == 1
            finally:
                connection.invalidate()


class _SomebodyElseLeads(Exception):
    """Another process holds the lock."""
