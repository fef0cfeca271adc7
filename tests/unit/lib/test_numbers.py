"""Citizen IDs, card numbers and telephone numbers, as cells of any type give them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardqueue.lib.card_no import CardKind, read_card_no
from cardqueue.lib.citizen_id import (
    ISSUED_PREFIXES,
    IdProblem,
    Sex,
    birth_year_of,
    mask_citizen_id,
    read_citizen_id,
    sex_of,
)
from cardqueue.lib.phone import format_phone, read_phone

CELLS = st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.datetimes(), st.booleans(), st.none())


@pytest.mark.parametrize(
    "cell",
    ["005050012345", "'005 050 012 345", "005.050.012.345", "Số: 005050012345", "005050012345\u200b", "005-050-012345"],
)
def test_a_number_is_cleaned_of_what_people_put_into_it(cell: object) -> None:
    reading = read_citizen_id(cell)
    assert reading.number == "005050012345"
    assert (reading.sex, reading.birth_year) == (Sex.MALE, 1950)


@pytest.mark.parametrize("cell", [5050012345, 5050012345.0, "5050012345.0", "5.050012345E+09", "5050012345"])
def test_zeros_lost_by_a_spreadsheet_come_back_with_a_notice(cell: object) -> None:
    reading = read_citizen_id(cell)
    assert reading.number == "005050012345"
    assert IdProblem.LEADING_ZERO in reading.problems


@pytest.mark.parametrize("cell", [123456789, "123456789", "12345678", 12345678.0, "123 456 789"])
def test_an_old_cmnd_is_never_padded(cell: object) -> None:
    reading = read_citizen_id(cell)
    assert reading.number is None
    assert reading.problems == (IdProblem.OLD_CMND,)
    assert reading.old_number in ("123456789", "12345678")


@pytest.mark.parametrize("cell", ["6.00E+10", "00505001234", "0050500123456", "00505001234O", "12345", 1e300])
def test_a_number_of_another_length_is_refused(cell: object) -> None:
    assert read_citizen_id(cell).problems == (IdProblem.LENGTH,)


@pytest.mark.parametrize("cell", ["", None, "-", "không", "chưa có", "#N/A", 0.0, "000000000000"])
def test_an_empty_cell_has_no_number(cell: object) -> None:
    assert read_citizen_id(cell).problems == (IdProblem.MISSING,)


def test_two_numbers_in_one_cell_are_told_apart() -> None:
    reading = read_citizen_id("123456789 / 005050012345")
    assert (reading.number, reading.old_number) == ("005050012345", "123456789")


def test_sex_and_year_are_in_the_number() -> None:
    assert (sex_of("005150000000"), birth_year_of("005150000000")) == (Sex.FEMALE, 1950)
    assert (sex_of("005205000000"), birth_year_of("005205000000")) == (Sex.MALE, 2005)


@given(st.integers(1900, 2399), st.sampled_from(Sex))
def test_the_fourth_digit_says_century_and_sex(year: int, sex: Sex) -> None:
    number = f"003{2 * (year // 100 - 19) + (sex is Sex.FEMALE)}{year % 100:02}000001"
    reading = read_citizen_id(number)
    assert (reading.number, reading.sex, reading.birth_year) == (number, sex, year)


@given(st.sampled_from(("003", "005", "007")), st.integers(0, 999_999_999))
def test_one_number_is_read_whatever_was_done_to_it(prefix: str, rest: int) -> None:
    number = f"{prefix}{rest:09}"
    written = (
        number,
        number.lstrip("0"),
        int(number),
        float(number),
        f"{float(number):.1f}",
        f"{int(number):,}",
        f"{int(number):.11E}",
        f" {number[:3]} {number[3:6]}\u00a0{number[6:]} ",
        f"'{number}",
        f"{number} (Cục CSQLHC về TTXH)",
        "".join(chr(ord(digit) + 0xFEE0) for digit in number),
    )
    assert {read_citizen_id(cell).number for cell in written} == {number}


@given(st.integers(10_000_000, 999_999_999))
def test_eight_or_nine_digits_are_an_old_number_and_no_citizen_id(old: int) -> None:
    for cell in (old, str(old), float(old)):
        reading = read_citizen_id(cell)
        assert (reading.number, reading.old_number) == (None, str(old))


def test_there_are_63_issued_prefixes_and_others_are_noticed() -> None:
    assert len(ISSUED_PREFIXES) == 63
    assert all(len(prefix) == 3 and prefix.startswith("0") for prefix in ISSUED_PREFIXES)
    assert (ISSUED_PREFIXES["060"], ISSUED_PREFIXES["079"]) == ("Bình Thuận", "TP. Hồ Chí Minh")
    assert IdProblem.PREFIX in read_citizen_id("005050012345").problems
    assert not read_citizen_id("005050012345").has_issued_prefix


def test_masked_numbers_keep_their_ends_only() -> None:
    assert mask_citizen_id("005050012301") == "0050******01"
    assert mask_citizen_id("123456789") == "12*****89"
    assert mask_citizen_id("1234") == "****"
    assert mask_citizen_id(None) == ""


@pytest.mark.parametrize(
    ("cell", "number", "kind"),
    [
        ("12345678", "12345678", CardKind.OLD),
        ("12.345678", "12345678", CardKind.OLD),
        (12345678.0, "12345678", CardKind.OLD),
        (1234567.0, "01234567", CardKind.OLD),
        ("005050012345", "005050012345", CardKind.NEW),
        (5050012345.0, "005050012345", CardKind.NEW),
        ("12345678, 001234AB", "12345678", CardKind.OLD),
        ("", None, None),
    ],
)
def test_card_numbers_have_8_or_12_digits(cell: object, number: str | None, kind: CardKind | None) -> None:
    reading = read_card_no(cell)
    assert (reading.number, reading.kind, reading.is_well_formed) == (number, kind, True)


def test_other_card_numbers_are_not_well_formed() -> None:
    assert not read_card_no("1234567").is_well_formed
    assert not read_card_no("mất thẻ").is_well_formed


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("0912345678", "+84912345678"),
        (912345678.0, "+84912345678"),
        ("+84 912.345.678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("0168 123 4567", "+84381234567"),
        ("0120 123 4567", "+84701234567"),
        ("0199 123 4567", "+84591234567"),
        ("0252 3861 234", "+842523861234"),
        ("0912345678 - 0987654321", "+84912345678"),
        ("", None),
        ("không", None),
    ],
)
def test_telephone_numbers_are_kept_as_e164(cell: object, number: str | None) -> None:
    reading = read_phone(cell)
    assert reading.number == number
    assert reading.is_usable


def test_what_is_no_telephone_number_is_not_usable() -> None:
    assert not read_phone("12345").is_usable
    assert not read_phone("0412345678").is_usable
    assert format_phone("+84912345678") == "0912 345 678"


@given(CELLS)
def test_no_cell_breaks_the_readers(cell: object) -> None:
    read_citizen_id(cell)
    read_card_no(cell)
    read_phone(cell)
