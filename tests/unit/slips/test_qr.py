"""The QR of every slip decodes to its member's code, also from paper that has suffered."""

from __future__ import annotations

import random
from collections.abc import Callable

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from cardqueue.core.pdf.qr import qr_modules
from cardqueue.lib.slip_code import new_code
from cardqueue.slips.drawing import Layout, draw_slips
from tests.unit.slips.faces import a_face

CODES = [new_code(random.Random(seed)) for seed in range(8)]


def pages_at_150_dpi(pdf: bytes) -> list[Image.Image]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=150 / 72).to_pil().convert("L") for page in document]


def decoded(picture: Image.Image) -> set[str]:
    return {symbol.text for symbol in zxingcpp.read_barcodes(picture)}


def as_printed(page: Image.Image) -> Image.Image:
    return page


def turned(page: Image.Image) -> Image.Image:
    return page.rotate(17, expand=True, fillcolor=255)


def blurred(page: Image.Image) -> Image.Image:
    return page.filter(ImageFilter.GaussianBlur(1.6))


def creased(page: Image.Image) -> Image.Image:
    """A fold through the middle of the code, bright in its crest and grey beside it."""
    page = page.copy()
    pen = ImageDraw.Draw(page)
    qr = Layout.A5.design.qr
    drop = (qr.top + 0.55 * qr.height) * 150 / 72
    pen.line((0, drop, page.width, drop + 30), fill=255, width=5)
    pen.line((0, drop + 5, page.width, drop + 35), fill=150, width=3)
    return page


@pytest.mark.parametrize("suffered", [as_printed, turned, blurred, creased])
def test_each_slip_decodes_to_exactly_its_own_code(suffered: Callable[[Image.Image], Image.Image]) -> None:
    pages = pages_at_150_dpi(draw_slips([a_face(code=code) for code in CODES[:3]], Layout.A5))

    assert [decoded(suffered(page)) for page in pages] == [{code} for code in CODES[:3]]


def test_four_slips_on_a_page_decode_each_in_its_quarter() -> None:
    (page,) = pages_at_150_dpi(draw_slips([a_face(code=code) for code in CODES[:4]], Layout.A4_FOUR))

    middle, half = page.width // 2, page.height // 2
    quarters = [page.crop((left, top, left + middle, top + half)) for top in (0, half) for left in (0, middle)]
    assert [decoded(quarter) for quarter in quarters] == [{code} for code in CODES[:4]]


def test_every_code_is_the_smallest_symbol_and_the_quiet_zone_is_empty() -> None:
    assert all(len(qr_modules(code)) == 21 for code in CODES)
    for layout in Layout:
        (page,) = pages_at_150_dpi(draw_slips([a_face(name="TRẦN NGUYỄN HOÀNG THƯỢNG PHƯƠNG NGHIÊM Á")], layout))
        qr = layout.design.qr
        module = qr.width / 21
        scale = 150 / 72
        below = (qr.x, qr.bottom + 0.3 * module, qr.right, qr.bottom + 3.8 * module)
        left = (qr.x - 3.8 * module, qr.top, qr.x - 0.3 * module, qr.bottom)
        right = (qr.right + 0.3 * module, qr.top, qr.right + 3.8 * module, qr.bottom)
        for zone in (below, left, right):
            x, y, to_x, to_y = (round(edge * scale) for edge in zone)
            assert page.crop((x, y, to_x, to_y)).getextrema() == (255, 255)
