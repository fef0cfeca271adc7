"""A row of the worklist, and the word for how a check stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from cardqueue.verification.models import Check, CheckStatus, Decision
from cardqueue.verification.queries import SETTLED
from cardqueue.verification.words import STATUSES, difference

_KINDS = {
    CheckStatus.MATCH: "good",
    CheckStatus.MISMATCH: "bad",
    CheckStatus.NOT_FOUND: "bad",
    CheckStatus.DUPLICATE: "bad",
    CheckStatus.MISSING: "warning",
    CheckStatus.AMBIGUOUS: "warning",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A member on the worklist."""

    member_id: int
    name: str
    cell: str
    arrive_at: datetime | None
    differences: Sequence[str]
    word: str
    kind: str


def worklist_row(check: Check, arrive_at: datetime | None, *, waits: bool = False) -> Row:
    """A check as a row of the worklist; `waits` for a second person."""
    word, kind = state_of(check, waits=waits)
    return Row(
        check.member_id,
        check.member.full_name,
        check.member.cell.name,
        arrive_at,
        [difference(field, level) for field, level in check.differences.items()],
        word,
        kind,
    )


def state_of(check: Check, *, waits: bool = False) -> tuple[str, str]:
    """The word and the kind of a check's tag."""
    if waits:
        return _("Chờ người thứ hai"), "info"
    if check.decision in SETTLED:
        return _("Đã xử lý"), "good"
    if check.decision == Decision.ASK_CELL:
        return _("Chờ chi bộ"), "info"
    if check.status == CheckStatus.MISMATCH and not check.blocks:
        # It keeps nobody from coming.
        return str(STATUSES[check.status]), "warning"
    return str(STATUSES[check.status]), _KINDS[CheckStatus(check.status)]
