"""Vietnamese typed with the typing program off, and UTF-8 opened as Latin."""

from __future__ import annotations

import pytest

from cardqueue.lib.keystrokes import typed_keys_to_text
from cardqueue.lib.legacy_fonts import repair_utf8
from cardqueue.lib.names import syllable_keys


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Nguyeenx Vawn Huwng", "Nguyễn Văn Hưng"),
        ("Traanf Thij Thuyr", "Trần Thị Thủy"),
        ("DDawngj Quoocs Cuwowngf", "Đặng Quốc Cường"),
        ("Nguye64n Va8n Hu7ng", "Nguyễn Văn Hưng"),
        ("D9a8ng5 Hoa2", "Đặng Hòa"),
    ],
)
def test_keys_of_telex_and_vni_are_undone(typed: str, meant: str) -> None:
    assert syllable_keys(typed_keys_to_text(typed)) == syllable_keys(meant)


@pytest.mark.parametrize("text", ["Nguyen Van Binh", "Ngoc Son", "Nguyễn Văn Hưng", "", "Phuong Thanh", "12"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert typed_keys_to_text(text) == text


def test_utf8_that_was_opened_as_latin_is_put_right_and_old_fonts_are_left_alone() -> None:
    assert repair_utf8("Nguyá»…n VÄƒn HÃ¹ng") == "Nguyễn Văn Hùng"
    for text in ("NguyÔn V¨n Hïng", "Nguyeãn Vaên Huøng", "Nguyễn Văn Hùng", "HOÀNG", "Ã"):
        assert repair_utf8(text) == text
