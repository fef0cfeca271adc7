"""People at a browser: how they sign in, and what goes wrong on a page without anybody seeing it."""

from __future__ import annotations

from playwright.sync_api import ConsoleMessage, Page, Response, expect


def sign_in(page: Page, address: str, username: str, password: str) -> None:
    """Sign in at the first page."""
    page.goto(f"{address}/sign-in")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_role("textbox", name="Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Đăng nhập")).to_have_count(0)


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
