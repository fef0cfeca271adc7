"""How far two names agree: the pairs that decide about people, and what must hold for any names."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardqueue.verification.engine.levels import NameLevel, name_level, words_level
from cardqueue.verification.engine.names import RosterName, name_words, read_name

SYLLABLES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Văn",
    "Thị",
    "Hòa",
    "Hùng",
    "Hưng",
    "Lan",
    "Loan",
    "Mỹ",
    "Quý",
    "Đức",
    "Dũng",
    "An",
)
NAMES = st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=4).map(" ".join)


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        ("Nguyễn Văn Hoà", "NGUYỄN VĂN HÒA", NameLevel.SAME),
        ("Lý Thị Mĩ", "LÝ THỊ MỸ", NameLevel.SPELLING),
        ("Nguyễn ThịLan", "NGUYỄN THỊ LAN", NameLevel.SPELLING),
        ("Nguyễn Thành Q", "NGUYỄN THÀNH QUÝ", NameLevel.RESEMBLES),
        ("Nguyn Vn Hng", "NGUYỄN VĂN HÙNG", NameLevel.RESEMBLES),
        ("H c Vinh", "HỒ ĐỨC VINH", NameLevel.RESEMBLES),
        ("K Brèo", "K’BRÈO", NameLevel.SPELLING),
        ("Bà Nguyễn Thị Lan", "NGUYỄN THỊ LAN", NameLevel.SPELLING),
        ("Nguyen Van Hung", "NGUYỄN VĂN HÙNG", NameLevel.BARE),
        ("Nguy?n V?n Hùng", "NGUYỄN VĂN HÙNG", NameLevel.BARE),
        ("Nguyễn Văn Hưng", "NGUYỄN VĂN HÙNG", NameLevel.MARKS),
        ("Hùng Nguyễn Văn", "NGUYỄN VĂN HÙNG", NameLevel.ORDER),
        ("Nguyễn Văn Hùgn", "NGUYỄN VĂN HÙNG", NameLevel.TYPO),
        ("Nguyễn Văn Chí", "NGUYỄN VĂN TRÍ", NameLevel.TYPO),
        ("Nguyễn Hùng", "NGUYỄN VĂN HÙNG", NameLevel.SHORTENED),
        ("N. V. Hùng", "NGUYỄN VĂN HÙNG", NameLevel.SHORTENED),
        ("Ng. Văn Hùng", "NGUYỄN VĂN HÙNG", NameLevel.SHORTENED),
        ("Nguyễn Hữu Hùng", "NGUYỄN VĂN HÙNG", NameLevel.RESEMBLES),
        ("Nguyễn Văn", "NGUYỄN VĂN HÙNG", NameLevel.RESEMBLES),
        ("Trần Thị Lan", "NGUYỄN VĂN HÙNG", NameLevel.NONE),
        ("", "NGUYỄN VĂN HÙNG", NameLevel.MISSING),
    ],
)
def test_names_agree_in_levels(a: str, b: str, level: NameLevel) -> None:
    assert name_level(read_name(a), name_words(b)) is level


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Hòa", "Hoa"), ("Thúy", "Thùy"), ("Thu", "Thư"), ("Dung", "Dũng"), ("Đại", "Dại"), ("Tâm", "Tấm"),
        ("Võ", "Vũ"), ("Hoàng", "Huỳnh"), ("Mỹ", "Mỳ"), ("Hòe", "Huệ"), ("Tuấn", "Tuân"), ("Ơn", "Ớn"), ("Mỹ", "Mĩ"),
        ("Thúy", "Thúi"), ("Huy", "Hui"),
    ],
)  # fmt: skip
def test_two_names_are_never_one(a: str, b: str) -> None:
    assert name_level(read_name(f"Lê {a}"), name_words(f"LÊ {b.upper()}")) < NameLevel.SAME


@given(NAMES)
def test_a_name_is_the_same_as_itself_in_any_encoding(name: str) -> None:
    for written in (name.upper(), unicodedata.normalize("NFD", name), f" {name.replace(' ', '  ')}."):
        assert name_level(read_name(written), name_words(name)) is NameLevel.SAME


@given(NAMES, NAMES)
@settings(max_examples=200)
def test_only_equal_words_are_the_same_and_levels_hardly_depend_on_the_side(a: str, b: str) -> None:
    words_a, words_b = name_words(a), name_words(b)
    level = words_level(words_a, words_b)
    assert (level is NameLevel.SAME) == (words_a == words_b)
    assert words_level(words_b, words_a) is level


@given(NAMES, NAMES)
def test_a_loose_reading_never_makes_two_names_the_same(a: str, b: str) -> None:
    name = RosterName((name_words(a),), (name_words(b),))
    assert name_level(name, name_words(b)) >= NameLevel.SPELLING
    assert (name_level(name, name_words(b)) is NameLevel.SAME) == (name_words(a) == name_words(b))
