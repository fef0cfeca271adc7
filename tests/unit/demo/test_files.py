"""The demo's files: layouts as offices know them, labels that point at the right cells, no number of a real person."""

import csv
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from cardqueue.demo import files
from cardqueue.demo.cli import demo_data
from cardqueue.demo.errors import KINDS, Planting
from cardqueue.demo.files import write_demo
from cardqueue.demo.people import make_commune, make_residents
from cardqueue.demo.planting import Office, plant
from cardqueue.lib.citizen_id import ISSUED_PREFIXES

Rows = list[list[object]]


def make_office(seed: int = 1) -> Office:
    commune = make_commune(seed)
    return plant(commune, make_residents(commune, 1500), Planting())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo(make_office(), tmp_path_factory.mktemp("demo") / "files")


def sheets_of(path: Path) -> dict[str, Rows]:
    book = CalamineWorkbook.from_path(str(path))
    sheets: dict[str, Rows] = {}
    for name in book.sheet_names:
        sheets[name] = [list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
    return sheets


def table_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cells_of(folder: Path) -> list[object]:
    """Every value of every produced file."""
    values: list[object] = []
    for path in folder.iterdir():
        if path.suffix == ".xlsx":
            values += [value for rows in sheets_of(path).values() for row in rows for value in row]
        elif path.suffix == ".csv":
            values += [value for row in table_of(path) for value in row.values()]
        else:
            values += path.read_text(encoding="utf-8").split()
    return values


def test_the_same_seed_writes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    again = write_demo(make_office(), tmp_path / "again")
    for path in folder.iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes(), path.name


def test_no_file_holds_a_number_that_a_real_person_could_have(folder: Path) -> None:
    seen = 0
    for value in cells_of(folder):
        text = str(int(value)) if isinstance(value, float) else str(value)
        digits = re.sub(r"[ .']", "", text)
        if re.fullmatch(r"\d{10,13}", digits):
            number = digits.zfill(12)
            seen += 1
            assert number[:3] not in ISSUED_PREFIXES or number.startswith("0005700"), text
            assert number[:3] in {"000", "003", "005", "007", "009", "013", "016", "018", "021", "023", "099"}, text
        elif re.fullmatch(r"\d{9}", digits):
            assert digits.startswith("000"), text
    assert seen > 5000


def test_l1_has_two_merged_header_rows_over_31_columns(folder: Path) -> None:
    sheet = load_workbook(folder / files.L1_NAME)["DANH SÁCH ĐẢNG VIÊN"]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A1:AE1", "A6:A7", "C6:C7", "I6:I7", "O6:Q6", "R6:T6", "U6:W6", "X6:X7", "AE6:AE7"} <= merged
    assert [sheet["O6"].value, sheet["O7"].value, sheet["Q7"].value] == [
        "Nơi đăng ký khai sinh",
        "Quốc gia",
        "Chi tiết",
    ]
    assert sheet["AE6"].value == "Chi tiết lỗi"
    assert sheet["AF6"].value is None
    assert sheet["A8"].value == 1
    assert sheet["I8"].data_type == "s"


def test_l1_keeps_its_dictionaries_hidden_and_tells_no_ethnic_group_or_religion(folder: Path) -> None:
    book = CalamineWorkbook.from_path(str(folder / files.L1_NAME))
    hidden = [sheet.name for sheet in book.sheets_metadata if sheet.visible is SheetVisibleEnum.Hidden]
    assert hidden == ["QUOCGIA", "TINH", "DANTOC", "TONGIAO"]
    rows = sheets_of(folder / files.L1_NAME)["DANH SÁCH ĐẢNG VIÊN"][7:]
    assert len(rows) == 365 + 9 + 2
    assert {(row[6], row[7]) for row in rows} == {("Không nêu", "Không nêu")}


def test_l2_has_names_in_capitals_under_nine_headers(folder: Path) -> None:
    header, *rows = sheets_of(folder / files.L2_NAME)["DanhSachDangVien"]
    assert header == [
        "STT", "Họ và tên", "Số thẻ Đảng viên", "Số CCCD", "Ngày sinh", "Ngày kết nạp", "Chi bộ đang sinh hoạt",
        "Chi bộ nơi cư trú", "Trạng thái",
    ]  # fmt: skip
    assert len(rows) == 365 + 9 + 2
    legacy = sum(not str(row[1]).isupper() for row in rows)
    assert legacy == KINDS["NAME_TCVN3"].count


def test_l4_names_the_cell_in_the_titles_alone_and_splits_birth_dates_by_sex(folder: Path) -> None:
    sheets = sheets_of(folder / files.L4_NAME)
    assert list(sheets) == [f"Sheet{number}" for number in range(1, 27)]
    listed = 0
    for rows in sheets.values():
        assert str(rows[1][0]).startswith("CHI BỘ ")
        assert rows[5][:5] == ["STT", "Họ và tên", "Năm sinh", "", "Số CCCD"]
        assert rows[6][2:4] == ["Nam", "Nữ"]
        people = [row for row in rows[7:] if isinstance(row[0], float)]
        listed += len(people)
        assert [row[0] for row in people] == [float(n) for n in range(1, len(people) + 1)]
        assert all((row[2] == "") != (row[3] == "") for row in people)
        assert rows[7 + len(people)][1] == f"Tổng cộng: {len(people)} đồng chí"
        assert "T/M CHI BỘ" in rows[7 + len(people) + 2]
        names = {row[1] for row in people}
        assert not any("Chi bộ" in str(name) for name in names)
    assert listed == 365 + 9 + 2


def test_the_extract_is_the_same_as_text_and_as_a_workbook(folder: Path) -> None:
    lines = table_of(folder / "dan_cu.csv")
    header, *rows = sheets_of(folder / "dan_cu.xlsx")["DAN_CU"]
    assert header == ["so_dinh_danh", "ho_ten", "ngay_sinh", "gioi_tinh", "que_quan", "so_cmnd_cu"]
    assert rows == [list(line.values()) for line in lines]
    assert all(re.fullmatch(r"\d{4}(-\d\d-\d\d)?", line["ngay_sinh"]) for line in lines)
    assert all(line["ho_ten"].isupper() for line in lines)


def test_the_truth_labels_every_kind_and_points_at_what_was_written(folder: Path) -> None:
    truth = table_of(folder / files.TRUTH_NAME)
    assert {line["kind"] for line in truth if line["file"] == files.L1_NAME} == KINDS.keys()
    rows = sheets_of(folder / files.L1_NAME)["DANH SÁCH ĐẢNG VIÊN"]
    columns = {"full_name": 2, "sex": 4, "birth_on": 5, "citizen_id": 8, "new_card_no": 9, "card_no": 12, "cell": 13}
    for line in truth:
        if line["file"] == files.L1_NAME and line["field"] in columns:
            value = rows[int(line["row"]) - 1][columns[line["field"]]]
            assert line["written"] == (str(int(value)) if isinstance(value, float) else value), line


def test_the_truth_of_a_layout_tells_only_what_the_layout_shows(folder: Path) -> None:
    truth = table_of(folder / files.TRUTH_NAME)
    assert not [line for line in truth if line["file"] == files.L2_NAME and line["field"] in ("sex", "official_on")]
    assert not [line for line in truth if line["file"] == files.L4_NAME and line["kind"] == "CELL_UNKNOWN"]
    assert [line for line in truth if line["file"] == files.L4_NAME and line["kind"] == "CELL_MOVED"]


def test_the_match_files_have_one_line_per_listed_row(folder: Path) -> None:
    roster = table_of(folder / files.MATCH_ROSTER_NAME)
    assert [line["row_id"] for line in roster] == [str(row) for row in range(8, 8 + 376)]
    assert list(roster[0]) == [
        "row_id", "ho_ten", "ngay_sinh", "gioi_tinh", "so_dinh_danh", "que_quan", "so_the_dang", "chi_bo",
    ]  # fmt: skip


def test_a_failure_while_writing_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(files, "write_truth", fails)
    with pytest.raises(OSError, match="disk full"):
        write_demo(make_office(), tmp_path / "demo")
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_a_folder_once_and_says_that_all_is_fictitious(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    arguments = ["--out", str(out), "--members", "120", "--residents", "900", "--flawless"]
    first = CliRunner().invoke(demo_data, arguments)
    assert first.exit_code == 0, first.output
    assert "120 members in 9 cells" in first.output
    assert "HƯ CẤU" in (out / files.README_NAME).read_text(encoding="utf-8")
    second = CliRunner().invoke(demo_data, arguments)
    assert second.exit_code == 1
    assert "already exists" in second.output
    assert CliRunner().invoke(demo_data, [*arguments, "--replace"]).exit_code == 0


def test_the_command_never_replaces_a_folder_that_it_did_not_write(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("keep", encoding="utf-8")
    result = CliRunner().invoke(demo_data, ["--out", str(tmp_path), "--replace"])
    assert result.exit_code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--members", "0"], "at least 1"),
        (["--members", "365", "--cells", "3"], "choose between 10 and 73 cells"),
        (["--members", "365", "--residents", "0"], "Nobody is left to plant"),
    ],
)
def test_the_command_says_what_cannot_be_made(arguments: list[str], words: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(demo_data, ["--out", str(tmp_path / "demo"), *arguments])
    assert result.exit_code == 1
    assert words in result.output
    assert list(tmp_path.iterdir()) == []
