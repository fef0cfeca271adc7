"""The plan in Vietnamese: why a window was refused, and what every refusal of this feature means."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from cardqueue.core.words import say
from cardqueue.scheduling.models import PlanState
from cardqueue.scheduling.planner.free_time import No
from cardqueue.scheduling.planner.shapes import Code, Part
from cardqueue.scheduling.rules.simulation import Trouble

# Why the planner did not use a window, or could not place a member. FULL is said with its number of line-minutes.
CODE_WORDS = {
    Code.NO_WINDOW: _l("Chưa có khung giờ nào"),
    Code.NO_MINUTES: _l("Chưa có số phút một lượt"),
    Code.CLOSED: _l("Khung giờ không có dây chuyền hoặc đã kín"),
    Code.PINNED_ELSEWHERE: _l("Chi bộ đã được xếp vào khung khác bằng tay"),
    Code.DATE_BAN: _l("Chi bộ báo bận ngày này"),
    Code.AFTER_DEADLINE: _l("Sau hạn hoàn thành"),
    Code.QUOTA: _l("Vượt số người của đơn vị trong ngày"),
    Code.FULL: _l("Không đủ chỗ"),
    Code.DAY_SPARED: _l("Không cần mở ngày này"),
}

PART_WORDS = {
    Part.MORNING: _l("Buổi sáng"),
    Part.AFTERNOON: _l("Buổi chiều"),
    Part.EVENING: _l("Buổi tối"),
}

TROUBLE_WORDS = {
    Trouble.NONE: _l("mọi việc như dự kiến"),
    Trouble.SLOW: _l("mỗi lượt lâu hơn 15%"),
    Trouble.LATE: _l("mọi người đến muộn thêm 10 phút"),
    Trouble.LINE_LOST: _l("buổi đầu thiếu một dây chuyền"),
    Trouble.OUTAGE: _l("mất điện 25 phút giữa mỗi khung giờ"),
}

PLAN_STATE_WORDS = {
    PlanState.PROPOSED: _l("đang xem"),
    PlanState.PUBLISHED: _l("đã công bố"),
    PlanState.SUPERSEDED: _l("đã thay bằng lịch sau"),
    PlanState.DISCARDED: _l("đã bỏ"),
    PlanState.WITHDRAWN: _l("đã thu hồi"),
}

NO_WORDS = {
    No.CLOSED: _l("Khung giờ không có dây chuyền"),
    No.OUTSIDE: _l("Giờ bắt đầu nằm ngoài khung giờ"),
    No.DATE_BAN: _l("Chi bộ báo bận ngày này"),
    No.QUOTA: _l("Vượt số người của đơn vị trong ngày"),
    No.FULL: _l("Không đủ chỗ"),
}

say(
    "PLANNING_CLOSED",
    _l("Đợt đã kết thúc"),
    _l("%(campaign)s đã đóng nên lịch hẹn không thay đổi được nữa."),
    _l("Nếu đóng nhầm, đồng chí đề nghị quản trị viên mở lại đợt."),
)
say(
    "TRIAL_RUNNING",
    _l("Đang đo thử"),
    _l("Điểm thu nhận này đang đo thử rồi."),
    _l("Đồng chí kết thúc lần đo này trước khi đo lại."),
)
say(
    "NO_TRIAL",
    _l("Không có lần đo nào đang chạy"),
    _l("Người khác vừa kết thúc lần đo thử."),
    _l("Đồng chí mở lại trang để xem kết quả."),
)
say("REASON_NEEDED", _l("Chưa lưu được"), _l("Đồng chí ghi lý do."))
say(
    "NO_WINDOWS",
    _l("Chưa có khung giờ nào để xếp"),
    _l("Điểm thu nhận chưa có khung giờ nào bắt đầu từ bây giờ trở đi."),
    _l("Đồng chí đề nghị Trưởng điểm thu nhận mở khung giờ, rồi xếp lại."),
)
say(
    "NOBODY_TO_PLACE",
    _l("Không còn ai cần xếp lịch"),
    _l("Mọi đồng chí có thể mời đều đã có lịch hẹn."),
    _l("Nếu muốn xếp lại tất cả, đồng chí chọn “Xếp lại từ đầu”."),
)
say(
    "PLAN_NOT_OPEN",
    _l("Đề xuất này đã được xử lý"),
    _l("Người khác vừa công bố hoặc bỏ đề xuất này trước đồng chí."),
    _l("Đồng chí quay lại trang Lịch hẹn để xem lịch mới."),
)
say(
    "PLAN_NOT_CONFIRMED",
    _l("Chưa công bố được"),
    _l("Còn chờ Trưởng điểm thu nhận xác nhận: %(stations)s."),
    _l("Đồng chí gửi đề xuất, hoặc nhắc Trưởng điểm xem đề xuất đã gửi."),
)
say(
    "PLAN_NOT_PUBLISHED",
    _l("Lịch này không còn hiệu lực"),
    _l("Lịch đã được thu hồi hoặc đã thay bằng lịch sau."),
    _l("Đồng chí quay lại trang Lịch hẹn."),
)
say(
    "DELAY_CHANGED",
    _l("Giờ hẹn vừa thay đổi"),
    _l("Người khác vừa lùi giờ, hẹn lại hoặc đặt thêm trong khung giờ này. Chưa đổi giờ của ai."),
    _l("Đồng chí mở lại trang chậm giờ để xem đề xuất mới."),
)
say(
    "DELAY_TOO_LATE",
    _l("Không còn ai để lùi giờ"),
    _l("Những người trong đề xuất đã đến hoặc còn chưa đầy 60 phút nữa là đến giờ, hoặc khung giờ đã hết."),
    _l("Đồng chí mở lại trang chậm giờ để xem đề xuất mới."),
)
say("NO_TIME_CHOSEN", _l("Chưa hẹn được ai"), _l("Đồng chí chọn ít nhất một người rồi bấm lại."))
say("NOBODY_CHOSEN", _l("Chưa lưu được"), _l("Đồng chí chọn ít nhất một người để tách."))
say(
    "PLAN_OUTDATED",
    _l("Đề xuất đã cũ"),
    _l(
        "Khung giờ %(window)s đã bắt đầu, hoặc vừa có người khác đặt vào nên sẽ dồn người cùng lúc. "
        "Chưa có gì được công bố."
    ),
    _l("Đồng chí bấm “Xếp tự động” lần nữa để có đề xuất mới."),
)
say(
    "WINDOW_FULL",
    _l("Khung giờ không đủ chỗ"),
    _l("Khung giờ %(window)s thiếu %(minutes)s phút-dây chuyền. Chưa có gì được lưu."),
    _l("Đồng chí xếp lại, hoặc chọn khung giờ khác."),
)
say(
    "CHANGE_OUTSIDE_WINDOW",
    _l("Thời gian nằm ngoài khung giờ"),
    _l("Khoảng thay đổi phải nằm trong khung %(window)s."),
    _l("Đồng chí nhập lại giờ."),
)
say(
    "BREAK_OF_WHOLE_WINDOW",
    _l("Cả khung giờ sẽ nghỉ"),
    _l("Khoảng nghỉ chiếm cả khung giờ."),
    _l("Muốn đóng cả khung, đồng chí xóa khung hoặc sửa số dây chuyền về 0."),
)
say(
    "PART_OVERBOOKED",
    _l("Phần này đã hẹn nhiều hơn mức mới"),
    _l("Phần %(part)s đã hẹn %(count)s đồng chí, thiếu %(minutes)s phút-dây chuyền. Chưa có gì được lưu."),
    _l("Đồng chí chuyển bớt lịch hẹn sang khung khác trước, hoặc chọn giờ khác."),
)
say(
    "DAY_QUOTA_FULL",
    _l("Quá số người của đơn vị trong ngày"),
    _l("Ngày %(day)s vượt %(over)s người so với mức mà điểm thu nhận dành cho đơn vị. Chưa có gì được lưu."),
    _l("Đồng chí chọn ngày khác, xếp lại, hoặc đề nghị Trưởng điểm thu nhận nâng mức."),
)
say(
    "TIME_JUST_TAKEN",
    _l("Giờ này vừa có người đặt"),
    _l("Trong khung giờ %(window)s, người khác vừa đặt nên nay trùng %(minutes)s phút. Chưa có gì được lưu."),
    _l("Đồng chí chọn lại giờ bắt đầu."),
)
say(
    "NO_FIT",
    _l("Không xếp được vào khung giờ này"),
    _l("Giờ bắt đầu không nằm trong khung giờ %(window)s, hoặc khung không có dây chuyền."),
    _l("Đồng chí chọn giờ hoặc khung khác."),
)
say(
    "BLOCK_CHANGED",
    _l("Lịch của chi bộ vừa thay đổi"),
    _l("Người khác vừa chuyển %(cell)s sang %(now)s. Thay đổi của đồng chí chưa được lưu."),
    _l("Đồng chí xem lại lịch mới rồi quyết định."),
)
say(
    "BLOCK_BEGUN",
    _l("Lượt của chi bộ đã bắt đầu"),
    _l("Giờ hẹn đầu tiên của %(cell)s đã đến nên không chuyển cả chi bộ được nữa."),
    _l("Đồng chí hẹn lại từng người."),
)
say(
    "BLOCK_NOT_FOUND",
    _l("Không tìm thấy lịch của chi bộ"),
    _l("Lịch này đã được gỡ, hoặc không thuộc đơn vị của đồng chí."),
    _l("Đồng chí quay lại trang Lịch hẹn."),
)
say(
    "WINDOW_NOT_FOUND",
    _l("Không tìm thấy khung giờ"),
    _l("Khung giờ đã bị xóa, đã bắt đầu, hoặc không thuộc đơn vị của đồng chí."),
    _l("Đồng chí chọn khung giờ khác."),
)
say(
    "MEMBER_DONE",
    _l("Đồng chí này đã thu nhận xong"),
    _l("Không cần hẹn lại nữa."),
    _l("Nếu ghi nhầm, đồng chí báo Trưởng điểm thu nhận."),
)
say(
    "MEMBER_BLOCKED",
    _l("Chưa hẹn lại được"),
    _l("Đồng chí này còn vướng: %(reason)s."),
    _l("Đồng chí giải quyết trường hợp này ở trang Chưa thực hiện trước, rồi hẹn lại."),
)
say(
    "MEMBER_NOT_COUNTED",
    _l("Đồng chí này không thuộc diện đổi thẻ"),
    _l("Đảng viên dự bị, đã chuyển đi hoặc đã mất không được mời."),
    _l("Nếu danh sách ghi sai, đồng chí sửa danh sách trước."),
)
say(
    "NO_GAP",
    _l("Không còn chỗ trống"),
    _l("Các khung giờ từ lúc này trở đi đều đã kín."),
    _l("Đồng chí đề nghị Trưởng điểm thu nhận mở thêm khung giờ."),
)
say(
    "GAP_JUST_TAKEN",
    _l("Chỗ này vừa có người nhận"),
    _l("Người khác vừa được hẹn vào giờ đó. Chưa có gì được lưu."),
    _l("Đồng chí mở lại trang Hẹn lại để chọn giờ khác."),
)
