"""Pages of the roster: the list and its members, and the wizard that brings lists in."""

from cardqueue.roster.routes import importing, members, rows, saving
from cardqueue.roster.routes.blueprint import roster

__all__ = ["importing", "members", "roster", "rows", "saving"]
