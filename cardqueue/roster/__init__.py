"""Step 1: Excel lists become members in their cells, with a dry run, row errors and a way back."""
