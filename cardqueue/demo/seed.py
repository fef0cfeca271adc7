"""The demo commune in a database: a fictitious exchange in its second day, made by the same services as the pages.

Yesterday the first cells came, today the others come, and tomorrow has room for those who could not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.accounts.models import User
from cardqueue.accounts.services import Unit, create_account
from cardqueue.cases.models import PendingReason
from cardqueue.cases.services import enter_committee
from cardqueue.core.access import Role
from cardqueue.core.audit import act_as
from cardqueue.counter.jobs import mark_no_shows
from cardqueue.counter.services import Desk
from cardqueue.demo import people
from cardqueue.demo.day import play_day
from cardqueue.demo.errors import Planting
from cardqueue.demo.files import L1_NAME, POPULATION_NAMES, write_demo
from cardqueue.demo.planting import Office, plant
from cardqueue.demo.truth import AT_THE_COUNTER, UNSETTLED, find_evening_pending, open_known_cases, settle_checks
from cardqueue.lib.clock import from_local, to_local
from cardqueue.lib.intervals import Interval
from cardqueue.notices.services import prepare_notices
from cardqueue.organisation.models import Campaign, CampaignKind, CellKind, Committee, Station
from cardqueue.organisation.queries import list_cells
from cardqueue.organisation.rules import Opening
from cardqueue.organisation.services import (
    CampaignDetails,
    CellDetails,
    CommitteeDetails,
    StationDetails,
    add_cell,
    add_windows,
    create_campaign,
    create_committee,
    create_station,
)
from cardqueue.roster.services import accept_all_rows, confirm_import, import_file
from cardqueue.scheduling.models import Appointment, AppointmentState
from cardqueue.scheduling.rules.proposal import Mode
from cardqueue.scheduling.services import plan_campaign, publish_plan
from cardqueue.slips.drawing import Layout
from cardqueue.slips.queries import list_slips
from cardqueue.slips.services import print_slips
from cardqueue.verification.services import import_extract, match_records

PASSWORD = "demo-suoi-may"  # noqa: S105 — printed for everybody who tries the demo
PROVINCE_CODE = "68"
LINES = 2
MORNING, AFTERNOON, EVENING = (time(7), time(11, 30)), (time(13), time(17)), (time(18), time(20, 30))
FILES_FOLDER = "files"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demo: who it stands for, and its name."""

    role: Role
    username: str
    full_name: str


ACCOUNTS = (
    DemoAccount(Role.ADMIN, "quantri", "Quản trị viên"),
    DemoAccount(Role.COMMITTEE, "danguy", "Trần Thị Hòa – Văn phòng Đảng ủy"),
    DemoAccount(Role.CELL_SECRETARY, "chibo", "Bí thư chi bộ thôn 1"),
    DemoAccount(Role.OFFICER, "canbo", "Cán bộ thu nhận 1"),
    DemoAccount(Role.STATION_CHIEF, "truongcongan", "Trưởng điểm thu nhận"),
    DemoAccount(Role.SUPERVISOR, "tinh", "Ban Tổ chức Tỉnh ủy"),
)
_SECOND_OFFICER = DemoAccount(Role.OFFICER, "canbo2", "Cán bộ thu nhận 2")
SECRETARY_CELL = "thôn 1"


def is_seeded(session: Session) -> bool:
    """Whether the demo commune is there already."""
    return session.scalar(sa.select(sa.func.count()).select_from(Committee)) != 0


def seed_demo(session: Session, folder: Path, *, at: datetime) -> None:
    """Make the demo commune, as it stands at `at`; the office files it came from are left in `folder`."""
    commune = people.make_commune(1)
    office = plant(commune, people.make_residents(commune, 3000), Planting())
    files = write_demo(office, folder / FILES_FOLDER, replace=True)
    today_on = to_local(at).date()
    prepared_at = from_local(today_on - timedelta(days=5), time(8))

    act_as(session, "quantri")
    committee, station = _organise(session, office)
    campaign = _open_campaign(session, committee, station, today_on)
    users = _open_accounts(session, committee, station)

    act_as(session, "danguy")
    _import_roster(session, committee, files / L1_NAME, prepared_at)
    pending = find_evening_pending(session, office, committee.id)

    act_as(session, "truongcongan")
    _bring_extract(session, campaign, station, committee, files / POPULATION_NAMES[0], prepared_at)
    left = {member_id for member_id, reason in pending.items() if reason in UNSETTLED}
    settle_checks(session, campaign, office, committee.id, leave=left, at=prepared_at + timedelta(hours=2))

    act_as(session, "danguy")
    plan_at = prepared_at + timedelta(days=1)
    publish_plan(session, plan_campaign(session, campaign, committee.id, Mode.FILL, at=plan_at), at=plan_at)
    slips = list_slips(session, campaign, committee.id, at=plan_at)
    print_slips(session, campaign, committee.id, slips, Layout.A4_FOUR, at=plan_at)
    prepare_notices(session, campaign, plan_at)
    open_known_cases(session, campaign, pending, at=min(prepared_at + timedelta(days=3), at))
    _play(session, campaign, station, users, pending, at)


