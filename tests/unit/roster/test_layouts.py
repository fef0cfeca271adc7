"""Lists in every layout that offices keep: no person is lost, none is invented, and the values are theirs."""

from datetime import date

import pytest

from cardqueue.lib.citizen_id import Sex
from cardqueue.lib.legacy_fonts import Encoding
from cardqueue.lib.spreadsheet import Workbook, read_workbook
from cardqueue.roster.reading import Field, MemberStatus, RowState, look_at, read_rows
from tests.unit.roster.lists import ON, as_ods, as_read, as_xls, as_xlsx, codes, l1, l1_row, read


def names(workbook: Workbook) -> list[str]:
    return [row.full_name for row in read(workbook)]


def test_the_input_file_of_the_member_system_is_read_from_its_two_row_header() -> None:
    book = l1(
        [
            l1_row(1, "Nguyễn Văn Bình", "Nam", "01/02/1950", "005050000001", old_card="99000001", old_id="000000001"),
            l1_row(2, "Trần Thị Hoa", "Nữ", "00/03/1955", "005155000002", status="Miễn sinh hoạt"),
        ]
    )
    guess = look_at(book)[0]
    assert (guess.header_row, guess.header_row_count, len(guess.columns)) == (6, 2, 31)
    assert [other.is_list for other in look_at(book)] == [True, False, False]
    assert {column.field for column in guess.columns if column.letter in "OPQRSTGH"} == {
        Field.ORIGIN,
        Field.ETHNICITY,
        Field.RELIGION,
    }
    first, second = read(book)
    assert (first.row, first.full_name, str(first.birth_on), first.sex) == (
        8,
        "Nguyễn Văn Bình",
        "1950-02-01",
        Sex.MALE,
    )
    assert (first.citizen_id, first.old_id, first.card_no) == ("005050000001", "000000001", "99000001")
    assert (first.new_card_no, first.cell, str(first.joined_on)) == ("005050000001", "Chi bộ thôn 1", "1985-02-03")
    assert (first.state, first.messages) == (RowState.VALID, ())
    assert (str(second.birth_on), second.status, second.state) == ("1955-03", MemberStatus.EXEMPT, RowState.LOOK)


def test_an_export_in_capitals_is_read_as_given() -> None:
    book = as_xlsx(
        {
            "DanhSachDangVien": [
                [
                    "STT",
                    "Họ và tên",
                    "Số thẻ Đảng viên",
                    "Số CCCD",
                    "Ngày sinh",
                    "Ngày kết nạp",
                    "Chi bộ đang sinh hoạt",
                    "Chi bộ nơi cư trú",
                    "Trạng thái",
                ],
                [
                    1,
                    "NGUYỄN VĂN BÌNH",
                    "99000001",
                    "005050000001",
                    "01/02/1950",
                    "03/02/1985",
                    "Chi bộ A",
                    "B",
                    "Đang sinh hoạt",
                ],
                [2, "H’BIA ÊBAN", "99000002", 5199000013.0, date(1999, 2, 1), "", "Chi bộ A", "", "Dự bị"],
            ]
        }
    )
    first, second = read(book)
    assert (first.full_name, first.cell, first.sex) == ("NGUYỄN VĂN BÌNH", "Chi bộ A", None)
    assert (second.full_name, second.citizen_id, second.status) == (
        "H’BIA ÊBAN",
        "005199000013",
        MemberStatus.PROBATIONARY,
    )
    assert codes(second) == ["ID_LEADING_ZERO", "STATUS"]


