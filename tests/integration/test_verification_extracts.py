"""Extracts of population records brought by the police: whole or not at all, whatever the file and whoever dies."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from cardqueue.core.audit import act_as
from cardqueue.core.database import table_of
from cardqueue.core.jobs import run_job
from cardqueue.core.models import AuditEntry
from cardqueue.lib.clock import now_at
from cardqueue.lib.spreadsheet import Table, write_xlsx
from cardqueue.verification import loading
from cardqueue.verification.models import ExtractState, HashedRecord, PopulationExtract, PopulationRecord
from cardqueue.verification.registries.keys import record_parts
from cardqueue.verification.services.extracts import (
    Chunk,
    begin_load,
    guess_reading,
    keep_upload,
    loader_of,
    open_upload,
    read_chunks,
    store_chunk,
)
from tests.factories.people import Town, make_town
from tests.factories.verification import HEADER, bring, compare_all, csv_of, lines_of

SignIn = Callable[[str], FlaskClient]


def a_line(number: int, **values: str) -> str:
    said = {
        "so_dinh_danh": f"003060{number:06d}",
        "ho_ten": "NGUYỄN VĂN MẪU",
        "ngay_sinh": "1960-02-14",
        "gioi_tinh": "Nam",
        "que_quan": "Bình Thuận",
        "so_cmnd_cu": "",
    }
    return ",".join((said | values).values())


def file_of(*lines: str, count: int = 0, header: str = HEADER) -> str:
    return "\n".join((header, *lines, *(a_line(900_000 + number) for number in range(count)))) + "\n"


@pytest.fixture
def town(session: Session) -> Town:
    """Town `a` with an extract of its twelve members in force; town `b` beside it."""
    make_town(session, "b")
    town = make_town(session, "a")
    bring(session, town, csv_of(*lines_of(town)))
    session.commit()
    return town


@pytest.fixture
def chief(sign_in: SignIn, town: Town) -> FlaskClient:
    return sign_in("a.station_chief")


def upload(client: FlaskClient, content: str | bytes, name: str = "dan_cu.csv") -> TestResponse:
    body = content.encode() if isinstance(content, str) else content
    return client.post("/verify/extracts", data={"file": (io.BytesIO(body), name)})


def in_force(session: Session) -> tuple[str, int]:
    session.rollback()
    session.expire_all()
    found = session.scalars(sa.select(PopulationExtract).where(PopulationExtract.is_in_force)).all()
    assert len(found) == 1
    extract = found[0]
    count = sa.select(sa.func.count(PopulationRecord.id))
    assert session.scalar(count.where(PopulationRecord.extract_id == extract.id)) == extract.record_count
    # Nothing half-imported lies beside it.
    assert session.scalar(count) == extract.record_count
    return extract.filename, extract.record_count


def begun(session: Session, town: Town, content: str, name: str = "moi.csv") -> PopulationExtract:
    """An upload whose columns are known and whose lines are still to be loaded."""
    act_as(session, "a.station_chief")
    extract = keep_upload(session, town.campaign, town.station.id, filename=name, content=content.encode(), at=now_at())
    reading = guess_reading(open_upload(extract))
    assert reading is not None
    begin_load(extract, reading.as_json())
    session.commit()
    return extract


def test_a_small_file_is_loaded_and_compared_within_the_request(
    chief: FlaskClient, session: Session, town: Town, sign_in: SignIn
) -> None:
    assert upload(chief, csv_of(*lines_of(town, m0=None)), "nho.csv").location == "/verify"
    assert "Đã nhập dữ liệu dân cư của 11 người và đối soát 12 đồng chí" in chief.get("/verify").text
    assert in_force(session) == ("nho.csv", 11)
    page = chief.get("/verify/extracts").text
    assert "Đang dùng tệp nho.csv: 11 người" in page
    # The one before it is listed still, with nothing left of what it held.
    assert "dan_cu.csv" in page and "Đã xóa" in page


def test_purging_asks_first_and_leaves_the_worklist(
    chief: FlaskClient, session: Session, town: Town, sign_in: SignIn
) -> None:
    compare_all(session, town)
    session.commit()
    path = f"/verify/extracts/{session.scalars(sa.select(PopulationExtract.id)).one()}/purge"
    session.rollback()
    assert "12 người" in chief.get(path).text
    assert in_force(session)[1] == 12
    session.rollback()
    assert chief.post(path).location == "/verify/extracts"
    assert "Đã xóa dữ liệu dân cư của 12 người" in chief.get("/verify/extracts").text
    assert chief.get(path).status_code == 404
    assert session.scalar(sa.select(sa.func.count(PopulationRecord.id))) == 0
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "verification.purge_extract")).one()
    assert entry.actor == "a.station_chief"
    assert sign_in("a.officer").get(f"/verify/{town.members[0].id}").status_code == 200


def test_a_large_file_is_loaded_beside_the_request_and_takes_over_when_it_is_whole(
    chief: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "LINES_AT_ONCE", 10)
    assert upload(chief, file_of(count=30), "lon.csv").location == "/verify/extracts"
    for thread in threading.enumerate():
        if thread.name.startswith("extract-"):
            thread.join()
    assert in_force(session) == ("lon.csv", 30)
    assert "Đang dùng tệp lon.csv: 30 người" in chief.get("/verify/extracts").text
    entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None and entry.after is not None
    assert (entry.action, entry.actor) == ("verification.import_extract", "a.station_chief")
    assert (entry.after["filename"], entry.after["records"]) == ("lon.csv", 30)


def test_a_load_that_died_shows_how_far_it_came_and_is_gone_on_with(
    app: Flask, chief: FlaskClient, session: Session, town: Town
) -> None:
    extract = begun(session, town, file_of(count=10))
    loader = loader_of(extract)
    chunk = next(iter(read_chunks(loader, lines=4)))
    assert store_chunk(session, extract.id, loader.table, chunk, after_line=0)
    session.commit()
    page = chief.get("/verify/extracts").text
    assert "Đang nạp tệp moi.csv" in page and "Đang dùng tệp dan_cu.csv: 12 người" in page
    path = f"/verify/extracts/{extract.id}/progress"
    answer = chief.get(path)
    assert "nạp 3 người" in answer.text and path in answer.text
    assert "HX-Redirect" not in answer.headers
    assert run_job(app, "verification.load_extracts") == 1
    answer = chief.get(path)
    assert answer.headers["HX-Redirect"] == "/verify/extracts" and path not in answer.text
    assert in_force(session) == ("moi.csv", 10)
    assert run_job(app, "verification.load_extracts") == 0


def test_of_two_who_load_the_same_file_the_slower_one_stops(session: Session, town: Town) -> None:
    extract = begun(session, town, file_of(count=8))

    def overtake(_chunk: Chunk) -> None:
        if session.info.setdefault("overtaken", 0) == 0:
            session.info["overtaken"] = 1
            assert loading.load(Session(session.get_bind()), extract.id)

    assert not loading.load(session, extract.id, lines=2, note=overtake)
    assert in_force(session) == ("moi.csv", 8)


def test_a_load_that_is_given_up_leaves_the_extract_in_force_alone(
    chief: FlaskClient, session: Session, town: Town
) -> None:
    extract = begun(session, town, file_of(count=8))
    path = f"/verify/extracts/{extract.id}/cancel"

    def give_up(_chunk: Chunk) -> None:
        assert "Bỏ tệp đang nạp?" in chief.get(path).text
        assert chief.post(path).location == "/verify/extracts"

    assert not loading.load(session, extract.id, lines=3, note=give_up)
    assert in_force(session) == ("dan_cu.csv", 12)
    assert chief.get(path).status_code == 404


def test_faults_found_in_the_background_are_shown_masked_with_the_count_of_the_rest(
    app: Flask, chief: FlaskClient, session: Session, town: Town
) -> None:
    bad = [
        a_line(number, so_dinh_danh=f"00306{number:06d}", ho_ten="TRẦN THỊ BƯỞI") for number in range(100_000, 100_030)
    ]
    extract = begun(session, town, file_of(*(a_line(number) for number in range(6)), *bad))
    with pytest.raises(Exception, match="EXTRACT_HAS_FAULTS"):
        loading.load(session, extract.id, lines=3)
    assert in_force(session) == ("dan_cu.csv", 12)
    page = chief.get("/verify/extracts").text
    assert "Chưa nạp được tệp moi.csv" in page
    assert "Dòng 8, cột A – Số định danh" in page and "Cần đúng 12 chữ số" in page
    assert page.count("00*******") == 20 and "và 10 chỗ nữa" in page
    assert "BƯỞI" not in page and "00306100000" not in page
    failed = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "verification.fail_extract")).one()
    assert failed.after == {"filename": "moi.csv", "faults": 30}
    # The next file clears it away.
    upload(chief, file_of(count=2))
    assert in_force(session) == ("dan_cu.csv", 2)
    assert "Chưa nạp được" not in chief.get("/verify/extracts").text


def xlsx(*rows: tuple[object, ...]) -> bytes:
    target = io.BytesIO()
    write_xlsx(target, [Table("Dân cư", HEADER.split(","), rows)])  # type: ignore[arg-type]
    return target.getvalue()


def cut_zip() -> bytes:
    return xlsx(*[tuple(a_line(number).split(",")) for number in range(50)])[:-200]


TYPED_FOR_AN_OLD_FONT = file_of(
    a_line(1, ho_ten="TrÇn ThÞ B\u00adëi", que_quan="HuÕ"), a_line(2, ho_ten="Lª §øc ¦íc", que_quan="HuÕ")
)
VIETNAMESE = file_of(a_line(1, ho_ten="TRẦN THỊ BƯỞI"), a_line(2, ho_ten="Lê Đức Ước"))


@pytest.mark.parametrize(
    "content",
    [
        VIETNAMESE.encode("utf-8-sig"),
        VIETNAMESE.encode("utf-16"),
        VIETNAMESE.replace(",", "\t").encode("utf-16-le"),
        ("sep=;\n" + VIETNAMESE.replace(",", ";")).encode(),
        TYPED_FOR_AN_OLD_FONT.encode("cp1252"),
        xlsx(
            ("3060000001", "Trần Thị Bưởi", "14/02/1960", "Nam", "", ""),
            (3060000002, "Lê Đức Ước", 1960, "Nam", "", 190000123),
        ),
    ],
    ids=["utf8-mark", "utf16", "utf16-tabs", "sep-line", "tcvn3", "xlsx"],
)
def test_a_file_in_any_usual_encoding_is_understood(chief: FlaskClient, session: Session, content: bytes) -> None:
    assert upload(chief, content).location == "/verify"
    assert in_force(session)[1] == 2
    people = [record_parts(person) for person in session.scalars(sa.select(PopulationRecord.person))]
    assert {number for number, *_ in people} == {"003060000001", "003060000002"}
    assert {name.lower() for _, name, *_ in people} == {"trần thị bưởi", "lê đức ước"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Tệp không có nội dung"),
        (b"<html><table><tr><td>so_dinh_danh</td></tr></table></html>", "Tệp là trang web"),
        (cut_zip(), "Tệp bị hỏng hoặc bị cắt"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 40, "Tệp có mật khẩu"),
        (file_of(), "Không có dòng dữ liệu nào"),
        (file_of(a_line(1), a_line(2)[:-20]), "Dòng có 3 ô, tiêu đề có 6 ô"),
        (file_of(a_line(1)).encode() + b"0030600\xff0002,A\n", "Có ký tự hỏng"),
        (file_of(a_line(1, ho_ten="NGUY?N V?N M?U")), "Chữ có dấu đã mất"),
        (file_of(a_line(1)) + "x" * 100_001, "mất dấu xuống dòng"),
        ("x" * 100_001, "mất dấu xuống dòng"),
        (file_of(f"{a_line(1)},1975", header=f"{HEADER},Ngày vào Đảng"), "đây là danh sách đảng viên"),
        (file_of(a_line(1)) + '"' + file_of(count=5), "Dấu ngoặc kép mở ở dòng này"),
        (file_of(a_line(1, ngay_sinh="02/25/1960")), "Tháng đứng trước ngày"),
        (file_of(*(f"x,{a_line(number)}" for number in range(9)), header=f"{HEADER},g"), "các cột bị lệch"),
        (file_of(a_line(1, gioi_tinh="")), "Ô để trống"),
    ],
)  # fmt: skip
def test_a_bad_file_says_where_and_what_to_do_and_changes_nothing(
    chief: FlaskClient, session: Session, content: str | bytes, words: str
) -> None:
    answer = upload(chief, content)
    assert answer.status_code == 422
    assert words in answer.text
    assert in_force(session) == ("dan_cu.csv", 12)
    assert session.scalar(sa.select(sa.func.count(PopulationExtract.id))) == 1


def test_lines_that_say_the_same_are_kept_once_and_two_people_with_one_number_both(
    chief: FlaskClient, session: Session
) -> None:
    upload(chief, file_of(a_line(1), a_line(2), a_line(1), a_line(2, ho_ten="LÊ THỊ KHÁC"), a_line(1, que_quan="Huế")))
    assert in_force(session) == ("dan_cu.csv", 4)


def test_more_than_ten_megabytes_may_be_sent_here_and_here_alone(
    chief: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    header = f"{HEADER},ghi_chu"
    content = file_of(*(f"{a_line(number)},{'x' * 20_000}" for number in range(600)), header=header)
    assert len(content) > 11 * 1024 * 1024
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="lon.csv"\r\n\r\n'
    body, kind = head + content.encode() + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"
    assert chief.post("/verify/extracts", data=body, content_type=kind).location == "/verify"
    assert in_force(session) == ("lon.csv", 600)
    roster = sign_in("a.committee").post("/roster/imports/new", data=body, content_type=kind)
    assert roster.status_code == 413


def test_optional_columns_are_named_or_left_out_by_a_person(chief: FlaskClient, session: Session) -> None:
    columns = upload(
        chief, file_of(a_line(1, so_cmnd_cu="190000123"), header="ma,ho_ten,ngay_sinh,gioi_tinh,a,b")
    ).location
    page = chief.get("/verify/extracts").text
    assert "đang chờ ghép cột" in page and columns in page
    # The number is known by its twelve digits, whatever its title.
    assert '<option value="0" selected>A – ma – 0030******01' in chief.get(columns).text
    said = {"header_row": "1", "citizen_id": "0", "full_name": "1", "birth_on": "2", "sex": "3", "hometown": "-1"}
    assert "Cột này đã chọn cho mục khác" in chief.post(columns, data={**said, "old_number": "3"}).text
    assert chief.post(columns, data={**said, "old_number": "5"}).location == "/verify"
    assert record_parts(session.scalars(sa.select(PopulationRecord.person)).one())[2:] == ("", "190000123")
    assert chief.get(columns).status_code == 404


def test_the_records_of_a_closed_campaign_are_gone_from_the_file_itself(
    app: Flask, session: Session, town: Town, database_url: str
) -> None:
    compare_all(session, town)
    hashed = PopulationExtract(
        campaign_id=town.campaign.id,
        station_id=session.scalars(sa.select(PopulationExtract.station_id)).one(),
        filename="bam.cqh",
        registry_name="hashes",
        state=ExtractState.LOADING,
        imported_by="a.station_chief",
        imported_at=now_at(),
    )
    session.add(hashed)
    session.flush()
    keys = {
        column.name: 0x0123_4567_89AB_CDE0 + place
        for place, column in enumerate(table_of(HashedRecord).columns)
        if column.name.endswith("_key")
    }
    session.add(HashedRecord(extract_id=hashed.id, **keys))
    town.campaign.closed_at = now_at()
    session.commit()
    ciphers = session.scalars(sa.select(sa.type_coerce(PopulationRecord.person, sa.LargeBinary))).all()
    numbers = session.scalars(sa.select(PopulationRecord.number_key)).all()
    traces = [*ciphers, *(number.to_bytes(8) for number in (*numbers, *keys.values()))]
    assert len(traces) > 24 and all(isinstance(trace, bytes) for trace in traces)
    session.close()
    if database_url.startswith("sqlite"):
        assert all(trace in stored_bytes(database_url) for trace in traces)
    assert run_job(app, "verification.purge_leftovers") == 2
    for table in (PopulationRecord, HashedRecord):
        assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
    purged = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "verification.purge_extract")).one()
    assert purged.actor == "job:verification.purge_leftovers" and purged.before is not None
    assert purged.before["records"] == 12
    if database_url.startswith("sqlite"):
        left = stored_bytes(database_url)
        assert not [trace for trace in traces if trace in left]


def stored_bytes(database_url: str) -> bytes:
    """All that SQLite keeps of a database: the file and its log."""
    file = Path(str(make_url(database_url).database))
    return b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))
