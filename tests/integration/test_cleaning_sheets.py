"""Check sheets: printed for members of a cell or of all, shown on the screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.cleaning.models import CheckSheet, SheetState
from cardqueue.cleaning.queries.sheets import count_sheets, total_of
from cardqueue.cleaning.services.sheets import print_sheets
from cardqueue.core.audit import act_as
from cardqueue.core.errors import Refused
from cardqueue.lib.clock import now_at, today_on
from cardqueue.lib.names import sort_key
from cardqueue.lib.slip_code import format_code, is_valid
from cardqueue.roster.models import MemberStatus
from tests.factories.check_sheets import (
    case_of,
    last_audit,
    make_full_town,
    page_texts,
    qr_codes,
    returned,
    sheet_of,
)
from tests.factories.people import Town

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def town(session: Session) -> Town:
    """A commune whose members have all nine facts."""
    return make_full_town(session, "a")


def test_every_member_has_a_page_with_the_nine_facts_and_a_code(session: Session, town: Town, sign_in: SignIn) -> None:
    answer = sign_in("a.committee").post("/cleaning/sheets/print", data={"cells": town.cells[0].id, "numbers": "whole"})
    texts = page_texts(answer)
    assert len(texts) == 4
    assert answer.headers["Content-Disposition"] == 'inline; filename="phieu-ra-soat-chi-bo-thon-1.pdf"'
    for member, text, code in zip(town.members[:4], texts, qr_codes(answer.data), strict=True):
        number = member.citizen_id or ""
        assert f"{number[:4]} {number[4:8]} {number[8:]}" in text
        for words in (member.full_name, "03/02/1985", "03/02/1986", "0312 4567", "Chi bộ thôn 1", "0912 345 678"):
            assert words in text
        assert code == sheet_of(session, member).code and is_valid(code)
        assert format_code(code) in text and "người in: a.committee" in text
        assert "gọi đồng chí Trần Thị Mẫu, 0900 000 001" in text


def test_a_print_is_in_the_trail_with_whole_numbers_and_without_any(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    sign_in("a.committee").post("/cleaning/sheets/print", data={"numbers": "whole"})
    entry = last_audit(session, "cleaning.print_sheets")
    assert entry.after == {"sheets": 12, "whole_numbers": True, "cells": sorted(cell.id for cell in town.cells)}
    assert (entry.actor, entry.committee_id) == ("a.committee", town.committee.id)


def test_a_secretary_prints_the_own_cell_with_masked_numbers_whatever_is_sent(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    secretary = sign_in("a.cell_secretary")
    answer = secretary.post("/cleaning/sheets/print", data={"numbers": "whole", "cells": town.cells[1].id})
    texts = page_texts(answer)
    assert len(texts) == 4
    for member, text in zip(town.members[:4], texts, strict=True):
        assert member.full_name in text and "**** **" in text and "03** **67" in text
        assert (member.citizen_id or "")[4:] not in text.replace(" ", "")
    single = secretary.post(f"/cleaning/sheets/members/{town.members[0].id}/print", data={"numbers": "whole"})
    assert "0312 4567" not in page_texts(single)[0]
    assert last_audit(session, "cleaning.print_sheets").after == {
        "sheets": 1,
        "whole_numbers": False,
        "cells": [town.cells[0].id],
    }


def test_a_sheet_and_the_note_of_its_case_are_vietnamese_whatever_the_screen_speaks(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    committee, member = sign_in("a.committee"), town.members[0]
    answer = committee.post(f"/cleaning/sheets/members/{member.id}/print?lang=en")
    assert "1. Họ và tên" in page_texts(answer)[0] and "Nữ" in page_texts(answer)[0]
    committee.post(f"/cleaning/returns/{member.id}?lang=en", data={"said-sex": "male"})
    assert case_of(session, member).note == "Phiếu rà soát: đồng chí ghi khác danh sách – giới tính Nam"


def test_sheets_lie_by_cell_and_given_name(session: Session, town: Town, sign_in: SignIn) -> None:
    names = ("Trần Văn Đức", "Lê Thị Ánh", "Nguyễn Văn Dũng", "Phạm Thị An")
    for member, name in zip(town.members[:4], names, strict=True):
        member.full_name, member.sort_key = name, sort_key(name)
    session.commit()
    texts = page_texts(sign_in("a.committee").post("/cleaning/sheets/print"))
    order = [next(name for name in names if name in text) for text in texts[:4]]
    assert order == ["Phạm Thị An", "Lê Thị Ánh", "Nguyễn Văn Dũng", "Trần Văn Đức"]
    assert "Chi bộ thôn 3" in texts[-1]


def test_only_those_without_a_sheet_are_printed_unless_more_is_asked_and_codes_stay(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    committee = sign_in("a.committee")
    first = qr_codes(committee.post("/cleaning/sheets/print", data={"cells": town.cells[0].id}).data)
    assert len(page_texts(committee.post("/cleaning/sheets/print"))) == 8
    nothing = committee.post("/cleaning/sheets/print", follow_redirects=True)
    assert "Không có phiếu nào cần in" in nothing.text
    act_as(session, "a.committee")
    returned(session, town, 0)
    again = committee.post("/cleaning/sheets/print", data={"which": "not_returned", "cells": town.cells[0].id})
    assert qr_codes(again.data) == first[1:]
    everybody = committee.post("/cleaning/sheets/print", data={"which": "all", "cells": town.cells[0].id})
    assert qr_codes(everybody.data) == first
    assert sheet_of(session, town.members[0]).state == SheetState.CONFIRMED


def test_whoever_left_or_died_gets_no_sheet(session: Session, town: Town, sign_in: SignIn) -> None:
    town.members[0].status, town.members[1].status = MemberStatus.LEFT, MemberStatus.DECEASED
    town.members[2].removed_at = now_at()
    town.members[3].status = MemberStatus.PROBATIONARY
    session.commit()
    texts = page_texts(sign_in("a.committee").post("/cleaning/sheets/print", data={"cells": town.cells[0].id}))
    assert len(texts) == 1 and town.members[3].full_name in texts[0]


def test_the_day_to_return_by_is_on_the_sheet_and_must_be_a_day(session: Session, town: Town, sign_in: SignIn) -> None:
    committee = sign_in("a.committee")
    day = today_on() + timedelta(days=3)
    texts = page_texts(committee.post("/cleaning/sheets/print", data={"return_by": f"{day:%d/%m/%Y}"}))
    assert f"Nộp cho đồng chí Bí thư chi bộ trước ngày {day:%d/%m/%Y}" in texts[0]
    wrong = committee.post("/cleaning/sheets/print", data={"return_by": "tuần sau"})
    assert wrong.status_code == 422 and "Ngày phải có đủ" in wrong.text


def test_no_cell_of_another_commune_is_printed(session: Session, town: Town, sign_in: SignIn) -> None:
    other = make_full_town(session, "b")
    answer = sign_in("a.committee").post(
        "/cleaning/sheets/print", data={"cells": [town.cells[0].id, other.cells[0].id]}
    )
    assert answer.status_code == 404
    assert sign_in("a.committee").get(f"/cleaning/sheets/members/{other.members[0].id}").status_code == 404
    assert session.scalar(sa.select(sa.func.count(CheckSheet.id))) == 0


# On the screen


def test_the_page_of_a_member_masks_numbers_until_somebody_asks_and_notes_who(
    session: Session, town: Town, sign_in: SignIn
) -> None:
    committee, member = sign_in("a.committee"), town.members[0]
    page = committee.get(f"/cleaning/sheets/members/{member.id}")
    assert "03/02/1985" in page.text and "03** **67" in page.text and "0312 4567" not in page.text
    assert "Chưa có phiếu" in page.text
    whole = committee.post(f"/cleaning/sheets/members/{member.id}/numbers")
    assert "0312 4567" in whole.text
    assert last_audit(session, "cleaning.reveal_sheet").subject == f"member:{member.id}"
    secretary = sign_in("a.cell_secretary")
    assert "Xem đủ số" not in secretary.get(f"/cleaning/sheets/members/{member.id}").text
    assert secretary.post(f"/cleaning/sheets/members/{member.id}/numbers").status_code == 403


def test_the_list_says_what_to_do_now(session: Session, town: Town, sign_in: SignIn) -> None:
    committee = sign_in("a.committee")
    assert "In phiếu để từng đồng chí tự kiểm tra" in committee.get("/cleaning/sheets").text
    committee.post("/cleaning/sheets/print")
    assert "Còn 12 phiếu đã in chưa trả về" in committee.get("/cleaning/sheets").text
    act_as(session, "a.committee")
    returned(session, town, 0, birth_on="1951")
    returned(session, town, 1)
    page = committee.get("/cleaning/sheets")
    assert "1 phiếu ghi khác danh sách, chờ xử lý" in page.text
    counts = total_of(count_sheets(session, town.campaign.id, committee_ids={town.committee.id}))
    assert (counts.members, counts.out, counts.confirmed, counts.corrected) == (12, 10, 1, 1)
    cell = committee.get(f"/cleaning/sheets/cells/{town.cells[0].id}")
    assert "Đúng hết" in cell.text and "Có sửa" in cell.text and "Chưa trả" in cell.text
    secretary = sign_in("a.cell_secretary").get("/cleaning/sheets")
    assert "Chi bộ thôn 1" in secretary.text and "Chi bộ thôn 2" not in secretary.text


def test_nobody_to_print_for_is_refused(session: Session, town: Town) -> None:
    with pytest.raises(Refused, match="NO_SHEETS"):
        print_sheets(session, town.campaign, town.committee, [], whole_numbers=False, return_by=None, at=now_at())
