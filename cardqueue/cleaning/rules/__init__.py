"""Pure decisions of the data cleaning: how good a member's data is, and how two lists differ."""
