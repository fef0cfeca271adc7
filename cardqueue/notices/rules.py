"""What a cell is told, and in which words: pure decisions about notices.

One notice tells the appointments that one act gave a cell on a day: publishing a plan, moving a block, rebooking a
member. The words are neutral, for a Zalo group belongs to somebody else: no card, no Party, no numbers of members.
They are Vietnamese in every language of the screens, because members read them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cardqueue.lib.clock import format_day, format_time, to_local
from cardqueue.notices.models import NoticeKind
from cardqueue.organisation.rules import part_of_day
from cardqueue.scheduling.models import AppointmentState

# Up to so many people are told by name; a whole cell is told by its hours.
NAMED_UP_TO = 3


@dataclass(frozen=True, slots=True)
class Call:
    """One appointment, in force or not, as far as notices are concerned.

    Shapes: `place` is where the mobile team works, empty at the station; `block_id` of one in force is None for a
    member who was booked singly; `is_open` says that the member still has to come.
    """

    appointment_id: int
    member_id: int
    name: str
    cell_id: int
    station_id: int
    place: str
    block_id: int | None
    day_on: date
    arrive_at: datetime
    created_at: datetime
    ended_at: datetime | None
    state: AppointmentState
    is_open: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice that has to be told; `is_cancelled` tells that an appointment known to the cell is off."""

    key: str
    kind: NoticeKind
    calls: Sequence[Call]
    is_cancelled: bool = False

    @property
    def names(self) -> list[tuple[datetime, str]]:
        """Those who are told by name, with their time; empty when the hours of all are enough."""
        by_name = self.kind is NoticeKind.REBOOKED or len(self.calls) <= NAMED_UP_TO
        return sorted((call.arrive_at, call.name) for call in self.calls) if by_name else []


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where a cell is to come, and whom it may ask."""

    cell: str
    place: str
    contact: str


def draft_notices(campaign_id: int, calls: Iterable[Call], handed_over: Collection[str], today_on: date) -> list[Draft]:
    """All that the cells of a campaign have to know today, told or not.

    Shapes: `handed_over` are the keys of notices that a person has passed on: whoever was told by one of them is told
    of a change afterwards, everybody else is simply invited.
    """
    known = sorted(calls, key=lambda call: call.appointment_id)
    told = {call.appointment_id for call in known if batch_key(campaign_id, call) in handed_over}
    before: dict[int, list[int]] = {}
    for call in known:
        before.setdefault(call.member_id, []).append(call.appointment_id)
    invited = {call.member_id for call in known if call.state == AppointmentState.ACTIVE}
    batches: dict[str, list[Call]] = {}
    off: dict[str, list[Call]] = {}
    for call in known:
        if call.day_on < today_on or not call.is_open:
            continue
        if call.state == AppointmentState.ACTIVE:
            batches.setdefault(batch_key(campaign_id, call), []).append(call)
        elif call.appointment_id in told and call.member_id not in invited:
            off.setdefault(_end_key(campaign_id, call), []).append(call)

    def kind_of(batch: Sequence[Call]) -> NoticeKind:
        earlier = [one for call in batch for one in before[call.member_id] if one < call.appointment_id]
        if earlier and all(call.block_id is None for call in batch):
            return NoticeKind.REBOOKED
        return NoticeKind.CHANGED if told.intersection(earlier) else NoticeKind.INVITED

    return [
        *(Draft(key, kind_of(batch), batch) for key, batch in batches.items()),
        *(Draft(key, NoticeKind.CHANGED, batch, is_cancelled=True) for key, batch in off.items()),
    ]


def batch_key(campaign_id: int, call: Call) -> str:
    """Which notice tells an appointment: one per cell, station, part of the day and act.

    Blocks and windows are no part of it: a new plan gives an appointment that stays another block, and a window that is
    divided gives it another window; nobody is told again because of that.
    """
    act = f"{call.created_at:%Y%m%d%H%M%S%f}"
    return f"{campaign_id}:{call.cell_id}:{_where_of(call)}:{act}"


def notice_text(draft: Draft, occasion: Occasion) -> str:
    """The notice as it is pasted into a group or read out."""
    if draft.is_cancelled:
        return _cancellation(draft, occasion)
    heading = {
        NoticeKind.INVITED: "LỊCH HẸN LÀM VIỆC",
        NoticeKind.CHANGED: "ĐỔI LỊCH HẸN LÀM VIỆC",
        NoticeKind.REBOOKED: "HẸN LẠI LỊCH LÀM VIỆC",
    }[draft.kind]
    replaces = draft.kind is not NoticeKind.INVITED
    lines = [
        heading,
        f"Kính gửi các đồng chí: {occasion.cell} ({len(draft.calls)} người)",
        f"Thời gian: {format_day(draft.calls[0].day_on)}, {_hours(draft.calls)}",
        *(f"– {name}: {format_time(at)}" for at, name in draft.names),
        f"Địa điểm: {occasion.place}",
        "Lịch này thay lịch đã báo trước đây; đề nghị dùng giấy hẹn mới." if replaces else "",
        "Đề nghị đến đúng giờ ghi trên giấy hẹn, mang theo giấy hẹn và các giấy tờ ghi trên đó.",
        f"Liên hệ: {occasion.contact}" if occasion.contact else "",
    ]
    return "\n".join(filter(None, lines))


def loudspeaker_text(day_on: date, place: str, cells: Mapping[str, tuple[datetime, datetime]]) -> str:
    """One announcement for a day at a station: which cell comes when, in the order of time.

    Shapes: cell → first and last arrival.
    """
    turns = sorted(cells.items(), key=lambda turn: (turn[1], turn[0]))
    lines = [
        f"Thông báo lịch hẹn làm việc {format_day(day_on)}, tại {place}.",
        *(f"{cell}: {_span(first, last)}." for cell, (first, last) in turns),
        "Kính mời các đồng chí có giấy hẹn đến đúng giờ ghi trên giấy, mang theo các giấy tờ ghi trên đó.",
    ]
    return "\n".join(lines)


def _end_key(campaign_id: int, call: Call) -> str:
    act = f"{call.ended_at:%Y%m%d%H%M%S%f}" if call.ended_at else "0"
    return f"{campaign_id}:{call.cell_id}:{_where_of(call)}:ended:{act}"


def _cancellation(draft: Draft, occasion: Occasion) -> str:
    lines = [
        "DỪNG LỊCH HẸN LÀM VIỆC",
        f"Kính gửi các đồng chí: {occasion.cell} ({len(draft.calls)} người)",
        f"Lịch {format_day(draft.calls[0].day_on)}, {_hours(draft.calls)}, tại {occasion.place} không thực hiện.",
        *(f"– {name}: {format_time(at)}" for at, name in draft.names),
        "Lịch mới, nếu có, sẽ báo sau.",
        f"Liên hệ: {occasion.contact}" if occasion.contact else "",
    ]
    return "\n".join(filter(None, lines))


def _hours(calls: Sequence[Call]) -> str:
    times = [call.arrive_at for call in calls]
    return _span(min(times), max(times))


def _span(first: datetime, last: datetime) -> str:
    if first == last:
        return format_time(first)
    return f"từ {format_time(first)} đến {format_time(last)}"


def _where_of(call: Call) -> str:
    return f"{call.day_on}:{call.station_id}:{part_of_day(to_local(call.arrive_at).time())}"
