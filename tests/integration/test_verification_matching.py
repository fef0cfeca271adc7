"""Extracts in force, comparing, the ledger, and decisions that hold, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.cases.models import Case, CaseState, PendingReason
from cardqueue.cases.services import complete_case, get_case, open_case, resolve_case
from cardqueue.core.audit import act_as
from cardqueue.core.errors import Conflict, Refused
from cardqueue.core.keyring import lookup_hash
from cardqueue.core.models import AuditEntry
from cardqueue.lib.clock import now_at
from cardqueue.roster.models import Member, Sex
from cardqueue.verification.jobs import match_changed, purge_leftovers
from cardqueue.verification.models import Check, CheckStatus, Decision, PopulationExtract, PopulationRecord
from cardqueue.verification.queries import count_by_cell, total_of
from cardqueue.verification.rules import Field
from cardqueue.verification.services import FaultyExtract, Typed, decide, keep_upload, match_records
from cardqueue.verification.services.correcting import stored_changes
from tests.factories.people import Town, citizen_id, make_case, make_member, make_town
from tests.factories.verification import bring, compare_all, csv_of, lines_of, record_line


@pytest.fixture
def town(session: Session) -> Town:
    return make_town(session, "a")


def check_of(session: Session, town: Town, number: int) -> Check:
    check = session.scalar(sa.select(Check).where(Check.member_id == town.members[number].id))
    assert check is not None
    return check


def case_of(session: Session, town: Town, number: int) -> Case:
    return get_case(session, town.campaign.id, town.members[number].id)


def settle(session: Session, town: Town, number: int, decision: Decision, typed: Typed | None = None) -> bool:
    check = check_of(session, town, number)
    act_as(session, "a.officer")
    return decide(session, town.campaign, check, decision, typed or Typed(), seen=check.evidence, at=now_at())


def test_each_member_gets_the_status_that_the_extract_gives(session: Session, town: Town) -> None:
    other = make_town(session, "b")
    twin = make_member(session, other.cells[0], 1, citizen_id=town.members[3].citizen_id)
    make_case(session, town.campaign, twin)
    m = town.members
    changed = {
        "m1": record_line(m[1], ho_ten="LÊ THỊ KHÁC"),
        "m2": None,
        "m5": record_line(m[5], ngay_sinh=(m[5].birth_on or "")[:4]),
    }
    lines = [*lines_of(town, **changed), record_line(m[6], ho_ten="TRẦN VĂN HAI")]
    m[4].citizen_id = m[4].citizen_id_hash = None
    session.flush()
    bring(session, town, csv_of(*lines))
    done = compare_all(session, town)
    session.commit()
    assert done.compared == done.changed == 12
    assert [check_of(session, town, n).status for n in range(7)] == [
        CheckStatus.MATCH,
        CheckStatus.MISMATCH,
        CheckStatus.NOT_FOUND,
        CheckStatus.DUPLICATE,
        CheckStatus.MISSING,
        CheckStatus.MISMATCH,
        CheckStatus.DUPLICATE,
    ]
    reasons = [case_of(session, town, n).reason for n in range(7)]
    wrong = PendingReason.WRONG_INFO
    assert reasons == [None, wrong, wrong, wrong, PendingReason.ID_MISSING, None, wrong]
    case = case_of(session, town, 1)
    assert case.owner_id is None and case.due_on is not None
    assert case.note == "Đối soát dữ liệu dân cư: họ và tên"
    total = total_of(count_by_cell(session, town.campaign.id, committee_ids={town.committee.id}))
    assert (total.right, total.wrong, total.missing, total.twice, total.not_found) == (6, 2, 1, 2, 1)
    assert total.total == 12


def test_comparing_again_changes_nothing(session: Session, town: Town) -> None:
    bring(session, town, csv_of(*lines_of(town, m0=None)))
    compare_all(session, town)
    session.commit()
    before = session.scalar(sa.select(sa.func.count(AuditEntry.id)))
    again = compare_all(session, town)
    session.commit()
    assert (again.compared, again.changed, again.opened) == (12, 0, 0)
    assert session.scalar(sa.select(sa.func.count(AuditEntry.id))) == before


def test_a_faulty_file_leaves_the_extract_before_it_in_force(session: Session, town: Town) -> None:
    first = bring(session, town, csv_of(*lines_of(town)))
    session.commit()
    with pytest.raises(FaultyExtract) as caught:
        bring(session, town, csv_of(*lines_of(town), "123,LÊ THỊ HOA,1950,Nữ,,"))
    session.commit()
    assert [(fault.line, fault.column) for fault in caught.value.faults] == [(14, "A")]
    assert first.is_in_force
    assert session.scalar(sa.select(sa.func.count(PopulationRecord.id))) == 12


def test_a_new_extract_replaces_the_old_one_and_settles_what_it_cures(session: Session, town: Town) -> None:
    first = bring(session, town, csv_of(*lines_of(town, m0=None)))
    compare_all(session, town)
    assert case_of(session, town, 0).state == CaseState.PENDING
    second = bring(session, town, csv_of(*lines_of(town), record_line(town.members[1])))
    done = compare_all(session, town)
    session.commit()
    assert (done.changed, done.resolved) == (1, 1)
    assert (first.is_in_force, second.is_in_force, second.record_count) == (False, True, 12)
    assert first.purged_at is not None
    assert case_of(session, town, 0).state == CaseState.NOT_YET


def test_a_case_that_somebody_else_opened_or_settled_is_left_alone(session: Session, town: Town) -> None:
    act_as(session, "a.committee")
    open_case(session, case_of(session, town, 0), PendingReason.BUSY, at=now_at())
    complete_case(session, case_of(session, town, 1), at=now_at())
    bring(session, town, csv_of(*lines_of(town, m0=None, m1=None, m2=None)))
    compare_all(session, town)
    assert case_of(session, town, 0).reason == PendingReason.BUSY
    assert case_of(session, town, 1).state == CaseState.DONE
    # A person settled what was opened here: comparing does not open it a second time.
    resolve_case(session, case_of(session, town, 2), at=now_at())
    compare_all(session, town)
    assert case_of(session, town, 2).state == CaseState.NOT_YET
    # Whoever was busy has time again; now the wrong data is what stands in the way.
    resolve_case(session, case_of(session, town, 0), at=now_at())
    assert compare_all(session, town).opened == 1
    assert case_of(session, town, 0).reason == PendingReason.WRONG_INFO


def test_members_outside_the_denominator_are_not_compared(session: Session, town: Town) -> None:
    case_of(session, town, 0).is_counted = False
    session.flush()
    bring(session, town, csv_of(*lines_of(town, m0=None)))
    assert compare_all(session, town).compared == 11
    assert session.scalar(sa.select(Check).where(Check.member_id == town.members[0].id)) is None


def test_the_record_is_right_so_the_member_gets_its_values_and_may_come(session: Session, town: Town) -> None:
    member = town.members[0]
    old_name = member.full_name
    bring(session, town, csv_of(*lines_of(town, m0=record_line(member, ho_ten="ĐẶNG THỊ H’BƯỞI"))))
    compare_all(session, town)
    assert settle(session, town, 0, Decision.RECORD_RIGHT)
    session.commit()
    assert member.full_name == "Đặng Thị H’Bưởi"
    assert member.search_key == "dang thi hbuoi"
    assert case_of(session, town, 0).state == CaseState.NOT_YET
    assert stored_changes(check_of(session, town, 0)) == {Field.FULL_NAME: (old_name, "Đặng Thị H’Bưởi")}
    entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.action == "verification.correct"))
    assert entry is not None
    assert (entry.before, entry.after) == ({"full_name": old_name}, {"full_name": "Đặng Thị H’Bưởi"})
    assert compare_all(session, town).changed == 0


def test_a_list_that_brings_the_wrong_value_back_does_not_undo_the_decision(session: Session, town: Town) -> None:
    member = town.members[0]
    old_birth = member.birth_on
    bring(session, town, csv_of(*lines_of(town, m0=record_line(member, ngay_sinh="1949-03-04"))))
    compare_all(session, town)
    settle(session, town, 0, Decision.BOTH_WRONG, Typed({Field.BIRTH_ON: "1951-05-06"}))
    member.birth_on = old_birth
    session.flush()
    done = compare_all(session, town)
    assert (done.changed, done.opened) == (1, 0)
    assert (member.birth_on, member.birth_year) == ("1951-05-06", 1951)
    assert check_of(session, town, 0).decision == Decision.BOTH_WRONG


def test_a_decision_holds_for_its_evidence_only(session: Session, town: Town) -> None:
    line = record_line(town.members[0], ho_ten="LÊ THỊ KHÁC")
    bring(session, town, csv_of(*lines_of(town, m0=line)))
    compare_all(session, town)
    settle(session, town, 0, Decision.ROSTER_RIGHT, Typed(reason="Theo giấy khai sinh"))
    assert case_of(session, town, 0).state == CaseState.NOT_YET
    bring(session, town, csv_of(*lines_of(town, m0=line)))
    compare_all(session, town)
    assert check_of(session, town, 0).decision == Decision.ROSTER_RIGHT
    bring(session, town, csv_of(*lines_of(town, m0=record_line(town.members[0], ho_ten="LÊ THỊ MỚI"))))
    compare_all(session, town)
    assert check_of(session, town, 0).decision is None
    assert case_of(session, town, 0).state == CaseState.PENDING


def test_what_a_decision_needs_is_asked_for(session: Session, town: Town) -> None:
    nobody = town.members[1]
    nobody.citizen_id = nobody.citizen_id_hash = None
    bring(session, town, csv_of(*lines_of(town, m0=record_line(town.members[0], ho_ten="LÊ THỊ KHÁC"), m1=None)))
    compare_all(session, town)

    def refusal(number: int, decision: Decision, typed: Typed | None = None) -> str:
        with pytest.raises(Refused) as caught:
            settle(session, town, number, decision, typed)
        return caught.value.reason_code

    assert refusal(0, Decision.ROSTER_RIGHT) == "REASON_MISSING"
    assert refusal(0, Decision.BOTH_WRONG) == "NOTHING_TYPED"
    assert refusal(1, Decision.RECORD_RIGHT) == "NO_RECORD"
    assert refusal(1, Decision.ROSTER_RIGHT, Typed(reason="x")) == "NUMBER_NEEDED"
    assert refusal(1, Decision.BOTH_WRONG, Typed({Field.FULL_NAME: "Lê Thị Na"})) == "NUMBER_NEEDED"
    year = nobody.birth_year or 0
    sex = nobody.sex
    assert sex is not None
    taken = town.members[2].citizen_id or ""
    nobody.birth_year, nobody.birth_on, nobody.sex = 1900 + int(taken[4:6]), f"19{taken[4:6]}", town.members[2].sex
    assert refusal(1, Decision.BOTH_WRONG, Typed({Field.CITIZEN_ID: taken})) == "NUMBER_TAKEN"
    nobody.birth_on = str(year + 1)
    assert refusal(1, Decision.BOTH_WRONG, Typed({Field.CITIZEN_ID: citizen_id(77, sex=sex, year=year)})) in {
        "NUMBER_YEAR",
        "NUMBER_SEX",
    }
    check = check_of(session, town, 0)
    with pytest.raises(Conflict):
        decide(session, town.campaign, check, Decision.RECORD_RIGHT, Typed(), seen="older", at=now_at())


def test_two_members_cannot_both_be_right_about_one_number(session: Session, town: Town) -> None:
    other = make_town(session, "b")
    twin = make_member(session, other.cells[0], 1, citizen_id=town.members[0].citizen_id)
    other.committee.stations.append(town.station)
    make_case(session, town.campaign, twin)
    bring(session, town, csv_of(*lines_of(town)))
    ids = {town.committee.id, other.committee.id}
    assert match_records(session, town.campaign, committee_ids=ids, at=now_at()).by_status[CheckStatus.DUPLICATE] == 2
    seen_card = Typed(reason="Đã xem thẻ căn cước")
    settle(session, town, 0, Decision.ROSTER_RIGHT, seen_card)
    check = session.scalar(sa.select(Check).where(Check.member_id == twin.id))
    assert check is not None
    with pytest.raises(Refused, match="NUMBER_TAKEN"):
        decide(session, town.campaign, check, Decision.ROSTER_RIGHT, seen_card, seen=check.evidence, at=now_at())
    typed = Typed({Field.CITIZEN_ID: citizen_id(4321, sex=Sex(twin.sex or ""), year=twin.birth_year or 0)})
    decide(session, town.campaign, check, Decision.BOTH_WRONG, typed, seen=check.evidence, at=now_at())
    match_records(session, town.campaign, committee_ids=ids, at=now_at())
    assert check_of(session, town, 0).status == CheckStatus.MATCH


def test_a_typed_number_settles_the_case_when_the_record_agrees(session: Session, town: Town) -> None:
    member = town.members[0]
    right = member.citizen_id or ""
    lines = lines_of(town)
    member.citizen_id = member.citizen_id_hash = None
    session.flush()
    bring(session, town, csv_of(*lines))
    compare_all(session, town)
    assert case_of(session, town, 0).reason == PendingReason.ID_MISSING
    assert settle(session, town, 0, Decision.BOTH_WRONG, Typed({Field.CITIZEN_ID: right}))
    assert str(member.citizen_id_hash) == lookup_hash(right)
    assert case_of(session, town, 0).state == CaseState.NOT_YET
    assert compare_all(session, town).changed == 0


def test_a_typed_number_whose_record_differs_stays_on_the_worklist(session: Session, town: Town) -> None:
    member = town.members[0]
    right = member.citizen_id or ""
    lines = lines_of(town, m0=record_line(member, ho_ten="LÊ THỊ KHÁC"))
    member.citizen_id = member.citizen_id_hash = None
    session.flush()
    bring(session, town, csv_of(*lines))
    compare_all(session, town)
    assert not settle(session, town, 0, Decision.BOTH_WRONG, Typed({Field.CITIZEN_ID: right}))
    check = check_of(session, town, 0)
    assert (check.status, check.decision, list(check.differences)) == (CheckStatus.MISMATCH, None, ["full_name"])
    assert case_of(session, town, 0).reason == PendingReason.WRONG_INFO
    assert settle(session, town, 0, Decision.RECORD_RIGHT)
    assert case_of(session, town, 0).state == CaseState.NOT_YET


def test_an_unclear_case_goes_to_the_cell_and_stays_open(session: Session, town: Town) -> None:
    bring(session, town, csv_of(*lines_of(town, m0=None)))
    compare_all(session, town)
    due_on = town.campaign.deadline_on
    settle(session, town, 0, Decision.ASK_CELL, Typed(reason="Hỏi gia đình", due_on=due_on))
    case = case_of(session, town, 0)
    assert (case.state, case.due_on) == (CaseState.PENDING, due_on)
    assert case.note == "Đối soát dữ liệu dân cư: số định danh. Hỏi gia đình"
    settle(session, town, 0, Decision.ROSTER_RIGHT, Typed(reason="Đã xem thẻ căn cước"))
    assert case_of(session, town, 0).state == CaseState.NOT_YET


def test_the_job_compares_when_a_list_or_an_extract_changed_and_only_then(session: Session, town: Town) -> None:
    at = now_at() + timedelta(minutes=10)
    assert match_changed(session, at) == 0
    bring(session, town, csv_of(*lines_of(town)))
    assert match_changed(session, at) == 12
    at += timedelta(minutes=10)
    statements: list[str] = []
    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", lambda _c, _u, text, *_rest: statements.append(text))
    assert match_changed(session, at) == 0
    assert len(statements) <= 4
    town.members[0].full_name, town.members[0].updated_at = "Lê Thị Khác", at
    session.flush()
    assert match_changed(session, at) == 1
    newcomer = make_member(session, town.cells[0], 900, updated_at=at - timedelta(days=1))
    make_case(session, town.campaign, newcomer)
    assert match_changed(session, at + timedelta(hours=1)) == 1


def test_closing_a_campaign_purges_its_extracts_and_old_uploads_go_too(session: Session, town: Town) -> None:
    at = now_at()
    bring(session, town, csv_of(*lines_of(town, m0=None)))
    compare_all(session, town)
    keep_upload(session, town.campaign, town.station.id, filename="x.csv", content=b"a,b", at=at)
    assert purge_leftovers(session, at) == 0
    assert purge_leftovers(session, at + timedelta(days=2)) == 1
    town.campaign.closed_at = at
    session.flush()
    assert purge_leftovers(session, at) == 1
    assert session.scalar(sa.select(sa.func.count(PopulationRecord.id))) == 0
    assert session.scalar(sa.select(sa.func.count(PopulationExtract.id))) == 1
    assert check_of(session, town, 0).status == CheckStatus.NOT_FOUND
    with pytest.raises(Refused, match="VERIFICATION_CLOSED"):
        bring(session, town, csv_of(*lines_of(town)))
    assert session.scalar(sa.select(sa.func.count(Member.id))) == 12
