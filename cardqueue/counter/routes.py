"""Pages of the counter. Everything works with plain forms; htmx only keeps the queue fresh."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from cardqueue.accounts.current import current_account, current_scope
from cardqueue.cases.models import PendingReason
from cardqueue.core.access import POLICE, access
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound, Refused
from cardqueue.core.http import error_answer
from cardqueue.core.i18n import language
from cardqueue.core.nonces import answered_once, new_nonce
from cardqueue.core.words import Words, refusal_words
from cardqueue.counter import queries, rules, services
from cardqueue.counter.forms import FindForm, LeaveForm, LineForm, ScanForm, UnableForm
from cardqueue.counter.models import Visit
from cardqueue.counter.queries import DayNumbers, Person, Waiting
from cardqueue.counter.rules import Admission, AnswerCode, ScanAnswer
from cardqueue.counter.services import Desk
from cardqueue.counter.words import Said, say_answer, say_booking, say_confirmation, say_minutes, say_shortly
from cardqueue.lib.citizen_id import mask_citizen_id
from cardqueue.lib.clock import now_at, to_local, today_on
from cardqueue.organisation.models import Line

counter = Blueprint("counter", __name__, url_prefix="/counter")

_LINE = "counter_line"
# The codes under which a scan has checked the member in: its card keeps saying so while the member is here.
_CHECKED_IN = frozenset({AnswerCode.ON_TIME, AnswerCode.EARLY, AnswerCode.LATE})


@dataclass(frozen=True, slots=True)
class Card:
    """The one big answer: words, whom it is about, and what the officer may do with them now."""

    said: Said
    person: Person | None = None
    booking: str = ""
    may_check_in: bool = False
    is_doubtful: bool = False
    waiting_visit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """The polled part of the page; `version` changes when anything in it does."""

    rows: list[tuple[Waiting, int]]
    more_count: int
    numbers: DayNumbers
    minutes: str
    version: str


@counter.context_processor
def _one_nonce_a_page() -> dict[str, str]:
    return {"nonce": new_nonce()}


@counter.errorhandler(Refused)
def _refused(error: Refused) -> ResponseReturnValue:
    """A refusal is told at the desk itself: the queue goes on."""
    db.session.rollback()
    words = refusal_words(error.reason_code, error.values)
    if isinstance(error, NotFound) or words is None or _chosen_line() is None:
        return error_answer(error.status, error.reason_code, **error.values)
    return _desk_page(problem=words), error.status


@counter.get("")
@access(*POLICE)
def desk() -> ResponseReturnValue:
    """The officer's one page: scan, the answer, who is at the line, who waits."""
    if _chosen_line() is None:
        return redirect(url_for("counter.line"))
    return _desk_page(card=_asked_card())


@counter.route("/line", methods=["GET", "POST"])
@access(*POLICE)
def line() -> ResponseReturnValue:
    """Choose the line, once a session."""
    lines = queries.list_lines(db.session(), current_scope().station_id)
    form = LineForm(data={"line": session.get(_LINE)})
    form.offer(lines)
    if form.validate_on_submit():
        session[_LINE] = form.line.data
        return redirect(url_for("counter.desk"))
    return render_template("counter/line.html", form=form, lines=lines), 422 if form.errors else 200


@counter.post("/scan")
@access(*POLICE)
@answered_once
def scan() -> ResponseReturnValue:
    """Answer a scanned or typed code."""
    form = ScanForm()
    if not form.validate():
        return _desk_page(scan_form=form), 422
    arrival = services.scan_slip(db.session(), _desk(), form.code.data, at=now_at())
    return redirect(url_for("counter.desk", scan=arrival.scan_id), 303)


@counter.get("/find")
@access(*POLICE)
def find() -> ResponseReturnValue:
    """Find a member by name, without accents; today's list first."""
    scope, form = current_scope(), FindForm(request.args)
    name = form.name.data or ""
    people = queries.find_people(
        db.session(), name, committee_ids=scope.committee_ids, station_id=scope.station_id, today_on=today_on()
    )
    now = now_at()
    found = [(person, say_booking(person, now), _judged(person, now)) for person in people]
    return render_template("counter/find.html", form=form, name=name, found=found, limit=queries.SEARCH_LIMIT)


