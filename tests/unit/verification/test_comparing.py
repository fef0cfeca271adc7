"""What the pages say of the engine's decision about a member."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from cardqueue.roster.models import Sex
from cardqueue.verification.engine.dates import read_record_birth
from cardqueue.verification.engine.matching import Matcher, Row
from cardqueue.verification.engine.names import name_words
from cardqueue.verification.engine.posterior import ASSUMED, Frequencies
from cardqueue.verification.engine.registry import Pair, Rows, compared
from cardqueue.verification.engine.shapes import Figures, Place, Record
from cardqueue.verification.models import CheckStatus
from cardqueue.verification.rules import (
    Comparison,
    Field,
    Level,
    Person,
    compare,
    corrected,
    evidence_of,
    iso_date,
)

RECORD = Person("NGUYỄN THỊ BƯỞI", "1950-01-02", Sex.FEMALE, "003150000001")
MEMBER = replace(RECORD, full_name="Nguyễn Thị Bưởi")


class Everybody:
    """A registry in which every row meets every record."""

    def __init__(self, records: Mapping[Person, str]) -> None:
        self.frequencies = Frequencies(40_000, {}, {})
        self._records = [
            Record(
                person.citizen_id or "",
                name_words(person.full_name),
                read_record_birth(person.birth_on or "") or Figures(),
                {Sex.MALE: 1, Sex.FEMALE: 2, None: 0}[person.sex],
                old_number,
                Place(),
            )
            for person, old_number in records.items()
        ]

    def settled(self, rows: Rows) -> Mapping[int, Record]:
        """Nobody."""
        return {}

    def close(self, rows: Rows) -> Iterator[Pair]:
        """Everybody."""
        for row, evidence in rows.items():
            for record in self._records:
                yield compared(row, evidence, record, lambda: 1)

    def wide(self, rows: Rows) -> Iterator[Pair]:
        """Nobody else."""
        return iter(())


def said(member: Person, *records: Person, old_id: str | None = None, old_number: str = "") -> Comparison:
    """What the pages say of a member among some records."""
    evidence = evidence_of(member, old_id=old_id)
    registry = Everybody(dict.fromkeys(records, old_number))
    return compare(member, evidence, Matcher(registry, ASSUMED).decide({1: Row(evidence)})[1])


def only(comparison: Comparison) -> tuple[CheckStatus, Field, Level, bool]:
    ((field, level),) = comparison.differences.items()
    return comparison.status, field, level, comparison.blocks


def test_the_same_person_in_other_letters_matches() -> None:
    comparison = said(MEMBER, RECORD)
    assert (comparison.status, comparison.pid, comparison.blocks) == (CheckStatus.MATCH, RECORD.citizen_id, False)


@pytest.mark.parametrize(
    ("ours", "theirs", "level", "blocks"),
    [
        ("Bà Nguyễn Thị Bưởi", "NGUYỄN THỊ BƯỞI", Level.SPELLING, False),
        ("Nguyen Thi Buoi", "NGUYỄN THỊ BƯỞI", Level.BARE, False),
        ("Trần Văn Tuấn", "TRẦN VĂN TUÂN", Level.MARKS, False),
        ("Trần Văn Tuấn", "TRẦN VĂN TOẤN", Level.TYPO, True),
        ("Trần Tuấn", "TRẦN VĂN TUẤN", Level.SHORTENED, True),
    ],
)
def test_a_spelling_warns_and_another_name_blocks(ours: str, theirs: str, level: Level, blocks: bool) -> None:
    comparison = said(replace(MEMBER, full_name=ours), replace(RECORD, full_name=theirs))
    assert only(comparison) == (CheckStatus.MISMATCH, Field.FULL_NAME, level, blocks)


@pytest.mark.parametrize(
    ("ours", "theirs", "level", "blocks"),
    [
        ("1950", "1950-01-02", Level.PARTIAL, False),
        ("1950-01-02", "1950-01", Level.PARTIAL, False),
        ("1950-02-01", "1950-01-02", Level.SWAPPED, False),
        ("1950-01-03", "1950-01-02", Level.ONE_PART, True),
        ("1950-03-04", "1950-01-02", Level.SAME_YEAR, True),
    ],
)
def test_birth_dates_differ_in_what_both_know(ours: str, theirs: str, level: Level, blocks: bool) -> None:
    comparison = said(replace(MEMBER, birth_on=ours), replace(RECORD, birth_on=theirs))
    assert only(comparison) == (CheckStatus.MISMATCH, Field.BIRTH_ON, level, blocks)


def test_what_the_list_alone_lacks_is_missing_and_nothing_else() -> None:
    no_sex = said(replace(MEMBER, sex=None), RECORD)
    assert only(no_sex) == (CheckStatus.MISSING, Field.SEX, Level.MISSING, False)
    no_date = said(replace(MEMBER, birth_on=None), RECORD)
    assert only(no_date) == (CheckStatus.MISSING, Field.BIRTH_ON, Level.MISSING, True)
    no_number = said(replace(MEMBER, citizen_id=None), RECORD)
    assert only(no_number) == (CheckStatus.MISSING, Field.CITIZEN_ID, Level.MISSING, True)
    wrong_as_well = said(replace(MEMBER, sex=None, full_name="Nguyễn Thị Bươi"), RECORD)
    assert wrong_as_well.status is CheckStatus.MISMATCH


def test_an_old_number_finds_the_person_and_the_new_one_is_missing() -> None:
    comparison = said(replace(MEMBER, citizen_id=None), RECORD, old_id="260123456", old_number="260123456")
    assert only(comparison) == (CheckStatus.MISSING, Field.CITIZEN_ID, Level.OLD, True)
    assert comparison.pid == RECORD.citizen_id


def test_a_digit_or_two_mistyped_are_named_and_the_person_is_found() -> None:
    comparison = said(replace(MEMBER, citizen_id="003150000071"), RECORD)
    assert only(comparison) == (CheckStatus.MISMATCH, Field.CITIZEN_ID, Level.NEAR, True)


def test_the_number_of_somebody_else_leads_to_the_one_whom_everything_else_names() -> None:
    stranger = Person("LÊ THỊ HOA", "1962-07-08", Sex.FEMALE, "003162000900")
    comparison = said(replace(MEMBER, citizen_id=stranger.citizen_id), RECORD, stranger)
    assert only(comparison) == (CheckStatus.MISMATCH, Field.CITIZEN_ID, Level.OTHER_PERSON, True)
    assert comparison.pid == RECORD.citizen_id
    assert [one.record.pid for one in comparison.candidates] == [RECORD.citizen_id, stranger.citizen_id]


def test_the_number_of_somebody_else_and_no_record_of_the_member_is_not_found() -> None:
    stranger = Person("LÊ VĂN HÒA", "1962-07-08", Sex.MALE, MEMBER.citizen_id)
    comparison = said(MEMBER, stranger)
    assert only(comparison) == (CheckStatus.NOT_FOUND, Field.CITIZEN_ID, Level.OTHER_PERSON, True)
    assert comparison.pid == ""


def test_a_number_with_two_people_behind_it_is_looked_at() -> None:
    comparison = said(MEMBER, RECORD, replace(RECORD, full_name="LÊ VĂN HÒA", birth_on="1962-07-08"))
    assert only(comparison) == (CheckStatus.AMBIGUOUS, Field.CITIZEN_ID, Level.RECORDED_TWICE, True)


def test_namesakes_without_a_number_are_looked_at() -> None:
    comparison = said(replace(MEMBER, citizen_id=None), RECORD, replace(RECORD, citizen_id="003150000900"))
    assert only(comparison) == (CheckStatus.AMBIGUOUS, Field.CITIZEN_ID, Level.MISSING, True)
    assert len(comparison.candidates) == 2


@pytest.mark.parametrize(
    ("member", "level"),
    [
        (MEMBER, Level.UNKNOWN),
        (replace(MEMBER, sex=Sex.MALE), Level.SEX_DIGIT),
        (replace(MEMBER, birth_on="1951-01-02"), Level.YEAR_DIGITS),
        (replace(MEMBER, citizen_id=None), Level.MISSING),
    ],
)
def test_whom_nobody_has_is_not_found_and_the_digits_may_say_why(member: Person, level: Level) -> None:
    assert only(said(member)) == (CheckStatus.NOT_FOUND, Field.CITIZEN_ID, level, True)


def test_the_record_gives_its_spelling_in_proper_case_and_the_more_exact_date() -> None:
    record = replace(RECORD, full_name="H’BIA ÊBAN", birth_on="1950", sex=None)
    differences = {Field.FULL_NAME: Level.NONE, Field.BIRTH_ON: Level.PARTIAL, Field.SEX: Level.MISSING}
    assert corrected(MEMBER, record, differences) == {Field.FULL_NAME: "H’Bia Êban", Field.BIRTH_ON: "1950-01-02"}


def test_of_a_date_that_no_calendar_has_the_parts_that_make_sense_are_kept() -> None:
    assert iso_date(Figures(1950, 2, 30)) == "1950-02"
    assert iso_date(Figures(1950, 0, 0)) == "1950"
    assert iso_date(Figures()) is None
