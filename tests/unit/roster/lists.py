"""Workbooks as offices make them, built cell by cell. Every person is invented; no citizen ID was ever issued."""

import io
from collections.abc import Mapping, Sequence
from datetime import date

import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from cardqueue.lib.spreadsheet import Sheet, Workbook, read_workbook
from cardqueue.roster.reading import RosterRow, look_at, read_rows

ON = date(2026, 11, 22)
Rows = Sequence[Sequence[object]]
# top, left, bottom, right, from 0
Merge = tuple[int, int, int, int]


def as_read(sheets: Mapping[str, Rows], kind: str = "ods") -> Workbook:
    """A workbook as a reader gives it, without going through a file; merges unknown."""
    return Workbook(kind, [Sheet(name, [list(row) for row in rows]) for name, rows in sheets.items()])  # type: ignore[arg-type]


def as_xlsx(
    sheets: Mapping[str, Rows], merges: Mapping[str, Sequence[Merge]] | None = None, hidden: Sequence[str] = ()
) -> Workbook:
    """The rows written to an .xlsx and read back. A merged range shows what its first cell holds."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        as_date = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for top, left, bottom, right in (merges or {}).get(name, ()):
                sheet.merge_range(top, left, bottom, right, "")
            for row, values in enumerate(rows):
                for column, value in enumerate(values):
                    if isinstance(value, date):
                        sheet.write_datetime(row, column, value, as_date)
                    elif value not in ("", None):
                        sheet.write(row, column, value)
            if name in hidden:
                sheet.hide()
    return read_workbook(target.getvalue())


def as_xls(sheets: Mapping[str, Rows]) -> Workbook:
    """The rows written to an old .xls and read back."""
    book = xlwt.Workbook()
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if value not in ("", None):
                    sheet.write(row, column, value)
    target = io.BytesIO()
    book.save(target)
    return read_workbook(target.getvalue())


def as_ods(sheets: Mapping[str, Rows]) -> Workbook:
    """The rows written to an .ods as text and read back."""
    document = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        table = Table(name=name)
        for values in rows:
            row = TableRow()
            for value in values:
                cell = TableCell(valuetype="string")
                if value not in ("", None):
                    cell.addElement(P(text=str(value)))
                row.addElement(cell)
            table.addElement(row)
        document.spreadsheet.addElement(table)
    target = io.BytesIO()
    document.save(target)
    return read_workbook(target.getvalue())


def read(workbook: Workbook, *, fictitious_ids: bool = True) -> list[RosterRow]:
    """What the reader makes of a workbook when nobody corrects its guess."""
    choices = [guess.choice for guess in look_at(workbook) if guess.is_list]
    return read_rows(workbook, choices, on=ON, fictitious_ids=fictitious_ids)


def codes(row: RosterRow) -> list[str]:
    """The codes of a row's messages."""
    return [message.code.value for message in row.messages]


L1_TOP = [
    "STT",
    "ID",
    "Họ và tên *",
    "Tên gọi khác",
    "Giới tính *",
    "Sinh ngày *",
    "Dân tộc *",
    "Tôn giáo *",
    "Số định danh cá nhân *",
    "Số thẻ Đảng *",
    "Nơi cấp thẻ Đảng",
    "Ngày cấp thẻ Đảng",
    "Số thẻ Đảng theo QĐ 85",
    "Tổ chức Đảng sinh hoạt *",
    "Nơi đăng ký khai sinh",
    "",
    "",
    "Quê quán",
    "",
    "",
    "Thường trú",
    "",
    "",
    "Ngày vào Đảng *",
    "Ngày chính thức *",
    "Số CMND cũ",
    "Trạng thái hoạt động *",
    "Ngày rời/mất/miễn SH",
    "Đề nghị xóa (Có/Không)",
    "Kết quả kiểm tra",
    "Chi tiết lỗi",
]
L1_SUB = [""] * 14 + ["Quốc gia", "Tỉnh/Thành", "Chi tiết"] * 3 + [""] * 8
L1_MERGES: list[Merge] = [
    (0, 0, 0, 30),
    (5, 14, 5, 16),
    (5, 17, 5, 19),
    (5, 20, 5, 22),
    *((5, column, 6, column) for column in range(31) if not 14 <= column <= 22),
]


def l1_row(number: int, name: str, sex: str, born: str, citizen_id: object, **more: object) -> list[object]:
    """A row of the input file of the member system, version 4.0."""
    row: list[object] = [""] * 31
    row[0], row[1], row[2] = number, f"0f0e{number:04d}-aaaa-4bbb-8ccc-123456789012", name
    row[4:10] = [sex, born, "Kinh", "Không", citizen_id, more.get("card", citizen_id)]
    row[12], row[13] = more.get("old_card", ""), more.get("cell", "Chi bộ thôn 1")
    row[14:23] = ["Việt Nam", "Tỉnh A", "Xã B"] * 3
    row[23], row[24] = more.get("joined", "03/02/1985"), more.get("official", "03/02/1986")
    row[25], row[26] = more.get("old_id", ""), more.get("status", "Đang sinh hoạt")
    return row


def l1(rows: Rows) -> Workbook:
    """The whole input file: title, notes, merged header, dictionaries in hidden sheets."""
    head: list[list[object]] = [
        ["DANH SÁCH ĐẢNG VIÊN"],
        [],
        ["Các cột có dấu * là bắt buộc"],
        ["Ngày ghi theo dạng dd/MM/yyyy"],
        [],
        list(L1_TOP),
        list(L1_SUB),
    ]
    dictionaries: dict[str, Rows] = {
        "DANTOC": [["STT", "Tên", "Mã"], [1, "Kinh", "01"], [2, "Tày", "02"]],
        "TINH": [["Mã", "Tên tỉnh"], ["68", "Lâm Đồng"]],
    }
    return as_xlsx(
        {"DANH SÁCH ĐẢNG VIÊN": [*head, *rows], **dictionaries},
        {"DANH SÁCH ĐẢNG VIÊN": L1_MERGES},
        hidden=tuple(dictionaries),
    )
