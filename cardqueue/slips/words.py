"""Slips in words: their states, layouts and texts, and what a person can do about a refusal."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from cardqueue.core.words import say
from cardqueue.slips.drawing import Layout
from cardqueue.slips.rules import SlipState

STATE_WORDS = {
    SlipState.NEW: _l("Chưa in"),
    SlipState.CHANGED: _l("Đã đổi, in lại"),
    SlipState.PRINTED: _l("Đã in"),
}

LAYOUT_WORDS = {
    Layout.A5: _l("Khổ A5, mỗi tờ một giấy"),
    Layout.A4_FOUR: _l("Khổ A4, mỗi tờ bốn giấy, cắt theo đường kẻ"),
}

# The fields of SlipFace and of the lists, as the office knows them.
TEXT_WORDS = {
    "issuer": _l("Tên Đảng ủy và cấp trên"),
    "place_and_date": _l("Địa danh"),
    "title": _l("Tiêu đề giấy hẹn"),
    "name": _l("Họ và tên"),
    "cell": _l("Tên chi bộ"),
    "place": _l("Tên điểm thu nhận"),
    "address": _l("Địa chỉ điểm thu nhận"),
    "bring": _l("Mang theo"),
    "notes": _l("Trang phục và lưu ý"),
    "contact": _l("Người liên hệ"),
}

say(
    "NO_SLIPS",
    _l("Không có giấy nào để in"),
    _l("Chưa có lịch hẹn nào phù hợp với lựa chọn."),
    _l("Đồng chí chọn chi bộ hoặc ngày khác."),
)
say(
    "NO_SLIP_OF_MEMBER",
    _l("Chưa có giấy hẹn để in"),
    _l("Đồng chí này chưa có lịch hẹn từ hôm nay, đã thu nhận xong, hoặc không thuộc đơn vị của đồng chí."),
    _l("Đồng chí kiểm tra lịch hẹn; nếu đã qua ngày thì hẹn lại trước."),
)
say(
    "NO_DOOR_LIST",
    _l("Không có danh sách cho ngày này"),
    _l("Ngày này không có ai được hẹn đến điểm thu nhận của đồng chí."),
    _l("Đồng chí chọn ngày khác trong danh sách."),
)
