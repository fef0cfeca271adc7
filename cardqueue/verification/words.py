"""The feature's words: fields, levels, statuses, decisions, faults of a file, and the sentences of its refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cardqueue.core.words import say
from cardqueue.lib.citizen_id import mask_citizen_id
from cardqueue.lib.partial_date import PartialDate
from cardqueue.verification.models import CheckStatus, Decision, DecisionState
from cardqueue.verification.rules import Field, Level
from cardqueue.verification.rules.reasons import Part, Reason, Sureness

FIELDS: Mapping[str, LazyString] = {
    Field.FULL_NAME: _l("Họ và tên"),
    Field.BIRTH_ON: _l("Ngày sinh"),
    Field.SEX: _l("Giới tính"),
    Field.CITIZEN_ID: _l("Số định danh"),
}
SEXES: Mapping[str, LazyString] = {"male": _l("Nam"), "female": _l("Nữ")}

_LEVELS: Mapping[str, LazyString] = {
    Level.SPELLING: _l("khác cách viết"),
    Level.BARE: _l("một bên không có dấu"),
    Level.MARKS: _l("khác dấu"),
    Level.ORDER: _l("các chữ đổi chỗ"),
    Level.TYPO: _l("khác một vài chữ cái"),
    Level.SHORTENED: _l("thiếu chữ đệm hoặc viết tắt"),
    Level.RESEMBLES: _l("hơi giống"),
    Level.NONE: _l("khác hẳn"),
    Level.PARTIAL: _l("một bên chỉ có năm hoặc tháng"),
    Level.SWAPPED: _l("ngày và tháng đảo nhau"),
    Level.ONE_PART: _l("khác ngày, tháng hoặc năm"),
    Level.SAME_YEAR: _l("chỉ trùng năm"),
    Level.OTHER: _l("khác năm sinh"),
    Level.DIFFERS: _l("khác nhau"),
    Level.NEAR: _l("sai 1 chữ số"),
    Level.OLD: _l("hồ sơ ghi số chứng minh nhân dân cũ"),
    Level.CLOSE: _l("gần giống"),
    Level.DIFFERENT: _l("khác hẳn"),
    Level.SEX_DIGIT: _l("chữ số thứ tư không khớp giới tính"),
    Level.YEAR_DIGITS: _l("chữ số thứ năm, thứ sáu không khớp năm sinh"),
    Level.UNKNOWN: _l("không có trong dữ liệu dân cư"),
    Level.OTHER_PERSON: _l("số này là của người khác"),
    Level.HELD_TWICE: _l("hai đảng viên cùng một người hoặc cùng một số"),
    Level.RECORDED_TWICE: _l("dữ liệu dân cư có hai người cùng số"),
    Level.MISSING: _l("chưa có"),
}
STATUSES: Mapping[str, LazyString] = {
    CheckStatus.MATCH: _l("Đúng"),
    CheckStatus.MISMATCH: _l("Sai"),
    CheckStatus.MISSING: _l("Thiếu"),
    CheckStatus.DUPLICATE: _l("Trùng"),
    CheckStatus.NOT_FOUND: _l("Không tìm thấy"),
    CheckStatus.AMBIGUOUS: _l("Cần cán bộ xem"),
}
# By what the worklist can be narrowed.
KINDS: Mapping[str, LazyString] = {
    **FIELDS,
    **{
        kind: STATUSES[kind]
        for kind in (CheckStatus.MISSING, CheckStatus.DUPLICATE, CheckStatus.NOT_FOUND, CheckStatus.AMBIGUOUS)
    },
}
STAGES: Mapping[str, LazyString] = {
    "open": _l("Chưa xử lý"),
    "second": _l("Chờ người thứ hai"),
    "asked": _l("Chờ chi bộ"),
    "settled": _l("Đã xử lý"),
}
ORDERS: Mapping[str, LazyString] = {"": _l("Ai đến sớm nhất"), "cell": _l("Theo chi bộ")}
DECISIONS: Mapping[str, LazyString] = {
    Decision.RECORD_RIGHT: _l("Dữ liệu dân cư đúng"),
    Decision.ROSTER_RIGHT: _l("Hồ sơ đảng viên đúng"),
    Decision.BOTH_WRONG: _l("Cả hai sai, nhập lại"),
    Decision.NOBODY: _l("Không có ai trong số này"),
    Decision.ASK_CELL: _l("Chưa xác định, chuyển chi bộ xác minh"),
}
# What each decision does, under its radio.
HINTS: Mapping[str, LazyString] = {
    Decision.RECORD_RIGHT: _l("Danh sách đảng viên được sửa theo dữ liệu dân cư."),
    Decision.ROSTER_RIGHT: _l("Giữ nguyên danh sách; ghi lý do."),
    Decision.BOTH_WRONG: _l("Nhập giá trị đúng bên dưới; danh sách được sửa theo."),
    Decision.NOBODY: _l("Trường hợp còn mở, chuyển sang “Không tìm thấy”."),
    Decision.ASK_CELL: _l("Chọn người xác minh và hạn; trường hợp còn mở."),
}
DECISION_STATES: Mapping[str, LazyString] = {
    DecisionState.PROPOSED: _l("Chờ người thứ hai"),
    DecisionState.APPLIED: _l("Đã ghi"),
    DecisionState.REFUSED: _l("Bị từ chối"),
    DecisionState.UNDONE: _l("Đã hoàn tác"),
}
# What a member brings so that a field can be settled.
TO_BRING: Mapping[str, LazyString] = {
    Field.FULL_NAME: _l("giấy khai sinh và thẻ căn cước, để xem họ tên ghi thế nào"),
    Field.BIRTH_ON: _l("giấy khai sinh; không còn thì lý lịch đảng viên gốc và thẻ căn cước"),
    Field.SEX: _l("thẻ căn cước hoặc giấy khai sinh"),
    Field.CITIZEN_ID: _l("thẻ căn cước (hoặc giấy thông báo số định danh cá nhân) và giấy chứng minh cũ nếu còn"),
}
HARMLESS_LEVELS: Mapping[str, LazyString] = {
    Level.SPELLING: _l("Khác cách viết"),
    Level.BARE: _l("Một bên không có dấu"),
    Level.MARKS: _l("Khác dấu"),
}
SURENESSES: Mapping[str, LazyString] = {
    Sureness.LIKELY: _l("Rất có thể"),
    Sureness.POSSIBLE: _l("Có thể"),
    Sureness.UNLIKELY: _l("Ít có khả năng"),
}
_PARTS: Mapping[str, LazyString] = {
    Part.NUMBER: _l("số định danh"),
    Part.NAME: _l("họ tên"),
    Part.DATE: _l("ngày sinh"),
    Part.SEX: _l("giới tính"),
    Part.PLACE: _l("quê quán"),
}
_REASONS: Mapping[tuple[Part, str], LazyString] = {
    (Part.NUMBER, "missing"): _l("hồ sơ chưa có số định danh"),
    (Part.NUMBER, "different"): _l("số định danh khác hẳn"),
    (Part.NUMBER, "close"): _l("số định danh gần giống"),
    (Part.NUMBER, "old"): _l("số chứng minh nhân dân cũ trùng khớp"),
    (Part.NUMBER, "near"): _l("số định danh sai 1 chữ số"),
    (Part.NAME, "missing"): _l("một bên không có họ tên"),
    (Part.NAME, "none"): _l("họ tên khác hẳn"),
    (Part.NAME, "resembles"): _l("họ tên hơi giống"),
    (Part.NAME, "shortened"): _l("họ tên thiếu chữ đệm hoặc viết tắt"),
    (Part.NAME, "typo"): _l("họ tên khác một vài chữ cái"),
    (Part.NAME, "marks"): _l("họ tên khác dấu"),
    (Part.NAME, "order"): _l("họ tên đổi chỗ các chữ"),
    (Part.NAME, "bare"): _l("họ tên một bên không có dấu"),
    (Part.NAME, "spelling"): _l("họ tên chỉ khác cách viết"),
    (Part.DATE, "missing"): _l("một bên không có ngày sinh"),
    (Part.DATE, "other"): _l("ngày sinh khác năm"),
    (Part.DATE, "same_year"): _l("ngày sinh chỉ trùng năm"),
    (Part.DATE, "one_part"): _l("ngày sinh khác một phần"),
    (Part.DATE, "swapped"): _l("ngày sinh đảo ngày và tháng"),
    (Part.DATE, "partial"): _l("ngày sinh một bên chỉ có năm hoặc tháng"),
    (Part.SEX, "differs"): _l("giới tính khác"),
    (Part.SEX, "missing"): _l("một bên không ghi giới tính"),
    (Part.PLACE, "differs"): _l("quê quán khác tỉnh"),
}

say("EXTRACT_NOT_FOUND", _l("Không tìm thấy tệp dữ liệu dân cư"), _l("Tệp này không có, hoặc thuộc đơn vị khác."))
say("CHECK_NOT_FOUND", _l("Không tìm thấy đảng viên"), _l("Đồng chí này không có trong đợt, hoặc thuộc đơn vị khác."))
say(
    "CHECK_HAS_MOVED_ON",
    _l("Thông tin vừa thay đổi"),
    _l("Danh sách hoặc dữ liệu dân cư đã được cập nhật sau khi đồng chí mở trang."),
    _l("Đồng chí mở lại trường hợp này, xem số liệu mới rồi quyết định."),
)
say(
    "VERIFICATION_CLOSED",
    _l("Đợt đã kết thúc"),
    _l("Dữ liệu dân cư của đợt đã được xóa; không nhập và không đối soát thêm."),
    _l("Đồng chí chọn đợt đang mở."),
)
_NOT_SAVED = _l("Chưa lưu được")
say("EXTRACT_EMPTY", _NOT_SAVED, _l("Không có dòng dữ liệu nào dưới dòng tiêu đề."), _l("Đồng chí kiểm tra lại tệp."))
say("REASON_MISSING", _NOT_SAVED, _l("Đồng chí ghi lý do: căn cứ giấy tờ nào."))
say("NOTHING_TYPED", _NOT_SAVED, _l("Đồng chí nhập ít nhất một giá trị đúng."))
say("NO_RECORD", _NOT_SAVED, _l("Không có dữ liệu dân cư để lấy theo."), _l("Đồng chí chọn cách khác."))
say("NUMBER_NEEDED", _NOT_SAVED, _l("Đồng chí nhập số định danh đúng, đủ 12 chữ số, hoặc chuyển chi bộ xác minh."))
say("NUMBER_SEX", _NOT_SAVED, _l("Chữ số thứ tư của số này không khớp giới tính."), _l("Đồng chí xem lại số."))
say("NUMBER_YEAR", _NOT_SAVED, _l("Chữ số thứ năm, thứ sáu không khớp năm sinh."), _l("Đồng chí xem lại số."))
say(
    "PROPOSAL_WAITS",
    _l("Trường hợp này đang chờ người thứ hai"),
    _l("Một đề nghị đổi số định danh của đồng chí này chưa được xác nhận."),
    _l("Đồng chí mở mục “Chờ người thứ hai” để xác nhận, từ chối hoặc rút lại đề nghị."),
)
say(
    "PROPOSAL_ANSWERED",
    _l("Đề nghị này đã được trả lời"),
    _l("Người khác vừa xác nhận, từ chối hoặc rút lại đề nghị."),
    _l("Đồng chí mở lại danh sách đối soát."),
)
say(
    "ANOTHER_PERSON",
    _l("Cần một người khác"),
    _l("Người đề nghị đổi số định danh không tự xác nhận được."),
    _l("Đề nghị cán bộ khác hoặc trưởng điểm thu nhận xác nhận."),
)
say("DECISION_NOT_FOUND", _l("Không tìm thấy kết luận"), _l("Kết luận này không có, hoặc thuộc đơn vị khác."))
say(
    "DECISION_ANSWERED",
    _l("Kết luận này không còn hiệu lực"),
    _l("Kết luận đã bị từ chối hoặc đã được hoàn tác."),
    _l("Đồng chí mở lại trường hợp này."),
)
_NOT_UNDONE = _l("Chưa hoàn tác được")
say(
    "NOT_YOURS_TO_UNDO",
    _NOT_UNDONE,
    _l("Chỉ người đã kết luận hoặc trưởng điểm thu nhận hoàn tác được."),
    _l("Đồng chí đề nghị trưởng điểm thu nhận."),
)
say(
    "UNDO_TOO_LATE",
    _NOT_UNDONE,
    _l("Sau kết luận này, thông tin của đồng chí ấy đã thay đổi hoặc có kết luận khác."),
    _l("Đồng chí mở trường hợp và kết luận lại."),
)
say("UNDO_DONE", _NOT_UNDONE, _l("Đồng chí này đã đổi thẻ xong tại quầy."))
say("NOBODY_CHOSEN", _NOT_SAVED, _l("Đồng chí chọn ít nhất một người."))
say("NUMBER_TAKEN", _NOT_SAVED, _l("Một đảng viên khác trong đợt đang mang số này."), _l("Đồng chí xem lại số."))


def reason_words(reason: Reason) -> str:
    """Why a record may be a member's: "Số định danh sai 1 chữ số; họ tên và ngày sinh trùng khớp"."""
    said = [str(_REASONS[part, level]) for part, level in reason.differing]
    agreeing = [str(_PARTS[part]) for part in reason.agreeing]
    if agreeing:
        *first, last = agreeing
        parts = _("%(parts)s và %(last)s", parts=", ".join(first), last=last) if first else last
        said.append(str(_("%(parts)s trùng khớp", parts=parts)))
    sentence = "; ".join(said)
    return sentence[:1].upper() + sentence[1:]


