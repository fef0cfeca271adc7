"""Error pages in plain words: what happened, and what to do next.

A feature adds the sentences of its own reason codes with `say`; a code without a sentence falls back to its status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from cardqueue.core.i18n import show_datetime, show_span
from cardqueue.lib.intervals import Interval


@dataclass(frozen=True, slots=True)
class Words:
    """An error in words; `next_step` tells the person what to do."""

    heading: str
    explanation: str
    next_step: str


_STATUS: dict[int, Words] = {
    400: Words(
        _l("Yêu cầu chưa đúng"),
        _l("Máy chủ không đọc được nội dung vừa gửi."),
        _l("Đồng chí quay lại trang trước, tải lại trang rồi làm lại."),
    ),
    401: Words(
        _l("Cần đăng nhập"),
        _l("Phiên làm việc đã hết hoặc đồng chí chưa đăng nhập."),
        _l("Đồng chí đăng nhập rồi làm lại việc vừa rồi."),
    ),
    403: Words(
        _l("Không thuộc phần việc của tài khoản này"),
        _l("Trang này dành cho người giữ vai trò khác."),
        _l("Nếu đồng chí cần dùng trang này, đề nghị quản trị viên cấp đúng vai trò."),
    ),
    404: Words(
        _l("Không tìm thấy trang"),
        _l("Địa chỉ không đúng, hoặc nội dung không thuộc đơn vị của đồng chí."),
        _l("Đồng chí kiểm tra lại đường dẫn hoặc về trang đầu."),
    ),
    405: Words(
        _l("Thao tác không dùng được ở đây"),
        _l("Trang này không nhận cách gửi vừa rồi."),
        _l("Đồng chí quay lại và dùng nút trên trang."),
    ),
    409: Words(
        _l("Dữ liệu vừa thay đổi"),
        _l("Người khác vừa cập nhật cùng nội dung này trước đồng chí."),
        _l("Đồng chí tải lại trang để xem số liệu mới rồi làm lại."),
    ),
    413: Words(
        _l("Tệp quá lớn"),
        _l("Tệp gửi lên vượt quá 10 MB."),
        _l("Đồng chí xóa bớt hình ảnh trong tệp hoặc chia tệp thành nhiều phần."),
    ),
    422: Words(
        _l("Chưa thực hiện được"),
        _l("Nội dung gửi lên chưa phù hợp."),
        _l("Đồng chí quay lại, sửa theo hướng dẫn rồi gửi lại."),
    ),
    429: Words(
        _l("Thao tác quá nhiều lần"),
        _l("Máy chủ tạm dừng nhận yêu cầu từ máy này."),
        _l("Đồng chí chờ một phút rồi làm lại."),
    ),
    500: Words(
        _l("Hệ thống gặp lỗi"),
        _l("Việc vừa rồi chưa được lưu. Lỗi đã được ghi lại."),
        _l("Đồng chí làm lại; nếu vẫn lỗi, báo người quản trị kèm giờ xảy ra."),
    ),
    503: Words(
        _l("Cơ sở dữ liệu tạm thời không trả lời"),
        _l("Số liệu không mất, nhưng lúc này không xem và không ghi được."),
        _l("Đồng chí chờ vài giây rồi tải lại. Nếu kéo dài, ghi sổ giấy và báo người quản trị."),
    ),
}

_REFUSALS: dict[str, Words] = {
    "CSRF": Words(
        _l("Trang mở quá lâu"),
        _l("Để an toàn, biểu mẫu chỉ dùng được trong phiên làm việc đã mở nó."),
        _l("Đồng chí tải lại trang rồi gửi lại."),
    ),
}


def say(reason_code: str, heading: str, explanation: str = "", next_step: str = "") -> None:
    """Give a reason code its words; `%(name)s` in them is filled from the refusal's values.

    Instants and intervals among the values are shown as the reader's language writes them.
    """
    _REFUSALS[reason_code] = Words(heading, explanation, next_step)


def refusal_words(reason_code: str, values: Mapping[str, Any]) -> Words | None:
    """The words of a refusal, None when its code has none."""
    words = _REFUSALS.get(reason_code)
    if words is None:
        return None
    shown = {name: _shown(value) for name, value in values.items()}
    return Words(
        *(str(part) % shown if shown else str(part) for part in (words.heading, words.explanation, words.next_step))
    )


def _shown(value: Any) -> Any:
    if isinstance(value, datetime):
        return show_datetime(value)
    return show_span(value) if isinstance(value, Interval) else value


def error_words(status: int) -> Words:
    """The words of an HTTP status."""
    return _STATUS.get(status) or _STATUS[500 if status >= 500 else 400]
