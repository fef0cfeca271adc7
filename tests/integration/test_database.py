"""The promises of the database itself, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from cardqueue.core.audit import record
from cardqueue.core.database import Base, begin_write, db, writing
from cardqueue.core.models import AuditEntry, AuditSeal
from cardqueue.core.sealing import count_unsealed, find_broken_link, seal_audit_trail
from cardqueue.lib.clock import now_at
from cardqueue.organisation.models import Commune, Province
from tests.factories.people import make_town


def test_the_migrations_build_exactly_the_models(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []


def test_a_fresh_database_knows_34_provinces_and_3321_communes(session: Session) -> None:
    assert session.scalar(sa.select(sa.func.count()).select_from(Province)) == 34
    assert session.scalar(sa.select(sa.func.count()).select_from(Commune)) == 3321


def test_an_audit_row_and_its_seal_can_be_neither_changed_nor_deleted(session: Session) -> None:
    record(session, "test.write", "thing:1", before={"a": 1}, after={"a": 2})
    session.commit()
    seal_audit_trail(session, now_at())
    session.commit()
    changes = (sa.update(AuditEntry).values(actor="nobody"), sa.update(AuditSeal).values(hash="0" * 64))
    for statement in (*changes, sa.delete(AuditEntry), sa.delete(AuditSeal)):
        with pytest.raises(DatabaseError):
            session.execute(statement)
        session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 1


def test_the_audit_chain_holds_under_parallel_writers(app: Flask) -> None:
    def write() -> None:
        with app.app_context():
            for n in range(5):
                with writing(Session(db.engine)) as own:
                    record(own, "test.write", f"thing:{n}", after={"n": n, "when": "sáng"})
                    own.flush()
                own.close()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert count_unsealed(db.session()) == 30
        assert seal_audit_trail(db.session(), now_at()) == 30
        assert seal_audit_trail(db.session(), now_at()) == 0
        assert find_broken_link(db.session()) is None


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_entry SET actor = 'somebody else' WHERE id = 2",
        "DELETE FROM audit_seal WHERE entry_id = 2",
        "UPDATE audit_seal SET hash = 'x' WHERE entry_id = 2",
    ],
)
def test_whoever_gets_past_the_triggers_is_found_out(session: Session, tampering: str) -> None:
    for n in range(4):
        record(session, "test.write", f"thing:{n}", after={"n": n})
        session.commit()
    seal_audit_trail(session, now_at())
    session.commit()
    assert find_broken_link(session) is None
    if session.get_bind().dialect.name == "postgresql":
        for table in ("audit_entry", "audit_seal"):
            session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    else:
        for table in ("audit_entry", "audit_seal"):
            for verb in ("update", "delete"):
                session.execute(sa.text(f"DROP TRIGGER {table}_no_{verb}"))
    session.execute(sa.text(tampering))
    session.commit()
    session.expire_all()
    assert find_broken_link(session) is not None


def test_a_writing_transaction_must_begin_before_the_first_read(app: Flask, session: Session) -> None:
    session.execute(sa.select(1))
    with pytest.raises(RuntimeError):
        begin_write(session)


def test_personal_numbers_are_not_readable_in_the_stored_columns(session: Session) -> None:
    town = make_town(session)
    number = town.members[0].citizen_id
    assert number is not None
    stored = session.execute(sa.text("SELECT citizen_id, citizen_id_hash FROM member")).all()
    assert all(number.encode() not in bytes(row[0]) and number not in row[1] for row in stored)
