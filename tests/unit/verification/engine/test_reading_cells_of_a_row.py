"""Names, numbers, dates, places and whole rows as people, Excel and old fonts write them."""

from __future__ import annotations

import pytest

from cardqueue.lib.legacy_fonts import Encoding
from cardqueue.verification.engine.dates import (
    DateLevel,
    date_level,
    other_years,
    read_birth,
    read_record_birth,
    swapped,
)
from cardqueue.verification.engine.evidence import understand
from cardqueue.verification.engine.levels import PlaceLevel, place_level
from cardqueue.verification.engine.names import name_key, name_words, read_name
from cardqueue.verification.engine.numbers import (
    NumberLevel,
    RosterNumber,
    are_neighbours,
    is_consistent,
    number_level,
    read_number,
    variants,
)
from cardqueue.verification.engine.places import read_place, read_sex, same_cell
from cardqueue.verification.engine.shapes import Field, Figures, RosterRow

NUMBER = "009060012345"


@pytest.mark.parametrize(
    "written",
    [
        "NGUYỄN VĂN HÒA",
        "Nguyễn Văn Hoà",
        "Nguyễn  Văn\u00a0Hòa.",
        "Nguye\u0302\u0303n Va\u0306n Ho\u0300a",
        "NguyÔn V¨n Hßa",
        "Nguyeãn Vaên Hoøa",
        "Nguyá»…n VÄƒn HÃ²a",
        "Nguy&#7877;n Văn Hòa",
        "Nguy%E1%BB%85n%20V%C4%83n%20H%C3%B2a",
        "Nguy=E1=BB=85n V=C4=83n H=C3=B2a",
        "Nguy\\u1ec5n V\\u0103n H\\u00f2a",
        "Nguy\u1ec5n V\u0103n \u041d\u043e\u0300\u0430",
        "Nguyễn\nVăn Hòa",
    ],
)
def test_encoding_case_blanks_and_the_place_of_the_tone_are_folded_away(written: str) -> None:
    assert read_name(written).plain[0] == name_words("Nguyễn Văn Hòa")


@pytest.mark.parametrize(
    "written",
    [
        "Bà Nguyễn Văn Hòa",
        "đ/c Nguyễn Văn Hòa",
        "PGS. TS Nguyễn Văn Hòa",
        "Nguyễn Văn Hòa (Tư)",
        "Nguyễn Văn Hòa tức Ba Lúa",
        "Nguyễn Văn Hòa - 1960",
        "Nguyễn Văn Hòa B",
        "Nguyễn Văn Tư (Hòa)",
        "Nguyeenx Vawn Hoaf",
        "Nguye64n Va8n Hoa2",
        "Nguyễn Văn Hoaf",
        "Nguyễn Văn H0à",
        "Nguyễn Văn Hòa\nTrần Thị Lan",
    ],
)
def test_what_stands_around_a_name_leaves_a_looser_reading_without_it(written: str) -> None:
    name = read_name(written)
    assert name_words("Nguyễn Văn Hòa") in name.loose
    assert name_words("Nguyễn Văn Hòa") not in name.plain


def test_a_word_that_is_another_in_an_old_font_is_read_both_ways_in_a_file_that_has_that_font() -> None:
    meant = name_words("Lê Dũng")
    assert meant in read_name("Lª Dòng").plain
    assert meant not in read_name("Hà Dòng").plain
    assert name_words("Hà Dũng") in read_name("Hà Dòng".replace("à", "µ"), [Encoding.TCVN3]).plain


def test_a_family_name_that_is_a_title_elsewhere_stays() -> None:
    assert read_name("Ông Văn Hòa").plain == (name_words("ÔNG VĂN HÒA"),)


def test_the_key_of_a_name_does_not_depend_on_the_order_of_its_words() -> None:
    assert name_key(name_words("Hòa Nguyễn Văn")) == name_key(name_words("NGUYỄN VĂN HOA"))


@pytest.mark.parametrize(
    ("written", "number", "as_written"),
    [
        (NUMBER, NUMBER, True),
        ("9060012345", NUMBER, True),
        ("9060012345.0", NUMBER, True),
        ("'009060012345", NUMBER, True),
        ("009.060.012.345", NUMBER, True),
        ("CCCD: 009060012345", NUMBER, True),
        ("OO9O6OO12345", NUMBER, False),
        (NUMBER * 2, NUMBER, False),
        ("không có", "", True),
        ("00906001234", "", True),
        ("9,06E+09", "", True),
        ("9.0600123450E+09", NUMBER, True),
        ("００９０６００１２３４５", NUMBER, True),
    ],
)
def test_numbers_are_read_and_never_guessed(written: str, number: str, as_written: bool) -> None:
    reading = read_number(written)
    assert (reading.number, reading.is_as_written) == (number, as_written)


