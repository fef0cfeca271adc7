"""Layout L4: made by hand, one sheet per cell, the cell named only in the titles, birth dates under Nam or Nữ."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from cardqueue.demo.cells import Cell
from cardqueue.demo.entries import Entry
from cardqueue.demo.files.sheets import Located, in_list_order, workbook, write_cell
from cardqueue.demo.people import AS_OF, Member
from cardqueue.demo.planting import Office

HEADER_ROW, FIRST_ROW = 6, 8
#: Header texts; "Năm sinh" has two columns under it.
HEADERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("STT", ()),
    ("Họ và tên", ()),
    ("Năm sinh", ("Nam", "Nữ")),
    ("Số CCCD", ()),
    ("Số thẻ đảng viên", ()),
    ("Ngày vào Đảng", ()),
    ("Ngày chính thức", ()),
    ("Số điện thoại", ()),
    ("Ghi chú", ()),
)
_LAST = 9
_FIELDS = frozenset(
    ("full_name", "sex", "birth_on", "citizen_id", "card_no", "joined_on", "official_on", "phone", "status")
)
_WIDTHS = (5, 26, 12, 12, 16, 14, 13, 13, 14, 28)


def write_l4(office: Office, path: Path) -> list[Located]:
    """Writes the list; says where each entry landed."""
    located = []
    by_key = {member.key: member for member in office.commune.people}
    with workbook(path) as book:
        for cell in office.commune.cells:
            entries = [entry for entry in in_list_order(office.entries) if entry.list_cell.number == cell.number]
            sheet = book.add_worksheet(f"Sheet{cell.number}")
            _write_head(book, sheet, office, cell)
            _write_rows(book, sheet, cell, entries)
            _write_foot(book, sheet, FIRST_ROW + len(entries), entries, by_key[cell.secretary_key])
            located += [
                Located(path.name, sheet.get_name(), FIRST_ROW + index, entry, _FIELDS)
                for index, entry in enumerate(entries)
            ]
    return located


def _write_head(book: Any, sheet: Any, office: Office, cell: Cell) -> None:
    centred = book.add_format({"align": "center"})
    bold = book.add_format({"bold": True, "align": "center"})
    title = book.add_format({"bold": True, "font_size": 14, "align": "center"})
    head = book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True})
    sheet.merge_range(0, 0, 0, 3, f"ĐẢNG BỘ {office.commune.name.upper()}", centred)
    sheet.merge_range(0, 4, 0, _LAST, "ĐẢNG CỘNG SẢN VIỆT NAM", bold)
    sheet.merge_range(1, 0, 1, 3, cell.name.upper(), bold)
    sheet.merge_range(2, 0, 2, _LAST, "DANH SÁCH ĐẢNG VIÊN ĐỔI THẺ ĐẢNG VIÊN", title)
    sheet.merge_range(3, 0, 3, _LAST, f"(Tính đến ngày {AS_OF:%d/%m/%Y} - số liệu hư cấu dùng thử)", centred)
    top, bottom, column = HEADER_ROW - 1, HEADER_ROW, 0
    for header, parts in HEADERS:
        if not parts:
            sheet.merge_range(top, column, bottom, column, header, head)
            column += 1
            continue
        sheet.merge_range(top, column, top, column + len(parts) - 1, header, head)
        for part in parts:
            sheet.write_string(bottom, column, part, head)
            column += 1
    for number, width in enumerate(_WIDTHS):
        sheet.set_column(number, number, width)


def _write_rows(book: Any, sheet: Any, cell: Cell, entries: list[Entry]) -> None:
    style = book.add_format({"border": 1})
    as_date = book.add_format({"border": 1, "num_format": "dd/mm/yyyy"})
    for index, entry in enumerate(entries):
        row = FIRST_ROW - 1 + index
        is_man = entry.sex == "Nam"
        values: tuple[str | int, ...] = (
            index + 1,
            entry.full_name,
            entry.birth_on if is_man else "",
            "" if is_man else entry.birth_on,
            entry.citizen_id,
            entry.card_no,
            entry.joined_on,
            entry.official_on,
            _spaced(entry.member.phone),
            entry.status if entry.member.status != "official" else "",
        )
        for column, value in enumerate(values):
            # Every fourth secretary lets the spreadsheet keep real dates, the others type text.
            day = _day(value) if cell.number % 4 == 3 and not _has_birth_label(entry) else None
            if day:
                sheet.write_datetime(row, column, day, as_date)
            else:
                write_cell(sheet, row, column, value, style)


def _write_foot(book: Any, sheet: Any, row: int, entries: list[Entry], secretary: Member) -> None:
    bold = book.add_format({"bold": True, "align": "center"})
    italic = book.add_format({"italic": True, "align": "center"})
    sheet.write_string(row - 1, 1, f"Tổng cộng: {len(entries)} đồng chí")
    sheet.merge_range(row, 6, row, _LAST, f"Suối Mây, ngày {AS_OF.day} tháng {AS_OF.month} năm {AS_OF.year}", italic)
    sheet.merge_range(row + 1, 6, row + 1, _LAST, "T/M CHI BỘ", bold)
    sheet.merge_range(row + 2, 6, row + 2, _LAST, "BÍ THƯ", bold)
    sheet.merge_range(row + 6, 6, row + 6, _LAST, secretary.full_name, bold)


def _spaced(phone: str) -> str:
    return f"{phone[:4]} {phone[4:7]} {phone[7:]}" if phone else ""


def _day(value: str | int) -> date | None:
    if not isinstance(value, str) or len(value) != 10 or value[2] + value[5] != "//":
        return None
    return date(int(value[6:]), int(value[3:5]), int(value[:2]))


def _has_birth_label(entry: Entry) -> bool:
    return any(label.field == "birth_on" for label in entry.labels)
