"""Decisions of the verification, pure: comparing two records, marking where they differ, reading an extract."""

from cardqueue.verification.rules.comparing import (
    Comparison,
    Field,
    Level,
    Person,
    compare,
    corrected,
    evidence_of,
    is_citizen_id,
    is_spelling_only,
    iso_date,
    may_follow_record,
    number_faults,
    with_duplicate,
)
from cardqueue.verification.rules.extract import (
    Columns,
    ExtractFault,
    ExtractGuess,
    Fault,
    column_letter,
    find_columns,
    read_records,
    samples,
)
from cardqueue.verification.rules.marking import Segment, mark_differences

__all__ = [
    "Columns",
    "Comparison",
    "ExtractFault",
    "ExtractGuess",
    "Fault",
    "Field",
    "Level",
    "Person",
    "Segment",
    "column_letter",
    "compare",
    "corrected",
    "evidence_of",
    "find_columns",
    "is_citizen_id",
    "is_spelling_only",
    "iso_date",
    "mark_differences",
    "may_follow_record",
    "number_faults",
    "read_records",
    "samples",
    "with_duplicate",
]