HANDMADE: list[list[object]] = [
    ["ĐẢNG BỘ XÃ SUỐI MÂY"],
    ["CHI BỘ THÔN 3"],
    ["DANH SÁCH ĐẢNG VIÊN CHI BỘ THÔN 3 NĂM 2026"],
    ["(Tính đến ngày 01/11/2026)"],
    [],
    ["STT", "Họ và tên", "Năm sinh", "", "Quê quán", "Số CCCD", "Ngày vào Đảng", "", "Số ĐT", "Ghi chú"],
    ["", "", "Nam", "Nữ", "", "", "Dự bị", "Chính thức", "", ""],
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    [1, "Nguyễn Văn Bình", "01/02/1950", "", "A", "'005050000001", "03/02/1985", "03/02/1986", "0912345678", ""],
    [2, "Trần Thị Hoa", "", "1955", "A", 5155000002, "03/02/1985", "", "", "Miễn SH"],
    [],
    [3, "Lê Văn Nam", "00/02/1960", "", "B", "005.060.000.003", "nt", "", "", "Bí thư"],
    ["", "Nam: 2, Nữ: 1"],
    ["STT", "Họ và tên", "Năm sinh", "", "Quê quán", "Số CCCD", "Ngày vào Đảng", "", "Số ĐT", "Ghi chú"],
    ["", "", "Nam", "Nữ", "", "", "Dự bị", "Chính thức", "", ""],
    [4, "Ông Phạm Văn Tư", "", 20334, "B", "005055000004", "", "", "", ""],
    [5, "Bà Ngô Thị Năm", "05/06/1961", "05/06/1961", "B", "005161000005", "", "", "", "chuyển sinh hoạt đi 2025"],
    [6, "Siu H’Lan", "", "", "", "", "", "", "", "Bí thư"],
    [7, "", "", ""],
    [8],
    ["", "Tổng cộng:", 4, 2],
    ["", "", "", "", "", "", "Suối Mây, ngày 05 tháng 8 năm 2026"],
    ["", "Người lập", "", "", "", "T/M CHI BỘ"],
    ["", "", "", "", "", "BÍ THƯ"],
    ["", "(Ký, ghi rõ họ tên)", "", "", "", "(Ký tên)"],
    [],
    ["", "Trần Văn Sáu", "", "", "", "Nguyễn Văn Bình"],
]
HANDMADE_MERGES = [(1, 0, 1, 9), (5, 0, 6, 0), (5, 1, 6, 1), (5, 2, 5, 3), (5, 6, 5, 7)]


@pytest.mark.parametrize(
    "book",
    [
        as_xlsx({"Sheet1": HANDMADE}, {"Sheet1": HANDMADE_MERGES}),
        as_xlsx({"Sheet1": HANDMADE}),
        as_xls({"Sheet1": HANDMADE}),
        as_ods({"Sheet1": HANDMADE}),
    ],
    ids=["merged xlsx", "xlsx", "xls", "ods"],
)
def test_a_handmade_list_is_read_with_its_sexes_totals_and_signatures(book: Workbook) -> None:
    rows = read(book)
    assert [(row.row, row.full_name) for row in rows] == [
        (9, "Nguyễn Văn Bình"),
        (10, "Trần Thị Hoa"),
        (12, "Lê Văn Nam"),
        (16, "Phạm Văn Tư"),
        (17, "Ngô Thị Năm"),
        (18, "Siu H’Lan"),
    ]
    assert {row.cell for row in rows} == {"CHI BỘ THÔN 3"}
    binh, hoa, nam, tu, five, lan = rows
    assert (binh.sex, str(binh.birth_on), binh.phone, binh.state) == (
        Sex.MALE,
        "1950-02-01",
        "+84912345678",
        RowState.VALID,
    )
    assert (str(binh.joined_on), str(binh.official_on)) == ("1985-02-03", "1986-02-03")
    assert (hoa.sex, str(hoa.birth_on), hoa.citizen_id, hoa.status) == (
        Sex.FEMALE,
        "1955",
        "005155000002",
        MemberStatus.EXEMPT,
    )
    assert (str(nam.birth_on), str(nam.joined_on), nam.citizen_id) == ("1960-02", "1985-02-03", "005060000003")
    assert (tu.sex, str(tu.birth_on), tu.state) == (Sex.FEMALE, "1955-09-02", RowState.WRONG)
    assert codes(tu) == ["SEX_MISMATCH", "DOB_SWAP"]
    assert (five.status, codes(five)) == (MemberStatus.TRANSFERRING, ["SEX_UNCLEAR", "STATUS"])
    assert codes(lan) == ["ID_MISSING", "SEX_MISSING", "DOB_MISSING"]


