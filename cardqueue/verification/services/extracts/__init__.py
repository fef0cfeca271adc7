"""Extracts of population records: brought whole or not at all, replaced, purged.

files     what was brought, looked into and read line by line
faults    why it was not taken
records   lines of people as encrypted records; another kind of extract is another `Loader` in `bringing.LOADERS`
loading   chunks read, stored and put in force
bringing  uploads kept, loads begun, small files loaded at once
purging   records deleted for good
"""

from cardqueue.verification.services.extracts.bringing import (
    LOADERS,
    RECORDS,
    begin_file_load,
    begin_load,
    discard_unfinished,
    import_extract,
    keep_upload,
    load_at_once,
    loader_of,
    open_upload,
)
from cardqueue.verification.services.extracts.faults import MOST_FAULTS, FaultyExtract, UnreadableExtract
from cardqueue.verification.services.extracts.files import BroughtFile, digest_of
from cardqueue.verification.services.extracts.loading import (
    CHUNK_LINES,
    Chunk,
    Loader,
    Read,
    fail_load,
    put_in_force,
    read_chunks,
    store_chunk,
)
from cardqueue.verification.services.extracts.purging import (
    RECORD_TABLES,
    UNFINISHED,
    discard_extract,
    purge_extract,
    require_open,
)
from cardqueue.verification.services.extracts.records import (
    Reading,
    RecordLoader,
    guess_reading,
    settle_reading,
)

__all__ = [
    "CHUNK_LINES",
    "LOADERS",
    "MOST_FAULTS",
    "RECORDS",
    "RECORD_TABLES",
    "UNFINISHED",
    "BroughtFile",
    "Chunk",
    "FaultyExtract",
    "Loader",
    "Read",
    "Reading",
    "RecordLoader",
    "UnreadableExtract",
    "begin_file_load",
    "begin_load",
    "digest_of",
    "discard_extract",
    "discard_unfinished",
    "fail_load",
    "guess_reading",
    "import_extract",
    "keep_upload",
    "load_at_once",
    "loader_of",
    "open_upload",
    "purge_extract",
    "put_in_force",
    "read_chunks",
    "require_open",
    "settle_reading",
    "store_chunk",
]
