"""What a slip says, and whether it says anything new: decisions about slips without database, clock or paper."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from cardqueue.core.pdf.fonts import composed
from cardqueue.lib.clock import to_local

DEFAULT_TITLE = "GIẤY HẸN ĐỔI THẺ ĐẢNG VIÊN"
# On a slip whose member may still hold an older one that says something else.
REVISION = "Giấy mới – thay giấy đã phát"

# Eight digits in a row are an old card number, nine an old identity number, twelve a citizen ID.
_UNMASKED = re.compile(r"\d{8}")
# They tell when and how often the slip was printed, not what the member has to do.
_ABOUT_THE_PRINT = ("place_and_date", "revision")


class SlipState(StrEnum):
    """Whether a member holds the slip that is in force."""

    NEW = "new"
    CHANGED = "changed"
    PRINTED = "printed"


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
    shown = {field.name: getattr(face, field.name) for field in fields(face) if field.name not in _ABOUT_THE_PRINT}
    shown["issuer"] = "\n".join(face.issuer)
    shown["arrive_at"] = f"{to_local(face.arrive_at):%Y-%m-%dT%H:%M}"
    read = {name: composed(text) for name, text in shown.items()}
    text = json.dumps(read, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def slip_state(fingerprint: str, printed: str | None, *, replaces_printed: bool) -> SlipState:
    """Whether a slip has to be printed, and why.

    Shapes: `printed` is the fingerprint of the appointment's last print; `replaces_printed` says that a slip of an
    earlier appointment of the same member was printed.
    """
    if printed is None:
        return SlipState.CHANGED if replaces_printed else SlipState.NEW
    return SlipState.PRINTED if printed == fingerprint else SlipState.CHANGED


def sentences(*texts: str) -> str:
    """Texts of the campaign one after the other, each ended with a full stop; empty ones are left out."""
    kept = [text.strip() for text in texts if text.strip()]
    return " ".join(text if text.endswith((".", "!", "?")) else f"{text}." for text in kept)
