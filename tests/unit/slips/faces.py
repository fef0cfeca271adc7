"""Slip faces of fictitious members, and ways to read a printed page back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pypdfium2

from cardqueue.lib.clock import VIETNAM
from cardqueue.slips.rules import SlipFace

FACE = SlipFace(
    issuer=("ĐẢNG BỘ TỈNH LÂM ĐỒNG", "ĐẢNG ỦY XÃ HÀM THẠNH"),
    place_and_date="Hàm Thạnh, ngày 05 tháng 8 năm 2025",
    name="Phạm Nguyễn Ngọc Quỳnh Hương",
    birth_year="1947",
    cell="Thôn Dân Thuận – Tổ 3",
    arrive_at=datetime(2025, 8, 9, 7, 30, tzinfo=VIETNAM),
    place="Công an xã Hàm Thuận Nam",
    address="số 45 đường Trần Hưng Đạo, xã Hàm Thuận Nam",
    line="Dây chuyền số 2, bàn 3",
    queue_number="45",
    code="1872446700847047",
    bring="(1) thẻ căn cước/căn cước công dân; (2) thẻ đảng viên đang sử dụng; (3) giấy hẹn này. "
    "Trang phục lịch sự (áo có cổ) để chụp ảnh.",
    notes="Đề nghị đồng chí có mặt trước giờ hẹn 10 phút. Nếu sức khỏe yếu hoặc không đến được, đề nghị báo đồng chí "
    "Bí thư chi bộ hoặc số điện thoại dưới đây để bố trí thu nhận tại nhà hoặc hẹn lại.",
    contact="đồng chí Nguyễn Thị Thủy, 0252 3000 000",
    citizen_id="0030******01",
    old_card="51****17",
)


def a_face(**changes: Any) -> SlipFace:
    """The usual face with some fields changed."""
    return replace(FACE, **changes)


def page_texts(pdf: bytes) -> list[str]:
    """The text of every page, lines joined by single spaces."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
