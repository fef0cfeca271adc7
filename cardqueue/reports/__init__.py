"""Step 8: progress, numbers and exports; every number is counted from the ledger."""