def test_an_old_number_is_kept_apart_and_gets_back_its_zero() -> None:
    assert read_number("000123456").old == "000123456"
    assert read_number("10123456").old == "010123456"
    assert read_number(f"{NUMBER} / 000123456") == RosterNumber(NUMBER, old="000123456")


def test_a_missing_number_is_looked_for_in_the_card_number() -> None:
    assert read_number("", NUMBER) == RosterNumber(NUMBER, is_as_written=False)
    assert read_number("", "99.000001").is_empty


def test_the_number_of_the_card_in_the_numbers_column_is_none() -> None:
    assert read_number("99000001", "99000001").is_empty
    assert read_number("99.000001", NUMBER) == RosterNumber(NUMBER, is_as_written=False)
    assert read_number("99000001", "98000001").old == "099000001"


def test_two_numbers_in_one_cell_are_those_of_two_people() -> None:
    assert read_number(f"{NUMBER}\n003170000001").is_of_two
    assert not read_number(f"{NUMBER}\n{NUMBER}").is_of_two
    assert not read_number(NUMBER).is_of_two


@pytest.mark.parametrize(
    ("written", "level"),
    [
        (NUMBER, NumberLevel.EQUAL),
        ("009060012000", NumberLevel.CLOSE),
        ("009060014523", NumberLevel.CLOSE),
        (f"{NUMBER}\n003170000001", NumberLevel.NEAR),
        ("009060012354", NumberLevel.NEAR),
        ("009060012340", NumberLevel.NEAR),
        ("00906012345", NumberLevel.NEAR),
        ("0090600123455", NumberLevel.NEAR),
        ("009061012340", NumberLevel.CLOSE),
        ("0090600…", NumberLevel.CLOSE),
        ("000123456", NumberLevel.OLD),
        ("000123457", NumberLevel.CLOSE),
        ("000654321", NumberLevel.DIFFERENT),
        ("003170000001", NumberLevel.DIFFERENT),
        ("", NumberLevel.MISSING),
    ],
)
def test_numbers_agree_in_levels(written: str, level: NumberLevel) -> None:
    assert number_level(read_number(written), NUMBER, "000123456") is level


def test_one_typing_error_leaves_at_most_119_other_numbers() -> None:
    assert len(variants(RosterNumber("070123456780"))) == 119
    assert len(variants(RosterNumber("009123456780"))) == 118
    assert int(NUMBER) in variants(RosterNumber(loose="00906012345"))
    assert int(NUMBER) in variants(RosterNumber(loose="0090600123455"))


def test_twins_have_neighbouring_numbers() -> None:
    assert are_neighbours("009060012345", "009060012346")
    assert not are_neighbours("009060012345", "009060012745")


def test_a_number_is_consistent_with_the_sex_and_year_that_it_states() -> None:
    assert is_consistent(NUMBER, 1, 1960)
    assert is_consistent(NUMBER, 0, 0)
    assert not is_consistent(NUMBER, 2, 1960)
    assert not is_consistent(NUMBER, 1, 1961)


@pytest.mark.parametrize(
    ("written", "figures"),
    [
        ("05/06/1950", (1950, 6, 5)),
        ("5.6.50", (1950, 6, 5)),
        ("1950-06-05 00:00:00", (1950, 6, 5)),
        ("ngày 5 tháng 6 năm 1950", (1950, 6, 5)),
        ("18419", (1950, 6, 5)),
        ("06/25/1950", (1950, 6, 25)),
        ("75/06/05", (1975, 6, 5)),
        ("1950", (1950, 0, 0)),
        ("khoảng 1950", (1950, 0, 0)),
        ("00/06/1950", (1950, 6, 0)),
        ("30/02/1950", (1950, 2, 30)),
        ("05/06/25", (1925, 6, 5)),
        ("5061950", (1950, 6, 5)),
        ("050650", (1950, 6, 5)),
        ("05/061950", (1950, 6, 5)),
        ("0506/1950", (1950, 6, 5)),
        ("5/VI/1950", (1950, 6, 5)),
        ("1950-06-04T17:00:00.000Z", (1950, 6, 5)),
        ("không nhớ", (0, 0, 0)),
        ("", (0, 0, 0)),
    ],
)
def test_dates_are_read_as_figures(written: str, figures: tuple[int, int, int]) -> None:
    assert tuple(read_birth(written)) == figures


