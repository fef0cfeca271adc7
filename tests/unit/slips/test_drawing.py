"""Printed slips, read back: their words, their fonts, their frames."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pypdfium2
import pypdfium2.raw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from cardqueue.core.pdf.text import Frame
from cardqueue.slips.drawing import Design, Layout, draw_slips
from cardqueue.slips.fitting import SlipTextTooLong
from tests.unit.slips.faces import a_face, page_texts

SYLLABLES = [
    "Lê",
    "An",
    "Nguyễn",
    "Trần",
    "Đặng",
    "Hoàng",
    "Thượng",
    "Phương",
    "Nghiêm",
    "Khuê",
    "Ngọc",
    "Quỳnh",
    "Êban",
    "H’Bia",
    "K’Brèo",
    "Niê",
    "Ksor",
    "Y",
    "Mlô",
    "Ữ",
]
LONG_NAME = "Nguyễn Hoàng Thượng Phương Nghiêm Khuê Tú"
Box = tuple[float, float, float, float]


@st.composite
def names(draw: st.DrawFn) -> str:
    """Names of 4 to 40 letters, as given or in capitals."""
    words = draw(st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=8))
    while len(" ".join(words)) > 40:
        words.pop()
    name = " ".join(words)
    return name.upper() if draw(st.booleans()) else name


def letters(pdf: bytes, page_index: int = 0) -> Iterator[tuple[str, Box, float]]:
    """Every visible letter of a page: itself, its ink (left, top, right, bottom from the top left) and its size."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[page_index]
        height = page.get_height()
        text = page.get_textpage()
        for index in range(text.count_chars()):
            letter = text.get_text_range(index, 1)
            if letter.strip():
                left, bottom, right, top = text.get_charbox(index)
                size = pypdfium2.raw.FPDFText_GetFontSize(text, index)
                yield letter, (left, height - top, right, height - bottom), size


def inside(box: Box, frame: Frame, slack: float = 0.6) -> bool:
    left, top, right, bottom = box
    return (
        left >= frame.x - slack
        and right <= frame.right + slack
        and top >= frame.top - slack
        and bottom <= frame.bottom + slack
    )


def text_frames(design: Design) -> list[Frame]:
    column = design.column
    body = design.body
    beside = Frame(body.x, body.top, design.box.width, body.height)
    below = Frame(body.x, column.bottom, body.width, body.bottom - column.bottom)
    label = Frame(design.label.x, design.name.top, design.label.width, design.name.height)
    return [
        design.issuer,
        design.party,
        design.title,
        label,
        design.name,
        design.details,
        design.box,
        column,
        beside,
        below,
    ]


def assert_nothing_leaves_its_frame(pdf: bytes, design: Design) -> None:
    outside = [
        (letter, box) for letter, box, _ in letters(pdf) if not any(inside(box, frame) for frame in text_frames(design))
    ]
    assert outside == []


def test_a_slip_says_who_when_where_and_what_to_bring() -> None:
    (text,) = page_texts(draw_slips([a_face()], Layout.A5))

    for words in (
        "ĐẢNG BỘ TỈNH LÂM ĐỒNG",
        "ĐẢNG ỦY XÃ HÀM THẠNH",
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "Hàm Thạnh, ngày 05 tháng 8 năm 2025",
        "GIẤY HẸN ĐỔI THẺ ĐẢNG VIÊN",
        "Kính gửi đồng chí: Phạm Nguyễn Ngọc Quỳnh Hương",
        "Năm sinh: 1947",
        "Chi bộ: Thôn Dân Thuận – Tổ 3",
        "7 giờ 30",
        "Thứ Bảy, ngày 09/8/2025",
        "Số thứ tự",
        "45",
        "Dây chuyền số 2, bàn 3",
        "Nơi đến: Công an xã Hàm Thuận Nam",
        "Mang theo: (1) thẻ căn cước",
        "Lưu ý: Đề nghị đồng chí có mặt trước giờ hẹn 10 phút.",
        "Liên hệ: đồng chí Nguyễn Thị Thủy, 0252 3000 000",
        "1872 4467 0084 7047",
        "Căn cước: 0030******01",
        "Thẻ cũ: 51****17",
    ):
        assert words in text


@pytest.mark.parametrize("layout", list(Layout))
def test_no_unmasked_number_is_printed(layout: Layout) -> None:
    (text,) = page_texts(draw_slips([a_face()], layout))

    assert re.search(r"\d{8}", text.replace("1872 4467 0084 7047", "")) is None


