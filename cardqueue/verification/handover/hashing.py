"""The key of a hash-only hand-over, and the keyed hashes that are made of one population record under it.

A plain hash of a number is no protection: all numbers there can be are tried in half an hour. So every hash here is
HMAC-SHA-256 under a key that only the police and the committee's server have, cut to 63 bits. A number is hashed as it
is; a name, a date or a sex only together with the number or with each other, so that nothing can be told from how often
a hash occurs. Without Flask and without a database: the police's machine has neither.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from cardqueue.verification.engine.names import name_key
from cardqueue.verification.engine.shapes import Place

KEY_BYTES: Final = 32
#: Rises when the same record would be hashed otherwise: both machines must agree.
FORMAT_VERSION: Final = 1
_BLOCK = 64
_TITLE = "cardqueue hand-over key"


class KeyFault(StrEnum):
    """What is wrong with the text of a key."""

    EMPTY = "empty"
    NOT_A_KEY = "not_a_key"
    MISTYPED = "mistyped"


class UnreadableKey(ValueError):
    """The text holds no key that can be used."""

    def __init__(self, fault: KeyFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class HashedFields(NamedTuple):
    """What the hand-over says of one person, in the order of the file; named as the columns of `hashed_record`.

    Shapes: every key has 63 bits; `old_key` is 0 where no old number is known. Where a name, a date or a sex is
    unknown, the joint keys are bound to the number, so that nobody is found by half of them.
    """

    number_key: int
    old_key: int
    name_date_key: int
    person_key: int
    place_key: int
    bound_name_key: int
    bound_folded_name_key: int
    bound_date_key: int
    bound_year_key: int
    bound_sex_key: int


class HandoverKey:
    """The secret of one hand-over; `campaign` is the name it was made for."""

    def __init__(self, secret: bytes, campaign: str = "") -> None:
        if len(secret) != KEY_BYTES:
            raise UnreadableKey(KeyFault.NOT_A_KEY)
        self.secret, self.campaign = secret, " ".join(campaign.split())
        inner, outer = (bytes(byte ^ pad for byte in secret.ljust(_BLOCK, b"\0")) for pad in (0x36, 0x5C))
        # Copies of keyed states: a third faster than the library's HMAC, which counts nine times nine million.
        self._inner, self._outer = hashlib.sha256(inner), hashlib.sha256(outer)
        self._labelled = {label: self._started(label) for label in _LABELS}

    @property
    def fingerprint(self) -> str:
        """What may be said aloud to compare two copies of the key: four groups of four."""
        said = f"{self.hashed('fingerprint', ''):016x}"
        return "-".join(said[start : start + 4] for start in range(0, 16, 4))

    def seal(self) -> Seal:
        """A hash under this key of whatever is fed to it."""
        return Seal(self._started("file"), self._outer)

    def hashed(self, label: str, text: str) -> int:
        """The first 63 bits of the keyed hash of a text; the label keeps kinds of texts apart."""
        state = self._labelled[label].copy()
        state.update(text.encode())
        outer = self._outer.copy()
        outer.update(state.digest())
        return int.from_bytes(outer.digest()[:8]) >> 1

    def number(self, number: int) -> int:
        """The hash of a 12-digit number."""
        return self.hashed("number", str(number))

    def old(self, old: int) -> int:
        """The hash of a nine-digit number."""
        return self.hashed("old", str(old))

    def name_date(self, folded: int, born: int) -> int:
        """The joint hash of a folded name and a birth date. Shapes: `folded` as `engine.names.name_key` gives."""
        return self.hashed("name and date", f"{folded}\t{born}")

    def person(self, words: str, born: int, sex: int) -> int:
        """The joint hash of the exact name, the birth date and the sex."""
        return self.hashed("person", f"{words}\t{born}\t{sex}")

    def place(self, person: int, unit: int) -> int:
        """The hash of a person's hometown, given as `person` and a unit's key; 0 is no known place."""
        return self.hashed("place", f"{person}\t{unit}")

    def bound(self, label: str, number: int, value: object) -> int:
        """The hash of a value together with the number: it says nothing to whoever does not have the number."""
        return self.hashed(label, f"{number}\t{value}")

    def record(self, number: int, old: int | None, words: str, born: int, sex: int, place: Place) -> HashedFields:
        """Everything that is handed over of one record. Shapes: as `engine.running.read_registry` gives."""
        folded = name_key(tuple(words.split()))
        year = born // 10_000
        is_told = bool(words and year)
        person = self.person(words, born, sex) if is_told and sex else self.bound("untold", number, "person")
        return HashedFields(
            self.number(number),
            self.old(old) if old else 0,
            self.name_date(folded, born) if is_told else self.bound("untold", number, "name and date"),
            person,
            self.place(person, place.commune or place.district),
            self.bound("name", number, words),
            self.bound("folded name", number, folded),
            self.bound("date", number, born),
            self.bound("year", number, year),
            self.bound("sex", number, sex),
        )

    def text(self) -> str:
        """The key as its file holds it."""
        return (
            f"{_TITLE} {FORMAT_VERSION}\n"
            f"campaign: {self.campaign}\n"
            f"fingerprint: {self.fingerprint}\n"
            f"key: {base64.b64encode(self.secret).decode()}\n"
        )

    def _started(self, label: str) -> hashlib._Hash:
        state = self._inner.copy()
        state.update(f"cardqueue hand-over {FORMAT_VERSION} {label}\n".encode())
        return state


class Seal:
    """A keyed hash of a whole file: it tells that nothing was cut, altered or made under another key."""

    def __init__(self, inner: hashlib._Hash, outer: hashlib._Hash) -> None:
        self._inner, self._outer = inner, outer

    def feed(self, piece: bytes) -> None:
        """Go on with the next bytes."""
        self._inner.update(piece)

    def digest(self) -> bytes:
        """The seal: 32 bytes."""
        outer = self._outer.copy()
        outer.update(self._inner.digest())
        return outer.digest()


_LABELS = (
    "fingerprint", "file", "number", "old", "name and date", "person", "place", "name", "folded name", "date", "year",
    "sex", "untold",
)  # fmt: skip


def new_key(campaign: str = "") -> HandoverKey:
    """A fresh key."""
    return HandoverKey(secrets.token_bytes(KEY_BYTES), campaign)


def read_key(text: str) -> HandoverKey:
    """The key in the text of a key file, or in its last line alone as a person copies it.

    Raises: UnreadableKey, also when a letter was lost on the way and the fingerprint beside it says so.
    """
    said = {}
    for line in text.replace("\ufeff", "").splitlines():
        name, colon, value = line.partition(":")
        if line.strip():
            said[name.strip().lower() if colon else "key"] = (value if colon else line).strip()
    if not said.get("key"):
        raise UnreadableKey(KeyFault.NOT_A_KEY if said else KeyFault.EMPTY)
    try:
        secret = base64.b64decode(said["key"], validate=True)
    except (binascii.Error, ValueError):
        raise UnreadableKey(KeyFault.NOT_A_KEY) from None
    key = HandoverKey(secret, said.get("campaign", ""))
    if said.get("fingerprint", key.fingerprint).lower() != key.fingerprint:
        raise UnreadableKey(KeyFault.MISTYPED)
    return key


def write_key(path: Path, key: HandoverKey) -> None:
    """Write a key into a new file that only its owner can read.

    Raises: FileExistsError, OSError.
    """
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(key.text())
        file.flush()
        os.fsync(file.fileno())
