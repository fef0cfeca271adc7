"""The roster as Excel: the list itself, rows with their errors, an empty list to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _

from cardqueue.lib.citizen_id import mask_citizen_id
from cardqueue.lib.legacy_fonts import decode
from cardqueue.lib.partial_date import PartialDate
from cardqueue.lib.phone import format_phone
from cardqueue.lib.spreadsheet import CellValue, Table, Workbook
from cardqueue.roster.models import Member, MemberStatus, Sex
from cardqueue.roster.queries import ReadRow
from cardqueue.roster.reading import Field, SheetChoice
from cardqueue.roster.rules.layouts import columns_of
from cardqueue.roster.words import SEX_WORDS, STATUS_WORDS, TAB_WORDS, sentence

RESULT_FIELDS = (Field.CHECK_RESULT, Field.CHECK_DETAIL)


def members_table(members: Iterable[Member]) -> Table:
    """The list with masked numbers; telephone numbers too, since the file may be passed on."""
    header = [
        _("STT"),
        _("Họ và tên"),
        _("Giới tính"),
        _("Ngày sinh"),
        _("Số định danh cá nhân (che bớt)"),
        _("Số thẻ đảng viên (che bớt)"),
        _("Chi bộ"),
        _("Ngày vào Đảng"),
        _("Ngày chính thức"),
        _("Số điện thoại (che bớt)"),
        _("Trạng thái"),
        _("Cần hỗ trợ"),
    ]
    rows: list[Sequence[CellValue]] = [
        [
            number,
            member.full_name,
            str(SEX_WORDS[Sex(member.sex)]) if member.sex else "",
            _day(member.birth_on),
            mask_citizen_id(member.citizen_id),
            mask_citizen_id(member.card_no),
            member.cell.name,
            _day(member.joined_on),
            _day(member.official_on),
            mask_citizen_id(format_phone(member.phone).replace(" ", "")),
            str(STATUS_WORDS[MemberStatus(member.status)]),
            _("Có") if member.needs_help else "",
        ]
        for number, member in enumerate(members, start=1)
    ]
    return Table(_("Danh sách đảng viên"), header, rows, widths=(6, 28, 10, 12, 18, 18, 28, 14, 14, 16, 22, 12))


def checked_tables(workbook: Workbook, choices: Sequence[SheetChoice], reads: Iterable[ReadRow]) -> list[Table]:
    """The rows as they stand in the file, in the file's own columns, with the result and what is the matter.

    A list that has columns for these two (File nhập liệu 4.0) gets them filled in; any other gets them at its end.
    """
    by_sheet: dict[str, list[ReadRow]] = {}
    for read in reads:
        by_sheet.setdefault(read.row.sheet, []).append(read)
    return [_checked_table(workbook, choice, by_sheet[choice.sheet]) for choice in choices if choice.sheet in by_sheet]


def nothing_wrong_table() -> Table:
    """What there is to keep when no row has anything the matter with it."""
    return Table(_("Kết quả kiểm tra"), [_("Không có dòng nào lỗi hoặc cần xem.")], [], widths=(50,))


def template_tables() -> list[Table]:
    """An empty list to fill in, and how; in every language under the Vietnamese headings by which it is read again."""
    columns = (
        ("STT", _("Số thứ tự.")),
        ("Họ và tên", _("Viết đủ dấu, phông Unicode. Bắt buộc.")),
        ("Giới tính", _("Nam hoặc Nữ.")),
        ("Ngày sinh", _("dd/mm/yyyy; chỉ biết năm thì ghi năm.")),
        ("Số định danh cá nhân", _("12 chữ số, định dạng ô là Văn bản để giữ số 0 ở đầu.")),
        ("Số CMND cũ", _("9 chữ số, nếu có.")),
        ("Số thẻ đảng viên", _("8 chữ số trên thẻ đang dùng.")),
        ("Chi bộ", _("Tên chi bộ đang sinh hoạt, viết giống nhau ở mọi dòng.")),
        ("Ngày vào Đảng", _("dd/mm/yyyy.")),
        ("Ngày chính thức", _("dd/mm/yyyy; đảng viên dự bị để trống.")),
        ("Số điện thoại", _("Không bắt buộc.")),
        ("Trạng thái", _("Chính thức, dự bị, miễn sinh hoạt, đang chuyển, từ trần…")),
        ("Ghi chú", _("Không lưu, trừ khi ghi tình trạng như “dự bị”.")),
    )
    titles = [title for title, _how in columns]
    return [
        Table(_("Danh sách"), titles, [], widths=(6, 28, 10, 14, 20, 14, 18, 30, 14, 14, 16, 18, 20)),
        Table(_("Hướng dẫn"), [_("Cột"), _("Cách ghi")], columns, widths=(26, 70)),
    ]


def _checked_table(workbook: Workbook, choice: SheetChoice, reads: Sequence[ReadRow]) -> Table:
    sheet = workbook.sheet(choice.sheet)
    columns = columns_of(sheet, choice)
    width = max((column.index for column in columns), default=-1) + 1
    header = ["" for _column in range(width)]
    for column in columns:
        header[column.index] = column.title
    places = _places_of_results(choice, {column.index: column.field for column in columns}, width)
    if places == (width, width + 1):
        header += ["Kết quả kiểm tra", "Chi tiết lỗi"]  # as File nhập liệu 4.0 names them, in every language
    rows = []
    for read in reads:
        given = sheet.rows[read.row.row - 1]
        row: list[CellValue] = [
            decode(value, choice.encoding) if isinstance(value, str) else value for value in given[:width]
        ]
        row += [""] * (len(header) - len(row))
        row[places[0]] = str(TAB_WORDS[read.tab])
        row[places[1]] = _("Dòng %(row)s: %(detail)s", row=read.row.row, detail=_detail(read))
        rows.append(row)
    return Table(choice.sheet, header, rows)


def _places_of_results(choice: SheetChoice, titled: Mapping[int, Field | None], width: int) -> tuple[int, int]:
    """The list's own two columns, else two new ones after the last."""
    by_field = {field: index for index, field in (*titled.items(), *choice.columns.items()) if field}
    result, detail = (by_field.get(field) for field in RESULT_FIELDS)
    return (result, detail) if result is not None and detail is not None else (width, width + 1)


def _detail(read: ReadRow) -> str:
    return " ".join(sentence(finding) for finding in read.findings) or _("không có gì cần xem")


def _day(text: str | None) -> str:
    return PartialDate.from_iso(text).display() if text else ""
