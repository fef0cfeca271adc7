"""A batch of keys as a table of integers, to be joined with: arrays on PostgreSQL, JSON on SQLite.

So a join needs no table of its own in the database, and thousands of keys are looked up in one statement.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.core.database import is_postgresql

#: How many rows of an answer are in memory at once.
AT_ONCE = 5_000


class KeyTable:
    """Rows of integers under a name that is unique in a statement.

    Shapes: `rows` are tuples in the order of `columns`.
    """

    def __init__(self, name: str, *columns: str) -> None:
        self.name = name
        self.columns = columns
        self.rows: list[tuple[int, ...]] = []

    def source(self, session: Session) -> str:
        """What stands behind FROM; the table is called `k` there."""
        if is_postgresql(session):
            arrays = ", ".join(f"CAST(:{self.name}_{column} AS bigint[])" for column in self.columns)
            return f"unnest({arrays}) AS k({', '.join(self.columns)})"
        values = ", ".join(f"json_extract(value, '$[{at}]') AS {column}" for at, column in enumerate(self.columns))
        return f"(SELECT {values} FROM json_each(:{self.name})) AS k"  # noqa: S608 - our own names

    def values(self, session: Session) -> dict[str, object]:
        """The statement's parameters."""
        if is_postgresql(session):
            parts: Sequence[Sequence[int]] = list(zip(*self.rows, strict=True)) or [()] * len(self.columns)
            return {f"{self.name}_{column}": list(part) for column, part in zip(self.columns, parts, strict=True)}
        return {self.name: json.dumps(self.rows)}


def select(session: Session, statement: str, *tables: KeyTable) -> sa.Result[*tuple[Any, ...]]:
    """Run a statement that reads some key tables; its answer comes in pieces."""
    values = {name: value for table in tables for name, value in table.values(session).items()}
    return session.execute(sa.text(statement), values, execution_options={"yield_per": AT_ONCE})
