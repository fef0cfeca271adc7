"""Vietnamese names: cleaned for keeping, keyed for searching and sorting, compared without merging two people.

A name is kept as it was written, in NFC. The keys are derived: SQLite's LIKE and Python's sort both fail on Đ, Ă and Ơ.
"""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

from cardqueue.lib.legacy_fonts import decode_if_legacy

# Look-alikes of Đ and đ: the Icelandic eth of old keyboards, and the African D.
_D_WITH_STROKE = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"})
# Letters of the Russian alphabet that look like ours.
_CYRILLIC = str.maketrans("аеорсухіАВЕКМНОРСТУХІ", "aeopcyxiABEKMHOPCTYXI")
_HAS_CYRILLIC = re.compile("[\u0400-\u04ff]")
# Anything beyond plain letters, digits, blanks and common marks asks for a closer look.
_UNUSUAL = re.compile(r"[^\w\s.,;:/()'\"’“”\-–+*%&]|[ÐðƉɖ\u0400-\u04ff\x00-\x1f]")
_PLAIN_D = str.maketrans({"đ": "d", "Đ": "D"})
_APOSTROPHES = str.maketrans(dict.fromkeys("'’‘ʼ`´′＇"))
_APOSTROPHE = "['’‘ʼ`´′]"

# Tones in the order of Vietnamese dictionaries; no mark is 0.
_TONE_RANK = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_TONE_MARKS = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_ALPHABET = "0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: f"{rank:02d}" for rank, letter in enumerate(_ALPHABET, start=1)}
# i and y sound alike at the end of an open syllable (Mỹ/Mĩ, Quý/Quí), and nowhere else (Thúy is not Thúi).
_OPEN_IY = re.compile(r"((?:ch?|d|đ|gh?|b|h|kh?|l|m|ngh?|nh?|ph?|qu|r|s|th?|tr|v|x))[iy](\d)\Z")
SORT_KEY_LENGTH = 240


class NameLevel(StrEnum):
    """How far two spellings of a name agree, best first."""

    IDENTICAL = "identical"
    SAME = "same"
    VARIANT_IY = "variant_iy"
    DIACRITICS_DIFFER = "diacritics_differ"
    DIFFERENT = "different"

    @property
    def is_same(self) -> bool:
        """Whether the two are one spelling: at most encoding, spaces, case or the place of a tone differ."""
        return self in (NameLevel.IDENTICAL, NameLevel.SAME)


def clean(text: str) -> str:
    """The text in NFC with single spaces, without invisible characters, its case as given. Safe to draw and print."""
    composed = unicodedata.normalize("NFC", text)
    if _UNUSUAL.search(composed):
        composed = "".join(map(_visible, composed)).translate(_D_WITH_STROKE)
        if _HAS_CYRILLIC.search(composed):
            composed = _without_look_alikes(composed)
    return " ".join(composed.split())


def search_key(name: str) -> str:
    """What a person types to find the name: lower case, no marks, đ as d, apostrophes and punctuation dropped."""
    plain = _strip_marks(unicodedata.normalize("NFKC", clean(name)).translate(_APOSTROPHES)).translate(_PLAIN_D).lower()
    return " ".join(re.sub(r"[^0-9a-z]", " ", plain).split())


def sort_key(name: str) -> str:
    """A text that sorts names as Vietnamese lists do: the given name (last word) first, then the rest in its order.

    Letters weigh before tones within a word. The key holds digits only, so every database collates it alike.
    """
    words = _words(name)
    if not words:
        return ""
    return "".join(_sort_word(word) for word in (words[-1], *words[:-1]))[:SORT_KEY_LENGTH]


def compare_names(a: str, b: str) -> NameLevel:
    """How far two spellings of a name agree. The citizen ID is the identity; the name only confirms it.

    Source: measured on 24 equal and 23 different pairs of real spellings; an edit distance would merge Hòa and Hoa.
    """
    if a == b:
        return NameLevel.IDENTICAL if a.strip() else NameLevel.DIFFERENT
    key_a, key_b = _key(a), _key(b)
    if key_a != key_b and not (a.isascii() and b.isascii()):
        key_a, key_b = _key(decode_if_legacy(a)), _key(decode_if_legacy(b))
    if not key_a or not key_b:
        return NameLevel.DIFFERENT
    if key_a == key_b:
        return NameLevel.SAME
    if len(key_a) != len(key_b):
        return NameLevel.DIFFERENT
    if all(x == y or _fold_iy(x) == _fold_iy(y) for x, y in zip(key_a, key_b, strict=True)):
        return NameLevel.VARIANT_IY
    if all(x == y or _bare(x) == _bare(y) for x, y in zip(key_a, key_b, strict=True)):
        return NameLevel.DIACRITICS_DIFFER
    return NameLevel.DIFFERENT


