"""The file of a hash-only hand-over: written whole or not at all, read row by row from wherever reading stopped.

    cardqueue hand-over 1                      the first line
    {"campaign": …, "fingerprint": …, …}       one line of JSON: what the file says of itself
    rows of 72 bytes                           nine keys of 8 bytes each, big-endian, in the order of the first
    32 bytes                                   the seal: a keyed hash of everything above

The rows are sorted by the hash of the number, so that the order of the extract (by household, by day of issue) is not
handed over. Nothing in the file can be read, or told from chance, without the key.
"""

from __future__ import annotations

import heapq
import json
import os
import struct
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Final

from cardqueue.verification.registries.hashing import FORMAT_VERSION, HandoverKey, HashedFields

SUFFIX: Final = ".cqh"
_FIRST_LINE: Final = f"cardqueue hand-over {FORMAT_VERSION}\n".encode()
_ANY_VERSION: Final = b"cardqueue hand-over "
_ROW: Final = struct.Struct(">9Q")
_SEAL_BYTES: Final = 32
_LONGEST_LINE: Final = 4_096
#: Rows sorted in memory at once, about 60 MB.
_RUN: Final = 500_000
_READ_AT_ONCE: Final = 4_096


class HandoverFault(StrEnum):
    """What is wrong with a hand-over."""

    OTHER_FILE = "other_file"
    OTHER_VERSION = "other_version"
    DAMAGED = "damaged"
    CUT = "cut"
    OTHER_KEY = "other_key"


class BadHandover(ValueError):
    """A file that is no hand-over or cannot be trusted. Units: `expected` and `found` count rows, 0 where unknown."""

    def __init__(self, fault: HandoverFault, expected: int = 0, found: int = 0) -> None:
        super().__init__(fault.value)
        self.fault, self.expected, self.found = fault, expected, found


@dataclass(frozen=True, slots=True)
class Header:
    """What a hand-over says of itself; `fingerprint` names the key and does not give it away."""

    fingerprint: str
    campaign: str
    rows: int
    made_on: str


@dataclass(frozen=True, slots=True)
class Handover:
    """A hand-over that was opened. Units: `begins_at` is the byte of the first row."""

    path: Path
    header: Header
    begins_at: int

    @property
    def ends_at(self) -> int:
        """The byte behind the last row."""
        return self.begins_at + self.header.rows * _ROW.size

    def check(self, key: HandoverKey) -> None:
        """Make sure that the file is whole and was made under this key.

        Raises: BadHandover.
        """
        if key.fingerprint != self.header.fingerprint:
            raise BadHandover(HandoverFault.OTHER_KEY)
        seal = key.seal()
        with self.path.open("rb") as source:
            left = self.ends_at
            while left and (piece := source.read(min(left, 1 << 20))):
                seal.feed(piece)
                left -= len(piece)
            if source.read() != seal.digest():
                raise BadHandover(HandoverFault.DAMAGED)

    def rows(self, after: int = 0) -> Iterator[HashedFields]:
        """The rows, without the first `after` of them."""
        with self.path.open("rb") as source:
            source.seek(self.begins_at + after * _ROW.size)
            left = self.header.rows - after
            while left > 0 and (piece := source.read(min(left, _READ_AT_ONCE) * _ROW.size)):
                for keys in _ROW.iter_unpack(piece):
                    yield HashedFields(*keys)
                left -= len(piece) // _ROW.size


def open_handover(path: Path) -> Handover:
    """Read what a file says of itself, and see whether it is all there.

    Raises: BadHandover, OSError.
    """
    with path.open("rb") as source:
        first = source.readline(_LONGEST_LINE)
        if first != _FIRST_LINE:
            is_other = first.startswith(_ANY_VERSION) and first.endswith(b"\n")
            is_cut = _FIRST_LINE.startswith(first) and bool(first)
            fault = HandoverFault.OTHER_VERSION if is_other else HandoverFault.OTHER_FILE
            raise BadHandover(HandoverFault.CUT if is_cut else fault)
        line = source.readline(_LONGEST_LINE)
        if not line.endswith(b"\n"):
            raise BadHandover(HandoverFault.CUT)
        header, begins_at = _read_header(line), source.tell()
    found = Handover(path, header, begins_at)
    size = path.stat().st_size
    if size != found.ends_at + _SEAL_BYTES:
        is_cut = size < found.ends_at + _SEAL_BYTES
        rows = min(max(size - begins_at, 0) // _ROW.size, header.rows)
        raise BadHandover(HandoverFault.CUT if is_cut else HandoverFault.DAMAGED, header.rows, rows)
    return found


def write_handover(
    path: Path, key: HandoverKey, rows: Iterable[HashedFields], *, made_on: str, note: Callable[[int], None]
) -> int:
    """Sort the rows and write them beside the target, then move the file into place; returns how many there are.

    Of rows that say the same, one is kept; a number with two different rows is kept twice, to be seen. `note` is told
    how many rows were hashed so far. Nothing but hashes ever stands on the disk.

    Raises: OSError.
    """
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as name:
        folder = Path(name)
        runs = _sorted_runs(rows, folder, note)
        body, count = folder / "rows", 0
        with body.open("wb") as target:
            last = b""
            for row in heapq.merge(*map(_records_of, runs)):
                if row != last:
                    target.write(row)
                    last, count = row, count + 1
        header = Header(key.fingerprint, key.campaign, count, made_on)
        draft = folder / "draft"
        with draft.open("wb") as target:
            _seal_into(target, key, header, body)
        # A private temporary file becomes an ordinary one, as if it had been opened for writing.
        mask = os.umask(0)
        os.umask(mask)
        draft.chmod(0o666 & ~mask)
        draft.replace(path)
    return count


def _sorted_runs(rows: Iterable[HashedFields], folder: Path, note: Callable[[int], None]) -> list[Path]:
    """Runs of sorted rows: sorting what stands in memory, merging what does not fit there."""
    runs: list[Path] = []
    run: list[bytes] = []

    def put_away() -> None:
        run.sort()
        runs.append(folder / f"run-{len(runs)}")
        with runs[-1].open("wb") as target:
            target.writelines(run)
        run.clear()

    count = 0
    for count, row in enumerate(rows, start=1):
        run.append(_ROW.pack(*row))
        if len(run) == _RUN:
            put_away()
        if count % 1_000 == 0:
            note(count)
    put_away()
    note(count)
    return runs


def _records_of(run: Path) -> Iterator[bytes]:
    with run.open("rb", buffering=_READ_AT_ONCE * _ROW.size) as source:
        while record := source.read(_ROW.size):
            yield record
    with suppress(OSError):
        run.unlink()


def _seal_into(target: IO[bytes], key: HandoverKey, header: Header, body: Path) -> None:
    seal = key.seal()

    def put(piece: bytes) -> None:
        seal.feed(piece)
        target.write(piece)

    put(_FIRST_LINE)
    put(json.dumps(asdict(header), ensure_ascii=False, sort_keys=True).encode() + b"\n")
    with body.open("rb") as source:
        while piece := source.read(1 << 20):
            put(piece)
    target.write(seal.digest())
    target.flush()
    os.fsync(target.fileno())


def _read_header(line: bytes) -> Header:
    try:
        said = json.loads(line)
        header = Header(str(said["fingerprint"]), str(said["campaign"]), int(said["rows"]), str(said["made_on"]))
    except (ValueError, KeyError, TypeError):
        raise BadHandover(HandoverFault.DAMAGED) from None
    if header.rows < 0:
        raise BadHandover(HandoverFault.DAMAGED)
    return header
