"""Organisation and campaign: units, committees, stations, campaigns, opening windows, and the ledger that follows."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.cases.models import Case
from cardqueue.core.errors import Refused
from cardqueue.core.jobs import run_job
from cardqueue.core.models import AuditEntry
from cardqueue.lib.clock import now_at
from cardqueue.lib.names import search_key
from cardqueue.organisation import services
from cardqueue.organisation.models import Campaign, Cell, Committee, Commune, Line, Province, Station
from tests.factories.organisation import look_again, windows_url
from tests.factories.people import CAMPAIGN_DAY, Town, make_town

SignIn = Callable[[str], FlaskClient]

CAMPAIGN = {
    "name": "Đợt thử",
    "kind": "exchange",
    "province_code": "68",
    "starts_on": "09/08/2030",
    "deadline_on": "14/8/2030",
    "minutes_per_member": "4,5",
    "early_minutes": "30",
    "late_minutes": "15",
    "slip_title": "GIẤY HẸN",
    "legal_basis": "Kế hoạch số 1\nKế hoạch số 2",
}


@pytest.fixture
def town(session: Session) -> Town:
    """A commune with everything."""
    return make_town(session, "a")


@pytest.fixture
def other(session: Session) -> Town:
    """Another commune that shares nothing with the first."""
    return make_town(session, "b")


# ── Overview ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", ["committee", "station_chief"])
def test_everybody_sees_their_own_units_only(sign_in: SignIn, town: Town, other: Town, role: str) -> None:
    page = sign_in(f"a.{role}").get("/organisation").text
    assert town.committee.name in page and town.station.name in page and town.campaign.name in page
    assert other.committee.name not in page and other.station.name not in page and other.campaign.name not in page
    assert "Tạo đợt" not in page


def test_an_empty_installation_says_what_to_do_first(sign_in: SignIn, session: Session, town: Town) -> None:
    for window in town.windows:
        session.delete(session.merge(window))
    session.commit()
    page = sign_in("a.admin").get("/organisation").text
    assert f"{town.campaign.name}: {town.station.name} chưa có khung giờ nào." in page


def test_a_person_with_two_campaigns_chooses_the_one_to_work_with(
    sign_in: SignIn, session: Session, town: Town, other: Town
) -> None:
    second = Campaign(
        name="Đợt thứ hai",
        province_code="68",
        starts_on=CAMPAIGN_DAY + timedelta(days=30),
        deadline_on=CAMPAIGN_DAY + timedelta(days=40),
        committees=[session.merge(town.committee)],
    )
    session.add(second)
    session.commit()
    client = sign_in("a.committee")
    assert "Đợt đang làm việc" in client.get("/organisation").text
    assert client.post("/organisation/current-campaign", data={"campaign_id": town.campaign.id}).status_code == 302
    assert f'value="{town.campaign.id}" selected' in client.get("/organisation").text
    foreign = client.post("/organisation/current-campaign", data={"campaign_id": other.campaign.id})
    assert foreign.status_code == 404


# ── Committees, cells, stations, lines ────────────────────────────────────────────────────────────────────────────


def test_a_committee_is_made_from_a_commune_found_without_accents(
    sign_in: SignIn, session: Session, town: Town
) -> None:
    client = sign_in("a.admin")
    found = client.get("/organisation/communes?q=ham thanh").text
    assert "Xã Hàm Thạnh" in found and "commune=23122" in found
    form = client.get("/organisation/committees/new?commune=23122").text
    assert "Đảng ủy xã Hàm Thạnh" in form and "ĐẢNG BỘ TỈNH LÂM ĐỒNG" in form and 'value="Hàm Thạnh"' in form
    answer = client.post(
        "/organisation/committees/new",
        data={
            "name": "Đảng ủy xã Hàm Thạnh",
            "superior_name": "ĐẢNG BỘ TỈNH LÂM ĐỒNG",
            "place_name": "Hàm Thạnh",
            "province_code": "68",
            "commune_code": "23122",
            "contact_name": "Trần Thị Mẫu",
            "contact_phone": "0900 000 009",
            "station_ids": [town.station.id],
        },
    )
    made = session.scalars(sa.select(Committee).where(Committee.commune_code == "23122")).one()
    assert answer.location == f"/organisation/committees/{made.id}"
    assert [station.id for station in made.stations] == [town.station.id]
    row = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "organisation.create_committee")).one()
    assert row.after is not None and row.after["contact_phone"] == "*******09"


def test_a_committee_name_is_used_once(sign_in: SignIn, town: Town) -> None:
    answer = sign_in("a.admin").post(
        "/organisation/committees/new",
        data={
            "name": town.committee.name,
            "superior_name": "ĐẢNG BỘ TỈNH LÂM ĐỒNG",
            "place_name": "A",
            "province_code": "01",
            "commune_code": "23122",
        },
    )
    assert answer.status_code == 422
    assert "thuộc Tỉnh Lâm Đồng" in answer.text
    answer = sign_in("a.admin").post(
        "/organisation/committees/new",
        data={"name": town.committee.name, "superior_name": "X", "place_name": "A", "province_code": "68"},
    )
    assert answer.status_code == 422
    assert f"Đã có đảng ủy tên {town.committee.name}." in answer.text


def test_a_station_may_serve_several_committees_and_a_committee_use_several_stations(
    sign_in: SignIn, session: Session, town: Town, other: Town
) -> None:
    answer = sign_in("a.admin").post(
        f"/organisation/committees/{town.committee.id}/edit",
        data={
            "name": town.committee.name,
            "superior_name": town.committee.superior_name,
            "place_name": "Xã A",
            "province_code": "68",
            "station_ids": [town.station.id, other.station.id],
        },
    )
    assert answer.status_code == 302
    page = sign_in("b.station_chief").get("/organisation").text
    assert town.committee.name in page and other.committee.name in page
    page = sign_in("a.committee").get("/organisation").text
    assert town.station.name in page and other.station.name in page


def test_a_committee_keeps_its_own_cells(sign_in: SignIn, session: Session, town: Town) -> None:
    client = sign_in("a.committee")
    url = f"/organisation/committees/{town.committee.id}/cells/new"
    typed = {
        "name": "Chi bộ Trường Tiểu học",
        "kind": "school",
        "secretary_name": "Lê Văn Mẫu",
        "secretary_phone": "0900000003",
        "travel_minutes": "15",
    }
    assert client.post(url, data=typed | {"secretary_phone": "123"}).status_code == 422
    assert client.post(url, data=typed).status_code == 302
    cell = session.scalars(sa.select(Cell).where(Cell.search_key == search_key(typed["name"]))).one()
    assert (cell.kind, cell.secretary_phone, cell.travel_minutes) == ("school", "+84900000003", 15)
    again = client.post(url, data=typed | {"name": "CHI BỘ TRƯỜNG TIỂU HỌC"})
    assert again.status_code == 422 and "đã có chi bộ tên" in again.text
    assert "0900 000 003" in client.get(f"/organisation/cells/{cell.id}").text
    changed = client.post(f"/organisation/cells/{cell.id}", data=typed | {"name": "Chi bộ Trường học"})
    assert changed.status_code == 302
    look_again(session)
    assert cell.name == "Chi bộ Trường học" and cell.search_key == "chi bo truong hoc"
    trail = session.scalars(sa.select(AuditEntry).where(AuditEntry.action.like("organisation.%cell"))).all()
    assert len(trail) == 2 and all("900000003" not in str((row.before, row.after)) for row in trail)


def test_a_station_is_made_with_its_lines(sign_in: SignIn, session: Session, town: Town) -> None:
    client = sign_in("a.admin")
    answer = client.post(
        "/organisation/stations/new",
        data={"name": "Công an xã Mẫu", "address": "Số 2", "province_code": "68", "line_count": "2"},
    )
    station = session.scalars(sa.select(Station).where(Station.name == "Công an xã Mẫu")).one()
    assert answer.location == f"/organisation/stations/{station.id}"
    assert [line.desk for line in station.lines] == ["Bàn 1", "Bàn 2"]
    typed = {"name": "Công an xã Mẫu mới", "province_code": "68"}
    assert client.post(f"/organisation/stations/{station.id}/edit", data=typed).status_code == 302
    taken = client.post(f"/organisation/stations/{station.id}/edit", data=typed | {"name": town.station.name})
    assert taken.status_code == 422


def test_a_station_chief_changes_the_lines_of_the_own_station(sign_in: SignIn, session: Session, town: Town) -> None:
    client = sign_in("a.station_chief")
    url = f"/organisation/stations/{town.station.id}/lines/new"
    taken = client.post(url, data={"number": "1", "desk": "Bàn 1", "is_active": "y"})
    assert taken.status_code == 422 and "đã có dây chuyền số 1" in taken.text
    assert client.post(url, data={"number": "4", "desk": "Bàn 4", "is_active": "y"}).status_code == 302
    line = session.scalars(sa.select(Line).where(Line.station_id == town.station.id, Line.number == 4)).one()
    assert client.post(f"/organisation/lines/{line.id}", data={"number": "4", "desk": "Bàn 4"}).status_code == 302
    look_again(session)
    assert not line.is_active


# ── Campaigns ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_campaign_starts_with_editable_texts_and_keeps_what_was_typed(
    sign_in: SignIn, session: Session, town: Town
) -> None:
    client = sign_in("a.admin")
    form = client.get("/organisation/campaigns/new").text
    assert "Thẻ căn cước" in form and "Áo có cổ" in form
    answer = client.post("/organisation/campaigns/new", data=CAMPAIGN | {"committee_ids": [town.committee.id]})
    made = session.scalars(sa.select(Campaign).where(Campaign.name == "Đợt thử")).one()
    assert answer.location == f"/organisation/campaigns/{made.id}"
    assert (made.starts_on, made.deadline_on) == (date(2030, 8, 9), date(2030, 8, 14))
    assert str(made.minutes_per_member) == "4.50"
    assert made.legal_basis.splitlines() == ["Kế hoạch số 1", "Kế hoạch số 2"]
    assert "4,5" in client.get(f"/organisation/campaigns/{made.id}/edit").text


def test_a_deadline_before_the_start_is_refused_at_its_field(sign_in: SignIn, town: Town) -> None:
    answer = sign_in("a.admin").post("/organisation/campaigns/new", data=CAMPAIGN | {"deadline_on": "01.08.2030"})
    assert answer.status_code == 422
    assert 'href="#deadline_on"' in answer.text
    assert "<title>Lỗi: " in answer.text


def test_a_committee_of_another_province_takes_no_part(sign_in: SignIn, town: Town) -> None:
    typed = CAMPAIGN | {"province_code": "01", "committee_ids": [town.committee.id]}
    answer = sign_in("a.admin").post("/organisation/campaigns/new", data=typed)
    assert answer.status_code == 422
    assert "không thuộc tỉnh của đợt này" in answer.text


def test_a_committee_with_cells_does_not_leave_a_campaign(session: Session, town: Town, other: Town) -> None:
    campaign = session.merge(town.campaign)
    with pytest.raises(Refused, match="COMMITTEE_HAS_CELLS"):
        services.take_part(session, campaign, [session.merge(other.committee)])
    look_again(session)


def test_a_closed_campaign_keeps_its_windows_until_it_is_opened_again(
    sign_in: SignIn, session: Session, town: Town
) -> None:
    admin, chief = sign_in("a.admin"), sign_in("a.station_chief")
    url = f"/organisation/campaigns/{town.campaign.id}"
    assert "Đóng đợt" in admin.get(f"{url}/close").text
    assert admin.post(f"{url}/close").status_code == 302
    typed = {"day_on": "12/08/2030", "start": "7", "end": "8 giờ", "line_count": "1"}
    refused = chief.post(windows_url(town, "/new"), data=typed)
    assert refused.status_code == 422 and "Đợt đã đóng" in refused.text
    assert admin.post(f"{url}/reopen").status_code == 302
    assert chief.post(windows_url(town, "/new"), data=typed).status_code == 302


# ── The ledger follows ────────────────────────────────────────────────────────────────────────────────────────────


def test_members_of_a_campaign_that_came_later_enter_its_ledger_by_the_job_once(
    app: Flask, session: Session, town: Town, other: Town
) -> None:
    details = services.CampaignDetails(
        name="Đợt sau danh sách",
        kind=town.campaign.kind,
        province_code="68",
        starts_on=CAMPAIGN_DAY,
        deadline_on=CAMPAIGN_DAY,
    )
    committee = session.merge(town.committee)
    opened = services.create_campaign(session, details, [committee])
    closed = services.create_campaign(session, details, [committee])
    services.close_campaign(session, closed, now_at())
    session.commit()
    assert run_job(app, "cases.enter_missing_members") == len(town.members)
    assert run_job(app, "cases.enter_missing_members") == 0
    entered = session.scalars(sa.select(Case.member_id).where(Case.campaign_id == opened.id)).all()
    assert set(entered) == {member.id for member in town.members}
    session.rollback()
    services.reopen_campaign(session, closed)
    session.commit()
    assert run_job(app, "cases.enter_missing_members") == len(town.members)


# ── The unit list ─────────────────────────────────────────────────────────────────────────────────────────────────

HEADING = "commune_code,commune,kind,province_code,province\n"


def test_the_unit_list_is_searched_by_name_code_and_province(sign_in: SignIn, town: Town) -> None:
    client = sign_in("a.admin")
    assert "Xã Hàm Thạnh" in client.get("/organisation/units?q=hàm thạnh&province=68").text
    assert "Xã Hàm Thạnh" in client.get("/organisation/units?q=23122").text
    assert "Xã Hàm Thạnh" not in client.get("/organisation/units?q=ham thanh&province=01").text
    assert client.get("/organisation/units?q=100%").status_code == 200


def test_communes_and_provinces_are_added_and_corrected(sign_in: SignIn, session: Session, town: Town) -> None:
    client = sign_in("a.admin")
    typed = {"code": "99999", "name": "Xã Thử", "kind": "Xã", "province_code": "68"}
    assert client.post("/organisation/units/communes/new", data=typed).status_code == 302
    assert client.post("/organisation/units/communes/new", data=typed).status_code == 422
    assert client.post("/organisation/units/communes/new", data=typed | {"code": "12"}).status_code == 422
    assert client.post("/organisation/units/communes/99999", data=typed | {"name": "Xã Đổi Tên"}).status_code == 302
    look_again(session)
    commune = session.get(Commune, "99999")
    assert commune is not None and (commune.name, commune.search_key) == ("Xã Đổi Tên", "xa doi ten")
    assert client.get("/organisation/units/communes/00000").status_code == 404
    assert client.post("/organisation/units/provinces/new", data={"code": "99", "name": "Tỉnh Thử"}).status_code == 302
    assert client.post("/organisation/units/provinces/99", data={"name": "Tỉnh Mẫu"}).status_code == 302
    look_again(session)
    province = session.get(Province, "99")
    assert province is not None and province.name == "Tỉnh Mẫu"


def test_a_newer_unit_list_is_checked_first_and_then_saved(sign_in: SignIn, session: Session, town: Town) -> None:
    client = sign_in("a.admin")
    text = HEADING + "23122,Xã Hàm Thạnh Mới,Xã,68,Tỉnh Lâm Đồng\n99998,Xã Mới,Xã,99,Tỉnh Mới\n"
    check = client.post("/organisation/units/import", data={"file": (io.BytesIO(text.encode()), "units.csv")})
    assert check.status_code == 200 and "Kiểm tra lại trước khi lưu" in check.text
    assert session.get(Commune, "99998") is None
    look_again(session)
    saved = client.post("/organisation/units/import", data={"checked": text})
    assert saved.status_code == 302
    assert session.scalar(sa.select(Commune.name).where(Commune.code == "23122")) == "Xã Hàm Thạnh Mới"
    assert session.scalar(sa.select(Province.name).where(Province.code == "99")) == "Tỉnh Mới"
    assert session.scalar(sa.select(sa.func.count(Commune.code))) == 3322


def test_a_unit_file_with_any_wrong_row_changes_nothing(sign_in: SignIn, session: Session, town: Town) -> None:
    client = sign_in("a.admin")
    good = "99995,Xã Đúng,Xã,68,Tỉnh Lâm Đồng\n"
    wrong: list[tuple[str | bytes, str]] = [
        (HEADING + good + "1,Xã A,Xã,68,Tỉnh Lâm Đồng\n", "Mã xã phải có 5 chữ số"),
        (HEADING + good + "99997,,Xã,68,Tỉnh Lâm Đồng\n", "Thiếu tên xã"),
        (HEADING + good + good, "Mã xã có hai dòng"),
        (HEADING + good + "99996,Xã B,Xã,68,Tỉnh Y\n", "Một mã tỉnh có hai tên"),
        (HEADING + good + "99997,Xã A,Xã\n", "Mã tỉnh phải có 2 chữ số"),
        (HEADING + f"99997,{'X' * 81},{'Y' * 21},68,Tỉnh Lâm Đồng\n", "Loại dài quá 20 chữ"),
        ("ma,ten\n1,A\n", "Thiếu cột"),
        (HEADING, "Tệp không có dòng nào"),
        ("", "Đồng chí chọn tệp CSV."),
        (b"\xff\xfe\x00", "Tệp phải là CSV mã UTF-8"),
        ("x" * 400_001, "Tệp lớn hơn danh mục cả nước"),
    ]
    for content, message in wrong:
        body = content.encode() if isinstance(content, str) else content
        answer = client.post("/organisation/units/import", data={"file": (io.BytesIO(body), "units.csv")})
        assert (answer.status_code, message in answer.text) == (422, True), message
    assert session.scalar(sa.select(sa.func.count(Commune.code))) == 3321
