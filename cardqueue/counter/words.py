"""What the counter says: the answers to a scan, and the refusals of an act, each with what to do now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cardqueue.cases.words import REASON_NEXT_STEPS, REASON_WORDS
from cardqueue.core.i18n import show_datetime, show_time
from cardqueue.core.words import say
from cardqueue.counter.models import Stage, StageKind, Visit
from cardqueue.counter.queries import Person
from cardqueue.counter.rules import Admission, AnswerCode, ScanAnswer
from cardqueue.lib.clock import to_local


@dataclass(frozen=True, slots=True)
class Said:
    """An answer in words: its colour kind, what is the matter, what to do now."""

    kind: str
    heading: str
    next_step: str


_ANSWERS = {
    AnswerCode.ON_TIME: Said("good", _l("Đúng giờ hẹn"), _l("Đã tiếp nhận. Mời đồng chí ngồi chờ gọi tên.")),
    AnswerCode.EARLY: Said(
        "info",
        _l("Đến sớm – hẹn %(time)s"),
        _l("Đã tiếp nhận. Mời đồng chí ngồi chờ đến %(time)s; còn chỗ thì gọi sớm hơn."),
    ),
    AnswerCode.LATE: Said(
        "warning", _l("Đến muộn – hẹn %(time)s"), _l("Đã tiếp nhận. Mời đồng chí ngồi chờ gọi tên, xếp theo giờ đến.")
    ),
    AnswerCode.WALK_IN: Said(
        "info", _l("Không có giờ hẹn"), _l("Đồng chí có trong danh sách: tiếp nhận được, xếp theo giờ đến.")
    ),
    AnswerCode.OTHER_DAY: Said(
        "warning", _l("Hẹn ngày khác: %(when)s"), _l("Tiếp nhận được nếu hôm nay còn chỗ, xếp theo giờ đến.")
    ),
    AnswerCode.OTHER_STATION: Said(
        "warning",
        _l("Hẹn ở điểm khác: %(station)s"),
        _l("Giờ hẹn ở đó: %(when)s. Tiếp nhận được ở đây nếu còn chỗ, xếp theo giờ đến."),
    ),
    AnswerCode.MOVED: Said(
        "warning",
        _l("Đã hẹn lại lúc %(when)s"),
        _l("Đây là phiếu cũ; hẹn mới ở %(station)s. Nếu làm luôn hôm nay thì bấm tiếp nhận."),
    ),
    AnswerCode.CANCELLED: Said(
        "warning", _l("Giờ hẹn này đã hủy"), _l("Đồng chí vẫn có trong danh sách: tiếp nhận được, xếp theo giờ đến.")
    ),
    AnswerCode.PENDING: Said("bad", _l("Chưa làm được: %(reason)s"), "%(missing)s"),
    AnswerCode.ALREADY_HERE: Said("info", _l("Đã có mặt từ %(since)s"), "%(place)s"),
    AnswerCode.ALREADY_DONE: Said(
        "bad",
        _l("Phiếu đã dùng: đã thu nhận lúc %(done)s"),
        _l("%(place)s Không thu nhận lần nữa."),
    ),
    AnswerCode.NOT_COUNTED: Said(
        "bad",
        _l("Không thuộc diện đổi thẻ đợt này"),
        _l("Đảng viên dự bị hoặc đã rời danh sách. Mời đồng chí hỏi lại chi bộ."),
    ),
    AnswerCode.CAMPAIGN_CLOSED: Said(
        "bad", _l("Đợt này đã kết thúc"), _l("Không tiếp nhận thêm. Mời đồng chí liên hệ Đảng ủy.")
    ),
    AnswerCode.UNKNOWN_CODE: Said(
        "bad",
        _l("Không có giấy hẹn nào mang mã này"),
        _l("Tìm theo tên: có trong danh sách thì vẫn tiếp nhận được."),
    ),
    AnswerCode.BAD_CODE: Said(
        "bad",
        _l("Mã chưa đúng – quét hoặc gõ lại"),
        _l("Mã có 16 chữ số, in dưới ô vuông trên giấy hẹn. Nếu không đọc được, tìm theo tên."),
    ),
}
_NOT_SERVED = Said(
    "bad",
    _l("Giấy hẹn của điểm khác: %(station)s"),
    _l("Mời đồng chí đến đó lúc %(when)s. Điểm này không phục vụ Đảng bộ ghi trên giấy."),
)
_MAY_BE_SETTLED = _l("Nếu hôm nay đã đủ và đúng giấy tờ, bấm “Vẫn tiếp nhận”.")

# The same answers in a list, where a word must do.
_SHORT = {
    AnswerCode.ON_TIME: _l("Đúng giờ hẹn"),
    AnswerCode.EARLY: _l("Đến sớm"),
    AnswerCode.LATE: _l("Quá giờ hẹn"),
    AnswerCode.WALK_IN: _l("Không có giờ hẹn"),
    AnswerCode.OTHER_DAY: _l("Hẹn ngày khác"),
    AnswerCode.OTHER_STATION: _l("Hẹn điểm khác"),
    AnswerCode.PENDING: _l("Chưa làm được"),
    AnswerCode.ALREADY_HERE: _l("Đã có mặt"),
    AnswerCode.ALREADY_DONE: _l("Đã thu nhận"),
    AnswerCode.NOT_COUNTED: _l("Không thuộc diện"),
    AnswerCode.CAMPAIGN_CLOSED: _l("Đợt đã kết thúc"),
}


def say_shortly(answer: ScanAnswer) -> Said:
    """An answer about a member found by name in one word, for a list."""
    # A used slip is bad news at the door; in a list it only means that the member is done.
    kind = "good" if answer.code is AnswerCode.ALREADY_DONE else _ANSWERS[answer.code].kind
    return Said(kind, str(_SHORT[answer.code]), "")


def say_answer(answer: ScanAnswer, person: Person | None, last_visit: Visit | None = None) -> Said:
    """An answer in words; `last_visit` says where somebody is or was, for those who are here or done."""
    said = _ANSWERS[answer.code]
    if answer.code is AnswerCode.OTHER_STATION and answer.admission is Admission.REFUSED:
        said = _NOT_SERVED
    booking = answer.booking
    values = {
        "time": show_time(booking.arrive_at) if booking else "",
        "when": show_datetime(booking.arrive_at) if booking else "",
        "station": (person.station_name if person else None) or _("điểm ghi trên giấy"),
        "reason": str(REASON_WORDS[answer.reason]).lower() if answer.reason else "",
        "missing": _missing(answer),
        "since": show_time(last_visit.checked_in_at) if last_visit else "",
        "done": show_datetime(person.done_at) if person else "",
        "place": _place(last_visit),
    }
    return Said(said.kind, str(said.heading) % values, str(said.next_step) % values)


def say_confirmation(at: datetime) -> str:
    """The words that taking a member all the same leaves on the case."""
    return str(_("Cán bộ tại quầy vẫn tiếp nhận lúc %(when)s.", when=show_datetime(at)))


def say_booking(person: Person, today_is: datetime) -> str:
    """The appointment of a person, with its day when it is not today; says so when there is none."""
    booking = person.standing.booking
    if booking is None:
        return str(_("không có giờ hẹn"))
    if booking.day_on == to_local(today_is).date():
        return str(_("hẹn %(time)s", time=show_time(booking.arrive_at)))
    return str(_("hẹn %(when)s", when=show_datetime(booking.arrive_at)))


def say_minutes(minutes: float | None) -> str:
    """Minutes and seconds, as people count a short time."""
    if minutes is None:
        return str(_("chưa có"))
    whole, seconds = divmod(round(minutes * 60), 60)
    return str(_("%(minutes)d phút %(seconds)02d giây", minutes=whole, seconds=seconds))


def _missing(answer: ScanAnswer) -> str:
    if answer.reason is None:
        return ""
    what = str(REASON_NEXT_STEPS[answer.reason])
    return f"{what} {_MAY_BE_SETTLED}" if answer.admission is Admission.IF_CONFIRMED else what


def _place(visit: Visit | None) -> str:
    stage = _last_stage(visit)
    if visit is None or stage is None:
        return ""
    if stage.kind == StageKind.SERVING and stage.line is not None:
        place = _("Dây chuyền %(line)s, %(station)s.", line=stage.line.number, station=visit.station.name)
    else:
        place = _("Đang chờ đến lượt tại %(station)s.", station=visit.station.name)
    return str(place)


def _last_stage(visit: Visit | None) -> Stage | None:
    return visit.stages[-1] if visit is not None and visit.stages else None


say(
    "LINE_BUSY",
    _l("Dây chuyền đang có người"),
    _l("Đồng chí %(name)s đang làm ở dây chuyền này."),
    _l("Ghi kết quả hoặc trả đồng chí ấy về hàng chờ, rồi làm lại."),
)
say("NO_LINE", _l("Chưa chọn dây chuyền"), "", _l("Chọn dây chuyền đồng chí đang ngồi, rồi làm lại."))
say(
    "TAKEN_ALREADY",
    _l("Đồng nghiệp đã mời trước"),
    _l("Đồng chí %(name)s đang làm ở dây chuyền %(line)s."),
    _l("Mời người tiếp theo."),
)
say(
    "VISIT_MOVED_ON",
    _l("Lượt này vừa thay đổi"),
    _l("Lượt của đồng chí %(name)s đã được ghi ở nơi khác trước đó."),
    _l("Xem lại hàng chờ rồi làm tiếp."),
)
say("VISIT_NOT_FOUND", _l("Không tìm thấy lượt này"), _l("Lượt này không có ở điểm của đồng chí."), _l("Về quầy."))
say(
    "UNDO_TOO_LATE",
    _l("Đã quá %(seconds)d giây"),
    _l("Kết quả chỉ hoàn tác được ngay sau khi ghi."),
    _l("Báo Trưởng điểm thu nhận để sửa."),
)
say("UNDO_NOT_YOURS", _l("Không hoàn tác được"), _l("Kết quả này do cán bộ khác ghi."), _l("Nhờ cán bộ đó hoàn tác."))
say(
    "CASE_MOVED_ON",
    _l("Không hoàn tác được"),
    _l("Hồ sơ của đồng chí này vừa được người khác cập nhật."),
    _l("Báo Đảng ủy hoặc Trưởng điểm thu nhận."),
)
say(
    "CASE_NOT_HERE",
    _l("Không tìm thấy đồng chí này"),
    _l("Đồng chí này không thuộc điểm phục vụ."),
    _l("Tìm lại theo tên."),
)
say("SCAN_NOT_FOUND", _l("Không tìm thấy lần quét này"), "", _l("Quét lại giấy hẹn."))
say("CODE_MISSING", _l("Chưa có mã phiếu"), _l("Yêu cầu phải có mã phiếu dạng chữ, nhiều nhất 200 ký tự."))
say(
    "NAME_TOO_SHORT",
    _l("Tên quá ngắn"),
    _l("Cần ít nhất %(count)d chữ cái của họ tên, có dấu hay không đều được."),
    _l("Gõ thêm chữ rồi tìm lại."),
)
