"""The blueprint of the plan's pages."""

from __future__ import annotations

from flask import Blueprint

scheduling = Blueprint("scheduling", __name__)
