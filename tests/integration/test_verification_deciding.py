"""Decisions: kept for good, a number by two people, taken back, many alike; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.cases.models import CaseState, PendingReason
from cardqueue.cases.services import complete_case, get_case
from cardqueue.core.audit import act_as
from cardqueue.core.errors import Conflict, Refused
from cardqueue.core.keyring import lookup_hash
from cardqueue.core.models import AuditEntry
from cardqueue.lib.clock import now_at
from cardqueue.roster.models import Member
from cardqueue.verification.models import CheckStatus, Decision, DecisionState
from cardqueue.verification.queries import count_alike, count_stages, find_people
from cardqueue.verification.rules import Field
from cardqueue.verification.services import Outcome, Typed, Undone, confirm, decide, decide_alike, refuse, undo
from cardqueue.verification.services.deciding.keeping import changes_of
from tests.factories.deciding import (
    AMBIGUOUS,
    BARE,
    MARKS,
    MARKS_TOO,
    MISSING,
    NEAR,
    SWAPPED,
    UNKNOWN,
    another_number,
    check_of,
    decide_as,
    make_differing_town,
    newest_decision,
)
from tests.factories.people import Town
from tests.factories.verification import bring, compare_all, csv_of, lines_of, record_line


@pytest.fixture
def town(session: Session) -> Town:
    return make_differing_town(session)


def answer(session: Session, town: Town, username: str, member: Member, reason: str | None = None) -> Outcome | None:
    """Confirm the newest proposal about a member, or refuse it with a reason."""
    act_as(session, username)
    check, proposal = check_of(session, member), newest_decision(session, member)
    if reason is None:
        return confirm(session, town.campaign, check, proposal, at=now_at())
    refuse(session, town.campaign, check, proposal, reason=reason, at=now_at())
    return None


def take_back(session: Session, town: Town, username: str, member: Member, *, is_chief: bool = False) -> Undone:
    act_as(session, username)
    kept = newest_decision(session, member)
    return undo(session, town.campaign, kept, reason="Nhầm người", is_chief=is_chief, at=now_at())


def stages(session: Session, town: Town) -> dict[str, int]:
    return count_stages(session, town.campaign.id, committee_ids={town.committee.id})


def test_a_decision_is_kept_with_its_evidence(session: Session, town: Town) -> None:
    member = town.members[SWAPPED]
    seen = check_of(session, member).evidence
    assert decide_as(session, town, "a.officer", member, Decision.RECORD_RIGHT) is Outcome.SETTLED
    session.commit()
    kept = newest_decision(session, member)
    assert (kept.state, kept.decision, kept.decided_by) == (DecisionState.APPLIED, Decision.RECORD_RIGHT, "a.officer")
    assert (kept.status, kept.evidence) == (CheckStatus.MISMATCH, seen)
    assert kept.levels is not None and kept.levels["number"] == 5 and kept.levels["date"] == 3
    assert kept.score is not None and kept.score > 0.9 and kept.engine_version
    assert changes_of(kept) == {Field.BIRTH_ON: (f"{member.birth_year}-02-11", f"{member.birth_year}-11-02")}
    assert member.birth_on == f"{member.birth_year}-11-02"


def test_what_a_decision_keeps_cannot_be_read_in_the_database(session: Session, town: Town) -> None:
    decide_as(session, town, "a.officer", town.members[NEAR], Decision.RECORD_RIGHT)
    session.commit()
    raw = session.execute(sa.text('SELECT "before", "values" FROM verification_decision')).one()
    number = another_number(town.members[NEAR])
    assert all(number.encode() not in bytes(value) for value in raw)


def test_a_new_number_waits_for_a_second_person(session: Session, town: Town) -> None:
    member = town.members[NEAR]
    old, new = member.citizen_id, another_number(member)
    before = stages(session, town)
    assert decide_as(session, town, "a.officer", member, Decision.RECORD_RIGHT) is Outcome.PROPOSED
    session.commit()
    assert member.citizen_id == old
    assert check_of(session, member).decision is None
    now = stages(session, town)
    assert (now["open"], now["second"]) == (before["open"] - 1, 1)
    with pytest.raises(Conflict, match="PROPOSAL_WAITS"):
        decide_as(session, town, "a.officer_2", member, Decision.ASK_CELL)
    with pytest.raises(Refused, match="ANOTHER_PERSON"):
        answer(session, town, "a.officer", member)
    assert answer(session, town, "a.officer_2", member) is Outcome.SETTLED
    session.commit()
    assert (member.citizen_id, member.citizen_id_hash) == (new, lookup_hash(new))
    check, kept = check_of(session, member), newest_decision(session, member)
    assert (check.decision, check.decided_by, check.blocks) == (Decision.RECORD_RIGHT, "a.officer", False)
    assert (kept.state, kept.answered_by) == (DecisionState.APPLIED, "a.officer_2")
    assert get_case(session, town.campaign.id, member.id).state == CaseState.NOT_YET
    actions = set(session.scalars(sa.select(AuditEntry.action).where(AuditEntry.subject == f"member:{member.id}")))
    assert {"verification.propose", "verification.confirm", "verification.decide"} <= actions
    with pytest.raises(Conflict, match="PROPOSAL_ANSWERED"):
        answer(session, town, "a.station_chief", member)
    assert compare_all(session, town).changed == 0


def test_a_refused_number_leaves_the_member_open(session: Session, town: Town) -> None:
    member = town.members[MISSING]
    assert decide_as(session, town, "a.officer", member, Decision.RECORD_RIGHT) is Outcome.PROPOSED
    with pytest.raises(Refused, match="REASON_MISSING"):
        answer(session, town, "a.station_chief", member, reason="")
    answer(session, town, "a.station_chief", member, reason="Căn cước ghi số khác")
    session.commit()
    kept = newest_decision(session, member)
    assert (kept.state, kept.answered_by, kept.answer) == (
        DecisionState.REFUSED, "a.station_chief", "Căn cước ghi số khác",
    )  # fmt: skip
    assert member.citizen_id is None
    assert stages(session, town)["second"] == 0
    assert decide_as(session, town, "a.officer", member, Decision.RECORD_RIGHT) is Outcome.PROPOSED


def test_a_proposal_lapses_when_the_evidence_moves(session: Session, town: Town) -> None:
    member = town.members[NEAR]
    decide_as(session, town, "a.officer", member, Decision.RECORD_RIGHT)
    moved = record_line(member, so_dinh_danh=another_number(member, by=9))
    bring(session, town, csv_of(*lines_of(town, m1=moved, m4=None, m5=None)))
    compare_all(session, town)
    session.commit()
    with pytest.raises(Conflict, match="CHECK_HAS_MOVED_ON"):
        answer(session, town, "a.officer_2", member)
    assert stages(session, town)["second"] == 0
    assert decide_as(session, town, "a.officer_2", member, Decision.RECORD_RIGHT) is Outcome.PROPOSED


def test_of_several_candidates_the_officer_chooses_one(session: Session, town: Town) -> None:
    member = town.members[AMBIGUOUS]
    check = check_of(session, member)
    assert [candidate["probability"] for candidate in check.candidates] == [0.5, 0.5]
    chosen = check.candidates[1]["record"]
    people = find_people(session, town.campaign.id, town.committee.id, [chosen])
    with pytest.raises(Refused, match="NO_RECORD"):
        decide_as(session, town, "a.officer", member, Decision.RECORD_RIGHT, Typed(record_hash="nobody"))
    typed = Typed(record_hash=chosen)
    assert decide_as(session, town, "a.officer", member, Decision.RECORD_RIGHT, typed) is Outcome.PROPOSED
    assert answer(session, town, "a.officer_2", member) is Outcome.SETTLED
    session.commit()
    assert member.citizen_id == people[chosen].citizen_id
    assert newest_decision(session, member).record_hash == chosen
    assert compare_all(session, town).changed == 0


def test_none_of_the_candidates_leaves_the_member_open_as_not_found(session: Session, town: Town) -> None:
    member = town.members[AMBIGUOUS]
    decide_as(session, town, "a.officer", member, Decision.NOBODY)
    session.commit()
    check = check_of(session, member)
    assert (check.status, check.candidates, check.decision, check.blocks) == (CheckStatus.NOT_FOUND, [], None, True)
    kept = newest_decision(session, member)
    assert (kept.decision, kept.record_hash) == (Decision.NOBODY, None) and kept.levels is not None
    compare_all(session, town)
    assert check_of(session, member).status == CheckStatus.NOT_FOUND
    take_back(session, town, "a.officer", member)
    check = check_of(session, member)
    assert (check.status, len(check.candidates)) == (CheckStatus.AMBIGUOUS, 2)


def test_a_number_from_the_papers_that_leads_to_somebody_else_stays_open(session: Session, town: Town) -> None:
    member, other = town.members[UNKNOWN], town.members[9]
    number = another_number(member, by=77)
    born_on = f"{member.birth_year}-01-30"
    stranger = record_line(member, so_dinh_danh=number, ho_ten="TRẦN THỊ KHÁC HẲN", ngay_sinh=born_on)
    bring(session, town, csv_of(*lines_of(town, m3=stranger, m4=None, m5=None)))
    compare_all(session, town)
    typed = Typed({Field.CITIZEN_ID: number}, "Theo căn cước")
    assert decide_as(session, town, "a.officer", member, Decision.BOTH_WRONG, typed) is Outcome.PROPOSED
    assert answer(session, town, "a.officer_2", member) is Outcome.DIFFERS_ELSEWHERE
    session.commit()
    check = check_of(session, member)
    assert member.citizen_id == number
    assert (check.decision, check.blocks) == (None, True)
    taken = Typed({Field.CITIZEN_ID: str(other.citizen_id)})
    with pytest.raises(Refused, match=r"NUMBER_(TAKEN|SEX|YEAR)"):
        decide_as(session, town, "a.officer", member, Decision.BOTH_WRONG, taken)


def test_undoing_puts_everything_back(session: Session, town: Town) -> None:
    member = town.members[NEAR]
    old_number, before = member.citizen_id, check_of(session, member)
    said = (before.status, before.differences, before.blocks, before.evidence, before.record_hash, before.candidates)
    case = get_case(session, town.campaign.id, member.id)
    stood = (case.state, case.reason, case.note, case.due_on)
    decide_as(session, town, "a.officer", member, Decision.RECORD_RIGHT)
    answer(session, town, "a.officer_2", member)
    session.commit()
    with pytest.raises(Refused, match="NOT_YOURS_TO_UNDO"):
        take_back(session, town, "a.officer_2", member)
    take_back(session, town, "a.station_chief", member, is_chief=True)
    session.commit()
    after = check_of(session, member)
    assert member.citizen_id == old_number and member.citizen_id_hash == lookup_hash(old_number)
    assert (after.status, after.differences, after.blocks, after.evidence, after.record_hash, after.candidates) == said
    assert (after.decision, after.decided_at, after.confirmed) == (None, None, None)
    case = get_case(session, town.campaign.id, member.id)
    assert (case.state, case.reason, case.note, case.due_on) == stood
    kept = newest_decision(session, member)
    assert (kept.state, kept.undone_by, kept.answer) == (DecisionState.UNDONE, "a.station_chief", "Nhầm người")
    assert compare_all(session, town).changed == 0
    with pytest.raises(Conflict, match="DECISION_ANSWERED"):
        take_back(session, town, "a.officer", member)


def test_undoing_a_question_to_the_cell_closes_what_it_opened(session: Session, town: Town) -> None:
    member = town.members[SWAPPED]
    due_on = date(2030, 8, 20)
    decide_as(session, town, "a.officer", member, Decision.ASK_CELL, Typed(due_on=due_on))
    case = get_case(session, town.campaign.id, member.id)
    assert (case.state, case.reason, case.due_on) == (CaseState.PENDING, PendingReason.WRONG_INFO, due_on)
    take_back(session, town, "a.officer", member)
    assert get_case(session, town.campaign.id, member.id).state == CaseState.NOT_YET
    assert check_of(session, member).decision is None


def test_a_proposal_is_withdrawn_by_whoever_made_it(session: Session, town: Town) -> None:
    member = town.members[NEAR]
    decide_as(session, town, "a.officer", member, Decision.RECORD_RIGHT)
    take_back(session, town, "a.officer", member)
    session.commit()
    assert newest_decision(session, member).state == DecisionState.UNDONE
    assert stages(session, town)["second"] == 0


def done_at_the_counter(session: Session, town: Town, member: Member) -> None:
    complete_case(session, get_case(session, town.campaign.id, member.id), at=now_at())


def changed_by_the_committee(session: Session, town: Town, member: Member) -> None:
    member.birth_on = f"{member.birth_year}-05-05"


def decided_again(session: Session, town: Town, member: Member) -> None:
    typed = Typed({Field.BIRTH_ON: f"{member.birth_year}-06-06"}, "Theo giấy khai sinh")
    decide_as(session, town, "a.officer_2", member, Decision.BOTH_WRONG, typed)


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (done_at_the_counter, "UNDO_DONE"),
        (changed_by_the_committee, "UNDO_TOO_LATE"),
        (decided_again, "UNDO_TOO_LATE"),
    ],
)
def test_nothing_newer_is_undone(
    session: Session, town: Town, happens: Callable[[Session, Town, Member], None], code: str
) -> None:
    member = town.members[SWAPPED]
    decide_as(session, town, "a.officer", member, Decision.RECORD_RIGHT)
    first = newest_decision(session, member)
    happens(session, town, member)
    session.flush()
    act_as(session, "a.officer")
    with pytest.raises(Refused, match=code):
        undo(session, town.campaign, first, reason="Nhầm", is_chief=False, at=now_at())


def test_many_are_decided_alike_and_taken_back_together(session: Session, town: Town) -> None:
    committees = {town.committee.id}
    assert count_alike(session, town.campaign.id, committee_ids=committees) == {"spelling": 0, "bare": 1, "marks": 2}
    act_as(session, "a.officer")
    m = town.members
    seen = {m[n].id: check_of(session, m[n]).evidence for n in (MARKS, MARKS_TOO, BARE, SWAPPED)}
    done = decide_alike(
        session, town.campaign, seen, Decision.RECORD_RIGHT, committee_ids=committees, reason="", at=now_at()
    )
    session.commit()
    assert (len(done.done), done.left_out) == (3, [m[SWAPPED].full_name])
    assert [m[n].full_name for n in (MARKS, MARKS_TOO, BARE)] == ["Lê Thị Hòa", "Đỗ Trọng Nghịa", "Hoàng Kim Liên"]
    entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "verification.decide_alike")).all()
    assert [entry.after for entry in entries] == [{"decision": "record_right", "members": 3}]
    assert compare_all(session, town).changed == 0
    m[BARE].full_name = "Hoàng Kim Liêng"
    undone = undo(session, town.campaign, done.done[0], reason="Nhầm loạt", is_chief=False, at=now_at())
    session.commit()
    assert (len(undone.done), undone.left_out) == (2, ["Hoàng Kim Liêng"])
    assert [m[n].full_name for n in (MARKS, MARKS_TOO)] == ["Lê Thị Hóa", "Đỗ Trọng Nghĩa"]


def test_whose_evidence_moved_is_left_out_of_many(session: Session, town: Town) -> None:
    act_as(session, "a.officer")
    m, committees = town.members, {town.committee.id}
    seen = {m[MARKS].id: check_of(session, m[MARKS]).evidence, m[BARE].id: "something older"}
    with pytest.raises(Refused, match="REASON_MISSING"):
        decide_alike(
            session, town.campaign, seen, Decision.ROSTER_RIGHT, committee_ids=committees, reason="", at=now_at()
        )
    done = decide_alike(
        session, town.campaign, seen, Decision.ROSTER_RIGHT, committee_ids=committees, reason="Khai sinh", at=now_at()
    )
    assert (len(done.done), done.left_out) == (1, [m[BARE].full_name])
    assert m[MARKS].full_name == "Lê Thị Hóa"
    with pytest.raises(Refused, match="NOBODY_CHOSEN"):
        decide_alike(session, town.campaign, seen, Decision.RECORD_RIGHT, committee_ids=(), reason="", at=now_at())


def test_a_stale_page_decides_nothing(session: Session, town: Town) -> None:
    check = check_of(session, town.members[SWAPPED])
    with pytest.raises(Conflict, match="CHECK_HAS_MOVED_ON"):
        decide(session, town.campaign, check, Decision.RECORD_RIGHT, Typed(), seen="older", at=now_at() + timedelta(1))
