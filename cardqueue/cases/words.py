"""The ledger's states and reasons in Vietnamese, and the colour kind of each."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from cardqueue.cases.models import CaseState, PendingReason

STATE_WORDS = {
    CaseState.NOT_YET: _l("Chưa đến lượt"),
    CaseState.DONE: _l("Đã thu nhận"),
    CaseState.PENDING: _l("Chưa thực hiện"),
}

STATE_KINDS = {CaseState.NOT_YET: "neutral", CaseState.DONE: "good", CaseState.PENDING: "warning"}

REASON_WORDS = {
    PendingReason.WRONG_INFO: _l("Sai lệch thông tin"),
    PendingReason.ID_MISSING: _l("Chưa có số định danh"),
    PendingReason.BUSY: _l("Bận công tác"),
    PendingReason.WEAK_HEALTH: _l("Sức khỏe yếu"),
    PendingReason.AWAY: _l("Đi xa, ở nước ngoài"),
    PendingReason.TRANSFER: _l("Đang chuyển sinh hoạt đảng"),
    PendingReason.EXEMPT: _l("Miễn công tác, sinh hoạt"),
    PendingReason.UNDER_REVIEW: _l("Đang xem xét kỷ luật"),
    PendingReason.NO_OLD_CARD: _l("Mất hoặc chưa có thẻ cũ"),
    PendingReason.NO_SHOW: _l("Vắng mặt, không đến"),
    PendingReason.TECH: _l("Lỗi hệ thống, đường truyền"),
    PendingReason.NO_PHOTO: _l("Ảnh không đạt"),
    PendingReason.NOT_OURS: _l("Không thuộc danh sách"),
}

# What whoever follows the case up does next.
REASON_NEXT_STEPS = {
    PendingReason.WRONG_INFO: _l("Công an đối soát và xác nhận thông tin; chi bộ nhắc đồng chí mang giấy tờ gốc."),
    PendingReason.ID_MISSING: _l("Đồng chí làm thủ tục cấp căn cước, rồi báo số định danh cho Đảng ủy."),
    PendingReason.BUSY: _l("Hỏi đồng chí ngày đi được, rồi hẹn lại."),
    PendingReason.WEAK_HEALTH: _l("Bố trí thu nhận tại nhà hoặc chờ hồi phục, rồi hẹn lại."),
    PendingReason.AWAY: _l("Hỏi ngày về, rồi hẹn lại."),
    PendingReason.TRANSFER: _l("Hỏi nơi chuyển đến; nếu vẫn ở đây thì hẹn lại."),
    PendingReason.EXEMPT: _l("Hỏi nguyện vọng; thường thu nhận tại nhà."),
    PendingReason.UNDER_REVIEW: _l("Chờ kết luận của cấp ủy."),
    PendingReason.NO_OLD_CARD: _l("Chi bộ xét và lập danh sách đề nghị, kèm ảnh."),
    PendingReason.NO_SHOW: _l("Hỏi lý do qua chi bộ, rồi hẹn lại."),
    PendingReason.TECH: _l("Hẹn lại khi hệ thống đã thông."),
    PendingReason.NO_PHOTO: _l("Hẹn lại để chụp ảnh khác."),
    PendingReason.NOT_OURS: _l("Kiểm tra lại danh sách; nếu nhầm thì đưa ra khỏi danh sách."),
}
