"""The hash-only hand-over on the police's machine: keys, hashes, the file, the commands."""

from __future__ import annotations

import hmac
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cardqueue.verification.engine.names import name_key, record_keys
from cardqueue.verification.engine.places import read_place
from cardqueue.verification.engine.shapes import Place
from cardqueue.verification.handover import files as handover_files
from cardqueue.verification.handover.files import BadHandover, Handover, HandoverFault, is_handover
from cardqueue.verification.handover.hashing import (
    HandoverKey,
    HashedFields,
    KeyFault,
    UnreadableKey,
    new_key,
    read_key,
)
from cardqueue.verification.registry_cli import registry

KEY = HandoverKey(b"k" * 32, "Đợt tháng 8")
HEADER = "so_dinh_danh,ho_ten,ngay_sinh,gioi_tinh,que_quan,so_cmnd_cu"
LINES = (
    '003055000001,NGUYỄN VĂN MẪU,1955-02-01,Nam,"Xã Thử, Tỉnh Thử",260000001',
    "003155000002,TRẦN THỊ HOÀ,1955-02-01,Nữ,,",
    "003060000003,LÊ VĂN MẪU,1960,Nam,,",
)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(registry, [str(argument) for argument in arguments])


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "key.txt"
    path.write_text(KEY.text(), encoding="utf-8")
    return path


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "extract.csv"
    path.write_text("\n".join((HEADER, *LINES)), encoding="utf-8")
    return path


@pytest.fixture
def handed_over(tmp_path: Path, key_file: Path, extract: Path) -> Path:
    path = tmp_path / "out.cqh"
    answer = run("hash", extract, "--key", key_file, "--out", path)
    assert answer.exit_code == 0, answer.output
    return path


def hashed(line: str) -> HashedFields:
    number, name, birth = line.split(",")[:3]
    year, _, rest = birth.partition("-")
    born = int(year) * 10_000 + int(rest.replace("-", "") or 0)
    sex = 2 if ",Nữ," in line else 1
    place = read_place("Xã Thử, Tỉnh Thử") if "Xã Thử" in line else Place()
    old = 260000001 if "260000001" in line else None
    return KEY.record(int(number), old, record_keys(name)[0], born, sex, place)


def test_a_hash_is_the_first_63_bits_of_hmac_sha_256_with_its_kind_in_front() -> None:
    said = hmac.digest(b"k" * 32, b"cardqueue hand-over 1 number\n3055000001", "sha256")
    assert KEY.number(3055000001) == int.from_bytes(said[:8]) >> 1


def test_what_is_handed_over_of_a_person_and_nothing_of_a_name_or_a_date_alone() -> None:
    row = KEY.record(3055000001, 260000001, "nguyen4 van mau4", 19550201, 1, Place(1, 2, 3))
    folded = name_key(("nguyen4", "van", "mau4"))
    assert row.number_key == KEY.hashed("number", "3055000001")
    assert row.old_key == KEY.hashed("old", "260000001")
    assert row.name_date_key == KEY.hashed("name and date", f"{folded}\t19550201")
    assert row.bound_folded_name_key == KEY.hashed("folded name", f"3055000001\t{folded}")
    assert row.bound_date_key == KEY.hashed("date", "3055000001\t19550201")
    assert row.bound_year_key == KEY.hashed("year", "3055000001\t1955")
    assert row.bound_sex_key == KEY.hashed("sex", "3055000001\t1")
    # Two people of one birthday, or of one name, have nothing in common.
    born_with = KEY.record(3055000002, None, "tran2 an", 19550201, 1, Place(1, 2, 3))
    namesake = KEY.record(3056000003, None, "nguyen4 van mau4", 19560301, 1, Place(1, 2, 3))
    assert not (set(row) & set(born_with)) and not (set(row) & set(namesake))


def test_both_machines_read_a_name_alike() -> None:
    """A change here makes every hand-over under way unreadable: raise FORMAT_VERSION with it."""
    read = [record_keys(name) for name in ("NGUYỄN THỊ THUÝ", "ĐẶNG VĂN HOÀ", "H'HEN NIÊ", "LÝ QUÝ MỸ")]
    assert [(words, folded) for words, folded, _ in read] == [
        ("nguyên3 thi5 thuy4", 8711025075888296737),
        ("đăng5 văn0 hoa1", -337736272993357426),
        ("hhen0 niê0", 5314620918256792595),
        ("ly4 quy4 my3", -7835686515133472698),
    ]


def test_a_person_without_a_birth_date_cannot_be_found_by_the_name_alone() -> None:
    one, other = (KEY.record(number, None, "nguyen4 van mau4", 0, 1, Place()) for number in (3055000001, 3055000002))
    assert one.name_date_key != other.name_date_key
    assert one.person_key != other.person_key


def test_a_key_is_read_from_its_file_or_from_its_last_line_alone() -> None:
    assert read_key(KEY.text()).secret == KEY.secret
    assert read_key(KEY.text()).campaign == "Đợt tháng 8"
    assert read_key(KEY.text().splitlines()[-1].partition(": ")[2]).fingerprint == KEY.fingerprint


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("  \n", KeyFault.EMPTY),
        ("cardqueue hand-over 1", KeyFault.NOT_A_KEY),
        ("key: c2hvcnQ=", KeyFault.NOT_A_KEY),
        (KEY.text().replace(KEY.fingerprint, new_key().fingerprint), KeyFault.MISTYPED),
    ],
)
def test_what_is_no_key_is_named(text: str, fault: KeyFault) -> None:
    with pytest.raises(UnreadableKey) as raised:
        read_key(text)
    assert raised.value.fault is fault


