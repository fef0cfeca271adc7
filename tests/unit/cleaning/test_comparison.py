"""Two lists side by side: what is said of everybody, and what must hold whatever the lists are."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardqueue.cleaning.rules.comparison import Comparison, Entry, Part, Why, compare_lists

ENTRY = Entry(
    "2",
    "Nguyễn Thị Mẫu",
    cell="Chi bộ thôn 1",
    birth_on="1955-02-14",
    sex="female",
    citizen_id="003155000001",
    card_no="12345678",
    joined_on="1980-05-19",
    official_on="1981-05-19",
)
OTHER = replace(
    ENTRY, place="3", full_name="Trần Văn Thử", birth_on="1960-03-01", citizen_id="003060000002", card_no="12345679"
)


def only_change(old: Entry, new: Entry) -> dict[Part, tuple[str, str]]:
    """What changed of the one person whom both lists hold."""
    found = compare_lists([old, OTHER], [OTHER, new])
    assert len(found.same) == 1 and len(found.changed) == 1
    return found.changed[0].parts


@pytest.mark.parametrize(
    ("part", "value"),
    [
        (Part.CELL, "Chi bộ thôn 2"),
        (Part.FULL_NAME, "Nguyễn Thị Mầu"),
        (Part.BIRTH_ON, "1955-04-12"),
        (Part.SEX, "male"),
        (Part.CITIZEN_ID, "003155000009"),
        (Part.CARD_NO, "87654321"),
        (Part.JOINED_ON, ""),
        (Part.OFFICIAL_ON, "1982-05-19"),
    ],
)
def test_each_value_that_differs_is_named_with_old_and_new(part: Part, value: str) -> None:
    changed = replace(ENTRY, **{part.value: value})
    assert only_change(ENTRY, changed) == {part: (ENTRY.value(part), value)}


def test_another_way_of_writing_is_no_change() -> None:
    shouted = replace(ENTRY, full_name="NGUYỄN THỊ MẪU", cell="thôn 1")
    assert len(compare_lists([ENTRY], [shouted]).same) == 1


def test_what_one_list_never_mentions_is_not_compared() -> None:
    bare = [replace(entry, sex="", joined_on="") for entry in (ENTRY, OTHER)]
    assert len(compare_lists([ENTRY, OTHER], bare).same) == 2


def test_the_old_cards_number_and_the_new_ones_are_no_difference() -> None:
    assert len(compare_lists([ENTRY], [replace(ENTRY, card_no=ENTRY.citizen_id)]).same) == 1


def test_whoever_stands_in_one_list_only_vanished_or_appeared() -> None:
    found = compare_lists([ENTRY], [OTHER])
    assert (found.gone, found.appeared) == ((0,), (0,))


def test_a_name_alone_never_makes_two_rows_one_person() -> None:
    namesake = Entry("9", ENTRY.full_name, birth_on="1971-01-01", cell="Chi bộ thôn 1", citizen_id="003171000003")
    found = compare_lists([ENTRY], [namesake])
    assert not found.same and not found.changed
    assert (found.gone, found.appeared) == ((0,), (0,))


def test_a_namesake_of_whom_too_little_is_known_is_in_doubt() -> None:
    namesake = Entry("9", ENTRY.full_name, cell="Chi bộ thôn 1")
    found = compare_lists([ENTRY], [namesake])
    assert [doubt.why for doubt in (*found.old_doubts, *found.new_doubts)] == [Why.NAME, Why.NAME]


def test_a_number_that_went_to_somebody_else_is_in_doubt() -> None:
    thief = replace(OTHER, citizen_id=ENTRY.citizen_id, card_no="")
    found = compare_lists([ENTRY], [thief])
    assert [(doubt.others, doubt.why) for doubt in found.new_doubts] == [((0,), Why.NUMBER)]
    assert [(doubt.others, doubt.why) for doubt in found.old_doubts] == [((0,), Why.NUMBER)]


def test_a_person_who_became_two_rows_leaves_one_of_them_in_doubt() -> None:
    found = compare_lists([ENTRY], [ENTRY, replace(ENTRY, cell="Chi bộ thôn 3")])
    assert found.same == ((0, 0),)
    assert [(doubt.index, doubt.others) for doubt in found.new_doubts] == [(1, (0,))]


def test_twins_are_kept_apart_by_their_names() -> None:
    twin = replace(ENTRY, full_name="Nguyễn Thị Thử", citizen_id="003155000002", card_no="")
    found = compare_lists([ENTRY, twin], [replace(twin, place="7"), replace(ENTRY, place="8")])
    assert found.same == ((0, 1), (1, 0))


ENTRIES = st.builds(
    Entry,
    place=st.just("1"),
    full_name=st.sampled_from(["Nguyễn Văn An", "NGUYỄN VĂN AN", "Nguyễn Văn Ân", "Trần Thị Bình", "Lê Cường"]),
    cell=st.sampled_from(["", "Chi bộ thôn 1", "Chi bộ thôn 2"]),
    birth_on=st.sampled_from(["", "1950", "1950-02", "1950-02-14", "1950-03-01", "1961-02-14"]),
    sex=st.sampled_from(["", "male", "female"]),
    citizen_id=st.sampled_from(["", "003050000001", "003050000002", "003161000003"]),
    card_no=st.sampled_from(["", "11111111", "22222222", "003050000001"]),
    joined_on=st.sampled_from(["", "1980-05-19"]),
    official_on=st.sampled_from(["", "1981-05-19"]),
)
LISTS = st.lists(ENTRIES, max_size=9)


@given(LISTS, LISTS)
def test_every_row_stands_in_exactly_one_group(old: list[Entry], new: list[Entry]) -> None:
    found = compare_lists(old, new)
    pairs = [*found.same, *((one.old, one.new) for one in found.changed)]
    left = [*(index for index, _ in pairs), *found.gone, *(doubt.index for doubt in found.old_doubts)]
    right = [*(index for _, index in pairs), *found.appeared, *(doubt.index for doubt in found.new_doubts)]
    assert sorted(left) == list(range(len(old)))
    assert sorted(right) == list(range(len(new)))


@given(LISTS, LISTS)
def test_exchanging_the_lists_mirrors_the_answer(old: list[Entry], new: list[Entry]) -> None:
    there, back = compare_lists(old, new), compare_lists(new, old)
    assert _mirrored(there) == _told(back)


@given(LISTS, st.randoms())
def test_a_list_beside_itself_in_any_order_gives_nothing(entries: list[Entry], random: object) -> None:
    shuffled = list(entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found = compare_lists(entries, shuffled)
    assert len(found.same) == len(entries)
    assert not (found.changed or found.gone or found.appeared or found.old_doubts or found.new_doubts)


@given(LISTS, LISTS)
def test_whoever_is_paired_shares_more_than_a_name(old: list[Entry], new: list[Entry]) -> None:
    for one in compare_lists(old, new).changed:
        left, right = old[one.old], new[one.new]
        numbers = {left.citizen_id, left.card_no} & {right.citizen_id, right.card_no} - {""}
        assert numbers or (left.birth_on and left.birth_on == right.birth_on)


def _told(found: Comparison) -> list[object]:
    return [
        Counter(found.same),
        {(one.old, one.new): one.parts for one in found.changed},
        set(found.gone),
        set(found.appeared),
        set(found.old_doubts),
        set(found.new_doubts),
    ]


def _mirrored(found: Comparison) -> list[object]:
    return [
        Counter((new, old) for old, new in found.same),
        {(one.new, one.old): {part: (b, a) for part, (a, b) in one.parts.items()} for one in found.changed},
        set(found.appeared),
        set(found.gone),
        set(found.new_doubts),
        set(found.old_doubts),
    ]