@pytest.mark.parametrize("layout", list(Layout))
@pytest.mark.parametrize("name", ["Lê An", "H’Bia Êban", "K’Brèo", "H’Ŭt Ƀkrông", LONG_NAME, LONG_NAME.upper()])
def test_short_long_and_ethnic_names_are_printed_whole_and_large(layout: Layout, name: str) -> None:
    pdf = draw_slips([a_face(name=name)], layout)

    assert name in page_texts(pdf)[0]
    design = layout.design
    sizes = {size for _, box, size in letters(pdf) if inside(box, design.name)}
    assert min(sizes) >= 17
    assert_nothing_leaves_its_frame(pdf, design)


@pytest.mark.parametrize("layout", list(Layout))
def test_the_time_is_large_and_the_body_readable(layout: Layout) -> None:
    pdf = draw_slips([a_face()], layout)

    design = layout.design
    time = [size for letter, box, size in letters(pdf) if inside(box, design.box) and letter in "giờ" and size > 20]
    assert time
    assert min(time) >= 24
    body = [size for _, box, size in letters(pdf) if box[1] > design.column.bottom]
    assert min(body) >= (14 if layout is Layout.A5 else 9)


@settings(max_examples=15, deadline=None)
@given(
    name=names(),
    layout=st.sampled_from(list(Layout)),
    number=st.integers(1, 999),
    hour=st.integers(6, 21),
    bring=st.integers(1, 140),
    cell=st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=20).map(lambda words: " ".join(words)[:75].strip()),
    revision=st.sampled_from(["", "Thay giấy hẹn đã phát trước đây"]),
)
def test_every_letter_lies_inside_its_frame(
    name: str, layout: Layout, number: int, hour: int, bring: int, cell: str, revision: str
) -> None:
    face = a_face(
        name=name,
        queue_number=str(number),
        arrive_at=a_face().arrive_at.replace(hour=hour, minute=55),
        bring=("thẻ đảng viên đang sử dụng; " * 6)[:bring],
        cell=cell,
        revision=revision,
    )

    pdf = draw_slips([face], layout)

    assert unicodedata.normalize("NFC", name) in page_texts(pdf)[0]
    assert_nothing_leaves_its_frame(pdf, layout.design)


@pytest.mark.parametrize("layout", list(Layout))
def test_a_text_that_cannot_fit_is_named_with_its_limit_and_fits_when_cut_to_it(layout: Layout) -> None:
    bring = "thẻ đảng viên đang sử dụng; " * 40

    with pytest.raises(SlipTextTooLong) as refused:
        draw_slips([a_face(bring=bring)], layout)

    values = refused.value.values
    assert values["text"] == "bring"
    assert values["letters"] == len(bring)
    assert 150 <= values["limit"] < 400
    assert_nothing_leaves_its_frame(draw_slips([a_face(bring=bring[: values["limit"]])], layout), layout.design)


@pytest.mark.parametrize("field", ["name", "cell", "title", "place_and_date", "line", "revision", "queue_number"])
def test_a_heading_that_cannot_fit_is_refused_by_name(field: str) -> None:
    with pytest.raises(SlipTextTooLong) as refused:
        draw_slips([a_face(**{field: "Phương " * 30})], Layout.A4_FOUR)

    assert refused.value.values["text"] == field


def test_decomposed_letters_are_printed_composed() -> None:
    composed = draw_slips([a_face()], Layout.A5)
    decomposed = draw_slips([a_face(name=unicodedata.normalize("NFD", a_face().name))], Layout.A5)

    assert decomposed == composed


def test_the_same_slips_print_the_same_bytes() -> None:
    faces = [a_face(), a_face(name="Lê An", cell="Trường Tiểu học")]

    assert draw_slips(faces, Layout.A4_FOUR) == draw_slips(iter(faces), Layout.A4_FOUR)


def test_every_font_is_embedded_as_a_subset() -> None:
    page: Any = PdfReader(BytesIO(draw_slips([a_face()], Layout.A5))).pages[0]

    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    embedded = [font for font in fonts if font["/Subtype"] == "/TrueType"]
    assert {font["/BaseFont"].split("+")[1] for font in embedded} >= {"BeVietnamPro-Regular", "BeVietnamPro-Bold"}
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in embedded)
    assert all("/ToUnicode" in font for font in embedded)


def test_a_cut_stack_of_four_stays_in_order() -> None:
    faces = [a_face(name=f"Lê Văn {letter}") for letter in "ABCDEGHIKL"]

    texts = page_texts(draw_slips(faces, Layout.A4_FOUR))

    on_pages = [set(re.findall(r"Lê Văn ([A-L])\b", text)) for text in texts]
    assert on_pages == [set("ADHL"), set("BEI"), set("CGK")]


def test_a_further_slip_adds_little_to_the_file() -> None:
    faces = [a_face(queue_number=str(index)) for index in range(60)]

    few, many = (len(draw_slips(faces[:count], Layout.A5)) for count in (10, 60))

    assert (many - few) / 50 < 2200
