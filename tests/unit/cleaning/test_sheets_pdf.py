"""Check sheets on paper, read back: their words, their sizes, their codes, and that nothing leaves the page."""

from __future__ import annotations

import random
import unicodedata
from io import BytesIO

import pypdfium2
import pypdfium2.raw
import pytest
import zxingcpp
from pypdf import PdfReader

from cardqueue.cleaning.sheets_pdf import BODY, CUT_DROP, LEFT, WIDTH, SheetFace, SheetRow, draw_sheets
from cardqueue.lib.slip_code import format_code, new_code

LABELS = (
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Ngày vào Đảng",
    "Ngày chính thức",
    "Số thẻ đảng viên",
    "Chi bộ đang sinh hoạt",
    "Số định danh cá nhân",
    "Số điện thoại",
)
CODE = new_code(random.Random(3))
# As long as the columns of the database allow.
WIDEST = "Ễ" * 120


def a_face(
    name: str = "Nguyễn Thị Ổi", cell: str = "Thôn Dân Thuận", *, whole: bool = True, code: str = CODE
) -> SheetFace:
    """A sheet of nobody."""
    number = "0031 4800 0001" if whole else "0031 **** **01"
    values = (name, "14/02/1948", "Nữ", "03/02/1975", "", "0312 4567", f"Chi bộ {cell}", number, "0912 345 678")
    return SheetFace(
        issuer=("ĐẢNG BỘ TỈNH LÂM ĐỒNG", "ĐẢNG ỦY XÃ HÀM THẠNH"),
        place_and_date="Hàm Thạnh, ngày 05 tháng 8 năm 2025",
        name=name,
        cell=cell,
        rows=[SheetRow(label, value, label == LABELS[7]) for label, value in zip(LABELS, values, strict=True)],
        code=code,
        return_to="cho đồng chí Bí thư chi bộ trước ngày 12/08/2025",
        contact="đồng chí Trần Thị Mẫu, 0252 3000 000",
        printed="In lúc 9 giờ 45 ngày 05/08/2025 · người in: a.committee",
        shows_whole_numbers=whole,
    )


def page_texts(pdf: bytes) -> list[str]:
    """The text of every page, on one line each."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def letters(pdf: bytes) -> list[tuple[str, tuple[float, float, float, float], float]]:
    """Every letter of the first page: itself, its ink (left, top, right, bottom from the top left) and its size."""
    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        height, text = page.get_height(), page.get_textpage()
        for index in range(text.count_chars()):
            letter = text.get_text_range(index, 1)
            if letter.strip():
                left, bottom, right, top = text.get_charbox(index)
                size = pypdfium2.raw.FPDFText_GetFontSize(text, index)
                found.append((letter, (left, height - top, right, height - bottom), size))
    return found


def test_a_sheet_shows_everything_that_the_handbook_shows_and_how_to_answer() -> None:
    (text,) = page_texts(draw_sheets([a_face()]))
    for words in (
        "PHIẾU RÀ SOÁT THÔNG TIN ĐẢNG VIÊN",
        "ĐẢNG ỦY XÃ HÀM THẠNH",
        "Kính gửi đồng chí:",
        *(f"{number}. {label}" for number, label in enumerate(LABELS, 1)),
        "0031 4800 0001",
        "Chưa có – đề nghị đồng chí ghi ở phần dưới",
        "đồng chí Trần Thị Mẫu, 0252 3000 000",
        "không chụp và không gửi cho người khác",
        "người in: a.committee",
        "PHẦN NỘP LẠI",
        "Nộp cho đồng chí Bí thư chi bộ trước ngày 12/08/2025",
        "Ký, ghi rõ họ tên:",
        format_code(CODE),
    ):
        assert words in text, words


def test_the_tear_off_carries_name_cell_and_code_and_no_number() -> None:
    below = "".join(letter for letter, (_, top, _, _), _ in letters(draw_sheets([a_face()])) if top > CUT_DROP)
    assert "NguyễnThịỔi" in below and "ThônDânThuận" in below and CODE in below
    assert "00314800" not in below and "03124567" not in below and "0912" not in below


def test_a_masked_sheet_asks_the_member_to_copy_the_number() -> None:
    (text,) = page_texts(draw_sheets([a_face(whole=False)]))
    assert "0031 **** **01" in text and "chép đủ 12 chữ số" in text


def test_what_must_be_read_is_large() -> None:
    sizes = {letter: size for letter, _, size in letters(draw_sheets([a_face("ŨŨ ŨŨ")]))}
    assert sizes["Ũ"] >= 14
    above = [size for _, (_, top, _, _), size in letters(draw_sheets([a_face()])) if 85 < top < CUT_DROP - 12]
    assert min(above) >= BODY and max(above) >= 18


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("Nguyễn Thị Ổi", "Thôn Dân Thuận"),
        ("Phạm Nguyễn Hoàng Thượng Phương Nghiêm Khuê Tú", "Trường Trung học phổ thông dân tộc nội trú tỉnh Lâm Đồng"),
        ("H’Bia Êban Y Blô Niê K’Brèo Ksor", "Ấp 1"),
        (WIDEST, WIDEST),
    ],
)
def test_nothing_leaves_the_page_or_crosses_the_cut(name: str, cell: str) -> None:
    for letter, (left, top, right, bottom), _ in letters(draw_sheets([a_face(name, cell)])):
        where = f"{letter} at {left:.0f}, {top:.0f}"
        assert left >= LEFT - 1 and right <= LEFT + WIDTH + 1, where
        assert bottom <= 842 and not top < CUT_DROP < bottom, where


def test_every_code_is_read_by_a_scanner() -> None:
    rng = random.Random(7)
    codes = [new_code(rng) for _ in range(3)]
    with pypdfium2.PdfDocument(draw_sheets(a_face(code=code) for code in codes)) as document:
        assert len(document) == 3
        read = [[one.text for one in zxingcpp.read_barcodes(page.render(scale=3).to_pil())] for page in document]
    assert read == [[code] for code in codes]


def test_decomposed_letters_are_composed() -> None:
    (text,) = page_texts(draw_sheets([a_face(unicodedata.normalize("NFD", "Nguyễn Thị Ổi"))]))
    assert "Nguyễn Thị Ổi" in text


def test_what_sheets_share_is_in_the_file_once() -> None:
    few, many = (len(draw_sheets(a_face() for _ in range(count))) for count in (5, 55))
    assert (many - few) / 50 < 4_000
    assert draw_sheets([a_face()]) == draw_sheets([a_face()])