def test_each_sheet_gives_its_own_cell() -> None:
    head = ["STT", "Họ tên", "Ngày sinh", "CCCD"]
    book = as_xlsx(
        {
            "Sheet1": [["Chi bộ: Thôn 1"], head, [1, "Lê Văn An", "01/02/1950", "005050000001"]],
            "Dân Bình": [["DANH SÁCH ĐẢNG VIÊN"], head, [1, "Lê Văn Tám", "01/02/1953", "005053000004"]],
            "Sheet3": [["Chi bộ:", "Trạm Y tế"], head, [1, "Lê Văn Chín", "01/02/1954", "005054000005"]],
            "Sheet4": [["ĐẢNG BỘ XÃ A"], ["THÔN 7"], head, [1, "Lê Văn Mười", "01/02/1955", "005055000006"]],
            "Trường TH": [["DANH SÁCH ĐẢNG VIÊN"], head, [1, "Lê Văn Ba", "01/02/1951", "005051000002"]],
            "Ghi chú": [["Mọi số liệu tính đến 01/11/2026"]],
            "Nháp": [head, [1, "Lê Văn Cũ", "01/02/1952", "005052000003"]],
        },
        hidden=["Nháp"],
    )
    assert [(row.full_name, row.cell) for row in read(book)] == [
        ("Lê Văn An", "Chi bộ Thôn 1"),
        ("Lê Văn Tám", "Dân Bình"),
        ("Lê Văn Chín", "Chi bộ Trạm Y tế"),
        ("Lê Văn Mười", "THÔN 7"),
        ("Lê Văn Ba", "Trường TH"),
    ]


def test_headings_between_people_name_their_cell_and_standing() -> None:
    book = as_xlsx(
        {
            "Toàn xã": [
                ["DANH SÁCH ĐẢNG VIÊN TOÀN XÃ"],
                ["Số TT", "Họ tên", "Giới tính", "Ngày, tháng, năm sinh", "CMND/CCCD", "Ngày kết nạp"],
                ["A", "B", 1, 2, 3, 4],
                ["I", "CHI BỘ THÔN 1 (2 đồng chí)"],
                [1, "NGUYỄN VĂN BÌNH", "Nam", date(1950, 2, 1), "005050000001", date(1985, 2, 3)],
                [2, "TRẦN THỊ HOA", "Nữ", date(1955, 3, 4), "123456789", ""],
                ["", "Cộng: 2"],
                ["II", "Trường Tiểu học Suối Mây"],
                [1, "TRƯƠNG VĂN TỔNG", "Nam", date(1970, 2, 1), "005070000011", ""],
                [2, "TỐNG CÔNG MINH", "Nam", date(1971, 2, 1), "005071000012", ""],
                ["", "Đảng viên dự bị"],
                [1, "TÔ THỊ LÀNG", "Nữ", date(1999, 2, 1), "005199000013", ""],
                ["", "TỔNG SỐ: 5"],
                ["", "NGƯỜI LẬP BIỂU", "", "TM. ĐẢNG ỦY"],
                ["", "Lê Thị Lan", "", "Võ Văn Ký"],
                [],
                ["STT", "Chi bộ", "Số đảng viên", "Nam", "Nữ"],
                [1, "Chi bộ thôn 1", 2, 1, 1],
                [2, "Trường Tiểu học", 3, 2, 1],
            ],
            "Tổng hợp": [["STT", "Chi bộ", "Số lượng", "Nam", "Nữ"], [1, "Thôn 1", 2, 1, 1]],
        }
    )
    rows = read(book)
    assert [(row.full_name, row.cell) for row in rows] == [
        ("NGUYỄN VĂN BÌNH", "CHI BỘ THÔN 1"),
        ("TRẦN THỊ HOA", "CHI BỘ THÔN 1"),
        ("TRƯƠNG VĂN TỔNG", "Trường Tiểu học Suối Mây"),
        ("TỐNG CÔNG MINH", "Trường Tiểu học Suối Mây"),
        ("TÔ THỊ LÀNG", "Trường Tiểu học Suối Mây"),
    ]
    assert (rows[1].citizen_id, rows[1].old_id, codes(rows[1])) == (None, "123456789", ["ID_OLD_CMND"])
    assert [row.status for row in rows].count(MemberStatus.PROBATIONARY) == 1


