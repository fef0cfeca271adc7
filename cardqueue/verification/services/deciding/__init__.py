"""The officer decides about one member or many alike, a second person confirms a new citizen ID; and takes it back."""

from cardqueue.verification.services.deciding.alike import Alike, decide_alike
from cardqueue.verification.services.deciding.second_person import confirm, refuse
from cardqueue.verification.services.deciding.settling import Outcome, Typed, decide
from cardqueue.verification.services.deciding.undoing import Undone, undo

__all__ = ["Alike", "Outcome", "Typed", "Undone", "confirm", "decide", "decide_alike", "refuse", "undo"]
