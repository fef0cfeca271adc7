"""Step 3: rosters against population records, field by field; a wrong person is never accepted."""