def same_name_key(name: str) -> str:
    """A text equal for two spellings exactly when `compare_names` calls them the same, old fonts decoded."""
    return " ".join(_key(decode_if_legacy(name)))


def syllable_keys(name: str) -> tuple[str, ...]:
    """The words of a name, each as its letters followed by its tone as a digit (`hoa2` for hòa and hoà).

    Shapes: two names are one spelling exactly when their keys are equal; text of old fonts is not decoded.
    """
    return tuple(_syllable(word) for word in _words(name))


def fold_final_y(key: str) -> str:
    """A syllable's key with i for a y that sounds like it (`mi3` for mỹ), and any other key unchanged."""
    return _fold_iy(key)


def bare_syllable(key: str) -> str:
    """A syllable's key without tone and marks, i and y alike: what is left when accents were lost."""
    return _bare(key)


def is_all_capitals(name: str) -> bool:
    """Whether every letter of the name is a capital, as in exports of the member system."""
    return name.isupper()


def display_case(name: str) -> str:
    """A name in ALL CAPS with only its initials left as capitals; any other name unchanged."""
    if not is_all_capitals(name):
        return name
    return re.sub(rf"({_APOSTROPHE}?)(\w)(\w*)", _capitalise, name)


def short_name(name: str) -> str:
    """A name for public displays: family and given name, the middle as initials (`Nguyễn T. Bưởi`)."""
    words = display_case(clean(name)).split()
    if len(words) < 3:
        return " ".join(words)
    return " ".join([words[0], *(f"{word[0]}." for word in words[1:-1]), words[-1]])


@lru_cache(maxsize=1024)
def _visible(letter: str) -> str:
    """The letter, a space for any kind of blank, nothing for what cannot be seen."""
    category = unicodedata.category(letter)
    if category in ("Zs", "Zl", "Zp", "Cc"):
        return " "
    return "" if category in ("Cf", "Co", "Cs", "Cn") else letter


def _without_look_alikes(text: str) -> str:
    """Latin letters for the Cyrillic ones; a name that is Russian indeed has others too, and stays."""
    latin = unicodedata.normalize("NFC", text.translate(_CYRILLIC))
    return text if _HAS_CYRILLIC.search(latin) else latin


def _capitalise(found: re.Match[str]) -> str:
    return found[1] + found[2].upper() + found[3].lower()


def _strip_marks(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


@lru_cache(maxsize=8192)
def _key(name: str) -> tuple[str, ...]:
    return tuple(_syllable(word) for word in _words(name))


def _words(name: str) -> list[str]:
    """The words of a name in lower case, without apostrophes and punctuation."""
    text = name
    if not name.isascii():
        text = unicodedata.normalize("NFKC", clean(name)).translate(_APOSTROPHES)
    else:
        text = name.replace("'", "").replace("`", "")
    return re.sub(r"[^\w\s]|_", " ", text.lower()).split()


@lru_cache(maxsize=8192)
def _syllable(word: str) -> str:
    """The letters of a word, then its tone as a digit: where the tone was placed (hoà, hòa) no longer shows."""
    decomposed = unicodedata.normalize("NFD", word)
    tones = _TONE_MARKS.findall(decomposed)
    letters = unicodedata.normalize("NFC", _TONE_MARKS.sub("", decomposed))
    return letters + ("".join(str(_TONE_RANK[tone]) for tone in tones) or "0")


@lru_cache(maxsize=8192)
def _fold_iy(syllable: str) -> str:
    return _OPEN_IY.sub(r"\1i\2", syllable)


@lru_cache(maxsize=8192)
def _bare(syllable: str) -> str:
    """A syllable without any mark, i and y alike: what is left when accents were lost."""
    return _strip_marks(re.sub(r"\d+\Z", "", _fold_iy(syllable))).translate(_PLAIN_D)


@lru_cache(maxsize=8192)
def _sort_word(word: str) -> str:
    syllable = _syllable(word)
    letters = "".join(_LETTER_RANK.get(letter, "99") for letter in syllable[:-1])
    # 00 ends the letters below every other letter, so that An sorts before Anh.
    return f"{letters}00{syllable[-1]}"
