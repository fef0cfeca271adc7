"""Pure decisions of the plan: what the planner is asked, what a proposal says, how a day is drawn."""
