"""How the demo's day ends: who has been served, and who is still pending for which reason.

Source: the real commune of this shape had 324 of 365 done in the evening; the other 41 were left for wrong data, other
duties or weak health. How those 41 divide is an assumption.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cardqueue.demo.draws import stream
from cardqueue.demo.people import MEMBERS, Member
from cardqueue.demo.planting import Office

# Kinds whose correction takes longer than the day, those that happen most first.
_UNSETTLED = (
    "SEX_MISMATCH", "YEAR_MISMATCH", "ID_OTHER_PERSON", "POP_NOT_FOUND", "POP_SEX", "NAME_OTHER_MIDDLE", "DOB_MONTH",
    "DOB_DAY", "NAME_NO_MIDDLE", "ID_ONE_DIGIT",
)  # fmt: skip

#: Pending members per reason in the evening, per 365.
PENDING_COUNTS = {
    "ID_MISSING": 3,
    "WRONG_INFO": 9,
    "UNDER_REVIEW": 1,
    "TRANSFER": 1,
    "WEAK_HEALTH": 12,
    "BUSY": 8,
    "AWAY": 4,
    "NO_OLD_CARD": 1,
    "NO_SHOW": 1,
    "TECH": 1,
}

_FITS: dict[str, Callable[[Member], bool]] = {
    "UNDER_REVIEW": lambda member: member.status == "under_review",
    "TRANSFER": lambda member: member.status == "transferring",
    "WEAK_HEALTH": lambda member: member.age >= 72,
    "BUSY": lambda member: member.cell.kind in ("office", "police", "school", "health", "military"),
    "AWAY": lambda member: member.age < 45,
}


def evening_pending(office: Office) -> dict[str, str]:
    """The members who are pending when the day ends, each with the reason; all other eligible members are done.

    Shapes: member key to a reason code of the ledger, 41 entries for the default commune.
    """
    rng = stream(office.commune.seed, "story")
    members = list(office.commune.members)
    rng.shuffle(members)
    planted = office.planted
    pending: dict[str, str] = {}
    for reason, count in PENDING_COUNTS.items():
        wanted = max(1, round(count * len(members) / MEMBERS))
        if reason in ("ID_MISSING", "WRONG_INFO"):
            kinds = _UNSETTLED if reason == "WRONG_INFO" else ("ID_MISSING",)
            candidates: Iterable[str] = (key for kind in kinds for key in planted.get(kind, ()))
        else:
            candidates = (member.key for member in members if reason not in _FITS or _FITS[reason](member))
        free = [key for key in dict.fromkeys(candidates) if key not in pending]
        pending |= dict.fromkeys(free[:wanted], reason)
    return pending
