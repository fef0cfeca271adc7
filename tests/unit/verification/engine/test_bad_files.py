"""Whatever bytes a file holds: decisions, or exit code 2 with lines and columns; no traceback, never half a file."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardqueue.verification.cli import match
from cardqueue.verification.engine.tables import LONGEST_ROW, MOST_FAULTS, BadFile, Table

ROSTER = "row_id,ho_ten,ngay_sinh,gioi_tinh,so_dinh_danh,que_quan,so_the_dang,chi_bo"
REGISTRY = "so_dinh_danh,ho_ten,ngay_sinh,gioi_tinh,que_quan,so_cmnd_cu"
HUNG = "009060012345,NGUYỄN VĂN HÙNG,1960-05-06,Nam,,"
ROW = "1,Nguyễn Văn Hùng,06/05/1960,Nam,009060012345,,,"
GOOD = f"{ROSTER}\n{ROW}\n"


def run(folder: Path, *, roster: bytes | str = GOOD, registry: bytes | str = f"{REGISTRY}\n{HUNG}\n") -> Result:
    for name, content in (("roster", roster), ("registry", registry)):
        (folder / f"{name}.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    return call(folder)


def call(folder: Path, *more: str, out: Path | None = None) -> Result:
    files = [f"--{name}={folder / name}.csv" for name in ("roster", "registry")]
    return CliRunner().invoke(match, [*files, f"--out={out or folder / 'out.csv'}", *more])


@pytest.mark.parametrize(
    "roster",
    [
        GOOD.encode("utf-16"),
        GOOD.replace(",", "\t").encode("utf-16"),
        "\ufeff".encode("utf-16-be") + GOOD.encode("utf-16-be"),
        GOOD.replace("\n", "\r").encode(),
        f"\n\n{GOOD}".encode(),
        GOOD.replace(",", "|").encode(),
        GOOD.replace("row_id", '"row_id\n"').encode(),
    ],
)
def test_what_a_spreadsheet_may_write_is_read(tmp_path: Path, roster: bytes) -> None:
    result = run(tmp_path, roster=roster)
    assert result.exit_code == 0, result.output
    assert "1 match" in result.output


@pytest.mark.parametrize(
    ("roster", "said"),
    [
        (b"", "roster.csv: line 1: the file is empty"),
        ("\ufeff".encode(), "roster.csv: line 1: the file is empty"),
        (f"{ROW}\n", "roster.csv: line 1: expected a header with the columns row_id, ho_ten"),
        (GOOD.encode("utf-16")[:-1], "expected UTF-16 text as its first bytes say"),
        (GOOD.encode("utf-16-le"), "roster.csv: line 1: expected UTF-8 text, found a NUL byte"),
        (GOOD.encode("cp1258", "replace"), "line 2, column ho_ten: expected UTF-8 text, found the byte"),
        ("1,Nguyễn\n".join((f"{ROSTER}\n", "")).encode()[:-4], "line 2"),
        (f"{ROSTER}\n1,\0Lan,,,,,,\n", "line 2, column ho_ten: expected UTF-8 text, found a NUL byte"),
        (f"stt,{ROSTER}\n1,{ROW}\n2,{ROW},x\n", "line 3: expected 9 values as in the header, found 10"),
        (f"{ROSTER}\n{ROW}\n2,Lan\n", "line 3: expected 8 values as in the header, found 2"),
        (f'{ROSTER}\n{ROW}\n2,"Lan,,,,,,\n' + f"{ROW}\n" * 9, "line 3: expected the end of a quotation"),
        (f'{ROSTER}\n2,"Lan,,,,,,\n' + f"{ROW}\n" * 9_000, "line 2: expected the end of a quotation"),
        (f'{ROSTER}\n2,"Lan"x,,,,,,\n', "line 2: no well-formed CSV in the row that begins here"),
        (f"{ROSTER}\n1,{'x' * LONGEST_ROW},,,,,,\n", "line 2: expected a line end within 100,000 characters"),
        ("x" * (3 * LONGEST_ROW), "line 1: expected a line end within 100,000 characters"),
        (f"{ROSTER},HO_TEN \n{ROW},\n", "line 1, column ho_ten: the column stands there twice"),
    ],
)
def test_a_bad_roster_is_told_with_its_place(tmp_path: Path, roster: bytes | str, said: str) -> None:
    result = run(tmp_path, roster=roster)
    assert result.exit_code == 2
    assert said in result.output
    assert not (tmp_path / "out.csv").exists()


def test_up_to_twenty_faults_are_told_one_on_each_line(tmp_path: Path) -> None:
    lines = [f"00906001{at:04},LAN,{'năm mão' if at % 2 else '1960'},Nữ,," for at in range(100)]
    result = run(tmp_path, registry="\n".join((REGISTRY, *lines)))
    assert result.exit_code == 2
    told = result.output.splitlines()
    assert len(told) == MOST_FAULTS
    assert told[0] == ("registry.csv: line 3, column ngay_sinh: expected a date, YYYY-MM-DD or YYYY, found 'năm mão'")


def test_faults_before_the_damage_are_told_too(tmp_path: Path) -> None:
    result = run(tmp_path, roster=f"{ROSTER}\n1,Lan\n".encode() + b"2,\xff,,,,,,\n")
    assert [line.split(":")[1] for line in result.output.splitlines()] == [" line 2", " line 3, column ho_ten"]


def test_repeated_ids_are_told_by_line(tmp_path: Path) -> None:
    result = run(tmp_path, roster=f"{ROSTER}\n{ROW}\n2{ROW[1:]}\n{ROW}\n 1{ROW[1:]}\n")
    assert result.exit_code == 2
    assert result.output.splitlines() == [
        f"roster.csv: line {line}, column row_id: '1' stands on line 2 already" for line in (4, 5)
    ]


def test_a_number_of_the_registry_is_never_shown_in_a_fault(tmp_path: Path) -> None:
    result = run(tmp_path, registry=f"{REGISTRY}\n{HUNG}\n00906001234,LAN,1960,Nữ,,\n")
    assert "expected 12 digits, found 11" in result.output
    assert "00906001234" not in result.output


def test_a_registry_opened_in_another_code_page_is_refused(tmp_path: Path) -> None:
    result = run(tmp_path, registry=f"{REGISTRY}\n{HUNG}".encode().decode("cp1252", "replace"))
    assert result.exit_code == 2
    assert "line 2, column ho_ten: expected UTF-8 text" in result.output


def test_a_line_of_any_length_needs_no_memory(tmp_path: Path) -> None:
    huge = tmp_path / "roster.csv"
    with huge.open("wb") as target:
        target.write(f"{ROSTER}\n1,".encode())
        # A hole in the file: two gigabytes without a line end, and nothing on the disk.
        target.truncate(2 << 30)
    (tmp_path / "registry.csv").write_text(f"{REGISTRY}\n{HUNG}\n", encoding="utf-8")
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30));"
        "sys.argv = ['match', *sys.argv[1:]]; from cardqueue.verification.cli import match; match()"
    )
    files = [f"--{name}={tmp_path / name}.csv" for name in ("roster", "registry", "out")]
    ended = subprocess.run([sys.executable, "-c", code, *files], capture_output=True, text=True, check=False)
    assert ended.returncode == 2, ended.stderr
    assert "line 2: expected a line end within 100,000 characters" in ended.stderr


def test_a_pipe_is_read_and_written_like_a_file(tmp_path: Path) -> None:
    run(tmp_path)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(GOOD,), kwargs={"encoding": "utf-8"})
    writer.start()
    registry = f"--registry={tmp_path / 'registry.csv'}"
    result = CliRunner().invoke(match, [f"--roster={pipe}", registry, "--out=/dev/stdout"])
    writer.join()
    assert result.exit_code == 0, result.output
    assert Path("/dev/stdout").exists()


@pytest.mark.parametrize("out", ["missing/out.csv", "."])
def test_a_target_that_cannot_be_written_is_told_before_the_work(tmp_path: Path, out: str) -> None:
    (tmp_path / "roster.csv").write_text("no header")
    (tmp_path / "registry.csv").write_text("no header")
    result = call(tmp_path, out=tmp_path / out)
    assert result.exit_code == 2
    assert "header" not in result.output


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    run(tmp_path)
    (tmp_path / "out.csv").write_text("as it was")
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40, 40));"
        "sys.argv = ['match', *sys.argv[1:]]; from cardqueue.verification.cli import match; match()"
    )
    files = [f"--{name}={tmp_path / name}.csv" for name in ("roster", "registry", "out")]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(
        [sys.executable, "-c", code, *files], capture_output=True, text=True, check=False, env=environment
    )
    assert ended.returncode == 2, ended.stderr
    assert "Traceback" not in ended.stderr
    assert (tmp_path / "out.csv").read_text() == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "registry.csv", "roster.csv"]


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    run(tmp_path)
    (tmp_path / "roster.csv").unlink()
    (tmp_path / "roster.csv").mkdir()
    assert call(tmp_path).exit_code == 2
    (tmp_path / "roster.csv").rmdir()
    assert call(tmp_path).exit_code == 2


def test_a_server_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    run(tmp_path)
    result = call(tmp_path, "--database=postgresql://nobody:secret@127.0.0.1:1/none?connect_timeout=2")
    assert result.exit_code == 2
    assert "secret" not in result.output and len(result.output.splitlines()) == 1
    assert call(tmp_path, "--database=mysql://x").exit_code == 2


def test_parameters_of_a_file_are_checked(tmp_path: Path) -> None:
    run(tmp_path)
    (tmp_path / "p.json").write_text('{"name": {}}')
    result = call(tmp_path, f"--parameters={tmp_path / 'p.json'}")
    assert result.exit_code == 2 and "Traceback" not in result.output


PIECES = st.one_of(
    st.binary(max_size=30),
    st.sampled_from(
        [b'"', b",", b"\n", b"\r", b"\r\n", b";", b"\t", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"1,Lan,1960,Nam,,,,"]
    ),
    st.text(max_size=12).map(lambda text: text.encode("utf-8", "surrogatepass")),
)
BYTES = st.lists(PIECES, max_size=12).map(b"".join)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.sampled_from([b"", f"{ROSTER}\n".encode(), GOOD.encode()]), rest=BYTES, other=st.booleans())
def test_any_bytes_give_decisions_or_exit_code_2(tmp_path: Path, start: bytes, rest: bytes, other: bool) -> None:
    (tmp_path / "out.csv").unlink(missing_ok=True)
    begin = start.replace(ROSTER.encode(), REGISTRY.encode()) if other else start
    result = run(tmp_path, registry=begin + rest) if other else run(tmp_path, roster=begin + rest)
    assert result.exit_code in (0, 2), result.exception
    assert (tmp_path / "out.csv").exists() == (result.exit_code == 0)
    assert isinstance(result.exception, (SystemExit, type(None)))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(*[st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)] * 2), max_size=5))
def test_what_is_written_as_csv_is_read_as_it_was(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    path = tmp_path / "table.csv"
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    path.write_text("\n".join(("a,b", *quoted)), encoding="utf-8", newline="")
    expected = [row for row in rows if any(map(str.strip, row))]
    try:
        assert list(Table(path, ("a", "b"))) == expected
    except BadFile as bad:
        raise AssertionError(bad.faults) from bad
