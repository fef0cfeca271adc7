"""What a feature's command needs of the installation: `cardqueue.__main__` says how it is opened.

A feature stands below the application and cannot build it. So the command line hands down who can, and only commands
that ask for a session load Flask and open the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Installation:
    """The installation that the settings name; the object of the command line's context."""

    open: Callable[[], Flask]


@contextmanager
def opened_session(actor: str = "command line") -> Iterator[Session]:
    """A session of the installation for the command that runs, writing on behalf of `actor`."""
    from cardqueue.core.audit import act_as
    from cardqueue.core.database import db

    installation = click.get_current_context().find_object(Installation)
    if installation is None:
        raise RuntimeError("the command was not called through `cardqueue`")
    with installation.open().app_context():
        session = db.session()
        act_as(session, actor)
        try:
            yield session
        finally:
            db.session.remove()
            db.engine.dispose()
