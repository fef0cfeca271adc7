"""Spreadsheets: every kind an office has is read, nothing else is, and what is written stays text."""

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdfTable
from odf.table import TableCell, TableRow
from odf.text import P

from cardqueue.lib.spreadsheet import (
    MAX_BYTES,
    MergedRange,
    NotASpreadsheet,
    Refusal,
    Table,
    read_workbook,
    write_csv,
    write_xlsx,
)

HEADER, ROW = ["Họ và tên", "Ngày sinh"], ["Nguyễn Thị Bưởi", "1950"]


def xlsx() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("Thôn 1")
        sheet.merge_range(0, 0, 0, 1, "DANH SÁCH")
        sheet.write_row(1, 0, HEADER)
        sheet.write_row(2, 0, ROW)
        sheet.write_datetime(3, 1, date(1950, 2, 1), book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_blank(1_000_000, 1, None, book.add_format({"bold": True}))
        book.add_worksheet("Ẩn").hide()
    return target.getvalue()


def xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Thôn 1")
    for column, title in enumerate(HEADER):
        sheet.write(0, column, title)
        sheet.write(1, column, ROW[column])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def ods(repeated: int = 1) -> bytes:
    document = OpenDocumentSpreadsheet()
    table = OdfTable(name="Thôn 1")
    for values in (HEADER, ROW):
        row = TableRow(numberrowsrepeated=repeated) if repeated > 1 else TableRow()
        for value in values:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=value))
            row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def refusal_of(content: bytes) -> Refusal:
    with pytest.raises(NotASpreadsheet) as caught:
        read_workbook(content)
    assert str(caught.value)
    return caught.value.refusal


def test_an_xlsx_keeps_its_dates_merges_and_hidden_sheets() -> None:
    book = read_workbook(xlsx())
    sheet = book.sheet("Thôn 1")
    assert sheet.merged == [MergedRange(0, 0, 0, 1)]
    assert list(sheet.rows[2]) == ROW
    assert sheet.rows[3][1] == date(1950, 2, 1)
    assert [sheet.is_visible for sheet in book.sheets] == [True, False]
    with pytest.raises(KeyError):
        book.sheet("không có")


@pytest.mark.parametrize(("content", "kind"), [(xls(), "xls"), (ods(), "ods")])
def test_xls_and_ods_are_known_by_their_content(content: bytes, kind: str) -> None:
    book = read_workbook(content, "danh sach.xlsx")
    assert book.kind == kind
    assert [list(row) for row in book.sheets[0].rows] == [HEADER, ROW]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimited_text_is_read_in_any_encoding(encoding: str, delimiter: str) -> None:
    lines = [delimiter.join(HEADER), delimiter.join(ROW), delimiter.join(['"Lê, Văn; An"', "1960"])]
    text = "\r\n".join(lines)
    if encoding == "cp1258":
        # The Vietnamese code page of Windows writes the tones after their letters.
        text = text.replace("ễ", "ê\u0303").replace("ị", "i\u0323").replace("ọ", "o\u0323").replace("ở", "ơ\u0309")
    sheet = read_workbook(text.encode(encoding), "danh sach.csv").sheets[0]
    assert sheet.name == "danh sach"
    assert [list(row) for row in sheet.rows] == [HEADER, ROW, ["Lê, Văn; An", "1960"]]


def test_letters_for_an_old_font_stay_as_they_are_in_delimited_text() -> None:
    text = "Hä vµ tªn,Ngµy sinh\nNguyÔn V¨n B×nh,1950\nTrÇn ThÞ Hång,1960\n"
    assert read_workbook(text.encode("cp1252")).sheets[0].rows[1][0] == "NguyÔn V¨n B×nh"


