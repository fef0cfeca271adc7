"""The feature's words: fields, levels, statuses, decisions, faults of a file, and the sentences of its refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cardqueue.core.words import say
from cardqueue.lib.citizen_id import mask_citizen_id
from cardqueue.lib.partial_date import PartialDate
from cardqueue.lib.spreadsheet import Refusal
from cardqueue.verification.models import CheckStatus, Decision
from cardqueue.verification.rules import Fault, Field, Level

FIELDS: Mapping[str, LazyString] = {
    Field.FULL_NAME: _l("Họ và tên"),
    Field.BIRTH_ON: _l("Ngày sinh"),
    Field.SEX: _l("Giới tính"),
    Field.CITIZEN_ID: _l("Số định danh"),
}
SEXES: Mapping[str, LazyString] = {"male": _l("Nam"), "female": _l("Nữ")}

_LEVELS: Mapping[str, LazyString] = {
    Level.SPELLING: _l("khác cách viết"),
    Level.BARE: _l("một bên viết không dấu"),
    Level.MARKS: _l("khác dấu"),
    Level.ORDER: _l("khác thứ tự các chữ"),
    Level.TYPO: _l("khác một chữ cái"),
    Level.SHORTENED: _l("thiếu chữ đệm hoặc viết tắt"),
    Level.RESEMBLES: _l("gần giống"),
    Level.NONE: _l("khác hẳn"),
    Level.PARTIAL: _l("một bên chỉ có năm hoặc tháng"),
    Level.SWAPPED: _l("ngày và tháng đảo nhau"),
    Level.ONE_PART: _l("khác ngày, tháng hoặc năm"),
    Level.SAME_YEAR: _l("cùng năm, khác ngày tháng"),
    Level.OTHER: _l("khác hẳn"),
    Level.DIFFERS: _l("khác nhau"),
    Level.NEAR: _l("sai một chữ số"),
    Level.OLD: _l("chỉ có số CMND cũ"),
    Level.CLOSE: _l("sai vài chữ số"),
    Level.DIFFERENT: _l("khác hẳn"),
    Level.MISSING: _l("chưa có"),
    Level.SEX_DIGIT: _l("chữ số thứ tư không khớp giới tính"),
    Level.YEAR_DIGITS: _l("chữ số thứ năm, thứ sáu không khớp năm sinh"),
    Level.UNKNOWN: _l("không có trong dữ liệu dân cư"),
    Level.OTHER_PERSON: _l("số này là của người khác"),
    Level.HELD_TWICE: _l("trùng với một đảng viên khác trong đợt"),
    Level.RECORDED_TWICE: _l("dữ liệu dân cư có hai người cùng số"),
}
STATUSES: Mapping[str, LazyString] = {
    CheckStatus.MATCH: _l("Đúng"),
    CheckStatus.MISMATCH: _l("Sai"),
    CheckStatus.MISSING: _l("Thiếu"),
    CheckStatus.DUPLICATE: _l("Trùng"),
    CheckStatus.NOT_FOUND: _l("Không tìm thấy"),
    CheckStatus.AMBIGUOUS: _l("Cần cán bộ xem"),
}
# By what the worklist can be narrowed.
KINDS: Mapping[str, LazyString] = {
    **FIELDS,
    **{kind: STATUSES[kind] for kind in CheckStatus if kind not in (CheckStatus.MATCH, CheckStatus.MISMATCH)},
}
STAGES: Mapping[str, LazyString] = {
    "open": _l("Chưa xử lý"),
    "asked": _l("Chờ chi bộ"),
    "settled": _l("Đã xử lý"),
}
DECISIONS: Mapping[str, LazyString] = {
    Decision.RECORD_RIGHT: _l("Dữ liệu dân cư đúng"),
    Decision.ROSTER_RIGHT: _l("Hồ sơ đảng viên đúng"),
    Decision.BOTH_WRONG: _l("Cả hai sai, nhập lại"),
    Decision.ASK_CELL: _l("Chưa xác định, chuyển chi bộ xác minh"),
}
# What each decision does, under its radio.
HINTS: Mapping[str, LazyString] = {
    Decision.RECORD_RIGHT: _l("Danh sách đảng viên được sửa theo dữ liệu dân cư."),
    Decision.ROSTER_RIGHT: _l("Giữ nguyên danh sách; ghi lý do."),
    Decision.BOTH_WRONG: _l("Nhập giá trị đúng bên dưới; danh sách được sửa theo."),
    Decision.ASK_CELL: _l("Chọn người xác minh và hạn; trường hợp còn mở."),
}
FAULTS: Mapping[str, LazyString] = {
    Fault.MISSING: _l("ô để trống"),
    Fault.NOT_A_CITIZEN_ID: _l("số định danh phải có đủ 12 chữ số"),
    Fault.NOT_A_DATE: _l("không đọc được ngày; cần dạng 02/01/1950 hoặc 1950-01-02"),
    Fault.MONTH_FIRST: _l("tháng đứng trước ngày; cần định dạng cả cột là ngày/tháng/năm"),
    Fault.NOT_A_SEX: _l("giới tính phải là Nam hoặc Nữ"),
}
UNREADABLE: Mapping[str, LazyString] = {
    Refusal.EMPTY: _l("Tệp không có nội dung. Đồng chí chọn lại tệp."),
    Refusal.TOO_LARGE: _l("Tệp lớn hơn 10 MB. Đồng chí xóa bớt cột không cần rồi chọn lại."),
    Refusal.UNPACKS_TOO_LARGE: _l("Tệp giải nén ra quá lớn. Đồng chí chép riêng các cột cần dùng sang tệp mới."),
    Refusal.OTHER_KIND: _l("Tệp không phải bảng tính. Đồng chí chọn tệp .xlsx, .xls, .ods hoặc .csv."),
    Refusal.WEB_PAGE: _l("Tệp là trang web mang tên bảng tính. Đồng chí mở bằng Excel và lưu lại thành .xlsx."),
    Refusal.PASSWORD: _l("Tệp có mật khẩu. Đồng chí bỏ mật khẩu rồi chọn lại."),
    Refusal.DAMAGED: _l("Tệp bị hỏng hoặc bị cắt. Đồng chí xuất lại tệp rồi chọn lại."),
}

say("EXTRACT_NOT_FOUND", _l("Không tìm thấy tệp dữ liệu dân cư"), _l("Tệp này không có, hoặc thuộc đơn vị khác."))
say("CHECK_NOT_FOUND", _l("Không tìm thấy đảng viên"), _l("Đồng chí này không có trong đợt, hoặc thuộc đơn vị khác."))
say(
    "CHECK_HAS_MOVED_ON",
    _l("Thông tin vừa thay đổi"),
    _l("Danh sách hoặc dữ liệu dân cư đã được cập nhật sau khi đồng chí mở trang."),
    _l("Đồng chí mở lại trường hợp này, xem số liệu mới rồi quyết định."),
)
say(
    "VERIFICATION_CLOSED",
    _l("Đợt đã kết thúc"),
    _l("Dữ liệu dân cư của đợt đã được xóa; không nhập và không đối soát thêm."),
    _l("Đồng chí chọn đợt đang mở."),
)
_NOT_SAVED = _l("Chưa lưu được")
say("EXTRACT_EMPTY", _NOT_SAVED, _l("Không có dòng dữ liệu nào dưới dòng tiêu đề."), _l("Đồng chí kiểm tra lại tệp."))
say("REASON_MISSING", _NOT_SAVED, _l("Đồng chí ghi lý do: căn cứ giấy tờ nào."))
say("NOTHING_TYPED", _NOT_SAVED, _l("Đồng chí nhập ít nhất một giá trị đúng."))
say("NO_RECORD", _NOT_SAVED, _l("Không có dữ liệu dân cư để lấy theo."), _l("Đồng chí chọn cách khác."))
say("NUMBER_NEEDED", _NOT_SAVED, _l("Đồng chí nhập số định danh đúng, đủ 12 chữ số, hoặc chuyển chi bộ xác minh."))
say("NUMBER_SEX", _NOT_SAVED, _l("Chữ số thứ tư của số này không khớp giới tính."), _l("Đồng chí xem lại số."))
say("NUMBER_YEAR", _NOT_SAVED, _l("Chữ số thứ năm, thứ sáu không khớp năm sinh."), _l("Đồng chí xem lại số."))
say("NUMBER_TAKEN", _NOT_SAVED, _l("Một đảng viên khác trong đợt đang mang số này."), _l("Đồng chí xem lại số."))


def decision_word(decision: Decision, *, has_record: bool) -> str:
    """The decision as a choice; without a record there are no two sides to be wrong."""
    if decision is Decision.BOTH_WRONG and not has_record:
        return str(_("Nhập lại giá trị đúng"))
    return str(DECISIONS[decision])


def level_word(level: str) -> str:
    """How a field differs, "ngày và tháng đảo nhau"."""
    return str(_LEVELS[level])


def difference(field: str, level: str) -> str:
    """Which field differs and how, "Ngày sinh: ngày và tháng đảo nhau"."""
    return f"{FIELDS[field]}: {_LEVELS[level]}"


def shown(field: str, value: str) -> str:
    """A stored value as people read it; an officer's task needs the whole number."""
    match field:
        case Field.BIRTH_ON if value:
            return PartialDate.from_iso(value).display()
        case Field.SEX if value:
            return str(SEXES[value])
        case _:
            return value


def shown_masked(field: str, value: str) -> str:
    """A stored value for everybody else and for print: numbers masked."""
    return mask_citizen_id(value) if field == Field.CITIZEN_ID else shown(field, value)


def case_note(differences: Mapping[str, Any]) -> str:
    """What the ledger says about a case opened here: the fields, never a value."""
    fields = ", ".join(str(FIELDS[field]).lower() for field in differences)
    return str(_("Đối soát dữ liệu dân cư: %(fields)s", fields=fields))
