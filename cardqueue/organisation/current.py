"""The scope and the campaign of this request. Features right of `accounts` ask `accounts.current` for them."""

from __future__ import annotations

from typing import cast

from flask import current_app, g, session

from cardqueue.core.database import db
from cardqueue.core.errors import NotFound
from cardqueue.organisation.models import Campaign
from cardqueue.organisation.queries import list_campaigns
from cardqueue.organisation.scope import Scope

# Where `accounts` leaves the function that knows the scope of whoever is signed in: this package stands before it.
SCOPE_OF_REQUEST = "cardqueue_scope_of_request"


def current_scope() -> Scope:
    """The scope of the person, read once a request."""
    if "scope" not in g:
        g.scope = current_app.extensions[SCOPE_OF_REQUEST]()
    return cast(Scope, g.scope)


def find_current_campaign() -> Campaign | None:
    """The campaign that the person chose, else the newest one of their scope; None before there is any."""
    if "campaign" not in g:
        scope = current_scope()
        campaigns = list_campaigns(db.session(), committee_ids=scope.committee_ids)
        chosen = [campaign for campaign in campaigns if campaign.id == session.get("campaign_id")]
        g.campaign = next(iter(chosen or campaigns), None)
    return cast(Campaign | None, g.campaign)


def current_campaign() -> Campaign:
    """The campaign of this request.

    Raises: NotFound("NO_CAMPAIGN") when the person's committee or station takes part in none.
    """
    campaign = find_current_campaign()
    if campaign is None:
        raise NotFound("NO_CAMPAIGN")
    return campaign
