"""Places, cells and sexes as they are typed: what is the same in other words, before or after the mergers of 2025."""

from __future__ import annotations

import re
import zlib
from functools import lru_cache

from cardqueue.lib.names import bare_syllable, search_key, syllable_keys
from cardqueue.verification.engine.shapes import Place

MALE, FEMALE = 1, 2
_MALE = frozenset(("nam", "male", "m", "trai", "ong", "1", "con trai", "gioi tinh nam", "nam gioi"))
_FEMALE = frozenset(("nu", "female", "f", "gai", "ba", "0", "2", "con gai", "gioi tinh nu", "nu gioi"))

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

_CELL_WORDS = re.compile(r"^(?:(?:chi bo|cb|chi uy|dang bo|to dang)\s+)+(?=\S)")
_CELL_SHORT = {"tdp": "to dan pho", "kp": "khu pho", "ubnd": "uy ban nhan dan", "ca": "cong an", "t": "thon"}


@lru_cache(maxsize=256)
def read_sex(text: str) -> int:
    """1 for a man, 2 for a woman, 0 where the cell does not say."""
    word = search_key(text)
    return MALE if word in _MALE else FEMALE if word in _FEMALE else 0


@lru_cache(maxsize=65536)
def read_place(text: str) -> Place:
    """A hometown in any number of levels; it only ever ranks candidates, it is no evidence against anybody."""
    parts = [part for part in map(search_key, _BETWEEN.split(text)) if part]
    if not parts:
        return Place()
    province = _plain(parts[-1])
    district = _key(parts[-2]) if len(parts) > 2 else 0
    commune = _key(parts[0]) if len(parts) > 1 else 0
    return Place(_key(_PROVINCE_NOW.get(province, province)), district, commune)


@lru_cache(maxsize=4096)
def same_cell(a: str, b: str) -> bool:
    """Whether two names are one party cell: marks may be missing, `Chi bộ` and zeros in front of a number too."""
    key_a, key_b = syllable_keys(a), syllable_keys(b)
    if key_a == key_b:
        return True
    if _cell_key(a) != _cell_key(b):
        return False
    # Thôn Hòa and thôn Hoa are two villages; thon Hoa may be either.
    return a.isascii() or b.isascii() or _marked(key_a) == _marked(key_b)


def card_key(text: str) -> str:
    """The digits and letters of a card number, without the marks between them."""
    return re.sub(r"[\W_]", "", text).upper()


def _key(place: str) -> int:
    return zlib.crc32(_plain(place).encode())


def _plain(place: str) -> str:
    return _KINDS.sub("", f"{place} ", count=1).strip() if _KINDS.match(place) else place


def _cell_key(text: str) -> str:
    plain = _CELL_WORDS.sub("", search_key(text))
    words = (str(int(word)) if word.isdecimal() else _CELL_SHORT.get(word, word) for word in plain.split())
    return " ".join(words)


def _marked(keys: tuple[str, ...]) -> list[str]:
    """The words that carry a mark, in which two names of a cell must agree."""
    return [key for key in keys if bare_syllable(key) != key.rstrip("0123456789") or key[-1:] != "0"]