def _organise(session: Session, office: Office) -> tuple[Committee, Station]:
    place = office.commune.name.removeprefix("Xã ")
    station = create_station(
        session,
        StationDetails(f"Công an xã {place}", PROVINCE_CODE, "Số 12 đường Bàu Sen", "0570 000 113"),
        line_count=LINES,
    )
    committee = create_committee(
        session,
        CommitteeDetails(
            f"Đảng ủy xã {place}",
            "ĐẢNG BỘ TỈNH LÂM ĐỒNG",
            place,
            PROVINCE_CODE,
            contact_name="Trần Thị Hòa",
            contact_phone="0570 000 365",
        ),
        [station],
    )
    secretaries = {person.key: person for person in office.commune.people}
    kinds = set(CellKind)
    for cell in office.commune.cells:
        secretary = secretaries.get(cell.secretary_key)
        add_cell(
            session,
            committee.id,
            CellDetails(
                cell.name,
                CellKind(cell.kind) if cell.kind in kinds else CellKind.OTHER,
                secretary_name=secretary.full_name if secretary else "",
                secretary_phone=secretary.phone if secretary else None,
                travel_minutes=20 if cell.kind == "village" else 5,
            ),
        )
    session.flush()
    return committee, station


def _open_campaign(session: Session, committee: Committee, station: Station, today_on: date) -> Campaign:
    campaign = create_campaign(
        session,
        CampaignDetails(
            name=f"Đợt đổi thẻ đảng viên tháng {today_on.month}/{today_on.year}",
            kind=CampaignKind.EXCHANGE,
            province_code=PROVINCE_CODE,
            starts_on=today_on - timedelta(days=1),
            deadline_on=today_on + timedelta(days=6),
            legal_basis="Chỉ thị 51-CT/TW ngày 08/8/2025 của Ban Bí thư về đổi thẻ đảng viên.",
            slip_title="GIẤY HẸN ĐỔI THẺ ĐẢNG VIÊN",
            bring_text="(1) thẻ căn cước hoặc căn cước công dân; (2) thẻ đảng viên đang dùng; (3) giấy hẹn này.",
            dress_text="Trang phục lịch sự, áo có cổ, để chụp ảnh.",
            note_text="Đề nghị đến trước giờ hẹn 10 phút. Sức khỏe yếu hoặc bận việc: báo Bí thư chi bộ để hẹn lại.",
            minutes_per_member=Decimal(4),
            has_fictitious_ids=True,
        ),
        [committee],
    )
    openings = [
        Opening(Interval(from_local(today_on + timedelta(days=days), start), _end(today_on, days, end)), LINES)
        for days, parts in ((-1, (MORNING, AFTERNOON)), (0, (MORNING, AFTERNOON, EVENING)), (1, (MORNING, AFTERNOON)))
        for start, end in parts
    ]
    add_windows(session, campaign, station, openings)
    return campaign


def _end(today_on: date, days: int, end: time) -> datetime:
    return from_local(today_on + timedelta(days=days), end)


def _open_accounts(session: Session, committee: Committee, station: Station) -> dict[str, User]:
    cell_id = next(cell.id for cell in list_cells(session, committee.id) if cell.name.endswith(SECRETARY_CELL))
    units = {
        Role.ADMIN: Unit(),
        Role.COMMITTEE: Unit(committee_id=committee.id),
        Role.CELL_SECRETARY: Unit(cell_id=cell_id),
        Role.OFFICER: Unit(station_id=station.id),
        Role.STATION_CHIEF: Unit(station_id=station.id),
        Role.SUPERVISOR: Unit(province_code=PROVINCE_CODE),
    }
    return {
        account.username: create_account(
            session,
            username=account.username,
            full_name=account.full_name,
            role=account.role,
            unit=units[account.role],
            password=PASSWORD,
        )[0]
        for account in (*ACCOUNTS, _SECOND_OFFICER)
    }


def _import_roster(session: Session, committee: Committee, path: Path, at: datetime) -> None:
    made = import_file(session, committee.id, path.name, path.read_bytes(), at=at, fictitious_ids=True)
    accept_all_rows(session, made)
    confirm_import(session, made, at=at, decide_as_usual=True)
    # The ledger takes members up just before a commit; the rest of the story needs their cases now.
    enter_committee(session, committee.id, at)


def _bring_extract(
    session: Session, campaign: Campaign, station: Station, committee: Committee, path: Path, at: datetime
) -> None:
    import_extract(session, campaign, station.id, filename=path.name, content=path.read_bytes(), at=at)
    match_records(session, campaign, committee_ids={committee.id}, at=at)


def _play(
    session: Session,
    campaign: Campaign,
    station: Station,
    users: dict[str, User],
    pending: dict[int, PendingReason],
    at: datetime,
) -> None:
    """Yesterday, and today as far as it has gone."""
    desks = [
        Desk(station.id, users[username].id, line.id)
        for username, line in zip(("canbo", "canbo2"), station.lines, strict=True)
    ]
    act_as(session, "canbo")
    days = session.scalars(
        sa.select(Appointment.day_on)
        .where(Appointment.campaign_id == campaign.id)
        .distinct()
        .order_by(Appointment.day_on)
    ).all()
    unable = {member_id: reason for member_id, reason in pending.items() if reason in AT_THE_COUNTER}
    for day_on in days:
        appointments = session.scalars(
            sa.select(Appointment).where(
                Appointment.campaign_id == campaign.id,
                Appointment.state == AppointmentState.ACTIVE,
                Appointment.day_on == day_on,
            )
        ).all()
        play_day(
            session,
            desks,
            appointments,
            absent=frozenset(pending) - frozenset(unable),
            unable=unable,
            until=at,
            rng=Random(day_on.toordinal()),  # noqa: S311 — an invented day, the same each time
        )
    act_as(session, "job:counter.mark_no_shows")
    mark_no_shows(session, at)
