"""Bringing a hash-only hand-over: first its key, once, then its file."""

from __future__ import annotations

from flask import Response, after_this_request, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import Refused
from cardqueue.core.i18n import show_count
from cardqueue.lib.clock import now_at
from cardqueue.verification import loading, services
from cardqueue.verification.forms_handover import HandoverForm, KeyForm
from cardqueue.verification.registries import key_files
from cardqueue.verification.routes.blueprint import verification
from cardqueue.verification.routes.extracts import MOST_BYTES
from cardqueue.verification.services import handovers
from cardqueue.verification.services.extracts import load_at_once
from cardqueue.verification.services.extracts.purging import require_open

# A line of a hand-over has 109 bytes.
_BYTES_AT_ONCE = loading.LINES_AT_ONCE * 109


@verification.get("/verify/handover")
@access(Role.STATION_CHIEF)
def handover() -> ResponseReturnValue:
    """What a hash-only hand-over is, the keys that are here, and a place for a key and for a file."""
    return _page(KeyForm(), HandoverForm())


@verification.post("/verify/handover/key")
@access(Role.STATION_CHIEF)
def bring_key() -> ResponseReturnValue:
    """Keep a key outside the database; it is never shown again."""
    form, campaign = KeyForm(), current_campaign()
    key = form.key() if form.validate_on_submit() else None
    form.forget()
    if key is None:
        return _page(form, HandoverForm()), 422
    handovers.keep_key(db.session(), campaign, key, current_scope().station_id)
    flash(_("Đã giữ khóa %(fingerprint)s. Đồng chí nhập tệp bàn giao.", fingerprint=key.fingerprint), "good")
    return redirect(url_for("verification.handover"))


@verification.post("/verify/handover")
@access(Role.STATION_CHIEF, most_bytes=MOST_BYTES)
def bring_handover() -> ResponseReturnValue:
    """Check the file under its key, and load it: a small one here and now, a large one while the person looks on."""
    form = HandoverForm()
    if not form.validate_on_submit():
        return _page(KeyForm(), form), 422
    session, campaign, scope = db.session(), current_campaign(), current_scope()
    content = form.file.data.read()
    try:
        extract, loader = handovers.bring_handover(
            session, campaign, scope.station_id, filename=str(form.file.data.filename), content=content, at=now_at()
        )
    except Refused as refused:
        form.show_refusal(refused, "file")
        return _page(KeyForm(), form), 422
    if len(content) > _BYTES_AT_ONCE:
        app, extract_id = current_app.app_context().app, extract.id

        @after_this_request
        def begin(response: Response) -> Response:
            # The request is committed by now.
            loading.load_in_background(app, extract_id)
            return response

        return redirect(url_for("verification.extracts"))
    load_at_once(session, extract, loader, now_at())
    done = services.match_records(session, campaign, committee_ids=scope.committee_ids, at=now_at())
    flash(
        _(
            "Đã nhập mã băm của %(records)s người và đối soát %(members)s đồng chí.",
            records=show_count(extract.record_count),
            members=show_count(done.compared),
        ),
        "good",
    )
    return redirect(url_for("verification.worklist"))


def _page(key_form: KeyForm, form: HandoverForm) -> str:
    if key_form.errors or form.errors:
        # What this request began with is not there for whoever reads the page.
        db.session.rollback()
    campaign = current_campaign()
    require_open(campaign)
    return render_template(
        "verification/handover.html",
        key_form=key_form,
        form=form,
        fingerprints=key_files.list_fingerprints(campaign.id),
    )
