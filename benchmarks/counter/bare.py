"""The least that could check a member in and find one by name: what the product is measured against.

It asks the same database in the same way as the product (on SQLite in the same fair queue of writers) and does what no
such endpoint can leave out: know the officer, one UPDATE, one INSERT, one commit; fifty rows by a LIKE on an indexed
search key, as JSON.
"""

from __future__ import annotations

import os
from datetime import datetime

import sqlalchemy as sa
from flask import Flask, abort, jsonify, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from cardqueue.core.database import UtcDateTime, begin_write
from cardqueue.lib.clock import now_at

SECRET_KEY = "only-for-benchmarks-" + "x" * 32
DATABASE = "BENCHMARK_BARE_DATABASE_URL"
LIMIT = 50


class Base(DeclarativeBase):
    """The bare tables."""

    type_annotation_map = {datetime: UtcDateTime()}  # noqa: RUF012 — SQLAlchemy declares it so


class Officer(Base):
    """Who may check in."""

    __tablename__ = "bare_officer"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Member(Base):
    """A member with an appointment."""

    __tablename__ = "bare_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    full_name: Mapped[str]
    search_key: Mapped[str] = mapped_column(index=True)
    sort_key: Mapped[str]
    cell_name: Mapped[str]
    birth_year: Mapped[int]
    arrive_at: Mapped[datetime]
    checked_in_at: Mapped[datetime | None]


class CheckIn(Base):
    """A check-in that was done."""

    __tablename__ = "bare_check_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("bare_member.id"))
    officer_id: Mapped[int] = mapped_column(sa.ForeignKey("bare_officer.id"))
    at: Mapped[datetime]


def bare_engine(url: str) -> sa.Engine:
    """An engine with a pool for every thread of a server."""
    options = {"pool_size": 10, "connect_args": {"timeout": 30, "check_same_thread": False}}
    return sa.create_engine(url, **(options if url.startswith("sqlite") else {"pool_size": 10}))


def make_app() -> Flask:
    """The bare application on the database that the environment names."""
    app = Flask(__name__)
    app.secret_key = SECRET_KEY
    engine = bare_engine(os.environ[DATABASE])

    @app.post("/check-ins")
    def check_ins() -> ResponseReturnValue:
        with Session(engine) as database:
            begin_write(database)
            officer, at = _officer(database), now_at()
            member_id = database.scalar(
                sa.update(Member)
                .where(Member.code == request.get_json()["code"], Member.checked_in_at.is_(None))
                .values(checked_in_at=at)
                .returning(Member.id)
            )
            if member_id is None:
                abort(409)
            database.add(CheckIn(member_id=member_id, officer_id=officer.id, at=at))
            database.commit()
        return jsonify(member_id=member_id), 201

    @app.get("/members")
    def members() -> ResponseReturnValue:
        with Session(engine) as database:
            _officer(database)
            found = database.scalars(
                sa.select(Member)
                .where(Member.search_key.like(f"%{request.args['name']}%"))
                .order_by(Member.sort_key)
                .limit(LIMIT)
            )
            return jsonify(members=[_shown(member) for member in found])

    return app


def _shown(member: Member) -> dict[str, object]:
    return {
        "id": member.id,
        "full_name": member.full_name,
        "cell": member.cell_name,
        "birth_year": member.birth_year,
        "arrive_at": member.arrive_at.isoformat(),
    }


def _officer(database: Session) -> Officer:
    return database.get(Officer, session.get("officer_id")) or abort(401)
