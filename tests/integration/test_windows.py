"""Setting the windows: the calendar of a station, the share kept for make-ups, quotas, splitting, mobile rounds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.clients import HonestClient
from tests.factories.people import Town, make_town

SignIn = Callable[[str], HonestClient]


@pytest.fixture
def town(session: Session) -> Town:
    """The commune that the test looks at."""
    return make_town(session, "a")


def windows_url(town: Town, page: str = "") -> str:
    """The pages of a town's windows."""
    return f"/organisation/campaigns/{town.campaign.id}/stations/{town.station.id}/windows{page}"


# ── The calendar ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_week_is_a_grid_of_days_and_parts_with_how_full_each_window_is(
    sign_in: SignIn, session: Session, town: Town
) -> None:
    session.merge(town.windows[0]).booked_work = 20_250
    session.commit()
    page = sign_in("a.committee").get(windows_url(town)).text
    assert "Tuần từ 05/08/2030 đến 11/08/2030" in page
    assert "đã hẹn 25%" in page and "đã hẹn 0%" in page
    # Saturday and Sunday are shaded, and a committee only reads.
    assert page.count("cq-week__weekend") == 2
    assert "Chép ngày" not in page and 'rel="next"' in page


def test_a_week_leads_to_its_neighbours_and_marks_the_deadline(sign_in: SignIn, town: Town) -> None:
    client = sign_in("a.station_chief")
    page = client.get(f"{windows_url(town)}?week=2030-08-19").text
    assert "Tuần từ 19/08/2030 đến 25/08/2030" in page and "Hạn hoàn thành" in page
    assert "week=2030-08-12" in page and "week=2030-08-26" in page
    # An empty part of a day is opened with one press.
    form = client.get(f"{windows_url(town, '/new')}?day=2030-08-19&part=evening").text
    assert 'value="19/08/2030"' in form and "18:00" in form and "21:00" in form
    assert client.get(f"{windows_url(town)}?week=sai").status_code == 200
    assert client.get(f"{windows_url(town)}?week=9999-12-31").status_code == 200


def test_whoever_changed_a_window_comes_back_to_its_week(sign_in: SignIn, town: Town) -> None:
    typed = {"day_on": "15/08/2030", "start": "7:00", "end": "9:00", "line_count": "2"}
    answer = sign_in("a.station_chief").post(windows_url(town, "/new"), data=typed)
    assert answer.location.endswith("windows?week=2030-08-15")
