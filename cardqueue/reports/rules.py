"""What a tally means in words, and which work comes first; pure decisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cardqueue.cases.models import PendingReason
from cardqueue.cases.queries import Tally

MOST_TODOS = 3


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
    """One thing that needs doing now: how many, and by when at the latest."""

    kind: TodoKind
    count: int
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
