"""Accounts: the administrator's list, first passwords, and one's own password before anything else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.accounts import services
from cardqueue.accounts.models import User
from cardqueue.accounts.queries import account_query
from cardqueue.core.access import Role
from cardqueue.core.errors import Refused
from cardqueue.core.models import AuditEntry
from tests.factories.people import PASSWORD, Town, make_town

SignIn = Callable[[str], FlaskClient]
FIRST_PASSWORD = re.compile(r"(?<=>)[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}(?=<)")


@pytest.fixture
def town(session: Session) -> Town:
    """A commune with everything."""
    return make_town(session, "a")


def find(session: Session, username: str) -> User:
    """The account as the database has it now."""
    session.rollback()
    return session.scalars(
        sa.select(User).where(User.username == username).execution_options(populate_existing=True)
    ).one()


def units_of(town: Town) -> dict[Role, str]:
    """What the field `unit` holds for each role."""
    return {
        Role.COMMITTEE: str(town.committee.id),
        Role.CELL_SECRETARY: str(town.cells[1].id),
        Role.OFFICER: str(town.station.id),
        Role.STATION_CHIEF: str(town.station.id),
        Role.SUPERVISOR: "68",
        Role.ADMIN: "",
    }


def test_an_account_of_every_role_is_made_with_the_unit_that_it_needs(
    sign_in: SignIn, session: Session, town: Town
) -> None:
    admin = sign_in("a.admin")
    assert 'name="role"' in admin.get("/accounts/new").text
    for role, unit in units_of(town).items():
        url = f"/accounts/new?role={role}"
        assert ('name="unit"' in admin.get(url).text) is (role is not Role.ADMIN)
        answer = admin.post(url, data={"username": f"moi.{role}", "full_name": "Lê Thị Mẫu", "unit": unit})
        assert answer.status_code == 200 and FIRST_PASSWORD.search(answer.text), role
        user = find(session, f"moi.{role}")
        assert (user.role, user.must_change_password) == (role, True)
    assert find(session, "moi.cell_secretary").cell_id == town.cells[1].id


def test_a_form_with_faults_makes_no_account(sign_in: SignIn, session: Session, town: Town) -> None:
    admin = sign_in("a.admin")
    good = {"username": "moi", "full_name": "Lê Thị Mẫu", "unit": str(town.station.id)}
    wrong = [
        ({"unit": ""}, "Đồng chí chọn đơn vị."),
        ({"unit": "99999"}, "Đồng chí chọn một mục trong danh sách."),
        ({"username": "Lê Mẫu"}, "Tên đăng nhập chỉ gồm chữ không dấu"),
        ({"username": "A.OFFICER"}, "Đã có tài khoản tên A.OFFICER."),
        ({"full_name": " "}, "Đồng chí nhập họ và tên."),
    ]
    for changed, message in wrong:
        answer = admin.post("/accounts/new?role=officer", data=good | changed)
        assert (answer.status_code, message in answer.text) == (422, True), changed
    assert session.scalar(sa.select(sa.func.count(User.id))) == len(Role)


def test_a_first_password_is_changed_before_anything_else(sign_in: SignIn, session: Session, town: Town) -> None:
    answer = sign_in("a.admin").post(
        "/accounts/new?role=committee",
        data={"username": "moi", "full_name": "Lê Thị Mẫu", "unit": str(town.committee.id)},
    )
    found = FIRST_PASSWORD.search(answer.text)
    assert found is not None
    client = sign_in("a.officer")
    client.post("/sign-out")
    assert client.post("/sign-in", data={"username": "moi", "password": found[0]}).status_code == 302
    assert client.get("/organisation").location == "/password"
    assert client.post("/organisation/current-campaign", data={"campaign_id": 1}).location == "/password"
    assert "do người khác cấp" in client.get("/password").text
    assert client.post("/language", data={"language": "en", "back": "/password"}).location == "/password"
    assert client.get("/healthz").status_code == 200
    typed = {"old": found[0], "new": found[0], "again": found[0]}
    assert client.post("/password", data=typed).status_code == 422
    typed |= {"new": "mat-khau-rieng", "again": "mat-khau-rieng"}
    assert client.post("/password", data=typed).location == "/"
    assert client.get("/organisation").status_code == 200


def test_a_new_password_signs_out_every_other_browser(sign_in: SignIn, session: Session, town: Town) -> None:
    here, elsewhere = sign_in("a.officer"), sign_in("a.officer")
    wrong = [
        ({"old": "sai"}, "Mật khẩu hiện nay không đúng."),
        ({"new": "ngan", "again": "ngan"}, "ít nhất 10 ký tự"),
        ({"again": "khac-hoan-toan"}, "chưa giống nhau"),
    ]
    typed = {"old": PASSWORD, "new": "mat-khau-rieng", "again": "mat-khau-rieng"}
    for changed, message in wrong:
        answer = here.post("/password", data=typed | changed)
        assert (answer.status_code, message in answer.text) == (422, True), changed
    assert here.post("/password", data=typed).status_code == 302
    assert here.get("/stay").status_code == 204
    assert elsewhere.get("/stay").status_code == 302


def test_a_password_is_shown_once_and_stored_nowhere(sign_in: SignIn, session: Session, town: Town) -> None:
    admin = sign_in("a.admin")
    user = find(session, "a.officer")
    officer = sign_in("a.officer")
    assert "Cấp lại mật khẩu cho a.officer?" in admin.get(f"/accounts/{user.id}/password").text
    found = FIRST_PASSWORD.search(admin.post(f"/accounts/{user.id}/password").text)
    assert found is not None
    assert found[0] not in admin.get("/accounts").text
    trail = session.scalars(sa.select(AuditEntry)).all()
    assert all(found[0] not in str((row.before, row.after)) for row in trail)
    assert officer.get("/stay").location == "/sign-in?next=/stay"
    refused = officer.post("/sign-in", data={"username": "a.officer", "password": PASSWORD})
    assert refused.status_code != 302


def test_a_closed_account_is_signed_out_and_may_be_opened_again(sign_in: SignIn, session: Session, town: Town) -> None:
    admin, officer = sign_in("a.admin"), sign_in("a.officer")
    user = find(session, "a.officer")
    assert "Khóa tài khoản a.officer?" in admin.get(f"/accounts/{user.id}/close").text
    assert admin.post(f"/accounts/{user.id}/close").status_code == 302
    assert officer.get("/stay").status_code == 302
    assert officer.post("/sign-in", data={"username": "a.officer", "password": PASSWORD}).status_code != 302
    assert "Đã khóa" in admin.get("/accounts?q=a.officer").text
    assert admin.post(f"/accounts/{user.id}/reopen").status_code == 302
    assert officer.post("/sign-in", data={"username": "a.officer", "password": PASSWORD}).status_code == 302


def test_the_last_administrator_stays(sign_in: SignIn, session: Session, town: Town) -> None:
    admin = sign_in("a.admin")
    user = find(session, "a.admin")
    answer = admin.post(f"/accounts/{user.id}/close")
    assert answer.status_code == 422 and "quản trị viên cuối cùng" in answer.text
    typed = {"full_name": user.full_name, "unit": str(town.committee.id)}
    answer = admin.post(f"/accounts/{user.id}?role=committee", data=typed)
    assert answer.status_code == 422 and "ít nhất một quản trị viên" in answer.text
    services.create_account(session, username="hai", full_name="Hai", role=Role.ADMIN, unit=services.Unit())
    session.commit()
    assert admin.post(f"/accounts/{user.id}/close").status_code == 302
    with pytest.raises(Refused, match="LAST_ADMIN"):
        services.close_account(session, find(session, "hai"))
    session.rollback()


def test_a_person_moves_to_another_role_and_is_signed_out_but_not_for_a_new_name(
    sign_in: SignIn, session: Session, town: Town
) -> None:
    admin, officer = sign_in("a.admin"), sign_in("a.officer")
    user = find(session, "a.officer")
    typed = {"full_name": "Tên Đã Sửa", "unit": str(town.station.id)}
    assert admin.post(f"/accounts/{user.id}", data=typed).status_code == 302
    assert officer.get("/stay").status_code == 204
    assert 'value="committee"' in admin.get(f"/accounts/{user.id}/role").text
    typed["unit"] = str(town.committee.id)
    assert admin.post(f"/accounts/{user.id}?role=committee", data=typed).status_code == 302
    assert officer.get("/stay").status_code == 302
    moved = find(session, "a.officer")
    assert (moved.role, moved.committee_id, moved.station_id) == (Role.COMMITTEE, town.committee.id, None)


def test_the_cells_of_a_chosen_committee_are_offered_where_there_are_several(
    sign_in: SignIn, session: Session, town: Town
) -> None:
    other = make_town(session, "b", cells=5)
    admin = sign_in("a.admin")
    url = "/accounts/new?role=cell_secretary"
    assert "chọn đảng bộ" in admin.get(url).text
    page = admin.get(f"{url}&committee={other.committee.id}").text
    assert "Chi bộ thôn 5" in page
    user = find(session, "a.cell_secretary")
    assert f'value="{town.cells[0].id}" selected' in admin.get(f"/accounts/{user.id}").text


def test_the_list_is_narrowed_by_role_unit_and_name(sign_in: SignIn, session: Session, town: Town) -> None:
    make_town(session, "b")
    query = account_query(unit=f"committee:{town.committee.id}")
    assert [user.username for user in session.scalars(query)] == ["a.cell_secretary", "a.committee"]
    query = account_query(unit=f"station:{town.station.id}", role=Role.OFFICER)
    assert [user.username for user in session.scalars(query)] == ["a.officer"]
    page = sign_in("a.admin").get("/accounts?role=supervisor&q=B.SUPER").text
    assert "b.supervisor" in page and "a.supervisor" not in page
    assert "Không có tài khoản nào phù hợp." in sign_in("a.admin").get("/accounts?q=100%25&unit=khong:1").text


def test_the_language_is_chosen_in_the_footer(sign_in: SignIn, client: FlaskClient, town: Town) -> None:
    assert 'value="en"' in client.get("/sign-in").text
    officer = sign_in("a.officer")
    assert 'value="en"' in officer.get("/password").text
    assert officer.post("/language", data={"language": "en", "back": "/password?"}).location.startswith("/password")
    page = officer.get("/password").text
    assert '<html class="govuk-template" lang="en">' in page and 'value="vi"' in page
    assert officer.post("/language", data={"language": "vi", "back": "//elsewhere"}).location == "/sign-in"
