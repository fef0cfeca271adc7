"""Pages of the verification: the worklist, one decision or many, the second person, and the extracts."""

from cardqueue.verification.routes import alike, decide, decisions, extracts, worklist
from cardqueue.verification.routes.blueprint import verification

__all__ = ["alike", "decide", "decisions", "extracts", "verification", "worklist"]
