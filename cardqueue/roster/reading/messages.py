"""What the reader has to say about a row: codes with what was found and expected, and their Vietnamese sentences.

The pure layer knows only codes and figures. A sentence is made at the edge by `describe`, with the edge's own gettext.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from cardqueue.roster.reading.fields import Field

Translate = Callable[[str], str]


class Severity(StrEnum):
    """How much a message weighs: an error blocks booking, a warning wants a look, a note is only said."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class RowState(StrEnum):
    """What a row's messages come to."""

    VALID = "valid"
    LOOK = "look"
    WRONG = "wrong"


class Code(StrEnum):
    """What can be the matter with a row of a list."""

    NAME_MISSING = "NAME_MISSING"
    NAME_FORMAT = "NAME_FORMAT"
    NAME_TCVN3 = "NAME_TCVN3"
    NAME_VNI = "NAME_VNI"
    ID_MISSING = "ID_MISSING"
    ID_LENGTH = "ID_LENGTH"
    ID_OLD_CMND = "ID_OLD_CMND"
    ID_LEADING_ZERO = "ID_LEADING_ZERO"
    ID_PREFIX = "ID_PREFIX"
    ID_DUP = "ID_DUP"
    SEX_MISMATCH = "SEX_MISMATCH"
    SEX_MISSING = "SEX_MISSING"
    SEX_UNCLEAR = "SEX_UNCLEAR"
    YEAR_MISMATCH = "YEAR_MISMATCH"
    DOB_MISSING = "DOB_MISSING"
    DOB_INVALID = "DOB_INVALID"
    DOB_PARTIAL = "DOB_PARTIAL"
    DOB_SWAP = "DOB_SWAP"
    DOB_SHORT_YEAR = "DOB_SHORT_YEAR"
    DATE_INVALID = "DATE_INVALID"
    DATE_SWAP = "DATE_SWAP"
    DATE_FUTURE = "DATE_FUTURE"
    AGE = "AGE"
    CARD_FORMAT = "CARD_FORMAT"
    CARD_DUP = "CARD_DUP"
    CELL_MISSING = "CELL_MISSING"
    PHONE_FORMAT = "PHONE_FORMAT"
    STATUS = "STATUS"
    STATUS_UNKNOWN = "STATUS_UNKNOWN"
    PERSON_DUP = "PERSON_DUP"


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to say about a row. Shapes: `found`, `expected`, `suggestion` are figures and words, not sentences."""

    code: Code
    severity: Severity
    field: Field | None = None
    found: str = ""
    expected: str = ""
    suggestion: str = ""


def state_of(messages: tuple[Message, ...]) -> RowState:
    """What messages come to: wrong with an error, to be looked at with a warning, else valid."""
    severities = {message.severity for message in messages}
    if Severity.ERROR in severities:
        return RowState.WRONG
    return RowState.LOOK if Severity.WARNING in severities else RowState.VALID


def describe(message: Message, gettext: Translate) -> str:
    """The message as a sentence that says what is the matter and what to do. `gettext` translates a msgid."""
    values = {
        "found": _word(message.found, gettext),
        "expected": _word(message.expected, gettext),
        "suggestion": _word(message.suggestion, gettext),
    }
    sentence = _NARROWER.get((message.code, message.field, bool(message.expected)), _SENTENCES[message.code])
    return gettext(sentence) % values


def field_label(field: Field, gettext: Translate) -> str:
    """What a field is called on the screen."""
    return gettext(_LABELS[field])


def _word(value: str, gettext: Translate) -> str:
    return gettext(_WORDS[value]) if value in _WORDS else value


def N_(msgid: str) -> str:  # noqa: N802 - the name by which the extraction of msgids knows a marked text
    return msgid


_WORDS = {
    "male": N_("nam"),
    "female": N_("nữ"),
    "probationary": N_("đảng viên dự bị"),
    "exempt": N_("miễn công tác, miễn sinh hoạt"),
    "transferring": N_("đang chuyển sinh hoạt"),
    "under_review": N_("đang xem xét"),
    "left": N_("đã ra khỏi Đảng"),
    "deceased": N_("đã từ trần"),
}

_SENTENCES = {
    Code.NAME_MISSING: N_("Chưa có họ và tên. Đề nghị ghi đầy đủ họ và tên."),
    Code.NAME_FORMAT: N_("Họ và tên “%(found)s” viết khác thường. Đề nghị kiểm tra lại."),
    Code.NAME_TCVN3: N_("Họ và tên viết bằng phông chữ cũ (TCVN3); đang đọc là “%(suggestion)s”."),
    Code.NAME_VNI: N_("Họ và tên viết bằng phông chữ cũ (VNI); đang đọc là “%(suggestion)s”."),
    Code.ID_MISSING: N_("Chưa có số định danh. Đề nghị bổ sung đủ 12 chữ số."),
    Code.ID_LENGTH: N_("Số định danh “%(found)s” không đủ 12 chữ số. Đề nghị ghi lại theo thẻ căn cước."),
    Code.ID_OLD_CMND: N_("“%(found)s” là số chứng minh nhân dân cũ. Đề nghị ghi số định danh 12 chữ số."),
    Code.ID_LEADING_ZERO: N_("Số định danh “%(found)s” thiếu số 0 ở đầu – đề nghị %(suggestion)s."),
    Code.ID_PREFIX: N_("Ba số đầu của số định danh (%(found)s) không thuộc tỉnh nào. Đề nghị kiểm tra lại."),
    Code.ID_DUP: N_("Số định danh %(found)s có ở dòng khác: %(suggestion)s. Đề nghị giữ một dòng hoặc sửa số."),
    Code.SEX_MISMATCH: N_("Danh sách ghi %(found)s nhưng số định danh là của %(expected)s. Đề nghị kiểm tra lại."),
    Code.SEX_MISSING: N_("Chưa ghi nam hay nữ. Theo số định danh: %(suggestion)s."),
    Code.SEX_UNCLEAR: N_("Không rõ nam hay nữ (“%(found)s”). Đề nghị ghi một bên."),
    Code.YEAR_MISMATCH: N_("Năm sinh %(found)s khác năm %(expected)s trong số định danh. Đề nghị kiểm tra lại."),
    Code.DOB_MISSING: N_("Chưa có ngày sinh. Đề nghị bổ sung, ví dụ 02/01/1950."),
    Code.DOB_INVALID: N_("Ngày sinh “%(found)s” không đọc được. Đề nghị ghi ngày/tháng/năm, ví dụ 02/01/1950."),
    Code.DOB_PARTIAL: N_("Ngày sinh chỉ có %(found)s. Đề nghị bổ sung ngày, tháng nếu biết."),
    Code.DOB_SWAP: N_("Ngày sinh “%(found)s” có thể lẫn ngày với tháng; đang hiểu là %(suggestion)s."),
    Code.DOB_SHORT_YEAR: N_("Ngày sinh “%(found)s” chỉ có hai số cuối của năm; đang hiểu là %(suggestion)s."),
    Code.DATE_INVALID: N_("Ngày “%(found)s” không đọc được. Đề nghị ghi ngày/tháng/năm, ví dụ 03/02/1985."),
    Code.DATE_SWAP: N_("Ngày “%(found)s” có thể lẫn ngày với tháng; đang hiểu là %(suggestion)s."),
    Code.DATE_FUTURE: N_("Ngày %(found)s chưa đến. Đề nghị kiểm tra lại."),
    Code.AGE: N_("Tuổi %(found)s nằm ngoài khoảng 18–110. Đề nghị kiểm tra ngày sinh."),
    Code.CARD_FORMAT: N_("Số thẻ “%(found)s” không phải 8 hoặc 12 chữ số. Đề nghị kiểm tra lại."),
    Code.CARD_DUP: N_("Số thẻ %(found)s có ở dòng khác: %(suggestion)s. Đề nghị kiểm tra lại."),
    Code.CELL_MISSING: N_("Chưa ghi chi bộ. Đề nghị chọn chi bộ."),
    Code.PHONE_FORMAT: N_("Số điện thoại “%(found)s” không đúng. Đề nghị kiểm tra lại."),
    Code.STATUS: N_("Tình trạng: %(found)s → %(suggestion)s."),
    Code.STATUS_UNKNOWN: N_("Không hiểu tình trạng “%(found)s”; đang coi là đảng viên chính thức."),
    Code.PERSON_DUP: N_("Cùng họ tên và ngày sinh với dòng khác: %(suggestion)s. Đề nghị kiểm tra có trùng người."),
}

# Where one code covers several findings, the field and whether something was expected tell them apart.
_NARROWER: dict[tuple[Code, Field | None, bool], str] = {
    (Code.AGE, Field.JOINED, False): N_("Vào Đảng ngày %(found)s khi chưa đủ 18 tuổi. Đề nghị kiểm tra lại."),
    (Code.AGE, Field.OFFICIAL, True): N_(
        "Ngày chính thức %(found)s trước ngày vào Đảng %(expected)s. Đề nghị kiểm tra lại."
    ),
    (Code.CARD_FORMAT, Field.CARD_NO, True): N_("Số thẻ mới %(found)s khác số định danh. Đề nghị kiểm tra lại."),
}

_LABELS = {
    Field.NUMBER: N_("Số thứ tự"),
    Field.NAME: N_("Họ và tên"),
    Field.FAMILY_NAMES: N_("Họ và tên đệm"),
    Field.GIVEN_NAME: N_("Tên"),
    Field.SEX: N_("Giới tính"),
    Field.BIRTH: N_("Ngày sinh"),
    Field.BIRTH_DAY: N_("Ngày sinh: ngày"),
    Field.BIRTH_MONTH: N_("Ngày sinh: tháng"),
    Field.BIRTH_YEAR: N_("Ngày sinh: năm"),
    Field.MALE: N_("Nam (ngày sinh hoặc dấu x)"),
    Field.FEMALE: N_("Nữ (ngày sinh hoặc dấu x)"),
    Field.CITIZEN_ID: N_("Số định danh cá nhân"),
    Field.OLD_ID: N_("Số CMND cũ"),
    Field.CARD_NO: N_("Số thẻ đảng viên"),
    Field.OLD_CARD_NO: N_("Số thẻ đảng viên cũ"),
    Field.CELL: N_("Chi bộ"),
    Field.JOINED: N_("Ngày vào Đảng"),
    Field.OFFICIAL: N_("Ngày chính thức"),
    Field.JOINED_AND_OFFICIAL: N_("Ngày vào Đảng, ngày chính thức"),
    Field.PROBATIONARY: N_("Đảng viên dự bị (đánh dấu)"),
    Field.PHONE: N_("Số điện thoại"),
    Field.STATUS: N_("Trạng thái"),
    Field.MOVED_OUT: N_("Chuyển đi"),
    Field.LEFT_PARTY: N_("Ra khỏi Đảng"),
    Field.DECEASED: N_("Từ trần"),
    Field.NOTE: N_("Ghi chú"),
    Field.CHECK_RESULT: N_("Kết quả kiểm tra"),
    Field.CHECK_DETAIL: N_("Chi tiết lỗi"),
    Field.ETHNICITY: N_("Dân tộc (không lưu)"),
    Field.RELIGION: N_("Tôn giáo (không lưu)"),
    Field.ORIGIN: N_("Quê quán (không lưu)"),
    Field.OTHER: N_("Cột khác (không lưu)"),
}
