"""Step 4: windows × lines × measured minutes become a block per cell and an arrival time per member."""
