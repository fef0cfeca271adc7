"""Pages of the verification: the worklist with its decisions, and the extracts of population records."""

from cardqueue.verification.routes import extracts, worklist
from cardqueue.verification.routes.blueprint import verification

__all__ = ["extracts", "verification", "worklist"]
