"""Check sheets on paper: one member on each A4 page, data to look through above, a tear-off to hand back below.

It is read by a person of 78, so nothing that must be read is smaller than 14 points. Rows carry the same numbers above
and below the cut: whoever writes a correction need not search. The tear-off shows name, cell and code alone, since it
comes back through many hands; the numbers stay with the member.

What the sheets of one run share is laid out once and stamped on every page: only the member's own lines are drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cardqueue.core.pdf.fonts import Font, text_width
from cardqueue.core.pdf.page import A4, Align, Page
from cardqueue.core.pdf.qr import qr_path
from cardqueue.core.pdf.text import ASCENT, DESCENT, Fitted, Frame, Run, fit_paragraphs, fit_text
from cardqueue.lib.slip_code import format_code

TITLE = "PHIẾU RÀ SOÁT THÔNG TIN ĐẢNG VIÊN"
PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"
ADDRESSED_TO = "Kính gửi đồng chí:"
TEAR_OFF_TITLE = "PHẦN NỘP LẠI"
CUT_HERE = "Cắt theo đường này"
HOW_TO_MARK = "Đúng thì đánh dấu ×. Sai hoặc thiếu thì ghi lại cho đúng."
TEAR_OFF_HEADS = ("Mục", "Đúng", "Nếu sai hoặc thiếu, ghi lại")
SIGNED = "Ngày …… tháng …… năm ………     Ký, ghi rõ họ tên:"
KEEP_WHOLE = "Phần trên in đủ số của đồng chí. Đồng chí giữ lại phần này, không chụp và không gửi cho người khác."
KEEP_MASKED = (
    "Các số ở trên đã che bớt. Đồng chí chép đủ 12 chữ số định danh từ thẻ căn cước vào phần dưới để đối chiếu."
)
MISSING = "Chưa có – đề nghị đồng chí ghi ở phần dưới"
CITIZEN_ID_DIGITS = 12

BODY = 14.0
NAME_SIZES = (24.0, 18.0)
VALUE_SIZE = 15.0
# Only names longer than any that lists were seen to hold come below the sizes above.
LAST_RESORT = 4.0

LEFT, WIDTH = 45.0, A4[0] - 90
ISSUER = Frame(LEFT, 18, 235, 32)
PARTY_FRAME = Frame(LEFT + 255, 18, WIDTH - 255, 32)
TITLE_FRAME = Frame(LEFT, 60, WIDTH, 28)
LABEL_WIDTH = 136.0
NAME = Frame(LEFT + LABEL_WIDTH, 88, WIDTH - LABEL_WIDTH, 48)
INTRO = Frame(LEFT, 138, WIDTH, 70)
TABLE = Frame(LEFT, 210, WIDTH, 219)
TABLE_LABELS = 190.0
VALUE_WIDTH = WIDTH - TABLE_LABELS - 8
TALL_ROW = 38.0
KEEP = Frame(LEFT, 432, WIDTH, 37)
PRINT_NOTE_DROP = 477.0
CUT_DROP = 481.0

BACK_TITLE = Frame(LEFT, 486, 350, 20)
BACK_NAME = Frame(LEFT, 505, 375, 24)
BACK_CELL = Frame(LEFT, 528, 375, 21)
HOW = Frame(LEFT, 549, 390, 21)
QR = Frame(457, 491, 66, 66)
CODE_DROP = 576.0
BACK_TABLE = Frame(LEFT, 582, WIDTH, 204)
BACK_HEAD = 16.0
BACK_LABELS, BACK_TICK = 178.0, 52.0
SIGN_DROP = 803.0
RETURN_TO = Frame(LEFT, 808, WIDTH, 22)
TICK = 13.0
BOX = 18.5


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One field: its name, what the list says ("" for nothing), and whether the member writes digits into boxes."""

    label: str
    value: str
    has_boxes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFace:
    """Everything that one sheet shows, already in the words that are printed.

    Shapes: `issuer` is the superior and the issuing committee; `return_to` says where and by when the tear-off is
    handed in, `contact` whom to call ("" for nobody); `printed` says when and by whom the sheet was printed.
    """

    issuer: tuple[str, str]
    place_and_date: str
    name: str
    cell: str
    rows: Sequence[SheetRow]
    code: str
    return_to: str
    contact: str
    printed: str
    shows_whole_numbers: bool


def draw_sheets(faces: Iterable[SheetFace]) -> bytes:
    """Draw check sheets as one PDF, a page each; the same faces give the same bytes."""
    page = Page(A4, title=TITLE)
    pen = _SheetPen(page)
    for face in faces:
        pen.draw(face)
        page.next()
    return page.finished()


