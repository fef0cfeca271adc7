"""`cardqueue read-roster`: a list in, its rows out, and a plain reason where there is nothing to read."""

import csv
import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from cardqueue.lib.spreadsheet import CellValue, Table, write_xlsx
from cardqueue.roster.cli import COLUMNS, read_roster


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(read_roster, [str(argument) for argument in arguments])


def a_list(folder: Path) -> Path:
    path = folder / "danh sach.xlsx"
    rows: list[list[CellValue]] = [
        [1, "Lê Văn An", "01/02/1950", "Nam", "005050000001", "0912345678", "Dự bị"],
        [2, "=Lê Thị Ba", "1955", "Nữ", 5155000002, "", ""],
    ]
    write_xlsx(path, [Table("DS", ["STT", "Họ tên", "Ngày sinh", "GT", "CCCD", "SĐT", "Trạng thái"], rows)])
    return path


def test_rows_are_written_with_the_agreed_columns(tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    result = run(a_list(tmp_path), "--out", out, "--fictitious-ids")
    assert result.exit_code == 0, result.output
    with out.open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        first, second = reader
    assert tuple(reader.fieldnames or ()) == COLUMNS
    assert first == {
        "file": "danh sach.xlsx",
        "sheet": "DS",
        "row": "2",
        "full_name": "Lê Văn An",
        "birth_on": "1950-02-01",
        "sex": "male",
        "citizen_id": "005050000001",
        "old_id": "",
        "card_no": "",
        "cell": "",
        "joined_on": "",
        "official_on": "",
        "phone": "+84912345678",
        "status": "probationary",
        "state": "valid",
        "messages": "STATUS: Tình trạng: Dự bị → đảng viên dự bị.",
    }
    assert (second["citizen_id"], second["birth_on"], second["state"]) == ("005155000002", "1955", "look")
    assert [message.split(":")[0] for message in second["messages"].split("|")] == [
        "NAME_FORMAT",
        "ID_LEADING_ZERO",
        "DOB_PARTIAL",
    ]
    assert second["full_name"] == "'=Lê Thị Ba"


def test_never_issued_prefixes_are_noticed_without_the_option(tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    assert run(a_list(tmp_path), "--out", out).exit_code == 0
    assert "ID_PREFIX" in out.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_read_ends_with_2_and_the_reason(tmp_path: Path) -> None:
    out, other = tmp_path / "rows.csv", tmp_path / "x.xlsx"
    out.write_text("before", encoding="utf-8")
    for content, reason in (
        (b"%PDF-1.7", "no spreadsheet"),
        (b"", "empty"),
        ("Thông báo,mời họp\n".encode(), "no sheet holds a list"),
        ("STT,Họ tên,Ngày sinh\n".encode(), "no people"),
    ):
        other.write_bytes(content)
        result = run(other, "--out", out)
        assert (result.exit_code, reason in result.stderr) == (2, True), result.stderr
    assert run(tmp_path / "none.xlsx", "--out", out).exit_code == 2
    assert run(a_list(tmp_path), "--out", tmp_path / "no" / "rows.csv").exit_code == 2
    assert out.read_text(encoding="utf-8") == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["danh sach.xlsx", "rows.csv", "x.xlsx"]


def test_reading_a_list_needs_neither_flask_nor_a_database() -> None:
    code = "import sys, cardqueue.roster.cli; sys.exit(bool({'flask', 'sqlalchemy'} & set(sys.modules)))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
