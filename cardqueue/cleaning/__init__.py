"""Cleaning the data on the Party's side: what to correct, how good the data is, and what members say themselves."""
