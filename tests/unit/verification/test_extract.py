"""Reading an extract of population records."""

from __future__ import annotations

from pathlib import Path

from cardqueue.lib.spreadsheet import Table, read_workbook, write_xlsx
from cardqueue.roster.models import Sex
from cardqueue.verification.rules import Fault, Field, Person, column_letter, find_columns, read_records
from tests.factories.verification import csv_of

LINE = "003150000001,NGUYỄN THỊ BƯỞI,1950-01-02,Nữ,Bình Thuận,"


def read(content: bytes) -> tuple[list[Person], list[tuple[int, str, Field, Fault]]]:
    workbook = read_workbook(content, "dan_cu.csv")
    guess = find_columns(workbook)
    people, faults = read_records(workbook.sheet(guess.sheet), guess.header_row, guess.columns)
    return people, [(fault.line, fault.column, fault.field, fault.fault) for fault in faults]


def test_an_extract_with_the_usual_titles_needs_no_help() -> None:
    guess = find_columns(read_workbook(csv_of(LINE), "dan_cu.csv"))
    assert guess.is_certain
    assert guess.columns == {Field.CITIZEN_ID: 0, Field.FULL_NAME: 1, Field.BIRTH_ON: 2, Field.SEX: 3}
    assert read(csv_of(LINE)) == ([Person("NGUYỄN THỊ BƯỞI", "1950-01-02", Sex.FEMALE, "003150000001")], [])


def test_titles_in_other_words_below_a_heading_are_found(tmp_path: Path) -> None:
    rows: list[tuple[str | int, ...]] = [
        ("", "Họ và tên", "Số CCCD", "Giới tính", "Ngày, tháng, năm sinh"),
        (1, "Trần Văn Đường", "003060000002", "Nam", "02/01/1960"),
    ]
    path = tmp_path / "extract.xlsx"
    write_xlsx(path, [Table("Trang 1", ("TRÍCH DỮ LIỆU DÂN CƯ",), rows)])
    workbook = read_workbook(path)
    guess = find_columns(workbook)
    assert (guess.is_certain, guess.header_row) == (True, 2)
    people, faults = read_records(workbook.sheet(guess.sheet), guess.header_row, guess.columns)
    assert not faults
    assert people == [Person("Trần Văn Đường", "1960-01-02", Sex.MALE, "003060000002")]


def test_a_missing_or_doubled_column_asks_a_person() -> None:
    missing = find_columns(read_workbook(csv_of("1,2,3", header="ho_ten,ngay_sinh,gioi_tinh"), "x.csv"))
    assert not missing.is_certain and Field.CITIZEN_ID not in missing.columns
    doubled = csv_of(LINE, header="so_dinh_danh,ho_ten,ngay_sinh,gioi_tinh,so_cccd,so_cmnd_cu")
    assert not find_columns(read_workbook(doubled, "x.csv")).is_certain
    nothing = find_columns(read_workbook(b"1,2,3,4", "x.csv"))
    assert (nothing.is_certain, nothing.columns) == (False, {})


def test_every_unreadable_cell_is_named_by_line_and_column() -> None:
    people, faults = read(
        csv_of(
            LINE,
            "003150000,LÊ THỊ HOA,1950-01-02,Nữ,,",
            "003150000003,,1950-13-02,Khác,,",
            ",,,,Bình Thuận,",
            "003150000004,LÊ THỊ NA,01/25/1950,Nữ,,",
        )
    )
    assert len(people) == 1
    assert sorted(faults) == [
        (3, "A", Field.CITIZEN_ID, Fault.NOT_A_CITIZEN_ID),
        (4, "B", Field.FULL_NAME, Fault.MISSING),
        (4, "C", Field.BIRTH_ON, Fault.NOT_A_DATE),
        (4, "D", Field.SEX, Fault.NOT_A_SEX),
        (6, "C", Field.BIRTH_ON, Fault.MONTH_FIRST),
    ]


def test_columns_have_the_letters_of_spreadsheet_programs() -> None:
    assert [column_letter(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
