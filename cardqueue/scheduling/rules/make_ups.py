"""Who must come again gets a time proposed: in which order, at which hours, and who is visited at home instead."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cardqueue.cases.models import PendingReason
from cardqueue.lib.clock import from_local, to_local
from cardqueue.organisation.models import Campaign, Window
from cardqueue.scheduling.planner.free_time import next_gap
from cardqueue.scheduling.planner.work import HUNDREDTHS
from cardqueue.scheduling.rules.measures import (
    instant,
    is_elderly_born,
    key,
    planner_member,
    planner_params,
    planner_rules,
    planner_window,
    room,
    wall_clock,
    work_of,
)
from cardqueue.scheduling.rules.planning import Booked

# Neither is helped by a place in a queue: somebody goes to them.
HOME_REASONS = frozenset({PendingReason.WEAK_HEALTH, PendingReason.EXEMPT})

# When the elderly travel and wait most easily: not before breakfast, not in the noon heat, not in the dark.
GOOD_HOURS = ((time(7, 30), time(10, 30)), (time(14), time(16, 30)))
# So many days an elderly member's turn may come later for the sake of a good hour.
GOOD_HOUR_DAYS = 3

# The day's absent members are marked half an hour after its last window; the proposal comes after that.
SETTLED_AFTER = timedelta(minutes=45)
QUIET_EVENING = time(18)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member who was asked once or became pending, may be invited again and has no time.

    `waiting_since_at` is the first day on which the member was missing or became pending.
    """

    member_id: int
    full_name: str
    birth_year: int | None
    cell_id: int
    reason: PendingReason | None
    needs_help: bool
    waiting_since_at: datetime

    @property
    def is_visited(self) -> bool:
        """Whether the home round comes to this member rather than a window."""
        return self.reason in HOME_REASONS or self.needs_help


@dataclass(frozen=True, slots=True)
class Offer:
    """A time proposed to a member; `is_good_hour` when an earlier place was passed over for a better hour."""

    candidate: Candidate
    window_id: int
    arrive_at: datetime
    is_good_hour: bool


def evening_at(day_on: date, ends: Iterable[datetime]) -> datetime:
    """When a day's proposal is made: after its last window, or at a fixed hour on a day without any."""
    return max((end + SETTLED_AFTER for end in ends), default=from_local(day_on, QUIET_EVENING))


def day_to_settle(ends: Collection[datetime], at: datetime) -> date:
    """The last day whose evening has come. Shapes: `ends` of the windows of today and yesterday."""
    today_on = to_local(at).date()
    ends_today = [end for end in ends if to_local(end).date() == today_on]
    return today_on if evening_at(today_on, ends_today) <= at else today_on - timedelta(days=1)


def earliest_at(at: datetime) -> datetime:
    """From when on members can be asked to come: tomorrow, so that their cell can still tell them."""
    return from_local(to_local(at).date() + timedelta(days=1), time())


def in_fair_order(candidates: Iterable[Candidate], campaign: Campaign) -> list[Candidate]:
    """Whoever has waited for more days first; of one day, the elderly first."""
    return sorted(
        candidates,
        key=lambda c: (
            to_local(c.waiting_since_at).date(),
            not is_elderly_born(c.birth_year, campaign),
            c.waiting_since_at,
            c.member_id,
        ),
    )


