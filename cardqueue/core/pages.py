"""Long lists, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

Row = TypeVar("Row")
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list; `number` counts from 1."""

    rows: Sequence[Row]
    number: int
    size: int
    total: int

    @property
    def page_count(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


def page_number(args: Mapping[str, str]) -> int:
    """The page that the address asks for; the first for anything that is no page number."""
    text = args.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def page_of(session: Session, query: sa.Select[Row], args: Mapping[str, Any], *, size: int = PAGE_SIZE) -> Page[Row]:
    """The page of a query that the address asks for; the last one when it asks beyond."""
    total = session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
    number = min(page_number(args), max(1, -(-total // size)))
    rows = session.scalars(query.limit(size).offset((number - 1) * size)).all()
    return Page(rows, number, size, total)
