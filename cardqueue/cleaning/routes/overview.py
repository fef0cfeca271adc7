"""The first page of the data cleaning: what to do now."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from cardqueue.cleaning.routes.blueprint import cleaning
from cardqueue.core.access import Role, access


@cleaning.get("/cleaning")
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def overview() -> ResponseReturnValue:
    """The steps of the cleaning, and what each is waiting for."""
    return render_template("cleaning/overview.html")
