"""Committees with their cells, stations with their lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.core.audit import record, record_change
from cardqueue.core.errors import Conflict
from cardqueue.core.logs import mask_numbers
from cardqueue.lib.names import clean, search_key, sort_key
from cardqueue.organisation.models import Cell, CellKind, Committee, Line, Station


@dataclass(frozen=True, slots=True)
class CommitteeDetails:
    """What a committee is called and how it is reached; `superior_name` is printed above its name."""

    name: str
    superior_name: str
    place_name: str
    province_code: str
    commune_code: str | None = None
    contact_name: str = ""
    contact_phone: str = ""


@dataclass(frozen=True, slots=True)
class StationDetails:
    """Where a station is and how it is reached."""

    name: str
    province_code: str
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class CellDetails:
    """What a cell is called, who leads it, and how long its members travel."""

    name: str
    kind: CellKind = CellKind.OTHER
    org_code: str | None = None
    secretary_name: str = ""
    secretary_phone: str | None = None
    travel_minutes: int = 0


def create_committee(session: Session, details: CommitteeDetails, stations: Sequence[Station]) -> Committee:
    """Create a committee and name the stations where its members come.

    Raises: Conflict("COMMITTEE_NAME_TAKEN").
    """
    _refuse_taken_name(session, Committee, details.name, None)
    committee = Committee(**asdict(details), stations=list(stations))
    session.add(committee)
    session.flush()
    record(
        session,
        "organisation.create_committee",
        f"committee:{committee.id}",
        after=_described(details, stations),
        committee_id=committee.id,
    )
    return committee


def change_committee(
    session: Session, committee: Committee, details: CommitteeDetails, stations: Sequence[Station]
) -> None:
    """Change a committee and the stations where its members come.

    Raises: Conflict("COMMITTEE_NAME_TAKEN").
    """
    _refuse_taken_name(session, Committee, details.name, committee.id)
    before = _described(_details_of(CommitteeDetails, committee), committee.stations)
    _set(committee, details)
    committee.stations = list(stations)
    session.flush()
    record_change(
        session,
        "organisation.change_committee",
        f"committee:{committee.id}",
        before,
        _described(details, stations),
        committee_id=committee.id,
    )


def create_station(session: Session, details: StationDetails, *, line_count: int) -> Station:
    """Create a station with its first lines, numbered from 1.

    Raises: Conflict("STATION_NAME_TAKEN").
    """
    _refuse_taken_name(session, Station, details.name, None)
    station = Station(**asdict(details), lines=[Line(number=n + 1, desk=f"Bàn {n + 1}") for n in range(line_count)])
    session.add(station)
    session.flush()
    after = _described(details) | {"lines": line_count}
    record(session, "organisation.create_station", f"station:{station.id}", after=after, station_id=station.id)
    return station


def change_station(session: Session, station: Station, details: StationDetails) -> None:
    """Change a station's name, address or telephone.

    Raises: Conflict("STATION_NAME_TAKEN").
    """
    _refuse_taken_name(session, Station, details.name, station.id)
    before = _described(_details_of(StationDetails, station))
    _set(station, details)
    session.flush()
    record_change(
        session,
        "organisation.change_station",
        f"station:{station.id}",
        before,
        _described(details),
        station_id=station.id,
    )


def add_line(session: Session, station: Station, *, number: int, desk: str, is_active: bool = True) -> Line:
    """Add a line to a station.

    Raises: Conflict("LINE_NUMBER_TAKEN").
    """
    _refuse_taken_number(session, station.id, number, None)
    line = Line(station_id=station.id, number=number, desk=desk, is_active=is_active)
    session.add(line)
    session.flush()
    record(session, "organisation.add_line", f"line:{line.id}", after=_described_line(line), station_id=station.id)
    return line


def change_line(session: Session, line: Line, *, number: int, desk: str, is_active: bool) -> None:
    """Change a line's number or desk, or take it out of use; it is never deleted, since visits name it.

    Raises: Conflict("LINE_NUMBER_TAKEN").
    """
    _refuse_taken_number(session, line.station_id, number, line.id)
    before = _described_line(line)
    line.number, line.desk, line.is_active = number, desk, is_active
    session.flush()
    record_change(
        session,
        "organisation.change_line",
        f"line:{line.id}",
        before,
        _described_line(line),
        station_id=line.station_id,
    )


def add_cell(session: Session, committee_id: int, details: CellDetails) -> Cell:
    """Add a cell to a committee.

    Raises: Conflict("CELL_NAME_TAKEN") also where the names differ only in case, accents or spaces.
    """
    _refuse_taken_cell(session, committee_id, details.name, None)
    cell = Cell(committee_id=committee_id, **asdict(details) | _keys(details.name))
    session.add(cell)
    session.flush()
    record(
        session, "organisation.add_cell", f"cell:{cell.id}", after=_described(details), committee_id=cell.committee_id
    )
    return cell


def change_cell(session: Session, cell: Cell, details: CellDetails) -> None:
    """Rename a cell or change what is known of it.

    Raises: Conflict("CELL_NAME_TAKEN").
    """
    _refuse_taken_cell(session, cell.committee_id, details.name, cell.id)
    before = _described(_details_of(CellDetails, cell))
    _set(cell, details)
    for name, value in _keys(details.name).items():
        setattr(cell, name, value)
    session.flush()
    record_change(
        session,
        "organisation.change_cell",
        f"cell:{cell.id}",
        before,
        _described(details),
        committee_id=cell.committee_id,
    )


def _set(row: object, details: Any) -> None:
    for name, value in asdict(details).items():
        setattr(row, name, value)


def _details_of(kind: type[Any], row: object) -> Any:
    return kind(**{name: getattr(row, name) for name in kind.__dataclass_fields__})


def _keys(name: str) -> dict[str, str]:
    return {"name": clean(name), "search_key": search_key(name), "sort_key": sort_key(name)}


def _described(details: Any, stations: Sequence[Station] | None = None) -> dict[str, Any]:
    """The details for the audit trail, where no telephone number stands in full."""
    values = {
        name: mask_numbers("".join(value.split())) if name.endswith("phone") and value else value
        for name, value in asdict(details).items()
    }
    return values if stations is None else values | {"station_ids": sorted(station.id for station in stations)}


def _described_line(line: Line) -> dict[str, Any]:
    return {"number": line.number, "desk": line.desk, "is_active": line.is_active}


def _refuse_taken_name(session: Session, table: type[Committee] | type[Station], name: str, own_id: int | None) -> None:
    if session.scalar(sa.select(table.id).where(table.name == name, table.id != (own_id or 0))):
        raise Conflict(f"{table.__name__.upper()}_NAME_TAKEN", name=name)


def _refuse_taken_number(session: Session, station_id: int, number: int, own_id: int | None) -> None:
    taken = sa.select(Line.id).where(Line.station_id == station_id, Line.number == number, Line.id != (own_id or 0))
    if session.scalar(taken):
        raise Conflict("LINE_NUMBER_TAKEN", number=number)


def _refuse_taken_cell(session: Session, committee_id: int, name: str, own_id: int | None) -> None:
    taken = sa.select(Cell.id).where(
        Cell.committee_id == committee_id, Cell.search_key == search_key(name), Cell.id != (own_id or 0)
    )
    if session.scalar(taken):
        raise Conflict("CELL_NAME_TAKEN", name=name)