@counter.post("/cases/<int:case_id>/check-in")
@access(*POLICE)
@answered_once
def check_in(case_id: int) -> ResponseReturnValue:
    """Check a member in who was found by name, or whom the officer takes all the same."""
    at = now_at()
    services.check_in(db.session(), _desk(), _person(case_id), at=at, confirmation=say_confirmation(at))
    return redirect(url_for("counter.desk", case=case_id), 303)


@counter.post("/next")
@access(*POLICE)
@answered_once
def call_next() -> ResponseReturnValue:
    """Take the next member of the queue to the line."""
    services.call_next(db.session(), _desk(), at=now_at())
    return _back()


@counter.post("/visits/<int:visit_id>/take")
@access(*POLICE)
@answered_once
def take(visit_id: int) -> ResponseReturnValue:
    """Take a certain member to the line."""
    services.take(db.session(), _desk(), visit_id, at=now_at())
    return _back()


@counter.post("/visits/<int:visit_id>/send-back")
@access(*POLICE)
@answered_once
def send_back(visit_id: int) -> ResponseReturnValue:
    """Send the member at the line back to the queue."""
    services.send_back(db.session(), _desk(), visit_id, at=now_at())
    return _back()


@counter.post("/visits/<int:visit_id>/finish")
@access(*POLICE)
@answered_once
def finish(visit_id: int) -> ResponseReturnValue:
    """The member at the line is done."""
    services.finish(db.session(), _desk(), visit_id, at=now_at())
    return _back()


@counter.post("/visits/<int:visit_id>/unable")
@access(*POLICE)
@answered_once
def unable(visit_id: int) -> ResponseReturnValue:
    """The member at the line cannot be done today, for a reason."""
    form = UnableForm()
    if not form.validate():
        _visit(visit_id)
        return _desk_page(unable_form=form), 422
    reason, note = PendingReason(form.reason.data), form.note.data or None
    services.finish(db.session(), _desk(), visit_id, at=now_at(), reason=reason, note=note)
    return _back()


@counter.get("/visits/<int:visit_id>/leave")
@access(*POLICE)
def leaving(visit_id: int) -> ResponseReturnValue:
    """Ask why a waiting member is gone."""
    return render_template("counter/leave.html", visit=_visit(visit_id), form=LeaveForm())


@counter.post("/visits/<int:visit_id>/leave")
@access(*POLICE)
@answered_once
def leave(visit_id: int) -> ResponseReturnValue:
    """A waiting member is gone, for a reason."""
    form = LeaveForm()
    if not form.validate():
        return render_template("counter/leave.html", visit=_visit(visit_id), form=form), 422
    reason, note = PendingReason(form.reason.data), form.note.data or None
    services.leave(db.session(), _desk(), visit_id, at=now_at(), reason=reason, note=note)
    return _back()


@counter.post("/visits/<int:visit_id>/undo")
@access(*POLICE)
@answered_once
def undo(visit_id: int) -> ResponseReturnValue:
    """Take the newest outcome back."""
    services.undo(db.session(), _desk(), visit_id, at=now_at())
    return _back()


@counter.get("/queue")
@access(*POLICE)
def queue() -> ResponseReturnValue:
    """The queue alone, asked for every few seconds; 304 while nothing in it has changed."""
    current = _queue(now_at())
    response = make_response(render_template("counter/_queue.html", queue=current))
    response.set_etag(current.version)
    return response.make_conditional(request)


def _back() -> Response:
    return make_response(redirect(url_for("counter.desk"), 303))


def _chosen_line() -> Line | None:
    if "counter_line" not in g:
        lines = queries.list_lines(db.session(), current_scope().station_id)
        g.counter_line = next((line for line in lines if line.id == session.get(_LINE)), None)
    found: Line | None = g.counter_line
    return found


def _desk() -> Desk:
    chosen = _chosen_line()
    return Desk(current_scope().station_id, current_account().id, chosen.id if chosen else None)


