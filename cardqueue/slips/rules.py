"""What a slip says, and whether it says anything new: decisions about slips without database, clock or paper."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime

from cardqueue.core.pdf.fonts import composed
from cardqueue.lib.clock import to_local

DEFAULT_TITLE = "GIẤY HẸN ĐỔI THẺ ĐẢNG VIÊN"

# Eight digits in a row are an old card number, nine an old identity number, twelve a citizen ID.
_UNMASKED = re.compile(r"\d{8}")
# They tell when and how often the slip was printed, not what the member has to do.
_ABOUT_THE_PRINT = ("place_and_date", "revision")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipFace:
    """Everything that one slip shows, already in the words that are printed.

    Shapes: `issuer` is the superior and the issuing committee; `arrive_at` is aware; `citizen_id` and `old_card` are
    masked; `line` names line and desk; `revision` marks a slip that replaces an earlier one. Empty texts are left out.
    Raises: ValueError for a code that is not 16 digits and for a number that is not masked.
    """

    issuer: tuple[str, str]
    place_and_date: str
    name: str
    birth_year: str
    cell: str
    arrive_at: datetime
    place: str
    address: str
    queue_number: str
    code: str
    bring: str
    notes: str
    contact: str
    citizen_id: str
    old_card: str = ""
    line: str = ""
    revision: str = ""
    title: str = DEFAULT_TITLE

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{16}", self.code):
            raise ValueError("a slip code has 16 digits")
        if _UNMASKED.search(self.citizen_id) or _UNMASKED.search(self.old_card):
            raise ValueError("a slip shows masked numbers only")


def content_hash(face: SlipFace) -> str:
    """A fingerprint of what the member reads, equal for two prints of one appointment.

    Issue date and revision mark do not count, so that "print only what changed" prints nothing when nothing changed.
    """
    shown = asdict(face)
    for field in _ABOUT_THE_PRINT:
        del shown[field]
    shown["arrive_at"] = f"{to_local(face.arrive_at):%Y-%m-%dT%H:%M}"
    shown["issuer"] = list(face.issuer)
    text = composed(json.dumps(shown, ensure_ascii=False, sort_keys=True))
    return hashlib.sha256(text.encode()).hexdigest()
