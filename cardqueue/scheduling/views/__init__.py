"""What the pages of the plan show, made ready for templates that only loop."""

from cardqueue.scheduling.views.agreement import agreement_of
from cardqueue.scheduling.views.changes import moves_of, notes_of, plan_name, side_by_side, unplaced_of
from cardqueue.scheduling.views.choices import Preview, fill_of, gap_label, option_of, preview_of, wishes_in_words
from cardqueue.scheduling.views.delays import Lateness, lateness_of
from cardqueue.scheduling.views.dividing import part_of
from cardqueue.scheduling.views.forecast import forecast_of, measures_of, outlook_in_words, remedy_in_words
from cardqueue.scheduling.views.make_ups import MakeUps, make_ups_of, outcomes_in_words
from cardqueue.scheduling.views.pace import pace_in_words
from cardqueue.scheduling.views.sentences import (
    is_late,
    no_fit_in_words,
    open_in_words,
    sum_in_words,
    why,
    window_label,
)
from cardqueue.scheduling.views.simulation import chart_of, minutes, numbers_of
from cardqueue.scheduling.views.timetable import Day, days_of, turns_of_blocks, turns_of_proposal

__all__ = [
    "Day",
    "Lateness",
    "MakeUps",
    "Preview",
    "agreement_of",
    "chart_of",
    "days_of",
    "fill_of",
    "forecast_of",
    "gap_label",
    "is_late",
    "lateness_of",
    "make_ups_of",
    "measures_of",
    "minutes",
    "moves_of",
    "no_fit_in_words",
    "notes_of",
    "numbers_of",
    "open_in_words",
    "option_of",
    "outcomes_in_words",
    "outlook_in_words",
    "pace_in_words",
    "part_of",
    "plan_name",
    "preview_of",
    "remedy_in_words",
    "side_by_side",
    "sum_in_words",
    "turns_of_blocks",
    "turns_of_proposal",
    "unplaced_of",
    "why",
    "window_label",
    "wishes_in_words",
]
