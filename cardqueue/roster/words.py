"""The roster in Vietnamese: states, fields, what is to be said about rows, and why something is refused."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cardqueue.core.words import say
from cardqueue.lib.partial_date import PartialDate
from cardqueue.lib.phone import format_phone
from cardqueue.lib.spreadsheet import Refusal
from cardqueue.roster.models import ImportState, MemberStatus, Sex
from cardqueue.roster.reading import Severity, describe
from cardqueue.roster.rules.cells import NEW
from cardqueue.roster.rules.rows import Finding, ListCode, Tab

STATUS_WORDS = {
    MemberStatus.OFFICIAL: _l("Chính thức"),
    MemberStatus.PROBATIONARY: _l("Dự bị"),
    MemberStatus.EXEMPT: _l("Miễn công tác, sinh hoạt"),
    MemberStatus.TRANSFERRING: _l("Đang chuyển sinh hoạt"),
    MemberStatus.UNDER_REVIEW: _l("Đang xem xét kỷ luật"),
    MemberStatus.LEFT: _l("Đã ra khỏi Đảng"),
    MemberStatus.DECEASED: _l("Đã từ trần"),
}
STATUS_KINDS = {
    MemberStatus.OFFICIAL: "good",
    MemberStatus.PROBATIONARY: "neutral",
    MemberStatus.EXEMPT: "info",
    MemberStatus.TRANSFERRING: "warning",
    MemberStatus.UNDER_REVIEW: "warning",
    MemberStatus.LEFT: "neutral",
    MemberStatus.DECEASED: "neutral",
}
SEX_WORDS = {Sex.MALE: _l("Nam"), Sex.FEMALE: _l("Nữ")}

FIELD_WORDS = {
    "full_name": _l("Họ và tên"),
    "birth_on": _l("Ngày sinh"),
    "sex": _l("Giới tính"),
    "citizen_id": _l("Số định danh cá nhân"),
    "old_id": _l("Số CMND cũ"),
    "card_no": _l("Số thẻ đảng viên"),
    "cell_id": _l("Chi bộ"),
    "joined_on": _l("Ngày vào Đảng"),
    "official_on": _l("Ngày chính thức"),
    "phone": _l("Số điện thoại"),
    "status": _l("Trạng thái"),
}

TAB_WORDS = {
    Tab.VALID: _l("Hợp lệ"),
    Tab.LOOK: _l("Cần xem"),
    Tab.WRONG: _l("Lỗi"),
    Tab.LEFT_OUT: _l("Bỏ qua"),
}
TAB_KINDS = {Tab.VALID: "good", Tab.LOOK: "warning", Tab.WRONG: "bad", Tab.LEFT_OUT: "neutral"}
SEVERITY_KINDS = {Severity.ERROR: "bad", Severity.WARNING: "warning", Severity.NOTE: "info"}

IMPORT_STATE_WORDS = {
    ImportState.UPLOADED: _l("Mới tải lên"),
    ImportState.MAPPED: _l("Đang kiểm tra"),
    ImportState.SAVED: _l("Đã lưu"),
    ImportState.UNDONE: _l("Đã hoàn tác"),
    ImportState.DISCARDED: _l("Đã bỏ"),
}

FILE_REFUSALS = {
    Refusal.EMPTY: _l("Tệp không có nội dung. Đồng chí mở tệp kiểm tra rồi chọn lại."),
    Refusal.TOO_LARGE: _l("Tệp lớn hơn 10 MB. Đồng chí xóa bớt hình ảnh hoặc chia tệp thành nhiều phần."),
    Refusal.UNPACKS_TOO_LARGE: _l("Tệp chứa quá nhiều dữ liệu. Đồng chí chỉ giữ trang tính có danh sách rồi chọn lại."),
    Refusal.OTHER_KIND: _l("Tệp này không phải bảng tính. Đồng chí chọn tệp .xlsx, .xls, .ods hoặc .csv."),
    Refusal.WEB_PAGE: _l("Tệp này là trang web mang đuôi bảng tính. Đồng chí mở bằng Excel, lưu lại dạng .xlsx."),
    Refusal.PASSWORD: _l("Tệp đang đặt mật khẩu. Đồng chí bỏ mật khẩu rồi chọn lại."),
    Refusal.DAMAGED: _l("Tệp bị hỏng hoặc tải về chưa hết. Đồng chí lấy lại tệp gốc rồi chọn."),
}

say(
    "MEMBER_NOT_FOUND",
    _l("Không tìm thấy đồng chí này"),
    _l("Đồng chí này không có trong danh sách, hoặc không thuộc đơn vị của đồng chí."),
    _l("Đồng chí tìm lại trong danh sách."),
)
say(
    "IMPORT_NOT_FOUND",
    _l("Không tìm thấy lần nhập này"),
    _l("Lần nhập không có, hoặc không thuộc đơn vị của đồng chí."),
    _l("Đồng chí quay lại danh sách."),
)
say(
    "IMPORT_FINISHED",
    _l("Lần nhập này đã kết thúc"),
    _l("Danh sách đã được lưu, hoàn tác hoặc bỏ từ trước."),
    _l("Nếu cần, đồng chí nhập lại tệp từ đầu."),
)
say(
    "IMPORT_PURGED",
    _l("Tệp của lần nhập này không còn"),
    _l("Nội dung tệp được xóa sau 30 ngày để bảo vệ dữ liệu cá nhân."),
    _l("Đồng chí nhập lại tệp từ đầu."),
)
say("LIST_EMPTY", _l("Tệp trống"), _l("Tệp không có ô nào có chữ."), _l("Đồng chí kiểm tra rồi chọn lại tệp."))
say(
    "NO_SHEET_CHOSEN",
    _l("Chưa chọn trang tính"),
    _l("Chưa có trang tính nào được chọn để đọc."),
    _l("Đồng chí chọn ít nhất một trang tính có danh sách đảng viên."),
)
say(
    "NAME_COLUMN_MISSING",
    _l("Chưa có cột họ tên"),
    _l("Chưa có cột nào được chọn cho mục “Họ và tên”."),
    _l("Đồng chí chọn cột chứa họ và tên."),
)
say(
    "NOBODY_READ",
    _l("Không đọc được dòng nào"),
    _l("Dưới dòng tiêu đề đã chọn không có dòng nào là một người."),
    _l("Đồng chí kiểm tra lại dòng tiêu đề và các cột đã ghép."),
)
say(
    "ROW_IS_WRONG",
    _l("Dòng này còn lỗi"),
    _l("Dòng có lỗi nên không lưu được như đang ghi."),
    _l("Đồng chí sửa hoặc bỏ qua dòng này."),
)
say(
    "CELLS_UNDECIDED",
    _l("Còn chi bộ chưa rõ"),
    _l("Có chi bộ trong tệp chưa được chọn là chi bộ nào."),
    _l("Đồng chí chọn cho từng chi bộ rồi tiếp tục."),
)
say(
    "UNDO_TOO_LATE",
    _l("Không hoàn tác được nữa"),
    _l("Chỉ lần nhập gần nhất hoàn tác được, trong vòng 24 giờ."),
    _l("Đồng chí sửa từng người, hoặc nhập lại danh sách đúng."),
)
say(
    "NUMBER_ON_LIST",
    _l("Số định danh đã có trong danh sách"),
    _l("Một đồng chí khác trong danh sách đang mang số định danh này."),
    _l("Đồng chí đối chiếu với thẻ căn cước rồi sửa cho đúng người."),
)
say(
    "NUMBER_ELSEWHERE",
    _l("Số định danh đang ở đơn vị khác"),
    _l("Số định danh này đang có trong danh sách của đơn vị khác."),
    _l("Đồng chí kiểm tra lại số; nếu đúng, liên hệ cấp trên để xác định nơi sinh hoạt."),
)
say(
    "NO_CITIZEN_ID",
    _l("Chưa có số định danh"),
    _l("Đồng chí này chưa có số định danh trong danh sách."),
    _l("Đồng chí bổ sung số khi có."),
)


def sentence(finding: Finding) -> str:
    """What is the matter with a row, and what to do about it."""
    match finding.code:
        case ListCode.CELL_MOVED:
            said = _("Danh sách ghi %(found)s, lần trước ở %(expected)s. Đề nghị kiểm tra có chuyển chi bộ không.")
            return str(said) % {"found": finding.found, "expected": finding.expected}
        case ListCode.ID_ELSEWHERE:
            said = _("Số định danh %(found)s đang có ở đơn vị khác. Đề nghị kiểm tra lại nơi sinh hoạt.")
            return str(said) % {"found": finding.found}
        case _:
            return describe(finding.message, _)


def shown(name: str, value: object, cell_names: Mapping[object, str]) -> str:
    """A value of a member as people write it. `cell_names` by id, and by what stands for a cell not yet created."""
    if value is None or value == "":
        return "–"
    match name:
        case "cell_id":
            known = cell_names.get(value)
            return known or str(value).removeprefix(NEW)
        case "status":
            return str(STATUS_WORDS[MemberStatus(str(value))])
        case "sex":
            return str(SEX_WORDS[Sex(str(value))])
        case "birth_on" | "joined_on" | "official_on":
            return PartialDate.from_iso(str(value)).display()
        case "phone":
            return format_phone(str(value))
        case _:
            return str(value)
