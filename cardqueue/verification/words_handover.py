"""Words of hash-only hand-overs, their keys, and registries that cannot be used."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cardqueue.core.words import say
from cardqueue.verification.handover.hashing import KeyFault

KEY_FAULTS: Mapping[KeyFault, LazyString] = {
    KeyFault.EMPTY: _l("Đồng chí dán nội dung tệp khóa, hoặc chọn tệp khóa."),
    KeyFault.NOT_A_KEY: _l("Đây không phải khóa bàn giao. Đồng chí dán cả nội dung tệp khóa mà công an đã tạo."),
    KeyFault.MISTYPED: _l("Khóa không khớp dấu nhận biết ghi bên cạnh: có chữ bị mất hoặc bị đổi. Đồng chí chép lại."),
}

_NOT_LOADED = _l("Chưa nhập được tệp bàn giao")
say(
    "HANDOVER_OTHER_FILE",
    _NOT_LOADED,
    _l("Tệp không phải tệp bàn giao mã băm (.cqh)."),
    _l("Đồng chí chọn lại tệp; dữ liệu dân cư dạng bảng thì nhập ở trang Dữ liệu dân cư."),
)
say(
    "HANDOVER_OTHER_VERSION",
    _NOT_LOADED,
    _l("Tệp do một phiên bản khác của chương trình tạo ra."),
    _l("Đồng chí cài cùng phiên bản ở hai nơi rồi tạo lại tệp."),
)
say(
    "HANDOVER_CUT",
    _NOT_LOADED,
    _l("Tệp bị cắt: chỉ còn %(found)s trên %(expected)s người."),
    _l("Đồng chí chép lại tệp từ máy của công an."),
)
say(
    "HANDOVER_DAMAGED",
    _NOT_LOADED,
    _l("Tệp bị hỏng hoặc bị sửa sau khi tạo."),
    _l("Đồng chí chép lại tệp từ máy của công an."),
)
say(
    "HANDOVER_OTHER_KEY",
    _NOT_LOADED,
    _l("Tệp được tạo bằng khóa khác với khóa của đợt này."),
    _l("Đồng chí nhập đúng khóa của tệp, hoặc tạo lại tệp bằng khóa đã nhập."),
)
say(
    "HANDOVER_KEY_ABSENT",
    _l("Máy chủ chưa có khóa bàn giao"),
    _l("Dữ liệu dân cư dạng mã băm cần khóa có dấu nhận biết %(fingerprint)s; máy chủ không có khóa này."),
    _l("Trưởng công an xã nhập khóa ở trang Bàn giao mã băm, hoặc xóa dữ liệu mã băm này."),
)
say(
    "REGISTRY_UNKNOWN",
    _l("Không mở được nguồn dữ liệu dân cư"),
    _l("Nguồn dữ liệu “%(name)s” chưa được cài trên máy chủ này."),
    _l("Đồng chí báo người quản trị cài lại, hoặc nhập dữ liệu dân cư bằng tệp."),
)
say(
    "REGISTRY_NOT_LOADED",
    _l("Không mở được nguồn dữ liệu dân cư"),
    _l("Nguồn dữ liệu “%(name)s” đã cài nhưng không chạy được (%(problem)s)."),
    _l("Đồng chí báo người quản trị kèm dòng trên."),
)
