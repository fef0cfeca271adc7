"""Places, cells and sexes as they are typed: what is the same in other words, before or after the mergers of 2025."""

from __future__ import annotations

import html
import re
import unicodedata
import zlib
from functools import lru_cache

from cardqueue.lib.keystrokes import typed_keys_to_text
from cardqueue.lib.legacy_fonts import Encoding, decode, decode_if_legacy, repair_utf8
from cardqueue.lib.names import bare_syllable, search_key, syllable_keys
from cardqueue.verification.engine.shapes import Place

MALE, FEMALE = 1, 2
_MALE = frozenset(("nam", "male", "m", "trai", "ong", "1", "con trai", "gioi tinh nam", "nam gioi"))
_FEMALE = frozenset(("nu", "female", "f", "gai", "ba", "0", "2", "con gai", "gioi tinh nu", "nu gioi"))

# Of the two words only Nữ has a letter that an export can lose.
_LOST_NU = re.compile(r"\s*[nN][?\ufffd\u25a1]+\s*")

# Source: Nghị quyết 202/2025/QH15: 63 provinces became 34; here the province that took in the others, then those.
_MERGED = (
    "tuyen quang: ha giang", "lao cai: yen bai", "thai nguyen: bac kan, bac can", "phu tho: vinh phuc, hoa binh",
    "bac ninh: bac giang", "hung yen: thai binh", "hai phong: hai duong", "ninh binh: ha nam, nam dinh",
    "quang tri: quang binh", "hue: thua thien hue", "da nang: quang nam", "quang ngai: kon tum, kontum",
    "gia lai: binh dinh", "khanh hoa: ninh thuan", "lam dong: dak nong, dac nong, binh thuan",
    "dak lak: phu yen, dac lac, dak lac", "ho chi minh: binh duong, ba ria vung tau, vung tau, hcm, tphcm",
    "dong nai: binh phuoc", "tay ninh: long an", "can tho: soc trang, hau giang", "vinh long: ben tre, tra vinh",
    "dong thap: tien giang", "ca mau: bac lieu", "an giang: kien giang",
)  # fmt: skip
_PROVINCE_NOW = {
    old: line.split(": ")[0] for line in _MERGED for old in (line.split(": ")[0], *line.split(": ")[1].split(", "))
}
_KINDS = re.compile(
    r"(?:(?:tinh|thanh pho|tp|xa|phuong|thi tran|tt|huyen|quan|thi xa|tx|thon|ap|khom|x|p|h|t|q)\s+)+(?=\S)"
)
_BETWEEN = re.compile(r"[,;/|–—]|\s-\s|-(?=\s)|(?<=\w)-(?=\w)")

# What stands in front of a cell's name says nothing about which cell it is.
_CELL_WORDS = frozenset(("chi", "bộ", "bo", "cb", "đảng", "dang"))
_CELL_SHORT = {"tdp": "tổ dân phố", "kp": "khu phố", "ubnd": "ủy ban nhân dân"}
_LETTERS_OR_FIGURES = re.compile(r"[^\W\d_]+|\d+")


@lru_cache(maxsize=256)
def read_sex(text: str) -> int:
    """1 for a man, 2 for a woman, 0 where the cell does not say."""
    text = html.unescape(text)
    if _LOST_NU.fullmatch(text):
        return FEMALE
    words = {search_key(reading) for reading in (text, typed_keys_to_text(text.strip()), *_decoded(text))}
    return MALE if words & _MALE else FEMALE if words & _FEMALE else 0


@lru_cache(maxsize=65536)
def read_place(text: str) -> Place:
    """A hometown in any number of levels; it only ever ranks candidates, it is no evidence against anybody."""
    parts = [part for part in map(search_key, _BETWEEN.split(decode_if_legacy(repair_utf8(text)))) if part]
    if not parts:
        return Place()
    province = _plain(parts[-1])
    district = _key(parts[-2]) if len(parts) > 2 else 0
    commune = _key(parts[0]) if len(parts) > 1 else 0
    return Place(_key(_PROVINCE_NOW.get(province, province)), district, commune)


@lru_cache(maxsize=4096)
def same_cell(a: str, b: str) -> bool:
    """Whether a roster's cell is the one of the old list; `Chi bộ` in front, zeros or all marks may be missing."""
    words_a, words_b = _cell_words(a), _cell_words(b)
    if words_a == words_b or (not a.isascii() and any(_cell_words(text) == words_b for text in _decoded(a))):
        return True
    # Thôn Hòa and thôn Hoa are two villages; thon Hoa, with no mark at all, may be either.
    may_be_bare = a.isascii() or b.isascii()
    return may_be_bare and [bare_syllable(word) for word in words_a] == [bare_syllable(word) for word in words_b]


def _decoded(text: str) -> list[str]:
    return [repair_utf8(text), *(decode(text, encoding) for encoding in (Encoding.TCVN3, Encoding.VNI))]


def _cell_words(text: str) -> list[str]:
    words: list[str] = []
    for word in _LETTERS_OR_FIGURES.findall(unicodedata.normalize("NFC", text).lower()):
        if word.isdecimal():
            words.append(str(int(word)))
        elif words or word not in _CELL_WORDS:
            words.extend(syllable_keys(_CELL_SHORT.get(word, word)))
    return words


def card_key(text: str) -> str:
    """The digits and letters of a card number, without the marks between them."""
    return re.sub(r"[\W_]", "", text).upper()


def _key(place: str) -> int:
    return zlib.crc32(_plain(place).encode())


def _plain(place: str) -> str:
    return _KINDS.sub("", f"{place} ", count=1).strip() if _KINDS.match(place) else place
