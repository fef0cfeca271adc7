"""What people and timers do in the verification: bring extracts, compare, decide, purge."""

from cardqueue.verification.services.deciding import Typed, decide
from cardqueue.verification.services.extracts import (
    FaultyExtract,
    Reading,
    discard_upload,
    import_extract,
    keep_upload,
    open_upload,
    purge_extract,
    read_upload,
)
from cardqueue.verification.services.matching import Matched, match_changed, match_records

__all__ = [
    "FaultyExtract",
    "Matched",
    "Reading",
    "Typed",
    "decide",
    "discard_upload",
    "import_extract",
    "keep_upload",
    "match_changed",
    "match_records",
    "open_upload",
    "purge_extract",
    "read_upload",
]
