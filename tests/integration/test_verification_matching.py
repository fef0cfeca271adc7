"""Extracts in force, comparing, the ledger, and decisions that hold, on both databases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.matching.files import STRESS, make_world, write_world
from cardqueue.cases.models import Case, CaseState, PendingReason
from cardqueue.cases.services import complete_case, get_case, open_case, resolve_case
from cardqueue.core.audit import act_as
from cardqueue.core.errors import Refused
from cardqueue.core.keyring import lookup_hash
from cardqueue.core.models import AuditEntry
from cardqueue.lib.clock import now_at
from cardqueue.roster.models import Member, Sex
from cardqueue.verification.engine.dates import DateLevel
from cardqueue.verification.engine.levels import NameLevel
from cardqueue.verification.engine.matching import ENGINE_VERSION
from cardqueue.verification.engine.running import Matching
from cardqueue.verification.jobs import purge_leftovers
from cardqueue.verification.models import (
    Check,
    CheckStatus,
    Decision,
    DecisionRecord,
    PopulationExtract,
    PopulationRecord,
)
from cardqueue.verification.queries import count_by_cell, find_people, total_of
from cardqueue.verification.rules import Field
from cardqueue.verification.services import (
    FaultyExtract,
    Outcome,
    Typed,
    decide,
    import_extract,
    keep_upload,
    match_records,
)
from cardqueue.verification.services.correcting import stored_changes
from tests.factories.people import Town, citizen_id, make_case, make_member, make_town
from tests.factories.verification import (
    add_roster,
    bring,
    compare_all,
    csv_of,
    lines_of,
    nth_check,
    record_line,
    run_match_job,
    write_roster,
)


@pytest.fixture
def town(session: Session) -> Town:
    return make_town(session, "a")


def case_of(session: Session, town: Town, number: int) -> Case:
    return get_case(session, town.campaign.id, town.members[number].id)


def settle(session: Session, town: Town, number: int, decision: Decision, typed: Typed | None = None) -> Outcome:
    check = nth_check(session, town, number)
    act_as(session, "a.officer")
    return decide(session, town.campaign, check, decision, typed or Typed(), seen=check.evidence, at=now_at())


def add_member(session: Session, town: Town, like: Member, **values: object) -> Member:
    """One more member of the first cell, the same person as another unless `values` say otherwise."""
    said = {name: getattr(like, name) for name in ("birth_on", "birth_year", "sex", "citizen_id")}
    member = make_member(session, town.cells[0], 0, like.full_name, **(said | values))
    make_case(session, town.campaign, member)
    return member


def with_card(number: str) -> dict[str, object]:
    return {"card_no": number, "card_no_hash": lookup_hash(number)}


def test_each_member_gets_the_status_that_the_records_give(session: Session, town: Town) -> None:
    m = town.members
    m[2].full_name, m[2].birth_on = "Trương Quốc Hạnh", "1953-09-21"
    changed = {
        "m1": record_line(m[1], ho_ten="LÊ THỊ KHÁC"),
        "m2": None,
        "m5": record_line(m[5], ngay_sinh=(m[5].birth_on or "")[:4]),
    }
    lines = [*lines_of(town, **changed), record_line(m[6], ho_ten="TRẦN VĂN HAI", ngay_sinh="1901-05-06")]
    m[3].card_no, m[3].card_no_hash = "00123456", lookup_hash("00123456")
    twice = add_member(session, town, m[3], citizen_id=None, **with_card("00123456"))
    m[4].citizen_id = m[4].citizen_id_hash = None
    session.flush()
    bring(session, town, csv_of(*lines))
    done = compare_all(session, town)
    session.commit()
    assert (done.compared, done.by_status.total()) == (13, 14)
    assert [nth_check(session, town, n).status for n in range(7)] == [
        CheckStatus.MATCH,
        CheckStatus.AMBIGUOUS,
        CheckStatus.NOT_FOUND,
        CheckStatus.MATCH,
        CheckStatus.MISSING,
        CheckStatus.MISMATCH,
        CheckStatus.AMBIGUOUS,
    ]
    duplicate = session.scalars(sa.select(Check).where(Check.member_id == twice.id)).one()
    assert (duplicate.status, duplicate.duplicate_of_id) == (CheckStatus.DUPLICATE, m[3].id)
    reasons = [case_of(session, town, n).reason for n in range(7)]
    wrong = PendingReason.WRONG_INFO
    assert reasons == [None, wrong, wrong, None, PendingReason.ID_MISSING, None, wrong]
    case = case_of(session, town, 1)
    assert case.owner_id is None and case.due_on is not None
    assert case.note == "Đối soát dữ liệu dân cư: họ và tên"
    total = total_of(count_by_cell(session, town.campaign.id, committee_ids={town.committee.id}))
    assert (total.right, total.wrong, total.missing, total.twice, total.not_found, total.ambiguous) == (
        7,
        1,
        1,
        1,
        1,
        2,
    )
    assert total.total == 13


def test_a_check_keeps_who_may_be_meant_and_how_sure_that_is(session: Session, town: Town) -> None:
    member = town.members[0]
    namesake = record_line(member, so_dinh_danh=citizen_id(555, sex=Sex(member.sex or ""), year=1951))
    lines = [*lines_of(town), namesake]
    member.citizen_id = member.citizen_id_hash = None
    session.flush()
    bring(session, town, csv_of(*lines))
    compare_all(session, town)
    check = nth_check(session, town, 0)
    assert (check.status, check.differences) == (CheckStatus.AMBIGUOUS, {"citizen_id": "missing"})
    first, second = check.candidates
    assert first["levels"]["name"] == NameLevel.SAME and first["levels"]["date"] == DateLevel.EQUAL
    assert first["probability"] == second["probability"] == pytest.approx(0.5, abs=0.05)
    assert check.engine_version == ENGINE_VERSION
    people = find_people(session, town.campaign.id, town.committee.id, [one["record"] for one in check.candidates])
    assert {person.full_name for person in people.values()} == {member.full_name.upper()}
    assert len(people) == 2


def test_the_number_of_somebody_else_becomes_a_proposal(session: Session, town: Town) -> None:
    other = make_town(session, "b")
    owner, member = other.members[0], town.members[0]
    member.full_name, member.birth_on = "Trương Quốc Hạnh", "1951-09-21"
    lines = [*lines_of(town), record_line(owner)]
    mine = member.citizen_id
    member.citizen_id, member.citizen_id_hash = owner.citizen_id, owner.citizen_id_hash
    session.flush()
    bring(session, town, csv_of(*lines))
    compare_all(session, town)
    check = nth_check(session, town, 0)
    assert (check.status, check.differences) == (CheckStatus.MISMATCH, {"citizen_id": "other_person"})
    (person,) = find_people(session, town.campaign.id, town.committee.id, [check.record_hash or ""]).values()
    assert person.citizen_id == mine


def test_twins_with_neighbouring_numbers_stay_two_people(session: Session, town: Town) -> None:
    first = town.members[0]
    number = int(first.citizen_id or "")
    twin = add_member(session, town, first, full_name="Nguyễn Văn Mậu B1", citizen_id=f"{number + 40:012}")
    bring(session, town, csv_of(*lines_of(town), record_line(twin)))
    compare_all(session, town)
    statuses = session.scalars(sa.select(Check.status).where(Check.member_id.in_([first.id, twin.id])))
    assert set(statuses) == {CheckStatus.MATCH}


def test_a_person_on_the_lists_of_two_communes_counts_once(session: Session, town: Town) -> None:
    other = make_town(session, "b")
    other.committee.stations.append(town.station)
    person = town.members[0]
    said = {name: getattr(person, name) for name in ("full_name", "birth_on", "birth_year", "sex", "citizen_id")}
    again = make_member(session, other.cells[0], 1, **said)
    make_case(session, town.campaign, again)
    ids = {town.committee.id, other.committee.id}
    bring(session, town, csv_of(*lines_of(town)))
    done = match_records(session, town.campaign, committee_ids=ids, at=now_at())
    assert done.by_status[CheckStatus.DUPLICATE] == 1
    twice = session.scalars(sa.select(Check).where(Check.member_id == again.id)).one()
    assert (twice.status, twice.duplicate_of_id, twice.blocks) == (CheckStatus.DUPLICATE, person.id, True)
    assert nth_check(session, town, 0).status == CheckStatus.MATCH
    assert match_records(session, town.campaign, committee_ids=ids, at=now_at()).changed == 0
    # Whoever stayed has left the list: the other one is the person now.
    person.removed_at = person.updated_at = now_at()
    session.flush()
    run_match_job(session, now_at())
    session.refresh(twice)
    assert (twice.status, twice.duplicate_of_id, twice.blocks) == (CheckStatus.MATCH, None, False)


def test_two_extracts_that_say_the_same_are_one(session: Session, town: Town) -> None:
    other = make_town(session, "b")
    other.station.committees.append(town.committee)
    lines = csv_of(*lines_of(town))
    bring(session, town, lines)
    import_extract(session, town.campaign, other.station.id, filename="b.csv", content=lines, at=now_at())
    assert compare_all(session, town).by_status == {CheckStatus.MATCH: 12}


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
    bring(session, town, csv_of(*lines_of(town, m0=record_line(member, ho_ten="NGUYỄN VĂN MẤU B1"))))
    compare_all(session, town)
    assert settle(session, town, 0, Decision.RECORD_RIGHT) is Outcome.SETTLED
    session.commit()
    assert member.full_name == "Nguyễn Văn Mấu B1"
    assert case_of(session, town, 0).state == CaseState.NOT_YET
    assert stored_changes(nth_check(session, town, 0)) == {Field.FULL_NAME: (old_name, "Nguyễn Văn Mấu B1")}
    entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.action == "verification.correct"))
    assert entry is not None
    assert (entry.before, entry.after) == ({"full_name": old_name}, {"full_name": "Nguyễn Văn Mấu B1"})
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
    assert nth_check(session, town, 0).decision == Decision.BOTH_WRONG


def test_a_decision_holds_for_its_evidence_only(session: Session, town: Town) -> None:
    line = record_line(town.members[0], ho_ten="LÊ THỊ KHÁC")
    bring(session, town, csv_of(*lines_of(town, m0=line)))
    compare_all(session, town)
    settle(session, town, 0, Decision.ROSTER_RIGHT, Typed(reason="Theo giấy khai sinh"))
    assert case_of(session, town, 0).state == CaseState.NOT_YET
    bring(session, town, csv_of(*lines_of(town, m0=line)))
    compare_all(session, town)
    assert nth_check(session, town, 0).decision == Decision.ROSTER_RIGHT
    bring(session, town, csv_of(*lines_of(town, m0=record_line(town.members[0], ho_ten="LÊ THỊ MỚI"))))
    compare_all(session, town)
    assert nth_check(session, town, 0).decision is None
    assert case_of(session, town, 0).state == CaseState.PENDING


def test_a_decision_comes_back_with_its_evidence(session: Session, town: Town) -> None:
    line = record_line(town.members[0], ho_ten="LÊ THỊ KHÁC")
    bring(session, town, csv_of(*lines_of(town, m0=line)))
    compare_all(session, town)
    settle(session, town, 0, Decision.ROSTER_RIGHT, Typed(reason="Theo giấy khai sinh"))
    bring(session, town, csv_of(*lines_of(town, m0=record_line(town.members[0], ho_ten="LÊ THỊ MỚI"))))
    compare_all(session, town)
    assert nth_check(session, town, 0).decision is None
    bring(session, town, csv_of(*lines_of(town, m0=line)))
    compare_all(session, town)
    check = nth_check(session, town, 0)
    assert (check.decision, check.note, check.blocks) == (Decision.ROSTER_RIGHT, "Theo giấy khai sinh", False)
    assert case_of(session, town, 0).state == CaseState.NOT_YET
    assert compare_all(session, town).changed == 0


def test_what_was_decided_before_the_engine_holds_when_it_finds_nothing_new(session: Session, town: Town) -> None:
    bring(session, town, csv_of(*lines_of(town, m0=record_line(town.members[0], ho_ten="LÊ THỊ KHÁC"), m1=None)))
    compare_all(session, town)
    for number in (0, 1):
        settle(session, town, number, Decision.ROSTER_RIGHT, Typed(reason="Theo giấy khai sinh"))
        check = nth_check(session, town, number)
        check.engine_version, check.evidence, check.decided_evidence = "", "of another make", "as well"
    session.execute(sa.update(DecisionRecord).values(evidence="as well"))
    nth_check(session, town, 1).differences = {"full_name": "none"}
    session.flush()
    compare_all(session, town)
    assert nth_check(session, town, 0).decision == Decision.ROSTER_RIGHT
    assert nth_check(session, town, 1).decision is None
    assert compare_all(session, town).changed == 0


def test_the_pages_and_the_command_decide_alike(session: Session, town: Town, tmp_path: Path) -> None:
    world = make_world(7, 250, 3_000, STRESS)
    write_world(world, tmp_path)
    other = make_town(session, "b")
    other.committee.stations.append(town.station)
    members = add_roster(session, town, [town.cells[0], other.cells[0]], world.rows)
    write_roster(tmp_path / "roster.csv", members)
    bring(session, town, (tmp_path / "registry.csv").read_bytes())
    match_records(session, town.campaign, committee_ids={town.committee.id, other.committee.id}, at=now_at())
    with Matching() as matching:
        matching.load(tmp_path / "roster.csv", tmp_path / "registry.csv")
        matching.run()
        decided = {int(row_id): str(decision.status) for row_id, decision in matching.decisions()}
    checks = session.scalars(sa.select(Check).where(Check.member_id.in_(decided))).all()
    found = {
        check.member_id: "mismatch" if check.status == CheckStatus.MISSING else str(check.status) for check in checks
    }
    assert found == decided
    assert len(set(found.values())) == 5


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
    assert nth_check(session, town, 0).status == CheckStatus.NOT_FOUND
    with pytest.raises(Refused, match="VERIFICATION_CLOSED"):
        bring(session, town, csv_of(*lines_of(town)))
    assert session.scalar(sa.select(sa.func.count(Member.id))) == 12
