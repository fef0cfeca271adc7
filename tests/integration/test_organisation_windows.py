"""Opening windows: listed, opened in series, copied, changed and deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.core.errors import Refused
from cardqueue.lib.clock import from_local, to_local
from cardqueue.organisation import services
from cardqueue.organisation.models import Campaign, Window
from cardqueue.organisation.rules import opening_on
from cardqueue.scheduling.models import AppointmentState
from tests.factories.appointments import end, make_appointment
from tests.factories.organisation import look_again, windows_url
from tests.factories.people import CAMPAIGN_DAY, Town, make_town

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def town(session: Session) -> Town:
    """A commune with everything."""
    return make_town(session, "a")


def test_windows_are_listed_by_day_with_what_is_free(sign_in: SignIn, session: Session, town: Town) -> None:
    window = session.merge(town.windows[0])
    window.booked_work = 10_000
    session.commit()
    page = sign_in("a.committee").get(windows_url(town)).text
    assert "Thứ Sáu, ngày 09/8/2030" in page
    assert ">710<" in page and ">100<" in page
    assert "Thêm nhiều ngày" not in page
    assert "Thêm nhiều ngày" in sign_in("a.station_chief").get(windows_url(town)).text


def test_several_days_are_opened_at_once(sign_in: SignIn, session: Session, town: Town) -> None:
    client = sign_in("a.station_chief")
    typed = {
        "first_on": "12/08/2030",
        "last_on": "18/08/2030",
        "weekdays": ["0", "5"],
        "morning_start": "7 giờ",
        "morning_end": "11h30",
        "evening_start": "18:00",
        "evening_end": "21.00",
        "line_count": "2",
    }
    assert client.post(windows_url(town, "/series"), data=typed).status_code == 302
    made = session.scalars(sa.select(Window).where(Window.line_count == 2).order_by(Window.start_at)).all()
    spans = [(to_local(w.start_at).strftime("%d %H:%M"), to_local(w.end_at).strftime("%H:%M")) for w in made]
    assert spans == [("12 07:00", "11:30"), ("12 18:00", "21:00"), ("17 07:00", "11:30"), ("17 18:00", "21:00")]
    assert [w.capacity_work for w in made] == [54_000, 36_000, 54_000, 36_000]


def test_a_series_that_overlaps_anywhere_adds_nothing(sign_in: SignIn, session: Session, town: Town) -> None:
    typed = {
        "first_on": "08/08/2030",
        "last_on": "10/08/2030",
        "weekdays": ["0", "1", "2", "3", "4", "5", "6"],
        "morning_start": "7:00",
        "morning_end": "8:00",
        "line_count": "2",
    }
    answer = sign_in("a.station_chief").post(windows_url(town, "/series"), data=typed)
    assert answer.status_code == 422
    assert "Khung 7 giờ 00 – 8 giờ 00 ngày 09/08/2030 trùng giờ" in answer.text
    assert session.scalar(sa.select(sa.func.count(Window.id))) == 2


def test_a_series_says_what_is_wrong(sign_in: SignIn, session: Session, town: Town) -> None:
    client = sign_in("a.station_chief")
    typed: dict[str, object] = {
        "first_on": "12/08/2030",
        "last_on": "13/08/2030",
        "weekdays": ["0", "1"],
        "morning_start": "7:00",
        "morning_end": "8:00",
        "line_count": "2",
    }
    wrong: list[tuple[dict[str, object], str]] = [
        ({"last_on": "01/08/2030"}, "Ngày cuối phải từ ngày đầu trở đi."),
        ({"last_on": "01/08/2031"}, "Mỗi lần thêm nhiều nhất 92 ngày."),
        ({"last_on": "31/02/2030"}, "Ngày phải có đủ ngày, tháng, năm"),
        ({"morning_end": ""}, "Đồng chí nhập cả hai giờ"),
        ({"morning_end": "6:30"}, "Giờ kết thúc phải sau giờ bắt đầu."),
        ({"morning_start": "25:00"}, "Giờ phải có giờ và phút"),
        ({"weekdays": []}, "Không có ngày nào phù hợp"),
        ({"morning_start": "", "morning_end": ""}, "Không có ngày nào phù hợp"),
        ({"line_count": "ba"}, "Mục này phải là số nguyên"),
    ]
    for changed, message in wrong:
        answer = client.post(windows_url(town, "/series"), data=typed | changed)
        assert (answer.status_code, message in answer.text) == (422, True), changed
    assert session.scalar(sa.select(sa.func.count(Window.id))) == 2


def test_a_holiday_and_a_day_after_the_deadline_only_warn(sign_in: SignIn, town: Town) -> None:
    client = sign_in("a.station_chief")
    typed = {"day_on": "02/09/2030", "start": "7:00", "end": "9:00", "line_count": "9"}
    answer = client.post(windows_url(town, "/new"), data=typed)
    assert answer.status_code == 302
    page = client.get(answer.location).text
    assert "Ngày lễ: Quốc khánh" in page and "Sau hạn hoàn thành 19/08/2030" in page
    assert "Khung giờ có 9 dây chuyền, điểm này đang dùng 3." in page


def test_a_day_is_copied_to_other_days(sign_in: SignIn, session: Session, town: Town) -> None:
    client = sign_in("a.station_chief")
    url = windows_url(town, "/copy")
    assert client.get(f"{url}?day=2030-08-10").status_code == 404
    assert client.get(f"{url}?day=sai").status_code == 404
    assert "7 giờ 00 – 11 giờ 30, 3 dây chuyền" in client.get(f"{url}?day=2030-08-09").text
    typed = {"first_on": "09/08/2030", "last_on": "11/08/2030", "weekdays": list("0123456")}
    assert client.post(f"{url}?day=2030-08-09", data=typed).status_code == 302
    starts = session.scalars(sa.select(Window.start_at).order_by(Window.start_at)).all()
    assert [to_local(at).day for at in starts] == [9, 9, 10, 10, 11, 11]
    again = client.post(f"{url}?day=2030-08-09", data=typed)
    assert again.status_code == 422 and "trùng giờ" in again.text


def test_a_window_never_shrinks_below_what_is_booked(sign_in: SignIn, session: Session, town: Town) -> None:
    window = session.merge(town.windows[0])
    window.booked_work = 60_000
    session.commit()
    client = sign_in("a.station_chief")
    url = f"/organisation/windows/{window.id}"
    fewer = client.post(url, data={"end": "11:30", "line_count": "2"})
    assert fewer.status_code == 422
    assert "đã hẹn 600 phút-dây chuyền; mức mới chỉ còn 540" in fewer.text
    earlier = client.post(url, data={"end": "11:00", "line_count": "3"})
    assert earlier.status_code == 422 and "không đóng sớm hơn" in earlier.text
    later = client.post(url, data={"end": "12:00", "line_count": "2"})
    assert later.status_code == 302
    look_again(session)
    assert (window.capacity_work, window.booked_work) == (60_000, 60_000)
    overlapping = client.post(url, data={"end": "13:30", "line_count": "2"})
    assert overlapping.status_code == 422 and "trùng giờ" in overlapping.text
    backwards = client.post(url, data={"end": "6:30", "line_count": "2"})
    assert backwards.status_code == 422 and "Giờ kết thúc phải sau" in backwards.text
    assert client.post(f"{url}/delete").status_code == 422


def test_an_unbooked_window_is_deleted_after_a_question(sign_in: SignIn, session: Session, town: Town) -> None:
    client = sign_in("a.station_chief")
    url = f"/organisation/windows/{town.windows[0].id}/delete"
    assert "Xóa khung giờ này?" in client.get(url).text
    assert client.post(url).status_code == 302
    assert client.get(url).status_code == 404
    assert session.scalar(sa.select(sa.func.count(Window.id))) == 1


def test_a_window_with_old_appointments_stays(session: Session, town: Town) -> None:
    window = session.merge(town.windows[0])
    member = session.merge(town.members[0])
    appointment = make_appointment(session, town, member, window.start_at, number=1, window=window)
    end(session, appointment, AppointmentState.CANCELLED)
    session.commit()
    with pytest.raises(Refused, match="WINDOW_HAS_HISTORY"):
        services.delete_window(session, window)
    look_again(session)
    assert session.get(Window, window.id) is not None


def test_windows_of_another_campaign_at_the_same_station_may_overlap(session: Session, town: Town) -> None:
    second = Campaign(
        name="Đợt thứ hai",
        province_code="68",
        starts_on=CAMPAIGN_DAY,
        deadline_on=CAMPAIGN_DAY,
        committees=[session.merge(town.committee)],
    )
    session.add(second)
    session.flush()
    station = session.merge(town.station)
    made = services.add_windows(session, second, station, [opening_on(CAMPAIGN_DAY, time(7), time(9), 1)])
    assert made[0].start_at == from_local(CAMPAIGN_DAY, time(7))
    look_again(session)
