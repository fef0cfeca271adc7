"""English on request: whole pages, and how dates, times and numbers look."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.accounts.models import User
from cardqueue.core import i18n
from cardqueue.core.errors import Refused
from cardqueue.core.words import refusal_words
from cardqueue.lib.clock import from_local
from cardqueue.lib.intervals import Interval
from cardqueue.lib.spreadsheet import read_workbook
from cardqueue.roster.models import Member
from cardqueue.slips.rules import REVISION
from tests.factories.counter import make_appointment, make_waiting
from tests.factories.people import CAMPAIGN_DAY, Town, make_town

SignIn = Callable[[str], FlaskClient]
NOW = from_local(CAMPAIGN_DAY, time(7, 30))
VIETNAMESE = re.compile(r"[ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", re.IGNORECASE)


@pytest.fixture
def database_kind() -> str:
    """Words do not depend on the database."""
    return "sqlite"


@pytest.fixture(autouse=True)
def campaign_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def names_of(session: Session, town: Town) -> list[str]:
    """What stays as it is: names of people, units and of the campaign; the longest first."""
    names = [
        *session.scalars(sa.select(Member.full_name)),
        *session.scalars(sa.select(User.full_name)),
        "Tiếng Việt",
        REVISION,
    ]
    names += [town.committee.name, town.station.name, town.station.address, town.campaign.name]
    names += [cell.name for cell in town.cells] + [line.desk for line in town.station.lines]
    return sorted(filter(None, names), key=len, reverse=True)


def vietnamese_left(page: str, names: list[str]) -> list[str]:
    """The texts of a page, and those read out, that hold Vietnamese letters outside names."""
    document = BeautifulSoup(page, "html5lib")
    texts = list(document.stripped_strings)
    texts += [str(tag["aria-label"]) for tag in document.select("[aria-label]")]
    left = []
    for text in texts:
        rest = text
        for name in names:
            rest = rest.replace(name, "")
        if VIETNAMESE.search(rest):
            left.append(text)
    return left


def language_of(page: str) -> str:
    html = BeautifulSoup(page, "html5lib").find("html")
    assert html is not None
    return str(html["lang"])


def test_the_sign_in_page_comes_in_english_when_the_address_asks(client: FlaskClient) -> None:
    page = client.get("/sign-in?lang=en").text
    assert language_of(page) == "en" and "Sign in" in page and "Party card exchange" in page
    assert vietnamese_left(page, ["Tiếng Việt"]) == []
    assert language_of(client.get("/sign-in").text) == "vi"


def test_a_chosen_language_stays_for_every_page(session: Session, sign_in: SignIn) -> None:
    town = make_town(session)
    make_appointment(session, town, town.members[0], NOW + timedelta(minutes=20))
    session.commit()
    names = names_of(session, town)
    client = sign_in("a.committee")
    assert client.post("/language", data={"language": "en", "back": "/plan"}).location == "/plan"
    for path in ("/", "/roster", "/pending", "/verify", "/plan", "/plan/unplaced", "/slips"):
        page = client.get(path)
        assert page.status_code == 200 and language_of(page.text) == "en", path
        assert vietnamese_left(page.text, names) == [], path
    dashboard = client.get("/").text
    assert "Progress by cell" in dashboard and "not yet processed" in dashboard


def test_the_counter_speaks_english(session: Session, sign_in: SignIn) -> None:
    town = make_town(session)
    make_waiting(session, town, town.members[0], NOW, since_at=NOW)
    booked = make_appointment(session, town, town.members[1], NOW + timedelta(minutes=70))
    session.commit()
    names = names_of(session, town)
    client = sign_in("a.officer")
    client.post("/language", data={"language": "en", "back": "/"})
    client.post("/counter/line", data={"line": town.station.lines[0].id})
    client.post("/counter/scan", data={"nonce": "0b0f5b0e-9c55-4f0e-9d5a-0a3f5f1f0a01", "code": booked.code})
    page = client.get("/counter").text
    assert language_of(page) == "en" and "Scan the slip or type its code" in page and "Call the next person" in page
    assert vietnamese_left(page, names) == []


def test_the_list_to_fill_in_keeps_the_headings_by_which_it_is_read(session: Session, sign_in: SignIn) -> None:
    make_town(session)
    client = sign_in("a.committee")
    client.post("/language", data={"language": "en", "back": "/"})
    table, how = read_workbook(client.get("/roster/template.xlsx").data).sheets
    assert "Họ và tên" in table.rows[0] and "Số định danh cá nhân" in table.rows[0]
    assert list(how.rows[0]) == ["Column", "How to fill in"]


def test_vietnamese_is_the_language_without_a_choice_or_with_an_unknown_one(client: FlaskClient) -> None:
    client.post("/language", data={"language": "tlh", "back": "/sign-in"})
    page = client.get("/sign-in?lang=tlh").text
    assert language_of(page) == "vi" and "Đăng nhập" in page


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "vi",
            ("09/08/2025", "Thứ Bảy, ngày 09/8/2025", "7 giờ 30", "7 giờ 30 ngày 09/08/2025", "88,8%", "3.500", "4,5"),
        ),
        ("en", ("09/08/2025", "Saturday 09/08/2025", "7:30", "7:30 on 09/08/2025", "88.8%", "3,500", "4.5")),
    ],
)
def test_values_follow_the_language(app: Flask, language: str, expected: tuple[str, ...]) -> None:
    at = from_local(date(2025, 8, 9), time(7, 30))
    with app.test_request_context(f"/?lang={language}"):
        assert expected == (
            i18n.show_date(at),
            i18n.show_day(at),
            i18n.show_time(at),
            i18n.show_datetime(at),
            i18n.show_percent(324, 365),
            i18n.show_count(3500),
            i18n.show_number(Decimal("4.50")),
        )
        assert i18n.show_day(date(2025, 8, 9)) == expected[1] and i18n.show_time(time(7, 30)) == expected[2]
        assert i18n.show_percent(0, 0) == "0%" and i18n.show_percent(5, 5) == "100%"


def test_a_refusal_shows_its_times_in_the_language_of_the_reader(app: Flask) -> None:
    start = from_local(date(2025, 8, 9), time(7))
    refusal = Refused("WINDOW_OVERLAPS", span=Interval(start, start + timedelta(minutes=270)))
    for language, span in (("vi", "7 giờ 00 – 11 giờ 30 ngày 09/08/2025"), ("en", "7:00 – 11:30 on 09/08/2025")):
        with app.test_request_context(f"/?lang={language}"):
            words = refusal_words(refusal.reason_code, refusal.values)
        assert words is not None and span in words.explanation
