"""The decision table, row by row: who is accepted, and who must never be."""

from __future__ import annotations

import pytest

from cardqueue.verification.engine.deciding import Candidate, decide
from cardqueue.verification.engine.evidence import Evidence, understand
from cardqueue.verification.engine.levels import compare
from cardqueue.verification.engine.names import name_words
from cardqueue.verification.engine.places import read_place, read_sex
from cardqueue.verification.engine.posterior import ASSUMED, Frequencies, expected_strangers, likelihood, posteriors
from cardqueue.verification.engine.shapes import Decision, Field, Figures, Record, RosterRow, Status

FREQUENCIES = Frequencies(40_000, {}, {})
HUNG = ("009060012345", "NGUYỄN VĂN HÙNG", "1960-05-06", "Nam", "000123456")


def record(number: str, name: str, born: str, sex: str, old: str = "", origin: str = "Suối Mây, Bình Thuận") -> Record:
    figures = Figures(*map(int, born.split("-")))
    return Record(number, name_words(name), figures, read_sex(sex), old, read_place(origin))


def evidence(
    name: str = "Nguyễn Văn Hùng", born: str = "06/05/1960", sex: str = "Nam", number: str = HUNG[0], origin: str = ""
) -> Evidence:
    return understand(RosterRow("1", name, born, sex, number, origin, "", ""))


def decided(row: Evidence, *records: Record, name_count: int = 1, contested: bool = False) -> Decision:
    levels = [compare(row, one) for one in records]
    weights = [
        likelihood(level, one.born, name_count, FREQUENCIES, ASSUMED)
        for level, one in zip(levels, records, strict=True)
    ]
    candidates = [
        Candidate(one, level, probability, expected_strangers(level, one.born, name_count, FREQUENCIES), contested)
        for one, level, probability in zip(
            records, levels, posteriors(weights, 40_000, ASSUMED.outside_share), strict=True
        )
    ]
    return decide(row, sorted(candidates, key=lambda one: -one.probability))


def test_number_name_date_and_sex_make_a_match() -> None:
    decision = decided(evidence(), record(*HUNG))
    assert (decision.status, decision.pid, decision.fields) == (Status.MATCH, HUNG[0], ())
    assert decision.score > 0.999


def test_a_member_in_another_cell_is_a_mismatch_of_the_cell_alone() -> None:
    row = evidence()
    best = Candidate(record(*HUNG), compare(row, record(*HUNG)), 1.0, 0.0)
    assert decide(row, [best], cell_differs=True).fields == (Field.CELL,)


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"name": "Nguyen Van Hung"}, {Field.NAME}),
        ({"name": "Nguyễn Văn Hưng"}, {Field.NAME}),
        ({"name": "Ng. Văn Hùng"}, {Field.NAME}),
        ({"name": "Bà Nguyễn Văn Hùng"}, {Field.NAME}),
        ({"born": "05/06/1960"}, {Field.BIRTH}),
        ({"born": "1960"}, {Field.BIRTH}),
        ({"born": "06/05/1970"}, {Field.BIRTH}),
        ({"born": ""}, {Field.BIRTH}),
        ({"sex": "Nữ"}, {Field.SEX}),
        ({"sex": ""}, {Field.SEX}),
        ({"number": "009060012354"}, {Field.NUMBER}),
        ({"number": "000123456"}, {Field.NUMBER}),
        ({"number": ""}, {Field.NUMBER}),
        ({"number": "OO9O6OO12345"}, {Field.NUMBER}),
        ({"name": "Nguyen Van Hung", "born": "07/05/1960"}, {Field.NAME, Field.BIRTH}),
    ],
)
def test_one_mistake_is_proposed_with_the_field_it_is_in(changed: dict[str, str], fields: set[Field]) -> None:
    decision = decided(evidence(**changed), record(*HUNG))
    assert (decision.status, decision.pid, set(decision.fields)) == (Status.MISMATCH, HUNG[0], fields)


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Trần Thị Lan"},
        {"name": "Trần Thị Lan", "born": "01/02/1971"},
        {"name": "Nguyễn Văn Hưng", "born": "01/02/1971"},
        {"number": "009060055555"},
        {"number": "", "born": "1960"},
        {"number": "", "sex": "Nữ"},
    ],
)
def test_too_little_agreement_is_never_a_proposal(changed: dict[str, str]) -> None:
    assert decided(evidence(**changed), record(*HUNG)).pid == ""


def test_the_number_of_somebody_else_does_not_hide_the_person() -> None:
    lan = record("003170000001", "TRẦN THỊ LAN", "1970-01-02", "Nữ")
    decision = decided(evidence(number="003170000001"), lan, record(*HUNG))
    assert (decision.pid, decision.fields) == (HUNG[0], (Field.NUMBER,))


