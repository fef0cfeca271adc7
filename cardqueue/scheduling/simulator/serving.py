"""One run of one window: a pooled queue before the lines."""

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from cardqueue.scheduling.simulator.shapes import Guest, Visit


def serve(guests: Sequence[Guest], speeds: Sequence[float], outage: tuple[float, float] = (0.0, 0.0)) -> list[Visit]:
    """Serves everybody; of those present, the smallest max(slip, arrival) comes first.

    A line works on past the window's end until nobody is left. The line that has been idle longest takes the next one.

    Shapes: guests in the order of their arrival; ``speeds`` one factor per line, 1 being the usual pace.
    Units: minutes since the window's start, when the lines open; ``outage`` = from, until.
    Raises: ValueError without a line.
    """
    if not speeds:
        raise ValueError("nobody can be served without a line")
    lines = [(0.0, line) for line in range(len(speeds))]
    heapify(lines)
    present: list[tuple[float, int]] = []
    visits: list[Visit] = []
    following = 0
    while len(visits) < len(guests):
        now, line = heappop(lines)
        if not present:
            now = max(now, guests[following].arrive)
        now = _resumed(now, outage)
        while following < len(guests) and guests[following].arrive <= now:
            guest = guests[following]
            heappush(present, (max(guest.due, guest.arrive), following))
            following += 1
        _, chosen = heappop(present)
        guest = guests[chosen]
        end = _ended(now, guest.service / speeds[line], outage)
        visits.append(Visit(guest, now, end))
        heappush(lines, (end, line))
    return visits


def _resumed(now: float, outage: tuple[float, float]) -> float:
    return outage[1] if outage[0] <= now < outage[1] else now


def _ended(start: float, minutes: float, outage: tuple[float, float]) -> float:
    """A service that is interrupted goes on afterwards."""
    is_hit = start < outage[0] < start + minutes
    return start + minutes + (outage[1] - outage[0] if is_hit else 0.0)
