"""Extracts of population records for tests, made from a town's own members."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from cardqueue.core.audit import act_as
from cardqueue.lib.clock import now_at
from cardqueue.roster.models import Member
from cardqueue.verification.models import PopulationExtract
from cardqueue.verification.services import Matched, import_extract, match_records
from tests.factories.people import Town

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
