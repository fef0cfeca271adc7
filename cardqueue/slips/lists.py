"""Lists on A4 that go with the slips: one per cell for its secretary, one per station day for the door.

A row is tall enough to sign in. Every page repeats the table's head and says which of how many it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from cardqueue.core.pdf.fonts import Font
from cardqueue.core.pdf.page import A4, MM, Align, Page
from cardqueue.core.pdf.text import ASCENT, DESCENT, Frame, fit_text
from cardqueue.lib.clock import format_day, format_time
from cardqueue.slips.fitting import fitted_or_refused

CELL_LIST_TITLE = "DANH SÁCH ĐẢNG VIÊN ĐẾN ĐỔI THẺ"
DOOR_LIST_TITLE = "DANH SÁCH ĐÓN TIẾP TRONG NGÀY"

MARGIN = 17 * MM
WIDTH = A4[0] - 2 * MARGIN
TOP = 14 * MM
BOTTOM = A4[1] - 16 * MM
HEAD_HEIGHT = 24.0
SIGNED_ROW = 9.5 * MM
DOOR_ROW = 8.5 * MM
TEXT_SIZE = 12.0
SMALLEST_ON_ONE_LINE = 9.0
SMALLEST_TEXT = 6.0
TICK_SIDE = 12.0


@dataclass(frozen=True, slots=True)
class ListRow:
    """One invited member.

    Shapes: `arrive_at` is aware; `cell` and `arrived` are shown on door lists only.
    """

    queue_number: str
    arrive_at: datetime
    name: str
    birth_year: str
    cell: str = ""
    arrived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CellList:
    """The members of one cell who are invited on one day, for the cell's secretary."""

    issuer: tuple[str, str]
    cell: str
    on: date
    place: str
    rows: Sequence[ListRow]
    title: str = CELL_LIST_TITLE


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorList:
    """Everybody who is invited to one station on one day, for whoever stands at the door."""

    issuer: tuple[str, str]
    on: date
    place: str
    rows: Sequence[ListRow]
    title: str = DOOR_LIST_TITLE


@dataclass(frozen=True, slots=True)
class _Column:
    head: str
    share: float
    align: Align = Align.LEFT
    text: Callable[[int, ListRow], str] | None = None
    font: Font = Font.SANS
    ticked: bool = False


_NUMBER = _Column("Số thứ tự", 11, Align.CENTRE, lambda _, row: row.queue_number)
_TIME = _Column("Giờ hẹn", 15, Align.CENTRE, lambda _, row: format_time(row.arrive_at), Font.SANS_BOLD)
_NAME = _Column("Họ và tên", 38, text=lambda _, row: row.name, font=Font.SANS_BOLD)
_BORN = _Column("Năm sinh", 11, Align.CENTRE, lambda _, row: row.birth_year)
_CELL_COLUMNS = (
    _Column("STT", 7, Align.CENTRE, lambda index, _: str(index + 1)),
    _NUMBER,
    _TIME,
    _NAME,
    _BORN,
    _Column("Ký nhận", 22),
)
_DOOR_COLUMNS = (
    _TIME,
    _NUMBER,
    _NAME,
    _BORN,
    _Column("Chi bộ", 31, text=lambda _, row: row.cell),
    _Column("Đã đến", 10, ticked=True),
)


def draw_cell_lists(lists: Iterable[CellList]) -> bytes:
    """Draw a list per cell and day, each beginning on a page of its own and counting its own pages.

    Raises: SlipTextTooLong when a text cannot fit.
    """
    page = Page(A4, title=CELL_LIST_TITLE)
    for members in lists:
        subtitle = (
            f"Chi bộ: {members.cell}",
            f"{format_day(members.on)} – {len(members.rows)} đồng chí",
            f"Nơi đến: {members.place}",
        )
        rows = sorted(members.rows, key=_by_time)
        _ListPen(page, _CELL_COLUMNS, SIGNED_ROW).draw(members.issuer, members.title, subtitle, rows)
    return page.finished()


def draw_door_list(door: DoorList) -> bytes:
    """Draw the list of a station day in the order of arrival.

    Raises: SlipTextTooLong when a text cannot fit.
    """
    page = Page(A4, title=door.title)
    subtitle = (door.place, f"{format_day(door.on)} – {len(door.rows)} đồng chí")
    rows = sorted(door.rows, key=_by_time)
    _ListPen(page, _DOOR_COLUMNS, DOOR_ROW).draw(door.issuer, door.title, subtitle, rows)
    return page.finished()


