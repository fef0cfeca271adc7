"""Vietnamese typed while the typing program was switched off: the keys of Telex or VNI instead of the letters.

`Nguyeenx Vawn Huwng` and `Nguye64n Va8n Hu7ng` are what the fingers meant as Nguyễn Văn Hưng. Only a word whose keys
make a letter or a tone changes, so plain English or bare Vietnamese comes back as it was.
"""

import re
import unicodedata
from functools import lru_cache

_TELEX_LETTERS = (("aa", "â"), ("ee", "ê"), ("oo", "ô"), ("aw", "ă"), ("ow", "ơ"), ("uw", "ư"), ("dd", "đ"))
_TELEX_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = dict(zip("12345", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_VNI_MARKS = {"6": "\u0302", "7": "\u031b", "8": "\u0306"}
_VOWELS = "aăâeêioôơuưy"
_TELEX_TONE = re.compile(rf"([{_VOWELS}][a-zđ]*?)([sfrxj])([a-z]*)\Z")


def typed_keys_to_text(text: str) -> str:
    """The text that was meant, in lower case where keys were undone; other words unchanged."""
    return " ".join(_word(word) for word in text.split(" "))


@lru_cache(maxsize=8192)
def _word(word: str) -> str:
    if not word.isascii() or not word.isalnum():
        return word
    meant = _from_vni(word.lower()) if any(key.isdigit() for key in word) else _from_telex(word.lower())
    return word if meant == word.lower() else meant


def _from_telex(word: str) -> str:
    letters = word
    for keys, letter in _TELEX_LETTERS:
        letters = letters.replace(keys, letter)
    # The keys of ươ are typed once for both letters: `dduowngf`; and a mark may be typed at the end: `tuanas`.
    letters = letters.replace("uơ", "ươ") if "uow" in word else letters
    found = _TELEX_TONE.search(letters)
    if not found or (letters == word and found[3]):
        return unicodedata.normalize("NFC", letters)
    vowels, tone, rest = found.groups()
    return unicodedata.normalize("NFC", letters[: found.start()] + _with_tone(vowels + rest, _TELEX_TONES[tone]))


def _with_tone(letters: str, tone: str) -> str:
    # Where exactly the tone stands does not matter to a key of a syllable: the first vowel carries it.
    return letters[0] + tone + letters[1:]


def _from_vni(word: str) -> str:
    if word[0].isdigit() or len(re.findall(r"\d", word)) > 3:
        return word
    tones = re.findall("[1-5]", word)
    letters = re.sub(r"d(.*)9", r"đ\1", re.sub("[1-5]", "", word)).replace("uo7", "u7o7")
    letters = "".join(_VNI_MARKS.get(key, key) for key in letters)
    vowel = re.search(f"[{_VOWELS}]", letters)
    if tones and vowel:
        letters = letters[: vowel.start()] + _with_tone(letters[vowel.start() :], _VNI_TONES[tones[-1]])
    return unicodedata.normalize("NFC", letters)
