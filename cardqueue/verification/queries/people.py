"""The people behind records: read only where a page's task needs them."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.roster.models import Sex
from cardqueue.verification.engine.places import FEMALE, MALE
from cardqueue.verification.engine.shapes import Figures
from cardqueue.verification.models import PopulationRecord
from cardqueue.verification.queries.extracts import list_extracts_in_force
from cardqueue.verification.registries.keys import marked_key, record_mark, record_parts
from cardqueue.verification.rules import Person, iso_date

_SEXES = {MALE: Sex.MALE, FEMALE: Sex.FEMALE}


def list_records(
    session: Session, campaign_id: int, committee_id: int, record_hashes: Collection[str]
) -> list[PopulationRecord]:
    """The records in force behind the marks that checks keep; those of a hash-only source have no values to read."""
    extracts = list_extracts_in_force(session, campaign_id, committee_ids={committee_id})
    found = {key for mark in record_hashes if (key := marked_key(mark)) is not None}
    if not extracts or not found:
        return []
    return list(
        session.scalars(
            sa.select(PopulationRecord)
            .where(
                PopulationRecord.extract_id.in_([extract.id for extract in extracts]),
                PopulationRecord.number_key.in_(found),
            )
            .order_by(PopulationRecord.id)
        )
    )


def find_people(
    session: Session, campaign_id: int, committee_id: int, record_hashes: Collection[str]
) -> dict[str, Person]:
    """The people behind the marks that checks keep. Shapes: mark → person; those nobody can read are left out."""
    people: dict[str, Person] = {}
    for record in list_records(session, campaign_id, committee_id, record_hashes):
        person = person_of_record(record)
        people.setdefault(record_mark(person.citizen_id or ""), person)
    return people


def person_of_record(record: PopulationRecord) -> Person:
    """What a population record says."""
    number, name, _hometown, _old = record_parts(record.person)
    return Person(name, iso_date(Figures.from_int(record.born)), _SEXES.get(record.sex), number)
