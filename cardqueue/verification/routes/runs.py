"""Comparing now: begun by a button, driven on by the page that shows how far it has come."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.core.access import POLICE, access
from cardqueue.core.database import db
from cardqueue.core.i18n import show_count
from cardqueue.lib.clock import now_at
from cardqueue.verification import queries, services
from cardqueue.verification.routes.blueprint import verification


@verification.post("/verify/match")
@access(*POLICE)
def match() -> ResponseReturnValue:
    """Compare everybody; a small list is done at once."""
    started = services.start_runs(
        db.session(), current_campaign(), committee_ids=current_scope().committee_ids, at=now_at(), everybody=True
    )
    if not started:
        flash(_("Chưa có dữ liệu dân cư để đối soát."), "warning")
        return redirect(url_for("verification.worklist"))
    return go_on()


@verification.get("/verify/run")
@access(*POLICE)
def run() -> ResponseReturnValue:
    """How far comparing has come, cell by cell; the worklist when nothing is going on."""
    if not _progress().is_running:
        return redirect(url_for("verification.worklist"))
    return render_template("verification/run.html", **_state())


@verification.post("/verify/run")
@access(*POLICE)
def go_on() -> ResponseReturnValue:
    """Do the next piece: the page asks for it again and again, or a person does by the button."""
    services.advance_runs(db.session(), current_campaign().id, committee_ids=current_scope().committee_ids, at=now_at())
    progress, is_partial = _progress(), "HX-Request" in request.headers
    if progress.is_running and is_partial:
        return render_template("verification/_run.html", **_state())
    if progress.is_running:
        return redirect(url_for("verification.run"))
    flash(
        _(
            "Đã đối soát %(count)s đồng chí; %(changed)s có kết quả mới.",
            count=show_count(progress.compared),
            changed=show_count(progress.changed),
        ),
        "good",
    )
    worklist = url_for("verification.worklist")
    if not is_partial:
        return redirect(worklist)
    answer = make_response("")
    answer.headers["HX-Redirect"] = worklist
    return answer


def _progress() -> services.Progress:
    return services.progress_of_runs(db.session(), current_campaign().id, committee_ids=current_scope().committee_ids)


def _state() -> dict[str, object]:
    cells = queries.count_by_cell(db.session(), current_campaign().id, committee_ids=current_scope().committee_ids)
    return {"progress": _progress(), "cells": cells, "total": queries.total_of(cells)}
