"""Where two values differ, letter by letter, so that an officer sees it at a glance."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

_DATE = re.compile(r"(?:\d{1,2}/){0,2}\d{4}\Z")


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of letters; `differs` when the other side has something else there."""

    text: str
    differs: bool = False


def mark_differences(ours: str, theirs: str) -> tuple[list[Segment], list[Segment]]:
    """Both values cut into runs that agree and runs that differ; case counts for nothing.

    Of dates (`01/02/1950`) whole figures differ, each against the figure in its place.
    """
    a, b = unicodedata.normalize("NFC", ours), unicodedata.normalize("NFC", theirs)
    if _DATE.match(a) and _DATE.match(b):
        return _mark_figures(a.split("/"), b.split("/")), _mark_figures(b.split("/"), a.split("/"))
    left: list[Segment] = []
    right: list[Segment] = []
    matcher = SequenceMatcher(None, _folded(a), _folded(b), autojunk=False)
    for kind, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        _append(left, a[a_from:a_to], kind != "equal")
        _append(right, b[b_from:b_to], kind != "equal")
    return left, right


def _mark_figures(figures: list[str], others: list[str]) -> list[Segment]:
    """The figures of a date against those of another; the years stand last in both."""
    others = [""] * (len(figures) - len(others)) + others[-len(figures) :]
    segments: list[Segment] = []
    for number, (figure, other) in enumerate(zip(figures, others, strict=True)):
        _append(segments, figure, figure != other)
        if number < len(figures) - 1:
            _append(segments, "/", False)
    return segments


def _folded(text: str) -> list[str]:
    # Letter by letter: folding a whole text may change its length.
    return [letter.casefold() for letter in text]


def _append(segments: list[Segment], text: str, differs: bool) -> None:
    if text:
        segments.append(Segment(text, differs))
