"""The test browser: it sends CSRF tokens as a page would, and reads every answer strictly."""

from __future__ import annotations

import re
from contextvars import Context
from typing import Any

from bs4 import BeautifulSoup
from flask import session as cookie_session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

INLINE = re.compile(r"<[^>]+\s(?:style|on[a-z]+)\s*=", re.IGNORECASE)


class HonestClient(FlaskClient):
    """Fails when a page breaks a promise, or when a request leaves its session dirty."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send the request with a CSRF token; check the answer.

        It runs in a context of its own: Flask would share `g` with an application context that the test holds, and the
        next request would then see the scope of the person before.
        """
        return Context().run(self._open, *args, **kwargs)

    def _open(self, *args: Any, **kwargs: Any) -> TestResponse:
        method = str(kwargs.get("method", "GET")).upper()
        if method not in {"GET", "HEAD", "OPTIONS"} and kwargs.pop("with_csrf", True):
            headers = dict(kwargs.get("headers") or {})
            headers.setdefault("X-CSRFToken", self._csrf_token())
            kwargs["headers"] = headers
        dirty: list[str] = []

        def note_dirt(session: Session, transaction: Any) -> None:
            if transaction.parent is None and (session.new or session.dirty or session.deleted):
                dirty.append(f"{method} {args[0] if args else ''}: {list(session.new) or list(session.dirty)}")

        event.listen(Session, "after_transaction_end", note_dirt)
        try:
            response = super().open(*args, **kwargs)
        finally:
            event.remove(Session, "after_transaction_end", note_dirt)
        if response.status_code < 400:
            assert not dirty, f"the request left unsaved objects: {dirty}"
        if response.mimetype == "text/html" and response.status_code not in {301, 302, 303}:
            check_page(response)
        return response

    def _csrf_token(self) -> str:
        with self.session_transaction() as stored, self.application.test_request_context():
            for name, value in stored.items():
                cookie_session[name] = value
            token = generate_csrf()
            stored["csrf_token"] = cookie_session["csrf_token"]
        return str(token)


def check_page(response: TestResponse) -> None:
    """Every page has a title, one h1, a language, labelled fields, unique ids and nothing inline."""
    text = response.get_data(as_text=True)
    where = f"{response.request.method} {response.request.path}"
    assert not INLINE.search(text), f"{where}: inline style or handler {INLINE.search(text)}"
    assert "unsafe" not in response.headers["Content-Security-Policy"], where
    page = BeautifulSoup(text, "html5lib")
    if page.find("html").get("lang") is None:  # type: ignore[union-attr]
        return  # a fragment that htmx swaps in
    assert page.title is not None and page.title.get_text(strip=True), f"{where}: no title"
    assert len(page.find_all("h1")) == 1, f"{where}: {len(page.find_all('h1'))} h1"
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids)), f"{where}: ids twice {sorted({i for i in ids if ids.count(i) > 1})}"
    for script in page.find_all("script"):
        assert script.get("src"), f"{where}: inline script"
    labelled = {label.get("for") for label in page.find_all("label")}
    for field in page.find_all(["input", "select", "textarea"]):
        if field.get("type") in {"hidden", "submit", "button"}:
            continue
        named = field.get("id") in labelled or field.get("aria-label") or field.find_parent("label")
        assert named, f"{where}: a field without a label {field}"
