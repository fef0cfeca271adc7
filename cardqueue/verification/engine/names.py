"""The name of a roster row: every way in which it may be meant, and the keys by which records are found.

A name is read once as it stands, with encoding folded away (old fonts, UTF-8 opened as Latin, composed letters, place
of the tone). Beside that stand looser readings, which may find a person but never call the name the same: without a
title, without what stands in brackets, with the keys of a typing program undone.
"""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from cardqueue.lib.keystrokes import typed_keys_to_text
from cardqueue.lib.legacy_fonts import Encoding, decode, encoding_of, repair_utf8
from cardqueue.lib.names import bare_syllable, syllable_keys

Words = tuple[str, ...]

# Letters that no old font has; the curly apostrophe of K’Brèo is none.
_BEYOND_LATIN = re.compile("[\u0100-\u1fff\u2070-\U0010ffff]")
_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)[)\]}]?")
_ALSO_CALLED = re.compile(
    r"\s*(?:[/,;=\n]|\s[-–—]+\s|"
    r"\b(?:tức|còn gọi là|còn gọi|tên khác|tên thường gọi|thường gọi|bí danh|tên khai sinh|hay)\b:?)\s*",
    re.IGNORECASE,
)
# %E1%BB%85 of addresses, =E1=BB=85 of letters, \\u1ec5 of programs.
_CODES = re.compile(r"\\u([0-9a-fA-F]{4})|(?:[%=][0-9A-Fa-f]{2})+")
# Digits inside a word: a camera took letters for them.
_SCANNED = re.compile(r"(?<=[^\W\d_])[01]|[01](?=[^\W\d_])")
_LOST_LETTER = re.compile("[?\ufffd\u25a1]")
_TITLES = frozenset(
    tuple(title.split())
    for title in (
        "ong", "ba", "anh", "chi", "co", "chu", "bac", "cu", "thay", "em", "di", "cau", "d c", "dc", "dong chi", "dci",
        "ths", "th s", "ts", "t s", "bs", "gs", "pgs", "pgs ts", "gs ts", "ks", "cn", "ls", "bac si", "thac si",
        "tien si", "giao su", "ky su", "ki su", "dai ta", "thuong ta", "trung ta", "thieu ta", "dai uy", "thuong uy",
        "trung uy", "thieu uy", "dang vien", "bi thu", "ong ba", "mr", "mrs", "ms", "linh muc", "su co", "ho ten",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RosterName:
    """A name as a row gives it.

    Shapes: `plain` are readings that may be called the same as a record's name, `loose` those that may only resemble
    it; `pattern` matches bare names where letters were lost (`Nguy?n V?n H?ng`).
    """

    plain: tuple[Words, ...]
    loose: tuple[Words, ...] = ()
    pattern: re.Pattern[str] | None = None

    @property
    def readings(self) -> tuple[Words, ...]:
        """All readings, the plain ones first."""
        return self.plain + self.loose


def name_words(text: str) -> Words:
    """The keys of a name's words; text that can only come from an old font is decoded first."""
    if not text.isascii() and not _BEYOND_LATIN.search(text):
        encoding = encoding_of(text)
        if encoding is not Encoding.UNICODE:
            text = decode(text, encoding)
    return tuple(key for word in text.split() for key in _word_keys(word))


def legacy_encoding(text: str) -> Encoding | None:
    """The old font that a name was certainly typed for, if any."""
    if text.isascii() or _BEYOND_LATIN.search(text):
        return None
    encoding = encoding_of(text)
    return None if encoding is Encoding.UNICODE else encoding


def restored(text: str) -> str:
    """The text with the letters that a careless export garbled or spelled out in codes."""
    if "%" in text or "=" in text or "\\" in text:
        text = _CODES.sub(_decoded, text)
    return repair_utf8(html.unescape(text) if "&" in text else text)


def _decoded(codes: re.Match[str]) -> str:
    if codes[1]:
        return chr(int(codes[1], 16))
    try:
        return bytes.fromhex(re.sub("[%=]", "", codes[0])).decode("utf-8")
    except UnicodeError:
        return codes[0]


def read_name(text: str, encodings: Collection[Encoding] = ()) -> RosterName:
    """Read a name as people and programs write it; `encodings` are the old fonts that the file surely has elsewhere."""
    text = restored(text)
    plain = dict.fromkeys(filter(None, (name_words(text), *_in_old_fonts(text, encodings))))
    loose = dict.fromkeys(words for words in _loose_readings(text, next(iter(plain), ())) if words)
    loose_only = tuple(words for words in loose if words not in plain)
    return RosterName(tuple(plain), loose_only, _pattern(text) if _LOST_LETTER.search(text) else None)


@lru_cache(maxsize=65536)
def bare(words: Words) -> Words:
    """The words without any mark."""
    return tuple(map(bare_syllable, words))


@lru_cache(maxsize=100_000)
def record_keys(text: str) -> tuple[str, int, int]:
    """What is stored of a record's name: its words in one text, the key of the name, the key of the given name.

    Remembered, because a tenth of all names belongs to half of all people.
    """
    words = name_words(text)
    return " ".join(words), name_key(words), word_key(words[-1]) if words else 0


def name_key(words: Words) -> int:
    """A number by which names with the same bare words meet, in whatever order the words stand."""
    return bare_name_key(bare(words))


def bare_name_key(words: Words) -> int:
    """The same for words that are bare already."""
    text = " ".join(sorted(words))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


@lru_cache(maxsize=65536)
def word_key(key: str) -> int:
    """A number by which given names with the same bare letters meet."""
    return zlib.crc32(bare_syllable(key).encode())


@lru_cache(maxsize=131072)
def _word_keys(word: str) -> Words:
    return syllable_keys(word)


def _in_old_fonts(text: str, encodings: Collection[Encoding]) -> Iterator[Words]:
    # "Dòng" is a word, and Dũng in TCVN3: in a file with rows in that font either may be meant.
    if not text.isascii() and not _BEYOND_LATIN.search(text):
        for encoding in encodings:
            yield name_words(decode(text, encoding))


def _loose_readings(text: str, plain: Words) -> Iterator[Words]:
    yield without_title(plain)
    if not text.isascii() and not _BEYOND_LATIN.search(text):
        for encoding in (Encoding.TCVN3, Encoding.VNI):
            yield name_words(decode(text, encoding))
    yield name_words(typed_keys_to_text(text))
    if _SCANNED.search(text):
        yield name_words(_SCANNED.sub(lambda digit: "ol"[int(digit[0])], text))
    outside = _BRACKETS.sub(" ", text)
    names = [outside, *_BRACKETS.findall(text), *_ALSO_CALLED.split(outside)]
    if len(names) > 2 or outside != text:
        for words in map(name_words, names):
            yield _without_marks_behind(without_title(words))
            if len(words) == 1 and len(plain) > 2:
                yield (*without_title(name_words(outside))[:-1], words[0])
    yield _without_marks_behind(without_title(plain))


def without_title(words: Words) -> Words:
    """The words without a title in front (`Bà`, `đ/c`, `ThS.`)."""
    plain = bare(words)
    start = 0
    while True:
        length = next((n for n in (2, 1) if plain[start : start + n] in _TITLES and len(plain) - start - n >= 2), 0)
        if not length:
            return words[start:]
        start += length


def _without_marks_behind(words: Words) -> Words:
    """The words without what tells namesakes apart in a list: `Nguyễn Văn Hùng A`, `Nguyễn Văn Hùng 2`, `… 1950`."""
    kept = [word for word in words if not any(letter.isdigit() for letter in word[:-1])]
    while len(kept) > 2 and len(kept[-1]) == 2:
        kept.pop()
    return tuple(kept)


def _pattern(text: str) -> re.Pattern[str] | None:
    words = []
    for raw in text.split():
        pieces = [("".join(bare(syllable_keys(piece)))) for piece in _LOST_LETTER.split(raw)]
        words.append("[a-z]?".join(pieces) if len(pieces) > 1 else pieces[0])
    letters = sum(len(re.sub(r"\[a-z\]\?", "", word)) for word in words)
    is_enough = letters > 3 and letters * 2 >= len(_LOST_LETTER.findall(text))
    return re.compile(" ".join(words)) if is_enough else None
