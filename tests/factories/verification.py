"""Extracts of population records for tests, made from a town's own members."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.matching.rows import Typed
from cardqueue.core.audit import act_as
from cardqueue.core.keyring import lookup_hash
from cardqueue.lib.citizen_id import read_citizen_id
from cardqueue.lib.clock import now_at
from cardqueue.lib.partial_date import read_date
from cardqueue.organisation.models import Cell
from cardqueue.roster.models import Member
from cardqueue.roster.reading.values import read_sex
from cardqueue.verification.engine.files import ROSTER, ROSTER_ALSO
from cardqueue.verification.engine.names import legacy_encoding, restored
from cardqueue.verification.models import Check, PopulationExtract
from cardqueue.verification.services import Matched, import_extract, match_changed, match_records
from tests.factories.people import Town, make_case, make_member

HEADER = "so_dinh_danh,ho_ten,ngay_sinh,gioi_tinh,que_quan,so_cmnd_cu"


def record_line(member: Member, **values: str) -> str:
    """A member as the population records have them, in capitals; `values` override what differs."""
    said = {
        "so_dinh_danh": member.citizen_id or "",
        "ho_ten": member.full_name.upper(),
        "ngay_sinh": member.birth_on or "",
        "gioi_tinh": "Nữ" if member.sex == "female" else "Nam",
        "que_quan": "Bình Thuận",
        "so_cmnd_cu": "",
        **values,
    }
    return ",".join(said.values())


def csv_of(*lines: str, header: str = HEADER) -> bytes:
    """A file of those lines."""
    return "\n".join((header, *lines)).encode()


def lines_of(town: Town, **changed: str | None) -> list[str]:
    """A line per member; `m3="…"` gives another line to the fourth member, `m3=None` leaves them out."""
    lines = []
    for number, member in enumerate(town.members):
        line = changed.get(f"m{number}", record_line(member))
        if line is not None:
            lines.append(line)
    return lines


def bring(session: Session, town: Town, content: bytes, at: datetime | None = None) -> PopulationExtract:
    """Put an extract in force for the town's station, as its chief."""
    act_as(session, "a.station_chief")
    return import_extract(
        session, town.campaign, town.station.id, filename="dan_cu.csv", content=content, at=at or now_at()
    )


def compare_all(session: Session, town: Town, at: datetime | None = None) -> Matched:
    """Compare the town's members."""
    return match_records(session, town.campaign, committee_ids={town.committee.id}, at=at or now_at())


def add_roster(session: Session, town: Town, cells: Sequence[Cell], rows: Iterable[Typed]) -> list[Member]:
    """Rows of an invented list as members, cell after cell; a committee takes a number once.

    Names in an old font are left out: an import decodes them, the command sees them as they were typed.
    """
    taken: dict[int, set[str]] = {cell.committee_id: set() for cell in cells}
    members = []
    for at, row in enumerate(rows):
        number = read_citizen_id(row.number)
        turn = at % len(cells)
        free = [cell for cell in (*cells[turn:], *cells[:turn]) if number.number not in taken[cell.committee_id]]
        if not row.name.strip() or legacy_encoding(restored(row.name)) or not free:
            continue
        if number.number:
            taken[free[0].committee_id].add(number.number)
        old = number.old_number if not number.number else None
        birth = read_date(row.birth).value
        member = make_member(
            session, free[0], 0, row.name[:120], citizen_id=number.number, old_id=old, old_id_hash=lookup_hash(old),
            card_no=row.card or None, card_no_hash=lookup_hash(row.card),
        )  # fmt: skip
        member.birth_on, member.birth_year = (str(birth), birth.year) if birth else (None, None)
        member.sex = read_sex(row.sex)
        make_case(session, town.campaign, member)
        members.append(member)
    return members


def write_roster(path: Path, members: Iterable[Member]) -> None:
    """Members as a list for `cardqueue match`, with their ids as the rows' numbers."""
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow((*ROSTER, *ROSTER_ALSO))
        for member in members:
            number = member.citizen_id or member.old_id or ""
            said = (member.id, member.full_name, member.birth_on or "", member.sex or "", number)
            writer.writerow((*said, "", member.card_no or "", ""))


def nth_check(session: Session, town: Town, number: int) -> Check:
    """The check of a town's member, by the place in the list."""
    check = session.scalar(sa.select(Check).where(Check.member_id == town.members[number].id))
    assert check is not None
    return check


def run_match_job(session: Session, at: datetime) -> int:
    """The timed job as its runner calls it, each piece committed; returns how many pieces there were."""
    pieces = 0
    while match_changed(session, at):
        session.commit()
        pieces += 1
    return pieces
