"""The code on a slip: 16 digits, 14 drawn at random and 2 that check them. It says nothing about its bearer.

Source: ISO 7064 mod 97-10. It finds every wrong digit and every swap of two neighbours, which is what happens when an
officer types a code; digits alone survive the Vietnamese typing tools that corrupt letters from USB scanners.
"""

import re
from collections.abc import Iterator
from typing import Protocol

LENGTH = 16

_RUN = re.compile(r"[0-9](?:[ \u00a0-]?[0-9])*")
_CODE = re.compile(r"[0-9]{16}\Z")


class RandomSource(Protocol):
    """What draws the digits: `secrets.SystemRandom()`, or a seeded `random.Random` in tests and demos."""

    def randrange(self, start: int, stop: int, /) -> int:
        """A whole number from `start` up to, not including, `stop`."""


def new_code(rng: RandomSource) -> str:
    """A fresh valid code. It never starts with 0, so that a spreadsheet cannot shorten it."""
    body = rng.randrange(10**13, 10**14)
    return f"{body}{98 - body * 100 % 97:02d}"


def is_valid(code: str) -> bool:
    """Whether the text is exactly 16 digits whose check holds."""
    return _CODE.match(code) is not None and int(code) % 97 == 1


def find_code(text: str) -> str | None:
    """The last valid code in what a scanner or a person typed, or None.

    Shapes: the digits may be grouped by spaces or hyphens, follow other text (an address, a desk number), or come
    twice when a scanner sent no Enter.
    """
    for run in reversed(_RUN.findall(text)):
        for candidate in _candidates(run):
            if is_valid(candidate):
                return candidate
    return None


def format_code(code: str) -> str:
    """The code in groups of four, as printed: `2385 2452 5512 4914`."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def _candidates(run: str) -> Iterator[str]:
    """Texts of 16 digits in a run, last first: whole groups together, or pieces of a group of several codes."""
    groups = re.split(r"[^0-9]", run)
    for last in range(len(groups), 0, -1):
        for first in range(last - 1, -1, -1):
            joined = "".join(groups[first:last])
            if len(joined) == LENGTH:
                yield joined
            if len(joined) >= LENGTH:
                break
        group = groups[last - 1]
        for end in range(len(group), LENGTH, -LENGTH):
            yield group[end - LENGTH : end]