def test_the_register_with_several_values_in_one_cell_is_read_as_far_as_it_goes() -> None:
    book = as_xlsx(
        {
            "Sổ": [
                ["SỔ DANH SÁCH ĐẢNG VIÊN"],
                [
                    "Số TT",
                    "Họ và tên, tên khai sinh",
                    "Nam/nữ, dân tộc, tôn giáo",
                    "Quê quán",
                    "Văn hóa, LLCT, CMNV, ngoại ngữ",
                    "Nghề nghiệp",
                    "Ngày vào Đảng, ngày chính thức",
                    "Số thẻ, số lý lịch, số Huy hiệu",
                    "Bộ đội/công an/hưu trí",
                    "Chuyển đi",
                    "Chuyển đến",
                    "Từ trần, lý do",
                    "Ra khỏi Đảng",
                    "Ghi chú",
                ],
                [1, "Lê Văn An", "Nam, Kinh, Không", "A", "", "", "03/02/1985, 03/02/1986", "99000001; 001234AB"],
                [
                    2,
                    "Lê Thị Hoa\nLê Thị Hồng Hoa",
                    "Nữ, Chăm",
                    "",
                    "",
                    "",
                    "03/02/1985\n1986",
                    "",
                    "",
                    "",
                    "",
                    "2024, ốm",
                ],
                [3, "Lê Thị\nBưởi", "Nữ", "", "", "", "03/02/1985", "99000003", "", "05/2025"],
            ]
        }
    )
    an, hoa, buoi = read(book)
    assert (an.sex, str(an.joined_on), str(an.official_on), an.card_no) == (
        Sex.MALE,
        "1985-02-03",
        "1986-02-03",
        "99000001",
    )
    assert (hoa.full_name, hoa.sex, str(hoa.official_on), hoa.status) == (
        "Lê Thị Hoa",
        Sex.FEMALE,
        "1986",
        MemberStatus.DECEASED,
    )
    assert (buoi.full_name, buoi.status, codes(buoi)) == (
        "Lê Thị Bưởi",
        MemberStatus.TRANSFERRING,
        ["ID_MISSING", "STATUS"],
    )


def test_a_name_and_a_number_may_share_their_cells_with_dates() -> None:
    book = as_xlsx(
        {
            "a": [
                ["TT", "Họ tên, ngày sinh", "Nam/nữ", "CCCD, ngày cấp"],
                [1, "Lê Văn An\n01/02/1950", "Nam", "005050000001\n01/01/2021"],
                [2, "Lê Thị Ba, sinh năm 1951", "Nữ", "005151000001, 01/01/2021"],
            ]
        }
    )
    assert [(row.full_name, str(row.birth_on), row.citizen_id) for row in read(book)] == [
        ("Lê Văn An", "1950-02-01", "005050000001"),
        ("Lê Thị Ba", "1951", "005151000001"),
    ]


