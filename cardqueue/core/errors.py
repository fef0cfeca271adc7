"""What can go wrong on purpose.

    Exception
      Refused            expected: the request cannot be done; carries a reason code and values; shown, 4xx
        NotFound         the object does not exist for this person (another commune's object looks the same)
        Conflict         somebody else was faster, or the object has moved on since the page was shown; 409
      anything else      a bug: logged, 500

Rules return decisions, services raise `Refused`, routes and `core.http` put it into words that say what to do next.
"""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A request that the product understands and declines.

    Shapes: `reason_code` is an UPPER_SNAKE word from the feature that raises it; `values` fill its sentence.
    """

    status = 422

    def __init__(self, reason_code: str, **values: Any) -> None:
        super().__init__(reason_code)
        self.reason_code = reason_code
        self.values = values


class NotFound(Refused):
    """The object does not exist for this person."""

    status = 404


class Conflict(Refused):
    """Somebody else was faster, or the object has moved on since the page was shown."""

    status = 409
