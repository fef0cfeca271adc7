"""Fixtures of the browser journeys: Debian's Chromium, a server for any application, axe, pictures.

The browser is CHROMIUM, else the first one on the PATH. With SCREENSHOTS_DIR set, `take_picture` saves what it sees.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from cardqueue.app import create_app
from cardqueue.core.database import db, writing
from cardqueue.demo.seed import seed_demo
from cardqueue.lib.clock import from_local, today_on
from tests.browsers import note_faults
from tests.databases import SqliteDatabases, settings_for

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_FLAGS = [
    "--no-sandbox",  # a container's root may not use the sandbox
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
]

# A loaded machine may take a while; a page that is right is not waited for.
expect.set_options(timeout=20_000)

DEMO_AT = from_local(today_on() + timedelta(days=30), time(9, 40))
DEMO_DATABASE = "demo.sqlite"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's Chromium instead of a downloaded one."""
    found = [os.environ.get("CHROMIUM", ""), *(shutil.which(name) or "" for name in BROWSERS)]
    path = next((path for path in found if path), None)
    assert path, "no Chromium: run scripts/system-packages"
    return {**browser_type_launch_args, "executable_path": path, "args": BROWSER_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """The browser of an officer in Vietnam."""
    return {**browser_context_args, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}


class QuietHandler(WSGIRequestHandler):
    """A failed test shows the page's faults, not every file that the page asked for."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], str]]:
    """Serves an application until the end of the test and returns its address."""
    with ExitStack() as servers:
        yield lambda app: servers.enter_context(_served(app))


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """What went wrong unseen on the pages of a test; anything fails it."""
    faults: list[str] = []
    yield faults
    assert not faults, faults


@pytest.fixture
def page(page: Page, faults: list[str]) -> Page:
    """A page whose script errors, refused inline code and missing files fail the test."""
    note_faults(page, faults)
    return page


@pytest.fixture
def open_page(new_context: Callable[[], BrowserContext], faults: list[str]) -> Callable[[], Page]:
    """Opens a page in a browser of its own, for tests in which several people work."""

    def opened() -> Page:
        page = new_context().new_page()
        note_faults(page, faults)
        return page

    return opened


@pytest.fixture
def demo_clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands in the middle of the demo's day and goes on from there.

    The day lies ahead: the browser keeps its own time, and drops cookies that have expired.
    """
    with time_machine.travel(DEMO_AT, tick=True) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def seeded_demo(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo commune as `make run` shows it: its office files and its database, to be copied."""
    folder, database_url = tmp_path_factory.mktemp("demo"), sqlite_databases.new_url()
    app = create_app(settings_for(database_url, folder))
    with app.app_context(), time_machine.travel(DEMO_AT, tick=True):
        with writing(db.session()) as session:
            seed_demo(session, folder, at=DEMO_AT)
        db.session.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.remove()
        db.engine.dispose()
    shutil.copyfile(database_url.removeprefix("sqlite:///"), folder / DEMO_DATABASE)
    return folder


@pytest.fixture
def demo_app(seeded_demo: Path, tmp_path: Path, demo_clock: time_machine.Traveller) -> Flask:
    """The application on a copy of the demo commune, at the demo's time."""
    copy = shutil.copyfile(seeded_demo / DEMO_DATABASE, tmp_path / DEMO_DATABASE)
    return create_app(settings_for(f"sqlite:///{copy}", tmp_path))


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Fails with axe's own report when it finds a violation on the page as it is now."""

    def check(page: Page) -> None:
        # Only what is wrong is wanted, which takes half the time of listing all that is right.
        results = Axe().run(page, options={"resultTypes": ["violations"]})
        assert results.violations_count == 0, results.generate_report()

    return check


@pytest.fixture
def assert_fits() -> Callable[[Page], None]:
    """Fails when the page as a whole can be scrolled sideways."""

    def check(page: Page) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px wider than the screen"

    return check


@pytest.fixture
def take_picture() -> Callable[[Page, str], None]:
    """Saves a picture of the whole page when `make screenshots` asks for pictures."""

    def save(page: Page, name: str) -> None:
        if folder := os.environ.get("SCREENSHOTS_DIR"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return save
