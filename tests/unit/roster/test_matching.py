"""Whom a row means and what it changes; which cell a name means; what the columns under a header are."""

from __future__ import annotations

from datetime import date

import pytest

from cardqueue.lib.citizen_id import Sex
from cardqueue.lib.names import search_key
from cardqueue.lib.partial_date import PartialDate
from cardqueue.lib.spreadsheet import Sheet, Workbook
from cardqueue.organisation.models import CellKind
from cardqueue.roster.reading import Field, MemberStatus, RosterRow, look_at
from cardqueue.roster.rules.cells import (
    CREATE,
    SKIP,
    cell_key,
    choice_of,
    chosen_key,
    find_unknown,
    guess_kind,
    tidy_name,
)
from cardqueue.roster.rules.layouts import choice_under, columns_of, group_alike, preview, signature_of
from cardqueue.roster.rules.matching import FIELDS, Known, differences, match_rows, values_of
from cardqueue.roster.rules.rows import (
    Finding,
    ListCode,
    Tab,
    findings_from_json,
    findings_to_json,
    read_person,
    row_from_json,
    row_to_json,
    tab_of,
)

DAY = date(2030, 8, 9)


def person(name: str = "Lê Văn Thử", *, birth: str = "02/01/1960", number: str = "", **more: str) -> RosterRow:
    """A row of a list."""
    values = {Field.NAME: name, Field.SEX: "Nam", Field.BIRTH: birth, Field.CITIZEN_ID: number}
    values |= {Field(field): value for field, value in more.items()}
    return read_person(values, on=DAY, fictitious_ids=True)


def known(member_id: int, *, cell: str = "thon 1", is_removed: bool = False, **values: object) -> Known:
    """A member of the list."""
    facts: dict[str, object] = dict.fromkeys(FIELDS)
    facts |= {"full_name": "Lê Văn Thử", "birth_on": "1960-01-02", "cell_id": 1, "status": MemberStatus.OFFICIAL}
    facts |= values
    return Known(member_id, facts, search_key(str(facts["full_name"])), cell, is_removed)


def met(rows: list[RosterRow], members: list[Known], cell: str = "thon 1") -> dict[int, int]:
    """Index of the row → id of the member."""
    return {index: one.id for index, one in match_rows(rows, [cell] * len(rows), members).items()}


def test_the_citizen_id_decides_before_everything_else() -> None:
    members = [known(1, citizen_id="003060000111"), known(2, full_name="Hồ Văn Khác", citizen_id="003060000112")]
    assert met([person(number="003060000112")], members) == {0: 2}


def test_a_card_number_counts_only_where_name_or_birth_agrees() -> None:
    members = [known(1, full_name="Hồ Văn Khác", birth_on="1950-01-02", card_no="99000001")]
    assert met([person(card_no="99000001")], members) == {}
    assert met([person("Ho Van Khac", card_no="99000001")], members) == {0: 1}


def test_an_old_number_counts_only_together_with_the_name() -> None:
    members = [known(1, old_id="000000001", birth_on="1959")]
    assert met([person(old_id="000000001")], members) == {0: 1}
    assert met([person("Hồ Văn Khác", old_id="000000001")], members) == {}


def test_name_birth_and_cell_decide_only_where_they_are_unique() -> None:
    assert met([person()], [known(1)]) == {0: 1}
    assert met([person()], [known(1)], cell="thon 2") == {}
    assert met([person()], [known(1), known(2)]) == {}
    assert met([person(), person()], [known(1)]) == {}
    assert met([person(birth="")], [known(1, birth_on=None)]) == {}


def test_nobody_is_meant_twice_and_who_was_removed_comes_back_by_the_number_alone() -> None:
    gone = known(1, citizen_id="003060000111", is_removed=True)
    number = person(number="003060000111")
    assert met([number, number], [gone]) == {0: 1}
    assert met([person()], [gone]) == {}
    assert met([number], [gone, known(2, citizen_id="003060000111")]) == {0: 2}


def test_a_list_changes_only_what_it_says_more_or_other_about() -> None:
    member = known(1, phone="+84570012345", joined_on="1985-02-03", sex=Sex.MALE, card_no="99000001")
    same = values_of(person("LÊ VĂN THỬ", birth="1960", joined="02/1985"), 1, says_status=True)
    assert differences(member, same) == {}
    said = values_of(person("Lê Văn Thứ", birth="03/01/1960", status="dự bị"), 2, says_status=True)
    assert differences(member, said) == {
        "full_name": ("Lê Văn Thử", "Lê Văn Thứ"),
        "birth_on": ("1960-01-02", "1960-01-03"),
        "cell_id": (1, 2),
        "status": (MemberStatus.OFFICIAL, MemberStatus.PROBATIONARY),
    }
    assert differences(member, values_of(person(card_no="003060000111"), None, says_status=False)) == {}


def test_a_more_exact_date_and_a_name_in_small_letters_are_taken() -> None:
    member = known(1, full_name="LÊ VĂN THỬ", birth_on="1960")
    assert differences(member, values_of(person(), 1, says_status=False)) == {
        "full_name": ("LÊ VĂN THỬ", "Lê Văn Thử"),
        "birth_on": ("1960", "1960-01-02"),
        "sex": (None, Sex.MALE),
    }


