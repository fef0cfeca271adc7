"""Writing requests that may arrive twice: a double click, a reload, a device that never heard the answer.

A form or a device sends a nonce (a UUID that it made up). The first request with it is done; every later one, also at
the same moment, gets the first one's answer and changes nothing.
"""

from __future__ import annotations

import functools
import hashlib
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Response, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.orm import Session

from cardqueue.core.database import db, insert_or_skip, table_of
from cardqueue.core.errors import Conflict, Refused
from cardqueue.core.jobs import every
from cardqueue.core.models import AnsweredRequest
from cardqueue.core.words import say
from cardqueue.lib.clock import now_at

say(
    "NONCE_MISSING",
    _l("Yêu cầu thiếu mã lần gửi"),
    _l("Mỗi lần gửi phải có một mã riêng (UUID) để không bị ghi hai lần."),
    _l("Đồng chí tải lại trang rồi làm lại."),
)
say(
    "NONCE_USED",
    _l("Trang này đã gửi một lần"),
    _l("Nội dung vừa gửi khác với lần gửi trước từ cùng một trang, nên chưa được ghi."),
    _l("Đồng chí tải lại trang rồi làm lại."),
)

KEPT_DAYS = 7

_ANSWERS = table_of(AnsweredRequest)
_KEEP_ANSWER = (
    sa.update(_ANSWERS)
    .where(_ANSWERS.c.nonce == sa.bindparam("of_nonce"))
    .values(status=sa.bindparam("status"), body=sa.bindparam("body"))
)


@every(minutes=60)
def forget_old_answers(session: Session, at: datetime) -> int:
    """Delete answers that no device will ask for again: a nonce is sent again within minutes, or a day offline."""
    gone = session.execute(sa.delete(AnsweredRequest).where(AnsweredRequest.at < at - timedelta(days=KEPT_DAYS)))
    return int(getattr(gone, "rowcount", 0))


def new_nonce() -> str:
    """A nonce for a form."""
    return str(uuid.uuid4())


def answered_once(view: Callable[..., ResponseReturnValue]) -> Callable[..., Response]:
    """Let a view do its work once for each nonce; put it under the declaration of access.

    The nonce is claimed in the view's own transaction: a refused request gives it back, so that it can be tried again.

    Raises: Refused("NONCE_MISSING"), Conflict("NONCE_USED") for another request under the same nonce.
    """

    @functools.wraps(view)
    def once(*args: Any, **kwargs: Any) -> Response:
        session, nonce = db.session(), _sent_nonce()
        asked = _request_hash()
        claimed = insert_or_skip(
            session,
            AnsweredRequest,
            nonce=nonce,
            user_id=current_user.id,
            request_hash=asked,
            status=0,
            body="",
            at=now_at(),
        )
        if claimed is None:
            return _first_answer(nonce, asked)
        response = make_response(view(*args, **kwargs))
        body = response.location or response.get_data(as_text=True)
        session.execute(_KEEP_ANSWER, {"of_nonce": nonce, "status": response.status_code, "body": body})
        return response

    return once


def _first_answer(nonce: str, asked: str) -> Response:
    first = db.session().get_one(AnsweredRequest, nonce)
    if first.user_id != current_user.id or first.request_hash != asked:
        raise Conflict("NONCE_USED")
    if 300 <= first.status < 400:
        return make_response(redirect(first.body, first.status))
    return Response(first.body, first.status, mimetype="application/json" if request.is_json else "text/html")


def _sent_nonce() -> str:
    body = request.get_json(silent=True) if request.is_json else request.form
    sent = body.get("nonce") if isinstance(body, Mapping) else None
    try:
        return str(uuid.UUID(sent))
    except (TypeError, ValueError, AttributeError):
        raise Refused("NONCE_MISSING") from None


def _request_hash() -> str:
    fields = sorted((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token")
    said = repr((request.path, fields)).encode() + (request.get_data() if request.is_json else b"")
    return hashlib.sha256(said).hexdigest()
