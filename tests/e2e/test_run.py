"""What `make run` starts, as a process: the demo commune is there, stays between two runs, and is for this machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from cardqueue.config import demo_environment
from cardqueue.core.access import Role
from tests.browsers import change_password, expect_tile, sign_in
from tests.servers import free_port, running

COMMAND = (sys.executable, "-m", "cardqueue")
ACCOUNT = re.compile(r"^  (\S+)\s+(\S+)\s{2,}(\w+)\s", re.MULTILINE)


@pytest.fixture(autouse=True)
def checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is run is the checkout, whether or not it is installed."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[2]))


def test_the_demo_prints_its_accounts_and_keeps_its_data(open_page: Callable[[], Page], tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "server.log"
    address = f"http://127.0.0.1:{port}"
    demo = (*COMMAND, "demo", "--port", str(port), "--data-dir", str(tmp_path / "demo"))

    with running(demo, cwd=tmp_path, url=f"{address}/healthz") as first:
        printed = log.read_text(encoding="utf-8")
        assert "Making the demo commune" in printed
        assert address in printed
        accounts = {role: (username, password) for username, password, role in ACCOUNT.findall(printed)}
        assert set(accounts) == set(Role)
        page = open_page()
        sign_in(page, address, *accounts[Role.COMMITTEE])
        expect_tile(page, "đảng viên trong diện", "365")
        page.goto(f"{address}/password")
        change_password(page, accounts[Role.COMMITTEE][1], "mat-khau-cua-toi")
    assert first.returncode == 0, log.read_text(encoding="utf-8")

    with running(demo, cwd=tmp_path, url=f"{address}/healthz") as second:
        assert "Making the demo commune" not in log.read_text(encoding="utf-8")
        page = open_page()
        sign_in(page, address, accounts[Role.COMMITTEE][0], "mat-khau-cua-toi")
        expect_tile(page, "đảng viên trong diện", "365")
    assert second.returncode == 0, log.read_text(encoding="utf-8")


def test_the_demo_keys_are_not_served_to_others(tmp_path: Path) -> None:
    environment = os.environ | demo_environment(tmp_path / "demo")
    serve = (*COMMAND, "serve", "--host", "0.0.0.0", "--port", str(free_port()))  # noqa: S104 — to be refused
    finished = subprocess.run(
        serve, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert finished.returncode == 1
    assert "the demo keys are known to everybody, so they are not served on 0.0.0.0" in finished.stderr
    assert "Traceback" not in finished.stderr
    assert not (tmp_path / "demo").exists()
