"""What would change between two plans, member by member: shown before anything is sent."""

from dataclasses import dataclass

from cardqueue.scheduling.planner.shapes import Plan, Slip


@dataclass(frozen=True, slots=True)
class Change:
    """One member's appointment before and after; None where there was or is none."""

    member: str
    cell: str
    old: Slip | None
    new: Slip | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Changes by kind, each in the order of the members' ids."""

    moved: tuple[Change, ...]
    """Another window."""
    retimed: tuple[Change, ...]
    """The same window at another time."""
    added: tuple[Change, ...]
    dropped: tuple[Change, ...]

    @property
    def moved_cells(self) -> tuple[str, ...]:
        """Cells of which at least one member changes the window."""
        return tuple(sorted({change.cell for change in self.moved}))


def compare(old: Plan, new: Plan) -> Difference:
    """The members whose appointment differs."""
    cells = {member: block.cell for each in (old, new) for block in each.blocks for member in block.members}
    before, after = ({slip.member: slip for slip in each.slips} for each in (old, new))
    changes = [
        Change(member, cells[member], before.get(member), after.get(member))
        for member in sorted(before.keys() | after.keys())
        if before.get(member) != after.get(member)
    ]
    both = [(c, c.old, c.new) for c in changes]
    return Difference(
        moved=tuple(c for c, was, now in both if was and now and was.window != now.window),
        retimed=tuple(c for c, was, now in both if was and now and was.window == now.window),
        added=tuple(c for c, was, _ in both if was is None),
        dropped=tuple(c for c, _, now in both if now is None),
    )
