"""Groups: a cell's people, or a part of them, who come together; a cell too large for a window is cut into parts."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil

from cardqueue.scheduling.planner.shapes import Block, Cell, Params, PlanMember
from cardqueue.scheduling.planner.work import count_elderly, expected_work, is_elderly, member_work


@dataclass(frozen=True, slots=True)
class Group:
    """People who come together, and where and when they were in the plan before."""

    cell: Cell
    members: tuple[PlanMember, ...]
    work: int
    elderly: int
    was_in: str | None = None
    was_at: datetime | None = None

    @property
    def count(self) -> int:
        return len(self.members)


def in_order(members: Iterable[PlanMember], params: Params) -> tuple[PlanMember, ...]:
    """The elderly first: it costs the others nothing and gives them less wait."""
    return tuple(sorted(members, key=lambda member: (not is_elderly(member, params), member.id)))


def groups_of(
    cell: Cell,
    members: Sequence[PlanMember],
    before: Sequence[Block],
    windows: Collection[str],
    params: Params,
    *,
    largest_work: int,
    largest_count: int | None,
) -> list[Group]:
    """Groups of a cell's members in the parts they were in before, each cut where it is too large."""
    rest = {member.id: member for member in members}
    parts: list[tuple[list[PlanMember], Block | None]] = []
    for block in before:
        same = [rest.pop(name) for name in block.members if name in rest]
        if same:
            parts.append((same, block if block.window in windows else None))
    if rest and parts:
        parts[-1][0].extend(rest.values())
    elif rest:
        parts.append((list(rest.values()), None))
    return [
        _group(cell, piece, params, block)
        for people, block in parts
        for piece in _cut(in_order(people, params), largest_work, largest_count, params)
    ]


def singles(group: Group, params: Params) -> list[Group]:
    """A group taken apart into its members, for rules that do not keep cells together."""
    return [
        replace(_group(group.cell, (member,), params, None), was_in=group.was_in, was_at=group.was_at)
        for member in group.members
    ]


def _group(cell: Cell, members: tuple[PlanMember, ...], params: Params, before: Block | None) -> Group:
    return Group(
        cell=cell,
        members=members,
        work=expected_work(members, params),
        elderly=count_elderly(members, params),
        was_in=before.window if before else None,
        was_at=before.start if before else None,
    )


def _cut(
    members: tuple[PlanMember, ...], largest_work: int, largest_count: int | None, params: Params
) -> list[tuple[PlanMember, ...]]:
    """The fewest parts of nearly equal work that are small enough; single members if nothing else is."""
    pieces = max(1, ceil(expected_work(members, params) / max(1, largest_work)))
    if largest_count:
        pieces = max(pieces, ceil(len(members) / largest_count))
    if pieces == 1:
        return [members]
    while pieces < len(members):
        parts = _equal_parts(members, pieces, params)
        if all(
            expected_work(part, params) <= largest_work and len(part) <= (largest_count or len(part)) for part in parts
        ):
            return parts
        pieces += 1
    return [(member,) for member in members]


def _equal_parts(members: tuple[PlanMember, ...], pieces: int, params: Params) -> list[tuple[PlanMember, ...]]:
    total = expected_work(members, params)
    parts: list[list[PlanMember]] = [[] for _ in range(pieces)]
    done = 0
    for member in members:
        work = member_work(is_elderly(member, params), params)
        parts[min(pieces - 1, (2 * done + work) * pieces // (2 * total))].append(member)
        done += work
    return [tuple(part) for part in parts if part]