def test_a_list_without_a_status_column_makes_nobody_official_again() -> None:
    member = known(1, status=MemberStatus.EXEMPT, sex=Sex.MALE)
    assert differences(member, values_of(person(), 1, says_status=False)) == {}
    assert set(differences(member, values_of(person(), 1, says_status=True))) == {"status"}


# Cells


@pytest.mark.parametrize("name", ["Chi bộ thôn 1", "CHI BỘ THÔN 1", "CB Thôn 1", "thôn 1", "Chi  bộ Thôn 1"])
def test_ways_of_writing_a_cell_are_one(name: str) -> None:
    assert cell_key(name) == "thon 1"


def test_a_near_name_is_suggested_but_never_with_another_number() -> None:
    named = {"thon 11": ("Thôn 11", 3), "truong thpt": ("Trường THPT", 4), "huu tri 1 cu": ("Hưu trí 1 (cũ)", 1)}
    cells = {cell.key: cell for cell in find_unknown(named, ["thon 1", "truong thcs", "huu tri 1"])}
    assert cells["thon 11"].near == () and cells["thon 11"].usual == CREATE
    assert cells["truong thpt"].near == (choice_of("truong thcs"),) and cells["truong thpt"].usual == CREATE
    assert chosen_key(cells["huu tri 1 cu"].usual) == "huu tri 1"


def test_of_two_new_names_the_rarer_one_is_the_slip_of_the_pen() -> None:
    named = {"thon suoi may": ("Thôn Suối Mây", 20), "thon suoi mai": ("Thôn Suối Mai", 1), "": ("", 2)}
    cells = {cell.key: cell for cell in find_unknown(named, [])}
    assert cells["thon suoi mai"].near == (choice_of("thon suoi may"),) and cells["thon suoi may"].near == ()
    assert cells[""].usual == SKIP


def test_capitals_are_taken_back_and_abbreviations_left() -> None:
    assert tidy_name("CHI BỘ TRƯỜNG THCS SUỐI MÂY") == "Chi bộ Trường THCS Suối Mây"
    assert tidy_name("Chi bộ thôn Tân Hòa") == "Chi bộ thôn Tân Hòa"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Chi bộ Trường Mầm non", CellKind.SCHOOL),
        ("Chi bộ Hưu trí 1", CellKind.RETIRED),
        ("Chi bộ Công an xã", CellKind.POLICE),
        ("Chi bộ Trạm Y tế", CellKind.HEALTH),
        ("Chi bộ cơ quan UBND", CellKind.OFFICE),
        ("Chi bộ thôn 3", CellKind.VILLAGE),
        ("Chi bộ Hợp tác xã", CellKind.OTHER),
    ],
)
def test_the_kind_of_a_cell_is_guessed_from_its_name(name: str, kind: CellKind) -> None:
    assert guess_kind(name) is kind


# Rows between the steps


def test_a_kept_row_says_the_same_when_it_is_read_back() -> None:
    row = person(birth="1950", number="12345", phone="12")
    findings = tuple(Finding.of(message) for message in row.messages)
    moved = Finding(ListCode.CELL_MOVED, findings[0].severity, Field.CELL, "a", "b")
    kept = findings_from_json(findings_to_json([*findings, moved]))
    assert kept == (*findings, moved)
    assert row_from_json(row.sheet, row.row, row_to_json(row), kept) == row
    assert row.birth_on == PartialDate(1950)


def test_left_out_comes_before_accepted_and_accepted_before_what_is_the_matter() -> None:
    assert tab_of("wrong", is_accepted=True, is_left_out=True) is Tab.LEFT_OUT
    assert tab_of("look", is_accepted=True, is_left_out=False) is Tab.VALID
    assert tab_of("wrong", is_accepted=False, is_left_out=False) is Tab.WRONG


# Layouts


def test_a_header_pointed_at_by_hand_gives_its_columns() -> None:
    sheet = Sheet("a", [["", ""], ["Ai", "Họ và tên"], ["1", "Lê Văn Thử"], ["2", "Hồ Văn Thử"]])
    [guess] = look_at(Workbook("xlsx", [sheet]))
    choice = choice_under(sheet, guess, header_row=2, header_row_count=1, cell_name=None)
    assert dict(choice.columns) == {1: Field.NAME}
    columns = columns_of(sheet, choice)
    assert [(column.letter, column.title, column.samples) for column in columns] == [
        ("A", "Ai", ("1", "2")),
        ("B", "Họ và tên", ("Lê Văn Thử", "Hồ Văn Thử")),
    ]
    marked = [row.number for row in preview(sheet, header_row=2, header_row_count=1) if row.is_header]
    assert marked == [2]


def test_sheets_with_equal_titles_are_read_alike_and_lists_without_titles_alone() -> None:
    def sheet(name: str, *rows: list[str]) -> Sheet:
        return Sheet(name, rows)

    titles, body = ["Họ và tên", "Số CCCD"], ["Lê Văn Thử", "003060000111"]
    sheets = [sheet("1", titles, body), sheet("2", titles, body), sheet("3", body), sheet("4", body)]
    guesses = look_at(Workbook("xlsx", sheets))
    chosen = [guess.choice for guess in guesses]
    parts = [(choice, columns_of(one, choice)) for choice, one in zip(chosen, sheets, strict=True)]
    assert [layout.sheets for layout in group_alike(parts)] == [("1", "2"), ("3",), ("4",)]
    assert signature_of(parts[2][1]) == ""
