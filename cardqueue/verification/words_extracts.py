"""The words of extracts: what a file lacks, what is wrong with its cells, how far it has come."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cardqueue.core.words import say
from cardqueue.lib.spreadsheet import Refusal
from cardqueue.verification.models import ExtractState
from cardqueue.verification.rules import Column, ExtractFault, Fault

COLUMNS: Mapping[str, LazyString] = {
    Column.CITIZEN_ID: _l("Số định danh"),
    Column.FULL_NAME: _l("Họ và tên"),
    Column.BIRTH_ON: _l("Ngày sinh"),
    Column.SEX: _l("Giới tính"),
    Column.HOMETOWN: _l("Quê quán"),
    Column.OLD_NUMBER: _l("Số CMND 9 số"),
}
# What was expected, and what to do about it.
FAULTS: Mapping[str, LazyString] = {
    Fault.MISSING: _l("Ô để trống. Điền giá trị, hoặc xóa cả dòng nếu không phải một người."),
    Fault.NOT_A_CITIZEN_ID: _l("Cần đúng 12 chữ số. Sửa lại số."),
    Fault.ROUNDED_NUMBER: _l("Excel đã làm tròn số. Định dạng cả cột là Văn bản (Text) rồi xuất lại từ nguồn."),
    Fault.NOT_A_NAME: _l("Cần họ và tên bằng chữ. Kiểm tra dòng có bị lệch cột không."),
    Fault.LOST_LETTERS: _l("Chữ có dấu đã mất khi xuất tệp. Xuất lại từ nguồn dạng Excel hoặc CSV UTF-8."),
    Fault.NOT_A_DATE: _l("Không có ngày như vậy. Cần dạng 02/01/1950, 1950-01-02, hoặc chỉ năm 1950."),
    Fault.MONTH_FIRST: _l("Tháng đứng trước ngày. Định dạng cả cột là ngày/tháng/năm rồi xuất lại."),
    Fault.NOT_A_SEX: _l("Cần Nam hoặc Nữ."),
    Fault.WRONG_WIDTH: _l(
        "Số ô khác dòng tiêu đề: dòng bị cắt, hoặc trong ô có dấu phân cách mà thiếu dấu ngoặc kép. Xuất lại tệp."
    ),
    Fault.SHIFTED: _l("Nhiều dòng đầu có số ở cột họ tên, hoặc chữ ở cột số định danh: các cột bị lệch. Xuất lại tệp."),
    Fault.BAD_LETTERS: _l("Có ký tự hỏng, không phải chữ. Xuất lại dạng Excel hoặc CSV UTF-8."),
    Fault.LINE_TOO_LONG: _l("Dòng dài quá 100.000 chữ: tệp mất dấu xuống dòng. Xuất lại tệp."),
    Fault.OPEN_QUOTATION: _l("Dấu ngoặc kép mở ở dòng này không khép lại đúng chỗ. Xuất lại tệp."),
    Fault.NO_PERSON: _l("Không có dòng dữ liệu nào dưới dòng tiêu đề. Kiểm tra lại tệp."),
}
UNREADABLE: Mapping[str, LazyString] = {
    Refusal.EMPTY: _l("Tệp không có nội dung. Đồng chí chọn lại tệp."),
    Refusal.TOO_LARGE: _l("Tệp Excel lớn hơn 10 MB. Đồng chí lưu thành CSV UTF-8 rồi chọn lại."),
    Refusal.UNPACKS_TOO_LARGE: _l("Tệp giải nén ra quá lớn. Đồng chí lưu thành CSV UTF-8 rồi chọn lại."),
    Refusal.OTHER_KIND: _l("Tệp không phải bảng tính. Đồng chí chọn tệp .xlsx, .xls, .ods hoặc .csv."),
    Refusal.WEB_PAGE: _l("Tệp là trang web mang tên bảng tính. Đồng chí mở bằng Excel và lưu lại thành .xlsx."),
    Refusal.PASSWORD: _l("Tệp có mật khẩu. Đồng chí bỏ mật khẩu rồi chọn lại."),
    Refusal.DAMAGED: _l("Tệp bị hỏng hoặc bị cắt. Đồng chí xuất lại tệp rồi chọn lại."),
}
STATES: Mapping[str, tuple[LazyString, str]] = {
    ExtractState.UPLOADED: (_l("Chờ ghép cột"), "warning"),
    ExtractState.LOADING: (_l("Đang nạp"), "info"),
    ExtractState.LOADED: (_l("Đang dùng"), "good"),
    ExtractState.FAILED: (_l("Chưa nhập được"), "bad"),
    ExtractState.PURGED: (_l("Đã xóa"), "neutral"),
}

say(
    "EXTRACT_MOVED_ON",
    _l("Tệp đang được nạp"),
    _l("Cột của tệp này đã được chọn và tệp đang được nạp."),
    _l("Đồng chí xem tiến độ ở trang Dữ liệu dân cư."),
)
say(
    "COLUMNS_UNKNOWN",
    _l("Chưa lưu được"),
    _l("Tiêu đề cột của tệp chưa đủ rõ."),
    _l("Đồng chí nhập tệp ở trang Dữ liệu dân cư và ghép cột."),
)

say(
    "EXTRACT_IS_PARTY_LIST",
    _l("Đây là danh sách đảng viên"),
    _l("Tệp có cột ngày vào Đảng: đây là danh sách đảng viên, không phải dữ liệu dân cư."),
    _l("Đồng chí chọn tệp dữ liệu dân cư. Nếu đúng là tệp ấy, đồng chí xóa cột ngày vào Đảng rồi chọn lại."),
)


def place_of(fault: ExtractFault) -> str:
    """Where a fault is, "Dòng 3, cột C – Ngày sinh"."""
    if not fault.column:
        return str(_("Dòng %(line)s", line=fault.line))
    column = " – ".join(filter(None, (fault.column, str(COLUMNS[fault.field]) if fault.field else "")))
    return str(_("Dòng %(line)s, cột %(column)s", line=fault.line, column=column))


def found_of(fault: ExtractFault) -> str:
    """What was found there, as a sentence that names nobody; empty where there is nothing to show."""
    if fault.fault is Fault.WRONG_WIDTH:
        found, expected = fault.found.split("/")
        return str(_("Dòng có %(found)s ô, tiêu đề có %(expected)s ô.", found=found, expected=expected))
    return str(_("Đang ghi “%(found)s”.", found=fault.found)) if fault.found else ""
