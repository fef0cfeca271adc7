"""A hash-only hand-over on the committee's server: key, file, comparing, destroying; on both databases."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.__main__ import main
from cardqueue.core.audit import act_as
from cardqueue.core.jobs import run_job
from cardqueue.core.models import AuditEntry
from cardqueue.lib.clock import now_at
from cardqueue.roster.models import Member, Sex
from cardqueue.verification import loading
from cardqueue.verification.engine.names import record_keys
from cardqueue.verification.engine.places import read_place
from cardqueue.verification.handover.files import write_handover
from cardqueue.verification.handover.hashing import HandoverKey, HashedFields
from cardqueue.verification.models import Check, CheckStatus, ExtractState, HashedRecord, PopulationExtract
from cardqueue.verification.registries import key_files
from cardqueue.verification.services import handovers
from cardqueue.verification.services.extracts import load_at_once
from tests.databases import settings_for
from tests.factories.people import Town, citizen_id, make_case, make_member, make_town
from tests.factories.verification import compare_all

KEY = HandoverKey(b"k" * 32, "Đợt tháng 8")
OTHER_KEY = HandoverKey(b"o" * 32)


@pytest.fixture
def town(session: Session) -> Town:
    return make_town(session)


def hashed(
    number: str | None, name: str, birth: str | None, sex: str | None, *, old: int | None = None
) -> HashedFields:
    """A record of the police, as it is handed over."""
    born = int((birth or "").replace("-", "").ljust(8, "0"))
    sex_number = 2 if sex == "female" else 1
    words, *_ = record_keys(name.upper())
    return KEY.record(int(number or 0), old, words, born, sex_number, read_place("Xã Thử, Tỉnh Thử"))


def other_number(member: Member, serial: int) -> str:
    """A number with another serial and the sex and year of a member."""
    return citizen_id(serial, sex=Sex(member.sex or ""), year=member.birth_year or 0)


def hand_over(folder: Path, *rows: HashedFields, key: HandoverKey = KEY) -> bytes:
    path = folder / "handover.cqh"
    write_handover(path, key, rows, made_on="2030-08-01", note=lambda _count: None)
    return path.read_bytes()


def rows_of(town: Town, *, but: int = -1) -> list[HashedFields]:
    return [
        hashed(member.citizen_id, member.full_name, member.birth_on, member.sex)
        for at, member in enumerate(town.members)
        if at != but
    ]


def bring(session: Session, town: Town, content: bytes) -> PopulationExtract:
    act_as(session, "a.station_chief")
    handovers.keep_key(session, town.campaign, KEY)
    extract, loader = handovers.bring_handover(
        session, town.campaign, town.station.id, filename="bangiao.cqh", content=content, at=now_at()
    )
    load_at_once(session, extract, loader, now_at())
    session.commit()
    return extract


def check_of(session: Session, member_id: int) -> Check:
    session.expire_all()
    return session.scalars(sa.select(Check).where(Check.member_id == member_id)).one()


def test_members_who_agree_are_right_and_whoever_is_not_handed_over_is_not_found(
    session: Session, town: Town, tmp_path: Path
) -> None:
    bring(session, town, hand_over(tmp_path, *rows_of(town, but=0)))
    done = compare_all(session, town)
    assert done.by_status == {CheckStatus.MATCH: len(town.members) - 1, CheckStatus.NOT_FOUND: 1}


def test_what_differs_is_named_and_no_value_is_known(session: Session, town: Town, tmp_path: Path) -> None:
    a, b, c, d, e, f = town.members[:6]
    right = [member.id for member in (a, b, c, d, e, f)]
    rows = [
        hashed(other_number(a, 71), a.full_name, a.birth_on, a.sex),
        hashed(b.citizen_id, b.full_name, f"{b.birth_year}-03-14", b.sex),
        hashed(c.citizen_id, "Nguyễn Văn Mậu " + c.full_name.split()[-1], c.birth_on, c.sex),
        hashed(d.citizen_id, "Trần Thị Khác Hẳn", d.birth_on, d.sex),
        hashed(citizen_id(75, year=1990), e.full_name, e.birth_on, e.sex, old=260000005),
        hashed(f.citizen_id, f.full_name, f.birth_on, "female" if f.sex == "male" else "male"),
    ]
    a.citizen_id = other_number(a, 11)
    e.citizen_id, e.old_id = None, "260000005"
    session.flush()
    bring(session, town, hand_over(tmp_path, *rows))
    compare_all(session, town)
    checks = {member_id: check_of(session, member_id) for member_id in right}
    said = {member_id: (check.status, check.differences) for member_id, check in checks.items()}
    assert said[a.id] == (CheckStatus.MISMATCH, {"citizen_id": "near"})
    assert said[b.id] == (CheckStatus.MISMATCH, {"birth_on": "one_part"})
    assert said[c.id] == (CheckStatus.MISMATCH, {"full_name": "marks"})
    assert said[d.id][0] == CheckStatus.AMBIGUOUS, "another name is for the officer"
    assert said[e.id] == (CheckStatus.MISSING, {"citizen_id": "old"})
    assert said[f.id] == (CheckStatus.MISMATCH, {"sex": "differs"})


def test_somebody_listed_twice_once_without_a_number_is_one_person(
    session: Session, town: Town, tmp_path: Path
) -> None:
    first = town.members[0]
    again = make_member(session, town.cells[0], 999, first.full_name, sex=first.sex, citizen_id=None)
    again.birth_on, again.birth_year = first.birth_on, first.birth_year
    make_case(session, town.campaign, again)
    bring(session, town, hand_over(tmp_path, *rows_of(town)))
    compare_all(session, town)
    assert check_of(session, first.id).status == CheckStatus.MATCH
    assert check_of(session, again.id).status == CheckStatus.DUPLICATE
    assert check_of(session, again.id).duplicate_of_id == first.id


def test_a_member_whose_name_and_birthday_a_stranger_shares_is_never_tied_to_the_number(
    session: Session, town: Town, tmp_path: Path
) -> None:
    first = town.members[0]
    stranger = hashed(other_number(first, 888), first.full_name, first.birth_on, first.sex)
    bring(session, town, hand_over(tmp_path, stranger, *rows_of(town, but=0)))
    compare_all(session, town)
    check = check_of(session, first.id)
    assert check.status in (CheckStatus.AMBIGUOUS, CheckStatus.NOT_FOUND)
    assert check.record_hash is None


def test_without_the_key_nothing_is_taken_and_nothing_is_compared(session: Session, town: Town, tmp_path: Path) -> None:
    content = hand_over(tmp_path, *rows_of(town))
    with pytest.raises(key_files.KeyAbsent):
        handovers.bring_handover(
            session, town.campaign, town.station.id, filename="b.cqh", content=content, at=now_at()
        )
    bring(session, town, content)
    key_files.destroy_keys(town.campaign.id)
    with pytest.raises(key_files.KeyAbsent):
        compare_all(session, town)


def test_the_campaign_s_end_destroys_keys_and_hashes_and_says_so(
    app: Flask, session: Session, town: Town, tmp_path: Path, database_kind: str
) -> None:
    rows = rows_of(town)
    extract = bring(session, town, hand_over(tmp_path, *rows))
    run_job(app, "verification.destroy_keys")
    assert key_files.list_fingerprints(town.campaign.id) == [KEY.fingerprint], "the campaign goes on"
    town.campaign.closed_at = now_at()
    session.commit()
    assert run_job(app, "verification.destroy_keys") == 1
    assert run_job(app, "verification.destroy_keys") == 0
    assert list(key_files.key_folder().iterdir()) == []
    session.expire_all()
    assert session.scalar(sa.select(sa.func.count()).select_from(HashedRecord)) == 0
    assert session.get_one(PopulationExtract, extract.id).state == ExtractState.PURGED
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "verification.destroy_key")).one()
    assert entry.before == {"fingerprints": [KEY.fingerprint], "records": len(rows)}
    if database_kind == "sqlite":
        path = Path(str(session.get_bind().engine.url.database))
        session.rollback()
        files = b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))
        assert KEY.secret not in files
        assert rows[0].number_key.to_bytes(8) not in files


def test_the_key_stands_in_no_table(session: Session, town: Town, tmp_path: Path) -> None:
    bring(session, town, hand_over(tmp_path, *rows_of(town)))
    said = KEY.text().splitlines()[-1].partition(": ")[2]
    for table in sa.inspect(session.get_bind()).get_table_names():
        for row in session.execute(sa.text(f'SELECT * FROM "{table}"')):  # noqa: S608
            assert said not in str(row), table
    (path,) = key_files.key_folder().iterdir()
    assert path.stat().st_mode & 0o077 == 0


def upload(content: bytes) -> dict[str, object]:
    return {"file": (io.BytesIO(content), "bangiao.cqh")}


def test_the_chief_brings_the_key_once_and_then_the_file(
    session: Session, town: Town, sign_in: Callable[[str], FlaskClient], tmp_path: Path
) -> None:
    chief = sign_in("a.station_chief")
    content = hand_over(tmp_path, *rows_of(town))
    assert "nhập khóa trước" in chief.get("/verify/handover").text
    refused = chief.post("/verify/handover", data=upload(content))
    assert refused.status_code == 422 and KEY.fingerprint in refused.text
    broken = chief.post("/verify/handover/key", data={"text": KEY.text().replace("key: a2", "key: b2")})
    assert broken.status_code == 422 and "không khớp dấu nhận biết" in broken.text
    assert chief.post("/verify/handover/key", data={"text": ""}).status_code == 422
    kept = chief.post("/verify/handover/key", data={"text": KEY.text()}, follow_redirects=True)
    assert KEY.fingerprint in kept.text and "a2tr" not in kept.text, "the key is never shown again"
    cut = chief.post("/verify/handover", data=upload(content[:-200]))
    assert cut.status_code == 422 and "bị cắt" in cut.text
    assert session.scalar(sa.select(sa.func.count()).select_from(PopulationExtract)) == 0
    done = chief.post("/verify/handover", data=upload(content), follow_redirects=True)
    assert done.status_code == 200 and f"đối soát {len(town.members)}" in done.text
    page = chief.get(f"/verify/{town.members[0].id}").text
    assert town.members[0].full_name in page


def test_a_file_under_another_key_is_refused_in_words(
    town: Town, sign_in: Callable[[str], FlaskClient], tmp_path: Path
) -> None:
    chief = sign_in("a.station_chief")
    key_file = {"key_file": (io.BytesIO(KEY.text().encode()), "khoa.txt")}
    assert chief.post("/verify/handover/key", data=key_file).status_code == 302
    content = hand_over(tmp_path, *rows_of(town), key=OTHER_KEY)
    answer = chief.post("/verify/handover", data=upload(content))
    assert answer.status_code == 422 and OTHER_KEY.fingerprint in answer.text
    damaged = hand_over(tmp_path, *rows_of(town)).replace(b"2030-08-01", b"2030-08-02")
    answer = chief.post("/verify/handover", data=upload(damaged))
    assert answer.status_code == 422 and "bị sửa" in answer.text


def test_a_large_hand_over_goes_on_from_where_it_stopped(session: Session, town: Town, tmp_path: Path) -> None:
    content = hand_over(tmp_path, *rows_of(town))
    handovers.keep_key(session, town.campaign, KEY)
    act_as(session, "a.station_chief")
    extract, _ = handovers.bring_handover(
        session, town.campaign, town.station.id, filename="b.cqh", content=content, at=now_at()
    )
    session.commit()

    class Stop(Exception):
        pass

    def stop(_chunk: object) -> None:
        raise Stop

    with pytest.raises(Stop):
        loading.load(session, extract.id, lines=4, note=stop)
    # A new process knows only what is stored.
    session.expire_all()
    assert loading.load(session, extract.id, lines=4)
    keys = session.scalars(sa.select(HashedRecord.number_key).where(HashedRecord.extract_id == extract.id)).all()
    assert sorted(keys) == sorted(row.number_key for row in rows_of(town))


@pytest.fixture
def environment(app: Flask, database_url: str, tmp_path: Path) -> dict[str, str]:
    """The settings of the test installation, as a command reads them."""
    settings = settings_for(database_url, tmp_path)
    return {
        "CARDQUEUE_SECRET_KEY": settings.secret_key,
        "CARDQUEUE_DATA_KEYS": base64.b64encode(settings.data_keys[0]).decode(),
        "CARDQUEUE_LOOKUP_KEY": base64.b64encode(settings.lookup_key).decode(),
        "CARDQUEUE_DATA_DIR": str(tmp_path),
        "CARDQUEUE_HANDOVER_KEYS": str(tmp_path / "elsewhere"),
        "DATABASE_URL": database_url,
    }


# What a command says of a file does not depend on the database.
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_the_administrator_brings_key_and_file_by_command_and_destroys_both(
    session: Session, town: Town, environment: dict[str, str], tmp_path: Path
) -> None:
    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["registry", *arguments], env=environment)

    hand_over(tmp_path, *rows_of(town))
    path, campaign = tmp_path / "handover.cqh", ("--campaign", str(town.campaign.id))
    key_file = tmp_path / "key.txt"
    key_file.write_text(KEY.text(), encoding="utf-8")
    bring_it = ("import", str(path), "--station", town.station.name, *campaign)
    without_key = run(*bring_it)
    assert without_key.exit_code == 1 and f"does not have the key {KEY.fingerprint}" in without_key.output
    kept = run("keep-key", str(key_file), *campaign)
    assert kept.exit_code == 0 and "Delete" in kept.output, kept.output
    assert [one.suffix for one in (tmp_path / "elsewhere").iterdir()] == [".key"]
    whole = path.read_bytes()
    path.write_bytes(whole[:-500])
    cut = run(*bring_it)
    assert cut.exit_code == 1 and "of 12 people are there" in cut.output
    path.write_bytes(whole)
    done = run(*bring_it)
    assert done.exit_code == 0 and "12 people in force" in done.output, done.output
    destroyed = run("destroy-key", *campaign, "--yes")
    assert "Destroyed 1 keys and 12 hashed records." in destroyed.output, destroyed.output
    assert session.scalar(sa.select(sa.func.count()).select_from(HashedRecord)) == 0
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_hand_over_among_the_extracts_is_shown_its_way(
    town: Town, sign_in: Callable[[str], FlaskClient], tmp_path: Path
) -> None:
    chief = sign_in("a.station_chief")
    answer = chief.post("/verify/extracts", data=upload(hand_over(tmp_path, *rows_of(town))))
    assert answer.status_code == 422 and "trang Bàn giao mã băm" in answer.text
    assert "/verify/handover" in answer.text
