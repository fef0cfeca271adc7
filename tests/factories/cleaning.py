"""Members with known results of the verification, and lists in files, for tests of the data cleaning."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

import openpyxl
from openpyxl.styles import Font
from sqlalchemy.orm import Session

from cardqueue.lib.clock import now_at
from cardqueue.lib.partial_date import PartialDate
from cardqueue.roster.models import Member
from cardqueue.verification.models import Check, CheckStatus, Decision
from tests.factories.people import Town

L1_SHEET = "DANH SÁCH ĐẢNG VIÊN"
L1_TITLES = (
    "STT", "ID", "Họ và tên", "Tên gọi khác", "Giới tính", "Sinh ngày", "Dân tộc", "Tôn giáo", "Số định danh cá nhân",
    "Số thẻ Đảng", "Nơi cấp thẻ Đảng", "Ngày cấp thẻ Đảng", "Số thẻ Đảng theo QĐ 85", "Tổ chức Đảng sinh hoạt",
    "Quốc gia", "Tỉnh/Thành", "Chi tiết", "Quốc gia", "Tỉnh/Thành", "Chi tiết", "Quốc gia", "Tỉnh/Thành", "Chi tiết",
    "Ngày vào Đảng", "Ngày chính thức", "Số CMND cũ", "Trạng thái hoạt động", "Ngày rời/mất/miễn SH",
    "Đề nghị xóa (Có/Không)", "Kết quả kiểm tra", "Chi tiết lỗi",
)  # fmt: skip
FIRST_ROW = 8


def make_check(
    session: Session,
    town: Town,
    member: Member,
    status: CheckStatus = CheckStatus.MATCH,
    *,
    differences: dict[str, str] | None = None,
    decision: Decision | None = None,
    confirmed: dict[str, tuple[str, str]] | None = None,
) -> Check:
    """What comparing a member gave, and what was decided about it."""
    check = Check(
        campaign_id=town.campaign.id,
        member_id=member.id,
        status=status,
        differences=differences or {},
        evidence="0" * 64,
        checked_at=now_at(),
        decision=decision,
        decided_at=now_at() if decision else None,
        decided_by="a.officer" if decision else None,
        confirmed=json.dumps(confirmed) if confirmed else None,
    )
    session.add(check)
    session.flush()
    return check


def l1_file(town: Town, members: Sequence[Member], *extra: dict[str, str]) -> bytes:
    """A "File nhập liệu 4.0": two header rows, numbers as text, a formula, a hidden sheet; `extra` are further rows."""
    cells = {cell.id: cell.name for cell in town.cells}
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = L1_SHEET
    sheet["A1"] = "DANH SÁCH ĐẢNG VIÊN"
    for column, title in enumerate(L1_TITLES, start=1):
        sheet.cell(6, column, title).font = Font(bold=True)
        if title not in ("Quốc gia", "Tỉnh/Thành", "Chi tiết"):
            sheet.merge_cells(start_row=6, end_row=7, start_column=column, end_column=column)
    rows = [
        {
            "Họ và tên": member.full_name,
            "Giới tính": "Nữ" if member.sex == "female" else "Nam",
            "Sinh ngày": PartialDate.from_iso(member.birth_on or "").display(),
            "Số định danh cá nhân": member.citizen_id or "",
            "Số thẻ Đảng theo QĐ 85": member.card_no or "",
            "Tổ chức Đảng sinh hoạt": cells[member.cell_id],
        }
        for member in members
    ]
    for number, row in enumerate([*rows, *extra]):
        sheet.cell(FIRST_ROW + number, 1, f"=ROW()-{FIRST_ROW - 1}")
        for title, value in row.items():
            sheet.cell(FIRST_ROW + number, L1_TITLES.index(title) + 1, value)
        sheet.cell(FIRST_ROW + number, 30).font = Font(italic=True)
    words = book.create_sheet("DANTOC")
    words["A1"] = "Kinh"
    words.sheet_state = "hidden"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
