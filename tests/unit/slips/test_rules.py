"""What makes a slip new, and what no slip may show."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, timedelta
from typing import Any

import pytest

from cardqueue.organisation.letterhead import bare_cell_name, place_and_date
from cardqueue.slips.rules import SlipState, content_hash, sentences, slip_state
from tests.unit.slips.faces import a_face


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Lê An"},
        {"arrive_at": a_face().arrive_at + timedelta(minutes=5)},
        {"place": "Nhà văn hóa xã"},
        {"queue_number": "46"},
        {"line": ""},
        {"code": "2990059324024422"},
        {"bring": "thẻ căn cước"},
        {"cell": "Thôn Dân Thuận – Tổ 4"},
    ],
)
def test_a_change_that_the_member_reads_makes_the_slip_new(change: dict[str, Any]) -> None:
    assert content_hash(a_face(**change)) != content_hash(a_face())


@pytest.mark.parametrize(
    "change",
    [
        {"place_and_date": "Hàm Thạnh, ngày 07 tháng 8 năm 2025"},
        {"revision": "Thay giấy hẹn đã phát trước đây"},
        {"name": unicodedata.normalize("NFD", a_face().name)},
        {"arrive_at": a_face().arrive_at.astimezone(UTC)},
    ],
)
def test_what_only_the_printing_changes_leaves_the_slip_the_same(change: dict[str, Any]) -> None:
    assert content_hash(a_face(**change)) == content_hash(a_face())


@pytest.mark.parametrize("change", [{"citizen_id": "003047000001"}, {"old_card": "51000017"}, {"code": "123"}])
def test_a_face_with_an_unmasked_number_or_a_wrong_code_cannot_be_made(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"masked|16 digits"):
        a_face(**change)


@pytest.mark.parametrize(
    ("printed", "replaces", "state"),
    [
        (None, False, SlipState.NEW),
        (None, True, SlipState.CHANGED),
        ("now", False, SlipState.PRINTED),
        ("now", True, SlipState.PRINTED),
        ("before", False, SlipState.CHANGED),
    ],
)
def test_a_slip_is_due_until_it_was_printed_as_it_is(printed: str | None, replaces: bool, state: SlipState) -> None:
    assert slip_state("now", printed, replaces_printed=replaces) is state


def test_days_below_ten_and_the_first_two_months_have_a_leading_zero() -> None:
    assert place_and_date("Hàm Thạnh", date(2026, 2, 5)) == "Hàm Thạnh, ngày 05 tháng 02 năm 2026"
    assert place_and_date("Hàm Thạnh", date(2026, 5, 27)) == "Hàm Thạnh, ngày 27 tháng 5 năm 2026"


def test_texts_are_joined_as_sentences() -> None:
    assert sentences("Áo có cổ", "", " Đến sớm 10 phút. ") == "Áo có cổ. Đến sớm 10 phút."
    assert sentences("", " ") == ""


def test_a_cell_is_named_once() -> None:
    names = ["Chi bộ thôn Dân Thuận", "CHI BỘ Trường THCS", "Công an xã"]
    assert [bare_cell_name(name) for name in names] == ["Thôn Dân Thuận", "Trường THCS", "Công an xã"]
