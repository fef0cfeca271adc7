"""The person, scope and campaign of this request; the one place where features ask for them."""

from __future__ import annotations

from typing import cast

from flask import g, session
from flask_login import current_user

from cardqueue.accounts.models import User
from cardqueue.accounts.scope import Scope, scope_of
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound
from cardqueue.organisation.models import Campaign
from cardqueue.organisation.queries import list_campaigns


def current_account() -> User:
    """The person who is signed in; only for views that require sign-in."""
    return cast(User, current_user)


def current_scope() -> Scope:
    """The scope of the person, read once a request."""
    if "scope" not in g:
        g.scope = scope_of(db.session(), current_account())
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
