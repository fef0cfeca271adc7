"""A second, independent judge of the matching: other people, other mistakes, whole blocks of rows that went wrong.

families  a registry of households: fathers and sons of one name, twins, namesakes, highland, Khmer and Chăm names
cells     what happens to one row: hasty fingers, scans, exports, wrong columns
blocks    what happens to many rows at once: a column shifted by one, dragged, sorted alone
worlds    rosters with answers; the registry has its own faults, and some members are not in it

Its seeds were never used to choose a rule or a number of the engine; the other generator's were.
"""
