"""What a feature's command needs of the installation: `cardqueue.__main__` says how it is opened.

A feature stands below the application and cannot build it. So the command line hands down what can, and only commands
that ask for it load Flask and open the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session


def open_app() -> Flask:
    """The application of the installation that the settings name."""
    app: Flask = click.get_current_context().obj()
    return app


@contextmanager
def opened_database() -> Iterator[Session]:
    """A session of the installation, for one command."""
    from cardqueue.core.audit import act_as
    from cardqueue.core.database import db

    with open_app().app_context():
        session = db.session()
        act_as(session, "command line")
        try:
            yield session
        finally:
            db.session.remove()
            db.engine.dispose()
