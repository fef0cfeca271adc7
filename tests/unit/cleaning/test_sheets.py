"""What a member says on a check sheet: read, compared with the list, noted."""

from __future__ import annotations

from datetime import date

import pytest

from cardqueue.cleaning.rules.sheets import (
    Fault,
    Said,
    SheetField,
    agrees,
    differing,
    displayed,
    open_fields,
    read_said,
    with_note,
)

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("one", "text", "value"),
    [
        (SheetField.FULL_NAME, "  Nguyễn   Thị Ổi ", "Nguyễn Thị Ổi"),
        (SheetField.BIRTH_ON, "2/1/50", "1950-01-02"),
        (SheetField.BIRTH_ON, "1948", "1948"),
        (SheetField.JOINED_ON, "3-2-1975", "1975-02-03"),
        (SheetField.OFFICIAL_ON, "03/02/26", "2026-02-03"),
        (SheetField.SEX, "female", "female"),
        (SheetField.CITIZEN_ID, "0031 4800 0001", "003148000001"),
        (SheetField.CARD_NO, "03 124 567", "03124567"),
        (SheetField.PHONE, "0912.345.678", "+84912345678"),
        (SheetField.CELL, "7", "7"),
        (SheetField.REMARK, "Tôi mới đổi căn cước", "Tôi mới đổi căn cước"),
    ],
)
def test_what_people_write_is_read(one: SheetField, text: str, value: str) -> None:
    said, faults = read_said({one: text}, on=TODAY)
    assert (said.values, faults) == ({one: value}, {})


@pytest.mark.parametrize(
    ("one", "text", "fault"),
    [
        (SheetField.BIRTH_ON, "mùng hai Tết", Fault.NOT_A_DATE),
        (SheetField.OFFICIAL_ON, "23/11/2026", Fault.IN_THE_FUTURE),
        (SheetField.CITIZEN_ID, "12345678", Fault.NOT_A_CITIZEN_ID),
        (SheetField.CARD_NO, "312", Fault.NOT_A_CARD_NO),
        (SheetField.PHONE, "12345", Fault.NOT_A_PHONE),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_field(one: SheetField, text: str, fault: Fault) -> None:
    assert read_said({one: text}, on=TODAY) == (Said({}), {one: fault})


def test_an_empty_field_is_no_correction() -> None:
    assert read_said(dict.fromkeys(SheetField, "  "), on=TODAY) == (Said({}), {})


def test_the_same_name_in_capitals_or_with_its_tone_elsewhere_is_no_correction() -> None:
    listed = {SheetField.FULL_NAME: "NGUYỄN VĂN HOÀ", SheetField.BIRTH_ON: "1950-02-14"}
    said = Said({SheetField.FULL_NAME: "Nguyễn Văn Hòa", SheetField.BIRTH_ON: "1950-02-15"})
    assert differing(said, listed).values == {SheetField.BIRTH_ON: "1950-02-15"}
    assert not agrees(SheetField.FULL_NAME, "Nguyễn Văn Hoa", "Nguyễn Văn Hòa")


def test_a_correction_that_the_list_says_by_now_no_longer_waits_but_a_remark_does() -> None:
    said = Said({SheetField.SEX: "female", SheetField.JOINED_ON: "1975", SheetField.REMARK: "?"})
    listed = {SheetField.SEX: "female", SheetField.JOINED_ON: "1976"}
    assert open_fields(["remark", "sex", "joined_on"], said, listed) == [SheetField.JOINED_ON, SheetField.REMARK]


def test_what_was_said_survives_being_kept() -> None:
    said = Said({SheetField.FULL_NAME: "Nguyễn Thị Ổi", SheetField.CELL: "7"})
    assert Said.from_json(said.to_json()) == said
    assert Said.from_json(None) == Said({})


def test_numbers_are_grouped_and_masked_unless_whole_ones_are_wanted() -> None:
    assert displayed(SheetField.CITIZEN_ID, "003148000001", whole=False) == "0031 **** **01"
    assert displayed(SheetField.CITIZEN_ID, "003148000001", whole=True) == "0031 4800 0001"
    assert displayed(SheetField.CARD_NO, "03124567", whole=True) == "0312 4567"
    assert displayed(SheetField.BIRTH_ON, "1950-02", whole=False) == "02/1950"
    assert displayed(SheetField.PHONE, "", whole=True) == ""


def test_a_later_return_replaces_its_own_part_of_the_note_only() -> None:
    first = with_note("Chi bộ báo vắng", "Phiếu: ngày sinh", mark="Phiếu")
    assert first == "Chi bộ báo vắng\nPhiếu: ngày sinh"
    assert with_note(first, "Phiếu: giới tính", mark="Phiếu") == "Chi bộ báo vắng\nPhiếu: giới tính"
    assert with_note(None, "Phiếu: giới tính", mark="Phiếu") == "Phiếu: giới tính"
