"""The objects of the organisation that the person may open; every other one is not found."""

from __future__ import annotations

from cardqueue.core.access import Role
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound
from cardqueue.organisation import queries
from cardqueue.organisation.current import current_scope
from cardqueue.organisation.models import Campaign, Cell, Committee, Line, Station, Window


def reach_committee(committee_id: int) -> Committee:
    """A committee of the scope, with its stations.

    Raises: NotFound.
    """
    current_scope().require_committee(committee_id)
    return queries.list_committees(db.session(), committee_ids=[committee_id])[0]


def reach_cell(cell_id: int) -> Cell:
    """A cell of the scope.

    Raises: NotFound.
    """
    return current_scope().require_cell(db.session.get(Cell, cell_id))


def reach_station(station_id: int) -> Station:
    """A station of the scope, with its lines and committees.

    Raises: NotFound.
    """
    current_scope().require_station(station_id)
    return queries.list_stations(db.session(), station_ids=[station_id])[0]


def reach_line(line_id: int) -> Line:
    """A line of a station of the scope.

    Raises: NotFound.
    """
    line = db.session.get(Line, line_id)
    if line is None:
        raise NotFound("LINE_NOT_FOUND")
    current_scope().require_station(line.station_id)
    return line


def reach_campaign(campaign_id: int) -> Campaign:
    """A campaign in which the scope's committees take part; any campaign for an administrator.

    Raises: NotFound.
    """
    scope = current_scope()
    if scope.role is Role.ADMIN:
        campaign = db.session.get(Campaign, campaign_id)
    else:
        campaign = queries.find_campaign(db.session(), campaign_id, committee_ids=scope.committee_ids)
    if campaign is None:
        raise NotFound("CAMPAIGN_NOT_FOUND")
    return campaign


def reach_opening(campaign_id: int, station_id: int) -> tuple[Campaign, Station]:
    """A campaign and a station of the scope that serves it.

    Raises: NotFound.
    """
    campaign = reach_campaign(campaign_id)
    current_scope().require_station(station_id)
    stations = queries.list_campaign_stations(db.session(), campaign.id, station_ids=[station_id])
    if not stations:
        raise NotFound("STATION_NOT_FOUND")
    return campaign, stations[0]


def reach_window(window_id: int) -> Window:
    """A window of a campaign and a station of the scope.

    Raises: NotFound.
    """
    window = db.session.get(Window, window_id)
    if window is None:
        raise NotFound("WINDOW_NOT_FOUND")
    current_scope().require_station(window.station_id)
    reach_campaign(window.campaign_id)
    return window
