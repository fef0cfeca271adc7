"""Texts that do not fit: which one, and how much of it would."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from cardqueue.core.errors import Refused
from cardqueue.core.pdf.text import Fitted


class SlipTextTooLong(Refused):
    """A text does not fit its frame even at its smallest readable size.

    Shapes: `text` is the field of `SlipFace` (or of a list), `letters` what it has, `limit` what would fit.
    """

    def __init__(self, text: str, letters: int, limit: int) -> None:
        super().__init__("SLIP_TEXT_TOO_LONG", text=text, letters=letters, limit=limit)


def fitted_or_refused(field: str, text: str, fit: Callable[[str], Fitted | None]) -> Fitted:
    """The fitted text.

    Raises: SlipTextTooLong when it does not fit.
    """
    fitted = fit(text)
    if fitted is None:
        limit = longest_that_fits(text, lambda shorter: fit(shorter) is not None)
        raise SlipTextTooLong(field, len(text), limit)
    return fitted


def longest_that_fits(text: str, fits: Callable[[str], bool]) -> int:
    """How many letters of the text fit; a text is taken to fit up to one length and not beyond."""
    return bisect_left(range(1, len(text)), True, key=lambda letters: not fits(text[:letters]))
