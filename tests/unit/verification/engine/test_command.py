"""`cardqueue match` on small files: formats, faults, duplicates, and invented rosters with known answers."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from benchmarks.matching.adversary.worlds import make_adversary
from benchmarks.matching.files import ALL, make_world, write_world
from benchmarks.matching.judging import Verdict, judge, read_decisions
from cardqueue.verification.cli import match

ROSTER = "row_id,ho_ten,ngay_sinh,gioi_tinh,so_dinh_danh,que_quan,so_the_dang,chi_bo"
REGISTRY = "so_dinh_danh,ho_ten,ngay_sinh,gioi_tinh,que_quan,so_cmnd_cu"
HUNG = '009060012345,NGUYỄN VĂN HÙNG,1960-05-06,Nam,"Suối Mây, Bình Thuận",000123456'
ROW = '1,Nguyễn Văn Hùng,06/05/1960,Nam,009060012345,"Suối Mây, Bình Thuận",99000001,Chi bộ thôn 1'


def run(folder: Path, roster: str | bytes, registry: str | bytes = "", cells: str | None = None) -> Result:
    for name, content in (("roster", roster), ("registry", registry or f"{REGISTRY}\n{HUNG}\n"), ("cells", cells)):
        if content is not None:
            data = content.encode() if isinstance(content, str) else content
            (folder / f"{name}.csv").write_bytes(data)
    arguments = [f"--{name}={folder / name}.csv" for name in ("roster", "registry", "out")]
    if cells is not None:
        arguments.append(f"--cells={folder / 'cells.csv'}")
    return CliRunner().invoke(match, arguments)


def decisions(folder: Path) -> list[dict[str, str]]:
    return read_decisions(folder / "out.csv")


@pytest.mark.parametrize(
    "roster",
    [
        f"{ROSTER}\n{ROW}\n",
        f"\ufeff{ROSTER}\r\n{ROW}\r\n",
        f"{ROSTER}\n{ROW}",
        f"{ROSTER},\n{ROW},\n,,,,,,,,\n",
        f"{ROSTER.upper()}\n\n{ROW}\n\n",
        f"{ROSTER}\n{ROW}\n".replace(", ", "; ").replace(",", "\t"),
        "row_id;ho_ten;ngay_sinh;gioi_tinh;so_dinh_danh\n1;Nguyễn Văn Hùng;6/5/1960;nam;009060012345\n",
        "ghi_chu,so_dinh_danh,row_id,ho_ten,ngay_sinh,gioi_tinh\nx,9060012345,1,nguyễn văn hùng,1960-05-06,NAM\n",
    ],
)
def test_any_csv_that_a_spreadsheet_writes_is_read(tmp_path: Path, roster: str) -> None:
    assert run(tmp_path, roster).exit_code == 0
    (decision,) = decisions(tmp_path)
    assert decision == {
        "row_id": "1",
        "status": "match",
        "pid": "009060012345",
        "fields": "",
        "candidates": "",
        "score": decision["score"],
    }
    assert float(decision["score"]) > 0.999


@pytest.mark.parametrize(
    ("roster", "registry", "cells", "said"),
    [
        ("", f"{REGISTRY}\n", None, "roster.csv: line 1: the file is empty"),
        ("row_id,ho_ten\n", "", None, "roster.csv: line 1, column ngay_sinh: the column is missing"),
        (f"{ROSTER},ho_ten\n", "", None, "roster.csv: line 1, column ho_ten: the column stands there twice"),
        (f"{ROSTER}\n{ROW}\n{ROW}\n", "", None, "roster.csv: line 3, column row_id: '1' stands on line 2 already"),
        (f"{ROSTER}\n{ROW}\n,Lan,,,,,,\n", "", None, "roster.csv: line 3, column row_id: expected the row's own id"),
        (f"{ROSTER}\n1,Lan\n", "", None, "roster.csv: line 2: expected 8 values as in the header, found 2"),
        (f"{ROSTER}\n1,Lan,,,,,,,,,x\n", "", None, "roster.csv: line 2: expected 8 values as in the header, found 11"),
        (f'{ROSTER}\n{ROW}\n2,"Lan\nx,,,,,,\n', "", None, "roster.csv: line 3: expected the end of a quotation"),
        (
            f"{ROSTER}\n".encode() + b"1,Nguy\xean,,,,,,\n",
            "",
            None,
            "line 2, column ho_ten: expected UTF-8 text, found the byte 0xea (character 7",
        ),
        (f"{ROSTER}\n{ROW}\n", f"{REGISTRY}\n12,LAN,1960,,,\n", None, "registry.csv: line 2, column so_dinh_danh"),
        (f"{ROSTER}\n{ROW}\n", f"{REGISTRY}\n{HUNG}\n009060012346,LAN,soon,,,\n", None, "line 3, column ngay_sinh"),
        (f"{ROSTER}\n{ROW}\n", "", "so_the_dang\n1\n", "cells.csv: line 1, column chi_bo: the column is missing"),
    ],
)
def test_a_bad_file_is_refused_with_line_and_column_and_nothing_is_written(
    tmp_path: Path, roster: str | bytes, registry: str, cells: str | None, said: str
) -> None:
    (tmp_path / "out.csv").write_text("as it was")
    result = run(tmp_path, roster, registry, cells)
    assert result.exit_code == 2
    assert said in result.output
    assert (tmp_path / "out.csv").read_text() == "as it was"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_files_that_are_read_are_never_overwritten(tmp_path: Path) -> None:
    run(tmp_path, f"{ROSTER}\n{ROW}\n")
    roster = str(tmp_path / "roster.csv")
    result = CliRunner().invoke(match, ["--roster", roster, "--registry", roster, "--out", roster])
    assert result.exit_code == 2
    assert "one of the files to read" in result.output


def test_nobody_is_found_in_an_empty_registry_and_no_row_is_lost(tmp_path: Path) -> None:
    assert run(tmp_path, f"{ROSTER}\n{ROW}\n2,,,,,,,\n", f"{REGISTRY}\n").exit_code == 0
    assert [(one["row_id"], one["status"]) for one in decisions(tmp_path)] == [("1", "not_found"), ("2", "not_found")]


def test_an_empty_roster_gives_an_empty_answer(tmp_path: Path) -> None:
    assert run(tmp_path, f"{ROSTER}\n").exit_code == 0
    assert decisions(tmp_path) == []


def test_a_cell_is_compared_with_the_old_list_by_the_card(tmp_path: Path) -> None:
    cells = "so_the_dang,chi_bo\n99.000001,Chi bộ thôn 2\n"
    run(tmp_path, f"{ROSTER}\n{ROW}\n", cells=cells)
    assert (decisions(tmp_path)[0]["status"], decisions(tmp_path)[0]["fields"]) == ("mismatch", "chi_bo")
    run(tmp_path, f"{ROSTER}\n{ROW}\n", cells=f"{cells}99000001,Chi bộ thôn 1\n")
    assert decisions(tmp_path)[0]["status"] == "match"


@pytest.mark.parametrize(
    "again",
    [
        ROW,
        "1,NGUYEN VAN HUNG,06/05/1960,Nam,009060012345,,,",
        "1,Nguyễn Văn Hùng,06/05/1960,Nam,,,99000001,",
        "1,Nguyễn Văn Hùng,06/05/1960,Nam,000123456,,99000001,",
        "1,Nguyễn Văn Hùng,1960,Nam,,,99000001,",
    ],
)
def test_a_second_row_of_one_person_points_to_the_better_one(tmp_path: Path, again: str) -> None:
    first, second = ROW, again
    for row in ((first, second), (second, first)):
        rows = "\n".join(f"{at}{text[1:]}" for at, text in enumerate(row, start=1))
        assert run(tmp_path, f"{ROSTER}\n{rows}\n").exit_code == 0
        assert sorted(one["status"] for one in decisions(tmp_path)) == ["duplicate", "match"]
        assert {one["pid"] for one in decisions(tmp_path)} == {"009060012345"}


def test_two_rows_of_somebody_whom_nobody_knows_are_duplicates_too(tmp_path: Path) -> None:
    stranger = "Trần Thị Lan,01/02/1970,Nữ,003170000001,,,"
    run(tmp_path, f"{ROSTER}\n1,{stranger}\n2,{stranger}\n")
    assert [(one["status"], one["pid"]) for one in decisions(tmp_path)] == [("not_found", ""), ("duplicate", "")]


def test_two_rows_with_one_number_and_one_card_never_point_at_each_other(tmp_path: Path) -> None:
    stranger = "01/02/1970,Nữ,003170000001,,99000001,"
    run(tmp_path, f"{ROSTER}\n1,Trần Thị Lan,{stranger}\n2,Trần Thị Lann,{stranger}\n")
    assert [one["status"] for one in decisions(tmp_path)].count("duplicate") < 2


def test_two_people_with_one_name_and_birthday_are_no_duplicates(tmp_path: Path) -> None:
    other = "2,Nguyễn Văn Hùng,06/05/1960,Nam,,,99000002,"
    run(tmp_path, f"{ROSTER}\n{ROW}\n{other}\n")
    assert [one["status"] for one in decisions(tmp_path)] == ["match", "ambiguous"]


def test_a_record_that_stands_twice_in_the_registry_is_one_and_two_people_with_one_number_are_none(
    tmp_path: Path,
) -> None:
    run(tmp_path, f"{ROSTER}\n{ROW}\n", f"{REGISTRY}\n{HUNG}\n{HUNG}\n")
    assert decisions(tmp_path)[0]["status"] == "match"
    run(tmp_path, f"{ROSTER}\n{ROW}\n", f"{REGISTRY}\n{HUNG}\n009060012345,TRẦN VĂN BA,1961-01-02,Nam,,\n")
    assert decisions(tmp_path)[0]["status"] == "ambiguous"


def verdict_on(folder: Path, seed: int, mistaken: float) -> Verdict:
    world = make_world(seed, members=400, residents=3_000, mistaken=mistaken)
    write_world(world, folder)
    files = [f"--{name}={folder / name}.csv" for name in ("roster", "registry", "cells")]
    assert CliRunner().invoke(match, [*files, f"--out={folder / 'out.csv'}"]).exit_code == 0
    return judge(world.rows, decisions(folder))


def test_no_mistake_leads_to_a_wrong_match_and_the_right_person_is_always_in_sight(tmp_path: Path) -> None:
    verdict = verdict_on(tmp_path, seed=3, mistaken=0.9)
    assert len(verdict.kinds) > len(ALL) * 0.8
    assert verdict.wrong_matches == 0
    assert verdict.wrongly_flagged == 0
    assert verdict.share("clean_matched", "clean") == 1
    assert verdict.share("reached", "findable") >= 0.998
    assert verdict.share("fields_right", "fields_said") >= 0.995
    assert verdict.share("fields_right", "fields_true") >= 0.995


def test_a_roster_as_offices_have_them_needs_a_person_for_few_rows(tmp_path: Path) -> None:
    verdict = verdict_on(tmp_path, seed=4, mistaken=0.14)
    assert verdict.share("named", "findable") >= 0.965
    assert verdict.calibration_error <= 0.01


def test_mistakes_of_whole_columns_among_relatives_and_namesakes_lead_to_no_wrong_person(tmp_path: Path) -> None:
    world = make_adversary(3, members=400, residents=3_000, mistaken=0.7)
    write_world(world, tmp_path)
    files = [f"--{name}={tmp_path / name}.csv" for name in ("roster", "registry", "cells")]
    assert CliRunner().invoke(match, [*files, f"--out={tmp_path / 'out.csv'}"]).exit_code == 0
    verdict = judge(world.rows, decisions(tmp_path))
    assert (verdict.wrong_matches, verdict.wrong_proposals, verdict.wrongly_flagged) == (0, 0, 0)
    assert verdict.share("clean_matched", "clean") == 1
    assert verdict.share("reached", "findable") >= 0.995


def test_the_same_files_give_the_same_decisions_whatever_the_seed_of_hashing(tmp_path: Path) -> None:
    write_world(make_world(5, members=120, residents=800, mistaken=0.6), tmp_path)
    answers = []
    for seed in ("1", "2"):
        out = tmp_path / f"out{seed}.csv"
        files = [f"--{name}={tmp_path / name}.csv" for name in ("roster", "registry", "cells")]
        command = [sys.executable, "-m", "cardqueue", "match", *files, f"--out={out}"]
        subprocess.run(command, check=True, capture_output=True, env={"PYTHONHASHSEED": seed})
        answers.append(out.read_bytes())
    assert answers[0] == answers[1]
    with (tmp_path / "roster.csv").open(encoding="utf-8") as roster:
        rows = [row["row_id"] for row in csv.DictReader(roster)]
    assert [one["row_id"] for one in read_decisions(tmp_path / "out1.csv")] == rows


def test_the_command_needs_no_flask_and_no_database_library() -> None:
    code = "import sys, cardqueue.verification.cli; print({'flask', 'sqlalchemy'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "set()"
