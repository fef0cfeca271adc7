"""Reads of the counter, each one statement: there are forty people in front of the desk.

People are read column by column, not as entities, so that nothing is decrypted that the screen does not show.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from cardqueue.cases.models import Case, CaseState, PendingReason
from cardqueue.counter.models import Scan, Stage, StageKind, Visit
from cardqueue.counter.rules import CAPTURED, UNDO_SECONDS, Booking, ScannedSlip, Standing, mean_minutes
from cardqueue.lib.citizen_id import mask_citizen_id
from cardqueue.lib.intervals import Interval
from cardqueue.lib.names import search_key
from cardqueue.organisation.models import Campaign, Cell, Line, Station, committee_station
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment, AppointmentState
from cardqueue.scheduling.rules.measures import is_elderly_born
from cardqueue.scheduling.services import Served

SEARCH_LIMIT = 50
MOST_WORDS = 12
QUEUE_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Person:
    """A member in a campaign, as the counter sees them.

    `citizen_id` is masked; `queue_number`, `appointment_id` and `station_name` are those of the appointment in force.
    """

    case_id: int
    campaign_id: int
    member_id: int
    committee_id: int
    full_name: str
    cell_name: str
    birth_year: int | None
    citizen_id: str
    needs_help: bool
    note: str | None
    done_at: datetime | None
    appointment_id: int | None
    queue_number: int | None
    station_name: str | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Waiting:
    """A person in the queue."""

    visit_id: int
    case_id: int
    full_name: str
    cell_name: str
    birth_year: int | None
    needs_help: bool
    is_walk_in: bool
    queue_number: int | None
    arrive_at: datetime | None
    since_at: datetime


@dataclass(frozen=True, slots=True)
class DayNumbers:
    """The station's own day; `minutes` per finished member, None before anybody is finished."""

    done: int
    waiting: int
    booked: int
    arrived: int
    minutes: float | None


_booked = aliased(Appointment, name="booked")
_open_visit = aliased(Visit, name="open_visit")
_slip = aliased(Appointment, name="slip")
_at_station = sa.bindparam("station_id", type_=sa.Integer)


def _people() -> sa.Select[*tuple[Any, ...]]:
    """Every member of every campaign with what `Person` needs, seen from `:station_id`; to be narrowed."""
    is_served = sa.exists().where(
        committee_station.c.committee_id == Member.committee_id, committee_station.c.station_id == _at_station
    )
    return (
        sa.select(
            Case.id,
            Case.campaign_id,
            Case.state,
            Case.reason,
            Case.is_counted,
            Case.note,
            Case.done_at,
            Member.id.label("member_id"),
            Member.committee_id,
            Member.full_name,
            Member.birth_year,
            Member.citizen_id,
            Member.needs_help,
            Member.removed_at,
            Cell.name.label("cell_name"),
            Campaign.early_minutes,
            Campaign.late_minutes,
            Campaign.closed_at,
            _booked.id.label("appointment_id"),
            _booked.arrive_at,
            _booked.day_on,
            _booked.station_id,
            _booked.queue_number,
            Station.name.label("station_name"),
            _open_visit.id.label("visit_id"),
            is_served.label("is_served"),
        )
        .select_from(Case)
        .join(Member, Member.id == Case.member_id)
        .join(Cell, Cell.id == Member.cell_id)
        .join(Campaign, Campaign.id == Case.campaign_id)
        .outerjoin(
            _booked,
            sa.and_(
                _booked.campaign_id == Case.campaign_id,
                _booked.member_id == Case.member_id,
                _booked.state == AppointmentState.ACTIVE,
            ),
        )
        .outerjoin(Station, Station.id == _booked.station_id)
        .outerjoin(
            _open_visit,
            sa.and_(
                _open_visit.campaign_id == Case.campaign_id,
                _open_visit.member_id == Case.member_id,
                _open_visit.closed_at.is_(None),
            ),
        )
    )


def _person(row: sa.Row[*tuple[Any, ...]]) -> Person:
    booking = None
    if row.appointment_id is not None:
        booking = Booking(row.arrive_at, row.day_on, row.station_id)
    return Person(
        case_id=row.id,
        campaign_id=row.campaign_id,
        member_id=row.member_id,
        committee_id=row.committee_id,
        full_name=row.full_name,
        cell_name=row.cell_name,
        birth_year=row.birth_year,
        citizen_id=mask_citizen_id(row.citizen_id),
        needs_help=row.needs_help,
        note=row.note,
        done_at=row.done_at,
        appointment_id=row.appointment_id,
        queue_number=row.queue_number,
        station_name=row.station_name,
        standing=Standing(
            state=CaseState(row.state),
            reason=PendingReason(row.reason) if row.reason else None,
            is_counted=row.is_counted and row.removed_at is None,
            is_served=bool(row.is_served),
            is_here=row.visit_id is not None,
            is_campaign_open=row.closed_at is None,
            booking=booking,
            early_minutes=row.early_minutes,
            late_minutes=row.late_minutes,
        ),
    )


