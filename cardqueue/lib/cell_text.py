"""What stands in a spreadsheet cell, as text: whatever type a program stored it with."""

import math
import re
import unicodedata
from datetime import date, datetime

from cardqueue.lib.names import clean

# What people type where there is nothing to say, and what a broken formula leaves.
_NOTHING = re.compile(
    r"(?:[-–—_./\\*?…~=]+|x{2,}|0|n/?a|null|none|không|ko|không có|chưa có|chưa|không rõ|trống|#[A-Z/0-9!?]+)\Z",
    re.IGNORECASE,
)
# A whole number that a program wrote as a decimal: 60050012345.0, or 6.0050012345E+10 with every digit still there.
_WHOLE = re.compile(r"(\d+)[.,]0+\Z")
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})\Z")


def text_of(value: object) -> str:
    """A cell's value as one clean line: no trailing `.0`, no leading apostrophe, dates as ISO."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return clean(str(value)).lstrip("'’‘`").strip()


def is_blank(value: object) -> bool:
    """Whether a cell says nothing: empty, a dash, "không", an error value."""
    text = text_of(value)
    return not text or _NOTHING.match(text) is not None


def number_of(value: object) -> str:
    """An identifying number from a cell, without the marks people and programs put into it.

    Shapes: digits only where the cell held just a number; otherwise its text without blanks, so that the caller can
    say what was found. A number rounded by a program (`6.00E+10`) stays as written: its digits are lost.
    """
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", text_of(value)))
    if whole := _WHOLE.match(text):
        return whole[1]
    if parts := _SCIENTIFIC.match(text):
        figures, exponent = parts[2] or "", int(parts[3])
        if len(figures) >= exponent and not figures[exponent:].strip("0"):
            return parts[1] + figures[:exponent]
    bare = re.sub(r"[.,\-–'’‘`\"_]", "", text)
    return bare if re.fullmatch(r"[0-9]+", bare) else text
