"""The numbers of an evening: the same on the screen, in Excel and in the report, and as the ledger has them."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pypdfium2
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from PIL import ImageOps
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session, joinedload

from cardqueue.accounts.models import User
from cardqueue.cases.models import Case, CaseState, PendingReason
from cardqueue.cases.services import complete_case, get_case, open_case
from cardqueue.core.access import Role
from cardqueue.core.models import AuditEntry
from cardqueue.counter.models import Stage, StageKind, Visit
from cardqueue.lib.clock import from_local, now_at, today_on
from cardqueue.organisation.models import Committee
from cardqueue.reports.evening_report import draw_evening_report
from cardqueue.reports.queries import evening_of, list_todos
from cardqueue.reports.rules import TodoKind
from cardqueue.roster.models import Member, MemberStatus
from tests.factories.appointments import invite
from tests.factories.people import CAMPAIGN_DAY, Town, make_case, make_member, make_town
from tests.factories.verification import bring, compare_all, csv_of, lines_of, record_line

SignIn = Callable[[str], FlaskClient]
# invited, done, pending, not yet
Numbers = tuple[int, int, int, int]

MM = 72 / 25.4
OWNER = "Trần Văn Giao"
NOTE = "Số mới 003060000999"


@pytest.fixture
def town(session: Session) -> Town:
    """A commune in the midst of its campaign, with members in every state, and a neighbour in the same province."""
    town = make_town(session)
    town.campaign.legal_basis = "Chỉ thị số 51-CT/TW của Ban Bí thư;\nKế hoạch <riêng> của xã & tỉnh."
    outside = make_member(session, town.cells[0], 77, status=MemberStatus.PROBATIONARY)
    make_case(session, town.campaign, outside)
    secretary = session.scalars(sa.select(User).where(User.username == "a.cell_secretary")).one()
    secretary.full_name = OWNER
    session.flush()
    for member in (*town.members[:2], *town.members[4:8]):
        _complete(session, town, member)
    _pend(session, town, town.members[2], PendingReason.WRONG_INFO, due_on=today_on() - timedelta(days=1))
    _pend(session, town, town.members[8], PendingReason.BUSY, owner=OWNER, due_on=date(2030, 8, 12))
    _pend(session, town, town.members[9], PendingReason.BUSY)
    invite(session, town, [town.members[3]])
    invite(session, town, town.members[10:12], window=town.windows[1], first_number=5)
    neighbour = make_town(session, "b", cells=2)
    neighbour.cells[0].name = "Chi bộ láng giềng"
    _complete(session, neighbour, neighbour.members[0])
    _pend(session, neighbour, neighbour.members[1], PendingReason.AWAY)
    session.commit()
    return town


def test_screen_excel_and_report_show_what_the_ledger_has(session: Session, town: Town, sign_in: SignIn) -> None:
    ledger = _ledger(session, town)
    assert ledger["Tổng cộng"] == (12, 6, 3, 3)
    client = sign_in("a.committee")

    assert _screen_numbers(client.get("/").text) == ledger
    sheets = _sheets(client)
    assert {row[0]: (row[1], row[2], row[4], row[-2]) for row in sheets["Tiến độ"][1:]} == ledger
    text = _text(client.get("/report.pdf").data)
    for name, (invited, done, pending, not_yet) in ledger.items():
        share = f"{round(done * 100 / invited, 2):g}".replace(".", ",")
        line = f"{name.removeprefix('Chi bộ t').replace('hôn', 'Thôn')} {invited} {done} {share}% {pending} {not_yet}"
        assert line in text, line
    assert "Đã thu nhận 50% (6/12) đảng viên trong diện; chưa thực hiện, có lý do: 3; chưa đến lượt: 3." in text
    assert "Ngoài diện (dự bị, từ trần, ra khỏi Đảng): 1." in text

    reasons = {"Bận công tác": 2, "Sai lệch thông tin": 1}
    assert dict(zip(sheets["Tiến độ"][0], sheets["Tiến độ"][-1], strict=True)).items() >= reasons.items()
    assert "Bận công tác: 2. - Sai lệch thông tin: 1." in text


def test_excel_and_report_name_the_same_people_who_are_pending(town: Town, sign_in: SignIn) -> None:
    client = sign_in("a.committee")
    header, *rows = _sheets(client)["Chưa thực hiện"]
    assert header[:4] == ["STT", "Họ và tên", "Năm sinh", "Chi bộ"]
    assert [row[1] for row in rows] == [town.members[n].full_name for n in (2, 9, 8)]
    assert rows[0][7] == "Quá hạn" and rows[2][5:7] == [OWNER, date(2030, 8, 12)]

    text = _text(client.get("/report.pdf").data)
    last = town.members[8]
    assert f"3 {last.full_name} {last.birth_year} Thôn 3 Bận công tác {OWNER} 12/08/2030" in text
    for member in town.members:
        assert (member.full_name in text) is (member in [town.members[n] for n in (2, 8, 9)])


def test_the_report_is_laid_out_as_a_party_document(town: Town, sign_in: SignIn) -> None:
    answer = sign_in("a.committee").get("/report.pdf")
    assert answer.mimetype == "application/pdf"
    text = _text(answer.data)
    in_order = [
        "ĐẢNG BỘ TỈNH LÂM ĐỒNG ĐẢNG ỦY XÃ A *",
        "-BC/ĐU",
        "BÁO CÁO kết quả đổi thẻ đảng viên",
        "Thực hiện Chỉ thị số 51-CT/TW của Ban Bí thư; Kế hoạch <riêng> của xã & tỉnh, Đảng ủy xã A báo cáo",
        "I- TÌNH HÌNH TRIỂN KHAI",
        "II- KẾT QUẢ",
        "III- TRƯỜNG HỢP CHƯA THỰC HIỆN",
        "IV- KHÓ KHĂN, VƯỚNG MẮC",
        "V- ĐỀ XUẤT, THỜI GIAN HOÀN THÀNH",
        "Trên đây là báo cáo kết quả đổi thẻ đảng viên của Đảng ủy xã A",
        "T/M BAN THƯỜNG VỤ",
    ]
    places = [text.find(part) for part in in_order]
    assert -1 not in places and places == sorted(places), list(zip(in_order, places, strict=True))
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in text and re.search(r"Xã A, ngày \d\d tháng \d+ năm \d{4}", text)
    assert "Nơi nhận:" in text and "./." not in text

    for page in PdfReader(io.BytesIO(answer.data)).pages:
        assert (round(page.mediabox.width / MM), round(page.mediabox.height / MM)) == (210, 297)
    document = pypdfium2.PdfDocument(answer.data)
    for number, page in enumerate(document):
        left, top, right, bottom = ImageOps.invert(page.render(scale=1).to_pil().convert("L")).getbbox() or (0, 0, 0, 0)
        assert left >= 29 * MM and right <= 196 * MM and bottom <= 278 * MM
        assert top >= (7 if number else 19) * MM
    document.close()


def test_a_long_report_numbers_its_pages_and_repeats_the_heads_of_its_tables(session: Session, sign_in: SignIn) -> None:
    town = make_town(session, cells=2, members_per_cell=45)
    for member in town.members:
        _pend(session, town, member, PendingReason.AWAY)
    session.commit()
    pages = [_spaced(page.extract_text()) for page in PdfReader(io.BytesIO(_report(sign_in))).pages]
    assert len(pages) > 3
    assert not re.search(r"\b1$", pages[0].split("ĐẢNG", 1)[0].strip())
    for number, page in enumerate(pages[1:], 2):
        assert re.search(rf"(^{number} | {number}$)", page), page[:40]
    with_rows = [page for page in pages if re.search(r"Đi xa, ở nước ngoài \d\d/\d\d/\d{4}", page)]
    assert len(with_rows) > 2 and all("Họ và tên" in page and "Hạn xử lý" in page for page in with_rows)


def test_the_report_is_vietnamese_on_an_english_screen(town: Town, sign_in: SignIn) -> None:
    client = sign_in("a.committee")
    client.post("/language", data={"language": "en"})
    assert "Report (PDF)" in client.get("/").text
    text = _text(client.get("/report.pdf").data)
    assert "Sai lệch thông tin: 1." in text and "50% (6/12)" in text


def test_the_report_has_no_number_of_a_person_and_leaves_a_trace(session: Session, town: Town, sign_in: SignIn) -> None:
    text = _text(_report(sign_in))
    assert not re.search(r"\d{8}", text) and "Số mới" not in text
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "reports.export_report")).one()
    assert (entry.actor, entry.committee_id) == ("a.committee", town.committee.id)
    assert entry.after == {"done": 6, "pending": 3, "not_yet": 3}


def test_a_report_at_noon_tells_the_morning_from_what_comes(session: Session, town: Town) -> None:
    committee = session.get_one(Committee, town.committee.id)
    for n, member in enumerate(town.members[:2] + town.members[4:8] + town.members[10:12]):
        _serve(session, town, member, minutes=3 + n % 2)
    evening = evening_of(session, town.campaign, committee, at=from_local(CAMPAIGN_DAY, time(12)))
    assert (evening.served, evening.minutes) == (8, None)
    text = _text(draw_evening_report(town.campaign, committee, evening))
    assert "tại dây chuyền: 4 phút (theo kế hoạch, chưa đủ số lượt để đo)." in text
    for member in town.members[2:4]:
        _serve(session, town, member, minutes=9)

    evening = evening_of(session, town.campaign, committee, at=from_local(CAMPAIGN_DAY, time(12)))
    text = _text(draw_evening_report(town.campaign, committee, evening))
    assert (
        "2. Đã tổ chức thu nhận 1 ngày, 1 buổi: - Thứ Sáu, ngày 09/8/2030: 7 giờ 00 – 11 giờ 30 (3 dây chuyền)" in text
    )
    assert "tại dây chuyền: 4 phút (số trung vị của 10 lượt)." in text
    assert "Còn 6 đồng chí trong diện chưa thu nhận, 2 đồng chí đã có giờ hẹn trong các buổi tiếp theo" in text
    assert "13 giờ 00 – 17 giờ 00 (3 dây chuyền), tại Công an xã A; 2 đồng chí có giờ hẹn." in text
    assert "Hạn hoàn thành của đợt: ngày 19/8/2030; các trường hợp chưa thực hiện có hạn xử lý chậm nhất" in text
    assert "đến 12 giờ 00 ngày 09/8/2030." in text


def test_a_commune_without_members_has_a_report_too(session: Session, sign_in: SignIn) -> None:
    make_town(session, cells=1, members_per_cell=0)
    text = _text(_report(sign_in))
    assert "Đã thu nhận 0% (0/0)" in text and "Không có trường hợp nào chưa thực hiện" in text


def test_the_neighbours_are_nowhere(town: Town, sign_in: SignIn) -> None:
    client = sign_in("a.committee")
    shown = [client.get("/").text, str(_sheets(client)), _text(client.get("/report.pdf").data)]
    assert all("Thôn 1" in part or "thôn 1" in part for part in shown)
    assert not any("láng giềng" in part or "Đi xa" in part for part in shown)


def test_a_secretary_sees_the_own_cell_alone(town: Town, sign_in: SignIn) -> None:
    client = sign_in("a.cell_secretary")
    page = client.get("/").text
    assert _screen_numbers(page) == {"Chi bộ thôn 1": (4, 2, 1, 1), "Tổng cộng": (4, 2, 1, 1)}
    assert "/report.pdf" not in page
    sheets = _sheets(client)
    assert [row[0] for row in sheets["Tiến độ"][1:]] == ["Chi bộ thôn 1", "Tổng cộng"]
    assert [row[1] for row in sheets["Chưa thực hiện"][1:]] == [town.members[2].full_name]


def test_a_chief_sees_counts_of_cells_and_no_name(town: Town, sign_in: SignIn) -> None:
    client = sign_in("a.station_chief")
    assert _screen_numbers(client.get("/").text)["Tổng cộng"] == (12, 6, 3, 3)
    assert list(_sheets(client)) == ["Tiến độ"]
    _names_nobody(client, town)


def test_a_supervisor_sees_counts_of_communes_and_never_a_name(session: Session, town: Town, sign_in: SignIn) -> None:
    # The newest campaign is the one that both communes take part in.
    neighbour = session.scalars(sa.select(Committee).where(Committee.name == "Đảng ủy xã B")).one()
    town.campaign.committees.append(neighbour)
    town.campaign.starts_on += timedelta(days=1)
    session.commit()
    client = sign_in("a.supervisor")
    numbers = _screen_numbers(client.get("/").text)
    assert numbers == {"Đảng ủy xã A": (12, 6, 3, 3), "Đảng ủy xã B": (0, 0, 0, 0), "Tổng cộng": (12, 6, 3, 3)}
    assert list(_sheets(client)) == ["Tiến độ"]
    _names_nobody(client, town)


@pytest.mark.parametrize(("role", "goes_to"), [(Role.ADMIN, "/organisation"), (Role.OFFICER, "/counter")])
def test_who_has_other_work_is_led_there(town: Town, sign_in: SignIn, role: Role, goes_to: str) -> None:
    assert sign_in(f"a.{role}").get("/").location.startswith(goes_to)


def test_the_dashboard_counts_slips_as_the_page_of_slips_does(session: Session, town: Town, sign_in: SignIn) -> None:
    client = sign_in("a.committee")
    assert "Cần in 3 giấy hẹn" in client.get("/slips").text
    assert _step(client, 4) == "Còn 3"
    client.post("/slips/print", data={"layout": "A5", "which": "due"})
    assert _step(client, 4) == "Đã in hết"


def test_the_dashboard_counts_checks_as_the_worklist_does(session: Session, sign_in: SignIn) -> None:
    town = make_town(session)
    # A tone written elsewhere is only pointed out; another year of birth keeps the member from a time.
    first, second = town.members[0], town.members[1]
    changed = {
        "m0": record_line(first, ho_ten=first.full_name.upper().replace("NGUYỄN", "NGUYÊN")),
        "m1": record_line(second, ngay_sinh="1933-01-01"),
    }
    bring(session, town, csv_of(*lines_of(town, **changed)))
    compare_all(session, town)
    session.commit()
    client = sign_in("a.committee")
    assert "còn 2 trường hợp" in client.get("/verify").text
    assert _step(client, 2) == "Còn 2"
    page = client.get("/").text
    assert "Còn 2 trường hợp chưa đối soát xong." in page
    assert "Trong đó 1 đồng chí sai hoặc thiếu thông tin, chưa xếp lịch được." in page


def test_a_case_leads_to_its_slip(town: Town, sign_in: SignIn) -> None:
    client = sign_in("a.committee")
    invited, done = town.members[3], town.members[0]
    assert f'/slips/members/{invited.id}"' in client.get(f"/cases/{invited.id}").text
    assert client.get(f"/slips/members/{invited.id}").mimetype == "application/pdf"
    assert "/slips/members/" not in client.get(f"/cases/{done.id}").text


def _complete(session: Session, town: Town, member: Member) -> None:
    complete_case(session, get_case(session, town.campaign.id, member.id), at=now_at())


def _pend(
    session: Session, town: Town, member: Member, reason: PendingReason, *, owner: str = "", due_on: date | None = None
) -> None:
    owner_id = session.scalar(sa.select(User.id).where(User.full_name == owner)) if owner else None
    case = get_case(session, town.campaign.id, member.id)
    open_case(session, case, reason, at=now_at(), owner_id=owner_id, due_on=due_on, note=NOTE)


def _serve(session: Session, town: Town, member: Member, *, minutes: int) -> None:
    """A visit that ended well, after so long at the line."""
    officer_id = session.scalar(sa.select(User.id).where(User.username == "a.officer"))
    start_at = from_local(CAMPAIGN_DAY, time(8))
    end_at = start_at + timedelta(minutes=minutes)
    served = Stage(
        kind=StageKind.SERVING,
        started_at=start_at,
        ended_at=end_at,
        officer_id=officer_id,
        line_id=town.station.lines[0].id,
    )
    session.add(
        Visit(
            campaign_id=town.campaign.id,
            member_id=member.id,
            station_id=town.station.id,
            day_on=CAMPAIGN_DAY,
            due_at=start_at,
            checked_in_at=start_at,
            closed_at=end_at,
            closed_by_id=officer_id,
            outcome="captured",
            stages=[served],
        )
    )
    session.flush()


def _ledger(session: Session, town: Town) -> dict[str, Numbers]:
    """The numbers counted one by one from the rows of the ledger."""
    counts: dict[str, Counter[str]] = {}
    cases = session.scalars(
        sa.select(Case).options(joinedload(Case.member).joinedload(Member.cell)).where(Case.is_counted)
    )
    for case in cases:
        if case.campaign_id == town.campaign.id:
            for name in (case.member.cell.name, "Tổng cộng"):
                counts.setdefault(name, Counter())[str(case.state)] += 1
    return {
        name: (states.total(), states[CaseState.DONE], states[CaseState.PENDING], states[CaseState.NOT_YET])
        for name, states in counts.items()
    }


def _screen_numbers(page: str) -> dict[str, Numbers]:
    """The table of numbers, and the same numbers on the tiles."""
    soup = BeautifulSoup(page, "html5lib")
    numbers: dict[str, Numbers] = {}
    for row in soup.select("#numbers tbody tr"):
        name, *shown = (part.get_text(strip=True) for part in row.find_all(["th", "td"]))
        numbers[name] = (int(shown[0]), int(shown[1]), int(shown[3]), int(shown[4]))
    done, invited, pending, not_yet = (int(tile.get_text(strip=True)) for tile in soup.select(".cq-tile__number")[:4])
    assert (invited, done, pending, not_yet) == numbers["Tổng cộng"]
    return numbers


def _sheets(client: FlaskClient) -> dict[str, list[list[Any]]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/progress.xlsx").data))
    return {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}


def _report(sign_in: SignIn) -> bytes:
    return bytes(sign_in("a.committee").get("/report.pdf").data)


def _text(pdf: bytes) -> str:
    return _spaced("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _step(client: FlaskClient, number: int) -> str:
    """What the dashboard's list of steps says of one."""
    steps = BeautifulSoup(client.get("/").text, "html5lib").select(".govuk-task-list__item")
    return steps[number - 1].select_one(".govuk-task-list__status").get_text(strip=True)  # type: ignore[union-attr]


def _names_nobody(client: FlaskClient, town: Town) -> None:
    shown = client.get("/").text + str(_sheets(client))
    assert not any(member.full_name in shown for member in town.members)
    assert "/report.pdf" not in shown


def test_a_member_who_missed_the_time_needs_another_one(session: Session, town: Town) -> None:
    def unplaced(at: datetime) -> int:
        todos = list_todos(session, town.campaign.id, committee_id=town.committee.id, at=at)
        return next(todo.count for todo in todos if todo.kind is TodoKind.UNPLACED)

    newcomer = make_member(session, town.cells[0], 99)
    make_case(session, town.campaign, newcomer)
    window = town.windows[0]
    waiting = {at: unplaced(at) for at in (window.start_at, window.end_at)}
    invite(session, town, [newcomer], window=window, first_number=900)
    assert unplaced(window.start_at) == waiting[window.start_at] - 1
    assert unplaced(window.end_at) == waiting[window.end_at]
