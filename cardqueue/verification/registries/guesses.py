"""Names that a row's name may have been before somebody misspelt it, to be tried against hashes that nobody can read.

Only what people do: one letter wrong, left out, too many or out of order; a syllable as careless ears hear it; words
run together; a common middle name left out, or another word between the first and the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Final

from cardqueue.verification.engine.levels import NameLevel
from cardqueue.verification.engine.names import Words, bare

_LETTERS: Final = "abcdeghiklmnopqrstuvxy"
_HEARD: Final = (("tr", "ch"), ("gi", "d"), ("gi", "r"), ("gi", "v"), ("qu", "hu"))
_MIDDLE_NAMES: Final = (
    "van", "thi", "duc", "huu", "ngoc", "minh", "xuan", "thanh", "quang", "cong", "dinh", "the", "trong", "kim", "thu",
    "hong", "quoc", "ba", "manh", "hoang", "tien", "viet", "anh", "phuong", "bich", "my", "tan", "nhu", "dang", "khac",
)  # fmt: skip
_SYLLABLE: Final = re.compile("(?:[bcdghklmnpqrstvx]{1,3})?[aeiouy]{1,3}(?:c|ch|m|n|ng|nh|p|t)?")
_MOST_WORDS: Final = 5
_LONGEST_RUN: Final = 24


def guessed_names(words: Words) -> Iterator[tuple[Words, NameLevel]]:
    """Other names, and how far a row's name agrees with each; the likeliest first. Shapes: words without marks."""
    plain = bare(words)
    if len(plain) < 2 and len("".join(plain)) < 4:
        return
    yield from ((cut, NameLevel.MARKS) for cut in _cut_otherwise(plain))
    for at, word in enumerate(plain):
        yield from (((*plain[:at], other, *plain[at + 1 :]), NameLevel.TYPO) for other in _slips(word))
    if 2 <= len(plain) < _MOST_WORDS:
        yield from (((plain[0], middle, *plain[1:]), NameLevel.SHORTENED) for middle in _MIDDLE_NAMES)
    if len(plain) > 2:
        yield from (((*plain[:at], *plain[at + 1 :]), NameLevel.SHORTENED) for at in range(1, len(plain) - 1))


def _slips(word: str) -> set[str]:
    """What a syllable may have been, one slip away."""
    splits = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {before + letter + after for before, after in splits for letter in _LETTERS}
    found |= {before + letter + after[1:] for before, after in splits if after for letter in _LETTERS}
    found |= {before + after[1:] for before, after in splits if after}
    found |= {before + after[1] + after[0] + after[2:] for before, after in splits if len(after) > 1}
    for one, other in _HEARD:
        found |= {b + word.removeprefix(a) for a, b in ((one, other), (other, one)) if word.startswith(a)}
    return found - {word, ""}


def _cut_otherwise(plain: Words) -> Iterator[Words]:
    """The letters of a name cut into other syllables: `nguyenvan hung`, `ngu yen van hung`."""
    run = "".join(plain)
    if len(run) > _LONGEST_RUN or all(map(_SYLLABLE.fullmatch, plain)):
        return
    for count in range(1, _MOST_WORDS):
        for cuts in combinations(range(1, len(run)), count):
            words = tuple(run[a:b] for a, b in zip((0, *cuts), (*cuts, len(run)), strict=True))
            if words != plain and all(map(_SYLLABLE.fullmatch, words)):
                yield words