# Built once: putting these statements together takes longer than the database takes to answer them.
_SLIP_OF_CODE = (
    _people()
    .add_columns(
        _slip.arrive_at.label("slip_arrive_at"),
        _slip.day_on.label("slip_day_on"),
        _slip.station_id.label("slip_station_id"),
        _slip.state.label("slip_state"),
    )
    .join(_slip, sa.and_(_slip.campaign_id == Case.campaign_id, _slip.member_id == Case.member_id))
    .where(_slip.code == sa.bindparam("code"))
)
_PERSON_OF_CASE = _people().where(Case.id == sa.bindparam("case_id"))


@lru_cache(maxsize=16)
def _people_named(word_count: int) -> sa.Select[*tuple[Any, ...]]:
    """People by so many parts of a name, `:word_0` and so on."""
    is_today = sa.and_(_booked.day_on == sa.bindparam("today_on"), _booked.station_id == _at_station)
    expected = sa.case((is_today, _booked.arrive_at))
    return (
        _people()
        .where(
            Member.committee_id.in_(sa.bindparam("committee_ids", expanding=True)),
            Member.removed_at.is_(None),
            Campaign.closed_at.is_(None),
            *(Member.search_key.like(sa.bindparam(f"word_{number}")) for number in range(word_count)),
        )
        .order_by(expected.is_(None), expected, Member.sort_key, Case.id)
        .limit(SEARCH_LIMIT)
    )


def find_slip(session: Session, code: str, *, station_id: int) -> tuple[ScannedSlip, Person] | None:
    """The appointment that a slip's code names, in force or not, and its member as they stand now."""
    row = session.execute(_SLIP_OF_CODE, {"code": code, "station_id": station_id}).one_or_none()
    if row is None:
        return None
    booking = Booking(row.slip_arrive_at, row.slip_day_on, row.slip_station_id)
    return ScannedSlip(booking, AppointmentState(row.slip_state)), _person(row)


def find_person(session: Session, case_id: int, *, station_id: int) -> Person | None:
    """The person of a case, whether or not the station serves them."""
    row = session.execute(_PERSON_OF_CASE, {"case_id": case_id, "station_id": station_id}).one_or_none()
    return None if row is None else _person(row)


def find_people(
    session: Session, name: str, *, committee_ids: Collection[int], station_id: int, today_on: date
) -> list[Person]:
    """Members whose name has all the words of `name`, marks aside, in the open campaigns of some committees.

    Those expected here today come first, by their time; then the others in Vietnamese order. At most `SEARCH_LIMIT`.
    """
    # No name has more words; a page pasted here by mistake must not become a thousand conditions.
    words = search_key(name).split()[:MOST_WORDS]
    if not words:
        return []
    # A search key holds letters, digits and spaces alone: nothing in it that LIKE would read as a sign.
    patterns = {f"word_{number}": f"%{word}%" for number, word in enumerate(words)}
    rows = session.execute(
        _people_named(len(words)),
        {"committee_ids": list(committee_ids), "station_id": station_id, "today_on": today_on, **patterns},
    )
    return [_person(row) for row in rows]


def find_last_visit(session: Session, person: Person) -> Visit | None:
    """The newest visit of a person with its intervals, lines and station."""
    return session.scalar(
        sa.select(Visit)
        .where(
            Visit.id
            == sa.select(sa.func.max(Visit.id))
            .where(Visit.campaign_id == person.campaign_id, Visit.member_id == person.member_id)
            .scalar_subquery()
        )
        .options(joinedload(Visit.stages).joinedload(Stage.line), joinedload(Visit.station))
        .execution_options(populate_existing=True)
    )


def find_scan(session: Session, scan_id: int, *, station_id: int) -> Scan | None:
    """A scan made at a station."""
    return session.scalar(sa.select(Scan).where(Scan.id == scan_id, Scan.station_id == station_id))


def find_visit(session: Session, visit_id: int, *, station_id: int, for_update: bool = False) -> Visit | None:
    """A visit at a station, with its member; locked until the transaction ends when it is about to be written."""
    query = _visits().where(Visit.id == visit_id, Visit.station_id == station_id)
    if for_update:
        query = query.with_for_update(of=Visit).execution_options(populate_existing=True)
    return session.scalar(query)


def find_serving(session: Session, line_id: int) -> Visit | None:
    """Who is being served on a line, with the member and the open interval."""
    return session.scalar(
        _visits()
        .join(Visit.stages)
        .options(contains_eager(Visit.stages))
        .where(Stage.line_id == line_id, Stage.kind == StageKind.SERVING, Stage.ended_at.is_(None))
        .execution_options(populate_existing=True)
    )


