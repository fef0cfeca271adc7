"""People at a browser: how they sign in and get about, and what goes wrong on a page without anybody seeing it."""

from __future__ import annotations

from playwright.sync_api import ConsoleMessage, Locator, Page, Response, expect


def sign_in(page: Page, address: str, username: str, password: str) -> None:
    """Sign in at the first page."""
    page.goto(f"{address}/sign-in")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_role("textbox", name="Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Đăng nhập")).to_have_count(0)


def change_password(page: Page, old: str, new: str) -> None:
    """Fill in the page of the person's own password."""
    page.get_by_role("textbox", name="Mật khẩu hiện nay").fill(old)
    page.get_by_role("textbox", name="Mật khẩu mới", exact=True).fill(new)
    page.get_by_role("textbox", name="Nhập lại mật khẩu mới").fill(new)
    page.get_by_role("button", name="Đổi mật khẩu").click()
    expect(page.get_by_text("Đã đổi mật khẩu.")).to_be_visible()


def scan(page: Page, code: str) -> None:
    """What a USB scanner does: it types into the page as it stands, fast, and presses Enter."""
    expect(page.get_by_label("Quét giấy hẹn hoặc gõ mã phiếu")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.type(code, delay=3)
        page.keyboard.press("Enter")


def expect_card(page: Page, heading: str, name: str = "") -> None:
    """The one big answer of the counter."""
    card = page.locator(".cq-result").filter(has_text=heading)
    expect(card).to_be_visible()
    expect(card).to_contain_text(name)


def open_part(page: Page, label: str) -> None:
    """An entry of the navigation."""
    page.get_by_role("navigation", name="Danh mục chính").get_by_role("link", name=label, exact=True).click()


def detail(page: Page, label: str) -> Locator:
    """The value of a label in a summary list."""
    row = page.locator(".govuk-summary-list__row").filter(has=page.get_by_text(label, exact=True))
    return row.locator(".govuk-summary-list__value")


def expect_tile(page: Page, label: str, number: str) -> None:
    """The big number above a label."""
    tile = page.locator(".cq-tile").filter(has=page.get_by_text(label, exact=True))
    expect(tile.locator(".cq-tile__number")).to_have_text(number)


def note_faults(page: Page, faults: list[str]) -> None:
    """Collect script errors, refused inline code, missing files and broken answers of a page."""

    def note_message(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(message.text)

    def note_answer(answer: Response) -> None:
        if answer.status >= 500 or (answer.status >= 400 and "/static/" in answer.url):
            faults.append(f"{answer.status} {answer.url}")

    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", note_message)
    page.on("response", note_answer)