def test_a_registry_writes_full_dates_or_years_and_anything_unreadable_is_said_to_be() -> None:
    assert read_record_birth("1950-06-05") == Figures(1950, 6, 5)
    assert read_record_birth("1950") == Figures(1950)
    assert read_record_birth("") == Figures()
    assert read_record_birth("unknown") is None


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        ((1950, 6, 5), (1950, 6, 5), DateLevel.EQUAL),
        ((1950, 0, 0), (1950, 0, 0), DateLevel.EQUAL),
        ((1950, 0, 0), (1950, 6, 5), DateLevel.PARTIAL),
        ((1950, 6, 0), (1950, 6, 5), DateLevel.PARTIAL),
        ((1950, 6, 5), (1950, 5, 6), DateLevel.SWAPPED),
        ((1950, 6, 5), (1960, 6, 5), DateLevel.ONE_PART),
        ((1950, 6, 5), (1950, 6, 15), DateLevel.ONE_PART),
        ((1950, 6, 5), (1950, 7, 15), DateLevel.SAME_YEAR),
        ((1950, 0, 0), (1951, 6, 5), DateLevel.OTHER),
        ((0, 0, 0), (1951, 6, 5), DateLevel.MISSING),
    ],
)
def test_dates_agree_in_levels(a: tuple[int, int, int], b: tuple[int, int, int], level: DateLevel) -> None:
    assert date_level(Figures(*a), Figures(*b)) is level
    assert date_level(Figures(*b), Figures(*a)) is level


def test_a_mistyped_year_and_an_american_date_are_looked_for() -> None:
    assert swapped(Figures(1950, 6, 5)) == Figures(1950, 5, 6)
    assert swapped(Figures(1950, 6, 25)) is None
    found = {born.year for born in other_years(Figures(1957, 6, 5))}
    assert {1975, 1967, 1937, 1947, 1958, 1950} <= found
    assert 1957 not in found
    assert other_years(Figures(1957)) == []


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("Nam", 1),
        (" nữ ", 2),
        ("NU", 2),
        ("F", 2),
        ("N÷", 2),
        ("Nöõ", 2),
        ("Ná»¯", 2),
        ("N?", 2),
        ("Nuwx", 2),
        ("N&#7919;", 2),
        ("Nam/Nữ", 0),
        ("n", 0),
        ("x", 0),
        ("", 0),
    ],
)
def test_sexes_are_read(text: str, sex: int) -> None:
    assert read_sex(text) == sex


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        ("Suối Mây, Bình Thuận", "Xã Suối Mây, tỉnh Lâm Đồng", PlaceLevel.COMMUNE),
        ("Bến Lau - Suối Mây - Bình Thuận", "Suối Mây, Bình Thuận", PlaceLevel.COMMUNE),
        ("Đồi Cát, Bình Thuận", "Suối Mây, Bình Thuận", PlaceLevel.PROVINCE),
        ("Suối Mây, Nghệ An", "Suối Mây, Bình Thuận", PlaceLevel.DIFFERS),
        ("Bình Thuận", "Suối Mây, Bình Thuận", PlaceLevel.UNKNOWN),
        ("", "Suối Mây, Bình Thuận", PlaceLevel.UNKNOWN),
        ("Suèi M©y, B×nh ThuËn", "Suối Mây, Bình Thuận", PlaceLevel.COMMUNE),
    ],
)
def test_hometowns_agree_across_the_mergers_of_2025(a: str, b: str, level: PlaceLevel) -> None:
    assert place_level(read_place(a), read_place(b)) is level


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("CB Thôn 09", "Chi bộ thôn 9", True),
        ("chi bo thon da bac", "Chi bộ thôn Đá Bạc", True),
        ("Chi bộ KP1", "Chi bộ khu phố 1", True),
        ("Chi bé th«n §¸ B¹c", "Chi bộ thôn Đá Bạc", True),
        ("Chi bộ thôn Hoa", "Chi bộ thôn Hòa", False),
        ("Chi bộ thôn 1", "Chi bộ thôn 11", False),
    ],
)
def test_a_cell_is_the_same_in_other_words(a: str, b: str, same: bool) -> None:
    assert same_cell(a, b) is same


def row(**cells: str) -> RosterRow:
    blank = RosterRow("1", "Nguyễn Văn Hòa", "05/06/1950", "Nam", NUMBER, "", "", "")
    return blank._replace(**cells)


def test_cells_in_each_others_columns_are_put_back_and_named() -> None:
    evidence = understand(row(name="05/06/1950", birth="Nguyễn Văn Hòa"))
    assert evidence.name.plain == (name_words("Nguyễn Văn Hòa"),)
    assert evidence.born == Figures(1950, 6, 5)
    assert evidence.moved == {Field.NAME, Field.BIRTH}


def test_a_cell_that_says_something_is_not_overwritten_by_what_slipped_into_another_column() -> None:
    two = f"{NUMBER}\n003170000001"
    evidence = understand(row(number=two, birth="1950\n05/06/1970"))
    assert evidence.number.is_of_two
    assert evidence.moved == frozenset()
    assert understand(row(number="99.000591")).moved == frozenset()
    assert understand(row(name="1950", birth="Nguyễn Văn Hòa")).name.plain == (name_words("Nguyễn Văn Hòa"),)


def test_a_row_in_order_stays_as_it_is() -> None:
    evidence = understand(row())
    assert (evidence.born, evidence.sex, evidence.number.number) == (Figures(1950, 6, 5), 1, NUMBER)
    assert evidence.moved == frozenset()