def test_a_second_table_with_other_columns_is_read_by_its_own_titles() -> None:
    book = as_xlsx(
        {
            "a": [
                ["I. ĐẢNG VIÊN CHÍNH THỨC"],
                ["STT", "Họ và tên", "Ngày sinh", "CCCD", "Ngày chính thức"],
                [1, "Lê Văn An", "01/02/1950", "005050000001", "01/02/1986"],
                [],
                ["II. ĐẢNG VIÊN DỰ BỊ"],
                ["STT", "Họ và tên", "CCCD", "Ngày sinh", "Ngày kết nạp"],
                [1, "Lê Thị Ba", "005199000001", "01/02/1999", "01/02/2026"],
                ["Người lập"],
            ]
        }
    )
    assert [(row.full_name, str(row.birth_on), row.citizen_id, row.status.value) for row in read(book)] == [
        ("Lê Văn An", "1950-02-01", "005050000001", "official"),
        ("Lê Thị Ba", "1999-02-01", "005199000001", "probationary"),
    ]


def test_old_fonts_are_decoded_for_a_whole_column() -> None:
    tcvn3 = as_xls(
        {
            "Sheet1": [
                ["Chi bé Th«n 1"],
                ["TT", "Hä vµ tªn", "Ngµy sinh", "Giíi tÝnh", "Sè CCCD", "Tr¹ng th¸i"],
                [1, "NguyÔn V¨n B×nh", "01/02/1950", "Nam", "005050000001", "§ang sinh ho¹t"],
                [2, "TrÇn ThÞ ¸nh", "03/04/1955", "N÷", "005155000002", "Dù bÞ"],
                [3, "L­u V¨n Hoµng", "03/04/1961", "Nam", "005061000003", "Tõ trÇn"],
            ]
        }
    )
    rows = read(tcvn3)
    assert look_at(tcvn3)[0].encoding is Encoding.TCVN3
    assert [row.full_name for row in rows] == ["Nguyễn Văn Bình", "Trần Thị Ánh", "Lưu Văn Hoàng"]
    assert [row.status.value for row in rows] == ["official", "probationary", "deceased"]
    assert {row.cell for row in rows} == {"Chi bộ Thôn 1"}
    assert {row.state for row in rows} == {RowState.VALID}
    vni = as_xls(
        {
            "Sheet1": [
                ["TT", "Hoï vaø teân", "Ngaøy sinh", "Soá CCCD"],
                [1, "Nguyeãn Vaên Bình", "01/02/1950", "005050000001"],
                [2, "Traàn Thò Hoàng", "03/04/1955", "005155000002"],
            ]
        }
    )
    assert names(vni) == ["Nguyễn Văn Bình", "Trần Thị Hồng"]


def test_a_few_old_font_names_among_unicode_ones_are_decoded_and_shown() -> None:
    book = as_xlsx(
        {
            "a": [
                ["STT", "Họ tên", "Ngày sinh", "CCCD"],
                [1, "Lâm Hoàng Nam", "01/02/1950", "005050000001"],
                [2, "NguyÔn V¨n B×nh", "01/02/1951", "005051000002"],
                [3, "Nguyễn Thị Bưởi", "01/02/1952", "005152000003"],
            ]
        }
    )
    rows = read(book)
    assert [row.full_name for row in rows] == ["Lâm Hoàng Nam", "Nguyễn Văn Bình", "Nguyễn Thị Bưởi"]
    assert [codes(row) for row in rows] == [[], ["NAME_TCVN3"], []]


def test_a_name_in_two_columns_is_put_together() -> None:
    titled = as_xlsx(
        {
            "CB Thôn 1": [
                ["STT", "Họ và tên đệm", "Tên", "Nữ", "Sinh năm", "CCCD"],
                [1, "Nguyễn Văn", "Bình", "", 1950, "005050000001"],
                [2, "Trần Thị", "Hoa", "x", 1955, "005155000002"],
            ]
        }
    )
    assert [(row.full_name, row.sex, row.cell) for row in read(titled)] == [
        ("Nguyễn Văn Bình", Sex.MALE, "CB Thôn 1"),
        ("Trần Thị Hoa", Sex.FEMALE, "CB Thôn 1"),
    ]
    merged = as_xlsx(
        {
            "a": [
                ["STT", "Họ và tên", "", "Giới tính", "Ngày sinh", "", "", "CCCD"],
                ["", "", "", "", "Ngày", "Tháng", "Năm", ""],
                [1, "Nguyễn Văn", "Bình", "Nam", 1, 2, 1950, "005050000001"],
            ]
        },
        {"a": [(0, 1, 1, 2), (0, 4, 0, 6)]},
    )
    assert [(row.full_name, str(row.birth_on)) for row in read(merged)] == [("Nguyễn Văn Bình", "1950-02-01")]


