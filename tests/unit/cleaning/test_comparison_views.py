"""A comparison made ready to be read: masked numbers that still show the difference, and a seal that only we open."""

from __future__ import annotations

import pytest

from cardqueue.cleaning import views
from cardqueue.cleaning.rules.comparison import Entry, compare_lists
from cardqueue.cleaning.views import masked_pair, report_of, seal, unseal
from cardqueue.core.errors import NotFound, Refused
from cardqueue.core.keyring import Keyring, use_keyring

OLD = [Entry("2", "Nguyễn Thị Mẫu", cell="Chi bộ thôn 1", birth_on="1955-02-14", citizen_id="003155000001")]
NEW = [Entry("5", "NGUYỄN THỊ MẪU", cell="Chi bộ thôn 2", birth_on="1955-02-14", citizen_id="003155900001")]


@pytest.fixture(autouse=True)
def keyring() -> None:
    use_keyring(Keyring((b"d" * 32,), b"l" * 32))


def report() -> views.Report:
    return report_of(compare_lists(OLD, NEW), OLD, NEW, old_name="cu.xlsx", new_name="moi.xlsx")


def test_masked_numbers_show_the_digits_in_which_they_differ() -> None:
    assert masked_pair("003155000001", "003155900001") == ("0031**0***01", "0031**9***01")
    assert masked_pair("003155000001", "") == ("0031******01", "")


def test_a_line_names_what_changed_and_no_whole_number() -> None:
    (line,) = report().lines
    assert line.kinds == ("cell", "citizen_id")
    assert line.said == (
        "Chi bộ: Chi bộ thôn 1 → Chi bộ thôn 2",
        "Số định danh: 0031**0***01 → 0031**9***01",
    )
    assert (line.name, line.old_place, line.new_place) == ("Nguyễn Thị Mẫu", "2", "5")


def test_lines_are_picked_by_kind_and_by_either_cell() -> None:
    found = report()
    assert found.counts["cell"] == found.counts["citizen_id"] == 1 and found.counts["gone"] == 0
    assert found.pick("cell", "thon 1") == found.pick("", "thon 2") == list(found.lines)
    assert found.pick("sex", "") == found.pick("", "thon 3") == []
    assert [name for name, _ in found.counts_by_cell()] == ["Chi bộ thôn 1", "Chi bộ thôn 2"]


def test_a_sealed_report_comes_back_whole_to_the_same_committee_alone() -> None:
    sealed = seal(report(), 7)
    assert "Mẫu" not in sealed and unseal(sealed, 7) == report()
    with pytest.raises(NotFound):
        unseal(sealed, 8)
    with pytest.raises(NotFound):
        unseal(sealed[:-4] + "AAAA", 7)


def test_a_report_too_long_to_come_back_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_LONGEST_SEAL", 100)
    with pytest.raises(Refused, match="TOO_DIFFERENT"):
        seal(report(), 7)
