"""The person, scope and campaign of this request; the one place where features ask for them."""

from __future__ import annotations

from flask_login import current_user

from cardqueue.accounts.models import User
from cardqueue.core.database import db
from cardqueue.organisation.current import current_campaign, current_scope, find_current_campaign

__all__ = ["current_account", "current_campaign", "current_scope", "find_current_campaign"]


def current_account() -> User:
    """The person who is signed in; only for views that require sign-in.

    It is the row itself, already in the session; Flask-Login's proxy must not be signed in again.
    """
    return db.session.get_one(User, current_user.id)
