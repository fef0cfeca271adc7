"""The whole exchange of the demo commune in a browser: from the Excel list to the evening numbers, and to 100 %.

Everybody works at a browser of their own. What repeats itself 300 times goes through the same services as the pages.
"""

from __future__ import annotations

import io
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from pathlib import Path

import pypdfium2
import pytest
import sqlalchemy as sa
import time_machine
import zxingcpp
from flask import Flask
from playwright.sync_api import Page, Route, expect
from pypdf import PdfReader
from python_calamine import load_workbook

from cardqueue.app import create_app
from cardqueue.cases.models import Case, CaseState, PendingReason
from cardqueue.cases.services import resolve_case
from cardqueue.cases.words import REASON_WORDS
from cardqueue.demo.errors import Planting
from cardqueue.demo.files import L1_NAME, POPULATION_NAMES, write_demo
from cardqueue.demo.people import make_commune, make_residents
from cardqueue.demo.planting import plant
from cardqueue.demo.story import PENDING_COUNTS
from cardqueue.demo.truth import UNSETTLED, open_known_cases
from cardqueue.lib.clock import format_date, format_time, from_local, now_at, today_on
from cardqueue.lib.names import search_key
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment
from tests.browsers import detail, expect_card, expect_tile, open_part, scan
from tests.databases import SqliteDatabases, settings_for
from tests.e2e.exchange import Exchange

PLACE, PROVINCE = "xã Suối Mây", "Tỉnh Lâm Đồng"
STATION, COMMITTEE = f"Công an {PLACE}", f"Đảng ủy {PLACE}"
ACCOUNTS = (
    ("danguy", "Văn phòng Đảng ủy", COMMITTEE),
    ("truongcongan", "Trưởng điểm thu nhận", STATION),
    ("canbo1", "Cán bộ thu nhận", STATION),
    ("canbo2", "Cán bộ thu nhận", STATION),
)


@pytest.fixture
def exchange(
    sqlite_databases: SqliteDatabases,
    tmp_path: Path,
    serve: Callable[[Flask], str],
    open_page: Callable[[], Page],
) -> Iterator[Exchange]:
    """A new installation, and an office with its files, six days before its first day."""
    commune = make_commune(1)
    office = plant(commune, make_residents(commune, 3000), Planting())
    app = create_app(settings_for(sqlite_databases.new_url(), tmp_path))
    first_on = today_on() + timedelta(days=30)
    with time_machine.travel(from_local(first_on - timedelta(days=6), time(8)), tick=True) as clock:
        files = write_demo(office, tmp_path / "files")
        yield Exchange(app, serve(app), clock, open_page, office, files, first_on)


def test_from_the_excel_list_to_the_evening_numbers_and_to_everybody_done(exchange: Exchange) -> None:
    exchange.create_admin("quantri")
    set_up(exchange, exchange.enter("quantri"))
    committee, chief, officer = (exchange.enter_first(username) for username in ("danguy", "truongcongan", "canbo1"))
    bring_list_in(exchange, committee)
    exchange.know_the_evening()
    bring_population_records_in(exchange, chief)
    decide_two_cases(exchange, officer)
    confirm_the_number(chief)
    exchange.settle_checks_but(UNSETTLED)
    plan_everybody(committee, 365 - PENDING_COUNTS["WRONG_INFO"] - PENDING_COUNTS["ID_MISSING"])
    print_slips(exchange, committee)
    hear_from_the_cells(exchange, committee)

    exchange.go_to(0, time(7))
    work_at_the_counter(exchange, exchange.enter("canbo1"))
    exchange.play(0, pending=exchange.pending)
    exchange.play(1, pending=exchange.pending)
    exchange.go_to(1, time(21))
    exchange.mark_no_shows()
    committee = exchange.enter("danguy")
    check_evening_numbers(committee)

    open_a_third_day(exchange, exchange.enter("truongcongan"))
    old_code, new_code = rebook_one_by_hand(exchange, committee)
    settle_everything(exchange)
    plan_everybody(committee, 40)
    exchange.go_to(2, time(6, 50))
    scan_old_and_new_slip(exchange.enter("canbo1"), old_code, new_code)
    exchange.play(2, pending={})
    exchange.go_to(2, time(12))
    check_everybody_is_done(exchange.enter("danguy"))


