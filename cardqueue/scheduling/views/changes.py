"""What publishing a proposal would change, in rows for a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from cardqueue.core.i18n import show_datetime, show_span
from cardqueue.organisation.models import Window
from cardqueue.scheduling.models import Plan
from cardqueue.scheduling.queries import Standing
from cardqueue.scheduling.rules.proposal import Difference, Proposal
from cardqueue.scheduling.views.sentences import code_in_words


@dataclass(frozen=True, slots=True)
class Person:
    """A member whose time would change."""

    name: str
    old_at: datetime
    new_at: datetime


@dataclass(frozen=True, slots=True)
class Move:
    """Members of a cell who would go from one window to another, or to another time of the same one."""

    cell: str
    people: list[Person]

    @property
    def old_at(self) -> datetime:
        """When the first of them is expected now."""
        return min(person.old_at for person in self.people)

    @property
    def new_at(self) -> datetime:
        """When the first of them would be expected."""
        return min(person.new_at for person in self.people)


def notes_of(difference: Difference) -> dict[tuple[int, int], str]:
    """What changes in each proposed turn, by cell and window."""
    counts: dict[tuple[int, int], dict[str, int]] = {}
    for kind, changes in (
        (_("mới"), difference.added),
        (_("đổi khung"), difference.moved),
        (_("đổi giờ"), difference.retimed),
        (_("giữ nguyên"), difference.same),
    ):
        for change in changes:
            of_turn = counts.setdefault((change.cell_id, change.new.window_id), {})
            of_turn[str(kind)] = of_turn.get(str(kind), 0) + 1
    return {turn: ", ".join(f"{count} {kind}" for kind, count in kinds.items()) for turn, kinds in counts.items()}


def moves_of(difference: Difference, standings: Mapping[int, Standing], cells: Mapping[int, str]) -> list[Move]:
    """Everybody whose time would change, by cell and windows, in the order of the new times."""
    groups: dict[tuple[int, int, int], list[Person]] = {}
    for change in (*difference.moved, *difference.retimed):
        if change.old is not None and change.member_id in standings:
            person = Person(standings[change.member_id].full_name, change.old.arrive_at, change.new.arrive_at)
            groups.setdefault((change.cell_id, change.old.window_id, change.new.window_id), []).append(person)
    moves = [Move(cells[cell_id], people) for (cell_id, _old, _new), people in groups.items()]
    return sorted(moves, key=lambda move: (move.new_at, move.cell))


def unplaced_of(
    proposal: Proposal,
    standings: Mapping[int, Standing],
    cells: Mapping[int, str],
    windows: Mapping[int, Window],
) -> list[tuple[str, str, str]]:
    """Members whom the planner could not place: name, cell and reason."""
    told = []
    for u in proposal.unplaced:
        if u.member_id in standings:
            window = windows.get(u.window_id) if u.window_id is not None else None
            reason = code_in_words(u.code, u.amount) + (f" ({show_span(window.span)})" if window else "")
            told.append((standings[u.member_id].full_name, cells[u.cell_id], reason))
    return told


@dataclass(frozen=True, slots=True)
class Beside:
    """A cell in two proposals: when its people would come, and whether that differs."""

    cell: str
    first: str
    second: str
    differs: bool


def plan_name(plan: Plan, state: str) -> str:
    """A proposal as a choice."""
    return str(_("Lập lúc %(when)s – %(state)s", when=show_datetime(plan.created_at), state=state))


def side_by_side(first: Proposal, second: Proposal, cells: Mapping[int, str]) -> list[Beside]:
    """Every cell of either proposal, those that differ first."""
    places = [_places(first), _places(second)]
    rows = [
        Beside(
            cells[cell_id],
            _in_words(places[0].get(cell_id, {})),
            _in_words(places[1].get(cell_id, {})),
            places[0].get(cell_id) != places[1].get(cell_id),
        )
        for cell_id in cells
        if cell_id in places[0] or cell_id in places[1]
    ]
    return sorted(rows, key=lambda row: not row.differs)


def _places(proposal: Proposal) -> dict[int, dict[datetime, int]]:
    """By cell: how many people from when on."""
    places: dict[int, dict[datetime, int]] = {}
    for turn in proposal.turns:
        of_cell = places.setdefault(turn.cell_id, {})
        of_cell[turn.arrivals[0]] = of_cell.get(turn.arrivals[0], 0) + len(turn.members)
    return places


def _in_words(places: Mapping[datetime, int]) -> str:
    return "; ".join(
        str(_("%(when)s (%(count)s người)", when=show_datetime(at), count=count))
        for at, count in sorted(places.items())
    ) or str(_("không xếp"))
