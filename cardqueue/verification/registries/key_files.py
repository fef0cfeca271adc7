"""The keys of hash-only hand-overs on the committee's server: files in a folder of their own, never in the database.

One file for each key of a campaign, readable by the server alone, destroyed when the campaign ends. Whoever has a copy
of the database and not this folder has hashes that nobody can try out; so the folder belongs in no backup.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from flask import current_app

from cardqueue.config import Settings
from cardqueue.core.errors import Refused
from cardqueue.verification.handover.hashing import HandoverKey, UnreadableKey, read_key, write_key
from cardqueue.verification.models import PopulationExtract

_NAME = re.compile(r"campaign-(\d+)-([0-9a-f-]{19})\.key\Z")


class KeyAbsent(Refused):
    """The server does not have the key of a hand-over."""

    def __init__(self, fingerprint: str) -> None:
        super().__init__("HANDOVER_KEY_ABSENT", fingerprint=fingerprint)


def key_folder() -> Path:
    """Where this installation keeps the keys."""
    settings: Settings = current_app.extensions["cardqueue_settings"]
    return settings.key_folder


def key_of(extract: PopulationExtract) -> HandoverKey:
    """The key under which an extract was hashed.

    Raises: KeyAbsent.
    """
    return find_key(extract.campaign_id, (extract.reading or {}).get("fingerprint", ""))


def find_key(campaign_id: int, fingerprint: str) -> HandoverKey:
    """A campaign's key by its fingerprint.

    Raises: KeyAbsent, also when the file is there and was altered.
    """
    try:
        key = read_key(_path(campaign_id, fingerprint).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, UnreadableKey):
        raise KeyAbsent(fingerprint) from None
    if key.fingerprint != fingerprint:
        raise KeyAbsent(fingerprint)
    return key


def keep_key(campaign_id: int, key: HandoverKey) -> None:
    """Keep a key for a campaign, whole or not at all."""
    folder = key_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = _path(campaign_id, key.fingerprint)
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    write_key(draft, key)
    draft.replace(path)


def list_fingerprints(campaign_id: int) -> list[str]:
    """The fingerprints of a campaign's keys."""
    return sorted(found[2] for found in _files() if int(found[1]) == campaign_id)


def list_campaigns() -> set[int]:
    """The campaigns that have a key here."""
    return {int(found[1]) for found in _files()}


def destroy_keys(campaign_id: int) -> list[str]:
    """Destroy a campaign's keys; returns their fingerprints.

    What stood in a file is written over first. Disks that move what they write, and copies that somebody made, may
    still have it: the hashes are therefore purged as well.
    """
    destroyed = list_fingerprints(campaign_id)
    for fingerprint in destroyed:
        path = _path(campaign_id, fingerprint)
        with path.open("r+b") as file:
            file.write(os.urandom(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    return destroyed


def _path(campaign_id: int, fingerprint: str) -> Path:
    path = key_folder() / f"campaign-{campaign_id}-{fingerprint}.key"
    if _NAME.match(path.name) is None:
        raise KeyAbsent(fingerprint)
    return path


def _files() -> list[re.Match[str]]:
    folder = key_folder()
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return [found for name in names if (found := _NAME.match(name))]
