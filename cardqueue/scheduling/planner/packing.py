"""Groups into openings: the fewest days first, then the best wishes and the evenest load.

Best-fit decreasing gives a first answer; a seeded search (move one group, swap two) repairs what did not fit and then
improves it. Its length is a number of steps, never a time, so the same problem and seed always give the same plan.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from cardqueue.scheduling.planner.benches import Bench
from cardqueue.scheduling.planner.search import NOWHERE, Search


@dataclass(frozen=True, slots=True)
class Packing:
    """Where each group stands (``search.where``, ``NOWHERE`` if not placed) and what was decided on the way."""

    search: Search
    days: frozenset[date]
    caps: list[int]
    fewest_days: int


def pack(bench: Bench, seed: int) -> Packing:
    """Finds an opening for every group, if there is room, on as few days as possible.

    If the rules do not keep cells together, those that find no room come one by one where there is some.
    """
    packing = _pack_whole(bench, seed)
    if bench.rules.group_window_cells or packing.search.is_complete():
        return packing
    bench.scatter(packing.search.unplaced())
    return _pack_whole(bench, seed)


def _pack_whole(bench: Bench, seed: int) -> Packing:
    hard = [opening.hard for opening in bench.openings]
    # A string seeds the generator through a hash of its bytes, which is the same in every process.
    generator = Random(f"{seed}/{bench.station}")  # noqa: S311
    best, best_caps, best_days = Search(bench, hard), hard, frozenset(_held_days(bench))
    for days, caps in _attempts(bench):
        search = Search(bench, [cap if o.day in days else 0 for o, cap in zip(bench.openings, caps, strict=True)])
        search.fill()
        if not search.is_complete():
            search.squeeze_in([cap if o.day in days else 0 for o, cap in zip(bench.openings, hard, strict=True)])
        if not search.is_complete():
            search.repair(generator)
        # Days that place nobody more are not opened.
        if search.placed_members() > best.placed_members():
            best, best_caps, best_days = search, caps, days
        if search.is_complete():
            break
    best.improve(generator)
    used = {bench.openings[o].day for o in best.where if o != NOWHERE}
    opened = used | _fixed_days(bench) | (_held_days(bench) & best_days)
    return Packing(best, frozenset(opened), best_caps, _fewest_days(bench, hard))


def _attempts(bench: Bench) -> Iterator[tuple[frozenset[date], list[int]]]:
    """Days to open and caps to keep, the most wanted first.

    Comfortable windows on more and more days; then full windows on all days in time; then days after the deadline.
    Days that are open anyway belong to every attempt.
    """
    days = sorted({o.day for o in bench.openings if o.hard > 0})
    late = {o.day for o in bench.openings if o.late}
    held = _held_days(bench)
    in_time = _by_demand(bench, [day for day in days if day not in late])
    safe = [opening.safe for opening in bench.openings]
    hard = [opening.hard for opening in bench.openings]
    held_late = held & late
    fewest = max(1, _fewest_days(bench, safe), len(held - late))
    for count in range(fewest, len(in_time) + 1):
        yield frozenset(_choose(bench, in_time, count, safe, held)) | held_late, safe
    if safe != hard or fewest > len(in_time):
        yield frozenset(in_time) | held_late, hard
    if not bench.rules.deadline_is_hard:
        after = [day for day in days if day in late]
        for count in range(1, len(after) + 1):
            yield frozenset([*in_time, *after[:count]]) | held_late, hard


def _held_days(bench: Bench) -> set[date]:
    """Days that are open anyway: something stays there, or people were already told."""
    windows = {window.id: window.start.date() for window in bench.windows}
    return _fixed_days(bench) | {windows[group.was_in] for group in bench.groups if group.was_in is not None}


def _fixed_days(bench: Bench) -> set[date]:
    windows = {window.id: window.start.date() for window in bench.windows}
    return {windows[block.window] for block in bench.fixed}


def _by_demand(bench: Bench, days: Sequence[date]) -> list[date]:
    """Days in the order in which they should be opened: wished for and possible for many people, then the earliest."""
    demand = dict.fromkeys(days, 0.0)
    for group in bench.groups:
        wished = group.cell.preferred_dates & demand.keys()
        for day in wished:
            demand[day] += 3 * group.count / len(wished)
        for day in group.cell.unavailable_dates & demand.keys():
            demand[day] -= group.count
    return sorted(days, key=lambda day: (-round(demand[day], 6), day))


def _choose(bench: Bench, days: Sequence[date], count: int, caps: Sequence[int], held: set[date]) -> list[date]:
    """The ``count`` best days, those that are open anyway first; enlarged where they could not hold the work."""
    size = _sizes(bench, caps)
    wanted = sorted(days, key=lambda day: day not in held)
    chosen, spare = wanted[:count], wanted[count:]
    need = sum(group.work for group in bench.groups)
    # Wished-for days may be the small ones: exchange them for larger ones until the work fits.
    while spare and sum(size[day] for day in chosen) < need:
        small = min((day for day in chosen if day not in held), key=lambda day: size[day], default=None)
        large = max(spare, key=lambda day: size[day])
        if small is None or size[large] <= size[small]:
            break
        chosen[chosen.index(small)] = large
        spare.remove(large)
    return chosen


def _fewest_days(bench: Bench, caps: Sequence[int]) -> int:
    """A lower bound: days with blocks that stay, then the largest others, in time first, for the rest; or by quotas."""
    fixed, size = _fixed_days(bench), _sizes(bench, caps)
    groups = [group for group in bench.groups if bench.allowed(group)]
    need = sum(group.work for group in groups) - sum(size.get(day, 0) for day in fixed)
    count = len(fixed)
    late = {opening.day for opening in bench.openings if opening.late}
    for day in sorted(size.keys() - fixed, key=lambda day: (day in late, -size[day], day)):
        if need <= 0:
            break
        need -= size[day]
        count += 1
    communes: dict[str, int] = {}
    for group in groups:
        communes[group.cell.commune] = communes.get(group.cell.commune, 0) + group.count
    by_quota = [-(-members // quota) for commune, members in communes.items() if (quota := bench.quota(commune))]
    return max([count, *by_quota])


def _sizes(bench: Bench, caps: Sequence[int]) -> dict[date, int]:
    sizes: dict[date, int] = {}
    for opening, cap in zip(bench.openings, caps, strict=True):
        sizes[opening.day] = sizes.get(opening.day, 0) + cap
    return sizes
