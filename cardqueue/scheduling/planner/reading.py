"""Reading a JSON document place by place and noting every fault instead of stopping at the first."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

Word = TypeVar("Word", bound=StrEnum)
LONGEST = 60
"""Characters of a wrong value that are shown."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong place in a file."""

    path: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, found {self.found}"


class BadFile(Exception):
    """A file with faults; ``faults`` lists all of them in the order in which they were met."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True)
class Place:
    """A value in a document. Every reading method notes a fault and answers a harmless value when it does not fit."""

    value: object
    path: str
    faults: list[Fault]
    is_there: bool = True

    def fault(self, expected: str) -> None:
        """Notes that something else was expected here."""
        found = _shown(self.value) if self.is_there else "nothing"
        self.faults.append(Fault(self.path or "file", expected, found))

    def has(self, key: str) -> bool:
        """Whether the object has this key with a value."""
        return isinstance(self.value, dict) and self.value.get(key) is not None

    def get(self, key: str) -> "Place":
        """The value under a key; a missing one is noted when it is read, unless there was no object to look into."""
        path = f"{self.path}.{key}" if self.path else key
        if not isinstance(self.value, dict):
            return Place(None, path, [], is_there=False)
        if key in self.value:
            return Place(self.value[key], path, self.faults)
        return Place(None, path, self.faults, is_there=False)

    def is_object(self) -> bool:
        """Whether this is an object; notes the fault if not."""
        if not isinstance(self.value, dict):
            self.fault("an object")
        return isinstance(self.value, dict)

    def names(self) -> list[str]:
        """The keys of an object."""
        return list(self.value) if self.is_object() and isinstance(self.value, dict) else []

    def items(self) -> list["Place"]:
        """The places of a list."""
        if not isinstance(self.value, list):
            self.fault("a list")
            return []
        return [Place(value, f"{self.path}[{index}]", self.faults) for index, value in enumerate(self.value)]

    def optional_items(self, key: str) -> list["Place"]:
        """The places of a list that may be missing."""
        return self.get(key).items() if self.has(key) else []

    def text(self) -> str:
        """A text that is not empty."""
        if isinstance(self.value, str) and self.value.strip():
            return self.value
        self.fault("a text")
        return ""

    def whole(self, least: int = 0) -> int:
        """A whole number."""
        if isinstance(self.value, int) and not isinstance(self.value, bool) and self.value >= least:
            return self.value
        self.fault(f"a whole number of at least {least}")
        return least

    def number(self, least: float, most: float) -> float:
        """A number between two bounds."""
        value = self.value
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return float(value)
        self.fault(f"a number from {least:g} to {most:g}")
        return least

    def truth(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            self.fault("true or false")
        return self.value is True

    def day(self) -> date:
        """A date as 2025-08-31."""
        try:
            return date.fromisoformat(self.value if isinstance(self.value, str) else "")
        except ValueError:
            self.fault("a date like 2025-08-31")
            return date.min

    def instant(self) -> datetime:
        """A local time as 2025-08-31T07:30, without a time zone."""
        try:
            at = datetime.fromisoformat(self.value if isinstance(self.value, str) else "")
        except ValueError:
            at = None
        if at is None or at.tzinfo is not None:
            self.fault("a local time like 2025-08-31T07:30")
            return datetime.min  # noqa: DTZ901
        return at

    def word(self, words: type[Word]) -> Word:
        """One of a few words."""
        for word in words:
            if self.value == word.value:
                return word
        self.fault(" or ".join(words))
        return next(iter(words))


def _shown(value: object) -> str:
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"
