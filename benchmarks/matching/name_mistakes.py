"""What happens to names: encodings, hasty fingers, titles and nicknames, words left out or exchanged."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from benchmarks.matching.people import Person
from benchmarks.matching.rows import EITHER, MATCH, PROPOSED, SAFE, Mistake, Neighbourhood, Typed, perhaps
from cardqueue.demo import misspelling


def _named(change: Callable[[str], str | None], right: tuple[str, ...], *fields: str) -> Mistake:
    def mistake(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
        name = change(person.name)
        if name is None or name == person.name:
            return None
        return replace(row, name=name, right=right, fields=frozenset(fields), perhaps=perhaps(right, "ho_ten"))

    return mistake


def _words(change: Callable[[list[str]], list[str] | None]) -> Callable[[str], str | None]:
    def changed(name: str) -> str | None:
        words = name.split()
        result = change(words) if len(words) >= 3 and "’" not in name else None
        return " ".join(result) if result else None

    return changed


def _lost_letters(name: str) -> str:
    return "".join("?" if ord(letter) > 255 else letter for letter in name)


def _utf8_as_latin(name: str) -> str:
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in name.encode())


_TELEX = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j", "\u0306": "w", "\u031b": "w"}


def _telex(name: str) -> str:
    words = []
    for word in name.replace("đ", "dd").replace("Đ", "Dd").split():
        tone, letters = "", ""
        for letter in unicodedata.normalize("NFD", word):
            if letter == "\u0302":
                letters += letters[-1].lower()
            elif letter in "\u0306\u031b":
                letters += "w"
            elif letter in _TELEX:
                tone = _TELEX[letter]
            else:
                letters += letter
        words.append(letters + tone)
    return " ".join(words)


_VNI_TONES = {"\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
_VNI_HATS = {
    "\u0302": {"": "â", "\u0301": "á", "\u0300": "à", "\u0309": "å", "\u0303": "ã", "\u0323": "ä"},
    "\u0306": {"": "ê", "\u0301": "é", "\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"},
}


def _vni(name: str) -> str | None:
    out = ""
    for letter in name:
        base, *marks = list(unicodedata.normalize("NFD", letter))
        tone = next((mark for mark in marks if mark in _VNI_TONES), "")
        hat = next((mark for mark in marks if mark in _VNI_HATS), "")
        if letter in "đĐ":
            out += "ñ" if letter == "đ" else "Ñ"
        elif base in "iIyY" and marks:
            return None
        elif hat:
            out += base + _VNI_HATS[hat][tone]
        elif "\u031b" in marks:
            out += {"o": "ô", "u": "ö", "O": "Ô", "U": "Ö"}[base] + _VNI_TONES.get(tone, "")
        else:
            out += base + (_VNI_TONES[tone] if tone else "")
    return out


def _typo(name: str) -> str | None:
    words = name.split()
    at = max(range(len(words)), key=lambda place: len(words[place]))
    word = words[at]
    return " ".join([*words[:at], word[:-2] + word[-1] + word[-2], *words[at + 1 :]]) if len(word) > 3 else None


NAMES: dict[str, Mistake] = {
    "name_tone": _named(misspelling.with_tone_moved, MATCH),
    "name_decomposed": _named(misspelling.decomposed, MATCH),
    "name_spaces": _named(misspelling.with_stray_spaces, MATCH),
    "name_eth": _named(misspelling.with_icelandic_eth, MATCH),
    "name_tcvn3": _named(misspelling.in_tcvn3, MATCH),
    "name_vni": _named(_vni, EITHER),
    "name_utf8_as_latin": _named(_utf8_as_latin, EITHER),
    "name_html": _named(lambda name: "".join(f"&#{ord(x)};" if ord(x) > 255 else x for x in name), EITHER),
    "name_zero_width": _named(lambda name: name.replace(" ", " \u200b"), MATCH),
    "name_full_stop": _named(lambda name: f"{name}.", MATCH),
    "name_iy": _named(misspelling.with_i_for_y, PROPOSED, "ho_ten"),
    "name_bare": _named(misspelling.without_marks, PROPOSED, "ho_ten"),
    "name_wrong_mark": _named(misspelling.with_wrong_mark, PROPOSED, "ho_ten"),
    "name_misheard": _named(misspelling.with_typo, PROPOSED, "ho_ten"),
    "name_typo": _named(_typo, PROPOSED, "ho_ten"),
    "name_lost_letters": _named(_lost_letters, PROPOSED, "ho_ten"),
    "name_telex": _named(_telex, PROPOSED, "ho_ten"),
    "name_title": _named(lambda name: f"Bà {name}", EITHER, "ho_ten"),
    "name_comrade": _named(lambda name: f"đ/c {name}", EITHER, "ho_ten"),
    "name_degree": _named(lambda name: f"ThS. {name}", EITHER, "ho_ten"),
    "name_nickname": _named(lambda name: f"{name} (Tư Rớt)", EITHER, "ho_ten"),
    "name_also": _named(lambda name: f"{name} tức Ba Lúa", EITHER, "ho_ten"),
    "name_letter_behind": _named(lambda name: f"{name} (B)", EITHER, "ho_ten"),
    "name_year_behind": _named(lambda name: f"{name} - 1950", EITHER, "ho_ten"),
    "name_joined": _named(lambda name: name.replace(" ", "", 1), EITHER, "ho_ten"),
    "name_given_first": _named(_words(lambda words: [words[-1], *words[:-1]]), PROPOSED, "ho_ten"),
    "name_western_order": _named(_words(lambda words: [*words[1:], words[0]]), PROPOSED, "ho_ten"),
    "name_short": _named(misspelling.without_middle, PROPOSED, "ho_ten"),
    "name_initial": _named(_words(lambda words: [words[0], f"{words[1][0]}.", *words[2:]]), PROPOSED, "ho_ten"),
    "name_initials": _named(_words(lambda w: [f"{x[0]}." for x in w[:-1]] + w[-1:]), PROPOSED, "ho_ten"),
    "name_ng": _named(lambda name: re.sub("^Nguyễn", "Ng.", name), PROPOSED, "ho_ten"),
    "name_other_middle": _named(misspelling.with_other_middle, PROPOSED, "ho_ten"),
    "name_family_missing": _named(_words(lambda words: words[1:]), SAFE, "ho_ten"),
    "name_given_missing": _named(_words(lambda words: words[:-1]), SAFE, "ho_ten"),
    "name_new": _named(_words(lambda words: [words[0], "Thiện", "Tâm"]), SAFE, "ho_ten"),
    "name_blank": _named(lambda name: "", SAFE, "ho_ten"),
}  # fmt: skip
