"""Why the server declined, as a command says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cardqueue.core.errors import Refused

_SAID: Final = {
    "HANDOVER_OTHER_FILE": "expected a hash-only hand-over as `cardqueue registry hash` writes it",
    "HANDOVER_OTHER_VERSION": "the hand-over was made by another version of this program; make it anew with this one",
    "HANDOVER_CUT": "the hand-over was cut: {found} of {expected} people are there; copy it again",
    "HANDOVER_DAMAGED": "the hand-over was damaged or altered after it was made; copy it again",
    "HANDOVER_OTHER_KEY": "the hand-over was made under another key",
    "HANDOVER_KEY_ABSENT": (
        "this server does not have the key {fingerprint} for the campaign; bring it with `cardqueue registry keep-key`"
    ),
    "EXTRACT_IS_PARTY_LIST": (
        "the file has a column of days of joining the Party: it is a list of members;"
        " if it holds the population after all, delete that column"
    ),
    "VERIFICATION_CLOSED": "the campaign is closed",
}


def said_of_refusal(refused: Refused) -> str:
    """A refusal in a sentence, by its code where it has none."""
    words = _SAID.get(refused.reason_code)
    if words is None:
        return f"{refused.reason_code} {refused.values or ''}".strip()
    return words.format(**refused.values)
