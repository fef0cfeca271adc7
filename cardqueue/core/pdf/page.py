"""Drawing on a page: a canvas with repeatable bytes, text in frames, and the few signs that our fonts lack.

Frames and drops are measured from the top left corner of the page; only this module turns them into PDF's upward axis.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from io import BytesIO

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from cardqueue.core.pdf.fonts import Font, pieces, text_width
from cardqueue.core.pdf.text import Fitted, Frame, Line

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
A4_LANDSCAPE = (297 * MM, 210 * MM)
A5_LANDSCAPE = (210 * MM, 148 * MM)

# Base 85 makes every stream a quarter longer and serves only mail systems that could not carry eight bits.
rl_config.useA85 = 0


class Align(Enum):
    """Where text stands in its frame."""

    LEFT = 0.0
    CENTRE = 0.5
    RIGHT = 1.0


class Page:
    """One PDF in the making; the same drawing gives the same bytes."""

    def __init__(self, size: tuple[float, float], *, title: str) -> None:
        self.width, self.height = size
        self._buffer = BytesIO()
        self.canvas = Canvas(self._buffer, pagesize=size, invariant=1, pageCompression=1, lang="vi")
        self.canvas.setTitle(title)
        self.canvas.setAuthor("cardqueue")

    def next(self) -> None:
        """Finish this page and begin another."""
        self.canvas.showPage()

    def finished(self) -> bytes:
        """The whole PDF."""
        self.canvas.save()
        return self._buffer.getvalue()

    def write(self, text: str, x: float, drop: float, font: Font, size: float, align: Align = Align.LEFT) -> float:
        """Write one line with its baseline `drop` below the top; answers where it ends."""
        if align is not Align.LEFT:
            x -= align.value * text_width(text, font, size)
        for piece, chosen in pieces(text, font):
            self.canvas.setFont(chosen.value, size)
            self.canvas.drawString(x, self.height - drop, piece)
            x += self.canvas.stringWidth(piece, chosen.value, size)
        return x

    def write_line(self, line: Line, x: float, drop: float, size: float) -> None:
        """Write the runs of one broken line one after the other."""
        for run in line:
            x = self.write(run.text, x, drop, run.font, size)

    def write_fitted(self, fitted: Fitted, frame: Frame, align: Align = Align.LEFT) -> None:
        """Write fitted lines into the frame that they were fitted to."""
        for line, drop in zip(fitted.lines, fitted.drops, strict=True):
            spare = frame.width - sum(text_width(run.text, run.font, fitted.size) for run in line)
            self.write_line(line, frame.x + align.value * spare, frame.top + drop, fitted.size)

    def fill(self, frame: Frame, grey: float, radius: float) -> None:
        """Lay a grey ground, 0 for black to 1 for white."""
        self.canvas.setFillGray(grey)
        bottom = self.height - frame.bottom
        self.canvas.roundRect(frame.x, bottom, frame.width, frame.height, radius, stroke=0, fill=1)
        self.canvas.setFillGray(0)

    def rule(self, x: float, drop: float, to_x: float, to_drop: float, width: float = 0.6) -> None:
        """Draw a straight line."""
        self.canvas.setLineWidth(width)
        self.canvas.line(x, self.height - drop, to_x, self.height - to_drop)

    def tick_box(self, x: float, drop: float, side: float, *, ticked: bool = False) -> None:
        """Draw a box standing on its line, ticked or to be ticked by hand."""
        self.canvas.setLineWidth(0.8)
        bottom = self.height - drop
        self.canvas.rect(x, bottom, side, side, stroke=1, fill=0)
        if ticked:
            check = self.canvas.beginPath()
            check.moveTo(x + 0.2 * side, bottom + 0.5 * side)
            check.lineTo(x + 0.42 * side, bottom + 0.25 * side)
            check.lineTo(x + 0.85 * side, bottom + 0.85 * side)
            self.canvas.setLineWidth(0.14 * side)
            self.canvas.drawPath(check)

    def dashed(self, x: float, drop: float, to_x: float, to_drop: float) -> None:
        """Draw a line to cut along."""
        self.canvas.setDash(3, 3)
        self.canvas.setStrokeGray(0.55)
        self.rule(x, drop, to_x, to_drop, 0.5)
        self.canvas.setStrokeGray(0)
        self.canvas.setDash()

    @contextmanager
    def stamp(self, name: str) -> Iterator[None]:
        """Draw once what many pages share; `put_stamp` lays it on a page."""
        self.canvas.beginForm(name)
        yield
        self.canvas.endForm()

    def put_stamp(self, name: str) -> None:
        """Lay a stamp on the page where it was drawn."""
        self.canvas.doForm(name)

    @contextmanager
    def moved(self, right: float, down: float) -> Iterator[None]:
        """Draw further to the right and further down."""
        self.canvas.saveState()
        self.canvas.translate(right, -down)
        yield
        self.canvas.restoreState()
