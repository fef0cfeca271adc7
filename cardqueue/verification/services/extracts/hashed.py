"""The hash-only kind of extract: its lines are rows of `hashed_record` already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cardqueue.core.database import table_of
from cardqueue.core.errors import Refused
from cardqueue.verification.handover.files import HEADER_LINES, BadHandover, Handover
from cardqueue.verification.handover.hashing import HandoverKey, HashedFields
from cardqueue.verification.models import HashedRecord
from cardqueue.verification.services.extracts.loading import Read

HASHES = "hashes"


class FaultyHandover(Refused):
    """A hand-over that cannot be used; its reason code says why.

    Shapes: HANDOVER_OTHER_FILE, _OTHER_VERSION, _DAMAGED, _CUT, _OTHER_KEY.
    """

    def __init__(self, bad: BadHandover) -> None:
        super().__init__(f"HANDOVER_{bad.fault.upper()}", expected=bad.expected, found=bad.found)


class HashLoader:
    """Loads the lines of a hand-over."""

    #: Of rows that say the same, one was kept when the file was made.
    same: Sequence[str] = ()

    def __init__(self, handover: Handover) -> None:
        self.table: sa.Table = table_of(HashedRecord)
        self._handover = handover

    def lines(self, after: int) -> Iterator[Read]:
        """The lines behind a line.

        Raises: FaultyHandover, where a line is not what was sealed.
        """
        passed = max(after - HEADER_LINES, 0)
        try:
            for row, hashes in enumerate(self._handover.rows(passed), start=passed + 1):
                yield Read(HEADER_LINES + row, self._handover.byte_of(row), _columns(hashes))
        except BadHandover as bad:
            raise FaultyHandover(bad) from None


def open_handover(content: Path | bytes) -> Handover:
    """A hand-over, all of it.

    Raises: FaultyHandover, OSError.
    """
    try:
        return Handover(content)
    except BadHandover as bad:
        raise FaultyHandover(bad) from None


def check_handover(handover: Handover, key: HandoverKey) -> dict[str, Any]:
    """Make sure that a hand-over is as it was made, under this key; what is stored of it with the extract.

    Raises: FaultyHandover.
    """
    try:
        handover.check(key)
    except BadHandover as bad:
        raise FaultyHandover(bad) from None
    header = handover.header
    return {"fingerprint": header.fingerprint, "campaign": header.campaign, "made_on": header.made_on}


def _columns(hashes: HashedFields) -> dict[str, int | None]:
    return {**hashes._asdict(), "old_key": hashes.old_key or None}
