"""Blind keys: the numbers by which encrypted records are found again, and what is stored of one record.

A blind key is the first 63 bits of HMAC-SHA-256 under the installation's lookup key, with a label for each kind of key,
so that a name and a number never share one. Without the lookup key nobody can try out numbers or names against a table.
Two of 9 million records share a key by chance once in 200,000 registries; whatever one key finds is compared in full.
"""

from __future__ import annotations

import hmac
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias

from cardqueue.core.keyring import current_keyring
from cardqueue.lib.citizen_id import read_citizen_id
from cardqueue.verification.engine.dates import read_record_birth
from cardqueue.verification.engine.names import record_keys
from cardqueue.verification.engine.places import read_place, read_sex

Label: TypeAlias = Literal["number", "identity", "name", "given", "old", "prefix", "content"]

#: How many digits of a number `prefix_key` is made from.
PREFIX_LENGTH: Final = 7
_BETWEEN: Final = "\t"


class UnreadableRecord(ValueError):
    """A record whose number or birth date says nothing. Shapes: `parts` of "number" and "birth"."""

    def __init__(self, *parts: Literal["number", "birth"]) -> None:
        super().__init__(", ".join(parts))
        self.parts = parts


def record_columns(
    number: str, name: str, birth: str, sex: str, hometown: str = "", old_number: str = ""
) -> dict[str, Any]:
    """The columns of `population_record` for one record, given as the texts of its cells; without `extract_id`.

    A sex or an old number that cannot be read is unknown; an empty birth date is too.

    Raises: UnreadableRecord.
    """
    if not (len(number) == 12 and number.isdecimal() and number.isascii()):
        number = read_citizen_id(number).number or ""
    born = read_record_birth(birth)
    if not number or born is None:
        raise UnreadableRecord(*(() if number else ("number",)), *(() if born is not None else ("birth",)))
    name, hometown = " ".join(name.split()), " ".join(hometown.split())
    old = _old_number(old_number) if old_number else ""
    words, name_number, given_number = record_keys(name)
    figures, sex_number, date = int(number), read_sex(sex), born.as_int
    said = (number, words, str(date), str(sex_number), old, *map(str, read_place(hometown)))
    return {
        "number_key": number_key(figures),
        "identity_key": identity_key(figures, words, date, sex_number),
        "name_key": name_key(name_number),
        "given_key": given_key(given_number),
        "old_key": old_key(int(old)) if old else None,
        "prefix_key": prefix_key(number),
        "content_key": _blind("content", _BETWEEN.join(said)),
        "born": date,
        "sex": sex_number,
        "person": _BETWEEN.join((number, name, hometown, old)),
    }


def record_parts(person: str) -> tuple[str, str, str, str]:
    """What `person` keeps: the 12-digit number, the name and the hometown as written, the old number or nothing."""
    number, name, hometown, old = person.split(_BETWEEN)
    return number, name, hometown, old


def record_mark(pid: str) -> str:
    """What a check keeps to find a record again: the key of its number in hex; it says nothing without the key.

    Shapes: a source that does not know the number names its records in hex itself, and never with 12 digits.
    """
    is_number = len(pid) == 12 and pid.isdecimal()
    return f"{number_key(int(pid)):016x}" if is_number else pid


def marked_key(mark: str) -> int | None:
    """The key in a record's mark; None for a mark of another make."""
    return int(mark, 16) if len(mark) == 16 else None


def number_key(number: int) -> int:
    """The key of a 12-digit number."""
    return _blind("number", str(number))


def identity_key(number: int, words: str, born: int, sex: int) -> int:
    """The key of number, name, birth date and sex together. Shapes: `words` as `engine.names.record_keys` gives."""
    return _blind("identity", _BETWEEN.join((str(number), words, str(born), str(sex))))


def name_key(name: int) -> int:
    """The key of a name, given as `engine.names.name_key`."""
    return _remembered("name", str(name), current_keyring().lookup_key)


def given_key(given: int) -> int:
    """The key of a given name, given as `engine.names.word_key`."""
    return _remembered("given", str(given), current_keyring().lookup_key)


def old_key(old: int) -> int:
    """The key of a nine-digit number."""
    return _blind("old", str(old))


def prefix_key(digits: str) -> int:
    """The key of the first seven digits of a number."""
    return _remembered("prefix", digits[:PREFIX_LENGTH], current_keyring().lookup_key)


def _blind(label: Label, text: str) -> int:
    # A copy of a keyed state costs a third of setting the key anew.
    state = _state(label, current_keyring().lookup_key).copy()
    state.update(text.encode())
    return int.from_bytes(state.digest()[:8]) >> 1


@lru_cache(maxsize=65536)
def _remembered(label: Label, text: str, lookup_key: bytes) -> int:
    """Few names, given names and prefixes belong to most people; the lookup key keeps two installations apart."""
    return _blind(label, text)


@lru_cache(maxsize=32)
def _state(label: Label, lookup_key: bytes) -> hmac.HMAC:
    state = hmac.new(lookup_key, digestmod="sha256")
    state.update(f"population record {label}\n".encode())
    return state


def _old_number(text: str) -> str:
    if len(text) == 9 and text.isdecimal() and text.isascii():
        return text
    old = read_citizen_id(text).old_number
    return old.zfill(9) if old else ""
