"""The product's application as the benchmark serves it: the real one, with keys of its own."""

from __future__ import annotations

import base64
from pathlib import Path

from flask import Flask

from cardqueue.app import create_app
from cardqueue.config import DATA_DIR, DATA_KEYS, DATABASE_URL, LOOKUP_KEY, SECRET_KEY, read_settings


def product_environment(url: str, data_dir: Path) -> dict[str, str]:
    """The environment of a server on a database."""
    return {
        SECRET_KEY: "only-for-benchmarks-" + "x" * 32,
        DATA_KEYS: base64.b64encode(b"d" * 32).decode(),
        LOOKUP_KEY: base64.b64encode(b"l" * 32).decode(),
        DATABASE_URL: url,
        DATA_DIR: str(data_dir),
    }


def make_app() -> Flask:
    """The application of the environment."""
    return create_app(read_settings())
