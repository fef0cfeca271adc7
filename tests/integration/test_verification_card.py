"""The citizen card at the desk: compared, answered, and nowhere afterwards; on both databases."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.core.models import AuditEntry
from cardqueue.roster.models import Member
from cardqueue.verification.models import Check
from tests.factories.people import Town, citizen_id, make_town
from tests.factories.verification import bring, compare_all, csv_of, lines_of

SignIn = Callable[[str], FlaskClient]
NAME, ADDRESS = "Trầ̀n Quẻt Thẻ", "Thôn Quét, Xã Thẻ"


@pytest.fixture
def town(session: Session) -> Town:
    town = make_town(session)
    bring(session, town, csv_of(*lines_of(town)))
    compare_all(session, town)
    session.commit()
    return town


def scan_of(member: Member, **values: str) -> str:
    year, month, day = (member.birth_on or "").split("-")
    said = {"number": member.citizen_id or "", "old": "260123987", "born": f"{day}{month}{year}", **values}
    return f"{said['number']}|{said['old']}|{NAME}|{said['born']}|Nam|{ADDRESS}|05072021"


def scan(officer: FlaskClient, member: Member, text: str) -> tuple[int, str]:
    answer = officer.post(f"/verify/{member.id}/card", data={"scan": text})
    return answer.status_code, answer.text


def stored(session: Session, member: Member) -> dict[str, object]:
    session.rollback()
    session.expire_all()
    check = session.scalars(sa.select(Check).where(Check.member_id == member.id)).one()
    return check.card_comparison or {}


def test_a_card_that_agrees_is_said_to_and_only_that_is_kept(session: Session, town: Town, sign_in: SignIn) -> None:
    officer, member = sign_in("a.officer"), town.members[0]
    page = officer.get(f"/verify/{member.id}/card")
    field = BeautifulSoup(page.text, "html5lib").find("input", {"name": "scan"})
    assert field is not None and field["autocomplete"] == "off" and field.has_attr("autofocus")
    status, text = scan(officer, member, scan_of(member))
    assert status == 200 and "Khớp với thẻ căn cước" in text and NAME in text
    said = stored(session, member)
    assert {name: said[name] for name in ("kind", "outcome", "fields", "by")} == {
        "kind": "citizen_card",
        "outcome": "agrees",
        "fields": {},
        "by": "a.officer",
    }
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "verification.compare_card")).one()
    assert entry.after == {"kind": "citizen_card", "outcome": "agrees", "fields": {}}


def test_what_differs_is_named(session: Session, town: Town, sign_in: SignIn) -> None:
    officer, member = sign_in("a.officer"), town.members[0]
    status, text = scan(officer, member, scan_of(member, born=f"1503{member.birth_year}"))
    assert status == 200 and "Khác với thẻ căn cước" in text and "Số định danh: khớp" in text
    assert stored(session, member)["fields"] == {"birth_on": "same_year"}
    number = member.citizen_id or ""
    scan(officer, member, scan_of(member, number=f"{number[:-1]}{(int(number[-1]) + 5) % 10}"))
    assert stored(session, member)["fields"] == {"citizen_id": "near"}
    assert stored(session, member)["outcome"] == "differs"


def test_another_person_s_card_is_not_this_member_s(session: Session, town: Town, sign_in: SignIn) -> None:
    officer, member = sign_in("a.officer"), town.members[0]
    status, text = scan(officer, member, scan_of(member, number=citizen_id(654321, year=1988), born="05061988"))
    assert status == 200 and "không phải của đồng chí này" in text
    assert stored(session, member)["outcome"] == "other_person"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "đặt con trỏ"),
        ("003055000001", "chưa có ngày sinh"),
        ("003055000001|260123987|Nguyễ", "một phần mã QR"),
        ("xin chào", "không phải mã QR trên thẻ"),
    ],
)
def test_a_scan_that_is_no_card_gets_words_and_leaves_nothing(
    session: Session, town: Town, sign_in: SignIn, text: str, words: str
) -> None:
    officer, member = sign_in("a.officer"), town.members[0]
    status, page = scan(officer, member, text)
    assert status == 422 and words in page
    field = BeautifulSoup(page, "html5lib").find("input", {"name": "scan"})
    assert field is not None and field["value"] == ""
    assert stored(session, member) == {}


def test_nothing_of_the_card_stands_in_the_database_the_logs_the_cookie_or_the_next_page(
    session: Session,
    town: Town,
    sign_in: SignIn,
    database_kind: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    officer, member = sign_in("a.officer"), town.members[0]
    number = citizen_id(654321, year=1988)
    for text in (scan_of(member), scan_of(member, number=number), scan_of(member, number=number)[:40], number):
        _, page = scan(officer, member, text)
        field = BeautifulSoup(page, "html5lib").find("input", {"name": "scan"})
        assert field is not None and field["value"] == ""
        assert ADDRESS not in page and number not in page
    next_page = officer.get(f"/verify/{member.id}/card").text
    secrets = [NAME, ADDRESS, number, "260123987", "05072021"]
    assert not any(one in next_page for one in secrets)
    logged = caplog.text + "".join(capfd.readouterr())
    assert not any(one in logged for one in secrets)
    for table in sa.inspect(session.get_bind()).get_table_names():
        rows = [str(row) for row in session.execute(sa.text(f'SELECT * FROM "{table}"'))]  # noqa: S608
        assert not any(one in row for one in secrets for row in rows), table
    if database_kind == "sqlite":
        path = Path(str(session.get_bind().engine.url.database))
        session.rollback()
        files = b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))
        assert not any(one.encode() in files for one in secrets)


def test_only_the_police_of_the_place_may_scan(town: Town, session: Session, sign_in: SignIn) -> None:
    other = make_town(session, "b")
    session.commit()
    assert sign_in("a.committee").get(f"/verify/{town.members[0].id}/card").status_code == 403
    assert sign_in("a.officer").get(f"/verify/{other.members[0].id}/card").status_code == 404
