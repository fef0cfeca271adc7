"""Small fictitious organisations for tests: two communes that share nothing, one account per role in each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache

from flask_security import hash_password
from sqlalchemy.orm import Session

from cardqueue.accounts.models import User
from cardqueue.cases.models import Case, CaseState
from cardqueue.core.access import Role
from cardqueue.core.keyring import lookup_hash
from cardqueue.lib.clock import from_local, now_at
from cardqueue.lib.names import search_key, sort_key
from cardqueue.organisation.models import Campaign, CampaignKind, Cell, CellKind, Committee, Line, Station, Window
from cardqueue.roster.models import Member, MemberStatus, Sex

PASSWORD = "mat-khau-kiem-thu"
CAMPAIGN_DAY = date(2030, 8, 9)
# Province prefix 003 was never issued, so no number made here can be a person's.
FICTITIOUS_PREFIX = "003"


@cache
def _password_hash() -> str:
    return str(hash_password(PASSWORD))


@dataclass(frozen=True)
class Town:
    """A commune with everything that the road needs."""

    committee: Committee
    station: Station
    cells: list[Cell]
    campaign: Campaign
    windows: list[Window]
    members: list[Member]
    prefix: str

    def username(self, role: Role) -> str:
        """The account of a role in this town."""
        return f"{self.prefix}.{role}"


def citizen_id(number: int, *, sex: Sex = Sex.MALE, year: int = 1960) -> str:
    """A well-formed citizen ID with a never-issued prefix."""
    digit = 2 * ((year - 1900) // 100) + (sex is Sex.FEMALE)
    return f"{FICTITIOUS_PREFIX}{digit}{year % 100:02d}{number:06d}"


def make_member(session: Session, cell: Cell, number: int, name: str = "", **values: object) -> Member:
    """A member with consistent data; `values` override any column."""
    sex = values.pop("sex", Sex.FEMALE if number % 2 else Sex.MALE)
    year = values.pop("birth_year", 1950 + number % 45)
    given = name or f"Nguyễn Văn Mẫu {'ABCDĐEGHIKLMNOPQRSTUVXY'[number % 23]}{number}"
    identity = values.pop("citizen_id", citizen_id(number, sex=Sex(str(sex)), year=int(str(year))))
    columns: dict[str, object] = {
        "full_name": given,
        "search_key": search_key(given),
        "sort_key": sort_key(given),
        "birth_on": f"{year}-02-14",
        "birth_year": year,
        "sex": sex,
        "citizen_id": identity,
        "citizen_id_hash": lookup_hash(str(identity)) if identity else None,
        "status": MemberStatus.OFFICIAL,
        "created_at": now_at(),
        "updated_at": now_at(),
    }
    columns.update(values)
    member = Member(committee_id=cell.committee_id, cell_id=cell.id, **columns)
    session.add(member)
    session.flush()
    return member


def make_case(session: Session, campaign: Campaign, member: Member) -> Case:
    """The ledger's row of a member, not yet done."""
    counted = member.status not in (MemberStatus.PROBATIONARY, MemberStatus.LEFT, MemberStatus.DECEASED)
    case = Case(
        campaign_id=campaign.id,
        member_id=member.id,
        state=CaseState.NOT_YET,
        is_counted=counted,
        since_at=now_at(),
    )
    session.add(case)
    session.flush()
    return case


def make_town(
    session: Session,
    prefix: str = "a",
    *,
    cells: int = 3,
    members_per_cell: int = 4,
    lines: int = 3,
    day: date = CAMPAIGN_DAY,
) -> Town:
    """A committee with cells and members, its station with lines, a campaign with a morning and an afternoon window,
    and one account per role (`a.admin`, `a.committee`, …). Committed.
    """
    province_code = "68"
    station = Station(name=f"Công an xã {prefix.upper()}", address="Số 1 đường Thử", province_code=province_code)
    station.lines = [Line(number=n + 1, desk=f"Bàn {n + 1}") for n in range(lines)]
    committee = Committee(
        name=f"Đảng ủy xã {prefix.upper()}",
        superior_name="ĐẢNG BỘ TỈNH LÂM ĐỒNG",
        place_name=f"Xã {prefix.upper()}",
        province_code=province_code,
        contact_name="Trần Thị Mẫu",
        contact_phone="0900 000 001",
        stations=[station],
    )
    session.add_all([station, committee])
    session.flush()
    made_cells = []
    for n in range(cells):
        name = f"Chi bộ thôn {n + 1}"
        cell = Cell(
            committee_id=committee.id,
            name=name,
            search_key=search_key(name),
            sort_key=sort_key(name),
            kind=CellKind.VILLAGE,
        )
        session.add(cell)
        made_cells.append(cell)
    session.flush()
    campaign = Campaign(
        name=f"Đợt đổi thẻ tháng 8 – {prefix.upper()}",
        kind=CampaignKind.EXCHANGE,
        province_code=province_code,
        starts_on=day,
        deadline_on=day + timedelta(days=10),
        bring_text="Thẻ căn cước; thẻ đảng viên đang dùng; giấy hẹn này.",
        minutes_per_member=Decimal(4),
        has_fictitious_ids=True,
        committees=[committee],
    )
    session.add(campaign)
    session.flush()
    windows = [
        make_window(session, campaign, station, day, time(7), time(11, 30), lines),
        make_window(session, campaign, station, day, time(13), time(17), lines),
    ]
    start = (ord(prefix[0]) - ord("a")) * 10_000
    members = [
        make_member(session, cell, start + 100 * c + n + 1)
        for c, cell in enumerate(made_cells)
        for n in range(members_per_cell)
    ]
    for member in members:
        make_case(session, campaign, member)
    for role in Role:
        make_account(session, f"{prefix}.{role}", role, committee, station, made_cells[0])
    session.commit()
    return Town(committee, station, made_cells, campaign, windows, members, prefix)


def make_window(
    session: Session, campaign: Campaign, station: Station, day: date, start: time, end: time, lines: int
) -> Window:
    """An opening window in Vietnamese local time."""
    start_at: datetime = from_local(day, start)
    end_at: datetime = from_local(day, end)
    minutes = int((end_at - start_at).total_seconds() // 60)
    window = Window(
        campaign_id=campaign.id,
        station_id=station.id,
        start_at=start_at,
        end_at=end_at,
        line_count=lines,
        capacity_work=minutes * lines * 100,
        booked_work=0,
    )
    session.add(window)
    session.flush()
    return window


def make_account(
    session: Session, username: str, role: Role, committee: Committee, station: Station, cell: Cell
) -> User:
    """An account whose password is `PASSWORD`."""
    user = User(
        username=username,
        full_name=f"Người dùng {username}",
        password=_password_hash(),
        active=True,
        fs_uniquifier=f"fs-{username}",
        role=role,
        committee_id=committee.id if role is Role.COMMITTEE else None,
        cell_id=cell.id if role is Role.CELL_SECRETARY else None,
        station_id=station.id if role in (Role.OFFICER, Role.STATION_CHIEF) else None,
        province_code=committee.province_code if role is Role.SUPERVISOR else None,
        created_at=now_at(),
    )
    session.add(user)
    session.flush()
    return user
