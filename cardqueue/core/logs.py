"""Logs: one JSON object a line, without personal numbers."""

from __future__ import annotations

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# Citizen IDs have 12 digits, old IDs 9, telephones 10, slip codes 16: every such run is masked but its last two.
_LONG_NUMBER = re.compile(r"(?<!\d)\d{7,}(\d{2})(?!\d)")


def mask_numbers(text: str) -> str:
    """The text with every run of nine or more digits masked."""
    return _LONG_NUMBER.sub(r"*******\1", text)


def _mask_event(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = mask_numbers(value)
    return event


def init_logs() -> None:
    """Set up structured logging for the process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _mask_event,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
