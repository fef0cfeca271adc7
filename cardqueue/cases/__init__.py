"""Step 2, the ledger: every member of a campaign is always exactly one of not yet, done, or pending with a reason."""
