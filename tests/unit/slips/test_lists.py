"""Lists on A4: who comes when, for the cell's secretary and for the door."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cardqueue.slips.lists import CellList, DoorList, ListRow, draw_cell_lists, draw_door_list
from tests.unit.slips.faces import FACE, page_texts

ROWS = [
    ListRow(str(index + 1), FACE.arrive_at + timedelta(minutes=5 * index), f"Lê Văn {letter}", "1950", "Thôn Dân Thuận")
    for index, letter in enumerate("ABCDEGHIKLMNOPQRSTUVXYABCDEGHIKLMNOPQRSTUVXY")
]


def a_cell_list(rows: list[ListRow]) -> CellList:
    return CellList(
        issuer=FACE.issuer, cell=FACE.cell, on=FACE.arrive_at.date(), place="Công an xã Hàm Thuận Nam", rows=rows
    )


def test_a_cell_list_repeats_its_head_and_counts_its_pages() -> None:
    texts = page_texts(draw_cell_lists([a_cell_list(ROWS), a_cell_list(ROWS[:2])]))

    assert len(texts) == 3
    assert all("STT Số thứ tự Giờ hẹn Họ và tên Năm sinh Ký nhận" in text for text in texts)
    assert [text.split("Trang ")[1] for text in texts] == ["1/2", "2/2", "1/1"]
    assert "Chi bộ: Thôn Dân Thuận – Tổ 3" in texts[0]
    assert "Thứ Bảy, ngày 09/8/2025 – 44 đồng chí" in texts[0]
    assert "1 1 7 giờ 30 Lê Văn A 1950" in texts[0]


def test_every_member_stands_on_the_list_once() -> None:
    for count in (1, 22, 23, 24, 44):
        together = " ".join(page_texts(draw_cell_lists([a_cell_list(ROWS[:count])])))
        assert together.count("Lê Văn") == count


def test_a_door_list_is_in_the_order_of_arrival_and_names_the_cell() -> None:
    door = DoorList(issuer=FACE.issuer, on=FACE.arrive_at.date(), place="Công an xã", rows=ROWS[3::-1])

    (text,) = page_texts(draw_door_list(door))

    assert text.index("Lê Văn A") < text.index("Lê Văn B") < text.index("Lê Văn D")
    assert "7 giờ 30 1 Lê Văn A 1950 Thôn Dân Thuận" in text


def test_long_names_and_cells_wrap_inside_their_columns() -> None:
    name = "TRẦN NGUYỄN HOÀNG THƯỢNG PHƯƠNG NGHIÊM Á"
    cell = "Trường Tiểu học và Trung học cơ sở Hàm Thạnh"
    door = DoorList(
        issuer=FACE.issuer,
        on=FACE.arrive_at.date(),
        place="Công an xã",
        rows=[ListRow("1", FACE.arrive_at, name, "1950", cell)],
    )

    (text,) = page_texts(draw_door_list(door))

    assert all(word in text for word in (*name.split(), *cell.split()))


def test_a_door_list_ticks_who_has_arrived() -> None:
    def drawn(arrived: bool) -> bytes:
        rows = [replace(ROWS[0], arrived=arrived)]
        return draw_door_list(DoorList(issuer=FACE.issuer, on=FACE.arrive_at.date(), place="Công an xã", rows=rows))

    assert drawn(True) != drawn(False)


def test_an_empty_list_is_still_a_page() -> None:
    assert len(page_texts(draw_cell_lists([a_cell_list([])]))) == 1
