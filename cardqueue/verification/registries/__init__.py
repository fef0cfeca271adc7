"""Sources of population records, each answering to `engine.registry.Registry`.

records   an open extract: the table of encrypted records with blind keys
"""
