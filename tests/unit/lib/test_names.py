"""Names: what is one spelling, what is another person, and how lists are sorted."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardqueue.lib.names import (
    NameLevel,
    clean,
    compare_names,
    display_case,
    same_name_key,
    search_key,
    short_name,
    sort_key,
)

SAME_PAIRS = [
    ("Nguyễn Văn Hòa", "Nguyễn Văn Hoà"),
    ("Trần Thị Thúy", "Trần Thị Thuý"),
    ("Lê Thị Thủy", "Lê Thị Thuỷ"),
    ("Phạm Văn Quý", unicodedata.normalize("NFD", "Phạm Văn Quý")),
    ("NGUYỄN THỊ HUỆ", "Nguyễn Thị Huệ"),
    ("Đặng Văn Đức", "\u00d0ặng Văn \u00d0ức"),
    ("đỗ thị loan", "ĐỖ THỊ LOAN"),
    ("Trần  Văn   Nam", "Trần Văn Nam"),
    ("  Trần Văn Nam ", "Trần Văn Nam"),
    ("Trần\u00a0Văn\u00a0Nam", "Trần Văn Nam"),
    ("Huỳnh Thị Hoè", "Huỳnh Thị Hòe"),
    ("Vũ Thị Khoẻ", "Vũ Thị Khỏe"),
    ("Bùi Xuân Toả", "Bùi Xuân Tỏa"),
    ("Lương Thị Uyển", unicodedata.normalize("NFD", "LƯƠNG THỊ UYỂN")),
    ("Lê Văn Sáu\u200b", "Lê Văn Sáu"),
    ("Hoàng Duy Tuỳ", "Hoàng Duy Tùy"),
    ("Ngô Thị Hoạ", "Ngô Thị Họa"),
    ("Võ Văn Thụy", "Võ Văn Thuỵ"),
    ("Hà Thị Loá", "Hà Thị Lóa"),
    ("Ma Thị Khuê", unicodedata.normalize("NFD", "Ma Thị Khuê")),
    ("Phan Văn Tư.", "Phan Văn Tư"),
    ("TRẦN QUỐC TOẢN", "Trần Quốc Toản"),
    ("Ｎguyễn Văn Ba", "Nguyễn Văn Ba"),
    ("Lê Thị Oánh", "Lê Thị óanh"),
    ("Lê Văn Hoàn", "Lê Văn Hòan"),
    ("Đỗ Văn Đô", "\u0189ỗ Văn \u0189ô"),
    ("Đỗ Văn Hoà", "Đỗ Văn Н\u043eà"),
    ("H’Bia Êban", "H'BIA ÊBAN"),
]

OTHER_PAIRS = [
    ("Nguyễn Văn Hòa", "Nguyễn Văn Hoa"),
    ("Nguyễn Văn Hòa", "Nguyễn Văn Hóa"),
    ("Lê Thị Thúy", "Lê Thị Thùy"),
    ("Lê Thị Thu", "Lê Thị Thư"),
    ("Lê Thị Dung", "Lê Thị Dũng"),
    ("Lê Văn Dũng", "Lê Văn Đũng"),
    ("Lê Văn Đại", "Lê Văn Dại"),
    ("Lê Thị Hương", "Lê Thị Hường"),
    ("Lê Thị Tâm", "Lê Thị Tấm"),
    ("Lê Văn Quân", "Lê Văn Quấn"),
    ("Lê Thị Lan", "Lê Thị Lân"),
    ("Võ Văn Ba", "Vũ Văn Ba"),
    ("Hoàng Văn Ba", "Huỳnh Văn Ba"),
    ("Lê Văn Lăng", "Lê Văn Lắng"),
    ("Lê Thị Mỹ", "Lê Thị Mỳ"),
    ("Văn An", "An"),
    ("Lê Văn An", "Lê Văn Ân"),
    ("Lê Thị Nga", "Lê Thị Ngà"),
    ("Lê Thị Hòe", "Lê Thị Huệ"),
    ("Lê Văn Sơn", "Lê Văn Sớn"),
    ("Lê Văn Tuấn", "Lê Văn Tuân"),
    ("Lê Văn Ơn", "Lê Văn Ớn"),
    ("Văn An Nguyễn", "Nguyễn Văn An"),
    ("Lê Thị Thúy", "Lê Thị Thúi"),
    ("Lê Văn Tay", "Lê Văn Tai"),
    ("Lê Văn Huy", "Lê Văn Hui"),
    ("Lê Văn Bảy", "Lê Văn Bải"),
    ("", "Lê Văn Bảy"),
    ("", " "),
]


@pytest.mark.parametrize(("a", "b"), SAME_PAIRS)
def test_one_name_written_two_ways_is_the_same(a: str, b: str) -> None:
    assert compare_names(a, b) is NameLevel.SAME
    assert compare_names(b, a) is NameLevel.SAME


@pytest.mark.parametrize(("a", "b"), OTHER_PAIRS)
def test_two_names_are_never_merged(a: str, b: str) -> None:
    assert compare_names(a, b) in (NameLevel.DIACRITICS_DIFFER, NameLevel.DIFFERENT)
    assert compare_names(a, b) is compare_names(b, a)


@pytest.mark.parametrize(
    "pair",
    ["Mỹ/Mĩ", "Lý/Lí", "Kỳ/Kì", "Sỹ/Sĩ", "Tỵ/Tị", "Quý/Quí", "Vy/Vi", "Thy/Thi", "Hy/Hi"],
)
def test_i_and_y_are_variants_that_a_person_confirms(pair: str) -> None:
    one, other = pair.split("/")
    assert compare_names(f"Trần Thị {one}", f"Trần Thị {other}") is NameLevel.VARIANT_IY


@pytest.mark.parametrize("name", ["Nguyễn Thị Bưởi", "Đặng Văn Đức", "Lý Thị Mỹ"])
def test_a_name_that_lost_its_accents_differs_in_diacritics_only(name: str) -> None:
    assert compare_names(name, search_key(name)) is NameLevel.DIACRITICS_DIFFER


def test_names_from_legacy_fonts_are_the_same_as_their_unicode() -> None:
    assert compare_names("NguyÔn V¨n ¸nh", "Nguyễn Văn Ánh") is NameLevel.SAME
    assert compare_names("Nguyeãn Vaên Ñöùc", "Nguyễn Văn Đức") is NameLevel.SAME
    assert compare_names("Nguyeãn Thò Hoàng", "Nguyễn Thị Hồng") is NameLevel.SAME
    assert compare_names("Nguyễn Thị Hoàng", "Nguyễn Thị Hồng") is NameLevel.DIFFERENT


def test_lists_sort_by_given_name_with_letters_before_tones() -> None:
    given_names = ["An", "Ánh", "Ân", "Ấn", "Bưởi", "Bưu", "Dung", "Đức", "Đường"]
    shuffled = random.Random(7).sample(given_names, len(given_names))
    assert sorted(shuffled, key=sort_key) == given_names
    people = ["Nguyễn Văn Bình", "Lê Thị An", "Trần An", "Đỗ Văn An", "Dương Văn An", "Phạm Thị Anh"]
    assert sorted(people, key=sort_key) == [
        "Dương Văn An",
        "Đỗ Văn An",
        "Lê Thị An",
        "Trần An",
        "Phạm Thị Anh",
        "Nguyễn Văn Bình",
    ]
    assert sort_key("lê thị an") == sort_key("LÊ  THỊ AN")


def test_a_name_written_in_russian_letters_throughout_stays_russian() -> None:
    assert clean("Наташа") == "Наташа"


def test_search_finds_without_accents_and_apostrophes() -> None:
    assert search_key("Đặng Thị Ước") == "dang thi uoc"
    assert search_key("H’Bia Êban") == search_key("H'bia eban") == "hbia eban"
    assert search_key("\u00d0ỖVăn  Tư.") == "dovan tu"


def test_cleaning_keeps_the_case_and_drops_what_cannot_be_seen() -> None:
    assert clean("\ufeffNGUYỄN\u00a0 Văn\u200b\tTư\n") == "NGUYỄN Văn Tư"
    assert clean(unicodedata.normalize("NFD", "Nguyễn Thị Ước")) == "Nguyễn Thị Ước"


def test_only_capitals_are_recased_for_display() -> None:
    assert display_case("NGUYỄN THỊ ƯỚC") == "Nguyễn Thị Ước"
    assert display_case("H’BIA ÊBAN") == "H’Bia Êban"
    assert display_case("K’BRÈO") == "K’Brèo"
    assert display_case("Ksor H’Lan") == "Ksor H’Lan"
    assert display_case("nguyễn văn tư") == "nguyễn văn tư"


def test_public_displays_show_initials_in_the_middle() -> None:
    assert short_name("NGUYỄN THỊ BƯỞI") == "Nguyễn T. Bưởi"
    assert short_name("Lê An") == "Lê An"
    assert short_name("Tôn Nữ Thị Bích Ngọc") == "Tôn N. T. B. Ngọc"


VIETNAMESE = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậéèẻẽẹ' NVT\u00a0", max_size=30)


@given(VIETNAMESE)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(VIETNAMESE.filter(lambda text: any(letter.isalpha() for letter in text)))
def test_encoding_case_and_spaces_never_make_another_person(name: str) -> None:
    assert compare_names(name, unicodedata.normalize("NFD", name)).is_same
    assert compare_names(name, f" {name.upper()}\u200b ").is_same
    assert sort_key(name) == sort_key(unicodedata.normalize("NFD", name.upper()))


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_two_texts_compare_alike_both_ways_round(a: str, b: str) -> None:
    assert compare_names(a, b) is compare_names(b, a)
    assert sort_key(a).isdigit() or not sort_key(a)
    assert search_key(a).isascii()


# Syllables whose tone may stand on either of two vowels, and others.
SYLLABLES = st.sampled_from(
    (
        "Nguyễn", "Đặng", "Trần", "Lê", "Văn", "Thị", "Hòa", "Khỏe", "Thủy", "Thúy", "Họa", "Quý", "Đức", "Dũng", "Ơn",
        "Tuyết", "Oánh", "Mỹ", "Yến", "Uyển", "Ước", "Bưởi", "K’Brèo", "H’Bia", "Êban", "Y",
    )
)  # fmt: skip
WHOLE_NAMES = st.lists(SYLLABLES, min_size=2, max_size=5).map(" ".join)
TONES = "\u0300\u0301\u0303\u0309\u0323"


def with_tone_on(word: str, vowel: int) -> str:
    """The word with its tone, if it has one, on another of its vowels."""
    letters = unicodedata.normalize("NFD", word)
    tone = next((letter for letter in letters if letter in TONES), "")
    plain = unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in TONES))
    places = [at for at, letter in enumerate(plain) if search_key(letter) in tuple("aeiouy")]
    at = places[vowel % len(places)] + 1 if places else 0
    return unicodedata.normalize("NFC", plain[:at] + tone + plain[at:]) if tone and at else word


@given(WHOLE_NAMES, st.integers(0, 2))
def test_wherever_a_tone_is_put_in_its_syllable_the_name_is_the_same(name: str, vowel: int) -> None:
    moved = " ".join(with_tone_on(word, vowel) for word in name.split())
    assert compare_names(name, moved).is_same
    assert same_name_key(name) == same_name_key(moved)


@given(WHOLE_NAMES, WHOLE_NAMES)
def test_two_names_have_one_key_exactly_when_they_are_called_the_same(a: str, b: str) -> None:
    assert (same_name_key(a) == same_name_key(b)) is compare_names(a, b).is_same
    assert compare_names(a, b).is_same is (a == b)


@given(WHOLE_NAMES, st.sampled_from("ĐÐƉ"), st.sampled_from("đðɖ"))
def test_every_d_with_a_stroke_is_one(name: str, capital: str, small: str) -> None:
    assert compare_names(name, name.replace("Đ", capital).replace("đ", small)).is_same
