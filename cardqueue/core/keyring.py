"""Encryption at rest and keyed look-up of citizen IDs, old IDs and telephone numbers.

A value is encrypted with AES-256-GCM under the first data key and can be read under any of them, so that a key can be
rotated. Equality is looked up by HMAC-SHA-256 under a key of its own: a plain hash of a 12-digit number is no
protection, since all of them can be tried in minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class UnreadableSecret(Exception):
    """A stored value opens under none of the configured data keys."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of one installation.

    Shapes: ciphertext is key mark (4 bytes) + nonce (12) + AES-GCM output; look-up hashes are 32 bytes in hex.
    """

    data_keys: tuple[bytes, ...]
    lookup_key: bytes

    def encrypt(self, text: str) -> bytes:
        """Encrypt under the first data key."""
        key = self.data_keys[0]
        nonce = os.urandom(_NONCE_BYTES)
        return _mark(key) + nonce + AESGCM(key).encrypt(nonce, text.encode(), None)

    def decrypt(self, stored: bytes) -> str:
        """Decrypt under the key that the value names.

        Raises: UnreadableSecret when that key is not configured or the value was altered.
        """
        mark, nonce, body = stored[:4], stored[4 : 4 + _NONCE_BYTES], stored[4 + _NONCE_BYTES :]
        for key in self.data_keys:
            if hmac.compare_digest(_mark(key), mark):
                try:
                    return AESGCM(key).decrypt(nonce, body, None).decode()
                except InvalidTag as error:
                    raise UnreadableSecret("a stored value was altered or its key is wrong") from error
        raise UnreadableSecret("a stored value was encrypted under a key that is not configured")

    def lookup_hash(self, text: str) -> str:
        """The keyed hash under which a value is found again."""
        return hmac.new(self.lookup_key, text.encode(), hashlib.sha256).hexdigest()


def _mark(key: bytes) -> bytes:
    return hashlib.sha256(b"cardqueue key mark" + key).digest()[:4]


class _Current:
    """The keyring that the column types use; set once per process by `use_keyring`."""

    keyring: Keyring | None = None


def use_keyring(keyring: Keyring) -> None:
    """Make `keyring` the one that encrypted columns and `lookup_hash` use in this process."""
    _Current.keyring = keyring


def current_keyring() -> Keyring:
    """The keyring of this process.

    Raises: RuntimeError before `use_keyring` was called.
    """
    if _Current.keyring is None:
        raise RuntimeError("use_keyring() has not been called")
    return _Current.keyring


def lookup_hash(text: str | None) -> str | None:
    """The keyed hash of a value, None for no value."""
    return current_keyring().lookup_hash(text) if text else None
