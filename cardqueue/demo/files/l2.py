"""Layout L2: the export of the member system, nine columns under one header row, names in capitals."""

from __future__ import annotations

from pathlib import Path

from cardqueue.demo.files.sheets import Located, in_list_order, workbook, write_cell
from cardqueue.demo.planting import Office

SHEET = "DanhSachDangVien"
HEADERS = (
    "STT", "Họ và tên", "Số thẻ Đảng viên", "Số CCCD", "Ngày sinh", "Ngày kết nạp", "Chi bộ đang sinh hoạt",
    "Chi bộ nơi cư trú", "Trạng thái",
)  # fmt: skip
_FIELDS = frozenset(("full_name", "card_no", "citizen_id", "birth_on", "joined_on", "cell", "status"))
_WIDTHS = (5, 30, 14, 16, 12, 12, 40, 26, 30)


def write_l2(office: Office, path: Path) -> list[Located]:
    """Writes the list; says where each entry landed."""
    located = []
    villages = [cell.name for cell in office.commune.cells if cell.kind == "village"]
    with workbook(path) as book:
        sheet = book.add_worksheet(SHEET)
        bold = book.add_format({"bold": True})
        for column, header in enumerate(HEADERS):
            sheet.write_string(0, column, header, bold)
            sheet.set_column(column, column, _WIDTHS[column])
        for number, entry in enumerate(in_list_order(office.entries), 1):
            lives_in = entry.member.cell.name
            if entry.member.cell.kind != "village" and villages:
                lives_in = villages[int(entry.member.key[1:]) % len(villages)]
            values = (
                number,
                # Capitals of an old font are small letters in the file: raising them would destroy the text.
                entry.full_name if entry.is_legacy_font else entry.full_name.upper(),
                entry.card_no,
                entry.citizen_id,
                entry.birth_on,
                entry.joined_on,
                entry.cell,
                lives_in,
                entry.status,
            )
            for column, value in enumerate(values):
                write_cell(sheet, number, column, value)
            located.append(Located(path.name, SHEET, number + 1, entry, _FIELDS))
    return located
