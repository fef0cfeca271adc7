"""Check-ins and searches of the product and of the bare endpoints, in turns, on SQLite and on PostgreSQL."""

from __future__ import annotations

import contextlib
import json
import re
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from benchmarks.counter import bare
from benchmarks.counter.data import OFFICER, common_words, fill_bare, fill_product, people_and_codes
from benchmarks.counter.load import Order, Outcome, Request, send
from benchmarks.counter.servers import bare_command, product_command, served
from benchmarks.report import Row
from cardqueue.app import create_app
from cardqueue.config import DATABASE_URL, fresh_environment, read_settings
from cardqueue.core.database import db
from tests.databases import Databases, PostgresqlDatabases, SqliteDatabases, postgresql_server
from tests.factories.people import PASSWORD

TURNS = 5
# PostgreSQL plans a statement anew until a connection has seen it some ten times, and there are up to sixteen.
WARM_UP = 240
CONCURRENCIES = (1, 8)
# Requests of one turn, and the seconds after which it ends with fewer.
CHECK_INS = {1: 120, 8: 300}
SEARCHES = {1: 40, 8: 120}
SECONDS = 8.0
GOAL_PER_SECOND = 0.5
GOAL_P95 = 2.0


@dataclass(frozen=True, slots=True)
class Target:
    """A server with a signed-in officer, and where its requests come from: each check-in is another member's."""

    port: int
    headers: dict[str, str]
    check_ins: Iterator[Request]
    searches: Iterator[Request]

    def ask(self, requests: Iterator[Request], count: int, concurrency: int, status: int) -> Outcome:
        """Send so many requests."""
        return send(Order(self.port, self.headers, list(islice(requests, count)), concurrency, SECONDS, status))


def measure() -> Iterator[Row]:
    """Both databases, each with the product and the bare endpoints served side by side."""
    with tempfile.TemporaryDirectory(prefix="cardqueue-bench-") as name:
        folder = Path(name)
        yield from _measure_on("SQLite", SqliteDatabases(folder), folder)
        with contextlib.contextmanager(postgresql_server)() as server_url:
            databases = PostgresqlDatabases(server_url, folder)
            try:
                yield from _measure_on("PostgreSQL", databases, folder)
            finally:
                databases.drop_all()


def _measure_on(kind: str, databases: Databases, folder: Path) -> Iterator[Row]:
    with _targets(databases, folder) as (ours, least):
        for target in (ours, least):
            target.ask(target.check_ins, WARM_UP, 8, 201)
            target.ask(target.searches, WARM_UP, 8, 200)
        for concurrency in CONCURRENCIES:
            count = CHECK_INS[concurrency]
            turns = [
                [target.ask(target.check_ins, count, concurrency, 201) for target in (ours, least)]
                for _ in range(TURNS)
            ]
            yield from _rows(f"check-in, {kind}, {concurrency} at once", turns)
        for concurrency in CONCURRENCIES:
            count = SEARCHES[concurrency]
            turns = [
                [target.ask(target.searches, count, concurrency, 200) for target in (ours, least)] for _ in range(TURNS)
            ]
            yield from _rows(f"search by name, {kind}, {concurrency} at once", turns)


def _rows(what: str, turns: list[list[Outcome]]) -> Iterator[Row]:
    """Requests a second and the slowest of twenty, each the median of the turns, ratios taken turn by turn."""
    per_second = median(ours.per_second / least.per_second for ours, least in turns)
    p95 = median(ours.percentile(0.95) / least.percentile(0.95) for ours, least in turns)
    ours, least = ([turn[side] for turn in turns] for side in (0, 1))
    yield Row(
        what,
        f"{median(one.per_second for one in ours):,.0f}/s",
        f"{median(one.per_second for one in least):,.0f}/s bare",
        per_second,
        f"≥ {GOAL_PER_SECOND}",
        per_second >= GOAL_PER_SECOND,
    )
    yield Row(
        "  p50 / p95",
        _latencies(ours),
        f"{_latencies(least)} bare",
        p95,
        f"p95 ≤ {GOAL_P95:.0f}",
        p95 <= GOAL_P95,
    )


def _latencies(outcomes: list[Outcome]) -> str:
    p50, p95 = (median(one.percentile(share) for one in outcomes) for share in (0.5, 0.95))
    return f"{p50:.1f} / {p95:.1f} ms"


@contextlib.contextmanager
def _targets(databases: Databases, folder: Path) -> Iterator[tuple[Target, Target]]:
    people = people_and_codes()
    codes = [code for _, code in people]
    words = common_words(people, at_least=bare.LIMIT)
    ours, least = databases.new_url(), databases.new_url()
    environment = {**fresh_environment(folder), DATABASE_URL: ours}
    app = create_app(read_settings(environment))
    fill_product(app, people)
    headers = _signed_in(app)
    with app.app_context():
        db.engine.dispose()
    cookie = _bare_cookie(fill_bare(least, people))
    with (
        served(product_command, environment) as our_port,
        served(bare_command, {bare.DATABASE: least}) as bare_port,
    ):
        yield (
            Target(our_port, headers, _check_ins("/api/v1/check-ins", codes), _searches("/api/v1/members", words)),
            Target(bare_port, cookie, _check_ins("/check-ins", codes), _searches("/members", words)),
        )


def _check_ins(path: str, codes: list[str]) -> Iterator[Request]:
    for code in codes:
        yield Request("POST", path, json.dumps({"code": code, "nonce": str(uuid.uuid4())}))


def _searches(path: str, words: list[str]) -> Iterator[Request]:
    for word in cycle(words):
        yield Request("GET", f"{path}?name={word}")


def _signed_in(app: Flask) -> dict[str, str]:
    """The headers of an officer who has signed in as a person does."""
    client = app.test_client()
    page = client.get("/sign-in").text
    client.post("/sign-in", data={"username": OFFICER, "password": PASSWORD, "csrf_token": _token(page)})
    token = _token(client.get("/counter/line").text)
    cookie = client.get_cookie("session")
    if cookie is None:
        raise RuntimeError(f"{OFFICER} could not sign in")
    return {"Cookie": f"session={cookie.value}", "X-CSRFToken": token}


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if found is None:
        raise RuntimeError("the page has no form")
    return found[1]


def _bare_cookie(officer_id: int) -> dict[str, str]:
    app = Flask(__name__)
    app.secret_key = bare.SECRET_KEY
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    if serializer is None:
        raise RuntimeError("the bare application has no key")
    return {"Cookie": f"session={serializer.dumps({'officer_id': officer_id})}"}
