"""The six words about one member's data."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cardqueue.cleaning.rules.quality import LIVING_DAYS, Facts, Fault, Lack, Word, assess, count_words

AT = datetime(2030, 8, 9, tzinfo=UTC)
GOOD = Facts(
    full_name="Nguyễn Thị Mẫu",
    birth_on="1955-02-14",
    sex="female",
    citizen_id="003155000001",
    card_no="12345678",
    joined_on="1980-05-19",
    official_on="1981-05-19",
    phone="+84912345678",
    is_compared=True,
    is_verified=True,
    seen_at=AT,
    has_list=True,
)


def test_data_without_a_fault_holds_all_six_words() -> None:
    assert assess(GOOD, AT).words == frozenset(Word)
    assert assess(GOOD, AT).lacking == ()


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ({"is_verified": False}, {Word.CORRECT, Word.SHARED}),
        ({"phone": None}, {Word.COMPLETE, Word.SHARED}),
        ({"official_on": None}, {Word.COMPLETE}),
        ({"citizen_id": None}, {Word.COMPLETE, Word.SHARED}),
        ({"is_held_twice": True}, {Word.CLEAN, Word.SHARED}),
        ({"seen_at": None}, {Word.LIVING}),
        ({"seen_at": AT - timedelta(days=LIVING_DAYS, seconds=1)}, {Word.LIVING}),
        ({"has_list": False}, {Word.CONSISTENT}),
        ({"is_changed_here": True}, {Word.CONSISTENT}),
        ({"is_disputed": True}, {Word.CONSISTENT}),
    ],
)
def test_each_word_is_lost_for_its_own_reason(changes: dict[str, object], lost: set[Word]) -> None:
    assert set(assess(replace(GOOD, **changes), AT).lacking) == lost  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"full_name": "Mẫu"}, Fault.NAME_FORMAT),
        ({"full_name": "Nguyễn Thị Mẫu 2"}, Fault.NAME_FORMAT),
        ({"full_name": "NguyÔn V¨n Th¾ng"}, Fault.NAME_FORMAT),
        ({"sex": "male"}, Fault.NUMBER_SEX),
        ({"birth_on": "1956"}, Fault.NUMBER_YEAR),
        ({"joined_on": "1982"}, Fault.DATES_ORDER),
        ({"joined_on": None, "official_on": "1950"}, Fault.DATES_ORDER),
    ],
)
def test_a_fault_of_form_is_named(changes: dict[str, object], fault: Fault) -> None:
    assert assess(replace(GOOD, **changes), AT).faults == (fault,)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "lack"),
    [
        ({"is_verified": False}, Lack.DIFFERS),
        ({"is_verified": False, "is_compared": False}, Lack.NOT_COMPARED),
        ({"seen_at": None}, Lack.NOT_SEEN),
        ({"has_list": False}, Lack.NO_LIST),
        ({"is_changed_here": True}, Lack.CHANGED_HERE),
        ({"is_disputed": True}, Lack.DISPUTED),
    ],
)
def test_what_else_is_lacking_is_named(changes: dict[str, object], lack: Lack) -> None:
    assert assess(replace(GOOD, **changes), AT).lacks == (lack,)  # type: ignore[arg-type]


def test_what_is_missing_is_no_fault_of_form() -> None:
    bare = replace(GOOD, birth_on=None, sex=None, citizen_id=None, joined_on=None, official_on=None)
    assert assess(bare, AT).faults == ()
    assert assess(bare, AT).missing == ("birth_on", "sex", "citizen_id", "joined_on", "official_on")


def test_a_year_alone_may_be_before_any_day_of_it() -> None:
    assert assess(replace(GOOD, joined_on="1981", official_on="1981-05-19"), AT).faults == ()


def test_counts_name_every_word() -> None:
    counts = count_words([assess(GOOD, AT), assess(replace(GOOD, phone=None), AT)])
    assert counts == {"correct": 2, "complete": 1, "clean": 2, "living": 2, "consistent": 2, "shared": 1}
