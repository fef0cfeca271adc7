"""Comparing a member with a population record, field by field."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cardqueue.roster.models import Sex
from cardqueue.verification.models import CheckStatus
from cardqueue.verification.rules import Comparison, Field, Level, Person, assess, compare, corrected, may_follow_record

RECORD = Person("NGUYỄN THỊ BƯỞI", "1950-01-02", Sex.FEMALE, "003150000001")
MEMBER = replace(RECORD, full_name="Nguyễn Thị Bưởi")


def only(comparison: Comparison) -> tuple[Field, Level, bool]:
    ((field, level),) = comparison.differences.items()
    return field, level, comparison.blocks


def test_the_same_person_in_other_letters_matches() -> None:
    comparison = compare(MEMBER, RECORD)
    assert comparison.status is CheckStatus.MATCH
    assert not comparison.blocks


@pytest.mark.parametrize(
    ("ours", "theirs", "level", "blocks"),
    [
        ("Lê Thị Mỹ", "LÊ THỊ MĨ", Level.VARIANT_IY, False),
        ("Nguyen Thi Buoi", "NGUYỄN THỊ BƯỞI", Level.DIACRITICS_DIFFER, False),
        ("Trần Văn Tuấn", "TRẦN VĂN TUÂN", Level.DIACRITICS_DIFFER, False),
        ("Trần Văn Tuấn", "TRẦN TUẤN", Level.DIFFERENT, True),
    ],
)
def test_a_spelling_warns_and_another_name_blocks(ours: str, theirs: str, level: Level, blocks: bool) -> None:
    comparison = compare(replace(MEMBER, full_name=ours), replace(RECORD, full_name=theirs))
    assert only(comparison) == (Field.FULL_NAME, level, blocks)


@pytest.mark.parametrize(
    ("ours", "theirs", "level", "blocks"),
    [
        ("1950", "1950-01-02", Level.PARTIAL, False),
        ("1950-01-02", "1950-01", Level.PARTIAL, False),
        ("1950-02-01", "1950-01-02", Level.SWAPPED, False),
        ("1950-01-03", "1950-01-02", Level.DIFFERENT, True),
        ("1951", "1950-01-02", Level.DIFFERENT, True),
        (None, "1950-01-02", Level.MISSING, True),
    ],
)
def test_birth_dates_are_compared_as_far_as_both_are_known(
    ours: str | None, theirs: str, level: Level, blocks: bool
) -> None:
    comparison = compare(replace(MEMBER, birth_on=ours), replace(RECORD, birth_on=theirs))
    assert only(comparison) == (Field.BIRTH_ON, level, blocks)


def test_two_sides_that_know_the_year_alone_match() -> None:
    assert compare(replace(MEMBER, birth_on="1950"), replace(RECORD, birth_on="1950")).status is CheckStatus.MATCH


def test_another_sex_blocks_and_a_missing_one_warns() -> None:
    assert only(compare(replace(MEMBER, sex=Sex.MALE), RECORD)) == (Field.SEX, Level.DIFFERENT, True)
    assert only(compare(replace(MEMBER, sex=None), RECORD)) == (Field.SEX, Level.MISSING, False)


def test_a_number_whose_digits_contradict_both_sides_is_named() -> None:
    odd = "003050000001"
    comparison = compare(replace(MEMBER, citizen_id=odd), replace(RECORD, citizen_id=odd))
    assert only(comparison) == (Field.CITIZEN_ID, Level.SEX_DIGIT, True)
    old = "003149000001"
    comparison = compare(replace(MEMBER, citizen_id=old), replace(RECORD, citizen_id=old))
    assert only(comparison) == (Field.CITIZEN_ID, Level.YEAR_DIGITS, True)


def test_another_name_and_another_birthday_are_another_person_whose_record_is_not_followed() -> None:
    stranger = Person("LÊ THỊ HOA", "1950-07-08", Sex.FEMALE, MEMBER.citizen_id)
    comparison = compare(MEMBER, stranger)
    assert only(comparison) == (Field.CITIZEN_ID, Level.OTHER_PERSON, True)
    assert not may_follow_record(comparison.status, comparison.differences)
    assert may_follow_record(CheckStatus.MISMATCH, {Field.FULL_NAME: Level.DIFFERENT})
    assert not may_follow_record(CheckStatus.DUPLICATE, {Field.CITIZEN_ID: Level.RECORDED_TWICE})


def test_a_field_that_differs_is_not_counted_a_second_time_by_the_digits() -> None:
    comparison = compare(replace(MEMBER, sex=Sex.MALE, birth_on="1949-01-02"), RECORD)
    assert set(comparison.differences) == {Field.SEX, Field.BIRTH_ON}


def test_a_member_without_a_whole_number_is_compared_with_nobody() -> None:
    for number in (None, "123456789"):
        comparison = assess(replace(MEMBER, citizen_id=number), [])
        assert (comparison.status, comparison.blocks) == (CheckStatus.MISSING, True)


def test_a_number_held_or_recorded_twice_is_a_duplicate() -> None:
    held = assess(MEMBER, [RECORD], holder_count=2)
    assert (held.status, held.differences[Field.CITIZEN_ID]) == (CheckStatus.DUPLICATE, Level.HELD_TWICE)
    recorded = assess(MEMBER, [RECORD, replace(RECORD, full_name="LÊ THỊ HOA")])
    assert (recorded.status, recorded.differences[Field.CITIZEN_ID]) == (CheckStatus.DUPLICATE, Level.RECORDED_TWICE)


def test_a_number_that_nobody_has_is_not_found_and_its_digits_may_say_why() -> None:
    assert only(assess(MEMBER, [])) == (Field.CITIZEN_ID, Level.UNKNOWN, True)
    assert only(assess(replace(MEMBER, sex=Sex.MALE), [])) == (Field.CITIZEN_ID, Level.SEX_DIGIT, True)


def test_the_record_gives_its_spelling_in_proper_case_and_the_more_exact_date() -> None:
    record = replace(RECORD, full_name="H’BIA ÊBAN", birth_on="1950")
    differences = {Field.FULL_NAME: Level.DIFFERENT, Field.BIRTH_ON: Level.PARTIAL}
    assert corrected(MEMBER, record, differences) == {Field.FULL_NAME: "H’Bia Êban", Field.BIRTH_ON: "1950-01-02"}
