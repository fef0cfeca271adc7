"""Writes of the counter, one for each thing that an officer does with a member.

A visit is a chain of intervals: waiting, serving, perhaps waiting again. The indexes of `Visit` and `Stage` hold what
these functions promise: one open visit a member, one open interval a visit, one member at a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from cardqueue.cases.models import Case, CaseEvent, PendingReason
from cardqueue.cases.services import complete_case, get_case, open_case, restore_case
from cardqueue.core.audit import record
from cardqueue.core.database import insert_or_skip, insert_row
from cardqueue.core.errors import Conflict, NotFound, Refused
from cardqueue.counter import rules
from cardqueue.counter.models import Scan, Stage, StageKind, Visit
from cardqueue.counter.queries import Person, find_serving, find_slip, find_visit
from cardqueue.counter.rules import Admission, AnswerCode, ScanAnswer
from cardqueue.lib.clock import to_local
from cardqueue.lib.slip_code import find_code
from cardqueue.roster.models import Member


@dataclass(frozen=True, slots=True)
class Desk:
    """Where an officer works: at a station, and for taking members also at a line."""

    station_id: int
    officer_id: int
    line_id: int | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came of a member's arriving: the answer, whom it is about, and the visit where they were checked in."""

    answer: ScanAnswer
    person: Person | None
    visit_id: int | None = None
    scan_id: int | None = None


def scan_slip(session: Session, desk: Desk, text: str, *, at: datetime, confirmation: str | None = None) -> Arrival:
    """Answer what a scanner or a person typed, and check the member in where the answer allows it.

    `confirmation` are the words with which the officer takes a member all the same who needs to be confirmed. Every
    scan leaves a row, whatever its answer.
    """
    code = find_code(text)
    answer, person = _judge_code(session, desk, code, at)
    visit_id = None
    if person is not None and _is_admitted(answer, confirmation):
        visit_id = _open_visit(session, desk, person, answer, at, confirmation)
        if visit_id is None:
            # Another officer scanned the same slip in the same moment and was first.
            answer, person = _judge_code(session, desk, code, at)
    scan_id: int = insert_row(
        session,
        Scan,
        at=at,
        station_id=desk.station_id,
        officer_id=desk.officer_id,
        code=code or rules.code_to_keep(text),
        answer=answer.code,
    )
    return Arrival(answer, person, visit_id, scan_id)


def check_in(session: Session, desk: Desk, person: Person, *, at: datetime, confirmation: str) -> Arrival:
    """Check a member in who was found by name, or whom the officer takes after looking at the answer of a scan."""
    answer = rules.judge_member(person.standing, station_id=desk.station_id, at=at)
    if not _is_admitted(answer, confirmation):
        return Arrival(answer, person)
    return Arrival(answer, person, _open_visit(session, desk, person, answer, at, confirmation))


