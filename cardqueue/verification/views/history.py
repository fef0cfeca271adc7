"""What was decided about a member: the values that hold, who decided what when, and a proposal that waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from cardqueue.verification.models import Check, DecisionRecord, DecisionState
from cardqueue.verification.rules import Field, Person, Segment, mark_differences
from cardqueue.verification.services.correcting import stored_changes
from cardqueue.verification.services.deciding.keeping import changes_of, member_before
from cardqueue.verification.words import (
    DECISION_STATES,
    DECISIONS,
    FIELDS,
    TO_BRING,
    level_word,
    shown,
    shown_masked,
)

_KINDS = {
    DecisionState.PROPOSED: "info",
    DecisionState.APPLIED: "good",
    DecisionState.REFUSED: "bad",
    DecisionState.UNDONE: "neutral",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A field as the committee sees it: what the list says, how it differs, what to bring, and the value that holds."""

    label: str
    old: str
    level: str
    new: str
    to_bring: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the history. Shapes: `changes` are (field, old, new) with numbers masked."""

    decision_id: int
    at: datetime
    who: str
    what: str
    changes: Sequence[tuple[str, str, str]]
    reason: str
    word: str
    kind: str
    then: str
    may_be_undone: bool


@dataclass(frozen=True, slots=True)
class Proposed:
    """A field of a proposal, whole, for the person who confirms it: what the list says and what it would say."""

    label: str
    old: Sequence[Segment]
    new: Sequence[Segment]


def changes(check: Check, member: Person) -> list[Change]:
    """The committee's table: the differing fields with masked numbers, and what was confirmed."""
    confirmed = stored_changes(check)
    fields = [field for field in Field if field in check.differences or field in confirmed]
    return [
        Change(
            str(FIELDS[field]),
            shown_masked(field, confirmed[field][0] if field in confirmed else member.value(field)),
            level_word(check.differences[field]) if field in check.differences else "",
            shown_masked(field, confirmed[field][1]) if field in confirmed else "",
            str(TO_BRING[field]),
        )
        for field in fields
    ]


def history(
    decisions: Sequence[DecisionRecord], names: Mapping[str, str], *, username: str, is_police: bool, is_chief: bool
) -> list[Entry]:
    """Who decided what when, from which value to which; only the police see what does not hold.

    Shapes: the newest come first; of a member's decisions that hold, the newest alone can be undone.
    """
    newest: dict[int, int] = {}
    for kept in decisions:
        if kept.state in (DecisionState.APPLIED, DecisionState.PROPOSED):
            newest.setdefault(kept.member_id, kept.id)
    return [
        Entry(
            kept.id,
            kept.decided_at,
            names.get(kept.decided_by, kept.decided_by),
            str(DECISIONS[kept.decision]),
            _said(kept) if is_police or kept.state == DecisionState.APPLIED else (),
            kept.reason or "",
            str(DECISION_STATES[kept.state]),
            _KINDS[DecisionState(kept.state)],
            _then(kept, names),
            is_police and newest.get(kept.member_id) == kept.id and (is_chief or kept.decided_by == username),
        )
        for kept in decisions
    ]


def proposed(kept: DecisionRecord) -> list[Proposed]:
    """What a proposal would change, in full."""
    before, rows = member_before(kept), []
    for field, (_old, new) in changes_of(kept).items():
        old_marked, new_marked = mark_differences(shown(field, before.get(field, "")), shown(field, new))
        rows.append(Proposed(str(FIELDS[field]), old_marked, new_marked))
    return rows


def _said(kept: DecisionRecord) -> list[tuple[str, str, str]]:
    return [
        (str(FIELDS[field]), shown_masked(field, old) or "–", shown_masked(field, new) or "–")
        for field, (old, new) in changes_of(kept).items()
    ]


def _then(kept: DecisionRecord, names: Mapping[str, str]) -> str:
    """What became of a decision: confirmed, refused or undone, by whom and why."""
    why = f" – {kept.answer}" if kept.answer else ""
    if kept.state == DecisionState.UNDONE and kept.undone_by:
        return f"{_('Hoàn tác: %(who)s', who=names.get(kept.undone_by, kept.undone_by))}{why}"
    if kept.answered_by is None:
        return ""
    who = names.get(kept.answered_by, kept.answered_by)
    if kept.state == DecisionState.REFUSED:
        return f"{_('Từ chối: %(who)s', who=who)}{why}"
    return str(_("Xác nhận: %(who)s", who=who))
