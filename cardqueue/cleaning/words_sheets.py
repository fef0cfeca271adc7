"""Check sheets in words: their fields, states and faults, what a case says about them, and what can be refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cardqueue.cleaning.models import SheetState
from cardqueue.cleaning.rules.sheets import Fault, Said, SheetField, displayed
from cardqueue.core.i18n import in_vietnamese
from cardqueue.core.words import say
from cardqueue.lib.citizen_id import Sex
from cardqueue.roster.words import SEX_WORDS

FIELD_WORDS: Mapping[SheetField, LazyString] = {
    SheetField.FULL_NAME: _l("Họ và tên"),
    SheetField.BIRTH_ON: _l("Ngày sinh"),
    SheetField.SEX: _l("Giới tính"),
    SheetField.JOINED_ON: _l("Ngày vào Đảng"),
    SheetField.OFFICIAL_ON: _l("Ngày chính thức"),
    SheetField.CARD_NO: _l("Số thẻ đảng viên"),
    SheetField.CELL: _l("Chi bộ đang sinh hoạt"),
    SheetField.CITIZEN_ID: _l("Số định danh cá nhân"),
    SheetField.PHONE: _l("Số điện thoại"),
    SheetField.REMARK: _l("Nội dung ghi thêm"),
}

STATE_WORDS: Mapping[SheetState | None, LazyString] = {
    None: _l("Chưa có phiếu"),
    SheetState.PRINTED: _l("Chưa trả"),
    SheetState.CONFIRMED: _l("Đúng hết"),
    SheetState.CORRECTED: _l("Có sửa"),
}
STATE_KINDS: Mapping[SheetState | None, str] = {
    None: "neutral",
    SheetState.PRINTED: "info",
    SheetState.CONFIRMED: "good",
    SheetState.CORRECTED: "warning",
}

FAULT_WORDS: Mapping[Fault, LazyString] = {
    Fault.NOT_A_DATE: _l("Không đọc được ngày này. Đồng chí ghi như 02/01/1950, hoặc 01/1950, hoặc 1950."),
    Fault.IN_THE_FUTURE: _l("Ngày này chưa đến. Đồng chí xem lại phiếu."),
    Fault.NOT_A_CITIZEN_ID: _l("Số định danh có đủ 12 chữ số. Nếu trên phiếu ghi thiếu, đồng chí chép vào “Ghi thêm”."),
    Fault.NOT_A_CARD_NO: _l("Số thẻ có 8 hoặc 12 chữ số. Nếu trên phiếu ghi khác, đồng chí chép vào “Ghi thêm”."),
    Fault.NOT_A_PHONE: _l("Số điện thoại chưa đúng – ví dụ 0912 345 678."),
}

# Every note that a sheet leaves in a case begins so; a later return of the same sheet replaces it.
NOTE_MARK = "Phiếu rà soát"

say(
    "SHEET_CODE_WRONG",
    _l("Mã chưa đúng"),
    _l("Mã trên phiếu có 16 chữ số; mã vừa nhập thiếu hoặc sai chữ số."),
    _l("Đồng chí quét lại, hoặc gõ lại từng nhóm bốn chữ số."),
)
say(
    "SHEET_NOT_FOUND",
    _l("Không có phiếu mang mã này"),
    _l("Mã này không phải của phiếu rà soát trong đơn vị của đồng chí."),
    _l("Đồng chí xem mã ở phần cắt rời của phiếu rà soát, không phải mã giấy hẹn; hoặc tìm theo họ tên."),
)
say(
    "SHEET_OF_ANOTHER_CAMPAIGN",
    _l("Phiếu của đợt khác"),
    _l("Phiếu này in trong đợt “%(campaign)s”."),
    _l("Đồng chí chuyển sang đợt đó để nhập, hoặc tìm theo họ tên để ghi vào đợt này."),
)
say(
    "SHEET_MEMBER_REMOVED",
    _l("Đồng chí này đã ra khỏi danh sách"),
    _l("Phiếu là của đồng chí %(name)s, đã được đưa ra khỏi danh sách lúc %(at)s."),
    _l("Nếu đưa ra nhầm, đồng chí nhập lại danh sách có tên đồng chí ấy, rồi nhập phiếu."),
)
say(
    "SHEET_RETURNED_MEANWHILE",
    _l("Phiếu này vừa có người nhập"),
    _l("Tài khoản %(by)s đã nhập phiếu này lúc %(at)s, sau khi đồng chí mở trang."),
    _l("Đồng chí mở lại phiếu, xem đã ghi gì, rồi mới nhập lại nếu cần."),
)
say(
    "SHEET_MOVED_ON",
    _l("Phiếu vừa thay đổi"),
    _l("Mục này đã được xử lý, hoặc phiếu vừa được nhập lại."),
    _l("Đồng chí mở lại phiếu để xem các mục còn chờ."),
)
say(
    "NO_SHEETS",
    _l("Không có phiếu nào để in"),
    _l("Không có đồng chí nào phù hợp với lựa chọn."),
    _l("Đồng chí chọn chi bộ khác, hoặc chọn in lại tất cả."),
)
say(
    "SHEETS_CLOSED",
    _l("Đợt đã kết thúc"),
    _l("Không in và không nhập phiếu rà soát trong đợt đã kết thúc."),
    _l("Đồng chí chọn đợt đang mở."),
)


def shown(one: SheetField, value: str, cells: Mapping[int, str], *, whole: bool = False) -> str:
    """A value as a screen or a sheet shows it; `cells` are names by id."""
    match one:
        case SheetField.SEX if value:
            return str(SEX_WORDS[Sex(value)])
        case SheetField.CELL if value:
            return cells.get(int(value), "")
        case _:
            return displayed(one, value, whole=whole)


def names_of(fields: Iterable[SheetField]) -> str:
    """Fields in a sentence, "ngày sinh, giới tính"."""
    words = (str(FIELD_WORDS[one]) for one in fields)
    return ", ".join(word[:1].lower() + word[1:] for word in words)


def case_note(said: Said) -> str:
    """What a case says about a sheet: names, dates and sex as the member wrote them, of numbers only which.

    It is kept, and read by people whose screens speak other languages, so it is Vietnamese.
    """
    told = {SheetField.FULL_NAME, SheetField.BIRTH_ON, SheetField.SEX, SheetField.JOINED_ON, SheetField.OFFICIAL_ON}
    with in_vietnamese():
        parts = [
            f"{names_of([one])} {shown(one, said.values[one], {})}" if one in told else names_of([one])
            for one in SheetField
            if one in said.values and one is not SheetField.PHONE
        ]
        return f"{NOTE_MARK}: {_('đồng chí ghi khác danh sách')} – {'; '.join(parts)}"
