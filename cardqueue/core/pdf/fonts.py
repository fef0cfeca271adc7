"""The fonts of printed pages: Be Vietnam Pro for reading, Tinos for the headings of official papers.

Be Vietnam Pro has every Vietnamese letter but not those of the highland languages (the Ŭ of "H’Ŭt"); Tinos has them, so
a letter that one font lacks is taken from Tinos of the same weight instead of printing an empty box.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

import fontpkg_be_vietnam_pro
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

BE_VIETNAM_PRO = Path(fontpkg_be_vietnam_pro.ROOT) / "files"
TINOS = Path(__file__).resolve().parents[2] / "static" / "fonts"


class Font(StrEnum):
    """A font by the name of its file."""

    SANS = "BeVietnamPro-Regular"
    SANS_BOLD = "BeVietnamPro-Bold"
    SERIF = "Tinos-Regular"
    SERIF_BOLD = "Tinos-Bold"
    SERIF_ITALIC = "Tinos-Italic"


_STAND_INS = {Font.SANS: Font.SERIF, Font.SANS_BOLD: Font.SERIF_BOLD}
# Zero-width marks come along from Word and Zalo; they have no place on paper.
_UNPRINTED = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"))


# The texts of a campaign stand on every slip of a run.
@lru_cache(maxsize=1024)
def composed(text: str) -> str:
    """The text with its letters composed (NFC), every kind of space made plain and marks without width left out.

    Source: decomposed letters from macOS and some scanners print as "Nguyê˜n" (measured with reportlab 5.1).
    """
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text).translate(_UNPRINTED)
    return "".join(" " if letter.isspace() or not letter.isprintable() else letter for letter in text)


@cache
def _letters_of(font: Font) -> frozenset[str]:
    """Register the font with reportlab and say which letters it can draw."""
    folder = BE_VIETNAM_PRO if font.startswith("BeVietnamPro") else TINOS
    registered = TTFont(font.value, folder / f"{font}.ttf")
    pdfmetrics.registerFont(registered)
    return frozenset(map(chr, registered.face.charToGlyph))


def registered_name(font: Font) -> str:
    """The font's name in reportlab, which knows it from here on."""
    _letters_of(font)
    return font.value


def pieces(text: str, font: Font) -> list[tuple[str, Font]]:
    """The composed text cut into pieces that one font can draw."""
    text = composed(text)
    stand_in = _STAND_INS.get(font)
    letters = _letters_of(font)
    if stand_in is None or letters.issuperset(text):
        return [(text, font)]
    others = _letters_of(stand_in)

    def font_of(letter: str) -> Font:
        return stand_in if letter not in letters and letter in others else font

    return [("".join(run), chosen) for chosen, run in groupby(text, key=font_of)]


def text_width(text: str, font: Font, size: float) -> float:
    """How wide the text prints.

    Units: points.
    """
    return float(sum(pdfmetrics.stringWidth(piece, chosen.value, size) for piece, chosen in pieces(text, font)))
