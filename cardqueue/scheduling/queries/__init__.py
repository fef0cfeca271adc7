"""Reads of the plan. Other features use these names.

`appointments_in_force`, `earliest_appointment_by_member`, `appointments_of_day`, `find_by_code`, `newest_of` tell when
members come; `blocks_of_committee`, `blocks_of_station` when cells do; `list_standings` who still has no time.
"""

from cardqueue.scheduling.queries.agreeing import answers_of, missing_answers, stations_of, submitted_to
from cardqueue.scheduling.queries.appointments import (
    appointments_in_force,
    appointments_of_day,
    booked_in,
    coming_to,
    earliest_appointment_by_member,
    find_by_code,
    newest_of,
)
from cardqueue.scheduling.queries.blocks import (
    BlockRow,
    appointments_of_block,
    blocks_of_committee,
    blocks_of_station,
    find_block,
    other_blocks_of_cell,
)
from cardqueue.scheduling.queries.by_hand import (
    Gap,
    Places,
    gap_in,
    gaps_for,
    options_by_hand,
    party_of_block,
    party_of_cell,
    places_for,
    work_for,
)
from cardqueue.scheduling.queries.delays import delays_of_stations
from cardqueue.scheduling.queries.make_ups import count_make_ups, list_candidates, list_make_ups
from cardqueue.scheduling.queries.pace import committee_minutes, find_pace, minutes_of, pace_of, planned_minutes
from cardqueue.scheduling.queries.plans import (
    Standing,
    cells_of,
    find_plan,
    find_proposal,
    list_open_windows,
    list_recent_plans,
    list_standings,
    list_stations,
    windows_by_id,
)
from cardqueue.scheduling.queries.quotas import Quotas, quotas_of
from cardqueue.scheduling.queries.wishes import (
    days_to_ask,
    find_wish,
    travel_minutes,
    wishes_from,
    wishes_of_committee,
)

__all__ = [
    "BlockRow",
    "Gap",
    "Places",
    "Quotas",
    "Standing",
    "answers_of",
    "appointments_in_force",
    "appointments_of_block",
    "appointments_of_day",
    "blocks_of_committee",
    "blocks_of_station",
    "booked_in",
    "cells_of",
    "coming_to",
    "committee_minutes",
    "count_make_ups",
    "days_to_ask",
    "delays_of_stations",
    "earliest_appointment_by_member",
    "find_block",
    "find_by_code",
    "find_pace",
    "find_plan",
    "find_proposal",
    "find_wish",
    "gap_in",
    "gaps_for",
    "list_candidates",
    "list_make_ups",
    "list_open_windows",
    "list_recent_plans",
    "list_standings",
    "list_stations",
    "minutes_of",
    "missing_answers",
    "newest_of",
    "options_by_hand",
    "other_blocks_of_cell",
    "pace_of",
    "party_of_block",
    "party_of_cell",
    "places_for",
    "planned_minutes",
    "quotas_of",
    "stations_of",
    "submitted_to",
    "travel_minutes",
    "windows_by_id",
    "wishes_from",
    "wishes_of_committee",
    "work_for",
]
