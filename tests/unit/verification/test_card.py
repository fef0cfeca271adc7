"""What a scanner types of a citizen card, and what it types of other things."""

from __future__ import annotations

import pytest

from cardqueue.lib.slip_code import new_code
from cardqueue.verification.engine.shapes import Figures
from cardqueue.verification.registries.card import BadScan, ScanFault, read_card

NUMBER = "003055000001"
WHOLE = f"{NUMBER}|260000001|Nguyễn Văn Mẫu|01021955|Nam|Thôn 1, Xã Thử, Huyện Thử, Tỉnh Thử|05072021"


@pytest.mark.parametrize(
    "scan",
    [
        WHOLE,
        f"  {WHOLE}\n",
        "\ufeff" + WHOLE,
        WHOLE.replace("|", "¦"),
        WHOLE + "||Nguyễn Văn Cha|Trần Thị Mẹ|",
        f"{NUMBER}|260000001|Nguyễn Văn Mẫu|01021955|Nam|",
        f"{NUMBER}|260000001|Nguyeexn Va8n Ma64u|01021955|Nam|Thoon 1, Xax Thuwr|05072021",
    ],
)
def test_number_old_number_and_birth_date_survive_whatever_happens_to_the_letters(scan: str) -> None:
    card = read_card(scan)
    assert (card.number, card.old_number, card.born) == (NUMBER, "260000001", Figures(1955, 2, 1))


def test_a_card_without_an_old_number_and_one_with_the_year_alone() -> None:
    card = read_card(f"{NUMBER}||Nguyễn Văn Mẫu|1955|Nam|Thôn 1")
    assert (card.old_number, card.born) == ("", Figures(1955))


def test_a_card_in_memory_does_not_show_itself() -> None:
    said = repr(read_card(WHOLE))
    assert NUMBER not in said and "Mẫu" not in said and "1955" not in said


@pytest.mark.parametrize(
    ("scan", "fault"),
    [
        ("", ScanFault.EMPTY),
        (" \n", ScanFault.EMPTY),
        (NUMBER, ScanFault.NUMBER_ALONE),
        (WHOLE[:30], ScanFault.HALF),
        (f"{NUMBER}|260000001|Nguyễn Văn Mẫu|0102|Nam|Thôn 1", ScanFault.HALF),
        (f"{NUMBER}|260000001|Nguyễn Văn Mẫu|45021955|Nam|Thôn 1", ScanFault.HALF),
        (WHOLE[40:], ScanFault.OTHER),
        (WHOLE + WHOLE, ScanFault.TWO_SCANS),
        ("https://example.invalid/", ScanFault.OTHER),
        ("٠٠٣٠٥٥٠٠٠٠٠١|||01021955|Nam|", ScanFault.OTHER),
    ],
)
def test_a_scan_that_is_no_card_is_named(scan: str, fault: ScanFault) -> None:
    with pytest.raises(BadScan) as raised:
        read_card(scan)
    assert raised.value.fault is fault
    assert NUMBER not in str(raised.value)


def test_the_code_of_a_slip_is_recognised() -> None:
    import random

    with pytest.raises(BadScan) as raised:
        read_card(new_code(random.Random(1)))
    assert raised.value.fault is ScanFault.SLIP
