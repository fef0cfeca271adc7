"""Vietnamese telephone numbers, kept as E.164 (`+84912345678`).

Source: renumbering of 2018, when the 11-digit mobile numbers (012x, 016x, 018x, 019x) became 10-digit ones.
"""

import re
from dataclasses import dataclass

from cardqueue.lib.cell_text import is_blank, text_of

_RENUMBERED = {
    "162": "32", "163": "33", "164": "34", "165": "35", "166": "36", "167": "37", "168": "38", "169": "39",
    "120": "70", "121": "79", "122": "77", "126": "76", "128": "78",
    "123": "83", "124": "84", "125": "85", "127": "81", "129": "82",
    "186": "56", "188": "58", "199": "59",
}  # fmt: skip

_MOBILE = re.compile(r"[35789]\d{8}\Z")
_LANDLINE = re.compile(r"2\d{8,9}\Z")


@dataclass(frozen=True, slots=True)
class PhoneReading:
    """A telephone number as a cell gives it. An empty cell has no number and is no problem."""

    found: str
    number: str | None = None

    @property
    def is_usable(self) -> bool:
        """Whether there is a number, or rightly none."""
        return self.number is not None or not self.found


def read_phone(value: object) -> PhoneReading:
    """Read a telephone number from a cell of any type; the first one where a cell names several."""
    if is_blank(value):
        return PhoneReading("")
    found = text_of(value)
    for part in [found, *re.split(r"[;,/\n]|\s-\s|\s{2,}|hoặc", found)]:
        number = _national(re.sub(r"[^\d+]", "", part))
        if number:
            return PhoneReading(found, f"+84{number}")
    return PhoneReading(found)


def format_phone(number: str | None) -> str:
    """An E.164 number as people dial it: `0912 345 678`."""
    if not number:
        return ""
    local = "0" + number.removeprefix("+84")
    return f"{local[:4]} {local[4:7]} {local[7:]}" if number.startswith("+84") else number


def _national(digits: str) -> str | None:
    """The digits after +84, or None. Nine digits have lost their zero in a spreadsheet."""
    national = re.sub(r"^(?:\+84|0084|84(?=\d{9}\Z)|0)0?", "", digits)
    if len(national) == 10 and national[:3] in _RENUMBERED:
        national = _RENUMBERED[national[:3]] + national[3:]
    return national if _MOBILE.match(national) or _LANDLINE.match(national) else None
