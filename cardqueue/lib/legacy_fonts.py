"""Vietnamese text typed for fonts from before Unicode: TCVN3 (ABC, ".VnTime") and VNI.

Such text is ordinary Latin letters that only look Vietnamese in the right font: `NguyÔn V¨n B×nh` (TCVN3),
`Nguyeãn Vaên Bình` (VNI). One word alone can be ambiguous (`Hoàng` is Hoàng, or VNI for Hồng), so the encoding is
decided for a whole column, or for a whole name whose words are no Vietnamese syllables as they stand.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache


class Encoding(StrEnum):
    """How the letters of a text are to be understood."""

    UNICODE = "unicode"
    TCVN3 = "tcvn3"
    VNI = "vni"


_TCVN3 = str.maketrans(
    dict(
        zip(
            "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ¡¢£¤¥¦§",
            "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
            strict=True,
        )
    )
)

# Letters that no garbling makes; the first bytes of Vietnamese letters in UTF-8, and the bytes that can follow.
_IN_NO_CODE_PAGE = re.compile("[\u1ea0-\u1ef9]")
_UTF8_FIRST, _UTF8_NEXT = b"\xc3\xc4\xc5\xc6\xcc\xe1", range(0x80, 0xC0)

_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_CIRCUMFLEX = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_BREVE = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_HORNED = {"ô": "ơ", "ö": "ư"}
_SINGLE = {"ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", **_HORNED}


def _vni_table() -> dict[str, str]:
    pairs: dict[str, str] = dict(_SINGLE)
    for vowel in "aeouy":
        pairs |= {vowel + mark: vowel + tone for mark, tone in _TONES.items()}
    for vowel in "aeo":
        pairs |= {vowel + mark: vowel + "\u0302" + tone for mark, tone in _CIRCUMFLEX.items()}
    pairs |= {"a" + mark: "a\u0306" + tone for mark, tone in _BREVE.items()}
    for letter, horned in _HORNED.items():
        pairs |= {letter + mark: horned + tone for mark, tone in _TONES.items()}
    table = {}
    for written, meant in pairs.items():
        letter = unicodedata.normalize("NFC", meant)
        # The capital of a pair may keep a small mark (`Nguyeãn`, `Ñöùc`): the base letter decides.
        table[written] = letter
        table[written.upper()] = letter.upper()
        if len(written) == 2:
            table[written[0].upper() + written[1]] = letter.upper()
            table[written[0] + written[1].upper()] = letter
    return table


_VNI = _vni_table()
_VNI_LETTERS = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))

# A Vietnamese syllable without its tone: what may begin it, what may carry it, what may end it.
_SYLLABLE = re.compile(
    r"(?:b|ch?|d|đ|gi?|gh|h|kh?|l|m|ngh?|nh?|ph?|qu?|r|s|th?|tr|v|x)?"
    r"(?:iêu|yêu|oai|oay|oao|oeo|uôi|ươi|ươu|uây|uyê|uya|"
    r"ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|ôi|ơi|ua|uâ|uê|ui|uô|uơ|uy|uyu|ưa|ưi|ươ|ưu|yê|ya|"
    r"a|ă|â|e|ê|i|o|ô|ơ|u|ư|y)"
    r"(?:ch|ng|nh|c|m|n|p|t)?\Z"
)
_WORD = re.compile(r"[^\s\d.,;:/()\-–]+")
_TONE_MARKS = re.compile("[\u0300\u0301\u0303\u0309\u0323]")

# Families that a list of names is known by: enough of them to recognise a column.
_FAMILIES = """
    nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đào đoàn vương trịnh trương đinh lâm phùng
    mai tô hà tạ hứa lưu châu thái cao tăng quách chu la triệu lương thạch kiều văn tống diệp doãn đàm đồng giang khổng
    kim lục mạc ninh nông ông phí quan sơn thân thi tiêu tôn từ ung vi viên bạch cù cung âu bế cái chử chung dư đường
    hàn hầu khúc khương kha lại lò lộc lù lường ma mã mạch mông nghiêm nhâm nhan ngụy phó quàng sầm sùng tào tòng
    thào thiều trang trình tưởng ưng vàng vừ xa ksor rahlan siu y h k nay kpă rmah hoa đậu đới đái hồng lữ nguỵ mẫn thẩm
    thang thới thượng trà lô cầm lã cấn kiểu nhữ phương