class _SheetPen:
    """Draws sheets on one PDF and remembers what they share."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._stamps: dict[tuple[object, ...], str] = {}

    def draw(self, face: SheetFace) -> None:
        tall = tuple(text_width(row.value, Font.SANS_BOLD, BODY) > VALUE_WIDTH for row in face.rows)
        rows = list(_row_frames(tall))
        shared = (*_shared(face), tall)
        if shared not in self._stamps:
            name = f"sheet{len(self._stamps)}"
            with self.page.stamp(name):
                self._heading(face)
                self._instructions(face)
                self._labels(face.rows, rows)
                self._tear_off(face)
            self._stamps[shared] = name
        self.page.put_stamp(self._stamps[shared])
        self._member(face)
        self._values(face.rows, rows)
        self._member_on_tear_off(face)

    def _heading(self, face: SheetFace) -> None:
        half = ISSUER.height / 2
        for index, (text, font) in enumerate(zip(face.issuer, (Font.SERIF, Font.SERIF_BOLD), strict=True)):
            frame = Frame(ISSUER.x, ISSUER.top + index * half, ISSUER.width, half)
            self._line(text, font, frame, 11.5, Align.CENTRE)
        party = Frame(PARTY_FRAME.x, PARTY_FRAME.top, PARTY_FRAME.width, half)
        size = self._line(PARTY, Font.SERIF_BOLD, party, 11.5, Align.CENTRE)
        width = text_width(PARTY, Font.SERIF_BOLD, size)
        self.page.rule(party.middle - width / 2, party.bottom + 1, party.middle + width / 2, party.bottom + 1)
        dated = Frame(party.x, party.bottom + 3, party.width, half)
        self._line(face.place_and_date, Font.SERIF_ITALIC, dated, 11.5, Align.CENTRE)
        self._line(TITLE, Font.SERIF_BOLD, TITLE_FRAME, 18, Align.CENTRE)

    def _instructions(self, face: SheetFace) -> None:
        call = f" Cần hỏi thêm, đồng chí gọi {face.contact}." if face.contact else ""
        intro = (
            "Đây là thông tin của đồng chí trong danh sách của Đảng ủy. Đề nghị đồng chí so từng dòng với giấy tờ gốc, "
            f"đánh dấu và ký ở phần dưới, cắt ra và nộp {face.return_to}.{call}"
        )
        self._paragraph(intro, INTRO)
        self._paragraph(KEEP_WHOLE if face.shows_whole_numbers else KEEP_MASKED, KEEP)

    def _member(self, face: SheetFace) -> None:
        fitted = _fit(face.name, Font.SANS_BOLD, NAME, *NAME_SIZES, lines=2)
        self.page.write(ADDRESSED_TO, LEFT, NAME.top + fitted.drops[0], Font.SANS, BODY)
        self.page.write_fitted(fitted, NAME)
        self.page.canvas.setFillGray(0.35)
        self.page.write(face.printed, LEFT, PRINT_NOTE_DROP, Font.SANS, 8)
        self.page.canvas.setFillGray(0)

    def _labels(self, rows: Sequence[SheetRow], frames: Sequence[Frame]) -> None:
        self.page.rule(LEFT, TABLE.top, LEFT + WIDTH, TABLE.top, 0.8)
        for number, (row, frame) in enumerate(zip(rows, frames, strict=True), 1):
            label = Frame(LEFT + 2, frame.top, TABLE_LABELS - 4, frame.height)
            self._line(f"{number}. {row.label}", Font.SANS, label, BODY)
            self.page.rule(LEFT, frame.bottom, LEFT + WIDTH, frame.bottom, 0.4)

    def _values(self, rows: Sequence[SheetRow], frames: Sequence[Frame]) -> None:
        for row, frame in zip(rows, frames, strict=True):
            if row.value:
                self._line(row.value, Font.SANS_BOLD, frame, VALUE_SIZE, lines=2)
            else:
                self._line(MISSING, Font.SERIF_ITALIC, frame, BODY)

    def _tear_off(self, face: SheetFace) -> None:
        self.page.dashed(0, CUT_DROP, self.page.width, CUT_DROP)
        self.page.write(CUT_HERE, LEFT + WIDTH, PRINT_NOTE_DROP, Font.SANS, 8, Align.RIGHT)
        self._line(TEAR_OFF_TITLE, Font.SERIF_BOLD, BACK_TITLE, 15)
        self._line(HOW_TO_MARK, Font.SANS, HOW, BODY)
        self._grid(face.rows)
        self.page.write(SIGNED, LEFT, SIGN_DROP, Font.SANS, BODY)
        self._line(f"Nộp {face.return_to}", Font.SANS, RETURN_TO, BODY)

    def _grid(self, rows: Sequence[SheetRow]) -> None:
        """The rows to mark: a box for "right", and room to write."""
        frame = BACK_TABLE
        edges = (LEFT, LEFT + BACK_LABELS, LEFT + BACK_LABELS + BACK_TICK, LEFT + WIDTH)
        self.page.fill(Frame(LEFT, frame.top, WIDTH, BACK_HEAD), 0.9, radius=0)
        for text, left, right in zip(TEAR_OFF_HEADS, edges, edges[1:], strict=False):
            self._line(text, Font.SANS, Frame(left + 2, frame.top, right - left - 4, BACK_HEAD), 11, Align.CENTRE)
        self.page.rule(LEFT, frame.top, LEFT + WIDTH, frame.top, 0.4)
        height = (frame.height - BACK_HEAD) / len(rows)
        top = frame.top + BACK_HEAD
        for number, row in enumerate(rows, 1):
            label = Frame(LEFT + 2, top, BACK_LABELS - 4, height)
            self._line(f"{number}. {row.label}", Font.SANS, label, BODY)
            self.page.tick_box(edges[1] + (BACK_TICK - TICK) / 2, top + (height + TICK) / 2, TICK)
            if row.has_boxes:
                self._boxes(edges[2] + 6, top + (height + BOX) / 2)
            self.page.rule(LEFT, top, LEFT + WIDTH, top, 0.4)
            top += height
        self.page.rule(LEFT, top, LEFT + WIDTH, top, 0.4)
        for edge in edges:
            self.page.rule(edge, frame.top, edge, top, 0.4)

    def _boxes(self, x: float, drop: float) -> None:
        """Boxes for the digits of a citizen ID, in groups of four: digits in boxes are read without doubt."""
        for index in range(CITIZEN_ID_DIGITS):
            self.page.tick_box(x + index * BOX + index // 4 * 8, drop, BOX)

    def _member_on_tear_off(self, face: SheetFace) -> None:
        self._line(f"Đồng chí: {face.name}", Font.SANS_BOLD, BACK_NAME, 16)
        self._line(f"Chi bộ: {face.cell}", Font.SANS, BACK_CELL, BODY)
        self.page.canvas.addLiteral(qr_path(face.code, QR.x, self.page.height - QR.bottom, QR.width))
        self.page.write(format_code(face.code), QR.middle, CODE_DROP, Font.SANS_BOLD, 11, Align.CENTRE)

    def _line(
        self, text: str, font: Font, frame: Frame, size: float, align: Align = Align.LEFT, *, lines: int = 1
    ) -> float:
        """Write a text as large as its frame allows; answers its size."""
        fitted = _fit(text, font, frame, size, min(size, BODY), lines=lines)
        self.page.write_fitted(fitted, frame, align)
        return fitted.size

    def _paragraph(self, text: str, frame: Frame) -> None:
        runs = [[Run(text, Font.SANS)]]
        fitted = fit_paragraphs(runs, frame, preferred=BODY, smallest=LAST_RESORT, leading=1.18)
        if fitted is None:
            raise ValueError(f"{len(text)} letters do not fit on a check sheet")
        self.page.write_fitted(fitted, frame)


def _row_frames(tall: Sequence[bool]) -> Iterator[Frame]:
    """Where the values stand above the cut; one of two lines gets a taller row from what the others can spare."""
    low = (TABLE.height - TALL_ROW * sum(tall)) / max(1, len(tall) - sum(tall))
    top = TABLE.top
    for is_tall in tall:
        height = TALL_ROW if is_tall else low
        yield Frame(LEFT + TABLE_LABELS, top, VALUE_WIDTH, height)
        top += height


def _shared(face: SheetFace) -> tuple[object, ...]:
    """What the stamp shows: sheets that agree in it share one."""
    labels = tuple((row.label, row.has_boxes) for row in face.rows)
    return face.issuer, face.place_and_date, face.return_to, face.contact, face.shows_whole_numbers, labels


def _fit(text: str, font: Font, frame: Frame, preferred: float, smallest: float, *, lines: int) -> Fitted:
    """The text on as few lines as possible, at a readable size; below that only where nothing else is left.

    Raises: ValueError for a text longer than any column of the database.
    """
    height = frame.height
    fits = max(LAST_RESORT, min(preferred, height / (ASCENT + DESCENT)))
    for floor, allowed in ((min(smallest, fits), lines), (LAST_RESORT, 3)):
        fitted = fit_text(text, font, frame, preferred=fits, smallest=floor, leading=1.1, lines=allowed)
        if fitted is not None:
            return fitted
    raise ValueError(f"{len(text)} letters do not fit on a check sheet")
