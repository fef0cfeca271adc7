"""How long people wait under the planner's plans, beside the plain rules that an office would use without it."""