def offers(
    campaign: Campaign,
    windows: Sequence[Window],
    candidates: Iterable[Candidate],
    booked: Sequence[Booked],
    *,
    minutes: float,
    after_at: datetime,
    unavailable: Mapping[int, frozenset[date]],
    kept: Iterable[Offer] = (),
    spare: Mapping[tuple[int, date], int] | None = None,
) -> list[Offer]:
    """A place for each candidate in the order given, as far as places last; nobody is given the same one twice.

    Shapes: `unavailable` dates by cell id; `kept` are places that others have been offered; `spare` says by station id
    and day how many more of the committee may come, where that is limited. Units: `minutes` of one line per member.
    """
    places = _Places(campaign, windows, booked, minutes, spare or {})
    for offer in kept:
        places.keep(offer.window_id, wall_clock(offer.arrive_at), _work(offer.candidate, campaign, minutes))
    result = []
    for candidate in candidates:
        banned = unavailable.get(candidate.cell_id, frozenset())
        work = _work(candidate, campaign, minutes)
        first = places.first(work, after_at, banned)
        if first is None:
            continue
        better = None
        if is_elderly_born(candidate.birth_year, campaign) and not _is_good(first[1]):
            better = places.first_good(work, after_at, banned, first[1] + timedelta(days=GOOD_HOUR_DAYS))
        window, local = better or first
        places.keep(window.id, local, work)
        result.append(Offer(candidate, window.id, instant(local), better is not None))
    return result


class _Places:
    """Windows as they fill up; what had no room for some work from some time on is not searched again."""

    def __init__(
        self,
        campaign: Campaign,
        windows: Sequence[Window],
        booked: Sequence[Booked],
        minutes: float,
        spare: Mapping[tuple[int, date], int],
    ) -> None:
        self._windows = [(window, planner_window(window)) for window in windows]
        self._room = {window.id: room(window) for window in windows}
        self._taken: dict[str, list[datetime]] = {}
        for other in booked:
            self._taken.setdefault(key(other.window_id), []).append(wall_clock(other.arrive_at))
        self._params, self._rules = planner_params(minutes), planner_rules(campaign)
        self._days = {window.id: (window.station_id, to_local(window.start_at).date()) for window in windows}
        self._spare = dict(spare)
        self._full: set[tuple[int, int, datetime]] = set()

    def first(self, work: int, after_at: datetime, banned: frozenset[date]) -> tuple[Window, datetime] | None:
        """The first place at any hour."""
        after = wall_clock(after_at)
        for window, _ in self._open(work, after, banned):
            if (local := self._search(window, work, after)) is not None:
                return window, local
        return None

    def first_good(
        self, work: int, after_at: datetime, banned: frozenset[date], until: datetime
    ) -> tuple[Window, datetime] | None:
        """The first place at a good hour, not later than `until`."""
        after = wall_clock(after_at)
        for window, day in self._open(work, after, banned):
            for start, end in GOOD_HOURS:
                begin = max(after, datetime.combine(day, start))
                if begin > until or begin >= wall_clock(window.end_at):
                    continue
                local = self._search(window, work, begin)
                if local is not None and local <= min(until, datetime.combine(day, end)):
                    return window, local
        return None

    def keep(self, window_id: int, local: datetime, work: int) -> None:
        """Keep a place from whoever comes next."""
        self._taken.setdefault(key(window_id), []).append(local)
        self._room[window_id] = self._room.get(window_id, 0) - work
        if (day := self._days.get(window_id)) in self._spare:
            self._spare[day] -= 1

    def _open(self, work: int, after: datetime, banned: frozenset[date]) -> list[tuple[Window, date]]:
        return [
            (window, shape.start.date())
            for window, shape in self._windows
            if shape.end > after
            and self._room[window.id] >= work
            and shape.start.date() not in banned
            and self._spare.get(self._days[window.id], 1) > 0
        ]

    def _search(self, window: Window, work: int, after: datetime) -> datetime | None:
        asked = window.id, work, after
        if asked in self._full:
            return None
        shape = planner_window(window)
        gap = next_gap([shape], self._taken, work / HUNDREDTHS, after, self._params, self._rules)
        if gap is None:
            self._full.add(asked)
            return None
        return gap.arrive


def _work(candidate: Candidate, campaign: Campaign, minutes: float) -> int:
    return work_of(planner_member(candidate.member_id, candidate.birth_year, campaign), planner_params(minutes))


def _is_good(local: datetime) -> bool:
    return any(start <= local.time() <= end for start, end in GOOD_HOURS)