def test_a_list_without_titles_is_known_by_its_content() -> None:
    book = read_workbook(
        "1,Nguyễn Văn Bình,Nam,01/02/1950,005050000001\n2,Trần Hoa,Nữ,03/04/1955,005155000002".encode()
    )
    assert look_at(book)[0].header_row == 0
    assert [(row.row, row.full_name, row.citizen_id) for row in read(book)] == [
        (1, "Nguyễn Văn Bình", "005050000001"),
        (2, "Trần Hoa", "005155000002"),
    ]


def test_a_cell_named_once_is_carried_down_to_its_people() -> None:
    merged = as_xlsx(
        {
            "a": [
                ["Chi bộ", "STT", "Họ tên", "CCCD"],
                ["Chi bộ A", 1, "Lê Văn An", "005050000001"],
                ["", 2, "Lê Văn Ba", "005050000002"],
                ["", 3, "Lê Văn Tư", "005050000003"],
                ["Chi bộ B", 1, "Lê Văn Sáu", "005050000004"],
            ]
        },
        {"a": [(1, 0, 3, 0)]},
    )
    assert [row.cell for row in read(merged)] == ["Chi bộ A", "Chi bộ A", "Chi bộ A", "Chi bộ B"]
    unmerged = as_read({"a": [list(row) for row in merged.sheets[0].rows]})
    assert [row.cell for row in read(unmerged)] == ["Chi bộ A", "Chi bộ A", "Chi bộ A", "Chi bộ B"]


def test_a_person_may_correct_the_guess() -> None:
    book = as_xlsx(
        {"a": [["STT", "Người", "Mã", "Sinh"], [1, "Lê Văn An", "005050000001", "01/02/1950"], [2, "Lê Ba", "", ""]]}
    )
    guess = look_at(book)[0]
    choice = type(guess.choice).from_dict(
        guess.choice.as_dict()
        | {
            "header_row": 1,
            "header_row_count": 1,
            "columns": {"0": "number", "1": "name", "2": "citizen_id", "3": "birth"},
            "cell_name": "Chi bộ Thôn 9",
        }
    )
    rows = read_rows(book, [choice], on=ON, fictitious_ids=True)
    assert [(row.full_name, row.citizen_id, row.cell) for row in rows] == [
        ("Lê Văn An", "005050000001", "Chi bộ Thôn 9"),
        ("Lê Ba", None, "Chi bộ Thôn 9"),
    ]


def test_a_row_with_a_number_but_no_name_is_a_wrong_person_not_a_lost_one() -> None:
    book = as_xlsx({"a": [["STT", "Họ tên", "CCCD"], [1, "", "005050000001"], [2, "Lê Văn An", "005050000002"]]})
    rows = read(book)
    assert [(row.row, row.state) for row in rows] == [(2, RowState.WRONG), (3, RowState.VALID)]
    assert codes(rows[0]) == ["NAME_MISSING"]


def test_sheets_that_are_no_lists_give_no_rows() -> None:
    book = as_xlsx(
        {
            "Tổng hợp": [["STT", "Chi bộ", "Số lượng", "Nam", "Nữ"], [1, "Thôn 1", 20, 12, 8]],
            "Phân công": [["STT", "Họ và tên", "Nhiệm vụ"], [1, "Lê Văn An", "Chụp ảnh"]],
            "Trống": [],
            "Danh sách": [["STT", "Họ tên", "Năm sinh"], [1, "Lê Văn Ba", 1960]],
        }
    )
    assert [guess.is_list for guess in look_at(book)] == [False, False, False, True]
    assert names(book) == ["Lê Văn Ba"]
