"""The HTTP edge: sign-in, access, transactions, headers and error pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.accounts.security import LOCK_AFTER
from cardqueue.app import create_app
from cardqueue.core.access import Role
from tests.databases import settings_for
from tests.factories.people import PASSWORD, make_town

SignIn = Callable[[str], FlaskClient]


def test_a_stranger_is_led_to_the_sign_in_page_and_back(client: FlaskClient, session: Session) -> None:
    make_town(session)
    answer = client.get("/audit")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/audit"
    page = client.get(answer.location)
    assert page.status_code == 200
    assert "Đăng nhập" in page.text
    after = client.post(answer.location, data={"username": "A.Admin", "password": PASSWORD})
    assert after.location == "/audit"


def test_a_wrong_password_gets_one_sentence_and_several_lock_the_account(client: FlaskClient, session: Session) -> None:
    make_town(session)
    for _ in range(LOCK_AFTER):
        answer = client.post("/sign-in", data={"username": "a.officer", "password": "sai-mat-khau"})
        assert "Tên đăng nhập hoặc mật khẩu không đúng" in answer.text
    answer = client.post("/sign-in", data={"username": "a.officer", "password": PASSWORD})
    assert "tạm khóa" in answer.text


def test_a_form_without_its_token_is_refused_in_plain_words(sign_in: SignIn, session: Session) -> None:
    make_town(session)
    client = sign_in("a.officer")
    answer = client.post("/password", data={"old": "x"}, with_csrf=False)
    assert answer.status_code == 400
    assert "Trang mở quá lâu" in answer.text


def test_every_answer_carries_the_security_headers(client: FlaskClient) -> None:
    answer = client.get("/sign-in")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_that_does_not_exist_says_so_in_vietnamese(client: FlaskClient) -> None:
    answer = client.get("/khong-co")
    assert answer.status_code == 404
    assert "Không tìm thấy trang" in answer.text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_an_administrator_reads_the_audit_trail(sign_in: SignIn, session: Session, role: Role) -> None:
    make_town(session)
    assert sign_in(f"a.{role}").get("/audit").status_code == 403


def test_a_sign_in_is_in_the_audit_trail(sign_in: SignIn, session: Session) -> None:
    make_town(session)
    page = sign_in("a.admin").get("/audit")
    assert "accounts.sign_in" in page.text


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.sqlite", "postgresql+psycopg://nobody@127.0.0.1:1/none"])
def test_a_database_that_is_away_shows_that_and_never_an_empty_list(url: str, tmp_path: Path) -> None:
    app = create_app(settings_for(url, tmp_path))
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 503
    assert "không trả lời" in answer.text
