"""Layout L1: the data entry file of the member database, 31 columns A to AE under two merged header rows."""

from __future__ import annotations

import uuid
from datetime import date
from pathlib import Path
from typing import Any

from cardqueue.demo.draws import stream
from cardqueue.demo.entries import Entry, in_vietnamese
from cardqueue.demo.files.sheets import Located, in_list_order, workbook, write_cell
from cardqueue.demo.planting import Office

SHEET = "DANH SÁCH ĐẢNG VIÊN"
HEADER_ROW, FIRST_ROW = 6, 8

_PLACE = ("Quốc gia", "Tỉnh/Thành", "Chi tiết")
#: Header texts; a group has three columns under it.
HEADERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("STT", ()),
    ("ID", ()),
    ("Họ và tên *", ()),
    ("Tên gọi khác", ()),
    ("Giới tính *", ()),
    ("Sinh ngày *", ()),
    ("Dân tộc *", ()),
    ("Tôn giáo *", ()),
    ("Số định danh cá nhân *", ()),
    ("Số thẻ Đảng *", ()),
    ("Nơi cấp thẻ Đảng", ()),
    ("Ngày cấp thẻ Đảng", ()),
    ("Số thẻ Đảng theo QĐ 85", ()),
    ("Tổ chức Đảng sinh hoạt *", ()),
    ("Nơi đăng ký khai sinh", _PLACE),
    ("Quê quán", _PLACE),
    ("Thường trú", _PLACE),
    ("Ngày vào Đảng *", ()),
    ("Ngày chính thức *", ()),
    ("Số CMND cũ", ()),
    ("Trạng thái hoạt động *", ()),
    ("Ngày rời/mất/miễn SH", ()),
    ("Đề nghị xóa (Có/Không)", ()),
    ("Kết quả kiểm tra", ()),
    ("Chi tiết lỗi", ()),
)
_FIELDS = frozenset(
    "full_name sex birth_on citizen_id new_card_no card_no cell joined_on official_on status".split()  # noqa: SIM905
)
# Ethnic group and religion are sensitive, nobody needs them here, and the importer drops them.
_NOT_SAID = "Không nêu"
_PROVINCES = (
    "An Giang", "Bắc Ninh", "Cà Mau", "Cao Bằng", "Cần Thơ", "Đà Nẵng", "Đắk Lắk", "Điện Biên", "Đồng Nai", "Đồng Tháp",
    "Gia Lai", "Hà Nội", "Hà Tĩnh", "Hải Phòng", "Huế", "Hưng Yên", "Khánh Hòa", "Lai Châu", "Lạng Sơn", "Lào Cai",
    "Lâm Đồng", "Nghệ An", "Ninh Bình", "Phú Thọ", "Quảng Ngãi", "Quảng Ninh", "Quảng Trị", "Sơn La", "Tây Ninh",
    "Thái Nguyên", "Thanh Hóa", "Thành phố Hồ Chí Minh", "Tuyên Quang", "Vĩnh Long",
)  # fmt: skip
_DICTIONARIES = {"QUOCGIA": ("Việt Nam",), "TINH": _PROVINCES, "DANTOC": (_NOT_SAID,), "TONGIAO": (_NOT_SAID,)}
_WIDTHS = (5, 12, 26, 12, 8, 12, 10, 10, 16, 16, 16, 12, 12, 34, *[12] * 9, 12, 12, 12, 22, 14, 12, 18, 30)


def write_l1(office: Office, path: Path) -> list[Located]:
    """Writes the list; says where each entry landed."""
    located = []
    rng = stream(office.commune.seed, "l1")
    with workbook(path) as book:
        sheet = book.add_worksheet(SHEET)
        _write_head(book, sheet, office)
        text = book.add_format({"num_format": "@", "border": 1})
        plain = book.add_format({"border": 1})
        for number, entry in enumerate(in_list_order(office.entries), 1):
            row = FIRST_ROW + number - 1
            identity = str(uuid.UUID(int=rng.getrandbits(128), version=4))
            for column, value in enumerate(_values(office, number, identity, entry)):
                write_cell(sheet, row - 1, column, value, plain if isinstance(value, int) else text)
            located.append(Located(path.name, SHEET, row, entry, _FIELDS))
        sheet.freeze_panes(FIRST_ROW - 1, 3)
        for name, words in _DICTIONARIES.items():
            dictionary = book.add_worksheet(name)
            dictionary.write_column(0, 0, words)
            dictionary.hide()
    return located


def _write_head(book: Any, sheet: Any, office: Office) -> None:
    title = book.add_format({"bold": True, "font_size": 14, "align": "center"})
    note = book.add_format({"italic": True})
    head = book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True})
    last = sum(max(1, len(parts)) for _, parts in HEADERS) - 1
    sheet.merge_range(0, 0, 0, last, f"DANH SÁCH ĐẢNG VIÊN ĐẢNG BỘ {office.commune.name.upper()}", title)
    sheet.write_string(2, 0, "Cột có dấu * bắt buộc nhập. Ngày ghi dd/mm/yyyy. Các cột số ghi dạng văn bản.", note)
    sheet.write_string(3, 0, "Dữ liệu hư cấu dùng thử và tập huấn: không ai trong danh sách này là người thật.", note)
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


def _values(office: Office, number: int, identity: str, entry: Entry) -> tuple[str | int, ...]:
    member, commune = entry.member, office.commune
    village, province = member.origin.split(", ")
    origin = ("Việt Nam", province, f"Xã {village}")
    home = ("Việt Nam", commune.province, commune.name)
    issued_on: date | None = member.card_issued_on
    return (
        number,
        identity,
        entry.full_name,
        "",
        entry.sex,
        entry.birth_on,
        _NOT_SAID,
        _NOT_SAID,
        entry.citizen_id,
        entry.new_card_no,
        f"Tỉnh ủy {commune.province}" if issued_on else "",
        in_vietnamese(issued_on),
        entry.card_no,
        entry.cell,
        *origin,
        *origin,
        *home,
        entry.joined_on,
        entry.official_on,
        member.old_id,
        entry.status,
        in_vietnamese(member.left_on),
        "Có" if member.status in ("left", "deceased") else "Không",
        "",
        "",
    )
