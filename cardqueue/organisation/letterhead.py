"""What stands on a committee's papers: who issues them, where and when, whom to call, and its cells and stations."""

from __future__ import annotations

import re
from datetime import date

from cardqueue.core.pdf.fonts import composed
from cardqueue.organisation.models import Committee, Station


def issuer_of(committee: Committee) -> tuple[str, str]:
    """The two lines above a committee's papers."""
    return committee.superior_name.upper(), committee.name.upper()


def contact_of(committee: Committee) -> str:
    """Whom a member calls: `đồng chí Trần Thị Mẫu, 0252 3000 000`."""
    who = f"đồng chí {committee.contact_name}" if committee.contact_name else ""
    return ", ".join(filter(None, (who, committee.contact_phone)))


def place_of(station: Station, away: str = "") -> str:
    """A station with its address, or the place away from it where its mobile team works."""
    if away:
        return f"{away} ({mobile_team_of(station)})"
    return ", ".join(filter(None, (station.name, station.address)))


def mobile_team_of(station: Station) -> str:
    """Who comes to a place away from the station."""
    return f"Đội lưu động của {station.name}"


def place_and_date(place: str, on: date) -> str:
    """Where and when a paper was issued: `Hàm Thạnh, ngày 05 tháng 8 năm 2025`.

    Source: Party documents put a leading zero on days below 10 and on January and February only.
    """
    month = f"{on.month:02d}" if on.month < 3 else str(on.month)
    return f"{place}, ngày {on.day:02d} tháng {month} năm {on.year:04d}"


def bare_cell_name(name: str) -> str:
    """A cell's name without the words that stand before it anyway: `Thôn Dân Thuận` for `Chi bộ thôn Dân Thuận`."""
    bare = re.sub(r"^chi\s+bộ\s+", "", composed(name), flags=re.IGNORECASE)
    return bare[:1].upper() + bare[1:]
