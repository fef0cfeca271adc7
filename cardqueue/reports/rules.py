"""What a tally means in words, and which work comes first; pure decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import median

from cardqueue.cases.models import PendingReason
from cardqueue.cases.queries import Tally

MOST_TODOS = 3
ENOUGH_SERVED = 10


class Standing(StrEnum):
    """How a cell or a commune stands, the one that needs most help last."""

    EMPTY = "empty"
    FINISHED = "finished"
    UNDER_WAY = "under_way"
    NOT_INVITED = "not_invited"
    WRONG_INFO = "wrong_info"


class TodoKind(StrEnum):
    """Work that waits for somebody, the most urgent first."""

    NO_ROSTER = "no_roster"
    UNCHECKED = "unchecked"
    OVERDUE = "overdue"
    PROPOSAL = "proposal"
    UNPLACED = "unplaced"
    UNPRINTED = "unprinted"
    NO_OWNER = "no_owner"


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing that needs doing now: how many, how many of these keep somebody from a time, by when at the latest."""

    kind: TodoKind
    count: int
    blocking: int = 0
    first_at: datetime | None = None


def standing(tally: Tally, *, placed: int) -> Standing:
    """How a group stands; `placed` is how many of its members have an appointment."""
    if tally.invited == 0:
        return Standing.EMPTY
    if tally.is_finished:
        return Standing.FINISHED
    if tally.by_reason.get(PendingReason.WRONG_INFO) or tally.by_reason.get(PendingReason.ID_MISSING):
        return Standing.WRONG_INFO
    if tally.done == 0 and placed == 0:
        return Standing.NOT_INVITED
    return Standing.UNDER_WAY


def most_urgent(todos: Iterable[Todo]) -> list[Todo]:
    """At most three things to do now, the most urgent first: more would hide what matters."""
    order = list(TodoKind)
    waiting = [todo for todo in todos if todo.count]
    return sorted(waiting, key=lambda todo: order.index(todo.kind))[:MOST_TODOS]


def share_of(part: int, whole: int) -> float:
    """The share that is done, for sorting; nothing of nothing counts as all done."""
    return part / whole if whole else 1.0


def percent_of(part: int, whole: int) -> float:
    """The share in percent with two decimals, as files show it; nothing of nothing is 0."""
    return round(part * 100 / whole, 2) if whole else 0.0


def usual_minutes(minutes: Sequence[float]) -> float | None:
    """The median time of a member at the line, None while too few were served to say."""
    return round(median(minutes), 1) if len(minutes) >= ENOUGH_SERVED else None
