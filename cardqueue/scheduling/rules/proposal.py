"""A proposal: what the planner suggests, as it is kept with the plan, and how it differs from what is booked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from cardqueue.scheduling.rules.whatif import Outlook, Variant


class Mode(StrEnum):
    """How much an automatic plan may touch: only whom nobody invited yet, or all that people did not place by hand."""

    FILL = "fill"
    ANEW = "anew"


@dataclass(frozen=True, slots=True)
class Turn:
    """A cell, or a part of it, in a window; `members` stand in the order of their `arrivals`."""

    cell_id: int
    window_id: int
    start_at: datetime
    end_at: datetime
    members: tuple[int, ...]
    arrivals: tuple[datetime, ...]
    works: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A member whom the planner could not place: the planner's code, the nearest window and what was missing there."""

    member_id: int
    cell_id: int
    code: str
    window_id: int | None
    amount: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """The whole suggestion.

    `was` holds the appointment that each member had when it was made, and `foreign_work` the work in each window that
    it does not touch: both tell at publishing whether the world has moved on. `dropped` are members whose
    appointments end: those who may no longer be invited, and those for whom no room is left. `outlook` is what the
    plan would bring, `remedy` what would help where not everybody has a place in time.
    """

    mode: Mode
    turns: tuple[Turn, ...]
    unplaced: tuple[Unplaced, ...]
    explanations: Mapping[int, dict[str, Any]]
    was: Mapping[int, int]
    foreign_work: Mapping[int, int]
    dropped: tuple[int, ...] = ()
    outlook: Outlook | None = None
    remedy: Variant | None = None

    @property
    def window_ids(self) -> list[int]:
        """The windows that it uses, in the order of their ids."""
        return sorted({turn.window_id for turn in self.turns})

    @property
    def placed_count(self) -> int:
        """How many members get a time."""
        return sum(len(turn.members) for turn in self.turns)

    def to_json(self) -> dict[str, Any]:
        """As kept in the database."""
        return {
            "mode": self.mode,
            "turns": [
                {
                    "cell": turn.cell_id,
                    "window": turn.window_id,
                    "start": turn.start_at.isoformat(),
                    "end": turn.end_at.isoformat(),
                    "members": list(turn.members),
                    "arrivals": [at.isoformat() for at in turn.arrivals],
                    "works": list(turn.works),
                }
                for turn in self.turns
            ],
            "unplaced": [[u.member_id, u.cell_id, u.code, u.window_id, u.amount] for u in self.unplaced],
            "explanations": {str(cell_id): value for cell_id, value in self.explanations.items()},
            "was": {str(member_id): value for member_id, value in self.was.items()},
            "foreign_work": {str(window_id): value for window_id, value in self.foreign_work.items()},
            "dropped": list(self.dropped),
            "outlook": self.outlook.to_json() if self.outlook else None,
            "remedy": self.remedy.to_json() if self.remedy else None,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Proposal:
        """As it was when it was kept."""
        return cls(
            mode=Mode(kept["mode"]),
            turns=tuple(
                Turn(
                    turn["cell"],
                    turn["window"],
                    datetime.fromisoformat(turn["start"]),
                    datetime.fromisoformat(turn["end"]),
                    tuple(turn["members"]),
                    tuple(datetime.fromisoformat(at) for at in turn["arrivals"]),
                    tuple(turn["works"]),
                )
                for turn in kept["turns"]
            ),
            unplaced=tuple(Unplaced(*row) for row in kept["unplaced"]),
            explanations={int(cell_id): value for cell_id, value in kept["explanations"].items()},
            was={int(member_id): value for member_id, value in kept["was"].items()},
            foreign_work={int(window_id): value for window_id, value in kept["foreign_work"].items()},
            dropped=tuple(kept["dropped"]),
            # Proposals of earlier versions were kept without.
            outlook=Outlook.from_json(kept["outlook"]) if kept.get("outlook") else None,
            remedy=Variant.from_json(kept["remedy"]) if kept.get("remedy") else None,
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a member is expected."""

    window_id: int
    arrive_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One member's place before and after; None where there was none."""

    member_id: int
    cell_id: int
    old: Place | None
    new: Place


@dataclass(frozen=True, slots=True)
class Difference:
    """What publishing would change: everybody of the proposal is in exactly one of the four."""

    added: tuple[Change, ...]
    moved: tuple[Change, ...]
    retimed: tuple[Change, ...]
    same: tuple[Change, ...]


def compare(turns: Iterable[Turn], booked: Mapping[int, Place]) -> Difference:
    """How a proposal differs from what is booked: new, another window, another time in the same window, unchanged."""
    added, moved, retimed, same = [], [], [], []
    for turn in turns:
        for member_id, at in zip(turn.members, turn.arrivals, strict=True):
            old = booked.get(member_id)
            change = Change(member_id, turn.cell_id, old, Place(turn.window_id, at))
            if old is None:
                added.append(change)
            elif old.window_id != turn.window_id:
                moved.append(change)
            elif old.arrive_at != at:
                retimed.append(change)
            else:
                same.append(change)
    return Difference(tuple(added), tuple(moved), tuple(retimed), tuple(same))
