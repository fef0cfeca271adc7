"""The HTTP edge: access, transactions, security headers and error pages, the same for every feature.

A request of a writing method begins a writing transaction before anything is read; it is committed when the view
answers below 400 and rolled back otherwise. Services never commit.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from werkzeug.exceptions import Forbidden, HTTPException, ServiceUnavailable, Unauthorized

from cardqueue.core.access import Access, declared_access
from cardqueue.core.audit import act_as
from cardqueue.core.database import begin_write, db
from cardqueue.core.errors import Refused
from cardqueue.core.words import error_words, refusal_words

log = structlog.get_logger()
csrf = CSRFProtect()

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

# Views of libraries cannot carry our decorator; what they allow is declared here.
LIBRARY_ACCESS: dict[str, Access] = {
    "static": Access(None),
    "security.login": Access(None),
    "security.logout": Access(None),
}


class CardqueueApp(Flask):
    """Flask, with one transaction around each request."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view; commit when it succeeded and may write, roll back otherwise."""
        response = self.make_response(super().dispatch_request())
        if is_writing_request() and response.status_code < 400:
            db.session.commit()
        else:
            db.session.rollback()
        return response


def is_writing_request() -> bool:
    """Whether this request runs in a writing transaction."""
    if request.endpoint == "static" or request.endpoint is None:
        return False
    declared = view_access(request.endpoint)
    return request.method not in SAFE_METHODS or (declared is not None and declared.writes)


def view_access(endpoint: str) -> Access | None:
    """What the view of an endpoint declares."""
    view: Callable[..., Any] | None = current_app.view_functions.get(endpoint)
    return LIBRARY_ACCESS.get(endpoint) or (declared_access(view) if view else None)


def may_open(endpoint: str) -> bool:
    """Whether the person's role may use a view that exists; whose data it shows is another question."""
    declared = view_access(endpoint)
    return declared is not None and (declared.roles is None or getattr(current_user, "role", None) in declared.roles)


def init_http(app: Flask) -> None:
    """Put the edge around an application."""
    csrf.init_app(app)
    # CSRF is checked by hand below, after access: a stranger learns nothing about forms.
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.before_request(_enter)
    app.after_request(_leave)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(IntegrityError, _integrity_error)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(Exception, _bug)


def _enter() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    declared = view_access(request.endpoint)
    if declared is None:
        raise RuntimeError(f"the view {request.endpoint} does not declare who may use it")
    if is_writing_request():
        _receive(declared)
        begin_write(db.session())
    if declared.roles is not None:
        if not current_user.is_authenticated:
            if request.method in SAFE_METHODS and not wants_json():
                return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
            raise Unauthorized
        if current_user.role not in declared.roles:
            raise Forbidden
    if current_user.is_authenticated:
        act_as(db.session(), current_user.username)
    if request.method not in SAFE_METHODS:
        csrf.protect()
    return None


def _receive(declared: Access) -> None:
    """Have a file here before the queue of writers is joined: one on a slow line would hold everybody up.

    Nobody is known yet; a stranger, who has no signed cookie, is not worth receiving anything from.
    """
    if declared.most_bytes is not None:
        request.max_content_length = declared.most_bytes
    if request.mimetype == "multipart/form-data" and "_user_id" in session:
        request.files  # noqa: B018 — reading it receives the body


def _leave(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    elif "v" in request.args:
        # The address changes with the file (`static_url`), so a browser may keep it for good.
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def wants_json() -> bool:
    """Whether the caller is a device that speaks JSON rather than a person's page."""
    return request.path.startswith("/api/")


def error_answer(status: int, code: str, *, retry_after: int | None = None, **values: Any) -> Response:
    """An error in plain words, as a page or as JSON, never with status 200."""
    with contextlib.suppress(SQLAlchemyError):
        db.session.rollback()
    g.error_page = True
    words = refusal_words(code, values) or error_words(status)
    if wants_json():
        body = json.dumps(
            {"error": code, "message": f"{words.heading} {words.explanation}".strip()}, ensure_ascii=False
        )
        response = Response(body, status, mimetype="application/json")
    else:
        response = Response(render_template("errors/error.html", status=status, words=words), status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    code = "CSRF" if isinstance(error, CSRFError) else f"HTTP_{error.code}"
    return error_answer(error.code, code)


def _refused(error: Refused) -> ResponseReturnValue:
    log.info("refused", reason=error.reason_code, endpoint=request.endpoint)
    return error_answer(error.status, error.reason_code, **error.values)


def _integrity_error(error: IntegrityError) -> ResponseReturnValue:
    # A constraint stands behind every promise: two people met it at once, and one was first. The constraint's name
    # is logged, its parameters are not: they may hold personal data.
    log.warning("constraint", endpoint=request.endpoint, constraint=str(error.orig).splitlines()[0][:160])
    return error_answer(409, "SOMEBODY_WAS_FASTER")


def _database_away(error: OperationalError) -> ResponseReturnValue:
    log.error("database away", endpoint=request.endpoint, error=type(error.orig).__name__)
    return error_answer(ServiceUnavailable.code, "DATABASE_AWAY", retry_after=5)


def _bug(error: Exception) -> ResponseReturnValue:
    log.error("bug", endpoint=request.endpoint, exc_info=error)
    if current_app.testing:
        raise error
    return error_answer(500, "HTTP_500")