def set_up(exchange: Exchange, page: Page) -> None:
    """The administrator: a station with two lines, a committee, a campaign with two long days, and accounts."""
    open_part(page, "Đợt và đơn vị")
    page.get_by_role("link", name="Thêm điểm thu nhận", exact=True).click()
    page.get_by_label("Tên điểm thu nhận").fill(STATION)
    page.get_by_label("Địa chỉ").fill("Số 12 đường Bàu Sen")
    page.get_by_label("Điện thoại").fill("0570 000 113")
    page.get_by_label("Tỉnh, thành phố").select_option(label=PROVINCE)
    page.get_by_label("Số dây chuyền").fill("2")
    page.get_by_role("button", name="Lưu điểm thu nhận").click()

    open_part(page, "Đợt và đơn vị")
    page.get_by_role("link", name="Thêm đảng bộ", exact=True).click()
    page.get_by_role("link", name="nhập tay").click()
    page.get_by_label("Tên đảng ủy").fill(COMMITTEE)
    page.get_by_label("Tên cấp trên").fill("ĐẢNG BỘ TỈNH LÂM ĐỒNG")
    page.get_by_label("Địa danh").fill("Suối Mây")
    page.get_by_label("Tỉnh, thành phố").select_option(label=PROVINCE)
    page.get_by_label("Người liên hệ").fill("Trần Thị Hòa")
    page.get_by_label("Điện thoại liên hệ").fill("0570 000 365")
    page.get_by_label(STATION).check()
    page.get_by_role("button", name="Lưu đảng bộ").click()

    open_part(page, "Đợt và đơn vị")
    page.get_by_role("link", name="Tạo đợt", exact=True).click()
    page.get_by_label("Tên đợt").fill("Đợt đổi thẻ đảng viên")
    page.get_by_label("Ngày bắt đầu").fill(format_date(exchange.day_on(0)))
    page.get_by_label("Hạn hoàn thành").fill(format_date(exchange.day_on(5)))
    page.get_by_label("Số phút một lượt").fill("4")
    page.get_by_label("Trưởng điểm thu nhận xác nhận lịch").uncheck()
    page.get_by_label("dùng số định danh giả").check()
    page.get_by_role("button", name="Lưu đợt").click()

    page.get_by_role("table", name="Khung giờ của từng điểm").get_by_role("link").click()
    page.get_by_role("link", name="Thêm nhiều ngày").click()
    page.get_by_label("Từ ngày").fill(format_date(exchange.day_on(0)))
    page.get_by_label("Đến ngày").fill(format_date(exchange.day_on(1)))
    page.get_by_label("Tối từ").fill("18:00")
    page.get_by_label("Tối đến").fill("20 giờ 30")
    page.get_by_label("Số dây chuyền").fill("2")
    page.get_by_role("button", name="Thêm các khung giờ").click()
    expect(page.get_by_text("Đã thêm 6 khung giờ")).to_be_visible()

    for username, role, unit in ACCOUNTS:
        open_part(page, "Tài khoản")
        page.get_by_role("link", name="Tạo tài khoản", exact=True).click()
        page.get_by_label(role, exact=True).check()
        page.get_by_role("button", name="Tiếp tục").click()
        page.get_by_label("Tên đăng nhập").fill(username)
        page.get_by_label("Họ và tên").fill(f"Đồng chí {username}")
        page.get_by_label("Đơn vị").select_option(label=unit)
        page.get_by_role("button", name="Tạo tài khoản", exact=True).click()
        expect(page.get_by_text("chỉ hiện một lần")).to_be_visible()
        exchange.first_passwords[username] = detail(page, "Mật khẩu").inner_text()