def test_new_key_writes_a_private_file_once(tmp_path: Path) -> None:
    path = tmp_path / "key.txt"
    answer = run("new-key", "--out", path, "--campaign", "Đợt thử")
    key = read_key(path.read_text(encoding="utf-8"))
    assert key.fingerprint in answer.output and answer.exit_code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = run("new-key", "--out", path)
    assert again.exit_code == 1 and "never overwritten" in again.output
    assert read_key(path.read_text(encoding="utf-8")).secret == key.secret


def test_the_hand_over_holds_hashes_in_an_order_of_their_own(handed_over: Path) -> None:
    found = Handover(handed_over)
    found.check(KEY)
    assert found.header.people == 3
    assert found.header.campaign == "Đợt tháng 8"
    rows = list(found.rows())
    assert rows == sorted(map(hashed, LINES))
    assert list(found.rows(after=2)) == rows[2:]
    content = handed_over.read_text(encoding="utf-8")
    assert KEY.fingerprint in content and KEY.text().splitlines()[-1] not in content
    for said in ("003055000001", "260000001", "MẪU", "1955-02-01"):
        assert said not in content
    assert is_handover(handed_over)


def test_more_people_than_stand_in_memory_come_out_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, handed_over: Path
) -> None:
    monkeypatch.setattr(handover_files, "_RUN", 2)
    path = tmp_path / "merged.cqh"
    rows = [hashed(line) for line in (*LINES, LINES[0])]
    count = handover_files.write_handover(path, KEY, rows, made_on="2030-08-01", note=lambda _count: None)
    assert count == 3
    assert list(Handover(path).rows()) == list(Handover(handed_over).rows())


def fault_of(content: bytes, key: HandoverKey = KEY) -> HandoverFault:
    with pytest.raises(BadHandover) as raised:
        Handover(content).check(key)
    return raised.value.fault


def test_a_hand_over_that_was_cut_damaged_or_made_under_another_key_is_noticed(handed_over: Path) -> None:
    content = handed_over.read_bytes()
    lines = content.splitlines(keepends=True)
    assert fault_of(b"") is HandoverFault.OTHER_FILE
    assert fault_of(b"so_dinh_danh,ho_ten\n") is HandoverFault.OTHER_FILE
    assert fault_of(b"cardqueue hand-over 2\n" + b"".join(lines[1:])) is HandoverFault.OTHER_VERSION
    assert fault_of(content[:10]) is HandoverFault.CUT
    assert fault_of(b"".join(lines[:3])) is HandoverFault.CUT
    assert fault_of(b"".join(lines[:-1])) is HandoverFault.CUT
    assert fault_of(content[:-1]) is HandoverFault.CUT
    assert fault_of(content.replace(b"\n", b"\r\n")) is HandoverFault.DAMAGED
    assert fault_of(b"".join([*lines[:5], lines[6], lines[5], *lines[7:]])) is HandoverFault.DAMAGED
    assert fault_of(content, new_key()) is HandoverFault.OTHER_KEY
    with pytest.raises(BadHandover) as raised:
        Handover(b"".join(lines[:6]))
    assert (raised.value.expected, raised.value.found) == (3, 1)


def test_a_bad_extract_is_told_by_line_and_column_and_leaves_the_former_hand_over(
    tmp_path: Path, key_file: Path, extract: Path, handed_over: Path
) -> None:
    before = handed_over.read_bytes()
    extract.write_text("\n".join((HEADER, LINES[0], "12,TRẦN AN,1950-13-45,Nam,,")), encoding="utf-8")
    answer = run("hash", extract, "--key", key_file, "--out", handed_over)
    assert answer.exit_code == 2
    assert "line 3" in answer.output and "so_dinh_danh" in answer.output
    assert handed_over.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["extract.csv", "key.txt", "out.cqh"]


def test_the_key_is_never_written_over_and_a_damaged_one_is_told(tmp_path: Path, key_file: Path, extract: Path) -> None:
    assert run("hash", extract, "--key", key_file, "--out", key_file).exit_code == 2
    assert read_key(key_file.read_text(encoding="utf-8")).secret == KEY.secret
    key_file.write_text("nothing", encoding="utf-8")
    answer = run("hash", extract, "--key", key_file, "--out", tmp_path / "out.cqh")
    assert answer.exit_code == 1 and "32 bytes in base64" in answer.output


def test_the_police_s_machine_needs_neither_flask_nor_a_database(tmp_path: Path, key_file: Path, extract: Path) -> None:
    asked = (
        "import sys; from click.testing import CliRunner; from cardqueue.__main__ import main;"
        "answer = CliRunner().invoke(main, sys.argv[1:]); assert answer.exit_code == 0, answer.output;"
        "print([name for name in ('flask', 'sqlalchemy', 'cardqueue.app') if name in sys.modules])"
    )
    arguments = ["registry", "hash", str(extract), "--key", str(key_file), "--out", str(tmp_path / "out.cqh")]
    answer = subprocess.run(
        [sys.executable, "-c", asked, *arguments], capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert answer.stdout.strip() == "[]"
