"""The data cleaning in words: the six words and how each is measured, what is wrong, what two lists say differently."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cardqueue.cleaning.rules.comparison import Part, Why
from cardqueue.cleaning.rules.quality import LIVING_DAYS, Fault, Lack, Word
from cardqueue.core.words import say

WORDS: Mapping[str, LazyString] = {
    Word.CORRECT: _l("Đúng"),
    Word.COMPLETE: _l("Đủ"),
    Word.CLEAN: _l("Sạch"),
    Word.LIVING: _l("Sống"),
    Word.CONSISTENT: _l("Thống nhất"),
    Word.SHARED: _l("Dùng chung"),
}
DEFINITIONS: Mapping[str, LazyString] = {
    Word.CORRECT: _l(
        "Số định danh, họ tên, ngày sinh và giới tính khớp dữ liệu dân cư, hoặc công an đã kết luận chỗ khác nhau."
    ),
    Word.COMPLETE: _l(
        "Có đủ chín mục mà Sổ tay đảng viên điện tử hiển thị: họ tên, ngày sinh (ít nhất là năm), giới tính, chi bộ, "
        "số định danh, số thẻ đảng viên, ngày vào Đảng, ngày chính thức, số điện thoại."
    ),
    Word.CLEAN: _l(
        "Không sai quy cách: họ tên viết đủ chữ bằng phông Unicode; chữ số trong số định danh hợp với giới tính và năm "
        "sinh; ngày sinh, ngày vào Đảng, ngày chính thức đúng thứ tự; số định danh và số thẻ không trùng với ai trong "
        "đợt."
    ),
    Word.LIVING: _l(
        "Trong %(days)s ngày gần đây đã được đối soát, được công an kết luận, hoặc chính đồng chí đó đã gửi lại "
        "phiếu rà soát.",
        days=LIVING_DAYS,
    ),
    Word.CONSISTENT: _l(
        "Giống danh sách nhập gần nhất: từ đó đến nay chưa sửa riêng ở đây, và không có trường hợp nào còn mở về sai "
        "thông tin, chuyển sinh hoạt hay không thuộc danh sách."
    ),
    Word.SHARED: _l(
        "Dùng được cho Sổ tay đảng viên điện tử: số định danh đã xác thực, không trùng, và có số điện thoại."
    ),
}
LACKS: Mapping[str, LazyString] = {
    Lack.NOT_COMPARED: _l("chưa đối soát với dữ liệu dân cư"),
    Lack.DIFFERS: _l("khác dữ liệu dân cư, chưa có kết luận"),
    Lack.NOT_SEEN: _l("quá %(days)s ngày chưa ai xem lại", days=LIVING_DAYS),
    Lack.NO_LIST: _l("chưa nhập danh sách nào để so"),
    Lack.CHANGED_HERE: _l("đã sửa ở đây sau lần nhập danh sách gần nhất"),
    Lack.DISPUTED: _l("có trường hợp còn mở"),
}
FAULTS: Mapping[str, LazyString] = {
    Fault.NAME_FORMAT: _l("họ tên viết chưa đúng quy cách"),
    Fault.NUMBER_SEX: _l("số định danh không hợp với giới tính"),
    Fault.NUMBER_YEAR: _l("số định danh không hợp với năm sinh"),
    Fault.DATES_ORDER: _l("thứ tự ngày sinh, ngày vào Đảng, ngày chính thức"),
    Fault.HELD_TWICE: _l("số định danh hoặc số thẻ trùng người khác"),
}
PARTS: Mapping[str, LazyString] = {
    Part.CELL: _l("Chi bộ"),
    Part.FULL_NAME: _l("Họ và tên"),
    Part.BIRTH_ON: _l("Ngày sinh"),
    Part.SEX: _l("Giới tính"),
    Part.CITIZEN_ID: _l("Số định danh"),
    Part.CARD_NO: _l("Số thẻ đảng viên"),
    Part.JOINED_ON: _l("Ngày vào Đảng"),
    Part.OFFICIAL_ON: _l("Ngày chính thức"),
}
WHYS: Mapping[str, LazyString] = {
    Why.NUMBER: _l("cùng số"),
    Why.NAME: _l("cùng họ tên"),
}
# Beside the parts of a person, by what the lines of a comparison can be picked.
GONE, APPEARED, DOUBT = "gone", "appeared", "doubt"
KINDS: Mapping[str, LazyString] = {
    GONE: _l("Không còn trong danh sách mới"),
    APPEARED: _l("Mới xuất hiện"),
    DOUBT: _l("Chưa rõ là ai"),
    Part.CELL: _l("Đổi chi bộ"),
    Part.FULL_NAME: _l("Đổi họ tên"),
    Part.BIRTH_ON: _l("Đổi ngày sinh"),
    Part.SEX: _l("Đổi giới tính"),
    Part.CITIZEN_ID: _l("Đổi số định danh"),
    Part.CARD_NO: _l("Đổi số thẻ đảng viên"),
    Part.JOINED_ON: _l("Đổi ngày vào Đảng"),
    Part.OFFICIAL_ON: _l("Đổi ngày chính thức"),
}

say(
    "NOT_A_CHECKED_LIST",
    _l("Không ghi được vào tệp này"),
    _l("Tệp không có hai cột “Kết quả kiểm tra” và “Chi tiết lỗi” của File nhập liệu 4.0."),
    _l("Đồng chí chọn đúng tệp, giữ nguyên các dòng tiêu đề."),
)
say(
    "NO_LIST_IN_FILE",
    _l("Không tìm thấy danh sách trong tệp"),
    _l("Không trang tính nào có cột họ tên cùng với ngày sinh, giới tính hoặc một loại số."),
    _l("Đồng chí kiểm tra dòng tiêu đề của tệp rồi chọn lại."),
)
say(
    "NOT_XLSX",
    _l("Không ghi được vào tệp này"),
    _l("Chỉ ghi được vào tệp .xlsx."),
    _l("Đồng chí mở tệp bằng Excel, chọn Lưu thành dạng .xlsx rồi chọn lại."),
)
say(
    "TOO_DIFFERENT",
    _l("Hai danh sách khác nhau quá nhiều"),
    _l("Kết quả so sánh quá dài để hiện trên trang."),
    _l("Đồng chí kiểm tra đã chọn đúng hai tệp chưa, hoặc so từng chi bộ."),
)
say(
    "COMPARISON_LOST",
    _l("Kết quả so sánh không còn"),
    _l("Kết quả chỉ nằm trong trang đang mở, phần mềm không lưu."),
    _l("Đồng chí chọn lại hai tệp và so sánh lại."),
)
