"""Reading an extract of population records."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from cardqueue.lib.legacy_fonts import Encoding
from cardqueue.lib.spreadsheet import CellValue, Sheet, Table, Workbook, read_workbook, write_xlsx
from cardqueue.verification.rules import (
    Column,
    Fault,
    LineReader,
    RecordCells,
    column_letter,
    find_columns,
    find_shift,
    font_of_names,
    guess_by_values,
    is_party_list,
    masked,
)
from tests.factories.verification import csv_of

LINE = "003150000001,NGUYỄN THỊ BƯỞI,1950-01-02,Nữ,Bình Thuận,"
USUAL = {
    Column.CITIZEN_ID: 0,
    Column.FULL_NAME: 1,
    Column.BIRTH_ON: 2,
    Column.SEX: 3,
    Column.HOMETOWN: 4,
    Column.OLD_NUMBER: 5,
}


def read(*cells: CellValue, width: int = 6) -> RecordCells | list[tuple[str, Fault, str]]:
    found = LineReader(USUAL, width=width).read(7, cells)
    if isinstance(found, RecordCells):
        return found
    assert {fault.line for fault in found} <= {7}
    return [(fault.column, fault.fault, fault.found) for fault in found]


def test_an_extract_with_the_usual_titles_needs_no_help() -> None:
    guess = find_columns(read_workbook(csv_of(LINE), "dan_cu.csv"))
    assert guess.is_certain
    assert (guess.header_row, guess.columns) == (1, USUAL)
    assert read(*LINE.split(",")) == RecordCells(
        "003150000001", "NGUYỄN THỊ BƯỞI", "1950-01-02", "Nữ", "Bình Thuận", ""
    )


def test_titles_in_other_words_below_a_heading_are_found(tmp_path: Path) -> None:
    rows: list[tuple[str | int, ...]] = [
        ("", "Họ và tên", "Số CCCD", "Giới tính", "Ngày, tháng, năm sinh", "Nơi đăng ký khai sinh", "Số CMND cũ"),
        (1, "Trần Văn Đường", "003060000002", "Nam", "02/01/1960", "Huế", "190000123"),
    ]
    path = tmp_path / "extract.xlsx"
    write_xlsx(path, [Table("Trang 1", ("TRÍCH DỮ LIỆU DÂN CƯ",), rows)])
    guess = find_columns(read_workbook(path))
    assert (guess.is_certain, guess.header_row) == (True, 2)
    assert guess.columns[Column.OLD_NUMBER] == 6 and guess.columns[Column.HOMETOWN] == 5


def test_a_list_of_members_is_no_extract() -> None:
    header = "Số CCCD,Họ và tên,Ngày sinh,Giới tính,Chi bộ,Ngày vào Đảng"
    assert is_party_list([header.split(",")], 1)
    assert not is_party_list([header.split(",")], 0)
    assert not is_party_list(read_workbook(csv_of(LINE), "dan_cu.csv").sheets[0].rows, 1)


def test_a_missing_or_doubled_column_asks_a_person() -> None:
    missing = find_columns(read_workbook(csv_of("1,2,3", header="ho_ten,ngay_sinh,gioi_tinh"), "x.csv"))
    assert not missing.is_certain and Column.CITIZEN_ID not in missing.columns
    doubled = csv_of(LINE, header="so_dinh_danh,ho_ten,ngay_sinh,gioi_tinh,so_cccd,so_cmnd_cu")
    assert not find_columns(read_workbook(doubled, "x.csv")).is_certain
    nothing = find_columns(read_workbook(b"1,2,3,4", "x.csv"))
    assert (nothing.is_certain, nothing.columns) == (False, {})


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("003150000", "LÊ THỊ HOA", "1950-01-02", "Nữ", "", ""), [("A", Fault.NOT_A_CITIZEN_ID, "00*****00")]),
        (("3.15E+09", "LÊ THỊ HOA", "1950-01-02", "Nữ", "", ""), [("A", Fault.ROUNDED_NUMBER, "3.15E+09")]),
        (("003150000003", "", "1950-13-02", "Khác", "", ""), [
            ("B", Fault.MISSING, ""), ("C", Fault.NOT_A_DATE, "1950-13-02"), ("D", Fault.NOT_A_SEX, "K…"),
        ]),
        (("003150000003", "003150000003", "1950", "Nam", "", ""), [("B", Fault.NOT_A_NAME, "0031******03")]),
        (("003150000003", "NGUY?N TH? HOA", "1950", "Nữ", "", ""), [("B", Fault.LOST_LETTERS, "N…?N T…? H…")]),
        (("003150000003", "ĐẶNG THỊ HOA".encode().decode("latin-1"), "1950", "Nữ", "", ""), [
            ("B", Fault.BAD_LETTERS, masked("ĐẶNG THỊ HOA".encode().decode("latin-1"))),
        ]),
        (("003150000004", "LÊ THỊ NA", "01/25/1950", "Nữ", "", ""), [("C", Fault.MONTH_FIRST, "01/25/1950")]),
        (("003150000004", "LÊ THỊ NA", "Nữ", "01/02/1950", "", ""), [
            ("C", Fault.NOT_A_DATE, "N…"), ("D", Fault.NOT_A_SEX, "01/02/1950"),
        ]),
        (("003150000004", "LÊ THỊ"), [("", Fault.WRONG_WIDTH, "2/6")]),
        (("003150000004", "LÊ", "THỊ", "1950", "Nữ", "", "thừa"), [("", Fault.WRONG_WIDTH, "7/6")]),
        (("", "", "", "", "Bình Thuận", ""), []),
        (("", ""), []),
    ],
)  # fmt: skip
def test_every_unreadable_cell_is_named_and_what_is_told_of_it_names_nobody(
    cells: Sequence[str], expected: list[tuple[str, Fault, str]]
) -> None:
    assert read(*cells) == expected


def test_blank_cells_too_many_and_lines_of_a_sheet_of_any_width_are_no_fault() -> None:
    assert isinstance(read(*LINE.split(","), "", " "), RecordCells)
    assert isinstance(read("003150000001", "LÊ NA", "1950", "Nữ", width=0), RecordCells)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1950-01-02", "1950-01-02"),
        ("02/01/1950", "02/01/1950"),
        ("1950", "1950"),
        (1950, "1950"),
        (18264, "1950-01-01"),
    ],
)
def test_dates_come_as_text_or_as_what_a_spreadsheet_makes_of_them(cell: CellValue, expected: str) -> None:
    found = read(3150000001, "LÊ THỊ NA", cell, "Nữ", "", 190000123)
    assert found == RecordCells("3150000001", "LÊ THỊ NA", expected, "Nữ", "", "190000123")


def test_columns_that_are_shifted_are_told_from_a_few_wrong_cells() -> None:
    good = ["003150000001", "LÊ THỊ NA", "1950", "Nữ", "", ""]
    bad = ["x", "003150000001", "LÊ THỊ NA", "1950", "Nữ", ""]
    assert find_shift([["titles"], good, good, good, good, good, bad], 1, USUAL) is None
    shift = find_shift([["titles"], good, *[bad] * 3], 1, USUAL)
    assert shift is not None
    assert (shift.line, shift.column, shift.fault, shift.found) == (3, "B", Fault.SHIFTED, "0031******01")


def test_names_typed_for_an_old_font_are_known_by_all_of_them() -> None:
    rows = [["", "NguyÔn V¨n B×nh"], ["", "TrÇn ThÞ H\u00adêng"]]
    assert font_of_names(rows, 0, USUAL) is Encoding.TCVN3
    assert font_of_names([["", "Nguyễn Văn Bình"], ["", "LE VAN A"]], 0, USUAL) is Encoding.UNICODE
    found = LineReader(USUAL, font=Encoding.TCVN3).read(1, ("003150000001", "NguyÔn V¨n B×nh", "1950", "Nam"))
    assert isinstance(found, RecordCells) and found.name == "Nguyễn Văn Bình"


def test_a_masked_value_has_neither_a_number_nor_a_name() -> None:
    assert masked("Nguyễn Văn An 003150000001") == "N… V… A… 0031******01"
    assert masked("12") == "12"


def test_columns_that_no_title_names_are_known_by_their_values() -> None:
    rows = [
        ["Trần Văn Sáu", "Huế", "1950-01-02", "003150000001", "Nam"],
        ["Lê Thị Na", "", "1951", "003151000002", "Nữ"],
    ]
    without = find_columns(Workbook("csv", [Sheet("x", rows)]))
    guess = guess_by_values(Sheet("x", rows), without)
    assert (guess.header_row, guess.columns) == (
        0,
        {Column.CITIZEN_ID: 3, Column.FULL_NAME: 0, Column.BIRTH_ON: 2, Column.SEX: 4},
    )
    titled = Sheet(
        "x",
        [["a", "b", "Ngày sinh", "Giới tính", "c"], *[[name, "x", birth, sex, "?"] for name, _, birth, _, sex in rows]],
    )
    by_titles = find_columns(Workbook("csv", [titled]))
    assert by_titles.columns == {Column.BIRTH_ON: 2, Column.SEX: 3}
    assert guess_by_values(titled, by_titles).columns == {Column.BIRTH_ON: 2, Column.SEX: 3, Column.FULL_NAME: 0}


def test_a_workbook_without_any_title_offers_its_first_sheet() -> None:
    guess = find_columns(Workbook("xlsx", [Sheet("Trống", []), Sheet("Số liệu", [["1", "2"]])]))
    assert (guess.sheet, guess.is_certain) == ("Số liệu", False)


def test_columns_have_the_letters_of_spreadsheet_programs() -> None:
    assert [column_letter(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
