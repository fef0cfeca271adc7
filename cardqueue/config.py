"""The settings of one installation: one frozen object, read from the environment and checked at start.

A secret has no default. `cardqueue init` writes a file with fresh ones; `cardqueue demo` uses the published demo keys
below, with which the server refuses to listen anywhere but on this machine.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEMO_SECRET_KEY = "demo-only-secret-key-which-everybody-knows"  # noqa: S105 — published on purpose
DEMO_DATA_KEY = base64.b64encode(b"demo-only-data-key-known-to-all!").decode()
DEMO_LOOKUP_KEY = base64.b64encode(b"demo-only-lookup-key-known-to-al").decode()

SECRET_KEY = "CARDQUEUE_SECRET_KEY"  # noqa: S105 — the name of a variable
DATA_KEYS = "CARDQUEUE_DATA_KEYS"
LOOKUP_KEY = "CARDQUEUE_LOOKUP_KEY"
DATA_DIR = "CARDQUEUE_DATA_DIR"
HANDOVER_KEYS = "CARDQUEUE_HANDOVER_KEYS"
DATABASE_URL = "DATABASE_URL"
SECURE_COOKIES = "CARDQUEUE_SECURE_COOKIES"
PROXY_COUNT = "CARDQUEUE_PROXY_COUNT"


class SettingsError(Exception):
    """The environment does not describe an installation; `faults` has one sentence per fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs between two installations.

    Shapes: `data_keys` and `lookup_key` are 32 bytes each; the first data key encrypts, all of them decrypt.
    """

    secret_key: str
    data_keys: tuple[bytes, ...]
    lookup_key: bytes
    database_url: str
    data_dir: Path
    secure_cookies: bool = False
    proxy_count: int = 0
    jobs_in_process: bool = True
    testing: bool = False
    handover_keys: Path | None = None

    @property
    def key_folder(self) -> Path:
        """Where the keys of hash-only hand-overs are kept, apart from the database and its backups."""
        return self.handover_keys or self.data_dir / "keys"

    @property
    def has_demo_keys(self) -> bool:
        """Whether any secret is one of the published demo keys."""
        demo = {base64.b64decode(DEMO_DATA_KEY), base64.b64decode(DEMO_LOOKUP_KEY)}
        return self.secret_key == DEMO_SECRET_KEY or self.lookup_key in demo or not demo.isdisjoint(self.data_keys)


def default_data_dir() -> Path:
    """Where an installation keeps its files when nothing else is said: `instance` in the working directory."""
    return Path("instance").resolve()


def demo_environment(data_dir: Path) -> dict[str, str]:
    """The environment of the demo commune: published keys and a database file of its own under `data_dir`."""
    return {
        SECRET_KEY: DEMO_SECRET_KEY,
        DATA_KEYS: DEMO_DATA_KEY,
        LOOKUP_KEY: DEMO_LOOKUP_KEY,
        DATA_DIR: str(data_dir),
    }


def fresh_environment(data_dir: Path) -> dict[str, str]:
    """A new installation's environment with random keys."""
    return {
        SECRET_KEY: secrets.token_urlsafe(48),
        DATA_KEYS: base64.b64encode(secrets.token_bytes(32)).decode(),
        LOOKUP_KEY: base64.b64encode(secrets.token_bytes(32)).decode(),
        DATA_DIR: str(data_dir),
    }


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from environment variables.

    Raises: SettingsError naming every missing or malformed variable at once.
    """
    values = os.environ if environment is None else environment
    faults: list[str] = []

    secret_key = values.get(SECRET_KEY, "")
    if len(secret_key) < 32:
        faults.append(f"{SECRET_KEY}: expected at least 32 characters, found {len(secret_key)}.")
    data_keys = tuple(
        key for part in values.get(DATA_KEYS, "").split(",") if (key := _read_key(DATA_KEYS, part.strip(), faults))
    )
    lookup_key = _read_key(LOOKUP_KEY, values.get(LOOKUP_KEY, ""), faults)
    data_dir = Path(values.get(DATA_DIR) or default_data_dir())
    try:
        proxy_count = int(values.get(PROXY_COUNT) or 0)
    except ValueError:
        proxy_count = 0
        faults.append(f"{PROXY_COUNT}: expected a whole number, found {values[PROXY_COUNT]!r}.")
    if faults:
        raise SettingsError([*faults, "Run `cardqueue init` to write a settings file with fresh keys."])
    return Settings(
        secret_key=secret_key,
        data_keys=data_keys,
        lookup_key=lookup_key,
        database_url=database_url(values.get(DATABASE_URL, ""), data_dir),
        data_dir=data_dir,
        secure_cookies=values.get(SECURE_COOKIES, "") in {"1", "true", "yes"},
        proxy_count=proxy_count,
        handover_keys=Path(values[HANDOVER_KEYS]) if values.get(HANDOVER_KEYS) else None,
    )


def database_url(url: str, data_dir: Path) -> str:
    """The SQLAlchemy URL: psycopg 3 for PostgreSQL, a file in `data_dir` when no URL is given."""
    if not url:
        return f"sqlite:///{data_dir / 'cardqueue.sqlite'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _read_key(name: str, text: str, faults: list[str]) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        faults.append(f"{name}: expected 32 bytes in base64, found {len(key)} bytes.")
        return b""
    return key
