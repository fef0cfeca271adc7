"""The first page of the organisation: what there is, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.core.access import Role, access
from cardqueue.core.database import db
from cardqueue.organisation import queries
from cardqueue.organisation.current import current_scope, find_current_campaign
from cardqueue.organisation.models import Campaign, Committee, Station
from cardqueue.organisation.routes.blueprint import organisation
from cardqueue.organisation.routes.reach import reach_campaign
from cardqueue.organisation.words import CAMPAIGN_KIND_WORDS

# More would no longer be read.
MOST_HINTS = 3


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that is missing, and where to add it."""

    text: str
    url: str = ""


@organisation.get("/organisation")
@access(Role.ADMIN, Role.STATION_CHIEF, Role.COMMITTEE)
def overview() -> ResponseReturnValue:
    """Committees, stations and campaigns of the scope."""
    scope = current_scope()
    committees = queries.list_committees(db.session(), committee_ids=scope.committee_ids)
    stations = queries.list_stations(db.session(), station_ids=scope.station_ids)
    taking_part = queries.list_campaigns(db.session(), committee_ids=scope.committee_ids)
    campaigns = queries.list_all_campaigns(db.session()) if scope.role is Role.ADMIN else taking_part
    return render_template(
        "organisation/overview.html",
        committees=committees,
        stations=stations,
        campaigns=campaigns,
        selectable=taking_part,
        current=find_current_campaign(),
        cell_counts=queries.count_cells(db.session(), committee_ids=scope.committee_ids),
        hints=list(_hints(committees, stations, campaigns))[:MOST_HINTS],
        kind_words=CAMPAIGN_KIND_WORDS,
        is_admin=scope.role is Role.ADMIN,
    )


@organisation.post("/organisation/current-campaign")
@access(Role.ADMIN, Role.STATION_CHIEF, Role.COMMITTEE)
def choose_campaign() -> ResponseReturnValue:
    """Work with another campaign from now on."""
    campaign = reach_campaign(request.form.get("campaign_id", 0, type=int))
    session["campaign_id"] = campaign.id
    flash(_("Từ bây giờ đồng chí làm việc với %(name)s.", name=campaign.name), "good")
    return redirect(url_for("organisation.overview"))


def _hints(committees: list[Committee], stations: list[Station], campaigns: list[Campaign]) -> Iterator[Hint]:
    """What is missing, in the order in which it is needed."""
    scope = current_scope()
    is_admin, opens = scope.role is Role.ADMIN, scope.role is not Role.COMMITTEE
    if is_admin and not stations:
        yield Hint(_("Chưa có điểm thu nhận nào. Thêm điểm đầu tiên."), url_for("organisation.new_station"))
    if is_admin and not committees:
        yield Hint(_("Chưa có đảng bộ nào. Thêm đảng bộ đầu tiên."), url_for("organisation.find_commune"))
    for committee in committees:
        if is_admin and stations and not committee.stations:
            yield Hint(
                _("%(name)s chưa có điểm thu nhận.", name=committee.name),
                url_for("organisation.edit_committee", committee_id=committee.id),
            )
    for station in stations:
        if opens and not any(line.is_active for line in station.lines):
            yield Hint(
                _("%(name)s chưa có dây chuyền nào đang dùng.", name=station.name),
                url_for("organisation.station", station_id=station.id),
            )
    yield from _campaign_hints(committees, stations, [campaign for campaign in campaigns if not campaign.closed_at])


def _campaign_hints(
    committees: list[Committee], stations: list[Station], open_campaigns: list[Campaign]
) -> Iterator[Hint]:
    role = current_scope().role
    if not open_campaigns and role is not Role.ADMIN:
        yield Hint(_("Chưa có đợt nào đang mở. Đồng chí đề nghị quản trị viên tạo đợt."))
    elif not open_campaigns and committees:
        yield Hint(_("Chưa có đợt nào đang mở. Tạo đợt mới."), url_for("organisation.new_campaign"))
    counts = queries.count_windows(db.session(), station_ids=_ids(stations))
    for campaign in open_campaigns:
        for station in queries.list_campaign_stations(db.session(), campaign.id, station_ids=_ids(stations)):
            if (campaign.id, station.id) not in counts:
                values = {"campaign": campaign.name, "station": station.name}
                yield Hint(
                    _("%(campaign)s: %(station)s chưa có khung giờ nào.", **values),
                    url_for("organisation.windows", campaign_id=campaign.id, station_id=station.id),
                )


def _ids(stations: list[Station]) -> list[int]:
    return [station.id for station in stations]
