"""The search behind the packing: a state of groups in openings, and the moves that change it.

A state's price is the wishes not met plus, per opening, a term that grows with the square of its load, because waiting
grows faster than load. While repairing, work above a cap and members above a quota may stand, at a penalty.
"""

from collections.abc import Callable, Iterable
from math import exp, inf
from random import Random

from cardqueue.scheduling.planner.benches import Bench

NOWHERE = -1
LEVEL_WEIGHT = 0.5
"""Price of load: Σ weight × work² ÷ room, against 100 per member for a missed date."""
OVER_WEIGHT = 5.0
STEPS_PER_GROUP = 100
MAX_STEPS = 60_000
REPAIR_STARTS = 3
IMPROVE_HEAT = (400.0, 4.0)
REPAIR_HEAT = (3_000.0, 10.0)


class Search:
    """Where each group stands, how full each opening is, and what a move would cost."""

    def __init__(self, bench: Bench, caps: list[int]) -> None:
        self._bench = bench
        self.where = [NOWHERE] * len(bench.groups)
        self._caps = caps
        self._room = [max(1, opening.hard) for opening in bench.openings]
        self._load = [0] * len(bench.openings)
        self._inside: list[list[int]] = [[] for _ in bench.openings]
        self._work = [group.work for group in bench.groups]
        self._count = [group.count for group in bench.groups]
        allowed = [bench.allowed(group) for group in bench.groups]
        self._has_hope = [bool(openings) for openings in allowed]
        self._price: list[dict[int, int]] = [
            {o: bench.price(group, bench.openings[o]) for o in openings if caps[o] >= group.work}
            for group, openings in zip(bench.groups, allowed, strict=True)
        ]
        self._options = [list(prices) for prices in self._price]
        self._over_weight = inf
        days = sorted({opening.day for opening in bench.openings})
        communes = sorted({group.cell.commune for group in bench.groups})
        # One running count of invited members per commune and day; each opening and group knows its index.
        self._day = [days.index(opening.day) for opening in bench.openings]
        self._commune = [communes.index(group.cell.commune) * len(days) for group in bench.groups]
        self._invited = [bench.used.get((commune, day), 0) for commune in communes for day in days]
        self._quota = [quota for commune in communes for quota in [bench.quota(commune)] for _ in days]
        self._has_quota = any(quota is not None for quota in self._quota)

    def is_complete(self) -> bool:
        """Whether every group that can stand anywhere at all does."""
        return all(o != NOWHERE or not hope for o, hope in zip(self.where, self._has_hope, strict=True))

    def placed_members(self) -> int:
        """How many people have a place."""
        return sum(count for count, o in zip(self._count, self.where, strict=True) if o != NOWHERE)

    def unplaced(self) -> list[int]:
        """Groups without a place, the largest first, then those with the fewest windows."""
        waiting = [g for g, o in enumerate(self.where) if o == NOWHERE]
        return sorted(waiting, key=lambda g: (-self._work[g], len(self._options[g]), g))

    def fill(self) -> None:
        """Places groups without a search: kept ones where they were, then the cheapest place, else the tightest."""
        self._place(
            [g for g, group in enumerate(self._bench.groups) if group.was_in], self._room_left, same_window=True
        )
        waiting = self.unplaced()
        self._place(waiting, self._cost_of_adding)
        if not self.is_complete():
            for g in waiting:
                self._remove(g)
            self._place(waiting, self._room_left)

    def squeeze_in(self, caps: list[int]) -> None:
        """Fills windows up to these wider caps with people who are new to a kept plan, rather than move others."""
        if not any(group.was_in for group in self._bench.groups):
            return
        self._caps, usual = caps, self._caps
        self._place([g for g in self.unplaced() if self._bench.groups[g].was_in is None], self._cost_of_adding)
        self._caps = [max(cap, load) for cap, load in zip(usual, self._load, strict=True)]

    def repair(self, generator: Random) -> None:
        """Tries to make room for the groups that ``fill`` left over; never places fewer people than before."""
        before, placed = list(self.where), self.placed_members()
        self._over_weight = OVER_WEIGHT
        for g in self.unplaced():
            if self._options[g]:
                self._add(g, min((self._added_strain(g, o), o) for o in self._options[g])[1])
        for _ in range(REPAIR_STARTS):
            self._anneal(generator, REPAIR_HEAT, stop=self._is_within_caps)
            if self._is_within_caps():
                break
        self._over_weight = inf
        self._take_out_excess()
        self._place(self.unplaced(), self._room_left)
        self._exchange_for_larger()
        if self.placed_members() < placed:
            self._restore(before)

    def improve(self, generator: Random) -> None:
        """Moves and swaps groups for better wishes and evener load; never makes the state worse."""
        before, price = list(self.where), self._total_price()
        self._anneal(generator, IMPROVE_HEAT, stop=lambda: False)
        if self._total_price() > price:
            self._restore(before)

    def cost_of(self, g: int, o: int) -> int:
        """The price of one group in one opening beside those already there."""
        load = self._load[o] - (self._work[g] if self.where[g] == o else 0)
        return self._price[g][o] + round(self._strain(o, load + self._work[g]) - self._strain(o, load))

    def load(self, o: int) -> int:
        """Work invited into an opening."""
        return self._load[o]

    def invited(self, g: int, o: int) -> int:
        """Members of the group's commune invited on the opening's day."""
        return self._invited[self._commune[g] + self._day[o]]

    # State

    def _add(self, g: int, o: int) -> None:
        self.where[g] = o
        self._load[o] += self._work[g]
        self._inside[o].append(g)
        self._invited[self._commune[g] + self._day[o]] += self._count[g]

    def _remove(self, g: int) -> None:
        o = self.where[g]
        if o != NOWHERE:
            self.where[g] = NOWHERE
            self._load[o] -= self._work[g]
            self._inside[o].remove(g)
            self._invited[self._commune[g] + self._day[o]] -= self._count[g]

    def _restore(self, where: list[int]) -> None:
        for g in range(len(where)):
            self._remove(g)
        for g, o in enumerate(where):
            if o != NOWHERE:
                self._add(g, o)

    def _fits(self, g: int, o: int, without: int = NOWHERE) -> bool:
        """Whether a group fits an opening, once another has left it."""
        work, count = self._work[g], self._count[g]
        if without != NOWHERE:
            work -= self._work[without]
            count -= self._count[without] if self._commune[without] == self._commune[g] else 0
        quota = self._quota[self._commune[g] + self._day[o]]
        return self._load[o] + work <= self._caps[o] and (quota is None or self.invited(g, o) + count <= quota)

    # Greedy placing

    def _place(self, groups: Iterable[int], rank: Callable[[int, int], float], *, same_window: bool = False) -> None:
        for g in groups:
            was_in = self._bench.groups[g].was_in
            fitting = [
                (rank(g, o), o)
                for o in self._options[g]
                if self._fits(g, o) and not (same_window and self._bench.openings[o].window.id != was_in)
            ]
            if fitting:
                self._add(g, min(fitting)[1])

    def _room_left(self, g: int, o: int) -> float:
        return self._caps[o] - self._load[o] - self._work[g]

    def _cost_of_adding(self, g: int, o: int) -> float:
        return self._price[g][o] + self._added_strain(g, o)

    def _take_out_excess(self) -> None:
        """Removes the fewest members that bring every opening under its cap and every commune under its quota."""
        for o, cap in enumerate(self._caps):
            while (excess := self._load[o] - cap) > 0:
                self._remove(_smallest_enough(self._inside[o], self._work, excess))
        for slot, quota in enumerate(self._quota):
            while quota is not None and (excess := self._invited[slot] - quota) > 0:
                there = [
                    g for g, o in enumerate(self.where) if o != NOWHERE and self._commune[g] + self._day[o] == slot
                ]
                if not there:
                    break
                self._remove(_smallest_enough(there, self._count, excess))

    def _exchange_for_larger(self) -> None:
        """More members placed: a larger group takes the place of a smaller one."""
        for g in self.unplaced():
            swaps = [
                (self._count[h], h, o)
                for o in self._options[g]
                for h in self._inside[o]
                if self._count[h] < self._count[g] and self._fits(g, o, without=h)
            ]
            if swaps:
                _, h, o = min(swaps)
                self._remove(h)
                self._add(g, o)
        self._place(self.unplaced(), self._room_left)

    # Prices

    def _strain(self, o: int, load: int) -> float:
        over = load - self._caps[o]
        return LEVEL_WEIGHT * load * load / self._room[o] + (self._over_weight * over if over > 0 else 0.0)

    def _added_strain(self, g: int, o: int) -> float:
        return self._strain(o, self._load[o] + self._work[g]) - self._strain(o, self._load[o]) + self._crowd(g, o)

    def _crowd(self, g: int, o: int, leaving: int = 0) -> float:
        """The penalty for coming above a quota on another day; ``leaving`` of the same commune make room."""
        slot = self._commune[g] + self._day[o]
        quota = self._quota[slot]
        if quota is None or self._invited[slot] + self._count[g] - leaving <= quota:
            return 0.0
        over = self._invited[slot] + self._count[g] - leaving - max(quota, self._invited[slot])
        return self._over_weight * over * self._work[g] / self._count[g]

    def _total_price(self) -> float:
        wishes = sum(self._price[g][o] for g, o in enumerate(self.where) if o != NOWHERE)
        return wishes + sum(self._strain(o, load) for o, load in enumerate(self._load))

    def _is_within_caps(self) -> bool:
        return all(load <= cap for load, cap in zip(self._load, self._caps, strict=True)) and all(
            quota is None or count <= quota for count, quota in zip(self._invited, self._quota, strict=True)
        )

    # Search

    def _anneal(self, generator: Random, heat: tuple[float, float], stop: Callable[[], bool]) -> None:
        movable = [g for g, o in enumerate(self.where) if o != NOWHERE and len(self._options[g]) > 1]
        if not movable:
            return
        draw, size = generator.random, len(movable)
        steps = min(MAX_STEPS, STEPS_PER_GROUP * size)
        hot, cold = heat
        cooling = (cold / hot) ** (1 / steps)
        for step in range(steps):
            hot *= cooling
            g = movable[int(draw() * size)]
            options = self._options[g]
            o = options[int(draw() * len(options))]
            if o == self.where[g]:
                continue
            if not self._try_move(g, o, hot, draw):
                self._try_swap(g, o, hot, draw)
            if step % 200 == 0 and stop():
                return

    def _try_move(self, g: int, o: int, heat: float, draw: Callable[[], float]) -> bool:
        old, work = self.where[g], self._work[g]
        load, old_load = self._load[o], self._load[old]
        if self._over_weight == inf and load + work > self._caps[o]:
            return False
        change: float = self._price[g][o] - self._price[g][old]
        change += self._strain(o, load + work) - self._strain(o, load)
        change += self._strain(old, old_load - work) - self._strain(old, old_load)
        if self._has_quota and self._day[o] != self._day[old]:
            change += self._crowd(g, o) - self._relief(g, old)
        if change > 0 and draw() >= exp(-change / heat):
            return False
        self._remove(g)
        self._add(g, o)
        return True

    def _try_swap(self, g: int, o: int, heat: float, draw: Callable[[], float]) -> None:
        inside = self._inside[o]
        if not inside:
            return
        h, old = inside[int(draw() * len(inside))], self.where[g]
        if old not in self._price[h]:
            return
        more = self._work[g] - self._work[h]
        load, old_load = self._load[o], self._load[old]
        if self._over_weight == inf and (load + more > self._caps[o] or old_load - more > self._caps[old]):
            return
        change: float = self._price[g][o] - self._price[g][old] + self._price[h][old] - self._price[h][o]
        change += self._strain(o, load + more) - self._strain(o, load)
        change += self._strain(old, old_load - more) - self._strain(old, old_load)
        if self._has_quota and self._day[o] != self._day[old]:
            same = self._commune[g] == self._commune[h]
            change += self._crowd(g, o, self._count[h] if same else 0) - self._relief(g, old)
            change += self._crowd(h, old, self._count[g] if same else 0) - self._relief(h, o)
        if change > 0 and draw() >= exp(-change / heat):
            return
        self._remove(g)
        self._remove(h)
        self._add(g, o)
        self._add(h, old)

    def _relief(self, g: int, o: int) -> float:
        """The penalty that ends when a group leaves a day that is above its quota."""
        slot = self._commune[g] + self._day[o]
        quota = self._quota[slot]
        over = 0 if quota is None else self._invited[slot] - quota
        return self._over_weight * min(over, self._count[g]) * self._work[g] / self._count[g] if over > 0 else 0.0


def _smallest_enough(groups: Iterable[int], size: list[int], excess: int) -> int:
    """The smallest group that is large enough, else the largest."""
    return min(groups, key=lambda g: (size[g] < excess, size[g] if size[g] >= excess else -size[g], g))
