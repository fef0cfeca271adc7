"""The screens where most of the work is done, without a mouse: everything is reached, seen and operated by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy.orm import Session

from cardqueue.cases.models import Case, CaseState
from cardqueue.core.database import db, writing
from cardqueue.counter.models import Stage, StageKind
from cardqueue.counter.services import Desk, finish
from cardqueue.demo.files import L4_NAME
from cardqueue.demo.seed import FILES_FOLDER, PASSWORD
from cardqueue.lib.clock import now_at
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment, AppointmentState
from cardqueue.verification.models import Check, CheckStatus
from tests.browsers import expect_card, scan, sign_in

MOST_STEPS = 150

# What can be operated, numbered in the order of the page. Of a group of radio buttons Tab reaches one.
NUMBER_CONTROLS = """() => {
    const groups = new Set();
    const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    const controls = [...document.querySelectorAll(wanted)].filter(control => {
        if (!control.checkVisibility() || control.disabled || control.tabIndex < 0) return false;
        if (control.type !== "radio") return true;
        const isFirst = !groups.has(control.name);
        groups.add(control.name);
        return isFirst;
    });
    controls.forEach((control, number) => {
        const of_group = control.type === "radio" ? document.getElementsByName(control.name) : [control];
        of_group.forEach(one => one.dataset.number = number);
    });
    return controls.map(control => control.outerHTML.slice(0, 150));
}"""

# A ring, a shadow or another ground: on the control, or on the drawn circle or box of a hidden one.
LOOK_AT_FOCUS = """() => {
    const control = document.activeElement;
    const drawn = style => style.boxShadow !== "none"
        || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0);
    const next = control.nextElementSibling;
    const label = next?.tagName === "LABEL" && getComputedStyle(next, "::before");
    return {
        number: control.dataset.number === undefined ? null : Number(control.dataset.number),
        isSeen: drawn(getComputedStyle(control)) || Boolean(label && drawn(label)),
        what: control.outerHTML.slice(0, 150),
    };
}"""


def walk(page: Page) -> None:
    """Go through a page with Tab: nothing is left out, and one always sees where one is.

    Forward, then back: the counter's scan field takes the focus at the page's end, where a scanner would type in vain.
    """
    controls = page.evaluate(NUMBER_CONTROLS)
    reached: set[int | None] = set()
    for key in ["Tab"] * (len(controls) + 2) + ["Shift+Tab"] * (len(controls) + 2):
        if len(reached - {None}) == len(controls):
            break
        page.keyboard.press(key)
        focus = page.evaluate(LOOK_AT_FOCUS)
        assert focus["number"] is None or focus["isSeen"], f"no visible focus on {focus['what']}"
        reached.add(focus["number"])
    left_out = [control for number, control in enumerate(controls) if number not in reached]
    assert left_out == []


def tab_to(page: Page, control: Locator) -> None:
    """Press Tab until the control has the focus."""
    for _step in range(MOST_STEPS):
        if control.evaluate("control => control === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{control} is not reached with Tab")


def press(page: Page, control: Locator, key: str = "Enter") -> None:
    """Go to a control and operate it."""
    tab_to(page, control)
    page.keyboard.press(key)


def choose(page: Page, radio: Locator) -> None:
    """Go to a group of radio buttons and on with the arrows to the one that is wanted."""
    press(page, page.get_by_role("radio").first, "Space")
    for _step in range(MOST_STEPS):
        if radio.is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{radio} is not reached with the arrows")


@pytest.fixture
def address(demo_app: Flask, serve: Callable[[Flask], str]) -> str:
    """The demo commune, served."""
    return serve(demo_app)


def test_somebody_signs_in_and_skips_the_navigation(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in")
    walk(page)
    tab_to(page, page.get_by_label("Tên đăng nhập"))
    page.keyboard.type("danguy")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đợt đổi thẻ")

    page.keyboard.press("Tab")
    skip_link = page.get_by_role("link", name="Chuyển đến nội dung chính")
    expect(skip_link).to_be_focused()
    expect(skip_link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#main') !== null")


def test_the_account_menu_opens_and_signs_out(page: Page, address: str) -> None:
    sign_in(page, address, "tinh", PASSWORD)
    press(page, page.locator(".cq-account > summary"))
    press(page, page.get_by_role("button", name="Đăng xuất"))
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()


def test_a_list_is_brought_in(page: Page, address: str, seeded_demo: Path) -> None:
    sign_in(page, address, "danguy", PASSWORD)
    page.goto(f"{address}/roster/imports/new")
    walk(page)
    with page.expect_file_chooser() as chooser:
        press(page, page.get_by_label("Tệp danh sách đảng viên"))
    chooser.value.set_files(seeded_demo / FILES_FOLDER / L4_NAME)
    press(page, page.get_by_role("button", name="Tải tệp lên"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("bước 2 trên 5")


def test_a_case_is_decided(page: Page, address: str, demo_app: Flask) -> None:
    with demo_app.app_context():
        name, member_id = db.session.execute(
            sa.select(Member.full_name, Member.id)
            .join(Check, Check.member_id == Member.id)
            .where(Check.blocks, Check.status == CheckStatus.MISMATCH)
        ).first() or ("", 0)
    sign_in(page, address, "canbo", PASSWORD)
    page.goto(f"{address}/verify/{member_id}")
    walk(page)
    choose(page, page.get_by_role("radio", name="Hồ sơ đảng viên đúng"))
    tab_to(page, page.get_by_label("Lý do hoặc căn cứ"))
    page.keyboard.type("Theo giấy khai sinh")
    press(page, page.get_by_role("button", name="Lưu và sang trường hợp tiếp theo"))
    expect(page.get_by_text(f"Đã lưu kết luận về đồng chí {name}.")).to_be_visible()


def test_a_member_is_served_at_the_counter(page: Page, address: str, demo_app: Flask) -> None:
    with demo_app.app_context(), writing(db.session()) as session:
        finish_everybody(session)
        name, code = session.execute(
            sa.select(Member.full_name, Appointment.code)
            .join(Appointment, Appointment.member_id == Member.id)
            .join(Case, Case.member_id == Member.id)
            .where(Case.state == CaseState.NOT_YET, Appointment.state == AppointmentState.ACTIVE)
            .order_by(Appointment.arrive_at.desc())
        ).first() or ("", "")
    sign_in(page, address, "canbo", PASSWORD)
    press(page, page.get_by_role("link", name="Quầy tiếp nhận"))
    choose(page, page.get_by_role("radio", name="Dây chuyền 1"))
    press(page, page.get_by_role("button", name="Vào quầy"))
    scan(page, code)
    expect_card(page, "Đến sớm", name)
    walk(page)
    press(page, page.get_by_role("button", name="Mời vào dây chuyền 1 ngay"))
    expect_card(page, "Đang làm ở dây chuyền 1", name)
    press(page, page.locator("summary", has_text="Sai thông tin, không làm được hôm nay"))
    expect(page.get_by_role("button", name="Ghi lý do")).to_be_visible()
    press(page, page.get_by_role("button", name="Đã thu nhận xong"))
    expect(page.get_by_text(f"Vừa ghi cho đồng chí {name}.")).to_be_visible()


def finish_everybody(session: Session) -> None:
    """Whoever stands at a line is done: both lines are free."""
    serving = session.scalars(sa.select(Stage).where(Stage.kind == StageKind.SERVING, Stage.ended_at.is_(None))).all()
    for stage in serving:
        desk = Desk(stage.visit.station_id, stage.officer_id or 0, stage.line_id)
        finish(session, desk, stage.visit_id, at=now_at())
