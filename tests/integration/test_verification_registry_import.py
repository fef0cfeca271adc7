"""``cardqueue registry import``: extracts of any size from the command line, killed, resumed, refused."""

from __future__ import annotations

import base64
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy.orm import Session

from cardqueue.__main__ import main
from cardqueue.core.models import AuditEntry
from cardqueue.verification.models import ExtractState, PopulationExtract, PopulationRecord
from cardqueue.verification.services.extracts import Chunk
from tests.databases import settings_for
from tests.factories.people import Town, make_town
from tests.factories.verification import HEADER, bring, compare_all, csv_of, lines_of

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 120
# What a command says of a file does not depend on the database.
ON_SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture
def town(session: Session) -> Town:
    """Town `a` with an extract of its twelve members in force."""
    town = make_town(session, "a")
    bring(session, town, csv_of(*lines_of(town)))
    session.commit()
    return town


@pytest.fixture
def environment(app: Flask, database_url: str, tmp_path: Path) -> dict[str, str]:
    """The settings of the test installation, as a command reads them."""
    settings = settings_for(database_url, tmp_path)
    return {
        "CARDQUEUE_SECRET_KEY": settings.secret_key,
        "CARDQUEUE_DATA_KEYS": base64.b64encode(settings.data_keys[0]).decode(),
        "CARDQUEUE_LOOKUP_KEY": base64.b64encode(settings.lookup_key).decode(),
        "CARDQUEUE_DATA_DIR": str(tmp_path),
        "DATABASE_URL": database_url,
    }


def a_file(path: Path, *lines: str, count: int = 0, header: str = HEADER) -> Path:
    people = (
        f"0050{60 + number % 30}{number:06d},LÊ VĂN SỐ,19{60 + number % 30}-03-04,Nam,Huế," for number in range(count)
    )
    path.write_text("\n".join((header, *lines, *people)) + "\n", encoding="utf-8")
    return path


def command(town: Town, file: Path, *options: str) -> list[str]:
    return [
        "registry",
        "import",
        str(file),
        "--station",
        town.station.name,
        "--campaign",
        str(town.campaign.id),
        *options,
    ]


def run(environment: Mapping[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env=environment)


def in_force(session: Session) -> tuple[str, int]:
    session.rollback()
    session.expire_all()
    extract = session.scalars(sa.select(PopulationExtract).where(PopulationExtract.is_in_force)).one()
    count = sa.select(sa.func.count(PopulationRecord.id)).where(PopulationRecord.extract_id == extract.id)
    assert session.scalar(count) == extract.record_count
    return extract.filename, extract.record_count


def on_its_way(session: Session) -> PopulationExtract | None:
    session.rollback()
    session.expire_all()
    return session.scalar(sa.select(PopulationExtract).where(PopulationExtract.state == ExtractState.LOADING))


def test_a_killed_import_leaves_the_extract_in_force_and_goes_on_with_the_same_file_alone(
    session: Session, town: Town, environment: dict[str, str], tmp_path: Path
) -> None:
    whole = a_file(tmp_path / "moi.csv", *lines_of(town), count=1_500)
    log = tmp_path / "import.log"
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "cardqueue", *command(town, whole, "--lines", "1")],
            env={**os.environ, **environment},
            cwd=ROOT,
            stderr=output,
        )
    patience = time.monotonic() + PATIENCE_SECONDS
    while (extract := on_its_way(session)) is None or extract.line_count < 20:
        assert process.poll() is None and time.monotonic() < patience, log.read_text(encoding="utf-8")
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE_SECONDS)

    assert in_force(session) == ("dan_cu.csv", 12)
    half = on_its_way(session)
    assert half is not None and 0 < half.record_count < 1_512
    assert compare_all(session, town).compared == 12
    session.commit()

    other = a_file(tmp_path / "khac.csv", count=5)
    refused = run(environment, *command(town, other, "--resume"))
    assert refused.exit_code == 1 and "is not the file whose import was cut short (moi.csv" in refused.output
    resumed = run(environment, *command(town, whole, "--resume"))
    assert resumed.exit_code == 0, resumed.output
    assert "1,512 people in force" in resumed.output
    assert in_force(session) == ("moi.csv", 1_512)
    assert session.scalar(sa.select(sa.func.count(PopulationRecord.id))) == 1_512
    assert "No import of this station was cut short" in run(environment, *command(town, whole, "--resume")).output


