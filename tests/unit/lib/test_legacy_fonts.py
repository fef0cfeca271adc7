"""Names typed for the fonts from before Unicode, and Unicode that a program read as something else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardqueue.lib.legacy_fonts import Encoding, decode, encoding_of, guess_encoding, repair_utf8

# Source: TCVN 5712:1993, the small letters, each beside the byte that draws it.
TCVN3 = {
    letter: chr(byte)
    for first, letters in (
        (0xA1, "ĂÂÊÔƠƯĐăâêôơưđ"), (0xB5, "àảãáạ"), (0xBB, "ằẳẵắ"), (0xC6, "ặầẩẫấậè"), (0xCE, "ẻ"), (0xCF, "ẽéẹềểễếệìỉ"),
        (0xDC, "ĩíịò"), (0xE1, "ỏõóọồổỗốộờởỡớợù"), (0xF1, "ủũúụừửữứựỳỷỹýỵ"),
    )
    for byte, letter in enumerate(letters, start=first)
}  # fmt: skip
# Source: the VNI fonts: a vowel, then the mark that is drawn over it.
VNI_TONES = {"\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
VNI_HATS = {
    "\u0302": {"": "â", "\u0301": "á", "\u0300": "à", "\u0309": "å", "\u0303": "ã", "\u0323": "ä"},
    "\u0306": {"": "ê", "\u0301": "é", "\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"},
}
VNI_I = {"": "i", "\u0301": "í", "\u0300": "ì", "\u0309": "æ", "\u0303": "ó", "\u0323": "ò"}

NAMES = (
    "Nguyễn Văn Hùng", "Trần Thị Bích Thủy", "Lê Hữu Đức", "Đặng Quốc Cường", "Huỳnh Thị Mỹ Lệ", "Võ Thành Đạt",
    "Phạm Thị Ngọc Ánh", "Bùi Xuân Trường", "Đỗ Thị Hằng", "Hồ Sỹ Nghĩa", "Ngô Thị Tuyết Mai", "Dương Văn Lợi",
    "Lý Thị Phượng", "Trương Công Định", "Mai Thị Ước", "Đoàn Thị Bưởi", "Vũ Đình Khải", "Lương Thị Quỳnh Như",
)  # fmt: skip


def in_tcvn3(name: str) -> str:
    return "".join(TCVN3.get(letter, TCVN3.get(letter.lower(), letter)) for letter in name)


def in_vni(name: str) -> str:
    written = ""
    for letter in name:
        base, *marks = list(unicodedata.normalize("NFD", letter))
        tone = next((mark for mark in marks if mark in VNI_TONES), "")
        hat = next((mark for mark in marks if mark in VNI_HATS), "")
        if letter in "đĐ":
            written += "ñ" if letter == "đ" else "Ñ"
        elif base == "i":
            written += VNI_I[tone]
        elif base == "y" and tone == "\u0323":
            written += "î"
        elif hat:
            written += base + VNI_HATS[hat][tone]
        elif "\u031b" in marks:
            written += {"o": "ô", "u": "ö", "O": "Ô", "U": "Ö"}[base] + VNI_TONES.get(tone, "")
        else:
            written += base + VNI_TONES.get(tone, "")
    return written


@pytest.mark.parametrize("name", NAMES)
def test_a_name_written_in_an_old_font_comes_back(name: str) -> None:
    assert decode(in_tcvn3(name), Encoding.TCVN3).lower() == name.lower()
    assert decode(in_vni(name), Encoding.VNI) == name


@given(st.text(alphabet="aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ "))
def test_every_letter_has_its_place_in_tcvn3(text: str) -> None:
    assert decode(in_tcvn3(text), Encoding.TCVN3) == text


def test_the_font_of_a_column_is_known_by_its_names() -> None:
    assert guess_encoding(map(in_tcvn3, NAMES)) is Encoding.TCVN3
    assert guess_encoding(map(in_vni, NAMES)) is Encoding.VNI
    assert guess_encoding(NAMES) is Encoding.UNICODE


def test_a_single_name_is_only_decoded_where_it_makes_no_sense_as_it_stands() -> None:
    assert all(encoding_of(name) is Encoding.UNICODE for name in NAMES)
    assert encoding_of(in_tcvn3("Nguyễn Văn Hùng")) is Encoding.TCVN3
    assert encoding_of(in_vni("Nguyễn Văn Hùng")) is Encoding.VNI
    # Dòng is a word, and in TCVN3 it is Dũng.
    assert encoding_of("Hà Dòng") is Encoding.UNICODE


def opened_as(codec: str, name: str) -> str:
    return "".join(bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in name.encode())


@pytest.mark.parametrize("codec", ["cp1252", "cp1258", "mac_roman"])
@pytest.mark.parametrize("name", NAMES)
def test_utf8_opened_in_another_code_page_comes_back_even_twice(codec: str, name: str) -> None:
    once = opened_as(codec, name)
    assert repair_utf8(once) == name
    assert repair_utf8(opened_as(codec, once)) == name


@pytest.mark.parametrize("name", [*NAMES, *map(in_tcvn3, NAMES), *map(in_vni, NAMES), "HOÀNG", "Ã", "K’Brèo"])
def test_what_was_not_garbled_stays(name: str) -> None:
    assert repair_utf8(name) == name


@given(st.text(max_size=40))
def test_no_text_breaks_the_readers(text: str) -> None:
    repair_utf8(text)
    for encoding in Encoding:
        decode(text, encoding)
