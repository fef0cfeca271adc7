"""Pages of the verification: the worklist, one decision or many, the second person, and the extracts."""

from cardqueue.verification.routes import alike, card, decide, decisions, extracts, handovers, runs, worklist
from cardqueue.verification.routes.blueprint import verification

__all__ = ["alike", "card", "decide", "decisions", "extracts", "handovers", "runs", "verification", "worklist"]
