"""Fixtures for every test: an application on SQLite and on PostgreSQL, sessions and signed-in clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.app import create_app
from cardqueue.core.database import db
from tests.clients import HonestClient
from tests.databases import KINDS, PostgresqlDatabases, SqliteDatabases, postgresql_server, settings_for


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    """Where SQLite databases come from."""
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresqlDatabases]:
    """Where PostgreSQL databases come from."""
    for server_url in postgresql_server():
        databases = PostgresqlDatabases(server_url, tmp_path_factory.mktemp("postgresql"))
        yield databases
        databases.drop_all()


@pytest.fixture(params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Both databases, one after the other; a test that needs only one overrides this."""
    return str(request.param)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database_kind: str) -> Iterator[str]:
    """A fresh migrated database."""
    if database_kind == "sqlite":
        databases: SqliteDatabases = request.getfixturevalue("sqlite_databases")
        yield databases.new_url()
        return
    servers: PostgresqlDatabases = request.getfixturevalue("postgresql_databases")
    url = servers.new_url()
    yield url
    servers.drop(url)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on a fresh database."""
    app = create_app(settings_for(database_url, tmp_path))
    app.test_client_class = HonestClient
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session of the test itself, apart from those of requests. Commit what a request should see."""
    with app.app_context():
        made = Session(db.engine, autoflush=False, expire_on_commit=False)
        yield made
        made.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[str], FlaskClient]:
    """Makes a browser signed in as a username (the factories' common password)."""
    from tests.factories.people import PASSWORD

    def signed_in(username: str) -> FlaskClient:
        client = app.test_client()
        answer = client.post("/sign-in", data={"username": username, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return client

    return signed_in
