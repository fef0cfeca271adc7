"""Hash-only hand-overs: population records that stay with the police, and keyed hashes that leave.

Pure, for a machine with neither Flask nor a database:

    hashing   the key, and the hashes that are made of one record under it
    files     the file that is handed over: sorted, sealed, whole or not at all

`registries.hashes` looks people up in them, `registries.key_files` keeps the keys on the server.
"""
