"""Pure decisions about lists and members: what a row says, whom it means, what it changes, which cell it names."""
