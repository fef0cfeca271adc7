"""`cardqueue match` with its tables on PostgreSQL: the same bytes as in a private file, and nothing left behind."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from benchmarks.matching.files import make_world, write_world
from cardqueue.verification.cli import match
from cardqueue.verification.engine.databases import DatabaseFailed, TemporaryTables
from tests.databases import PostgresqlDatabases


@pytest.fixture
def url(postgresql_databases: PostgresqlDatabases) -> str:
    return postgresql_databases.new_url()


def decisions(folder: Path, name: str, *options: str) -> bytes:
    files = [f"--{part}={folder / part}.csv" for part in ("roster", "registry", "cells")]
    result = CliRunner().invoke(match, [*files, f"--out={folder / name}", *options])
    assert result.exit_code == 0, result.output
    return (folder / name).read_bytes()


def tables(url: str) -> set[tuple[str, str]]:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        query = "SELECT nspname, relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'r'"
        found = {(schema, name) for schema, name in connection.exec_driver_sql(query)}
    engine.dispose()
    return found


@pytest.mark.parametrize(("seed", "mistaken"), [(21, 0.9), (22, 0.14)])
def test_the_same_decisions_byte_for_byte_and_nothing_left(
    tmp_path: Path, url: str, seed: int, mistaken: float
) -> None:
    write_world(make_world(seed, members=300, residents=2_500, mistaken=mistaken), tmp_path)
    before = tables(url)
    assert decisions(tmp_path, "server.csv", f"--database={url}") == decisions(tmp_path, "file.csv")
    assert tables(url) == before


def test_a_failing_run_leaves_nothing_on_the_server(tmp_path: Path, url: str) -> None:
    write_world(make_world(23, members=20, residents=100), tmp_path)
    with (tmp_path / "registry.csv").open("a", encoding="utf-8") as target:
        target.write("009060012345,LAN,soon,Nữ,,\n")
    before = tables(url)
    files = [f"--{part}={tmp_path / part}.csv" for part in ("roster", "registry", "out")]
    result = CliRunner().invoke(match, [*files, f"--database={url}"])
    assert result.exit_code == 2 and "column ngay_sinh" in result.output
    assert tables(url) == before


def test_what_the_server_refuses_is_told_in_one_line(url: str) -> None:
    database = TemporaryTables(url)
    with pytest.raises(DatabaseFailed, match="nothing_here") as failed:
        database.run("SELECT 1 FROM nothing_here")
    assert "\n" not in str(failed.value)
    database.end()
