"""Who really comes to a window in one run, when, and how long each of them takes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from random import Random

from cardqueue.scheduling.planner.shapes import Params
from cardqueue.scheduling.simulator.shapes import EARLIEST_MIN, LATEST_MIN, Guest, Scenario

QUIET_END_MIN = 15
"""Who comes unasked no longer does so in the last minutes of a window."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A slip as the simulator sees it. Units: minutes since the window's start."""

    member: str
    cell: str
    due: float
    is_elderly: bool = False


class Crowd:
    """Draws the guests of one window, run after run.

    Every person takes the same number of draws whatever happens, so that two plans, or two scenarios, meet the same
    luck under the same seed as far as they can.
    """

    def __init__(self, invitations: Sequence[Invitation], minutes: float, params: Params, scenario: Scenario) -> None:
        self._invitations = sorted(invitations, key=lambda item: item.member)
        self._cells = sorted({item.cell for item in invitations})
        self._minutes = minutes
        self._params = params
        self._scenario = scenario
        self._sigma = sqrt(log(1 + params.cv**2))
        self._mean_log = log(params.mean_min * scenario.slow) - self._sigma**2 / 2

    def guests(self, draw: Random) -> list[Guest]:
        """The guests of one run, in the order of their arrival."""
        coming = [*self._invited(draw), *self._unasked(draw)]
        return sorted(coming, key=lambda guest: (guest.arrive, guest.due, guest.name))

    def _invited(self, draw: Random) -> Iterator[Guest]:
        together = {cell: draw.gauss() for cell in self._cells}
        for item in self._invitations:
            comes = draw.random() >= self._params.no_show
            arrive = item.due + self._lateness(together, item.cell, draw.gauss())
            service = self._service(draw, item.is_elderly)
            if comes:
                yield Guest(item.member, item.due, arrive, service)

    def _lateness(self, together: Mapping[str, float], cell: str, own: float) -> float:
        params, shared = self._params, self._scenario.shared_lateness
        late = params.late_mean + params.late_sd * (sqrt(shared) * together[cell] + sqrt(1 - shared) * own)
        return min(max(late, EARLIEST_MIN), LATEST_MIN) + self._scenario.later_min

    def _unasked(self, draw: Random) -> Iterator[Guest]:
        """A share of the invited, at any time of the window."""
        whole, rest = divmod(self._params.walkin, 1)
        for item in self._invitations:
            for turn in range(int(whole) + (draw.random() < rest)):
                arrive = draw.random() * max(0.0, self._minutes - QUIET_END_MIN)
                yield Guest(f"{item.member}/{turn}", arrive, arrive, self._service(draw, False), is_invited=False)

    def _service(self, draw: Random, is_elderly: bool) -> float:
        """Lognormal; a wrong record takes as long as a right one, it only ends as a pending case."""
        return exp(self._mean_log + self._sigma * draw.gauss()) * (self._params.elderly_factor if is_elderly else 1.0)
