"""Pages of the organisation: units, committees, stations, campaigns and their opening windows."""

from cardqueue.organisation.routes import campaigns, committees, overview, stations, units, windows
from cardqueue.organisation.routes.blueprint import organisation

__all__ = ["campaigns", "committees", "organisation", "overview", "stations", "units", "windows"]
