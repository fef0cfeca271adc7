"""The posterior's parameters learnt from officers' decisions: gathered, shown, accepted, used; on both databases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from cardqueue.core.audit import act_as
from cardqueue.core.models import AuditEntry
from cardqueue.lib.clock import now_at
from cardqueue.verification.engine.dates import DateLevel
from cardqueue.verification.engine.estimating import parameters_from
from cardqueue.verification.engine.posterior import ASSUMED
from cardqueue.verification.models import Decision, MatchingParameters
from cardqueue.verification.parameters_cli import estimate_parameters as estimate_command
from cardqueue.verification.parameters_cli import report
from cardqueue.verification.queries import current_parameters
from cardqueue.verification.services import Typed
from cardqueue.verification.services.parameters import accept_parameters, estimate_parameters, gather
from tests.factories.deciding import AMBIGUOUS, MARKS, SWAPPED, check_of, decide_as, make_differing_town
from tests.factories.people import Town
from tests.factories.verification import compare_all


@pytest.fixture
def town(session: Session) -> Town:
    return make_differing_town(session)


def test_confirmed_pairs_are_counted_by_their_levels(session: Session, town: Town) -> None:
    untouched = gather(session)
    assert (untouched.confirmed, untouched.nobody) == (0, 0) and untouched.undecided > 0
    decide_as(session, town, "a.officer", town.members[SWAPPED], Decision.RECORD_RIGHT)
    decide_as(session, town, "a.officer", town.members[MARKS], Decision.ROSTER_RIGHT, Typed(reason="Giấy khai sinh"))
    session.commit()
    seen = gather(session)
    assert seen.confirmed == 2
    assert seen.levels["date"][DateLevel.SWAPPED] == 1
    assert seen.undecided == untouched.undecided - 2
    # A member whose record was right is equal to it now, and still counts as the pair that an officer confirmed.
    assert seen.matched == untouched.matched


def test_nobody_of_the_candidates_speaks_for_more_people_outside(session: Session, town: Town) -> None:
    decide_as(
        session, town, "a.officer", town.members[AMBIGUOUS], Decision.NOBODY, Typed(reason="Không phải người này")
    )
    session.commit()
    found = estimate_parameters(session)
    assert (found.seen.confirmed, found.seen.nobody) == (0, 1)
    assert ASSUMED.outside_share < found.after.outside_share < 2 * ASSUMED.outside_share


def test_estimating_writes_nothing_and_accepted_parameters_hold_and_leave_a_trace(session: Session, town: Town) -> None:
    decide_as(session, town, "a.officer", town.members[SWAPPED], Decision.RECORD_RIGHT)
    session.commit()
    found = estimate_parameters(session)
    assert session.scalar(sa.select(sa.func.count()).select_from(MatchingParameters)) == 0
    assert current_parameters(session) == ASSUMED == found.before
    assert found.effect.waiting > 0
    said = "\n".join(report(found))
    assert "date swapped" in said and "1 pairs confirmed" in said
    act_as(session, "command line (chief)")
    accepted = accept_parameters(session, found, now_at())
    session.commit()
    assert (accepted.accepted_by, accepted.decision_count) == ("command line (chief)", 1)
    assert current_parameters(session) == found.after != ASSUMED
    trace = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "verification.parameters")).one()
    assert trace.actor == "command line (chief)" and (trace.after or {})["decision_count"] == 1


def test_checks_say_which_parameters_they_rest_on_and_decisions_outlive_new_ones(session: Session, town: Town) -> None:
    decide_as(session, town, "a.officer", town.members[SWAPPED], Decision.RECORD_RIGHT)
    decide_as(session, town, "a.officer", town.members[AMBIGUOUS], Decision.NOBODY, Typed(reason="Không phải"))
    session.commit()
    waiting, decided = check_of(session, town.members[MARKS]), check_of(session, town.members[SWAPPED])
    before = (waiting.evidence, waiting.status, waiting.score)
    accepted = accept_parameters(session, estimate_parameters(session), now_at())
    session.commit()
    compare_all(session, town)
    session.commit()
    assert waiting.engine_version.endswith(f"+{accepted.id}")
    assert (waiting.evidence, waiting.status) == before[:2] and waiting.score != before[2]
    assert decided.decision == Decision.RECORD_RIGHT
    again = compare_all(session, town)
    assert again.changed == 0


def test_the_command_shows_before_and_after_and_asks(app: Flask, session: Session, town: Town, tmp_path: Path) -> None:
    decide_as(session, town, "a.officer", town.members[SWAPPED], Decision.RECORD_RIGHT)
    session.commit()

    def call(*arguments: str, answer: str = "") -> str:
        result = CliRunner().invoke(estimate_command, list(arguments), obj=lambda: app, input=answer)
        assert result.exit_code == 0, result.output
        return result.output

    assert "Nothing was changed" in call(answer="n\n")
    assert "nothing was accepted" in call(f"--out={tmp_path / 'parameters.json'}")
    assert session.scalar(sa.select(sa.func.count()).select_from(MatchingParameters)) == 0
    session.rollback()
    assert "hold from now on" in call("--yes")
    assert session.scalars(sa.select(MatchingParameters.accepted_by)).one().startswith("command line (")
    stored = json.loads((tmp_path / "parameters.json").read_text(encoding="utf-8"))
    assert parameters_from(stored) == current_parameters(session)
