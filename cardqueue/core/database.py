"""The database: declarative base, column types, and how a transaction begins and ends.

SQLite and PostgreSQL behave alike here. On SQLite a writing transaction queues on a file lock, then begins IMMEDIATE:
the busy handler alone wakes writers unfairly, which triples the slowest check-ins. Nothing in this module commits on
behalf of a service; the edges do (`core.http`, jobs and commands through `writing`).
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar, cast

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine, make_url
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction

from cardqueue.core.keyring import current_keyring

if sys.platform != "win32":
    import fcntl

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_SECONDS = 30
_WRITES = "cardqueue_writes"


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An instant: aware UTC in Python, timestamptz on PostgreSQL, ISO text on SQLite."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EncryptedText(sa.types.TypeDecorator[str]):
    """Text encrypted at rest; it can be neither searched nor sorted (look it up by `keyring.lookup_hash`)."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Encrypt; an empty text is stored as nothing."""
        return current_keyring().encrypt(value) if value else None

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Decrypt."""
        return None if value is None else current_keyring().decrypt(bytes(value))


class Base(DeclarativeBase):
    """Every table of the product."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        dict[str, Any]: sa.JSON(),
        list[str]: sa.JSON(),
    }


db = SQLAlchemy(metadata=Base.metadata, session_options={"autoflush": False, "expire_on_commit": False})


def engine_options(url: str) -> dict[str, Any]:
    """Options of `create_engine` for a database URL."""
    if make_url(url).get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}}
    # The connection used last knows the plans of our statements; planning a scan takes longer than answering it.
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 20, "pool_use_lifo": True}


def init_database(app: Flask, url: str) -> None:
    """Attach the database to an application."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
    db.init_app(app)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    # SQLAlchemy says BEGIN itself (below), or the driver would begin late and never IMMEDIATE.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    # A check-in touches some thirty pages: by default every fortieth would wait while the log is copied into the file.
    cursor.execute("PRAGMA wal_autocheckpoint=4000")
    cursor.execute("PRAGMA foreign_keys=ON")
    # A purged record must be gone from the file, not only from the tables.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def begin_write(session: Session) -> None:
    """Begin the session's transaction as a writing one, in the fair queue of writers.

    Raises: RuntimeError when the session already is in a transaction: the queue must be joined before the first read,
    or what was read may be stale by the time it is written back.
    """
    if session.in_transaction():
        raise RuntimeError("begin_write() must come before the first statement of the session")
    engine = session.get_bind()
    if engine.dialect.name == "sqlite":
        database = engine.engine.url.database
        # Windows has no flock; there SQLite's busy handler alone queues the writers.
        if sys.platform != "win32" and database and database != ":memory:":
            _join_queue(session, f"{database}.writers")
        session.connection(execution_options={_WRITES: True})


def _join_queue(session: Session, path: str) -> None:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
    except BaseException:
        os.close(handle)
        raise
    session.info["writers_lock"] = handle


@event.listens_for(Session, "after_transaction_end")
def _leave_queue(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None and (handle := session.info.pop("writers_lock", None)) is not None:
        os.close(handle)


@contextlib.contextmanager
def writing(session: Session) -> Iterator[Session]:
    """The edge of a job or a command: one writing transaction, committed on success, rolled back on any error."""
    session.rollback()
    begin_write(session)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def table_of(entity: type[Base]) -> sa.Table:
    """The table of an entity, for statements that need no objects: they are several times as fast."""
    return cast(sa.Table, entity.__table__)


def is_postgresql(session: Session) -> bool:
    """Whether the session talks to PostgreSQL."""
    return session.get_bind().dialect.name == "postgresql"


def insert_row(session: Session, table: type[Base], **values: Any) -> Any:
    """Insert a row at once, without an object, and return its key."""
    return session.scalar(_insert_row(table), values)


@cache
def _insert_row(table: type[Base]) -> sa.Executable:
    rows = table_of(table)
    return sa.insert(rows).returning(*rows.primary_key)


def insert_or_skip(session: Session, table: type[Base], **values: Any) -> Any:
    """Insert a row and return its key; None when a unique constraint holds its place already.

    Unlike a failed insert this leaves the transaction usable, and unlike a look before the insert nobody slips in
    between: PostgreSQL waits for the other transaction to end before it decides.
    """
    return session.scalar(_insert_or_skip(table, is_postgresql(session)), values)


@cache
def _insert_or_skip(table: type[Base], on_postgresql: bool) -> sa.Executable:
    insert, rows = postgresql.insert if on_postgresql else sqlite.insert, table_of(table)
    return insert(rows).on_conflict_do_nothing().returning(*rows.primary_key)
