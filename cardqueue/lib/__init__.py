"""Pure foundations: no Flask, no database. Time is read in `clock` alone."""
