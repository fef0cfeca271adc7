"""Checks and what was decided about them live through the change to the matching engine, and back."""

from __future__ import annotations

import flask_migrate
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from cardqueue.core.database import db
from cardqueue.lib.clock import now_at
from cardqueue.verification.models import Check, CheckStatus, Decision
from tests.factories.people import make_town

BEFORE_THE_ENGINE = "0010"
CHECKS = sa.table(
    "verification_check",
    sa.column("status", sa.String),
    sa.column("differences", sa.JSON),
    sa.column("decision", sa.String),
)
STORED = [
    (CheckStatus.MISMATCH, {"full_name": "bare", "birth_on": "one_part"}, Decision.RECORD_RIGHT),
    (CheckStatus.MISMATCH, {"full_name": "typo", "sex": "differs"}, None),
    (CheckStatus.MISSING, {"citizen_id": "missing"}, None),
    (CheckStatus.AMBIGUOUS, {"citizen_id": "close"}, None),
    (CheckStatus.MATCH, {}, None),
]


def test_levels_and_statuses_are_translated_both_ways(app: Flask, session: Session) -> None:
    town = make_town(session, "a")
    for member, (status, differences, decision) in zip(town.members, STORED, strict=False):
        check = Check(
            campaign_id=town.campaign.id,
            member_id=member.id,
            status=status,
            differences=differences,
            evidence="seen",
            checked_at=now_at(),
            decision=decision,
            decided_at=now_at() if decision else None,
        )
        session.add(check)
    session.commit()
    session.close()
    assert stored(app, BEFORE_THE_ENGINE) == [
        ("mismatch", {"full_name": "diacritics_differ", "birth_on": "different"}, "record_right"),
        ("mismatch", {"full_name": "different", "sex": "different"}, None),
        ("no_id", {"citizen_id": "missing"}, None),
        ("not_found", {"citizen_id": "unknown"}, None),
        ("match", {}, None),
    ]
    assert stored(app, "head") == [
        ("mismatch", {"full_name": "marks", "birth_on": "other"}, "record_right"),
        ("mismatch", {"full_name": "none", "sex": "differs"}, None),
        ("missing", {"citizen_id": "missing"}, None),
        ("not_found", {"citizen_id": "unknown"}, None),
        ("match", {}, None),
    ]


def stored(app: Flask, revision: str) -> list[tuple[str, dict[str, str], str | None]]:
    """The checks as they stand once the database is at a revision."""
    with app.app_context():
        go = flask_migrate.upgrade if revision == "head" else flask_migrate.downgrade
        go(directory="migrations", revision=revision)
        with db.engine.connect() as connection:
            rows = connection.execute(sa.select(CHECKS).order_by(sa.column("id"))).all()
        return [(row.status, row.differences, row.decision) for row in rows]
