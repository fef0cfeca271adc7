"""Writes of the plan: the automatic proposal and its publishing, booking by hand, rebooking single members."""

from cardqueue.scheduling.services.by_hand import book_cell, move_block, unbook_block
from cardqueue.scheduling.services.planning import discard_plan, plan_campaign, publish_plan
from cardqueue.scheduling.services.rebooking import cancel_appointment, rebook_member, require_invitable
from cardqueue.scheduling.services.wishes import state_wishes

__all__ = [
    "book_cell",
    "cancel_appointment",
    "discard_plan",
    "move_block",
    "plan_campaign",
    "publish_plan",
    "rebook_member",
    "require_invitable",
    "state_wishes",
    "unbook_block",
]
