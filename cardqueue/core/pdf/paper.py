"""A Party document on A4: heading, title, sections, tables and signature, one part after the other.

Source: 05-HD/VPTW: margins 20, 20, 30 and 15 mm, body 14 points with a first line 10 mm in, lines 18 points apart,
pages numbered from the second on at the top in the middle.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.colors import black
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    HRFlowable,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from cardqueue.core.pdf.fonts import Font, composed, registered_name, text_width
from cardqueue.core.pdf.page import A4, MM

TOP, BOTTOM, LEFT, RIGHT = 20 * MM, 20 * MM, 30 * MM, 15 * MM
WIDTH = A4[0] - LEFT - RIGHT
ISSUER_SHARE = 0.47
PAGE_NUMBER_SIZE = 13
PAGE_NUMBER_DROP = 12 * MM
SIGNATURE_ROOM = 32 * MM
# A heading goes to the next page rather than stand alone at the foot of this one.
HEADING_ROOM = 24 * MM


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Units: `share` is its width beside the other columns' shares.
    """

    head: str
    share: float
    is_centred: bool = False


def _style(font: Font, size: float, leading: float, *, align: int = TA_LEFT, **more: float) -> ParagraphStyle:
    return ParagraphStyle(
        f"{font.value} {size}", fontName=registered_name(font), fontSize=size, leading=leading, alignment=align, **more
    )


class Paper:
    """One document in the making; the same parts give the same bytes."""

    def __init__(self, *, title: str) -> None:
        self._title = title
        self._parts: list[Flowable] = []

    def heading(self, *, superior: str, issuer: str, number: str, place_and_date: str) -> None:
        """Who issues the document, under whom, where and when; `number` has room for the clerk's hand."""
        party = "ĐẢNG CỘNG SẢN VIỆT NAM"
        left = [
            _centred(superior),
            _centred(issuer, Font.SERIF_BOLD),
            _centred("*"),
            _centred(number, keep_spaces=True),
        ]
        right = [
            _centred(party, Font.SERIF_BOLD, 15),
            _rule(text_width(party, Font.SERIF_BOLD, 15)),
            _centred(place_and_date, Font.SERIF_ITALIC),
        ]
        self._parts += [_side_by_side(left, right, ISSUER_SHARE), Spacer(0, 14)]

    def title(self, kind: str, about: str) -> None:
        """What kind of document it is, and about what."""
        self._parts += [_centred(kind, Font.SERIF_BOLD, 16), _centred(about, Font.SERIF_BOLD)]
        self._parts += [_rule(22 * MM), Spacer(0, 10)]

    def section(self, text: str) -> None:
        """A section's heading, "I- …"."""
        self._parts += [CondPageBreak(HEADING_ROOM), _text(text, Font.SERIF_BOLD, before=6)]

    def part(self, text: str) -> None:
        """A heading within a section, "1. …"."""
        self._parts += [CondPageBreak(HEADING_ROOM), _text(text, Font.SERIF_BOLD)]

    def paragraph(self, text: str) -> None:
        """A paragraph of the body."""
        self._parts.append(_text(text))

    def to_be_written(self, text: str, line_count: int) -> None:
        """A paragraph's beginning, and dotted lines for what only a person knows."""
        line = HRFlowable("100%", 0.7, color=black, dash=(0.7, 2), spaceBefore=17, spaceAfter=1)
        self._parts += [KeepTogether([_text(text), *[line] * line_count]), Spacer(0, 8)]

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[str]], total: Sequence[str] = ()) -> None:
        """A ruled table, its head repeated on every page, `total` in bold below."""
        head = _style(Font.SERIF_BOLD, 12, 15, align=TA_CENTER)
        lines = [[Paragraph(_marked_up(column.head), head) for column in columns]]
        lines += [_cells(columns, row, Font.SERIF) for row in rows]
        if total:
            lines.append(_cells(columns, total, Font.SERIF_BOLD))
        whole = sum(column.share for column in columns)
        grid = [("GRID", (0, 0), (-1, -1), 0.5, black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
        padding = [("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 4)]
        sides = [("LEFTPADDING", (0, 0), (-1, -1), 4), ("RIGHTPADDING", (0, 0), (-1, -1), 4)]
        table = Table(
            lines,
            [WIDTH * column.share / whole for column in columns],
            repeatRows=1,
            style=[*grid, *padding, *sides],
            spaceBefore=3,
            spaceAfter=10,
        )
        self._parts.append(table)

    def ending(self, closing: str, *, recipients: Sequence[str], on_behalf_of: str) -> None:
        """The last sentence, who receives the document, and room for a signature; all on one page."""
        small = _style(Font.SERIF, 12, 15)
        receivers = Paragraph(f"<u>{_marked_up('Nơi nhận:')}</u>", _style(Font.SERIF, 14, 18))
        left = [receivers, *(Paragraph(_marked_up(line), small) for line in recipients)]
        right = [_centred(on_behalf_of, Font.SERIF_BOLD), Spacer(0, SIGNATURE_ROOM)]
        self._parts.append(KeepTogether([_text(closing), Spacer(0, 10), _side_by_side(left, right, 0.5)]))

    def finished(self) -> bytes:
        """The whole PDF. A paper is finished once."""
        content = BytesIO()
        document = BaseDocTemplate(
            content, pagesize=A4, title=self._title, author="cardqueue", lang="vi", invariant=1, pageCompression=1
        )
        frame = Frame(LEFT, BOTTOM, WIDTH, A4[1] - TOP - BOTTOM, 0, 0, 0, 0)
        document.addPageTemplates(PageTemplate(frames=[frame], onPage=_number_page))
        document.build(self._parts)
        return content.getvalue()


def _number_page(canvas: Canvas, document: BaseDocTemplate) -> None:
    if document.page > 1:
        canvas.setFont(registered_name(Font.SERIF), PAGE_NUMBER_SIZE)
        canvas.drawCentredString(LEFT + WIDTH / 2, A4[1] - PAGE_NUMBER_DROP, str(document.page))


def _marked_up(text: str) -> str:
    """Text as reportlab's paragraphs read it: letters composed, signs of markup made harmless."""
    return escape(composed(text))


def _text(text: str, font: Font = Font.SERIF, *, before: float = 0) -> Paragraph:
    style = _style(font, 14, 18, align=TA_JUSTIFY, firstLineIndent=10 * MM, spaceBefore=before, spaceAfter=6)
    return Paragraph(_marked_up(text), style)


def _centred(text: str, font: Font = Font.SERIF, size: float = 14, *, keep_spaces: bool = False) -> Paragraph:
    shown = _marked_up(text)
    return Paragraph(shown.replace(" ", "&nbsp;") if keep_spaces else shown, _style(font, size, 18, align=TA_CENTER))


def _rule(length: float) -> HRFlowable:
    return HRFlowable(length, 0.7, color=black, spaceBefore=3, spaceAfter=3)


def _side_by_side(left: list[Flowable], right: list[Flowable], share: float) -> Table:
    bare: list[tuple[object, ...]] = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("ALIGN", (0, 0), (-1, -1), "CENTER")]
    bare += [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0)]
    bare += [("TOPPADDING", (0, 0), (-1, -1), 0)]
    return Table([[left, right]], [WIDTH * share, WIDTH * (1 - share)], style=bare)


def _cells(columns: Sequence[Column], row: Sequence[str], font: Font) -> list[Paragraph]:
    styles = [_style(font, 12, 15, align=TA_CENTER if column.is_centred else TA_LEFT) for column in columns]
    return [Paragraph(_marked_up(text), style) for text, style in zip(row, styles, strict=True)]
