"""Letters that differ between two values."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardqueue.verification.rules import Segment, mark_differences


def marked(segments: list[Segment]) -> str:
    return "".join(f"[{segment.text}]" if segment.differs else segment.text for segment in segments)


@pytest.mark.parametrize(
    ("ours", "theirs", "left", "right"),
    [
        ("Trần Văn Tuấn", "Trần Văn Tuân", "Trần Văn Tu[ấ]n", "Trần Văn Tu[â]n"),
        ("Lê Mỹ", "LÊ MỸ", "Lê Mỹ", "LÊ MỸ"),
        ("01/02/1950", "02/01/1950", "[01]/[02]/1950", "[02]/[01]/1950"),
        ("1950", "02/01/1950", "1950", "[02]/[01]/1950"),
        ("003150000001", "003170000001", "0031[5]0000001", "0031[7]0000001"),
        ("", "Nam", "", "[Nam]"),
    ],
)
def test_only_what_differs_is_marked(ours: str, theirs: str, left: str, right: str) -> None:
    a, b = mark_differences(ours, theirs)
    assert (marked(a), marked(b)) == (left, right)


@given(st.text(), st.text())
def test_marking_loses_no_letter(ours: str, theirs: str) -> None:
    left, right = mark_differences(ours, theirs)
    assert "".join(segment.text for segment in left) == unicodedata.normalize("NFC", ours)
    assert "".join(segment.text for segment in right) == unicodedata.normalize("NFC", theirs)