"""
FAMILY_NAMES = frozenset(_FAMILIES.split())


def decode(text: str, encoding: Encoding) -> str:
    """The text in NFC Unicode, read as written in the given encoding.

    A text with letters that no old font has (a cell typed later, in Unicode) is left as it is.
    """
    if is_modern(text):
        return unicodedata.normalize("NFC", text)
    if encoding is Encoding.TCVN3:
        return _restore_capitals(text, text.translate(_TCVN3))
    if encoding is Encoding.VNI:
        return _VNI_LETTERS.sub(lambda letter: _VNI[letter[0]], text)
    return unicodedata.normalize("NFC", text)


def guess_encoding(texts: Iterable[str]) -> Encoding:
    """The encoding of a column, by a vote of its words: real syllables, and family names known to open a name."""
    votes = _votes(texts)
    return max(votes, key=lambda encoding: (votes[encoding], encoding is Encoding.UNICODE))


def plausibility(texts: Iterable[str]) -> int:
    """How much the texts read like Vietnamese in the encoding that suits them best; only to compare two readings."""
    return max(_votes(texts).values())


def encoding_of(text: str) -> Encoding:
    """An old encoding where the text makes no sense in Unicode and every word of it does once decoded, else Unicode."""
    if text.isascii() or is_modern(text) or _is_vietnamese(text):
        return Encoding.UNICODE
    for encoding in (Encoding.TCVN3, Encoding.VNI):
        decoded = decode(text, encoding)
        if decoded != text and _is_vietnamese(decoded):
            return encoding
    return Encoding.UNICODE


def decode_if_legacy(text: str) -> str:
    """The text decoded where it can only have been typed for an old font."""
    encoding = encoding_of(text)
    return text if encoding is Encoding.UNICODE else decode(text, encoding)


class _SeenAs:
    """UTF-8 opened in another code page: `Nguyá»…n VÄƒn` in Windows Latin, `Nguy·ªÖn VƒÉn` in that of a Mac."""

    def __init__(self, codec: str) -> None:
        # Windows leaves a few codes of its pages empty; programs pass them through as control characters.
        letters = [bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in range(256)]
        self._bytes = {letter: byte for byte, letter in enumerate(letters)}
        first = "".join(letters[byte] for byte in _UTF8_FIRST)
        self._mark = re.compile(f"[{first}][{re.escape(''.join(letters[byte] for byte in _UTF8_NEXT))}]")

    def undone(self, text: str) -> str | None:
        """The text that was saved, or None where this code page was not the mistake."""
        if not self._mark.search(text) or not all(letter in self._bytes for letter in text):
            return None
        try:
            return bytes(self._bytes[letter] for letter in text).decode("utf-8")
        except UnicodeError:
            return None


_CODE_PAGES = tuple(map(_SeenAs, ("cp1252", "cp1258", "mac_roman")))


def repair_utf8(text: str) -> str:
    """The text that was saved as UTF-8 and opened in another code page, even twice; any other text unchanged."""
    for _ in range(2):
        if text.isascii() or _IN_NO_CODE_PAGE.search(text):
            return text
        text = next(filter(None, (page.undone(text) for page in _CODE_PAGES)), text)
    return text


def is_modern(text: str) -> bool:
    """Whether the text has letters beyond those that the old fonts drew theirs with."""
    return not text.isascii() and any(ord(letter) > 0xFF and letter.isalpha() for letter in text)


def _votes(texts: Iterable[str]) -> dict[Encoding, int]:
    votes = dict.fromkeys(Encoding, 0)
    for text in texts:
        if text.isascii():
            continue
        for encoding in [Encoding.UNICODE] if is_modern(text) else Encoding:
            votes[encoding] += _credit(text, encoding)
    return votes


@lru_cache(maxsize=16384)
def _credit(text: str, encoding: Encoding) -> int:
    words = _WORD.findall(decode(text, encoding).lower())
    if not words:
        return 0
    plausible = sum(_is_syllable(word) for word in words)
    return max(plausible * 2 - len(words), 0) + 2 * (words[0] in FAMILY_NAMES and len(words) > 1)


def _is_vietnamese(text: str) -> bool:
    words = _WORD.findall(text.lower())
    return bool(words) and all(map(_is_syllable, words))


@lru_cache(maxsize=16384)
def _is_syllable(word: str) -> bool:
    marks = unicodedata.normalize("NFD", word)
    return len(_TONE_MARKS.findall(marks)) <= 1 and bool(
        _SYLLABLE.match(unicodedata.normalize("NFC", _TONE_MARKS.sub("", marks)))
    )


def _restore_capitals(written: str, decoded: str) -> str:
    """TCVN3 has no capitals with a tone: its capital fonts draw them from small letters, so the case is put back."""
    given, words = written.split(" "), decoded.split(" ")
    plain = "".join(letter for letter in written if letter.isascii() and letter.isalpha())
    if len(plain) > 1 and plain.isupper():
        return decoded.upper()
    if any(word[:1].isupper() for word in words) and len(words) > 1 and not _is_sentence(words):
        return " ".join(
            word[:1].upper() + word[1:] if word and not raw[0].isascii() else word
            for raw, word in zip(given, words, strict=True)
        )
    return decoded


def _is_sentence(words: list[str]) -> bool:
    # In `Chi bộ thôn Đá Bạc` small words stand beside capitals: nothing says that a small letter was a capital.
    return any(word and word[0].isascii() and word[0].islower() for word in words)