def masked_number(number: str) -> str:
    """A candidate's number before an officer asks for it: its last three digits."""
    return "*" * (len(number) - 3) + number[-3:]


def decision_word(decision: Decision, *, has_record: bool) -> str:
    """The decision as a choice; without a record there are no two sides to be wrong."""
    if decision is Decision.BOTH_WRONG and not has_record:
        return str(_("Nhập lại giá trị đúng"))
    return str(DECISIONS[decision])


def level_word(level: str) -> str:
    """How a field differs, "ngày và tháng đảo nhau"."""
    return str(_LEVELS[level])


def difference(field: str, level: str) -> str:
    """Which field differs and how, "Ngày sinh: ngày và tháng đảo nhau"."""
    return f"{FIELDS[field]}: {_LEVELS[level]}"


def shown(field: str, value: str) -> str:
    """A stored value as people read it; an officer's task needs the whole number."""
    match field:
        case Field.BIRTH_ON if value:
            return PartialDate.from_iso(value).display()
        case Field.SEX if value:
            return str(SEXES[value])
        case _:
            return value


def shown_masked(field: str, value: str) -> str:
    """A stored value for everybody else and for print: numbers masked."""
    return mask_citizen_id(value) if field == Field.CITIZEN_ID else shown(field, value)


def case_note(differences: Mapping[str, Any]) -> str:
    """What the ledger says about a case opened here: the fields, never a value."""
    fields = ", ".join(str(FIELDS[field]).lower() for field in differences)
    return str(_("Đối soát dữ liệu dân cư: %(fields)s", fields=fields))
