"""What the reader says about a row: each rule of the catalogue, its weight, and its sentence."""

from collections.abc import Mapping
from datetime import date

import pytest

from cardqueue.roster.reading import Code, Field, RosterRow, RowState, Severity, describe, field_label
from tests.unit.roster.lists import as_read, codes, read

TITLES = [
    "STT",
    "Họ và tên",
    "Giới tính",
    "Ngày sinh",
    "Số CCCD",
    "Số thẻ đảng viên",
    "Chi bộ",
    "Ngày vào Đảng",
    "Ngày chính thức",
    "Điện thoại",
    "Trạng thái",
]
PERSON: dict[str, object] = {
    "STT": 1,
    "Họ và tên": "Lê Văn An",
    "Giới tính": "Nam",
    "Ngày sinh": "25/12/1950",
    "Số CCCD": "005050000001",
    "Số thẻ đảng viên": "99000001",
    "Chi bộ": "Chi bộ thôn 1",
    "Ngày vào Đảng": "19/05/1975",
    "Ngày chính thức": "19/05/1976",
    "Điện thoại": "0570000001",
    "Trạng thái": "Đang sinh hoạt",
}


def people(*changes: Mapping[str, object], fictitious_ids: bool = True) -> list[RosterRow]:
    rows = [[{**PERSON, **change}[title] for title in TITLES] for change in changes]
    return read(as_read({"a": [TITLES, *rows]}), fictitious_ids=fictitious_ids)


def person(**values: object) -> RosterRow:
    names = {
        "name": "Họ và tên",
        "sex": "Giới tính",
        "born": "Ngày sinh",
        "id": "Số CCCD",
        "card": "Số thẻ đảng viên",
        "cell": "Chi bộ",
        "joined": "Ngày vào Đảng",
        "official": "Ngày chính thức",
        "phone": "Điện thoại",
        "status": "Trạng thái",
    }
    [row] = people({names[key]: value for key, value in values.items()})
    return row


def test_a_complete_person_is_valid_and_nothing_is_said() -> None:
    row = person()
    assert (row.state, row.messages) == (RowState.VALID, ())
    assert (str(row.birth_on), row.citizen_id, row.phone) == ("1950-12-25", "005050000001", "+84570000001")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("id", "", "ID_MISSING"),
        ("id", "00505000001", "ID_LENGTH"),
        ("id", "6.00E+10", "ID_LENGTH"),
        ("id", "050000001", "ID_OLD_CMND"),
        ("sex", "Nữ", "SEX_MISMATCH"),
        ("born", "25/12/1951", "YEAR_MISMATCH"),
        ("born", "31/02/1950", "DOB_INVALID"),
        ("born", "không nhớ", "DOB_INVALID"),
        ("name", "", "NAME_MISSING"),
    ],
)
def test_an_error_makes_a_row_wrong(field: str, value: object, code: str) -> None:
    row = person(**{field: value})
    assert (codes(row), row.state) == ([code], RowState.WRONG)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("id", 5050000001.0, "ID_LEADING_ZERO"),
        ("born", "1950", "DOB_PARTIAL"),
        ("born", "00/12/1950", "DOB_PARTIAL"),
        ("born", "12/25/1950", "DOB_SWAP"),
        ("born", 18622, "DOB_SWAP"),
        ("born", "", "DOB_MISSING"),
        ("sex", "", "SEX_MISSING"),
        ("sex", "?1", "SEX_UNCLEAR"),
        ("card", "9900001", "CARD_FORMAT"),
        ("card", "005050000009", "CARD_FORMAT"),
        ("joined", "19/05/1960", "AGE"),
        ("official", "19/05/1974", "AGE"),
        ("joined", "31/02/1975", "DATE_INVALID"),
        ("joined", 27533, "DATE_SWAP"),
        ("official", "19/05/2126", "DATE_INVALID"),
        ("official", "19/05/2027", "DATE_FUTURE"),
        ("phone", "12345", "PHONE_FORMAT"),
        ("status", "lạ lùng", "STATUS_UNKNOWN"),
        ("name", "Lê Văn 4n", "NAME_FORMAT"),
        ("name", "Siu", "NAME_FORMAT"),
    ],
)
def test_a_warning_makes_a_row_one_to_look_at(field: str, value: object, code: str) -> None:
    row = person(**{field: value})
    assert (codes(row), row.state) == ([code], RowState.LOOK)


@pytest.mark.parametrize("born", ["25/12/2015", "25/12/1901"])
def test_an_impossible_age_is_an_error(born: str) -> None:
    row = person(born=born, id="", joined="", official="")
    assert codes(row) == ["ID_MISSING", "AGE"]


def test_two_digits_of_a_year_are_enough_where_the_citizen_id_confirms_them() -> None:
    assert (str(person(born="25/12/50").birth_on), codes(person(born="25/12/50"))) == ("1950-12-25", [])
    assert codes(person(born="25/12/50", id="")) == ["ID_MISSING", "DOB_SHORT_YEAR"]
    young = person(born="25/12/05", id="005205000001", joined="", official="")
    assert (str(young.birth_on), young.state) == ("2005-12-25", RowState.VALID)


