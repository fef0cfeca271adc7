"""Alembic's environment: runs the numbered migrations on the application's own connection."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy.types import LargeBinary, TypeDecorator

migrate = current_app.extensions["migrate"]
config = context.config
target_metadata = migrate.db.metadata


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as the plain types behind them: a migration imports nothing of the product."""
    if kind == "type" and isinstance(item, TypeDecorator):
        if isinstance(item.impl, LargeBinary):
            return "sa.LargeBinary()"
        return f"sa.{item.impl!r}"
    return False


def run() -> None:
    """Run the migrations in one transaction."""
    engine = migrate.db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=target_metadata,
            render_item=render_item,
            **migrate.configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
