"""1,000 different slips in one PDF, beside the same pages without their QR codes, which are the floor."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median
from unittest.mock import patch

from benchmarks.report import Row, seconds_of
from cardqueue.demo.people import make_commune
from cardqueue.lib.citizen_id import mask_citizen_id
from cardqueue.lib.clock import VIETNAM
from cardqueue.lib.slip_code import new_code
from cardqueue.slips import drawing
from cardqueue.slips.drawing import Layout, draw_slips
from cardqueue.slips.rules import SlipFace

SLIPS = 1_000
TURNS = 3
GOAL_PER_SECOND = 500
GOAL_BYTES = 2_200
FIRST_AT = datetime(2025, 8, 9, 7, 0, tzinfo=VIETNAM)


def measure() -> Iterator[Row]:
    """Drawing alone, from the faces to the bytes of the PDF, on one core."""
    faces = _faces()
    draw_slips(faces[:10], Layout.A5)
    whole, floor = [], []
    for _ in range(TURNS):
        whole.append(seconds_of(lambda: draw_slips(faces, Layout.A5)))
        with patch.object(drawing, "qr_path", return_value=""):
            floor.append(seconds_of(lambda: draw_slips(faces, Layout.A5)))
    size = len(draw_slips(faces, Layout.A5)) / SLIPS
    with patch.object(drawing, "qr_path", return_value=""):
        floor_size = len(draw_slips(faces, Layout.A5)) / SLIPS
    per_second, floor_per_second = SLIPS / median(whole), SLIPS / median(floor)
    yield Row(
        f"draw {SLIPS:,} slips",
        f"{per_second:,.0f} slips/s",
        f"{floor_per_second:,.0f} without QR",
        per_second / floor_per_second,
        f"≥ {GOAL_PER_SECOND} slips/s",
        per_second >= GOAL_PER_SECOND,
    )
    yield Row(
        "the size of a slip",
        f"{size:,.0f} bytes",
        f"{floor_size:,.0f} without QR",
        size / floor_size,
        f"≤ {GOAL_BYTES:,} bytes",
        size <= GOAL_BYTES,
    )


def _faces() -> list[SlipFace]:
    rng = random.Random(1)
    return [
        SlipFace(
            issuer=("ĐẢNG BỘ TỈNH LÂM ĐỒNG", "ĐẢNG ỦY XÃ HÀM THẠNH"),
            place_and_date="Hàm Thạnh, ngày 05 tháng 8 năm 2025",
            name=member.full_name,
            birth_year=str(member.birth_on.year),
            cell=member.cell.name,
            arrive_at=FIRST_AT + timedelta(minutes=5 * (number % 108)),
            place="Công an xã Hàm Thuận Nam",
            address="số 45 đường Trần Hưng Đạo, xã Hàm Thuận Nam",
            queue_number=str(number),
            code=new_code(rng),
            bring="(1) thẻ căn cước; (2) thẻ đảng viên đang sử dụng; (3) giấy hẹn này.",
            notes="Đề nghị đồng chí có mặt trước giờ hẹn 10 phút.",
            contact="đồng chí Trần Thị Mẫu, 0900 000 001",
            citizen_id=mask_citizen_id(member.citizen_id),
        )
        for number, member in enumerate(make_commune(1, members=SLIPS).members, start=1)
    ]
