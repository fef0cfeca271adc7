"""How Vietnamese names come to be written otherwise: each function gives the other spelling, or None where it has none.

Which of them are the same name to a reader and which are not is what the roster and the verification have to find out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from cardqueue.lib.legacy_fonts import Encoding, decode

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_OPEN_PAIRS = ("oa", "oe", "uy")
_IY = {
    "Lý": "Lí", "Mỹ": "Mĩ", "Kỳ": "Kì", "Sỹ": "Sĩ", "Quý": "Quí", "Thy": "Thi", "Vy": "Vi", "Tỵ": "Tị", "My": "Mi",
}  # fmt: skip
# What southern ears and tired typists confuse: the end of a syllable first, then its beginning.
_ENDINGS = (("ng", "n"), ("nh", "n"), ("n", "ng"), ("c", "t"), ("t", "c"))
_BEGINNINGS = (("Tr", "Ch"), ("S", "X"), ("X", "S"), ("D", "Gi"), ("V", "D"))
_OTHER_MIDDLE = {"Văn": "Hữu", "Thị": "Kim"}

# TCVN3 keeps one byte per letter; capitals with a tone have none and are typed as small letters.
_TCVN3 = {letter: byte for byte in map(chr, range(0xA1, 0xFF)) if (letter := decode(byte, Encoding.TCVN3)) != byte}
_NOT_VIETNAMESE = "ªºÆÇËÎÏÑÖØÜÞßåæçëîïñöøûüþ"


def with_tone_moved(name: str) -> str | None:
    """The other place of the tone mark: Hòa as Hoà, Thúy as Thuý."""
    return _word_by_word(name, _tone_moved)


def without_marks(name: str) -> str | None:
    """Typed without Vietnamese letters: Nguyễn Văn Đức as Nguyen Van Duc."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return _changed(name, bare.replace("Đ", "D").replace("đ", "d"))


def with_wrong_mark(name: str) -> str | None:
    """The tone of the given name forgotten, which makes another name: Dũng as Dung, Tuấn as Tuân."""
    stem, _, given = name.rpartition(" ")
    toneless = "".join(c for c in unicodedata.normalize("NFD", given) if c not in _TONES)
    return _changed(name, f"{stem} {unicodedata.normalize('NFC', toneless)}".strip())


def with_i_for_y(name: str) -> str | None:
    """The other legal spelling of a final i: Lý as Lí, Mỹ as Mĩ."""
    return _word_by_word(name, lambda word: _IY.get(word, word))


def with_typo(name: str) -> str | None:
    """The given name misheard: Hương as Hươn, Sơn as Xơn."""
    stem, _, given = name.rpartition(" ")
    for right, wrong in _ENDINGS:
        if stem and given.endswith(right) and len(given) > 2:
            return f"{stem} {given.removesuffix(right)}{wrong}"
    for right, wrong in _BEGINNINGS:
        if stem and given.startswith(right):
            return f"{stem} {wrong}{given.removeprefix(right)}"
    return None


def with_other_middle(name: str) -> str | None:
    """Another middle name: Văn as Hữu."""
    words = name.split()
    if len(words) != 3 or "’" in name:
        return None
    return f"{words[0]} {_OTHER_MIDDLE.get(words[1], 'Văn')} {words[2]}".strip()


def without_middle(name: str) -> str | None:
    """The middle name left out."""
    words = name.split()
    return f"{words[0]} {words[-1]}" if len(words) >= 3 and "’" not in name else None


def in_tcvn3(name: str) -> str | None:
    """Text of an old TCVN3 font opened in a program of today: Nguyễn Văn Hùng as NguyÔn V¨n Hïng."""
    letters = (c if c in _TCVN3 or c.isascii() else c.lower() for c in name)
    legacy = "".join(_TCVN3.get(c, c) for c in letters)
    # Only where no reader can take the result for Vietnamese: "Dßng" shows it, "Dòng" would not.
    certain = any("\xa1" <= c <= "\xff" and (not c.isalpha() or c in _NOT_VIETNAMESE) for c in legacy)
    return legacy if certain else None


def decomposed(name: str) -> str | None:
    """Letters and marks as separate characters, as some phones and scanners give them."""
    return _changed(name, unicodedata.normalize("NFD", name))


def with_stray_spaces(name: str) -> str | None:
    """A space too many inside, a hard one, one at the end."""
    first, _, rest = name.partition(" ")
    return f"{first}  {rest.replace(' ', chr(0xA0), 1)} " if rest else f"{name} "


def with_icelandic_eth(name: str) -> str | None:
    """Ð (U+00D0) for Đ (U+0110): the same to the eye, another letter to a program."""
    return _changed(name, name.replace("Đ", "Ð"))


def _tone_moved(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    tones = [c for c in letters if c in _TONES]
    plain = "".join(c for c in letters if c not in _TONES)
    if len(tones) != 1 or not plain.lower().endswith(_OPEN_PAIRS) or plain.lower() == "quy":
        return word
    first, second = plain[:-1], plain[-1]
    old_style = unicodedata.normalize("NFC", first + tones[0] + second)
    return unicodedata.normalize("NFC", plain + tones[0]) if word == old_style else old_style


def _word_by_word(name: str, change: Callable[[str], str]) -> str | None:
    return _changed(name, " ".join(change(word) for word in name.split(" ")))


def _changed(name: str, other: str) -> str | None:
    return other if other != name else None
