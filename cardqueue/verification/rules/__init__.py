"""Decisions of the verification, pure: comparing two records, marking where they differ, reading an extract."""

from cardqueue.verification.rules.comparing import (
    Comparison,
    Field,
    Level,
    Person,
    assess,
    compare,
    corrected,
    is_citizen_id,
    may_follow_record,
    number_faults,
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
    "assess",
    "column_letter",
    "compare",
    "corrected",
    "find_columns",
    "is_citizen_id",
    "mark_differences",
    "may_follow_record",
    "number_faults",
    "read_records",
    "samples",
]
