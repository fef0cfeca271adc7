"""Appointment slips on paper: one on A5, or four on A4 to cut.

A slip is read at arm's length by a person of 78, and by an officer with a scanner. So its left side speaks to the
member (name, time on a grey ground, where, what to bring) and its right column to the officer (QR, digits, masked
numbers). Every text has a frame and is set as large as its frame allows; the body flows beside the right column, then
below it.

What slips of one run share (heading, labels, body) is laid out once and stamped on every page: only the member's own
lines and the QR are drawn per slip.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import Any

from cardqueue.core.pdf.fonts import Font, text_width
from cardqueue.core.pdf.page import A4_LANDSCAPE, A5_LANDSCAPE, Align, Page
from cardqueue.core.pdf.qr import MODULES, QUIET_MODULES, qr_path
from cardqueue.core.pdf.text import ASCENT, DESCENT, Fitted, Frame, Run, fit_paragraphs, fit_text
from cardqueue.lib.clock import format_day, format_time
from cardqueue.lib.slip_code import format_code
from cardqueue.slips.fitting import SlipTextTooLong, fitted_or_refused, longest_that_fits
from cardqueue.slips.rules import SlipFace

PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"
ADDRESSED_TO = "Kính gửi đồng chí:"
GREY = 0.9
# Parts of a size, a width or a height: the room around and between texts, tried out on printed pages.
BOX_PAD = 0.25
LONGEST_DAY = "Chủ Nhật, ngày 28/12/2008"
NUMBER_SHARE = 0.27
BODY_LEADING = 1.17
HEADING_STEP = 1.15


@dataclass(frozen=True, slots=True)
class Sizes:
    """The type sizes of a slip: (preferred, smallest) where a text may shrink, with a last resort for long cells."""

    issuer: tuple[float, float]
    title: tuple[float, float]
    label: float
    name: tuple[float, float]
    details: tuple[float, float, float]
    time: float
    day: float
    line: tuple[float, float]
    body: tuple[float, float]
    code: float
    small: float


@dataclass(frozen=True, slots=True)
class Design:
    """Where everything stands on one slip.

    Units: points from the slip's top left corner.
    """

    width: float
    height: float
    issuer: Frame
    party: Frame
    title: Frame
    label: Frame
    name: Frame
    details: Frame
    box: Frame
    column: Frame
    qr: Frame
    body: Frame
    sizes: Sizes


A5_DESIGN = Design(
    width=A5_LANDSCAPE[0],
    height=A5_LANDSCAPE[1],
    issuer=Frame(28, 17, 245, 38),
    party=Frame(322, 17, 245, 38),
    title=Frame(28, 52, 539, 28),
    label=Frame(28, 80, 132, 45),
    name=Frame(156, 80, 411, 45),
    details=Frame(28, 123, 384, 38),
    box=Frame(28, 165, 384, 62),
    column=Frame(425, 124, 142, 154),
    qr=Frame(451, 131, 90, 90),
    body=Frame(28, 231, 539, 172),
    sizes=Sizes(
        issuer=(12.5, 9),
        title=(20, 15),
        label=14,
        name=(25, 17),
        details=(14.5, 14, 9),
        time=30,
        day=16,
        line=(14, 9),
        body=(16, 14),
        code=12.4,
        small=11,
    ),
)
QUARTER_DESIGN = Design(
    width=A4_LANDSCAPE[0] / 2,
    height=A4_LANDSCAPE[1] / 2,
    issuer=Frame(22, 13, 172, 27),
    party=Frame(227, 13, 172, 27),
    title=Frame(22, 37, 377, 21),
    label=Frame(22, 57, 83, 44.5),
    name=Frame(109, 57, 290, 44.5),
    details=Frame(22, 101, 268, 24),
    box=Frame(22, 127, 268, 44),
    column=Frame(297, 101, 102, 112),
    qr=Frame(317, 107, 62, 62),
    body=Frame(22, 174, 377, 111),
    sizes=Sizes(
        issuer=(8.8, 6.5),
        title=(14.5, 10.5),
        label=9.5,
        name=(20, 17),
        details=(10, 9, 6.5),
        time=24.5,
        day=11.5,
        line=(9.5, 7),
        body=(11, 9),
        code=9,
        small=8.5,
    ),
)


class Layout(Enum):
    """How slips lie on paper: page size, slips across and down, and the design of each."""

    A5 = (A5_LANDSCAPE, 1, 1, A5_DESIGN)
    A4_FOUR = (A4_LANDSCAPE, 2, 2, QUARTER_DESIGN)

    def __init__(self, page_size: tuple[float, float], across: int, down: int, design: Design) -> None:
        self.page_size = page_size
        self.across = across
        self.down = down
        self.design = design


def draw_slips(faces: Iterable[SlipFace], layout: Layout) -> bytes:
    """Draw slips as one PDF; the same faces give the same bytes.

    Several slips on a page are arranged so that a cut stack stays in order: put the piles (top left, top right, bottom
    left, bottom right) one on another and the slips follow each other as they were given.
    Raises: SlipTextTooLong when a text cannot fit at a readable size.
    """
    slips = list(faces)
    page = Page(layout.page_size, title=slips[0].title if slips else "")
    draw = _SlipPen(page, layout.design)
    per_page = layout.across * layout.down
    page_count = -(-len(slips) // per_page)
    for page_index in range(page_count):
        for place in range(per_page):
            index = place * page_count + page_index
            if index >= len(slips):
                continue
            if per_page == 1:
                draw(slips[index])
                continue
            row, column = divmod(place, layout.across)
            with page.moved(column * layout.design.width, row * layout.design.height):
                draw(slips[index])
        if per_page > 1:
            page.dashed(page.width / 2, 0, page.width / 2, page.height)
            page.dashed(0, page.height / 2, page.width, page.height / 2)
        page.next()
    return page.finished()


class _SlipPen:
    """Draws slips of one design on one PDF and remembers what they share."""

    def __init__(self, page: Page, design: Design) -> None:
        self.page = page
        self.design = design
        self._stamps: dict[tuple[object, ...], str] = {}
        self._details: dict[tuple[str, str, str], Fitted] = {}

    def __call__(self, face: SlipFace) -> None:
        shared = _shared(face)
        if shared not in self._stamps:
            name = f"slip{len(self._stamps)}"
            with self.page.stamp(name):
                self._heading(face)
                self._box(face)
                self._body(face)
            self._stamps[shared] = name
        self.page.put_stamp(self._stamps[shared])
        self._member(face)
        self._appointment(face)
        self._officer_column(face)

    def _heading(self, face: SlipFace) -> None:
        left, right, sizes = self.design.issuer, self.design.party, self.design.sizes
        self._heading_line("issuer", face.issuer[0], Font.SERIF, left, 0)
        self._heading_line("issuer", face.issuer[1], Font.SERIF_BOLD, left, 1)
        self.page.write(
            "*", left.middle, left.bottom + 0.2 * sizes.issuer[0], Font.SERIF, sizes.issuer[0], Align.CENTRE
        )

        party = self._heading_line("issuer", PARTY, Font.SERIF_BOLD, right, 0)
        half = text_width(PARTY, Font.SERIF_BOLD, party) / 2
        under = right.top + HEADING_STEP * sizes.issuer[0] + 2
        self.page.rule(right.middle - half, under, right.middle + half, under)
        self._heading_line("place_and_date", face.place_and_date, Font.SERIF_ITALIC, right, 1.15)
        self._centred("title", face.title, Font.SERIF_BOLD, self.design.title, sizes.title)

    def _heading_line(self, field: str, text: str, font: Font, block: Frame, index: float) -> float:
        preferred, smallest = self.design.sizes.issuer
        step, height = HEADING_STEP * preferred, (ASCENT + DESCENT) * preferred
        frame = Frame(block.x, block.top + index * step - 1, block.width, height)
        return self._centred(field, text, font, frame, (preferred, smallest))

    def _centred(self, field: str, text: str, font: Font, frame: Frame, sizes: tuple[float, float]) -> float:
        """Write one line in the middle of its frame; answers its size."""
        fit = partial(fit_text, font=font, frame=frame, preferred=sizes[0], smallest=sizes[1], lines=1)
        fitted = fitted_or_refused(field, text, fit)
        self.page.write_fitted(fitted, frame, Align.CENTRE)
        return fitted.size

    def _box(self, face: SlipFace) -> None:
        box, sizes = self.design.box, self.design.sizes
        self.page.fill(box, GREY, radius=4)
        if face.line:
            _, second = self._box_drops
            pad = BOX_PAD * sizes.time
            taken = text_width(LONGEST_DAY, Font.SANS_BOLD, sizes.day) + 0.7 * sizes.day
            room = Frame(box.x + pad + taken, 0, box.width - 2 * pad - taken, box.height)
            fit = partial(
                fit_text, font=Font.SANS, frame=room, preferred=sizes.line[0], smallest=sizes.line[1], lines=1
            )
            size = fitted_or_refused("line", face.line, fit).size
            self.page.write(face.line, room.right, second, Font.SANS, size, Align.RIGHT)

    def _body(self, face: SlipFace) -> None:
        self.page.write_fitted(_fitted_body(face, self.design), self.design.body)

    def _member(self, face: SlipFace) -> None:
        frame, sizes = self.design.name, self.design.sizes
        fit = partial(fit_text, font=Font.SANS_BOLD, frame=frame, preferred=sizes.name[0], smallest=sizes.name[1])
        name = fitted_or_refused("name", face.name, fit)
        label = self.design.label
        self.page.write(ADDRESSED_TO, label.x, label.top + name.drops[0], Font.SANS, sizes.label)
        self.page.write_fitted(name, frame)
        details = self.design.details
        who = (face.birth_year, face.cell, face.revision)
        if who not in self._details:
            self._details[who] = _fitted_details(face, self.design)
        fitted = self._details[who]
        self.page.write_fitted(fitted, details)
        if face.revision:
            drop = details.top + fitted.drops[0]
            self.page.write(face.revision, details.right, drop, Font.SANS_BOLD, sizes.small, Align.RIGHT)

    def _appointment(self, face: SlipFace) -> None:
        box, sizes = self.design.box, self.design.sizes
        first, second = self._box_drops
        pad = BOX_PAD * sizes.time
        self.page.write(format_time(face.arrive_at), box.x + pad, first, Font.SANS_BOLD, sizes.time)
        self.page.write(format_day(face.arrive_at), box.x + pad, second, Font.SANS_BOLD, sizes.day)
        if face.queue_number:
            room = Frame(box.x, box.top, NUMBER_SHARE * box.width, box.height)
            fit = partial(
                fit_text, font=Font.SANS_BOLD, frame=room, preferred=sizes.time, smallest=sizes.label, lines=1
            )
            size = fitted_or_refused("queue_number", face.queue_number, fit).size
            self.page.write(face.queue_number, box.right - pad, first, Font.SANS_BOLD, size, Align.RIGHT)
            label = box.right - 1.5 * pad - text_width(face.queue_number, Font.SANS_BOLD, size)
            self.page.write("Số thứ tự", label, first, Font.SANS, sizes.line[0], Align.RIGHT)

    @property
    def _box_drops(self) -> tuple[float, float]:
        """Baselines of the time and of the day."""
        return self.design.box.top + 0.5 * self.design.box.height, self.design.box.top + 0.87 * self.design.box.height

    def _officer_column(self, face: SlipFace) -> None:
        column, qr, sizes = self.design.column, self.design.qr, self.design.sizes
        self.page.canvas.addLiteral(qr_path(face.code, qr.x, self.page.height - qr.bottom, qr.width))
        middle = column.middle
        quiet = QUIET_MODULES * qr.width / MODULES
        drop = qr.bottom + quiet + 0.7 * sizes.code
        self.page.write(format_code(face.code), middle, drop, Font.SANS_BOLD, sizes.code, Align.CENTRE)
        for label, number in (("Căn cước", face.citizen_id), ("Thẻ cũ", face.old_card)):
            if number:
                drop += 1.25 * sizes.small
                text = f"{label}: {number}"
                size = min(sizes.small, column.width / text_width(text, Font.SANS, 1))
                self.page.write(text, middle, drop, Font.SANS, size, Align.CENTRE)


def _shared(face: SlipFace) -> tuple[object, ...]:
    """What the stamp shows: slips that agree in it share one."""
    heading = (face.issuer, face.title, face.place_and_date)
    return (*heading, face.place, face.address, face.line, face.bring, face.notes, face.contact)


def _fitted_details(face: SlipFace, design: Design) -> Fitted:
    """Birth year and cell on a line each, or one after the other where the cell's name is long.

    The revision mark stands at the end of the first line, which is shorter by it.
    """
    preferred, smallest, last_resort = design.sizes.details
    frame = design.details
    mark = text_width(f"  {face.revision}", Font.SANS_BOLD, design.sizes.small) if face.revision else 0
    if mark > 0.6 * frame.width:
        raise SlipTextTooLong("revision", len(face.revision), int(len(face.revision) * 0.6 * frame.width / mark))
    born = [Run("Năm sinh:", Font.SANS), Run(face.birth_year, Font.SANS)] if face.birth_year else []

    def fit(cell: str) -> Fitted | None:
        member_of = [Run("Chi bộ:", Font.SANS), Run(cell, Font.SANS)]
        joined = [*born, Run("–", Font.SANS), *member_of] if born else member_of
        for paragraphs, floor in (([born, member_of], smallest), ([joined], smallest), ([joined], last_resort)):
            fitted = fit_paragraphs(
                paragraphs,
                frame,
                preferred=preferred,
                smallest=floor,
                gap=0,
                width_at=lambda top: frame.width if top else frame.width - mark,
            )
            if fitted is not None:
                return fitted
        return None

    return fitted_or_refused("cell", face.cell, fit)


def _fitted_body(face: SlipFace, design: Design) -> Fitted:
    """Where, what to bring, what to heed, whom to call: beside the officer's column first, then below it."""

    def fit(candidate: SlipFace) -> Fitted | None:
        return fit_paragraphs(
            _paragraphs(candidate),
            design.body,
            preferred=design.sizes.body[0],
            smallest=design.sizes.body[1],
            leading=BODY_LEADING,
            gap=0.2,
            width_at=lambda top: (
                design.box.width if design.body.top + top < design.column.bottom else design.body.width
            ),
        )

    fitted = fit(face)
    if fitted is None:
        field = max(_BODY_FIELDS, key=lambda field: len(getattr(face, field)))
        text = getattr(face, field)
        raise SlipTextTooLong(
            field, len(text), longest_that_fits(text, lambda part: fit(_with(face, field, part)) is not None)
        )
    return fitted


def _with(face: SlipFace, field: str, text: str) -> SlipFace:
    changes: dict[str, Any] = {}
    changes[field] = text
    return replace(face, **changes)


_BODY_FIELDS = ("place", "address", "bring", "notes", "contact")


def _paragraphs(face: SlipFace) -> Sequence[Sequence[Run]]:
    where = " – ".join(filter(None, (face.place, face.address)))
    labelled = (
        ("Nơi đến:", where),
        ("Mang theo:", face.bring),
        ("Lưu ý:", face.notes),
        ("Liên hệ:", face.contact),
    )
    paragraphs = []
    for label, text in labelled:
        first, *others = text.strip().splitlines() or [""]
        if first:
            paragraphs.append([Run(label, Font.SANS_BOLD), Run(first, Font.SANS)])
            paragraphs.extend([Run(line, Font.SANS)] for line in others if line.strip())
    return paragraphs