def bring_list_in(exchange: Exchange, page: Page) -> None:
    """The committee's office: the Excel list through all five steps of the wizard."""
    open_part(page, "Danh sách")
    page.get_by_role("link", name="Nhập danh sách từ Excel").click()
    page.get_by_label("Tệp danh sách đảng viên").set_input_files(exchange.files / L1_NAME)
    page.get_by_role("button", name="Tải tệp lên").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("bước 2 trên 5")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("bước 3 trên 5")
    page.get_by_role("button", name="Kiểm tra danh sách").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("bước 4 trên 5")
    page.get_by_role("link", name=re.compile(r"^Lỗi \(")).click()
    page.get_by_role("button", name="Nhận cả những dòng lỗi này").click()
    expect(page.get_by_role("link", name="Lỗi (0)")).to_be_visible()
    page.get_by_role("link", name=re.compile("Tiếp tục với")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Chi bộ chưa có trong hệ thống")
    for doubt in page.get_by_role("combobox").all():
        if doubt.input_value() == "":
            # The first of the near names that the page proposes.
            doubt.select_option(index=1)
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Lưu danh sách").click()
    people = len(exchange.office.commune.people)
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Đã lưu {people} đồng chí")
    page.goto(exchange.address)
    expect_tile(page, "đảng viên trong diện", "365")


def bring_population_records_in(exchange: Exchange, page: Page) -> None:
    """The station chief: the extract of the population records, compared at once."""
    open_part(page, "Đối soát")
    page.get_by_role("link", name="Nhập dữ liệu dân cư").click()
    page.get_by_label(re.compile("Tệp")).set_input_files(exchange.files / POPULATION_NAMES[0])
    page.get_by_role("button", name="Nhập tệp").click()
    expect(page.get_by_text(re.compile(r"đối soát 3\d\d đồng chí"))).to_be_visible()


def decide_two_cases(exchange: Exchange, page: Page) -> None:
    """The officer: a name that the list misspells, and a number with two digits changed round."""
    [(misspelt, person)] = exchange.members_with("NAME_WRONG_MARK")
    page.goto(f"{exchange.address}/verify/{misspelt}")
    page.get_by_label("Dữ liệu dân cư đúng").check()
    page.get_by_role("button", name="Lưu và sang trường hợp tiếp theo").click()
    expect(page.get_by_text(f"Đã lưu kết luận về đồng chí {person.full_name}.")).to_be_visible()

    (wrong_number, person), _other = exchange.members_with("ID_TRANSPOSED")
    page.goto(f"{exchange.address}/verify/{wrong_number}")
    page.get_by_label("Nhập lại giá trị đúng").check()
    page.get_by_label("Lý do hoặc căn cứ").fill("Đã xem căn cước gốc")
    page.get_by_label("Số định danh đúng").fill(person.citizen_id)
    page.get_by_role("button", name="Lưu và sang trường hợp tiếp theo").click()
    expect(page.get_by_text(f"Đã đề nghị đổi số định danh của đồng chí {person.full_name}")).to_be_visible()


def confirm_the_number(page: Page) -> None:
    """The station chief, as the second person: a changed number counts only now."""
    open_part(page, "Đối soát")
    page.get_by_role("link", name=re.compile(r"^Chờ người thứ hai \(1\)")).click()
    page.get_by_role("table").first.get_by_role("link").first.click()
    page.get_by_label("Số mới đúng: xác nhận").check()
    page.get_by_role("button", name="Lưu trả lời").click()
    open_part(page, "Đối soát")
    expect(page.get_by_role("link", name="Chờ người thứ hai (0)")).to_be_visible()


def plan_everybody(page: Page, expected: int) -> None:
    """The committee: whoever may be invited gets a time."""
    open_part(page, "Lịch hẹn")
    expect_tile(page, "chưa có lịch", str(expected))
    page.get_by_role("button", name="Xếp tự động").click()
    expect_tile(page, "có lịch mới", str(expected))
    page.get_by_role("link", name="Công bố lịch").click()
    page.get_by_role("button", name="Công bố lịch").click()
    expect(page.get_by_role("heading", name="Mọi đồng chí có thể mời đều đã có lịch")).to_be_visible()


def print_slips(exchange: Exchange, page: Page) -> None:
    """The committee: one PDF with everybody's slip; what its squares say is what stands under them."""
    pdfs: list[bytes] = []

    def keep_pdf(route: Route) -> None:
        # The browser would show the file in its viewer, which hands nothing out.
        pdfs.append(route.fetch().body())
        route.fulfill(status=204)

    page.route("**/slips/print", keep_pdf)
    open_part(page, "Giấy hẹn")
    page.get_by_label(re.compile("A4")).check()
    with page.expect_response("**/slips/print"):
        page.get_by_role("button", name="In giấy hẹn").click()
    with exchange.database("test") as session:
        expected = {
            code: (name, arrive_at)
            for code, name, arrive_at in session.execute(
                sa.select(Appointment.code, Member.full_name, Appointment.arrive_at).join(Appointment.member)
            )
        }
    reader = PdfReader(io.BytesIO(pdfs[0]))
    assert len(reader.pages) == math.ceil(len(expected) / 4)
    rendered = pypdfium2.PdfDocument(pdfs[0])
    for number in (0, len(reader.pages) // 2):
        text = " ".join(reader.pages[number].extract_text().split())
        found = zxingcpp.read_barcodes(rendered[number].render(scale=2).to_pil())
        assert len(found) == 4
        for square in found:
            name, arrive_at = expected[square.text]
            assert name in text
            assert format_time(arrive_at) in text
            assert " ".join(re.findall("....", square.text)) in text


def hear_from_the_cells(exchange: Exchange, page: Page) -> None:
    """The committee: some cannot come on their day, which the cells tell before it."""
    weak = next(member_id for member_id, reason in exchange.pending.items() if reason is PendingReason.WEAK_HEALTH)
    page.goto(f"{exchange.address}/cases/{weak}")
    page.get_by_label("Sức khỏe yếu").check()
    page.get_by_label("Ghi chú").fill("Đang nằm viện")
    page.get_by_role("button", name="Lưu lý do").click()
    expect(page.locator("main")).to_contain_text("Đang nằm viện")
    with exchange.database("danguy") as session:
        open_known_cases(session, exchange.campaign(session), exchange.pending, at=now_at())


def work_at_the_counter(exchange: Exchange, page: Page) -> None:
    """An officer's first quarter of an hour: slips, a used one, a mistake, a wrong code, somebody without a slip."""
    with exchange.database("test") as session:
        first, second = [
            (one.code, one.member.full_name)
            for one in exchange.appointments(session, 0)
            if one.member_id not in exchange.pending
        ][:2]
        walk_in = next(
            one.member.full_name
            for one in exchange.appointments(session, 1)
            if one.member_id not in exchange.pending and " Thị " in one.member.full_name
        )
    open_part(page, "Quầy tiếp nhận")
    page.get_by_label("Dây chuyền 1").check()
    page.get_by_role("button", name="Vào quầy").click()

    scan(page, first[0])
    expect_card(page, "Đúng giờ hẹn", first[1])
    page.get_by_role("button", name="Mời vào dây chuyền 1 ngay").click()
    page.get_by_role("button", name="Đã thu nhận xong").click()
    expect(page.get_by_text(f"Vừa ghi cho đồng chí {first[1]}.")).to_be_visible()
    scan(page, first[0])
    expect_card(page, "Phiếu đã dùng: đã thu nhận lúc", first[1])

    scan(page, second[0])
    page.get_by_role("button", name="Gọi người tiếp theo").click()
    page.get_by_role("button", name="Đã thu nhận xong").click()
    page.get_by_role("button", name="Hoàn tác").click()
    expect_card(page, "Đang làm ở dây chuyền 1", second[1])
    page.get_by_role("button", name="Đã thu nhận xong").click()

    scan(page, second[0][:-1] + str((int(second[0][-1]) + 1) % 10))
    expect_card(page, "Mã chưa đúng")

    page.get_by_role("link", name="Tìm theo tên").click()
    page.keyboard.type(search_key(walk_in))
    page.keyboard.press("Enter")
    page.get_by_role("link", name=walk_in, exact=True).first.click()
    expect_card(page, "Hẹn ngày khác", walk_in)
    page.get_by_role("button", name="Tiếp nhận", exact=True).click()
    page.get_by_role("button", name="Mời vào dây chuyền 1 ngay").click()
    page.get_by_role("button", name="Đã thu nhận xong").click()
    expect(page.get_by_text(f"Vừa ghi cho đồng chí {walk_in}.")).to_be_visible()


def check_evening_numbers(page: Page) -> None:
    """The committee: 324 done of 365, and why 41 are not, on the screen and in the Excel file."""
    expect_tile(page, "đã thu nhận (88,8%)", "324")
    expect_tile(page, "đảng viên trong diện", "365")
    expect_tile(page, "chưa thực hiện, có lý do", "41")
    expect_tile(page, "chưa đến lượt", "0")
    for reason, count in PENDING_COUNTS.items():
        expect_tile(page, str(REASON_WORDS[PendingReason(reason)]), str(count))
    with page.expect_download() as download:
        page.get_by_role("link", name="Xuất Excel").click()
    progress, pending = (
        load_workbook(str(download.value.path())).get_sheet_by_name(name).to_python()
        for name in ("Tiến độ", "Chưa thực hiện")
    )
    total = dict(zip(progress[0], progress[-1], strict=True))
    assert [total["Diện đổi thẻ"], total["Đã thu nhận"], total["Chưa thực hiện"], total["Chưa đến lượt"]] == [
        365,
        324,
        41,
        0,
    ]
    assert {reason: total[REASON_WORDS[PendingReason(reason)]] for reason in PENDING_COUNTS} == PENDING_COUNTS
    reason_column = pending[0].index("Lý do")
    assert Counter(row[reason_column] for row in pending[1:]) == {
        REASON_WORDS[PendingReason(reason)]: count for reason, count in PENDING_COUNTS.items()
    }


def open_a_third_day(exchange: Exchange, page: Page) -> None:
    """The station chief: a morning more, for those who are left."""
    open_part(page, "Đợt và đơn vị")
    page.get_by_role("table", name="Điểm thu nhận").get_by_role("link").click()
    page.get_by_role("link", name="Xem khung giờ").click()
    page.get_by_role("link", name="Thêm một khung").click()
    page.get_by_label("Ngày").fill(format_date(exchange.day_on(2)))
    page.get_by_label("Từ", exact=True).fill("7:00")
    page.get_by_label("Đến", exact=True).fill("11:30")
    page.get_by_label("Số dây chuyền").fill("2")
    page.get_by_role("button", name=re.compile("Thêm|Lưu")).click()
    expect(page.locator(f"#day-{exchange.day_on(2).isoformat()}")).to_be_visible()


def rebook_one_by_hand(exchange: Exchange, page: Page) -> tuple[str, str]:
    """The committee: a member is well again and gets a place on the third day. Returns the old code and the new."""
    open_part(page, "Chưa thực hiện")
    page.get_by_role("link", name="Sức khỏe yếu").click()
    name = page.get_by_role("table").get_by_role("link").first.inner_text()
    page.get_by_role("table").get_by_role("link").first.click()
    member_id = int(page.url.rsplit("/", 1)[1])
    page.get_by_label("Đã giải quyết thế nào").fill("Đã khỏe lại")
    page.get_by_role("button", name="Ghi nhận đã giải quyết").click()
    page.get_by_role("link", name="Hẹn lại").click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Hẹn lại").click()
    expect(page.locator("main")).to_contain_text(name)
    with exchange.database("test") as session:
        codes = session.scalars(
            sa.select(Appointment.code).where(Appointment.member_id == member_id).order_by(Appointment.id)
        ).all()
    assert len(codes) == 2
    return codes[0], codes[1]


def settle_everything(exchange: Exchange) -> None:
    """The night: the police settle what differs, the cells what they can."""
    exchange.settle_checks_but(())
    with exchange.database("danguy") as session:
        for case in session.scalars(sa.select(Case).where(Case.state == CaseState.PENDING)):
            resolve_case(session, case, at=now_at(), note="Đã giải quyết")


def scan_old_and_new_slip(page: Page, old_code: str, new_code: str) -> None:
    """The officer: the slip from before says when the member comes now, and the new one is served."""
    open_part(page, "Quầy tiếp nhận")
    page.get_by_label("Dây chuyền 1").check()
    page.get_by_role("button", name="Vào quầy").click()
    scan(page, old_code)
    expect_card(page, "Đã hẹn lại lúc")
    scan(page, new_code)
    page.get_by_role("button", name="Mời vào dây chuyền 1 ngay").click()
    page.get_by_role("button", name="Đã thu nhận xong").click()
    expect(page.get_by_text("Vừa ghi cho đồng chí")).to_be_visible()


def check_everybody_is_done(page: Page) -> None:
    """The committee: nobody is left, and the page says so."""
    expect_tile(page, "đã thu nhận (100%)", "365")
    expect_tile(page, "chưa thực hiện, có lý do", "0")
    expect_tile(page, "chưa đến lượt", "0")
    open_part(page, "Chưa thực hiện")
    expect(page.get_by_text("Không còn trường hợp nào chưa thực hiện.")).to_be_visible()
