"""Pages of the plan: the timetable, the automatic proposal, booking by hand, rebooking."""

from cardqueue.scheduling.routes import (
    agreeing,
    by_hand,
    comparing,
    delays,
    dividing,
    make_ups,
    pace,
    plan,
    proposals,
    rebooking,
    shaping,
    simulation,
    wishes,
)
from cardqueue.scheduling.routes.blueprint import scheduling

__all__ = [
    "agreeing",
    "by_hand",
    "comparing",
    "delays",
    "dividing",
    "make_ups",
    "pace",
    "plan",
    "proposals",
    "rebooking",
    "scheduling",
    "shaping",
    "simulation",
    "wishes",
]
