"""The matching engine: which population record is the person of a roster row, and in which fields the two differ.

Without Flask and without the product's database. In the order in which a row meets them:

    shapes      what goes in and comes out
    tables      CSV in flat memory, with the line and column of whatever is wrong
    files       rosters, cells and decisions: their columns
    names, numbers, dates, places    one cell, read as people type it, and the keys it is found by
    evidence    a whole row, cells typed into the wrong column included
    levels      how far a row and a record agree, field by field
    glancing    which records cannot be meant, told without comparing them in full
    registry    where records come from: what every source has to answer
    keys        what a row's records are looked up by
    databases   where a run keeps its tables: a private file, or temporary tables of PostgreSQL
    blocking    the source of files: set-based joins over those tables find the few records worth comparing
    posterior   how probable each candidate is, with "nobody" as one of them
    deciding    the decision table: a score never decides alone
    matching    a batch of rows against a registry
    duplicates  two rows that are one person
    running     all of it for files, in batches of constant size
    estimating  the posterior's parameters, learnt from decisions

Only number, name, birth date and sex together make a match, and only encoding is folded away before they are compared.
Everything else is a proposal that a person confirms.
"""
