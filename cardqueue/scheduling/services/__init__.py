"""Writes of the plan: the automatic proposal and its publishing, booking by hand, rebooking single members."""

from cardqueue.scheduling.services.agreeing import answer_plan, submit_plan, withdraw_plan
from cardqueue.scheduling.services.by_hand import book_cell, move_block, unbook_block
from cardqueue.scheduling.services.delays import delay_appointments
from cardqueue.scheduling.services.dividing import divide_window
from cardqueue.scheduling.services.make_ups import accept_make_ups, propose_make_ups
from cardqueue.scheduling.services.pace import Served, end_trial, fix_minutes, learn, release_minutes, start_trial
from cardqueue.scheduling.services.planning import discard_plan, plan_campaign, publish_plan, what_if
from cardqueue.scheduling.services.rebooking import cancel_appointment, rebook_member, require_invitable
from cardqueue.scheduling.services.shaping import merge_block, pin_block, split_block
from cardqueue.scheduling.services.wishes import state_wishes

__all__ = [
    "Served",
    "accept_make_ups",
    "answer_plan",
    "book_cell",
    "cancel_appointment",
    "delay_appointments",
    "discard_plan",
    "divide_window",
    "end_trial",
    "fix_minutes",
    "learn",
    "merge_block",
    "move_block",
    "pin_block",
    "plan_campaign",
    "propose_make_ups",
    "publish_plan",
    "rebook_member",
    "release_minutes",
    "require_invitable",
    "split_block",
    "start_trial",
    "state_wishes",
    "submit_plan",
    "unbook_block",
    "what_if",
    "withdraw_plan",
]
