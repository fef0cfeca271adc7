"""Every page of every role, on the demo commune amid its day: axe finds nothing, and a phone is wide enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from cardqueue.accounts.models import User
from cardqueue.cases.models import Case, CaseState
from cardqueue.core.access import POLICE, Role
from cardqueue.core.database import db, writing
from cardqueue.core.http import view_access
from cardqueue.counter.services import Desk, scan_slip
from cardqueue.demo.seed import ACCOUNTS, PASSWORD, PROVINCE_CODE, SECRETARY_CELL
from cardqueue.lib.clock import now_at, today_on
from cardqueue.organisation.models import Campaign, Committee, Station, Window
from cardqueue.organisation.queries import list_cells
from cardqueue.roster.models import ImportRow, Member
from cardqueue.roster.services import import_file
from cardqueue.scheduling.models import Appointment, AppointmentState, Block
from cardqueue.scheduling.rules.proposal import Mode
from cardqueue.scheduling.services import plan_campaign, submit_plan
from cardqueue.verification.models import DecisionRecord
from cardqueue.verification.services import keep_upload
from tests.browsers import sign_in

Serve = Callable[[Flask], str]
PageCheck = Callable[[Page], None]

# A list with one row of each kind: in order, with a cell that is not known yet, and without a number.
LIST = """Họ và tên,Ngày sinh,Giới tính,Số định danh,Chi bộ
Nguyễn Thị Mẫu,02/01/1950,Nữ,003150000111,Chi bộ thôn 1
Trần Văn Mẫu,1960,Nam,003060000112,Chi bộ Bến Đò
Lê Văn Mẫu,05/06/1971,Nam,,Chi bộ thôn 1
"""
EXTRACT = "Cột một,Cột hai\n003060000112,Trần Văn Mẫu\n"

# Pages that show something else when they are asked for it, beside the plain address.
ASKED = {
    "accounts.new_account": ["?role=officer", "?role=cell_secretary", "?role=admin"],
    "cases.pending": ["?reason=WRONG_INFO"],
    "cleaning.returned_sheets": ["?q=nguyen"],
    "counter.desk": ["?case={case_id}", "?case={done_case_id}"],
    "counter.find": ["?name=nguyen+thi", "?name=khong+co+ai"],
    "organisation.copy_day": ["?day={day}"],
    "organisation.find_commune": ["?q=ham"],
    "roster.import_rows": ["?tab=wrong", "?tab=look", "?tab=valid"],
    "scheduling.simulation": ["?of=proposal&trouble=outage"],
    "scheduling.unplaced": ["?only=blocked"],
    "verification.worklist": ["?stage=settled", "?stage=second"],
}
# These are nothing without the question.
ONLY_ASKED = {"organisation.copy_day"}
# A part of a page, and an answer without content.
NO_PAGES = {"accounts.stay", "counter.queue", "slips.member", "verification.extract_progress"}
FILE_ENDINGS = (".xlsx", ".pdf", ".txt", ".zip")
DESK, PHONE = ViewportSize(width=1100, height=800), ViewportSize(width=360, height=740)


@dataclass(frozen=True)
class Demo:
    """The demo commune, served, and what the arguments of its addresses may be."""

    app: Flask
    address: str
    values: dict[str, object]

    def pages(self, role: Role) -> Iterator[str]:
        """Every address that the role may ask for with GET."""
        with self.app.test_request_context():
            rules = [
                rule
                for rule in self.app.url_map.iter_rules()
                if "GET" in (rule.methods or ()) and _is_page_of(rule, role)
            ]
            adapter = self.app.url_map.bind("localhost")
            for rule in sorted(rules, key=lambda rule: rule.rule):
                path = adapter.build(rule.endpoint, {name: self.values[name] for name in rule.arguments})
                if rule.endpoint not in ONLY_ASKED:
                    yield path
                for question in ASKED.get(rule.endpoint, ()):
                    yield path + question.format_map(self.values)


def _is_page_of(rule: Rule, role: Role) -> bool:
    declared = view_access(rule.endpoint)
    is_for_programs = rule.rule.startswith("/api/") or rule.rule.endswith(FILE_ENDINGS)
    is_page = "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGES and not is_for_programs
    return is_page and declared is not None and declared.roles is not None and role in declared.roles


@pytest.fixture
def demo(demo_app: Flask, serve: Serve) -> Demo:
    """The demo commune with a list that is being read, a plan that is not published and an extract to be explained."""
    with demo_app.app_context(), writing(db.session()) as session:
        values = _objects(session)
    return Demo(demo_app, serve(demo_app), values)


def _objects(session: Session) -> dict[str, object]:
    campaign = session.scalars(sa.select(Campaign)).one()
    committee = session.scalars(sa.select(Committee)).one()
    station = session.scalars(sa.select(Station)).one()
    reading = import_file(session, committee.id, "danh_sach.csv", LIST.encode(), at=now_at(), fictitious_ids=True)
    upload = keep_upload(session, campaign, station.id, filename="dan_cu.csv", content=EXTRACT.encode(), at=now_at())
    cell = next(cell for cell in list_cells(session, committee.id) if cell.name.endswith(SECRETARY_CELL))
    of_cell = sa.select(Case).join(Case.member).where(Member.cell_id == cell.id)
    pending = session.scalars(of_cell.where(Case.state == CaseState.PENDING)).first()
    done = session.scalars(sa.select(Case).where(Case.state == CaseState.DONE)).first()
    assert pending and done, "the demo's day has nobody to show"
    later = session.scalars(
        sa.select(Appointment)
        .join(Case, Case.member_id == Appointment.member_id)
        .where(Case.state == CaseState.NOT_YET, Appointment.state == AppointmentState.ACTIVE)
        .order_by(Appointment.arrive_at.desc())
    ).first()
    officer = session.scalars(sa.select(User).where(User.role == Role.OFFICER)).first()
    assert later and officer
    proposal = plan_campaign(session, campaign, committee.id, Mode.ANEW, at=now_at())
    submit_plan(session, proposal, at=now_at())
    waiting = scan_slip(session, Desk(station.id, officer.id, None), later.code, at=now_at())
    return {
        "block_id": session.scalars(sa.select(Block.id).where(Block.cell_id == cell.id)).first(),
        "campaign_id": campaign.id,
        "case_id": pending.id,
        "cell_id": cell.id,
        "committee_id": committee.id,
        "commune_code": "23122",
        "day": today_on().isoformat(),
        "decision_id": session.scalars(sa.select(DecisionRecord.id)).first(),
        "done_case_id": done.id,
        "extract_id": upload.id,
        "import_id": reading.id,
        "line_id": station.lines[0].id,
        "member_id": pending.member_id,
        "plan_id": proposal.id,
        "province_code": PROVINCE_CODE,
        "row_id": session.scalars(sa.select(ImportRow.id).where(ImportRow.import_id == reading.id)).first(),
        "station_id": station.id,
        "user_id": session.scalars(sa.select(User.id)).first(),
        "visit_id": waiting.visit_id,
        "window_id": session.scalars(sa.select(Window.id).order_by(Window.id.desc())).first(),
    }


@pytest.mark.parametrize("role", list(Role))
def test_every_page_of_a_role_is_accessible_and_fits_a_phone(
    page: Page, demo: Demo, assert_accessible: PageCheck, assert_fits: PageCheck, role: Role
) -> None:
    _enter(page, demo, role)
    wrong = [
        fault
        for path in demo.pages(role)
        for fault in _faults(page, demo.address + path, assert_accessible, assert_fits)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("role", "paths"), [(Role.COMMITTEE, ["/", "/plan"]), (Role.OFFICER, ["/verify", "/counter"])])
def test_pages_in_english_are_accessible_and_fit_a_phone(
    page: Page, demo: Demo, assert_accessible: PageCheck, assert_fits: PageCheck, role: Role, paths: list[str]
) -> None:
    _enter(page, demo, role)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    addresses = [demo.address + path for path in paths]
    wrong = [fault for address in addresses for fault in _faults(page, address, assert_accessible, assert_fits)]
    assert not wrong, "\n".join(wrong)


def _enter(page: Page, demo: Demo, role: Role) -> None:
    account = next(account for account in ACCOUNTS if account.role is role)
    sign_in(page, demo.address, account.username, PASSWORD)
    if role in POLICE:
        page.goto(f"{demo.address}/counter/line")
        page.get_by_role("radio").first.check()
        page.get_by_role("button", name="Vào quầy").click()


def _faults(page: Page, address: str, assert_accessible: PageCheck, assert_fits: PageCheck) -> Iterator[str]:
    """What is wrong with a page; the other pages are looked at all the same."""
    answer = page.goto(address)
    if answer is None or answer.status >= 400:
        yield f"{address}: {answer and answer.status}"
    if page.locator("h1").count() != 1:
        yield f"{address}: {page.locator('h1').count()} h1"
    page.set_viewport_size(DESK)
    yield from _fault(assert_accessible, page)
    page.set_viewport_size(PHONE)
    yield from _fault(assert_fits, page)


def _fault(check: PageCheck, page: Page) -> Iterator[str]:
    try:
        check(page)
    except AssertionError as error:
        yield f"{page.url}: {error}"
