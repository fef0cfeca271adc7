"""The counter for devices: a scanner with a screen of its own, or a page that was offline for a while."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from cardqueue.accounts.current import current_account, current_scope
from cardqueue.core.access import POLICE, access
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound, Refused
from cardqueue.core.nonces import answered_once
from cardqueue.counter import queries, rules, services
from cardqueue.counter.queries import Person
from cardqueue.counter.rules import AnswerCode
from cardqueue.counter.services import Arrival, Desk
from cardqueue.counter.words import say_answer, say_confirmation
from cardqueue.lib.clock import now_at, to_local
from cardqueue.lib.names import search_key

counter_api = Blueprint("counter_api", __name__, url_prefix="/api/v1")

_MAX_LENGTH = 200
_LEAST_LETTERS = 2


@counter_api.post("/check-ins")
@access(*POLICE)
@answered_once
def check_ins() -> ResponseReturnValue:
    """Answer a scan, and check the member in where the answer allows it.

    Shapes: `{code, nonce, confirmed?}` in. 201 when the member was checked in, 200 when the answer is another one:
    the scan itself was taken and is on record either way.
    """
    body = request.get_json()
    code = body.get("code")
    if not isinstance(code, str) or len(code) > _MAX_LENGTH:
        raise Refused("CODE_MISSING")
    at, account = now_at(), current_account()
    if account.station_id is None:
        raise NotFound("NO_STATION")
    arrival = services.scan_slip(
        db.session(),
        Desk(account.station_id, account.id),
        code,
        at=at,
        confirmation=say_confirmation(at) if body.get("confirmed") is True else None,
    )
    return jsonify(_answer(arrival)), 200 if arrival.visit_id is None else 201


@counter_api.get("/members")
@access(*POLICE)
def members() -> ResponseReturnValue:
    """Find members by name, as the page of the counter does: without accents, today's list first.

    Shapes: `?name=` in, with at least two letters. `{limit, members}` out; `answer` of a member is the code that a scan
    would get now.
    """
    name = request.args.get("name", "")[:_MAX_LENGTH]
    if len(search_key(name).replace(" ", "")) < _LEAST_LETTERS:
        raise Refused("NAME_TOO_SHORT", count=_LEAST_LETTERS)
    at, scope = now_at(), current_scope()
    people = queries.find_people(
        db.session(),
        name,
        committee_ids=scope.committee_ids,
        station_id=scope.station_id,
        today_on=to_local(at).date(),
    )
    return jsonify(limit=queries.SEARCH_LIMIT, members=[_found(person, scope.station_id, at) for person in people])


def _found(person: Person, station_id: int, at: datetime) -> dict[str, object]:
    standing = person.standing
    return {
        "case_id": person.case_id,
        "full_name": person.full_name,
        "cell": person.cell_name,
        "birth_year": person.birth_year,
        "citizen_id": person.citizen_id,
        "arrive_at": standing.booking.arrive_at.isoformat() if standing.booking else None,
        "queue_number": person.queue_number,
        "answer": rules.judge_member(standing, station_id=station_id, at=at).code,
    }


def _answer(arrival: Arrival) -> dict[str, object]:
    answer, person = arrival.answer, arrival.person
    last_visit = None
    if person is not None and answer.code in (AnswerCode.ALREADY_HERE, AnswerCode.ALREADY_DONE):
        last_visit = queries.find_last_visit(db.session(), person)
    said = say_answer(answer, person, last_visit)
    is_ours = person is not None and person.standing.is_served
    return {
        "answer": answer.code,
        "kind": said.kind,
        "heading": said.heading,
        "next_step": said.next_step,
        "checked_in": arrival.visit_id is not None,
        "admission": answer.admission,
        "visit_id": arrival.visit_id,
        "reason": answer.reason,
        "arrive_at": answer.booking.arrive_at.isoformat() if answer.booking else None,
        "member": _member(arrival) if is_ours else None,
    }


def _member(arrival: Arrival) -> dict[str, object] | None:
    person = arrival.person
    if person is None:
        return None
    return {
        "full_name": person.full_name,
        "cell": person.cell_name,
        "birth_year": person.birth_year,
        "needs_help": person.needs_help,
        "queue_number": person.queue_number,
    }