def call_next(session: Session, desk: Desk, *, at: datetime) -> Visit | None:
    """Take the next member of the station's queue to the desk's line; None when nobody waits.

    However many officers call at once, each gets another member: PostgreSQL skips rows that are being taken, SQLite
    lets one officer write at a time.

    Raises: Refused("LINE_BUSY"), Refused("NO_LINE").
    """
    line_id = _free_line(session, desk)
    stage = session.scalar(
        _open_stages(desk.station_id)
        .where(Stage.kind == StageKind.WAITING)
        .order_by(Visit.due_at, Visit.id)
        .limit(1)
        .with_for_update(of=Stage, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return None if stage is None else _serve(session, desk, line_id, stage, at)


def take(session: Session, desk: Desk, visit_id: int, *, at: datetime) -> Visit:
    """Take a certain member who waits to the desk's line, whoever else is before them.

    Raises: NotFound("VISIT_NOT_FOUND"), Conflict("TAKEN_ALREADY"), Conflict("VISIT_MOVED_ON"), Refused("LINE_BUSY"),
    Refused("NO_LINE").
    """
    stage = _require_stage(session, desk, visit_id, StageKind.WAITING)
    return _serve(session, desk, _free_line(session, desk), stage, at)


def send_back(session: Session, desk: Desk, visit_id: int, *, at: datetime) -> Visit:
    """Send the member at the desk's line back to their place in the queue.

    Raises: NotFound("VISIT_NOT_FOUND"), Conflict("TAKEN_ALREADY"), Conflict("VISIT_MOVED_ON").
    """
    stage = _require_stage(session, desk, visit_id, StageKind.SERVING)
    visit = stage.visit
    _end(session, stage, at)
    session.add(Stage(visit_id=visit.id, kind=StageKind.WAITING, started_at=at, officer_id=desk.officer_id))
    session.flush()
    _record(session, "counter.send_back", visit, {"line_id": desk.line_id})
    return visit


def finish(
    session: Session,
    desk: Desk,
    visit_id: int,
    *,
    at: datetime,
    reason: PendingReason | None = None,
    note: str | None = None,
) -> Visit:
    """Close the visit of the member at the desk's line: captured, or pending for a reason.

    Raises: NotFound("VISIT_NOT_FOUND"), Conflict("TAKEN_ALREADY"), Conflict("VISIT_MOVED_ON"),
    Refused("CASE_ALREADY_DONE").
    """
    stage = _require_stage(session, desk, visit_id, StageKind.SERVING)
    visit = stage.visit
    _close(session, desk, stage, reason or rules.CAPTURED, at)
    case = get_case(session, visit.campaign_id, visit.member_id)
    if reason is None:
        complete_case(session, case, at=at)
    else:
        open_case(session, case, reason, at=at, note=note)
    return visit


def leave(
    session: Session, desk: Desk, visit_id: int, *, at: datetime, reason: PendingReason, note: str | None = None
) -> Visit:
    """Close the visit of a member who waited and is gone.

    Raises: NotFound("VISIT_NOT_FOUND"), Conflict("TAKEN_ALREADY"), Conflict("VISIT_MOVED_ON"),
    Refused("CASE_ALREADY_DONE").
    """
    stage = _require_stage(session, desk, visit_id, StageKind.WAITING)
    visit = stage.visit
    _close(session, desk, stage, reason, at)
    open_case(session, get_case(session, visit.campaign_id, visit.member_id), reason, at=at, note=note)
    return visit


def undo(session: Session, desk: Desk, visit_id: int, *, at: datetime) -> Visit:
    """Take back an outcome that this officer gave in the last minute: the interval and the case are as before.

    Raises: NotFound("VISIT_NOT_FOUND"), Refused("UNDO_TOO_LATE"), Refused("UNDO_NOT_YOURS"), Refused("LINE_BUSY"),
    Conflict("CASE_MOVED_ON") when somebody has changed the case since.
    """
    visit = find_visit(session, visit_id, station_id=desk.station_id, for_update=True)
    if visit is None:
        raise NotFound("VISIT_NOT_FOUND")
    closed_at = visit.closed_at
    if closed_at is None or not rules.may_undo(closed_at, at):
        raise Refused("UNDO_TOO_LATE", seconds=rules.UNDO_SECONDS)
    if visit.closed_by_id != desk.officer_id:
        raise Refused("UNDO_NOT_YOURS")
    _reopen(session, visit)
    case = get_case(session, visit.campaign_id, visit.member_id)
    _restore(session, case, closed_at, at)
    _record(session, "counter.undo", visit, {"line_id": desk.line_id})
    return visit


def _judge_code(session: Session, desk: Desk, code: str | None, at: datetime) -> tuple[ScanAnswer, Person | None]:
    found = find_slip(session, code, station_id=desk.station_id) if code else None
    slip, person = found or (None, None)
    standing = person.standing if person else None
    return rules.judge_scan(code, slip, standing, station_id=desk.station_id, at=at), person


def _is_admitted(answer: ScanAnswer, confirmation: str | None) -> bool:
    match answer.admission:
        case Admission.AT_ONCE:
            return True
        case Admission.IF_CONFIRMED:
            return confirmation is not None
        case Admission.REFUSED:
            return False


def _open_visit(
    session: Session, desk: Desk, person: Person, answer: ScanAnswer, at: datetime, confirmation: str | None
) -> int | None:
    """Open a visit that waits; None when the member has an open one already."""
    booking, today_on = person.standing.booking, to_local(at).date()
    due_at = rules.due_at(booking, station_id=desk.station_id, arrived_at=at)
    is_walk_in = rules.is_walk_in(booking, station_id=desk.station_id, day_on=today_on)
    visit_id: int | None = insert_or_skip(
        session,
        Visit,
        campaign_id=person.campaign_id,
        member_id=person.member_id,
        station_id=desk.station_id,
        appointment_id=person.appointment_id,
        day_on=today_on,
        due_at=due_at,
        is_walk_in=is_walk_in,
        checked_in_at=at,
    )
    if visit_id is None:
        return None
    insert_row(session, Stage, visit_id=visit_id, kind=StageKind.WAITING, started_at=at, officer_id=desk.officer_id)
    if answer.code is AnswerCode.PENDING and confirmation is not None:
        _note_confirmation(session, person, confirmation, at)
    record(
        session,
        "counter.check_in",
        f"member:{person.member_id}",
        after={"visit": visit_id, "answer": answer.code, "due_at": due_at.isoformat(), "is_walk_in": is_walk_in},
        committee_id=person.committee_id,
        station_id=desk.station_id,
    )
    return visit_id


def _note_confirmation(session: Session, person: Person, confirmation: str, at: datetime) -> None:
    """Whoever follows the case up reads in its history that the member was taken all the same."""
    case = get_case(session, person.campaign_id, person.member_id)
    if case.reason is not None:
        note = "\n".join(text for text in (case.note, confirmation) if text)
        reason = PendingReason(case.reason)
        open_case(session, case, reason, at=at, owner_id=case.owner_id, due_on=case.due_on, note=note)


def _open_stages(station_id: int) -> sa.Select[Stage]:
    return (
        sa.select(Stage)
        .join(Stage.visit)
        .join(Visit.member)
        .options(contains_eager(Stage.visit).contains_eager(Visit.member))
        .where(Visit.station_id == station_id, Visit.closed_at.is_(None), Stage.ended_at.is_(None))
    )


def _require_stage(session: Session, desk: Desk, visit_id: int, kind: StageKind) -> Stage:
    """The open interval of a visit, locked; serving ones only at the desk's own line."""
    stage = session.scalar(
        _open_stages(desk.station_id)
        .where(Visit.id == visit_id)
        .with_for_update(of=Stage)
        .execution_options(populate_existing=True)
    )
    if stage is not None and stage.kind == kind and (kind is StageKind.WAITING or stage.line_id == desk.line_id):
        return stage
    if stage is None:
        # Waiting for the lock, it ended under our eyes; a new statement sees what came of it.
        stage = session.scalar(_open_stages(desk.station_id).where(Visit.id == visit_id))
    if stage is None:
        visit = find_visit(session, visit_id, station_id=desk.station_id)
        if visit is None:
            raise NotFound("VISIT_NOT_FOUND")
        raise Conflict("VISIT_MOVED_ON", name=visit.member.full_name)
    if stage.line is not None and stage.kind == StageKind.SERVING:
        raise Conflict("TAKEN_ALREADY", name=stage.visit.member.full_name, line=stage.line.number)
    raise Conflict("VISIT_MOVED_ON", name=stage.visit.member.full_name)


def _free_line(session: Session, desk: Desk) -> int:
    if desk.line_id is None:
        raise Refused("NO_LINE")
    if (busy := find_serving(session, desk.line_id)) is not None:
        raise Refused("LINE_BUSY", name=busy.member.full_name)
    return desk.line_id


def _serve(session: Session, desk: Desk, line_id: int, stage: Stage, at: datetime) -> Visit:
    visit = stage.visit
    _end(session, stage, at)
    session.add(
        Stage(visit_id=visit.id, kind=StageKind.SERVING, started_at=at, officer_id=desk.officer_id, line_id=line_id)
    )
    session.flush()
    _record(session, "counter.take", visit, {"line_id": line_id})
    return visit


def _end(session: Session, stage: Stage, at: datetime) -> None:
    # Flushed on its own: the next interval's insert must find the place in the unique indexes free. A clock that was
    # set back must not stop the queue.
    stage.ended_at = max(at, stage.started_at)
    session.flush()


def _close(session: Session, desk: Desk, stage: Stage, outcome: str, at: datetime) -> None:
    _end(session, stage, at)
    visit = stage.visit
    visit.closed_at, visit.closed_by_id, visit.outcome = at, desk.officer_id, outcome
    session.flush()
    _record(session, "counter.finish", visit, {"outcome": outcome, "line_id": stage.line_id})


def _reopen(session: Session, visit: Visit) -> None:
    last = session.scalars(sa.select(Stage).where(Stage.visit_id == visit.id).order_by(Stage.id.desc()).limit(1)).one()
    if last.line_id is not None and (busy := find_serving(session, last.line_id)) is not None:
        raise Refused("LINE_BUSY", name=busy.member.full_name)
    last.ended_at = None
    visit.closed_at = visit.closed_by_id = visit.outcome = None
    session.flush()


def _restore(session: Session, case: Case, closed_at: datetime, at: datetime) -> None:
    newest = sa.select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id.desc()).limit(2)
    events = session.scalars(newest).all()
    if not events or events[0].at != closed_at:
        raise Conflict("CASE_MOVED_ON")
    restore_case(session, case, to=events[1] if len(events) > 1 else None, at=at)


def _record(session: Session, action: str, visit: Visit, after: dict[str, object]) -> None:
    member: Member = visit.member
    record(
        session,
        action,
        f"member:{visit.member_id}",
        after={"visit": visit.id, **after},
        committee_id=member.committee_id,
        station_id=visit.station_id,
    )
