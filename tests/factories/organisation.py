"""Pages of the organisation for tests."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cardqueue.organisation.models import Station
from tests.factories.people import Town


def look_again(session: Session) -> None:
    """Forget what was read before a request wrote."""
    session.rollback()
    session.expire_all()


def windows_url(town: Town, page: str = "", station: Station | None = None) -> str:
    """The pages of a town's windows."""
    return f"/organisation/campaigns/{town.campaign.id}/stations/{(station or town.station).id}/windows{page}"
