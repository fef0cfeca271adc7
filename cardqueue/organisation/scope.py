"""On whose data a person works.

The two agencies stay apart: a committee sees its own members, plans and cases; the police see the stations they staff
and the members of the committees that those stations serve; a supervisor sees counts of a province; an administrator
runs the installation and sees no member at all. `accounts.scope` gives each account its scope.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cardqueue.core.access import POLICE, Role
from cardqueue.core.errors import NotFound
from cardqueue.organisation.models import Cell


@dataclass(frozen=True, slots=True)
class Scope:
    """The objects that a person may meet; everything else does not exist for them.

    `committee_ids` are those whose members the person works with; `cell_id` narrows them to one cell;
    `province_code` is set for supervisors, who see counts only.
    """

    role: Role
    committee_ids: frozenset[int] = field(default_factory=frozenset)
    station_ids: frozenset[int] = field(default_factory=frozenset)
    cell_id: int | None = None
    province_code: str | None = None

    @property
    def committee_id(self) -> int:
        """The one committee of a committee user or a cell secretary.

        Raises: NotFound for everybody else.
        """
        if self.role not in (Role.COMMITTEE, Role.CELL_SECRETARY):
            raise NotFound("NO_COMMITTEE")
        return next(iter(self.committee_ids))

    @property
    def station_id(self) -> int:
        """The one station of a police officer.

        Raises: NotFound for everybody else.
        """
        if self.role not in POLICE:
            raise NotFound("NO_STATION")
        return next(iter(self.station_ids))

    @property
    def is_police(self) -> bool:
        """Whether the person works at a station."""
        return self.role in POLICE

    def may_see_cell(self, cell: Cell) -> bool:
        """Whether the cell's members are within the scope."""
        return cell.committee_id in self.committee_ids and self.cell_id in (None, cell.id)

    def require_cell(self, cell: Cell | None) -> Cell:
        """The cell itself.

        Raises: NotFound when it does not exist or is somebody else's.
        """
        if cell is None or not self.may_see_cell(cell):
            raise NotFound("CELL_NOT_FOUND")
        return cell

    def require_committee(self, committee_id: int | None) -> int:
        """The committee's id itself.

        Raises: NotFound when it is outside the scope.
        """
        if committee_id is None or committee_id not in self.committee_ids:
            raise NotFound("COMMITTEE_NOT_FOUND")
        return committee_id

    def require_station(self, station_id: int | None) -> int:
        """The station's id itself.

        Raises: NotFound when it is outside the scope.
        """
        if station_id is None or station_id not in self.station_ids:
            raise NotFound("STATION_NOT_FOUND")
        return station_id