def test_an_import_begun_anew_clears_away_what_was_cut_short(
    session: Session, town: Town, environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(_self: object, _chunk: Chunk) -> None:
        raise KeyboardInterrupt

    file = a_file(tmp_path / "moi.csv", count=9)
    with monkeypatch.context() as patched, contextlib.suppress(KeyboardInterrupt):
        patched.setattr("cardqueue.verification.registry_cli.importing._Progress.note", die)
        assert run(environment, *command(town, file, "--lines", "4")).exit_code == 1
    assert on_its_way(session) is not None
    session.rollback()
    status = run(environment, "registry", "status").output
    assert "in force\t12 people" in status and "loading" in status
    assert run(environment, *command(town, file)).exit_code == 0
    assert in_force(session) == ("moi.csv", 9)
    assert on_its_way(session) is None
    session.rollback()
    purged = run(environment, "registry", "purge", "--station", "1", "--campaign", "1", "--yes")
    assert purged.output == "9 people deleted.\n"
    assert session.scalar(sa.select(sa.func.count(PopulationRecord.id))) == 0
    actors = session.scalars(
        sa.select(AuditEntry.actor).where(
            AuditEntry.action.in_(("verification.discard_extract", "verification.purge_extract"))
        )
    )
    assert set(actors) == {"command line"}


@ON_SQLITE
def test_columns_are_named_by_letter_number_or_title(
    session: Session, town: Town, environment: dict[str, str], tmp_path: Path
) -> None:
    file = a_file(tmp_path / "la.csv", count=3, header="ma,ten,sinh,phái,q,c")
    unsaid = run(environment, *command(town, file))
    assert unsaid.exit_code == 2 and "so_dinh_danh (none)" in unsaid.output
    named = "so_dinh_danh=A,ho_ten=ten,ngay_sinh=3,gioi_tinh=D,que_quan=e"
    assert run(environment, *command(town, file, "--columns", named)).exit_code == 0
    assert in_force(session) == ("la.csv", 3)
    twice = run(environment, *command(town, file, "--columns", named.replace("=3", "=1")))
    assert "one column is named twice" in twice.output
    assert (
        "ngay_sinh is missing"
        in run(environment, *command(town, file, "--columns", "so_dinh_danh=A,ho_ten=B,gioi_tinh=C")).output
    )
    doubled = a_file(tmp_path / "doi.csv", count=3, header="so_dinh_danh,ho_ten,ngay_sinh,gioi_tinh,cccd,x")
    assert "so_dinh_danh (columns A, E)" in run(environment, *command(town, doubled)).output


@ON_SQLITE
def test_a_bad_file_ends_with_code_2_and_a_line_per_fault_that_names_nobody(
    session: Session, town: Town, environment: dict[str, str], tmp_path: Path
) -> None:
    bad = [f"0050601{number:04d},TRẦN THỊ BƯỞI,1960-13-04,Nữ,," for number in range(12)]
    answer = run(environment, *command(town, a_file(tmp_path / "hong.csv", *bad, count=2)))
    assert answer.exit_code == 2
    assert "hong.csv: line 2, column A (so_dinh_danh): expected 12 digits; found '00*******00'" in answer.output
    assert "hong.csv: line 2, column C (ngay_sinh): expected a date" in answer.output
    assert "hong.csv: and 4 more" in answer.output
    assert "BƯỞI" not in answer.output and "00506010" not in answer.output
    html = tmp_path / "trang.xls"
    html.write_text("<html></html>")
    assert "trang.xls: web page" in run(environment, *command(town, html)).output
    assert (
        "there is no station"
        in run(environment, "registry", "import", str(html), "--station", "x", "--campaign", "1").output
    )
    assert in_force(session) == ("dan_cu.csv", 12)
    assert on_its_way(session) is None


@ON_SQLITE
def test_a_line_without_an_end_is_refused_as_soon_as_it_is_too_long(
    session: Session, town: Town, environment: dict[str, str], tmp_path: Path
) -> None:
    file = a_file(tmp_path / "dai.csv", count=5)
    with file.open("ab") as target:
        target.write(b"x" * 100_001)
        # Two thousand million bytes on one line, most of them nowhere on the disk.
        target.truncate(2_000_000_000)
    answer = run(environment, *command(town, file))
    assert answer.exit_code == 2
    assert "dai.csv: line 7: expected a line end within 100,000 characters, found none" in answer.output
    assert in_force(session) == ("dan_cu.csv", 12)
