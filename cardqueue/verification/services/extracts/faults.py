"""Why an extract was not taken: what is wrong with its lines, or that it is no spreadsheet at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cardqueue.core.errors import Refused
from cardqueue.lib.spreadsheet import Refusal
from cardqueue.verification.rules import ExtractFault, Fault

MOST_FAULTS = 20


class FaultyExtract(Refused):
    """The file has faults; nothing of it was imported. Shapes: `faults` holds the first of `count`."""

    def __init__(self, faults: Sequence[ExtractFault], count: int = 0) -> None:
        super().__init__("EXTRACT_HAS_FAULTS", count=max(count, len(faults)))
        self.faults = tuple(faults[:MOST_FAULTS])
        self.count = max(count, len(faults))

    def as_json(self) -> list[dict[str, Any]]:
        """The faults as they are stored, the last entry saying how many there are; values are masked already."""
        stored: list[dict[str, Any]] = [
            {"row": one.line, "column": one.column, "field": one.field, "problem": one.fault, "found": one.found}
            for one in self.faults
        ]
        return [*stored, {"count": self.count}]

    @classmethod
    def from_json(cls, stored: Sequence[Mapping[str, Any]]) -> FaultyExtract:
        """Read back what `as_json` gave."""
        faults = [
            ExtractFault(one["row"], one["column"], one["field"], Fault(one["problem"]), one["found"])
            for one in stored
            if "row" in one
        ]
        return cls(faults, next((one["count"] for one in stored if "count" in one), 0))


class UnreadableExtract(Refused):
    """The file is no spreadsheet, for the reason given."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__("EXTRACT_UNREADABLE")
        self.refusal = refusal
