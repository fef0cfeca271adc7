"""An officer settles differences at the keyboard, and a colleague confirms a new citizen ID."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.browsers import sign_in
from tests.factories.deciding import AMBIGUOUS, MARKS, NEAR, SWAPPED, another_number, make_differing_town
from tests.factories.people import PASSWORD, Town

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def database_kind() -> str:
    """One database is enough for what a browser sees."""
    return "sqlite"


@pytest.fixture
def town(session: Session) -> Town:
    """A commune in which every kind of difference occurs."""
    return make_differing_town(session)


@pytest.fixture
def address(app: Flask, town: Town, serve: Callable[[Flask], str]) -> str:
    """The commune, served."""
    return serve(app)


def press(page: Page, key: str) -> None:
    """Press a key once the page's script listens to it."""
    expect(page.get_by_text("Phím tắt:")).to_be_visible()
    page.keyboard.press(key)


def test_cases_are_gone_through_and_decided_by_keys(
    page: Page, address: str, town: Town, assert_accessible: Callable[[Page], None]
) -> None:
    sign_in(page, address, "a.officer", PASSWORD)
    page.goto(f"{address}/verify")
    page.get_by_role("link", name="Bắt đầu từ trường hợp đầu tiên").click()
    first = page.locator("h1").inner_text()
    press(page, "j")
    expect(page.locator("h1")).not_to_have_text(first)
    press(page, "k")
    expect(page.locator("h1")).to_have_text(first)
    assert_accessible(page)

    page.goto(f"{address}/verify/{town.members[SWAPPED].id}")
    press(page, "2")
    expect(page.get_by_role("radio", name="Hồ sơ đảng viên đúng")).to_be_checked()
    reason = page.get_by_label("Lý do hoặc căn cứ")
    reason.click()
    page.keyboard.type("jk12 theo khai sinh")
    expect(reason).to_have_value("jk12 theo khai sinh")
    expect(page.get_by_role("radio", name="Hồ sơ đảng viên đúng")).to_be_checked()
    page.get_by_role("button", name="Lưu và sang trường hợp tiếp theo").click()
    expect(page.get_by_text("Đã lưu kết luận về đồng chí Phạm Quốc Định.")).to_be_visible()

    page.goto(f"{address}/verify/{town.members[MARKS].id}")
    press(page, "1")
    press(page, "Enter")
    expect(page.get_by_text("Đã lưu kết luận về đồng chí Lê Thị Hòa.")).to_be_visible()


def test_whoever_is_hindered_by_the_keys_turns_them_off(page: Page, address: str, town: Town) -> None:
    sign_in(page, address, "a.officer", PASSWORD)
    page.goto(f"{address}/verify/{town.members[MARKS].id}")
    page.get_by_role("button", name="Tắt phím tắt").click()
    page.keyboard.press("1")
    expect(page.get_by_role("radio", name="Dữ liệu dân cư đúng")).not_to_be_checked()
    page.reload()
    page.get_by_role("button", name="Bật phím tắt").click()
    page.locator("h1").click()
    press(page, "1")
    expect(page.get_by_role("radio", name="Dữ liệu dân cư đúng")).to_be_checked()


def test_a_new_number_is_looked_at_by_two_people(
    open_page: Callable[[], Page],
    address: str,
    town: Town,
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None],
) -> None:
    member = town.members[NEAR]
    officer, second = open_page(), open_page()
    sign_in(officer, address, "a.officer", PASSWORD)
    officer.goto(f"{address}/verify/{member.id}")
    expect(officer.locator("main")).not_to_contain_text(another_number(member))
    press(officer, "x")
    expect(officer.locator("#compared")).to_contain_text(another_number(member))
    press(officer, "1")
    press(officer, "Enter")
    expect(officer.get_by_text("Đã đề nghị đổi số định danh của đồng chí Trần Văn Khải")).to_be_visible()

    second.set_viewport_size(PHONE)  # type: ignore[arg-type]
    sign_in(second, address, "a.officer_2", PASSWORD)
    second.goto(f"{address}/verify?stage=second")
    second.get_by_role("link", name=member.full_name).click()
    assert_accessible(second)
    assert_fits(second)
    second.get_by_label("Số mới đúng: xác nhận").check()
    second.get_by_role("button", name="Lưu trả lời").click()
    expect(second.get_by_text(f"Đã xác nhận số định danh mới của đồng chí {member.full_name}.")).to_be_visible()


def test_candidates_fit_on_a_phone_and_many_are_decided_alike(
    page: Page,
    address: str,
    town: Town,
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None],
) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    sign_in(page, address, "a.officer", PASSWORD)
    page.goto(f"{address}/verify/{town.members[AMBIGUOUS].id}")
    expect(page.get_by_role("button", name="Xem đầy đủ người thứ 2")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_label("Nhập lại giá trị đúng").check()
    expect(page.get_by_label("Số định danh đúng")).to_be_visible()
    assert_accessible(page)
    page.goto(f"{address}/verify/alike?level=marks")
    assert_accessible(page)
    assert_fits(page)
    page.get_by_label("Đỗ Trọng Nghĩa").uncheck()
    page.get_by_label("Ghi họ tên theo dữ liệu dân cư").check()
    page.get_by_role("button", name="Kiểm tra lại trước khi lưu").click()
    assert_fits(page)
    page.get_by_role("button", name="Lưu kết luận cho 1 đồng chí").click()
    expect(page.get_by_text("Đã lưu kết luận về 1 đồng chí.")).to_be_visible()
    page.get_by_role("link", name="Hoàn tác cả 1 kết luận").click()
    assert_accessible(page)
