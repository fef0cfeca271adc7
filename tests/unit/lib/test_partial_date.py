"""Partial dates: everything that real lists hold where a date should stand."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardqueue.lib.partial_date import DateFlag, PartialDate, read_date


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1975", "1975"),
        (1975, "1975"),
        (1975.0, "1975"),
        ("00/02/1950", "1950-02"),
        ("00/00/1950", "1950"),
        ("xx/xx/1950", "1950"),
        ("--/02/1950", "1950-02"),
        ("25/00/1950", "1950"),
        ("05/06/1931", "1931-06-05"),
        ("5-6-1931", "1931-06-05"),
        ("05.06.1931", "1931-06-05"),
        ("05 / 06 / 1931", "1931-06-05"),
        ("2/1950", "1950-02"),
        (2.195, "1950-02"),
        ("1950-02-01", "1950-02-01"),
        ("1950/02/01", "1950-02-01"),
        ("1950-02-01 00:00:00", "1950-02-01"),
        ("01/02/1950 0:00", "1950-02-01"),
        ("'01/02/1950", "1950-02-01"),
        ("02-Sep-1945", "1945-09-02"),
        ("Sep 2, 1945", "1945-09-02"),
        ("ngày 02 tháng 9 năm 1945", "1945-09-02"),
        ("Năm 1950", "1950"),
        ("02/9/1945 (âm lịch)", "1945-09-02"),
        (20334, "1955-09-02"),
        ("20334", "1955-09-02"),
        (20334.0, "1955-09-02"),
        (2091945, "1945-09-02"),
        ("02091945", "1945-09-02"),
        (19450902.0, "1945-09-02"),
        (date(1945, 9, 2), "1945-09-02"),
        (datetime(1945, 9, 2), "1945-09-02"),  # noqa: DTZ001
        (date(1905, 5, 28), "1975"),
        ("05/06/31", "1931-06-05"),
        ("02/25/1950", "1950-02-25"),
    ],
)
def test_a_date_is_read_from_whatever_a_cell_holds(cell: object, expected: str) -> None:
    assert str(read_date(cell).value) == expected


@pytest.mark.parametrize(
    ("cell", "flag"),
    [
        ("02/25/1950", DateFlag.MONTH_FIRST),
        ("05/06/1931", DateFlag.AMBIGUOUS),
        ("05/06/31", DateFlag.TWO_DIGIT_YEAR),
        (20334, DateFlag.SERIAL),
        ("1975", DateFlag.PARTIAL),
        ("31/02/1950", DateFlag.IMPOSSIBLE),
        ("13/13/1950", DateFlag.IMPOSSIBLE),
        ("01/01/0950", DateFlag.IMPOSSIBLE),
        (date(1800, 1, 1), DateFlag.IMPOSSIBLE),
        ("", DateFlag.MISSING),
        (None, DateFlag.MISSING),
        ("-", DateFlag.MISSING),
        ("#N/A", DateFlag.MISSING),
        (float("nan"), DateFlag.MISSING),
        ("nt", DateFlag.UNREADABLE),
        ("x", DateFlag.UNREADABLE),
        (15, DateFlag.UNREADABLE),
        ("15", DateFlag.UNREADABLE),
        (1e300, DateFlag.UNREADABLE),
        (-5, DateFlag.UNREADABLE),
        (time(7, 30), DateFlag.UNREADABLE),
        ("Hàm Thạnh, ngày 05 tháng 8 năm 2025", DateFlag.UNREADABLE),
    ],
)
def test_what_is_doubtful_or_no_date_is_said(cell: object, flag: DateFlag) -> None:
    reading = read_date(cell)
    assert flag in reading.flags
    if flag in (DateFlag.IMPOSSIBLE, DateFlag.MISSING, DateFlag.UNREADABLE):
        assert reading.value is None


def test_a_column_known_to_put_the_month_first_is_read_so() -> None:
    assert str(read_date("05/06/1931", month_first=True).value) == "1931-05-06"
    assert str(read_date("25/06/1931", month_first=True).value) == "1931-06-25"


def test_a_clear_date_has_no_flags() -> None:
    assert read_date("25/12/1950").flags == frozenset()
    assert read_date(date(1950, 1, 2)).flags == frozenset()


def test_partial_dates_know_their_span_and_agree_on_what_both_know() -> None:
    february = PartialDate(1952, 2)
    assert (february.earliest, february.latest) == (date(1952, 2, 1), date(1952, 2, 29))
    assert PartialDate(1950).latest == date(1950, 12, 31)
    assert february.agrees_with(PartialDate(1952, 2, 14))
    assert not february.agrees_with(PartialDate(1952, 3))
    assert PartialDate(1952, 2, 3).swapped == PartialDate(1952, 3, 2)
    assert PartialDate(1952, 2, 14).swapped is None
    assert [value.display() for value in (PartialDate(1950), february, PartialDate(1952, 2, 1))] == [
        "1950",
        "02/1952",
        "01/02/1952",
    ]
    with pytest.raises(ValueError, match="without its month"):
        PartialDate(1950, None, 2)


@given(st.dates(date(1880, 1, 1), date(2100, 12, 31)))
def test_iso_text_comes_back_as_the_same_date(on: date) -> None:
    for value in (PartialDate(on.year), PartialDate(on.year, on.month), PartialDate.from_date(on)):
        assert PartialDate.from_iso(str(value)) == value
    assert read_date(f"{on:%d/%m/%Y}").value == PartialDate.from_date(on)


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.datetimes(), st.booleans(), st.none()))
def test_no_cell_breaks_the_reader(cell: object) -> None:
    read_date(cell)