def _by_time(row: ListRow) -> tuple[datetime, int, str]:
    return row.arrive_at, len(row.queue_number), row.queue_number


class _ListPen:
    """Draws one list over as many pages as it needs."""

    def __init__(self, page: Page, columns: Sequence[_Column], row_height: float) -> None:
        self.page = page
        self.columns = columns
        self.row_height = row_height
        whole = sum(column.share for column in columns)
        edges = [MARGIN]
        for column in columns:
            edges.append(edges[-1] + WIDTH * column.share / whole)
        self.edges = edges

    def draw(self, issuer: tuple[str, str], title: str, subtitle: Sequence[str], rows: Sequence[ListRow]) -> None:
        top = self._heading(issuer, title, subtitle)
        on_first = self._room(top)
        on_next = self._room(TOP)
        page_count = 1 + max(0, -(-(len(rows) - on_first) // on_next))
        begin, end = 0, on_first
        for number in range(1, page_count + 1):
            self._table(top, begin, rows[begin:end])
            foot = f"{title.capitalize()} · Trang {number}/{page_count}"
            self.page.write(foot, MARGIN + WIDTH, BOTTOM + 16, Font.SANS, 9, Align.RIGHT)
            self.page.next()
            top, begin, end = TOP, end, end + on_next

    def _room(self, top: float) -> int:
        return int((BOTTOM - top - HEAD_HEIGHT) // self.row_height)

    def _heading(self, issuer: tuple[str, str], title: str, subtitle: Sequence[str]) -> float:
        """Write the heading of the first page; answers where the table begins."""
        top = TOP
        left = WIDTH / 2
        for text, font in zip(issuer, (Font.SERIF, Font.SERIF_BOLD), strict=True):
            self._line("issuer", text, font, 12, Frame(MARGIN, top, left, 12 * (ASCENT + DESCENT)))
            top += 14.5
        top += 10
        for field, text, font, size in (
            ("title", title, Font.SERIF_BOLD, 17.0),
            *(("place", text, Font.SANS, 12.5) for text in subtitle),
        ):
            height = size * (ASCENT + DESCENT)
            self._line(field, text, font, size, Frame(MARGIN, top, WIDTH, height))
            top += height
        return top + 8

    def _table(self, top: float, first_index: int, rows: Sequence[ListRow]) -> None:
        self.page.fill(Frame(MARGIN, top, WIDTH, HEAD_HEIGHT), 0.9, radius=0)
        for column, cell in zip(self.columns, self._cells(top, HEAD_HEIGHT), strict=True):
            self._line("title", column.head, Font.SANS_BOLD, 10, cell, Align.CENTRE)
        drop = top + HEAD_HEIGHT
        for index, row in enumerate(rows, first_index):
            for column, cell in zip(self.columns, self._cells(drop, self.row_height), strict=True):
                if column.ticked:
                    box_drop = cell.top + (cell.height + TICK_SIDE) / 2
                    self.page.tick_box(cell.middle - TICK_SIDE / 2, box_drop, TICK_SIDE, ticked=row.arrived)
                elif column.text:
                    self._line("name", column.text(index, row), column.font, TEXT_SIZE, cell, column.align)
            drop += self.row_height
            self.page.rule(MARGIN, drop, MARGIN + WIDTH, drop, 0.4)
        for edge in self.edges:
            self.page.rule(edge, top, edge, drop, 0.4)
        self.page.rule(MARGIN, top, MARGIN + WIDTH, top, 0.4)
        self.page.rule(MARGIN, top + HEAD_HEIGHT, MARGIN + WIDTH, top + HEAD_HEIGHT, 0.8)

    def _cells(self, top: float, height: float) -> list[Frame]:
        pairs = zip(self.edges, self.edges[1:], strict=False)
        return [Frame(left + 4, top, right - left - 8, height) for left, right in pairs]

    def _line(self, field: str, text: str, font: Font, size: float, frame: Frame, align: Align = Align.CENTRE) -> None:
        fit = partial(
            fit_text,
            font=font,
            frame=frame,
            preferred=size,
            smallest=SMALLEST_TEXT,
            smallest_on_one_line=SMALLEST_ON_ONE_LINE,
            leading=1.1,
            lines=3,
        )
        self.page.write_fitted(fitted_or_refused(field, text, fit), frame, align)
