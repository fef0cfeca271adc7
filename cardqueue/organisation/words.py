"""Kinds and parts of the day in Vietnamese, and the texts that a new campaign starts with."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from cardqueue.core.words import say
from cardqueue.organisation.models import CampaignKind, CellKind

CAMPAIGN_KIND_WORDS = {
    CampaignKind.EXCHANGE: _l("Đổi thẻ đảng viên"),
    CampaignKind.FIRST_ISSUE: _l("Phát thẻ lần đầu"),
    CampaignKind.REISSUE: _l("Cấp lại thẻ bị mất, bị hỏng"),
}

CELL_KIND_WORDS = {
    CellKind.VILLAGE: _l("Thôn, khu phố"),
    CellKind.SCHOOL: _l("Trường học"),
    CellKind.OFFICE: _l("Cơ quan"),
    CellKind.HEALTH: _l("Y tế"),
    CellKind.POLICE: _l("Công an, quân sự"),
    CellKind.RETIRED: _l("Hưu trí"),
    CellKind.OTHER: _l("Khác"),
}

WEEKDAY_WORDS = (
    _l("Thứ Hai"),
    _l("Thứ Ba"),
    _l("Thứ Tư"),
    _l("Thứ Năm"),
    _l("Thứ Sáu"),
    _l("Thứ Bảy"),
    _l("Chủ Nhật"),
)

PART_WORDS = {"morning": _l("Sáng"), "afternoon": _l("Chiều"), "evening": _l("Tối")}

# What a new campaign's form is filled with. The office edits them: no instruction prescribes what to bring or to wear.
# They are Vietnamese in every language of the screens, because they are printed on the members' slips.
SLIP_TITLE = "GIẤY HẸN ĐỔI THẺ ĐẢNG VIÊN"
LEGAL_BASIS = (
    "Chỉ thị số 51-CT/TW ngày 08/8/2025 của Ban Bí thư về đổi thẻ đảng viên;\n"
    "Kế hoạch của Tỉnh ủy và của Đảng ủy xã về đợt đổi thẻ."
)
BRING_TEXT = "Thẻ căn cước hoặc căn cước công dân còn hạn; thẻ đảng viên đang dùng; giấy hẹn này."
DRESS_TEXT = "Áo có cổ, đầu tóc gọn gàng, không đội mũ khi chụp ảnh."
NOTE_TEXT = (
    "Đồng chí có mặt trước giờ hẹn 10 phút. Nếu sức khỏe yếu hoặc không đến được, đồng chí báo Bí thư chi bộ "
    "hoặc gọi số điện thoại trên giấy để được hẹn lại hay thu nhận tại nhà."
)

say(
    "NO_CAMPAIGN",
    _l("Chưa có đợt nào"),
    _l("Đơn vị của đồng chí chưa tham gia đợt đổi thẻ nào."),
    _l("Đồng chí đề nghị quản trị viên tạo đợt và chọn đơn vị tham gia."),
)
say(
    "CAMPAIGN_CLOSED",
    _l("Đợt đã kết thúc"),
    _l("Đợt đã đóng nên khung giờ không thay đổi được nữa."),
    _l("Nếu đóng nhầm, đồng chí đề nghị quản trị viên mở lại đợt."),
)
say(
    "WINDOW_OVERLAPS",
    _l("Khung giờ bị trùng"),
    _l("Khung %(span)s trùng giờ với một khung khác của điểm này trong đợt."),
    _l("Đồng chí chọn giờ khác, hoặc sửa khung đã có."),
)
say(
    "WINDOW_OVERBOOKED",
    _l("Khung giờ đã hẹn nhiều hơn mức này"),
    _l("Khung này đã hẹn %(booked)s phút-dây chuyền; mức mới chỉ còn %(capacity)s."),
    _l("Đồng chí chuyển bớt lịch hẹn sang khung khác rồi giảm."),
)
say(
    "WINDOW_HAS_APPOINTMENTS",
    _l("Khung giờ đã có người được hẹn"),
    _l("Khung này đã hẹn %(booked)s phút-dây chuyền, nên không đóng sớm hơn và không xóa được."),
    _l("Đồng chí chuyển lịch hẹn sang khung khác trước."),
)
say(
    "WINDOW_HAS_HISTORY",
    _l("Khung giờ từng có lịch hẹn"),
    _l("Giấy hẹn cũ còn chỉ tới khung này, nên không xóa được."),
    _l("Đồng chí sửa số dây chuyền về 0 để không nhận thêm người."),
)
say(
    "NO_NEW_WINDOWS",
    _l("Không có khung giờ nào để thêm"),
    _l("Không có ngày nào phù hợp với lựa chọn."),
    _l("Đồng chí chọn lại ngày, thứ trong tuần hoặc buổi."),
)
say(
    "COMMITTEE_NAME_TAKEN",
    _l("Tên đảng ủy đã có"),
    _l("Đã có đảng ủy tên %(name)s."),
    _l("Đồng chí thêm tên tỉnh vào sau, hoặc sửa đảng ủy đã có."),
)
say(
    "STATION_NAME_TAKEN",
    _l("Tên điểm thu nhận đã có"),
    _l("Đã có điểm thu nhận tên %(name)s."),
    _l("Đồng chí đặt tên khác."),
)
say(
    "LINE_NUMBER_TAKEN",
    _l("Số dây chuyền đã có"),
    _l("Điểm này đã có dây chuyền số %(number)s."),
    _l("Đồng chí đặt số khác."),
)
say(
    "CELL_NAME_TAKEN",
    _l("Tên chi bộ đã có"),
    _l("Đảng bộ này đã có chi bộ tên %(name)s."),
    _l("Hai tên chỉ khác dấu hay chữ hoa cũng tính là trùng. Đồng chí đặt tên khác."),
)
say(
    "DEADLINE_BEFORE_START",
    _l("Hạn hoàn thành chưa đúng"),
    _l("Hạn hoàn thành phải từ ngày bắt đầu trở đi."),
)
say(
    "COMMITTEE_OF_OTHER_PROVINCE",
    _l("Đảng bộ thuộc tỉnh khác"),
    _l("%(name)s không thuộc tỉnh của đợt này."),
    _l("Đồng chí bỏ chọn, hoặc chọn lại tỉnh của đợt."),
)
say(
    "COMMITTEE_HAS_CELLS",
    _l("Đảng bộ đã tham gia đợt"),
    _l("%(name)s đã có chi bộ trong đợt nên không bỏ ra được: danh sách và tiến độ gắn với đợt."),
    _l("Đồng chí chọn lại đảng bộ này."),
)