def test_a_row_with_the_name_of_one_twin_and_the_number_of_the_other_goes_to_a_person() -> None:
    twin = record("009060012346", "NGUYỄN VĂN HƯNG", "1960-05-06", "Nam")
    decision = decided(evidence(number="009060012346"), record(*HUNG), twin)
    assert decision.status is Status.AMBIGUOUS
    assert set(decision.candidates) == {HUNG[0], "009060012346"}


def test_the_number_next_to_ones_own_is_rather_a_twins() -> None:
    assert decided(evidence(name="Nguyễn Văn Dũng", number="009060012346"), record(*HUNG)).pid == ""


def test_namesakes_of_one_day_share_the_probability() -> None:
    other = record("003060000009", "NGUYỄN VĂN HÙNG", "1960-05-06", "Nam")
    decision = decided(evidence(number=""), record(*HUNG), other)
    assert decision.status is Status.AMBIGUOUS
    assert decision.fields == (Field.NUMBER,)
    assert 0.4 < decision.score < 0.6


def test_a_number_copied_from_a_namesake_is_noticed() -> None:
    namesake = record("003055000009", "NGUYỄN VĂN HÙNG", "1955-05-06", "Nam")
    decision = decided(evidence(number="003055000009"), record(*HUNG), namesake)
    assert decision.status is Status.AMBIGUOUS


def test_another_hometown_leaves_a_namesake_without_number_open() -> None:
    there = record(*HUNG, origin="Suối Mây, Bình Thuận")
    assert decided(evidence(number="", origin="Suối Mây, Lâm Đồng"), there).pid == HUNG[0]
    assert decided(evidence(number="", origin="Đồi Cát, Lâm Đồng"), there).pid == ""


def test_a_common_name_and_a_date_prove_nothing() -> None:
    crowded = Frequencies(1_000_000, {19600506: 400}, {1960: 20_000})
    row, there = evidence(number=""), record(*HUNG)
    levels = compare(row, there)
    strangers = expected_strangers(levels, there.born, 3_600, crowded)
    assert strangers > 1
    assert decide(row, [Candidate(there, levels, 0.99, strangers)]).status is Status.AMBIGUOUS


def test_a_number_that_the_registry_gives_to_two_people_settles_nothing() -> None:
    assert decided(evidence(), record(*HUNG), contested=True).status is Status.AMBIGUOUS


def test_nobody_probable_is_not_found() -> None:
    assert decided(evidence()).status is Status.NOT_FOUND
    far = record("003199000001", "LÊ THỊ MỸ", "1999-01-01", "Nữ")
    assert decided(evidence(), far).status is Status.NOT_FOUND


def test_two_numbers_in_one_cell_are_left_to_a_person() -> None:
    row = evidence(number=f"{HUNG[0]}\n003170000001", name="Nguyễn Văn Hùng\nTrần Thị Lan")
    decision = decided(row, record(*HUNG))
    assert (decision.status, decision.candidates) == (Status.AMBIGUOUS, (HUNG[0],))


def test_a_number_with_a_wholly_different_date_needs_a_rare_name_or_the_same_hometown() -> None:
    common, rare = 2_000, 5
    here = "Suối Mây, Bình Thuận"
    assert decided(evidence(born="01/02/1975", origin=here), record(*HUNG), name_count=common).pid == HUNG[0]
    assert decided(evidence(born="01/02/1975"), record(*HUNG), name_count=rare).pid == HUNG[0]
    assert decided(evidence(born="01/02/1975"), record(*HUNG), name_count=common).status is Status.AMBIGUOUS


def test_a_number_that_was_looked_up_by_the_name_alone_leaves_both_to_a_person() -> None:
    owner = record("009075002222", "NGUYỄN VĂN HÙNG", "1975-11-30", "Nam")
    row = evidence(number=owner.pid, born="06/06/1960")
    decision = decided(row, owner, record(*HUNG))
    assert decision.status is Status.AMBIGUOUS
    assert set(decision.candidates) == {owner.pid, HUNG[0]}
    assert decided(row, owner, record("009088003333", "NGUYỄN VĂN HÙNG", "1988-01-02", "Nam")).pid == owner.pid


def test_a_number_whose_owner_was_born_on_another_day_waits_for_the_wider_search() -> None:
    row, owner = evidence(born="01/02/1975"), record(*HUNG)
    best = Candidate(owner, compare(row, owner), 1.0, 2.0)
    assert decide(row, [best], are_all=False).status is Status.AMBIGUOUS
    assert decide(row, [best]).pid == owner.pid


def test_the_first_of_january_stands_for_any_day_of_its_year() -> None:
    namesake = record("009060099999", "NGUYỄN VĂN HÙNG", "1960-01-20", "Nam")
    assert decided(evidence(born="01/01/1960"), record(*HUNG), namesake).pid == HUNG[0]
