"""The ledger: one state a member, a reason for every pending one, a history, and its pages."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cardqueue.cases.models import Case, CaseState, PendingReason
from cardqueue.cases.queries import tally_by_cell, tally_total
from cardqueue.cases.services import complete_case, enter_members, get_case, open_case, resolve_case
from cardqueue.core.errors import Refused
from cardqueue.lib.clock import now_at
from cardqueue.roster.models import MemberStatus
from tests.factories.people import Town, make_member, make_town

SignIn = Callable[[str], FlaskClient]
Move = tuple[int, str]


@pytest.fixture
def town(session: Session) -> Town:
    """One commune."""
    return make_town(session)


def test_probationary_and_departed_members_are_counted_apart(session: Session) -> None:
    town = make_town(session)
    for n, status in enumerate((MemberStatus.PROBATIONARY, MemberStatus.DECEASED, MemberStatus.LEFT)):
        member = make_member(session, town.cells[0], 900 + n, status=status)
        enter_members(session, [member], now_at())
    tally = tally_by_cell(session, town.campaign.id, committee_ids=[town.committee.id])[town.cells[0].id]
    assert (tally.invited, tally.outside) == (4, 3)


def test_a_member_who_becomes_official_enters_the_denominator(session: Session) -> None:
    town = make_town(session)
    member = make_member(session, town.cells[0], 900, status=MemberStatus.PROBATIONARY)
    assert enter_members(session, [member], now_at()) == 1
    member.status = MemberStatus.OFFICIAL
    assert enter_members(session, [member], now_at()) == 0
    assert get_case(session, town.campaign.id, member.id).is_counted


def test_the_database_refuses_a_pending_member_without_a_reason(session: Session) -> None:
    town = make_town(session)
    with pytest.raises(IntegrityError, match="pending_has_reason"):
        session.execute(sa.update(Case).where(Case.member_id == town.members[0].id).values(state="pending"))


def test_a_done_member_cannot_become_pending(session: Session) -> None:
    town = make_town(session)
    case = get_case(session, town.campaign.id, town.members[0].id)
    complete_case(session, case, at=now_at())
    with pytest.raises(Refused, match="CASE_ALREADY_DONE"):
        open_case(session, case, PendingReason.BUSY, at=now_at())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.integers(0, 11), st.sampled_from(["done", "open", "resolve"])), max_size=20))
def test_invited_is_done_plus_pending_plus_not_yet_after_any_moves(
    session: Session, town: Town, moves: list[Move]
) -> None:
    for index, verb in moves:
        case = get_case(session, town.campaign.id, town.members[index].id)
        with contextlib.suppress(Refused):
            match verb:
                case "done":
                    complete_case(session, case, at=now_at())
                case "open":
                    open_case(session, case, PendingReason.AWAY, at=now_at())
                case _ if case.state == CaseState.PENDING:
                    resolve_case(session, case, at=now_at())
    tallies = tally_by_cell(session, town.campaign.id, committee_ids=[town.committee.id])
    total = tally_total(list(tallies.values()))
    session.rollback()
    assert total.invited == len(town.members) == total.done + total.pending + total.not_yet
    assert total.pending == sum(total.by_reason.values())


def test_the_committee_opens_changes_and_settles_a_case(sign_in: SignIn, session: Session, town: Town) -> None:
    client, member = sign_in("a.committee"), town.members[0]
    url = f"/cases/{member.id}"
    assert client.get(url).status_code == 200
    assert client.post(url, data={"note": "x"}).status_code == 422
    answer = client.post(url, data={"reason": "AWAY", "due_on": "20/08/2030", "note": "Con đón vào thành phố"})
    assert answer.status_code == 302
    listed = client.get("/pending?reason=AWAY")
    assert member.full_name in listed.text and "20/08/2030" in listed.text
    assert client.post(f"{url}/resolve").status_code == 302
    page = client.get(url)
    assert "Con đón vào thành phố" in page.text and "Hẹn lại" in page.text


def test_wrong_information_is_settled_only_with_a_note(sign_in: SignIn, session: Session, town: Town) -> None:
    case = get_case(session, town.campaign.id, town.members[0].id)
    open_case(session, case, PendingReason.WRONG_INFO, at=now_at())
    session.commit()
    client, url = sign_in("a.committee"), f"/cases/{case.member_id}/resolve"
    assert client.post(url).status_code == 422
    assert client.post(url, data={"resolve-note": "Đã đối chiếu căn cước gốc"}).status_code == 302


def test_a_secretary_sees_the_own_cell_only(sign_in: SignIn, session: Session, town: Town) -> None:
    mine, other = town.members[0], town.members[-1]
    for member in (mine, other):
        open_case(session, get_case(session, town.campaign.id, member.id), PendingReason.BUSY, at=now_at())
    session.commit()
    client = sign_in("a.cell_secretary")
    listed = client.get("/pending")
    assert mine.full_name in listed.text and other.full_name not in listed.text
    assert client.get(f"/cases/{mine.id}").status_code == 200
    assert client.get(f"/cases/{other.id}").status_code == 404


def test_another_commune_s_case_does_not_exist(sign_in: SignIn, session: Session, town: Town) -> None:
    other = make_town(session, "b")
    client = sign_in("a.committee")
    assert client.get(f"/cases/{other.members[0].id}").status_code == 404
    assert client.post(f"/cases/{other.members[0].id}/resolve").status_code == 404
