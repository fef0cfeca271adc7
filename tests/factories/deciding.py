"""A town whose members differ from the records in every way that an officer decides about, by real comparing."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.core.access import Role
from cardqueue.core.audit import act_as
from cardqueue.lib.clock import now_at
from cardqueue.lib.names import search_key, sort_key
from cardqueue.roster.models import Member
from cardqueue.verification.models import Check, Decision, DecisionRecord
from cardqueue.verification.services import Outcome, Typed, decide
from tests.factories.people import Town, make_account, make_town
from tests.factories.verification import bring, compare_all, csv_of, lines_of, record_line

NAMES = (
    "Lê Thị Hóa", "Trần Văn Khải", "Phạm Quốc Định", "Vũ Minh Tuyết", "Đặng Hữu Phước", "Bùi Thanh Xuân",
    "Hoàng Kim Liên", "Đỗ Trọng Nghĩa", "Huỳnh Ngọc Diệp", "Phan Đình Long", "Mai Thúy Quỳnh", "Cao Bá Sơn",
)  # fmt: skip
# Who differs how, by the member's place in the town.
MARKS, NEAR, SWAPPED, UNKNOWN, AMBIGUOUS, MISSING, BARE, MARKS_TOO = range(8)


def make_differing_town(session: Session) -> Town:
    """Town `a`, compared; besides its accounts `a.officer_2`, another officer of the same station. Committed."""
    town = make_town(session, "a")
    make_account(session, "a.officer_2", Role.OFFICER, town.committee, town.station, town.cells[0])
    for member, name in zip(town.members, NAMES, strict=True):
        member.full_name, member.search_key, member.sort_key = name, search_key(name), sort_key(name)
    m = town.members
    m[SWAPPED].birth_on = f"{m[SWAPPED].birth_year}-02-11"
    lines = lines_of(
        town,
        m0=record_line(m[MARKS], ho_ten="LÊ THỊ HÒA"),
        m1=record_line(m[NEAR], so_dinh_danh=another_number(m[NEAR])),
        m2=record_line(m[SWAPPED], ngay_sinh=f"{m[SWAPPED].birth_year}-11-02"),
        m3=None,
        m7=record_line(m[MARKS_TOO], ho_ten="ĐỖ TRỌNG NGHỊA"),
    )
    # Another person of the same name, born on the same day: without the number nobody can tell them apart.
    twin = record_line(m[AMBIGUOUS], so_dinh_danh=another_number(m[AMBIGUOUS], by=500))
    for number in (AMBIGUOUS, MISSING):
        m[number].citizen_id = m[number].citizen_id_hash = None
    m[BARE].full_name = "Hoang Kim Lien"
    session.flush()
    bring(session, town, csv_of(*lines, twin))
    compare_all(session, town)
    session.commit()
    return town


def another_number(member: Member, by: int = 7) -> str:
    """A number that differs from the member's in its last digits."""
    number = str(member.citizen_id)
    return number[:6] + f"{(int(number[6:]) + by) % 1_000_000:06d}"


def check_of(session: Session, member: Member) -> Check:
    """The member's check."""
    return session.scalars(
        sa.select(Check).where(Check.member_id == member.id).execution_options(populate_existing=True)
    ).one()


def newest_decision(session: Session, member: Member) -> DecisionRecord:
    """The newest decision about a member."""
    return session.scalars(
        sa.select(DecisionRecord)
        .where(DecisionRecord.member_id == member.id)
        .order_by(DecisionRecord.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).one()


def decide_as(
    session: Session, town: Town, username: str, member: Member, decision: Decision, typed: Typed | None = None
) -> Outcome:
    """Decide about a member as one of the town's officers, on what the page would show now."""
    act_as(session, username)
    check = check_of(session, member)
    return decide(session, town.campaign, check, decision, typed or Typed(), seen=check.evidence, at=now_at())
