"""The blueprint of the organisation's pages."""

from __future__ import annotations

from flask import Blueprint

organisation = Blueprint("organisation", __name__)
