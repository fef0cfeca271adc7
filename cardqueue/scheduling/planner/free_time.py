"""Booking by hand: what is left of a window, whether a cell fits, and the next gap for one person who must come again.

Blocks given here take their expected work; the lines are the window's own. Times are local and naive, as everywhere in
the planner.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from math import ceil

from cardqueue.scheduling.planner.arrivals import Stretch, arrival_times
from cardqueue.scheduling.planner.groups import in_order
from cardqueue.scheduling.planner.shapes import Block, Cell, Params, PlanMember, Rules, Slip, Window
from cardqueue.scheduling.planner.work import (
    HUNDREDTHS,
    expected_work,
    invited_work,
    is_elderly,
    member_work,
    reserve_start,
    to_grid,
    window_work,
)


class No(StrEnum):
    """Why a block cannot be booked by hand."""

    CLOSED = "CLOSED"
    """The window has no line or no length, or a member takes no time at all."""
    OUTSIDE = "OUTSIDE"
    """The time asked for is not inside the window."""
    DATE_BAN = "DATE_BAN"
    """The cell cannot come on that date."""
    QUOTA = "QUOTA"
    """``amount`` members above the commune's quota of the day."""
    FULL = "FULL"
    """``amount`` hundredths of a line-minute are missing, of ``room``."""


@dataclass(frozen=True, slots=True)
class Allow:
    """The block as it would be booked, and what it leaves.

    ``overlap_minutes`` are shared with other blocks: no reason to refuse, but their people will meet.
    """

    block: Block
    left_work: int
    overlap_minutes: int


@dataclass(frozen=True, slots=True)
class Refuse:
    """Why not, in numbers: how much is missing, of how much room, and how many members would fit."""

    code: No
    amount: int = 0
    room: int = 0
    members_that_fit: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """A time at which one more person can come."""

    window: str
    arrive: datetime
    in_reserve: bool


def remaining_work(window: Window, blocks: Iterable[Block], rules: Rules) -> int:
    """Work that may still be invited into a window; never negative.

    Units: hundredths of a line-minute.
    """
    taken = sum(block.work for block in blocks if block.window == window.id)
    return max(0, invited_work(window, rules) - taken)


def taken_spans(window: Window, blocks: Sequence[Block]) -> list[tuple[datetime, datetime]]:
    """The time each block really needs, its work ÷ lines; one that would begin while another is served follows it."""
    if window.lines <= 0:
        return []
    result = []
    cursor = window.start
    for block in sorted(blocks, key=lambda b: (b.start, b.cell)):
        begin = max(cursor, block.start)
        cursor = begin + timedelta(minutes=ceil(block.work / (window.lines * HUNDREDTHS)))
        result.append((begin, cursor))
    return result


def hand_arrivals(
    members: Iterable[PlanMember], window: Window, at: datetime, params: Params, rules: Rules
) -> tuple[Slip, ...]:
    """Arrival times of a block that starts at ``at``, at the lines' own pace, the elderly first."""
    ordered = in_order(members, params)
    works = [member_work(is_elderly(member, params), params) for member in ordered]
    (times,) = arrival_times(Stretch(at, window.end, window.lines), [works], params, rules, spread=False)
    return tuple(Slip(member.id, window.id, time) for member, time in zip(ordered, times, strict=True))


def check_block(
    cell: Cell,
    window: Window,
    blocks: Sequence[Block],
    params: Params,
    rules: Rules,
    *,
    at: datetime | None = None,
    invited_that_day: int = 0,
) -> Allow | Refuse:
    """Whether a cell may be booked by hand into a window, at a time or else at the first gap that holds it.

    Shapes: ``blocks`` are the window's other blocks; ``invited_that_day`` counts the commune's other members.
    """
    if window_work(window) == 0 or params.mean_min <= 0 or not cell.members:
        return Refuse(No.CLOSED)
    if at is not None and not window.start <= at < window.end:
        return Refuse(No.OUTSIDE)
    if window.start.date() in cell.unavailable_dates:
        return Refuse(No.DATE_BAN)
    quota = rules.quota_per_day.get(cell.commune)
    over = 0 if quota is None else invited_that_day + len(cell.members) - quota
    if over > 0:
        return Refuse(No.QUOTA, over, members_that_fit=max(0, len(cell.members) - over))
    others = [block for block in blocks if block.window == window.id and block.cell != cell.id]
    work = expected_work(cell.members, params)
    room = remaining_work(window, others, rules)
    if at is not None:
        room = min(room, _work_between(window, at, reserve_start(window, rules)))
    if work > room:
        return Refuse(No.FULL, work - room, room, _how_many_fit(cell.members, room, params))
    start = at if at is not None else _first_gap(window, others, work, rules)
    slips = hand_arrivals(cell.members, window, start, params, rules)
    end = start + timedelta(minutes=ceil(work / (window.lines * HUNDREDTHS)))
    block = Block(
        cell=cell.id,
        window=window.id,
        start=slips[0].arrive,
        end=max(end, slips[0].arrive + timedelta(minutes=rules.grid_min)),
        members=tuple(slip.member for slip in slips),
        arrivals=tuple(slip.arrive for slip in slips),
        work=work,
    )
    return Allow(block, room - work, _overlap_minutes(window, others, start, end))