def test_the_separator_line_of_excel_is_obeyed_and_dropped() -> None:
    assert list(read_workbook(b"sep=;\na;b,c\n").sheets[0].rows[0]) == ["a", "b,c"]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", Refusal.EMPTY),
        (b" \r\n", Refusal.EMPTY),
        (b"x" * (MAX_BYTES + 1), Refusal.TOO_LARGE),
        (b"%PDF-1.7 ...", Refusal.OTHER_KIND),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, Refusal.OTHER_KIND),
        ("<html><table><tr><td>Họ tên</td></tr></table>".encode(), Refusal.WEB_PAGE),
        (xlsx()[:2000], Refusal.DAMAGED),
        (xls()[:2000], Refusal.DAMAGED),
        (ods()[:-200], Refusal.DAMAGED),
        ("\ufeff".encode("utf-16-le") + b"\x00\xd8", Refusal.DAMAGED),
    ],
)
def test_what_is_no_spreadsheet_is_refused_with_a_reason(content: bytes, refusal: Refusal) -> None:
    assert refusal_of(content) is refusal


def test_a_sheet_of_a_single_row_or_column_is_read_whole() -> None:
    content = io.BytesIO()
    write_xlsx(content, [Table("one row", ["a", "b"], []), Table("one column", ["a"], [["b"]])])
    assert [list(map(list, sheet.rows)) for sheet in read_workbook(content.getvalue()).sheets] == [
        [["a", "b"]],
        [["a"], ["b"]],
    ]


def test_a_word_document_is_no_spreadsheet() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("word/document.xml", "<w/>")
    assert refusal_of(target.getvalue()) is Refusal.OTHER_KIND


def test_a_locked_workbook_is_refused_as_locked() -> None:
    assert refusal_of(xls()[:512] + "EncryptedPackage".encode("utf-16-le")) is Refusal.PASSWORD


def test_files_that_unpack_to_too_much_are_refused_before_parsing() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b" " * (201 * 1024 * 1024))
    assert refusal_of(target.getvalue()) is Refusal.UNPACKS_TOO_LARGE

    far = io.BytesIO()
    with xlsxwriter.Workbook(far) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "z")
    assert refusal_of(far.getvalue()) is Refusal.UNPACKS_TOO_LARGE
    assert refusal_of(ods(repeated=1_000_000_000)) is Refusal.UNPACKS_TOO_LARGE


def test_a_damaged_xls_does_not_take_the_process_down() -> None:
    damaged = bytearray(xls())
    for place in range(512, len(damaged), 40):
        damaged[place] = 0xFE
    assert refusal_of(bytes(damaged)) in (Refusal.DAMAGED, Refusal.UNPACKS_TOO_LARGE)


def test_text_that_looks_like_a_formula_stays_text_in_xlsx(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    texts = ["=1+1", "+84912345678", "-3", "@x", "005050012345", "https://a.vn", "\x01Lê"]
    rows = [[text, 1.5, True, date(1950, 2, 1), datetime(2025, 8, 9, 0, 30, tzinfo=UTC), None] for text in texts]
    write_xlsx(path, [Table("A/B", ["a", "b", "c", "d", "e", "f"], rows), Table("a b", ["x"], [])])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["A B", "a b (2)"]
    cells = list(book["A B"].iter_rows(min_row=2))
    assert [row[0].value for row in cells] == [*texts[:-1], "Lê"]
    assert {row[0].data_type for row in cells} == {"s"}
    assert [cell.value for cell in cells[0][1:]] == [
        1.5,
        True,
        datetime(1950, 2, 1),  # noqa: DTZ001
        datetime(2025, 8, 9, 7, 30),  # noqa: DTZ001
        None,
    ]


def test_text_that_looks_like_a_formula_is_defused_in_csv() -> None:
    target = io.StringIO()
    write_csv(target, ["a"], [["=1+1"], ["+84912345678"], ["-1+cmd"], ["@x"], ["\t=x"], ["Lê"], [-5], [None]])
    assert target.getvalue().splitlines() == ["a", "'=1+1", "+84912345678", "'-1+cmd", "'@x", "'\t=x", "Lê", "-5", '""']
