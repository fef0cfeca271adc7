"""What makes a slip new, and what no slip may show."""

from __future__ import annotations

import unicodedata
from datetime import UTC, timedelta
from typing import Any

import pytest

from cardqueue.slips.rules import content_hash
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