def find_undoable(session: Session, officer_id: int, *, station_id: int, at: datetime) -> Visit | None:
    """The newest outcome that this officer gave, while it may still be taken back."""
    return session.scalar(
        _visits()
        .where(
            Visit.closed_by_id == officer_id,
            Visit.station_id == station_id,
            Visit.closed_at >= at - timedelta(seconds=UNDO_SECONDS),
        )
        .order_by(Visit.closed_at.desc(), Visit.id.desc())
        .limit(1)
    )


def _visits() -> sa.Select[Visit]:
    return sa.select(Visit).options(
        joinedload(Visit.member, innerjoin=True).joinedload(Member.cell, innerjoin=True),
        joinedload(Visit.appointment),
    )


def list_waiting(session: Session, station_id: int) -> list[Waiting]:
    """The queue of a station, next one first: the later of slip time and arrival decides."""
    rows = session.execute(
        sa.select(
            Visit.id.label("visit_id"),
            Case.id.label("case_id"),
            Member.full_name,
            Cell.name.label("cell_name"),
            Member.birth_year,
            Member.needs_help,
            Visit.is_walk_in,
            Appointment.queue_number,
            Appointment.arrive_at,
            Stage.started_at.label("since_at"),
        )
        .join(Stage, Stage.visit_id == Visit.id)
        .join(Case, sa.and_(Case.campaign_id == Visit.campaign_id, Case.member_id == Visit.member_id))
        .join(Member, Member.id == Visit.member_id)
        .join(Cell, Cell.id == Member.cell_id)
        .outerjoin(Appointment, Appointment.id == Visit.appointment_id)
        .where(
            Visit.station_id == station_id,
            Visit.closed_at.is_(None),
            Stage.kind == StageKind.WAITING,
            Stage.ended_at.is_(None),
        )
        .order_by(Visit.due_at, Visit.id)
    )
    return [Waiting(**row) for row in rows.mappings()]


def day_numbers(session: Session, station_id: int, day_on: date, *, waiting_count: int) -> DayNumbers:
    """What a station has done on a day, and how many of those expected have come."""
    served = session.execute(
        sa.select(Visit.id, Stage.started_at, Stage.ended_at)
        .join(Stage, sa.and_(Stage.visit_id == Visit.id, Stage.kind == StageKind.SERVING))
        .where(Visit.station_id == station_id, Visit.day_on == day_on, Visit.outcome == CAPTURED)
    ).all()
    done = len({visit_id for visit_id, _, _ in served})
    booked, arrived = session.execute(
        sa.select(sa.func.count(Appointment.id.distinct()), sa.func.count(Visit.appointment_id.distinct()))
        .select_from(Appointment)
        .outerjoin(Visit, sa.and_(Visit.appointment_id == Appointment.id, Visit.day_on == day_on))
        .where(
            Appointment.station_id == station_id,
            Appointment.day_on == day_on,
            Appointment.state == AppointmentState.ACTIVE,
        )
    ).one()
    minutes = mean_minutes((Interval(start, end) for _, start, end in served if end), done)
    return DayNumbers(done, waiting_count, booked, arrived, minutes)


def list_lines(session: Session, station_id: int) -> list[Line]:
    """The lines of a station that are in use."""
    return list(
        session.scalars(
            sa.select(Line).where(Line.station_id == station_id, Line.is_active.is_(True)).order_by(Line.number)
        )
    )


def list_served(
    session: Session, campaign: Campaign, station_id: int, *, since: datetime | None, until: datetime
) -> list[Served]:
    """The members whom a station finished after `since` and not after `until`, in that order, with their minutes."""
    rows = session.execute(
        sa.select(Visit.id, Visit.closed_at, Member.birth_year, Stage.started_at, Stage.ended_at)
        .join(Visit.member)
        .join(Stage, sa.and_(Stage.visit_id == Visit.id, Stage.kind == StageKind.SERVING, Stage.ended_at.is_not(None)))
        .where(
            Visit.campaign_id == campaign.id,
            Visit.station_id == station_id,
            Visit.outcome == CAPTURED,
            Visit.closed_at <= until,
            sa.true() if since is None else Visit.closed_at > since,
        )
        .order_by(Visit.closed_at, Visit.id, Stage.id)
    ).all()
    minutes: dict[int, float] = {}
    for row in rows:
        minutes[row.id] = minutes.get(row.id, 0.0) + (row.ended_at - row.started_at).total_seconds() / 60
    people = {row.id: row for row in rows}
    return [
        Served(minutes[visit_id], is_elderly_born(row.birth_year, campaign), row.closed_at)
        for visit_id, row in people.items()
    ]
