"""What the pages of the verification show, made ready: words, masked numbers and marked letters."""

from cardqueue.verification.views.case import (
    Candidate,
    Compared,
    candidate_cards,
    compared,
    compared_alone,
    compared_blind,
    number_says,
    spelled,
)
from cardqueue.verification.views.history import Change, Entry, Proposed, changes, history, proposed
from cardqueue.verification.views.worklist import Row, state_of, worklist_row

__all__ = [
    "Candidate",
    "Change",
    "Compared",
    "Entry",
    "Proposed",
    "Row",
    "candidate_cards",
    "changes",
    "compared",
    "compared_alone",
    "compared_blind",
    "history",
    "number_says",
    "proposed",
    "spelled",
    "state_of",
    "worklist_row",
]