def test_an_unknown_prefix_is_noticed_unless_numbers_are_made_up() -> None:
    [row] = people({}, fictitious_ids=False)
    assert (codes(row), row.state) == (["ID_PREFIX"], RowState.LOOK)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Dự bị", "probationary"),
        ("Miễn công tác và sinh hoạt", "exempt"),
        ("Đang chuyển sinh hoạt", "transferring"),
        ("Chuyển đến", "official"),
        ("Đang xem xét xóa tên", "under_review"),
        ("Đình chỉ sinh hoạt", "under_review"),
        ("Khai trừ", "left"),
        ("Từ trần", "deceased"),
        ("", "official"),
    ],
)
def test_the_words_for_a_standing_are_known(words: str, status: str) -> None:
    row = person(status=words)
    assert (row.status.value, row.state) == (status, RowState.VALID)


def test_one_number_twice_is_an_error_on_both_rows_and_says_where() -> None:
    first, second, third = people({}, {"Họ và tên": "Lê Văn Ba"}, {"Số CCCD": "005050000003", "Số thẻ đảng viên": ""})
    assert (codes(first), codes(second)) == (["ID_DUP", "PERSON_DUP"], ["ID_DUP"])
    assert first.messages[0].suggestion == "3"
    assert (codes(third), third.state) == (["PERSON_DUP"], RowState.LOOK)


def test_a_person_on_two_sheets_is_named_with_the_sheet() -> None:
    rows: list[list[object]] = [list(TITLES), [PERSON[title] for title in TITLES]]
    one, other = read(as_read({"Thôn 1": rows, "Thôn 2": rows}))
    assert (one.messages[0].suggestion, other.messages[0].suggestion) == ("Thôn 2!2", "Thôn 1!2")


def test_a_missing_cell_and_a_card_of_two_people_are_noticed() -> None:
    others = (
        {"Họ và tên": "Lê Văn Ba", "Số CCCD": "005050000002"},
        {"Họ và tên": "Lê Văn Tư", "Số CCCD": "005050000003"},
    )
    *_, without = people({}, others[0], {**others[1], "Chi bộ": ""})
    assert "CELL_MISSING" in codes(without)
    assert "CARD_DUP" in codes(without)


def test_dates_that_an_american_excel_swapped_are_put_back_and_shown() -> None:
    born = ["25/03/1950", "30/03/1950", "31/12/1950", date(1950, 5, 6), date(1950, 12, 1), date(1950, 1, 2)]
    rows = people(
        *(
            {
                "Ngày sinh": value,
                "Số CCCD": f"00505000001{number}",
                "Số thẻ đảng viên": "",
                "Họ và tên": f"Lê {name} An",
            }
            for number, (value, name) in enumerate(zip(born, ("Văn", "Hữu", "Đức", "Xuân", "Minh", "Bá"), strict=True))
        )
    )
    assert [str(row.birth_on) for row in rows[3:]] == ["1950-06-05", "1950-01-12", "1950-02-01"]
    assert [codes(row) for row in rows] == [[], [], [], ["DOB_SWAP"], ["DOB_SWAP"], ["DOB_SWAP"]]


def test_real_dates_beside_typed_ones_are_left_alone_when_nothing_speaks_against_them() -> None:
    born = ["25/03/1950", "05/03/1950", date(1950, 5, 6), date(1950, 12, 1), date(1950, 1, 2)]
    rows = people(
        *(
            {
                "Ngày sinh": value,
                "Số CCCD": f"00505000001{number}",
                "Số thẻ đảng viên": "",
                "Họ và tên": f"Lê {name} An",
            }
            for number, (value, name) in enumerate(zip(born, ("Văn", "Hữu", "Đức", "Xuân", "Minh"), strict=True))
        )
    )
    assert [str(row.birth_on) for row in rows[2:]] == ["1950-05-06", "1950-12-01", "1950-01-02"]
    assert {row.state for row in rows} == {RowState.VALID}


def test_every_code_and_field_has_its_words() -> None:
    seen: list[str] = []

    def translate(msgid: str) -> str:
        seen.append(msgid)
        return msgid

    row = person(id=5050000001.0)
    assert describe(row.messages[0], translate) == (
        "Số định danh “5050000001” thiếu số 0 ở đầu – đề nghị 005050000001."
    )
    assert seen == ["Số định danh “%(found)s” thiếu số 0 ở đầu – đề nghị %(suggestion)s."]
    for code in Code:
        message = type(row.messages[0])(code, Severity.NOTE, Field.NAME, "male", "female", "left")
        assert "%(" not in describe(message, str)
    assert all(field_label(field, str) for field in Field)


def test_a_sex_is_named_in_words() -> None:
    [message] = person(sex="Nữ").messages
    assert describe(message, str).startswith("Danh sách ghi nữ nhưng số định danh là của nam")
