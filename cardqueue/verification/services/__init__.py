"""What people and timers do in the verification: bring extracts, compare, decide, purge."""

from cardqueue.verification.services.deciding import (
    Alike,
    Outcome,
    Typed,
    Undone,
    confirm,
    decide,
    decide_alike,
    refuse,
    undo,
)
from cardqueue.verification.services.extracts import (
    FaultyExtract,
    Reading,
    discard_extract,
    import_extract,
    keep_upload,
    purge_extract,
)
from cardqueue.verification.services.matching import Matched
from cardqueue.verification.services.runs import (
    Progress,
    advance_runs,
    match_changed,
    match_records,
    progress_of_runs,
    start_runs,
)

__all__ = [
    "Alike",
    "FaultyExtract",
    "Matched",
    "Outcome",
    "Progress",
    "Reading",
    "Typed",
    "Undone",
    "advance_runs",
    "confirm",
    "decide",
    "decide_alike",
    "discard_extract",
    "import_extract",
    "keep_upload",
    "match_changed",
    "match_records",
    "progress_of_runs",
    "purge_extract",
    "refuse",
    "start_runs",
    "undo",
]
