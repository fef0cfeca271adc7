"""Pages that belong to no feature: the audit trail, the choice of language and the health check."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from cardqueue.core.access import Role, access, public
from cardqueue.core.database import db
from cardqueue.core.i18n import LANGUAGES
from cardqueue.core.models import AuditEntry
from cardqueue.core.pages import page_of
from cardqueue.core.sealing import count_unsealed

core = Blueprint("core", __name__)


@core.get("/healthz")
@public
def health() -> ResponseReturnValue:
    """200 while the database answers; its absence is an error page with 503."""
    db.session.execute(sa.select(1))
    return {"status": "ok"}


@core.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    """Keep the person's language in the session."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
    back = request.form.get("back", "")
    return redirect(back if back.startswith("/") and not back.startswith("//") else url_for("security.login"))


@core.get("/audit")
@access(Role.ADMIN)
def audit_trail() -> ResponseReturnValue:
    """Who did what, when, from which value to which; newest first."""
    query = sa.select(AuditEntry).order_by(AuditEntry.id.desc())
    wanted = {name: request.args.get(name, "").strip() for name in ("actor", "action", "subject")}
    for name, value in wanted.items():
        if value:
            query = query.where(getattr(AuditEntry, name) == value)
    return render_template(
        "core/audit_trail.html",
        page=page_of(db.session(), query, request.args),
        wanted=wanted,
        unsealed_count=count_unsealed(db.session()),
    )
