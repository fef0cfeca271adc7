"""The same 3,000 fictitious members in the product's tables and in the bare ones, each with an appointment now."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from benchmarks.counter import bare
from cardqueue.cases.models import Case, CaseState
from cardqueue.core.database import db
from cardqueue.core.keyring import lookup_hash
from cardqueue.demo.people import Member as Person
from cardqueue.demo.people import make_commune
from cardqueue.lib.clock import now_at, to_local
from cardqueue.lib.names import search_key, sort_key
from cardqueue.lib.slip_code import new_code
from cardqueue.organisation.models import Cell
from cardqueue.roster.models import Member, MemberStatus
from cardqueue.scheduling.models import Appointment, AppointmentState
from tests.factories.people import Town, make_town

MEMBERS = 3_000
OFFICER = "a.officer"
WORK = 400


def people_and_codes() -> list[tuple[Person, str]]:
    """The members with the codes of their slips."""
    rng = random.Random(1)
    return [(person, new_code(rng)) for person in make_commune(1, members=MEMBERS).members]


def common_words(people: list[tuple[Person, str]], *, at_least: int) -> list[str]:
    """Words that so many names have: what an officer may type and get a full page for."""
    counts = Counter(word for person, _ in people for word in set(search_key(person.full_name).split()))
    return sorted(word for word, count in counts.items() if count >= at_least)


def fill_product(app: Flask, people: list[tuple[Person, str]]) -> None:
    """A town with the members, invited for this very moment."""
    with app.app_context():
        session = db.session()
        at = now_at()
        town = make_town(session, "a", cells=1, members_per_cell=0, day=to_local(at).date())
        cell_ids = _add_cells(session, town, people)
        first = (session.scalar(sa.select(sa.func.max(Member.id))) or 0) + 1
        numbered = list(enumerate(people, first))
        session.execute(
            sa.insert(Member),
            [_member(number, town, cell_ids[person.cell.number], person, at) for number, (person, _) in numbered],
        )
        cases = {"campaign_id": town.campaign.id, "state": CaseState.NOT_YET, "is_counted": True, "since_at": at}
        session.execute(sa.insert(Case), [cases | {"member_id": number} for number, _ in numbered])
        session.execute(
            sa.insert(Appointment), [_appointment(number, town, code, at) for number, (_, code) in numbered]
        )
        session.commit()
        _analyse(session.connection())
        db.session.remove()


def fill_bare(url: str, people: list[tuple[Person, str]]) -> int:
    """The bare tables with the same members; gives the officer's id."""
    engine = bare.bare_engine(url)
    bare.Base.metadata.create_all(engine)
    at = now_at()
    with Session(engine) as session:
        session.add(bare.Officer(id=1, name=OFFICER))
        session.execute(
            sa.insert(bare.Member),
            [
                {
                    "code": code,
                    "full_name": person.full_name,
                    "search_key": search_key(person.full_name),
                    "sort_key": sort_key(person.full_name),
                    "cell_name": person.cell.name,
                    "birth_year": person.birth_on.year,
                    "arrive_at": at,
                }
                for person, code in people
            ],
        )
        session.commit()
        _analyse(session.connection())
    engine.dispose()
    return 1


def _analyse(connection: sa.Connection) -> None:
    """Let the database know its tables, as it would after a night in service."""
    connection.exec_driver_sql("ANALYZE")
    connection.commit()


def _add_cells(session: Session, town: Town, people: list[tuple[Person, str]]) -> dict[int, int]:
    cells = {
        cell.number: Cell(
            committee_id=town.committee.id,
            name=cell.name,
            search_key=f"{search_key(cell.name)} {cell.number}",
            sort_key=sort_key(cell.name),
        )
        for cell in {person.cell.number: person.cell for person, _ in people}.values()
    }
    session.add_all(cells.values())
    session.flush()
    return {number: cell.id for number, cell in cells.items()}


def _member(number: int, town: Town, cell_id: int, person: Person, at: datetime) -> dict[str, object]:
    return {
        "id": number,
        "committee_id": town.committee.id,
        "cell_id": cell_id,
        "full_name": person.full_name,
        "search_key": search_key(person.full_name),
        "sort_key": sort_key(person.full_name),
        "birth_on": person.birth_on.isoformat(),
        "birth_year": person.birth_on.year,
        "sex": person.sex.value,
        "citizen_id": person.citizen_id,
        "citizen_id_hash": lookup_hash(person.citizen_id),
        "status": MemberStatus.OFFICIAL,
        "created_at": at,
        "updated_at": at,
    }


def _appointment(number: int, town: Town, code: str, at: datetime) -> dict[str, object]:
    return {
        "campaign_id": town.campaign.id,
        "member_id": number,
        "station_id": town.station.id,
        "window_id": town.windows[0].id,
        "code": code,
        "arrive_at": at,
        "day_on": to_local(at).date(),
        "queue_number": number,
        "work": WORK,
        "state": AppointmentState.ACTIVE,
        "created_at": at,
    }