def next_gap(
    windows: Iterable[Window],
    taken: Mapping[str, Sequence[datetime]],
    minutes: float,
    after_at: datetime,
    params: Params,
    rules: Rules,
) -> Gap | None:
    """The first time from ``after_at`` on at which one more person can come; in a window, the reserve before others.

    Never over capacity: not in all, not from any moment to the window's end, and not where a queue is expected.

    Shapes: ``taken`` = every arrival already given, per window; ``windows`` = those the person may use.
    Units: ``minutes`` of one line for this person.
    """
    if minutes <= 0:
        return None
    for window in sorted(windows, key=lambda w: (w.start, w.id)):
        if window_work(window) == 0 or window.end <= after_at:
            continue
        fill = _Fill.of(window, taken.get(window.id, ()), params, rules)
        first = max(to_grid(window.start, rules.grid_min, up=True), to_grid(after_at, rules.grid_min, up=True))
        reserve = to_grid(reserve_start(window, rules), rules.grid_min, up=True)
        for start, end, in_reserve in ((max(first, reserve), window.end, True), (first, reserve, False)):
            at = fill.first_time(start, min(end, window.end), minutes)
            if at is not None:
                return Gap(window.id, at, in_reserve)
    return None


@dataclass(frozen=True, slots=True)
class _Fill:
    """A window as steps of the grid, with the work arriving in each and waiting before each."""

    window: Window
    rules: Rules
    arriving: tuple[float, ...]
    waiting: tuple[float, ...]

    @classmethod
    def of(cls, window: Window, arrivals: Sequence[datetime], params: Params, rules: Rules) -> "_Fill":
        per_person = member_work(False, params)
        step = timedelta(minutes=rules.grid_min)
        arriving = [0.0] * ceil((window.end - window.start) / step)
        for at in arrivals:
            if window.start <= at < window.end:
                arriving[int((at - window.start) / step)] += per_person
        waiting = [0.0]
        for work in arriving:
            waiting.append(max(0.0, waiting[-1] + work - rules.grid_min * window.lines * HUNDREDTHS))
        return cls(window, rules, tuple(arriving), tuple(waiting[:-1]))

    def first_time(self, start: datetime, end: datetime, minutes: float) -> datetime | None:
        """The first time of the grid in [start, end) that has room for so many minutes."""
        at, step = start, timedelta(minutes=self.rules.grid_min)
        while at < end:
            if self._has_room(int((at - self.window.start) / step), at, minutes * HUNDREDTHS):
                return at
            at += step
        return None

    def _has_room(self, index: int, at: datetime, work: float) -> bool:
        window, grid = self.window, self.rules.grid_min
        if sum(self.arriving) + work > window_work(window) * self.rules.max_load:
            return False
        at_once = window.lines * max(grid * HUNDREDTHS, work)
        if self.waiting[index] + self.arriving[index] + work > at_once:
            return False
        # Nobody already invited is pushed beyond the end: what comes from any step on still fits behind it.
        later = sum(self.arriving[index:])
        for step in range(index, -1, -1):
            begin = max(window.start + timedelta(minutes=step * grid), window.start)
            room = _work_between(window, at if step == index else begin, window.end)
            if later + work > room:
                return False
            later += self.arriving[step - 1] if step else 0.0
        return True


def _work_between(window: Window, start: datetime, end: datetime) -> int:
    return HUNDREDTHS * window.lines * max(0, int((end - start).total_seconds()) // 60)


def _how_many_fit(members: Sequence[PlanMember], room: int, params: Params) -> int:
    fitting = 0
    for member in in_order(members, params):
        room -= member_work(is_elderly(member, params), params)
        if room < 0:
            break
        fitting += 1
    return fitting


def _first_gap(window: Window, blocks: Sequence[Block], work: int, rules: Rules) -> datetime:
    """The start of the first gap that holds the work; else the end of what is booked, as far as time allows."""
    last = reserve_start(window, rules)
    need = timedelta(minutes=ceil(work / (window.lines * HUNDREDTHS)))
    spans = [(window.start, window.start), *taken_spans(window, blocks), (last, last)]
    for (_, end), (start, _) in pairwise(spans):
        begin = to_grid(end, rules.grid_min, up=True)
        if begin + need <= start:
            return begin
    return max(to_grid(window.start, rules.grid_min, up=True), to_grid(last - need, rules.grid_min))


def _overlap_minutes(window: Window, blocks: Sequence[Block], start: datetime, end: datetime) -> int:
    shared = (min(end, b_end) - max(start, b_start) for b_start, b_end in taken_spans(window, blocks))
    return sum(max(0, int(time.total_seconds()) // 60) for time in shared)
