"""The page that compares everybody: by itself with a script, by its button without one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.verification.queries import count_by_cell, total_of
from cardqueue.verification.services import runs
from tests.factories.people import Town, make_town
from tests.factories.verification import bring, csv_of, lines_of

SignIn = Callable[[str], FlaskClient]
ASKED_BY_SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def town(session: Session) -> Town:
    town = make_town(session, "a")
    bring(session, town, csv_of(*lines_of(town, m0=None)))
    session.commit()
    return town


def test_a_small_list_is_compared_at_once(sign_in: SignIn, town: Town) -> None:
    client = sign_in("a.officer")
    assert client.post("/verify/match").location == "/verify"
    assert "Đã đối soát 12 đồng chí; 12 có kết quả mới." in client.get("/verify").text
    assert client.get("/verify/run").location == "/verify"


def test_a_long_list_shows_how_far_it_has_come(
    sign_in: SignIn, session: Session, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_PIECE", 1)
    client = sign_in("a.officer")
    assert client.post("/verify/match").location == "/verify/run"
    page = client.get("/verify/run").text
    assert "Đã đối soát 4 trên 12 đồng chí" in page
    assert "Chạy tiếp ngay" in page
    # Without a script the button goes on, with one the page does.
    assert client.post("/verify/run").location == "/verify/run"
    part = client.post("/verify/run", headers=ASKED_BY_SCRIPT).text
    assert "Đã đối soát 12 trên 12 đồng chí" in part
    assert "<html" not in part
    last = client.post("/verify/run", headers=ASKED_BY_SCRIPT)
    assert last.headers["HX-Redirect"] == "/verify"
    total = total_of(count_by_cell(session, town.campaign.id, committee_ids={town.committee.id}))
    assert (total.not_compared, total.total) == (0, 12)


def test_without_records_there_is_nothing_to_compare_with(sign_in: SignIn, session: Session, town: Town) -> None:
    make_town(session, "b")
    client = sign_in("b.officer")
    assert client.post("/verify/match").location == "/verify"
    assert "Chưa có dữ liệu dân cư để đối soát." in client.get("/verify").text
