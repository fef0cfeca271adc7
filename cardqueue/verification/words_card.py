"""Words of comparing a member with the citizen card at the desk."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cardqueue.verification.registries.card import ScanFault
from cardqueue.verification.services.card import CardOutcome

SCAN_FAULTS: Mapping[ScanFault, LazyString] = {
    ScanFault.EMPTY: _l("Đồng chí đặt con trỏ vào ô rồi quét mã QR trên thẻ căn cước."),
    ScanFault.SLIP: _l("Đây là mã trên giấy hẹn. Đồng chí quét mã QR trên thẻ căn cước."),
    ScanFault.NUMBER_ALONE: _l("Mới có số định danh, chưa có ngày sinh. Đồng chí quét mã QR, không quét mã vạch."),
    ScanFault.HALF: _l("Chỉ đọc được một phần mã QR. Đồng chí giữ thẻ yên và quét lại."),
    ScanFault.TWO_SCANS: _l("Ô có hai lần quét nối nhau. Đồng chí quét lại một lần."),
    ScanFault.OTHER: _l("Đây không phải mã QR trên thẻ căn cước. Đồng chí quét lại đúng mã."),
}
#: What comparing gave: a sentence, and the kind of message that it is.
OUTCOMES: Mapping[str, tuple[LazyString, str]] = {
    CardOutcome.AGREES: (_l("Khớp với thẻ căn cước"), "good"),
    CardOutcome.DIFFERS: (_l("Khác với thẻ căn cước"), "warning"),
    CardOutcome.OTHER_PERSON: (_l("Thẻ này không phải của đồng chí này"), "bad"),
}
#: What to do then.
NEXT_STEPS: Mapping[str, LazyString] = {
    CardOutcome.AGREES: _l("Số định danh và ngày sinh trong danh sách đúng như trên thẻ."),
    CardOutcome.DIFFERS: _l("Đồng chí xem lại các mục dưới đây trên thẻ rồi kết luận."),
    CardOutcome.OTHER_PERSON: _l(
        "Cả số định danh và ngày sinh đều khác. Đồng chí hỏi lại họ tên và mở đúng trường hợp của người đang có mặt."
    ),
}
