"""Every component in a real browser under the strict content security policy, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Dialog, Page, expect

from tests.gallery import create_gallery

Serve = Callable[[Flask], str]
Check = Callable[[Page], None]
Picture = Callable[[Page, str], None]

SIZES = {"desk": {"width": 1100, "height": 800}, "phone": {"width": 360, "height": 740}}
PAGES = {"everything": "/", "errors": "/loi", "error-page": "/bao-loi", "confirmation": "/xac-nhan", "board": "/bang"}


@pytest.mark.parametrize("size", SIZES)
def test_components_are_accessible_and_fit_the_screen(
    page: Page, serve: Serve, assert_accessible: Check, assert_fits: Check, take_picture: Picture, size: str
) -> None:
    address = serve(create_gallery())
    page.set_viewport_size({"width": SIZES[size]["width"], "height": SIZES[size]["height"]})
    for name, path in PAGES.items():
        page.goto(address + path)
        take_picture(page, f"gallery-{name}-{size}")
        assert_accessible(page)
        assert_fits(page)


def test_everything_to_tap_is_at_least_44_pixels_high_on_a_phone(page: Page, serve: Serve) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(serve(create_gallery()))
    page.get_by_role("button", name="Danh mục", exact=True).click()
    small = page.evaluate(
        """() => [...document.querySelectorAll(
             "button, .govuk-button, .cq-nav a, .cq-tabs a, .cq-pages a, .cq-account > summary,"
             + "input:not([type=hidden]), select")]
           .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 43.9)
           .map((element) => element.outerHTML.slice(0, 120))"""
    )
    assert small == []


def test_the_navigation_opens_on_a_phone_without_our_script(page: Page, serve: Serve) -> None:
    page.route("**/app.js", lambda route: route.abort())
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(serve(create_gallery()))
    entry = page.get_by_role("navigation", name="Danh mục chính").get_by_role("link", name="Lịch hẹn")
    expect(entry).to_be_hidden()
    page.get_by_role("button", name="Danh mục", exact=True).click()
    expect(entry).to_be_visible()
    page.get_by_role("button", name="Đóng danh mục").click()
    expect(entry).to_be_hidden()


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(page: Page, serve: Serve) -> None:
    page.goto(serve(create_gallery()) + "/loi")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="Đồng chí chọn một lý do.").click()
    expect(page.get_by_role("radio", name="Bận công tác")).to_be_focused()


def test_a_lost_network_is_shown_until_it_is_back(page: Page, serve: Serve) -> None:
    page.goto(serve(create_gallery()))
    bar = page.get_by_text("Mất mạng.")
    expect(bar).to_be_hidden()
    page.context.set_offline(True)
    expect(bar).to_be_visible()
    page.context.set_offline(False)
    expect(bar).to_be_hidden()


def test_a_warning_comes_five_minutes_before_the_session_ends(page: Page, serve: Serve) -> None:
    page.clock.install()
    page.goto(serve(create_gallery()))
    warning = page.get_by_text("Còn 5 phút nữa")
    page.clock.fast_forward("02:59")
    expect(warning).to_be_hidden()
    page.clock.fast_forward("00:02")
    expect(warning).to_be_visible()
    page.get_by_role("button", name="Tiếp tục làm việc").click()
    expect(warning).to_be_hidden()
    page.clock.fast_forward("08:01")
    expect(page.get_by_text("Phiên làm việc đã hết giờ.")).to_be_visible()


def test_the_scan_field_gets_the_focus_back(page: Page, serve: Serve) -> None:
    page.goto(serve(create_gallery()) + "/loi")
    scan = page.get_by_label("Quét phiếu hẹn hoặc gõ mã phiếu")
    scan.focus()
    page.locator(".cq-header").click(position={"x": 2, "y": 2})
    expect(scan).to_be_focused()


def test_leaving_a_half_filled_form_asks_first(page: Page, serve: Serve) -> None:
    page.goto(serve(create_gallery()))
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.get_by_label("Số phút một lượt").fill("6")
    page.get_by_role("link", name="Bỏ qua").click()
    expect(page.get_by_label("Số phút một lượt")).to_have_value("")
    assert asked == ["beforeunload"]
