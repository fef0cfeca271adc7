"""Pages of the outbox. Nothing is ever sent by itself: a person copies, prints or reads out, and says so here."""

from __future__ import annotations

import re
from itertools import groupby

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound
from cardqueue.core.pages import page_of
from cardqueue.core.words import say
from cardqueue.lib.clock import now_at, today_on
from cardqueue.notices import queries, services
from cardqueue.notices.models import Notice, NoticeKind
from cardqueue.organisation.models import Cell

notices = Blueprint("notices", __name__)

KIND_WORDS = {
    NoticeKind.INVITED: (_l("Mời lần đầu"), "info"),
    NoticeKind.CHANGED: (_l("Đổi lịch"), "warning"),
    NoticeKind.REBOOKED: (_l("Hẹn lại"), "warning"),
}

say(
    "NOTICE_NOT_FOUND",
    _l("Thông báo này không còn"),
    _l("Lịch hẹn đã thay đổi nên thông báo được rút, hoặc không thuộc đơn vị của đồng chí."),
    _l("Đồng chí mở lại trang thông báo để xem nội dung mới."),
)


@notices.get("/notices")
@access(Role.COMMITTEE, Role.CELL_SECRETARY, writes=True)
def outbox() -> ResponseReturnValue:
    """What each cell has to be told, brought up to date as the page opens; on request, what has been handed over."""
    session, scope, campaign = db.session(), current_scope(), current_campaign()
    services.prepare_notices(session, campaign, now_at())
    shows_handed_over = request.args.get("show") == "handed-over"
    ids, cell_id = scope.committee_ids, scope.cell_id
    handed_over = queries.notice_query(campaign.id, committee_ids=ids, cell_id=cell_id, handed_over=True)
    waiting = session.scalars(
        queries.notice_query(campaign.id, committee_ids=ids, cell_id=cell_id, handed_over=False)
    ).all()
    return render_template(
        "notices/outbox.html",
        shows_handed_over=shows_handed_over,
        waiting_count=len(waiting),
        cells=[(cell, list(group)) for cell, group in groupby(waiting, key=lambda notice: notice.cell)],
        page=page_of(session, handed_over, request.args),
        announcements=queries.list_announcements(
            session, campaign.id, committee_ids=ids, from_on=today_on(), cell_id=cell_id
        ),
        kind_words=KIND_WORDS,
    )


@notices.post("/notices/<int:notice_id>/hand-over")
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def hand_over(notice_id: int) -> ResponseReturnValue:
    """Mark one notice as handed over."""
    notice = db.session.get(Notice, notice_id)
    if notice is None or not current_scope().may_see_cell(notice.cell):
        raise NotFound("NOTICE_NOT_FOUND")
    services.hand_over(db.session(), notice, at=now_at())
    flash(_("Đã ghi: thông báo cho %(cell)s đã bàn giao.", cell=notice.cell.name), "good")
    return redirect(url_for("notices.outbox"))


@notices.post("/notices/cells/<int:cell_id>/hand-over")
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def hand_over_cell(cell_id: int) -> ResponseReturnValue:
    """Mark everything that waits for a cell as handed over."""
    cell = current_scope().require_cell(db.session.get(Cell, cell_id))
    count = services.hand_over_cell(db.session(), current_campaign(), cell, at=now_at())
    flash(_("Đã ghi: %(count)s thông báo cho %(cell)s đã bàn giao.", count=count, cell=cell.name), "good")
    return redirect(url_for("notices.outbox"))


@notices.get("/notices/cells/<int:cell_id>.txt")
@access(Role.COMMITTEE, Role.CELL_SECRETARY, writes=True)
def cell_file(cell_id: int) -> ResponseReturnValue:
    """The notices of a cell as a text file, to carry on a stick or to send by hand."""
    cell = current_scope().require_cell(db.session.get(Cell, cell_id))
    text = services.export_notices(db.session(), current_campaign(), cell)
    # With a byte order mark and CR LF, so that the Notepad of an old Windows shows the letters and the lines.
    content = text.replace("\n", "\r\n").encode("utf-8-sig")
    name = re.sub(r"[^a-z0-9]+", "-", cell.search_key).strip("-")
    headers = {"Content-Disposition": f'attachment; filename="thong-bao-{name}.txt"'}
    return Response(content, mimetype="text/plain", headers=headers)
