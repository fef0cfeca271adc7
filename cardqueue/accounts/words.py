"""Roles in Vietnamese, and what the accounts refuse."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from cardqueue.core.access import Role
from cardqueue.core.words import say

ROLE_WORDS = {
    Role.ADMIN: _l("Quản trị viên"),
    Role.COMMITTEE: _l("Văn phòng Đảng ủy"),
    Role.CELL_SECRETARY: _l("Bí thư chi bộ"),
    Role.OFFICER: _l("Cán bộ thu nhận"),
    Role.STATION_CHIEF: _l("Trưởng điểm thu nhận"),
    Role.SUPERVISOR: _l("Theo dõi cấp tỉnh"),
}

ROLE_HINTS = {
    Role.ADMIN: _l("Tạo đợt, đơn vị và tài khoản; không xem đảng viên."),
    Role.COMMITTEE: _l("Nhập danh sách, xếp lịch, in giấy hẹn, theo dõi đảng viên của một đảng bộ."),
    Role.CELL_SECRETARY: _l("Xem danh sách, giấy hẹn và việc còn lại của một chi bộ."),
    Role.OFFICER: _l("Đối soát thông tin và tiếp nhận tại một điểm thu nhận."),
    Role.STATION_CHIEF: _l("Như cán bộ thu nhận; thêm khung giờ, dây chuyền và nhập dữ liệu dân cư."),
    Role.SUPERVISOR: _l("Xem số liệu từng xã của một tỉnh, không xem tên."),
}

say(
    "USERNAME_TAKEN",
    _l("Tên đăng nhập đã có"),
    _l("Đã có tài khoản tên %(username)s."),
    _l("Đồng chí đặt tên khác."),
)
say(
    "UNIT_MISSING",
    _l("Chưa chọn đơn vị"),
    _l("Vai trò này cần một đơn vị."),
    _l("Đồng chí chọn đơn vị trong danh sách."),
)
say(
    "LAST_ADMIN",
    _l("Đây là quản trị viên cuối cùng"),
    _l("Phải luôn có ít nhất một quản trị viên đang hoạt động."),
    _l("Đồng chí tạo quản trị viên khác trước."),
)
say(
    "PASSWORD_TOO_SHORT",
    _l("Mật khẩu quá ngắn"),
    _l("Mật khẩu phải có ít nhất %(least)s ký tự."),
    _l("Đồng chí đặt mật khẩu dài hơn."),
)
say(
    "PASSWORD_MUST_CHANGE",
    _l("Cần đổi mật khẩu"),
    _l("Đây là lần đăng nhập đầu tiên với mật khẩu được cấp."),
    _l("Đồng chí đổi mật khẩu rồi làm tiếp."),
)
say(
    "ACCOUNT_NOT_FOUND",
    _l("Không tìm thấy tài khoản"),
    _l("Tài khoản này không có."),
    _l("Đồng chí tìm lại trong danh sách tài khoản."),
)
