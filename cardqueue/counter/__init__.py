"""Step 7: the desk: scan or find, check in, take, finish with an outcome, undo."""
