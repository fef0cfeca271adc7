"""How far a roster row and a population record agree, field by field."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from cardqueue.lib.names import fold_final_y
from cardqueue.verification.engine.dates import DateLevel, date_level
from cardqueue.verification.engine.evidence import Evidence
from cardqueue.verification.engine.names import RosterName, Words, bare
from cardqueue.verification.engine.numbers import NumberLevel, number_level
from cardqueue.verification.engine.shapes import Place, Record

_RESEMBLANCE = 85
_NOTHING_ALIKE = 60
_HEARD = {"tr": "ch", "s": "x", "gi": "d", "r": "d", "v": "d", "l": "n", "qu": "w", "hu": "w"}
_BEGINNING = re.compile("^(?:tr|s(?!h)|gi(?=[aeouy])|r|v|l|qu|hu(?=[aeiy]))")
_HEARD_END = {"ng": "n", "nh": "n", "t": "c", "ch": "c"}
_END = re.compile("(?<=[aeiouy])(?:ng|nh|t|ch)$")


class NameLevel(IntEnum):
    """How far two names agree, best last."""

    MISSING = -1
    NONE = 0
    RESEMBLES = 1
    SHORTENED = 2
    TYPO = 3
    MARKS = 4
    ORDER = 5
    BARE = 6
    SPELLING = 7
    SAME = 8


class SexLevel(IntEnum):
    """How far two sexes agree."""

    DIFFERS = 0
    UNKNOWN = 1
    SAME = 2


class PlaceLevel(IntEnum):
    """How far two hometowns agree."""

    DIFFERS = 0
    UNKNOWN = 1
    PROVINCE = 2
    COMMUNE = 3


class Levels(NamedTuple):
    """The agreement of a row with a record."""

    name: NameLevel
    date: DateLevel
    number: NumberLevel
    sex: SexLevel
    place: PlaceLevel


def compare(row: Evidence, record: Record) -> Levels:
    """Compare a row with a record."""
    return Levels(
        name_level(row.name, record.words),
        date_level(row.born, record.born),
        number_level(row.number, record.pid, record.old_number),
        sex_level(row.sex, record.sex),
        place_level(row.place, record.place),
    )


def sex_level(a: int, b: int) -> SexLevel:
    """How far two sexes agree."""
    if not a or not b:
        return SexLevel.UNKNOWN
    return SexLevel.SAME if a == b else SexLevel.DIFFERS


def place_level(a: Place, b: Place) -> PlaceLevel:
    """How far two hometowns agree: in the province of today, and in any smaller unit, whichever levels are written."""
    if not a.province or not b.province:
        return PlaceLevel.UNKNOWN
    if a.province != b.province:
        return PlaceLevel.DIFFERS
    units_a, units_b = set(a[1:]) - {0}, set(b[1:]) - {0}
    if not units_a or not units_b:
        return PlaceLevel.UNKNOWN
    return PlaceLevel.COMMUNE if units_a & units_b else PlaceLevel.PROVINCE


def name_level(name: RosterName, record: Words) -> NameLevel:
    """How far a row's name agrees with a record's, by the best of its readings."""
    if not name.plain or not record:
        return NameLevel.MISSING
    level = max(words_level(words, record) for words in name.plain)
    if level < NameLevel.SPELLING:
        # A title or a nickname left out, or keys undone, is a way of writing: it is named, and it is the same person.
        loose = (min(words_level(words, record), NameLevel.SPELLING) for words in name.loose)
        level = max(level, *loose, NameLevel.NONE)
        if name.pattern and level < NameLevel.BARE and name.pattern.fullmatch(" ".join(bare(record))):
            level = NameLevel.BARE
    return level


@lru_cache(maxsize=65536)
def words_level(a: Words, b: Words) -> NameLevel:
    """How far two names, given as the keys of their words, agree."""
    if a == b:
        return NameLevel.SAME
    plain_a, plain_b = bare(a), bare(b)
    run_a, run_b = "".join(plain_a), "".join(plain_b)
    if run_a == run_b:
        return _level_of_marks(a, b)
    if sorted(plain_a) == sorted(plain_b):
        return NameLevel.ORDER
    if plain_a[-1] != plain_b[-1] and plain_a[:2] != plain_b[:2] and fuzz.ratio(run_a, run_b) < _NOTHING_ALIKE:
        return NameLevel.NONE
    if _is_one_slip(plain_a, plain_b, run_a, run_b) or tuple(map(sound, plain_a)) == tuple(map(sound, plain_b)):
        return NameLevel.TYPO
    if _is_shortened(plain_a, plain_b) or _is_shortened(plain_b, plain_a):
        return NameLevel.SHORTENED
    return NameLevel.RESEMBLES if _resembles(plain_a, plain_b, run_a, run_b) else NameLevel.NONE


@lru_cache(maxsize=8192)
def sound(word: str) -> str:
    """A bare syllable as careless ears hear it: tr as ch, s as x, gi, r and v as d, l as n; the same for its end."""
    begun = _BEGINNING.sub(lambda found: _HEARD[found[0]], word, count=1)
    return _END.sub(lambda found: _HEARD_END[found[0]], begun)


def _level_of_marks(a: Words, b: Words) -> NameLevel:
    letters_a, letters_b = _run(a), _run(b)
    if letters_a == letters_b:
        return NameLevel.SPELLING
    if len(a) == len(b):
        differing = [(x, y) for x, y in zip(a, b, strict=True) if fold_final_y(x) != fold_final_y(y)]
        if all(_is_bare(x) for x, _ in differing) or all(_is_bare(y) for _, y in differing):
            return NameLevel.BARE
    return NameLevel.MARKS


def _run(words: Words) -> str:
    """All letters and tones of a name without the blanks: `VănHùng`, and the tone wherever it stands."""
    folded = list(map(fold_final_y, words))
    letters = [word.rstrip("0123456789") for word in folded]
    tones = [word[len(plain) :] for word, plain in zip(folded, letters, strict=True)]
    return "".join([*letters, *tones]).replace("0", "")


def _is_bare(key: str) -> bool:
    return key.isascii() and key.endswith("0")


def _is_one_slip(plain_a: Words, plain_b: Words, run_a: str, run_b: str) -> bool:
    if len(plain_a) == len(plain_b):
        differing = [(x, y) for x, y in zip(plain_a, plain_b, strict=True) if x != y]
        if len(differing) == 1:
            x, y = differing[0]
            allowed = 2 if min(len(x), len(y)) >= 5 else 1
            return OSA.distance(x, y, score_cutoff=allowed) <= allowed
    return len(run_a) > 5 and OSA.distance(run_a, run_b, score_cutoff=1) <= 1


def _is_shortened(short: Words, full: Words) -> bool:
    """Whether a name is another with middle names left out or words cut to their beginnings, the given name whole."""
    if not 2 <= len(short) <= len(full) or short[-1] != full[-1]:
        return False
    rest = iter(full[:-1])
    if not _begins(short[0], next(rest)):
        return False
    return all(any(_begins(word, candidate) for candidate in rest) for word in short[1:-1])


def _begins(word: str, full: str) -> bool:
    return word == full or (len(word) <= 3 and full.startswith(word) and len(full) > len(word))


def _resembles(plain_a: Words, plain_b: Words, run_a: str, run_b: str) -> bool:
    short, full = sorted((run_a, run_b), key=len)
    if min(len(plain_a), len(plain_b)) >= 2 and full.startswith(short):
        # Cut behind: a narrow column, or a given name that went into the next one.
        return True
    if len(short) * 2 >= len(full) and len(plain_a) == len(plain_b) and _lost_letters(plain_a, plain_b):
        return True
    given_a, given_b = plain_a[-1], plain_b[-1]
    if given_a == given_b and min(len(plain_a), len(plain_b)) >= 2:
        shared = set(plain_a[:-1]) & set(plain_b[:-1])
        if shared:
            return True
    near = 1 if min(len(given_a), len(given_b)) < 4 else 2
    return OSA.distance(given_a, given_b, score_cutoff=near) <= near and fuzz.ratio(run_a, run_b) >= _RESEMBLANCE


def _lost_letters(a: Words, b: Words) -> bool:
    """Whether every word is the other name's without some letters, as exports drop those that they do not know."""
    return all(_is_inside(*sorted(pair, key=len)) for pair in zip(a, b, strict=True))


def _is_inside(word: str, full: str) -> bool:
    rest = iter(full)
    return all(letter in rest for letter in word)
