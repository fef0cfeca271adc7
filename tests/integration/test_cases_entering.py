"""No member can stand on the list without a case in the ledger, whoever wrote the member."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.cases.models import Case
from cardqueue.lib.clock import now_at
from cardqueue.roster.models import Member, MemberStatus
from tests.factories.people import Town, make_member, make_town


def cases_of(session: Session, member: Member) -> list[Case]:
    """The member's cases as the database has them."""
    return list(session.scalars(sa.select(Case).where(Case.member_id == member.id)))


def test_a_new_member_has_a_case_as_soon_as_the_transaction_is_committed(session: Session) -> None:
    town = make_town(session)
    member = make_member(session, town.cells[0], 900)
    session.commit()
    [case] = cases_of(session, member)
    assert (case.campaign_id, case.state, case.is_counted) == (town.campaign.id, "not_yet", True)


def test_a_member_added_without_a_flush_has_one_too(session: Session) -> None:
    town = make_town(session)
    like = town.members[0]
    member = Member(
        committee_id=like.committee_id,
        cell_id=like.cell_id,
        full_name="Lê Thị Mới",
        search_key="le thi moi",
        sort_key="moi",
        created_at=now_at(),
        updated_at=now_at(),
    )
    session.add(member)
    session.commit()
    assert len(cases_of(session, member)) == 1


def test_a_changed_standing_or_a_removal_changes_the_denominator_at_once(session: Session) -> None:
    town = make_town(session)
    dead, gone = town.members[:2]
    dead.status, gone.removed_at = MemberStatus.DECEASED, now_at()
    session.commit()
    assert [cases_of(session, member)[0].is_counted for member in (dead, gone)] == [False, False]
    gone.removed_at = None
    session.commit()
    assert cases_of(session, gone)[0].is_counted


def test_a_member_written_in_a_savepoint_waits_for_the_transaction(session: Session) -> None:
    town = make_town(session)
    with session.begin_nested():
        kept = make_member(session, town.cells[0], 900)
    savepoint = session.begin_nested()
    dropped = make_member(session, town.cells[0], 901)
    dropped_id = dropped.id
    savepoint.rollback()
    session.commit()
    assert len(cases_of(session, kept)) == 1
    assert session.get(Member, dropped_id) is None


def test_a_rolled_back_member_leaves_nothing_behind(session: Session) -> None:
    town = make_town(session)
    count = _count(session, town)
    make_member(session, town.cells[0], 900)
    session.rollback()
    session.commit()
    assert _count(session, town) == count


def test_without_an_open_campaign_there_is_nothing_to_enter(session: Session) -> None:
    town = make_town(session)
    town.campaign.closed_at = now_at()
    session.commit()
    member = make_member(session, town.cells[0], 900)
    session.commit()
    assert cases_of(session, member) == []


def _count(session: Session, town: Town) -> int:
    cases = sa.select(sa.func.count()).select_from(Case).where(Case.campaign_id == town.campaign.id)
    return session.scalar(cases) or 0