def _visit(visit_id: int) -> Visit:
    visit = queries.find_visit(db.session(), visit_id, station_id=current_scope().station_id)
    if visit is None:
        raise NotFound("VISIT_NOT_FOUND")
    return visit


def _person(case_id: int) -> Person:
    person = queries.find_person(db.session(), case_id, station_id=current_scope().station_id)
    if person is None or not person.standing.is_served:
        raise NotFound("CASE_NOT_HERE")
    return person


def _judged(person: Person, at: datetime) -> Said:
    answer = rules.judge_member(person.standing, station_id=current_scope().station_id, at=at)
    return say_shortly(answer)


def _asked_card() -> Card | None:
    """The card that the address asks for: of a scan, or of a member found by name."""
    now, station_id = now_at(), current_scope().station_id
    if case_id := request.args.get("case", type=int):
        person = _person(case_id)
        return _card(rules.judge_member(person.standing, station_id=station_id, at=now), person, now)
    if scan_id := request.args.get("scan", type=int):
        scan = queries.find_scan(db.session(), scan_id, station_id=station_id)
        if scan is None:
            raise NotFound("SCAN_NOT_FOUND")
        code = AnswerCode(scan.answer)
        found = queries.find_slip(db.session(), scan.code, station_id=station_id) if scan.code else None
        if found is None:
            return _card(ScanAnswer(code), None, now)
        slip, person = found
        answer = rules.judge_scan(scan.code, slip, person.standing, station_id=station_id, at=now)
        if answer.code is AnswerCode.ALREADY_HERE and code in _CHECKED_IN:
            return _card(answer, person, now, said=ScanAnswer(code, booking=slip.booking))
        return _card(answer, person, now)
    return None


def _card(answer: ScanAnswer, person: Person | None, at: datetime, *, said: ScanAnswer | None = None) -> Card:
    if person is None or not person.standing.is_served:
        return Card(say_answer(answer, person))
    last_visit = None
    if answer.code in (AnswerCode.ALREADY_HERE, AnswerCode.ALREADY_DONE):
        last_visit = queries.find_last_visit(db.session(), person)
    return Card(
        said=say_answer(said or answer, person, last_visit),
        person=person,
        booking=say_booking(person, at),
        may_check_in=answer.admission is not Admission.REFUSED,
        is_doubtful=answer.code is AnswerCode.PENDING,
        waiting_visit_id=_waiting_here(last_visit),
    )


def _waiting_here(visit: Visit | None) -> int | None:
    if visit is None or visit.closed_at is not None or visit.station_id != current_scope().station_id:
        return None
    is_at_line = visit.stages[-1].line_id is not None
    return None if is_at_line else visit.id


def _queue(at: datetime) -> Queue:
    station_id = current_scope().station_id
    waiting = queries.list_waiting(db.session(), station_id)
    numbers = queries.day_numbers(db.session(), station_id, to_local(at).date(), waiting_count=len(waiting))
    rows = [(person, int((at - person.since_at).total_seconds() // 60)) for person in waiting[: queries.QUEUE_LIMIT]]
    version = hashlib.sha256(repr((language(), rows, numbers)).encode()).hexdigest()[:20]
    return Queue(rows, len(waiting) - len(rows), numbers, say_minutes(numbers.minutes), version)


def _desk_page(
    *,
    card: Card | None = None,
    scan_form: ScanForm | None = None,
    unable_form: UnableForm | None = None,
    problem: Words | None = None,
) -> str:
    chosen, now, scope = _chosen_line(), now_at(), current_scope()
    if chosen is None:
        raise Refused("NO_LINE")
    serving = queries.find_serving(db.session(), chosen.id)
    return render_template(
        "counter/desk.html",
        form=scan_form or unable_form or ScanForm(formdata=None),
        line=chosen,
        card=card,
        serving=serving,
        serving_id=mask_citizen_id(serving.member.citizen_id) if serving else "",
        undoable=queries.find_undoable(db.session(), current_account().id, station_id=scope.station_id, at=now),
        queue=_queue(now),
        scan_form=scan_form or ScanForm(formdata=None),
        unable_form=unable_form or UnableForm(formdata=None),
        is_unable=unable_form is not None,
        problem=problem,
    )
