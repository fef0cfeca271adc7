"""Text that fits: words broken into lines, and sizes chosen so that nothing leaves its frame.

All sizes and lengths are points. Nothing is ever clipped: a text that cannot fit is answered with `None`, and the
caller decides what to tell the person who wrote it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from cardqueue.core.pdf.fonts import Font, composed, text_width

SIZE_STEP = 0.5
# How far ink reaches above and below the baseline, in parts of the size.
# Source: the outlines of Ễ and ự in Be Vietnam Pro Bold, the tallest letter and the deepest.
ASCENT = 1.15
DESCENT = 0.25


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle on the page, measured from its top left corner."""

    x: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one font."""

    text: str
    font: Font


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines that fit, with the size at which they do; `drops` are their baselines, measured from the frame's top."""

    lines: tuple[Line, ...]
    drops: tuple[float, ...]
    size: float


def sizes_between(preferred: float, smallest: float) -> list[float]:
    """The sizes to try, from the preferred one down to the smallest."""
    steps = round((preferred - smallest) / SIZE_STEP)
    return [preferred - step * SIZE_STEP for step in range(steps)] + [smallest]


def break_lines(runs: Iterable[Run], size: float, width_of_line: Callable[[int], float]) -> list[Line]:
    """Break runs between words, or inside a word that is wider than its line.

    Shapes: `width_of_line` gives the room of the n-th line, counted from 0.
    """
    lines: list[list[Run]] = [[]]
    used = 0.0
    for run in runs:
        space = text_width(" ", run.font, size)
        for word in composed(run.text).split():
            gap = space if lines[-1] else 0.0
            width = text_width(word, run.font, size)
            room = width_of_line(len(lines) - 1)
            if used + gap + width <= room:
                lines[-1].append(Run(word, run.font))
                used += gap + width
                continue
            if lines[-1]:
                lines.append([])
            *full, last = _broken_word(word, run.font, size, width_of_line, len(lines) - 1)
            for part in full:
                lines[-1].append(Run(part, run.font))
                lines.append([])
            lines[-1].append(Run(last, run.font))
            used = text_width(last, run.font, size)
    return [_joined(line) for line in lines if line]


def _broken_word(
    word: str, font: Font, size: float, width_of_line: Callable[[int], float], line_index: int
) -> list[str]:
    parts = [""]
    for letter in word:
        room = width_of_line(line_index + len(parts) - 1)
        if parts[-1] and text_width(parts[-1] + letter, font, size) > room:
            parts.append("")
        parts[-1] += letter
    return parts


def _joined(words: Sequence[Run]) -> Line:
    """Neighbouring words of one font as one run; a change of font keeps its space before the next word."""
    line: list[Run] = []
    for font, group in groupby(words, key=lambda run: run.font):
        text = " ".join(run.text for run in group)
        line.append(Run(f" {text}" if line else text, font))
    return tuple(line)


def fit_text(
    text: str,
    font: Font,
    frame: Frame,
    *,
    preferred: float,
    smallest: float,
    smallest_on_one_line: float | None = None,
    leading: float = 1.2,
    lines: int = 2,
) -> Fitted | None:
    """Fit a name or a heading: as large as possible on one line, else on as few lines as possible, else None.

    One line is kept down to `smallest_on_one_line` (`smallest` where None), as a name on one line is read at a glance.
    """
    width = text_width(text, font, 1)
    for size in sizes_between(preferred, smallest_on_one_line or smallest):
        if width * size <= frame.width and _ink(1, size, leading) <= frame.height:
            return Fitted(((Run(composed(text), font),),), _baselines(1, size, leading, frame.height), size)
    for allowed in range(2, lines + 1):
        for size in sizes_between(preferred, smallest):
            broken = break_lines([Run(text, font)], size, lambda _: frame.width)
            if len(broken) <= allowed and _ink(len(broken), size, leading) <= frame.height:
                return Fitted(tuple(broken), _baselines(len(broken), size, leading, frame.height), size)
    return None


def _ink(lines: int, size: float, leading: float) -> float:
    return (ASCENT + (lines - 1) * leading + DESCENT) * size


def _baselines(lines: int, size: float, leading: float, height: float) -> tuple[float, ...]:
    """Baselines of lines that stand in the middle of the height."""
    first = (height - _ink(lines, size, leading)) / 2 + ASCENT * size
    return tuple(first + index * size * leading for index in range(lines))


def fit_paragraphs(
    paragraphs: Sequence[Sequence[Run]],
    frame: Frame,
    *,
    preferred: float,
    smallest: float,
    leading: float = 1.2,
    gap: float = 0.25,
    width_at: Callable[[float], float] | None = None,
) -> Fitted | None:
    """Fit paragraphs into a frame at the largest size that holds them all, or None.

    Shapes: `width_at` gives the room of a line whose top stands so far below the frame's top (a picture may stand
    beside the first lines), `leading` and `gap` (between paragraphs) are parts of the size.
    """
    for size in sizes_between(preferred, smallest):
        fitted = _set(paragraphs, frame, size, size * leading, size * gap, width_at or (lambda _: frame.width))
        if fitted is not None:
            return fitted
    return None


def _set(
    paragraphs: Sequence[Sequence[Run]],
    frame: Frame,
    size: float,
    step: float,
    gap: float,
    width_at: Callable[[float], float],
) -> Fitted | None:
    lines: list[Line] = []
    drops: list[float] = []
    top = 0.0
    for paragraph in paragraphs:
        for line in break_lines(paragraph, size, _widths_from(top, step, width_at)):
            lines.append(line)
            drops.append(top + ASCENT * size)
            top += step
        top += gap
    if drops and drops[-1] + DESCENT * size > frame.height:
        return None
    return Fitted(tuple(lines), tuple(drops), size)


def _widths_from(top: float, step: float, width_at: Callable[[float], float]) -> Callable[[int], float]:
    return lambda index: width_at(top + index * step)
