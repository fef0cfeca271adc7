"""Writing into somebody else's workbook: the texts arrive, and everything else is what it was."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from cardqueue.lib.spreadsheet import NotASpreadsheet, fill_cells, read_workbook


def template() -> bytes:
    """A list as an office makes it: colours, numbers as text, formulas, drop-down lists from a hidden sheet."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet, words = book.add_worksheet("DANH SÁCH ĐẢNG VIÊN"), book.add_worksheet("DANTOC")
        words.write_column(0, 0, ["Kinh", "Chăm"])
        words.hide()
        red = book.add_format({"bold": True, "font_color": "red", "border": 1})
        sheet.merge_range(0, 0, 0, 4, "DANH SÁCH", red)
        sheet.write_row(1, 0, ["STT", "Số", "Tuổi", "Kết quả kiểm tra", "Chi tiết lỗi"], red)
        for row in range(2, 5):
            sheet.write_string(row, 1, "003060000001")
            sheet.write_formula(row, 2, "=1+2", None, 3)
            sheet.write_blank(row, 3, None, red)
        sheet.write_formula(4, 4, '="cũ"', None, "cũ")
        sheet.data_validation("A3:A5", {"validate": "list", "source": "=DANTOC!$A$1:$A$2"})
    return target.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    """The parts of a package."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_texts_arrive_in_their_cells_with_the_look_that_was_there() -> None:
    filled = fill_cells(
        template(), "DANH SÁCH ĐẢNG VIÊN", {(2, 3): "Sai & thiếu <1>", (2, 4): " Ngày sinh ", (4, 4): "x"}
    )
    sheet = openpyxl.load_workbook(io.BytesIO(filled))["DANH SÁCH ĐẢNG VIÊN"]
    assert [sheet["D3"].value, sheet["E3"].value, sheet["E5"].value] == ["Sai & thiếu <1>", " Ngày sinh ", "x"]
    assert sheet["D3"].font.bold and sheet["D3"].border.left.style == "thin"
    assert sheet["B3"].value == "003060000001" and sheet["C3"].value == "=1+2"
    assert sheet["D4"].value is None
    rows = read_workbook(filled, "x.xlsx").sheet("DANH SÁCH ĐẢNG VIÊN").rows
    assert rows[2][1:5] == ["003060000001", 3, "Sai & thiếu <1>", " Ngày sinh "]


def test_everything_else_is_the_same_byte_for_byte() -> None:
    given = template()
    before, after = parts(given), parts(fill_cells(given, "DANH SÁCH ĐẢNG VIÊN", {(2, 3): "Đúng"}))
    sheet = "xl/worksheets/sheet1.xml"
    assert {name: data for name, data in before.items() if name != sheet} == {
        name: data for name, data in after.items() if name != sheet
    }
    without_row = re.compile(rb'<row r="3".*?</row>')
    assert without_row.sub(b"", before[sheet]) == without_row.sub(b"", after[sheet])


def test_a_formula_that_makes_room_is_taken_off_the_list_of_formulas() -> None:
    given = io.BytesIO()
    chain = (
        b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="E5" i="1"/></calcChain>'
    )
    entry = b'<Override PartName="/xl/calcChain.xml" ContentType="x"/></Types>'
    with zipfile.ZipFile(given, "w") as package:
        for name, data in parts(template()).items():
            package.writestr(name, data.replace(b"</Types>", entry) if name == "[Content_Types].xml" else data)
        package.writestr("xl/calcChain.xml", chain)
    kept = parts(fill_cells(given.getvalue(), "DANH SÁCH ĐẢNG VIÊN", {(2, 3): "Đúng"}))
    dropped = parts(fill_cells(given.getvalue(), "DANH SÁCH ĐẢNG VIÊN", {(4, 4): "Đúng"}))
    assert "xl/calcChain.xml" in kept and "xl/calcChain.xml" not in dropped
    assert b"calcChain" not in dropped["[Content_Types].xml"]


def test_cells_behind_the_last_one_and_in_empty_rows_are_written(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "A"  # type: ignore[union-attr]
    book["A"]["A1"] = "Tên"
    book["A"].row_dimensions[2].height = 40
    book.save(path)
    filled = openpyxl.load_workbook(io.BytesIO(fill_cells(path.read_bytes(), "A", {(0, 30): "xa", (1, 1): "gần"})))["A"]
    assert filled["AE1"].value == "xa" and filled["B2"].value == "gần"
    assert filled.row_dimensions[2].height == 40


def test_other_kinds_of_files_are_refused() -> None:
    with pytest.raises(NotASpreadsheet):
        fill_cells(b"STT,Ten\n", "A", {})
    with pytest.raises(KeyError):
        fill_cells(template(), "Không có", {})
