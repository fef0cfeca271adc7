"""Check sheets for tests: a commune with whole facts, what a print shows, what came back."""

from __future__ import annotations

import io
import re

import pypdfium2
import sqlalchemy as sa
import zxingcpp
from pypdf import PdfReader
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from cardqueue.cases.models import Case
from cardqueue.cleaning.models import CheckSheet
from cardqueue.cleaning.rules.sheets import Said, SheetField
from cardqueue.cleaning.services.returns import take_back
from cardqueue.core.models import AuditEntry
from cardqueue.lib.clock import now_at
from cardqueue.roster.models import Member
from tests.factories.people import Town, make_town


def make_full_town(session: Session, prefix: str) -> Town:
    """A commune whose members have all nine facts."""
    town = make_town(session, prefix)
    for member in town.members:
        member.joined_on, member.official_on = "1985-02-03", "1986-02-03"
        member.card_no, member.phone = "03124567", "+84912345678"
    session.commit()
    return town


def page_texts(answer: TestResponse) -> list[str]:
    """The text of every page of a PDF answer, on one line each."""
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/pdf"
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.data)).pages]


def qr_codes(pdf: bytes) -> list[str]:
    """The QR code of every page as a scanner sees it."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [zxingcpp.read_barcodes(page.render(scale=3).to_pil())[0].text for page in document]


def sheet_of(session: Session, member: Member) -> CheckSheet:
    """A member's sheet as it stands in the database."""
    session.rollback()
    return session.scalars(sa.select(CheckSheet).where(CheckSheet.member_id == member.id)).one()


def case_of(session: Session, member: Member) -> Case:
    """A member's case as it stands in the database."""
    session.rollback()
    return session.scalars(sa.select(Case).where(Case.member_id == member.id)).one()


def last_audit(session: Session, action: str) -> AuditEntry:
    """The newest row of the trail about an action."""
    query = sa.select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id.desc()).limit(1)
    return session.scalars(query).one()


def hidden(answer: TestResponse, name: str) -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.text)
    assert found, answer.text
    return found[1]


def returned(session: Session, town: Town, index: int, **values: str) -> CheckSheet:
    """The sheet of a member after it came back with these corrections."""
    member = town.members[index]
    said = Said({SheetField(name): value for name, value in values.items()})
    take_back(session, town.campaign, member, said, seen="", at=now_at())
    session.commit()
    return sheet_of(session, member)
