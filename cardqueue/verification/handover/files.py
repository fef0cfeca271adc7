"""The file of a hash-only hand-over: lines of text, written whole or not at all.

    cardqueue hand-over 1
    campaign: Đợt đổi thẻ tháng 8
    fingerprint: 1f0c-…            names the key and does not give it away
    made on: 2026-08-01
    people: 40000
    AX2k…                          a line for each person: ten keys of 8 bytes, big-endian, in base64
    seal: …                        a keyed hash of everything above, in base64

The lines are sorted by the hash of the number, so that the order of the extract (by household, by day of issue) is not
handed over. Nothing in the file can be read, or told from chance, without the key.
"""

from __future__ import annotations

import base64
import binascii
import heapq
import io
import os
import struct
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, BinaryIO, Final

from cardqueue.verification.handover.hashing import FORMAT_VERSION, HandoverKey, HashedFields

SUFFIX: Final = ".cqh"
_ANY_VERSION: Final = b"cardqueue hand-over "
FIRST_LINE: Final = f"{_ANY_VERSION.decode()}{FORMAT_VERSION}"
HEADER_LINES: Final = 5
_SEAL: Final = "seal: "
_ROW: Final = struct.Struct(">10Q")
_LINE_BYTES: Final = -(-_ROW.size // 3) * 4 + 1
_SEAL_BYTES: Final = len(_SEAL) + 44 + 1
_LONGEST_LINE: Final = 1_000
#: Rows sorted in memory at once, about 60 MB.
_RUN: Final = 500_000


class HandoverFault(StrEnum):
    """What is wrong with a hand-over."""

    OTHER_FILE = "other_file"
    OTHER_VERSION = "other_version"
    DAMAGED = "damaged"
    CUT = "cut"
    OTHER_KEY = "other_key"


class BadHandover(ValueError):
    """A file that is no hand-over or cannot be trusted. Units: `expected` and `found` count people, 0 if unknown."""

    def __init__(self, fault: HandoverFault, expected: int = 0, found: int = 0) -> None:
        super().__init__(fault.value)
        self.fault, self.expected, self.found = fault, expected, found


@dataclass(frozen=True, slots=True)
class Header:
    """What a hand-over says of itself."""

    campaign: str
    fingerprint: str
    made_on: str
    people: int

    def lines(self) -> bytes:
        """The first lines of the file."""
        # A quotation mark would be the beginning of a quotation to whoever reads the lines as a table.
        campaign = " ".join(self.campaign.replace('"', " ").split())
        said = (
            FIRST_LINE, f"campaign: {campaign}", f"fingerprint: {self.fingerprint}", f"made on: {self.made_on}",
            f"people: {self.people}",
        )  # fmt: skip
        return "".join(f"{line}\n" for line in said).encode()


class Handover:
    """A hand-over that was opened: all of it is there, unless it was damaged on the way.

    Raises: BadHandover, OSError.
    """

    def __init__(self, content: Path | bytes) -> None:
        self._content = content
        with self._open() as source:
            self.header = _read_header(source)
            self._begins_at = source.tell()
            size = source.seek(0, io.SEEK_END)
        self._ends_at = self.byte_of(self.header.people)
        if size != self._ends_at + _SEAL_BYTES:
            is_cut = size < self._ends_at + _SEAL_BYTES
            found = min(max(size - self._begins_at, 0) // _LINE_BYTES, self.header.people)
            raise BadHandover(HandoverFault.CUT if is_cut else HandoverFault.DAMAGED, self.header.people, found)

    def check(self, key: HandoverKey) -> None:
        """Make sure that the file was made under this key and is as it was made.

        Raises: BadHandover.
        """
        if key.fingerprint != self.header.fingerprint:
            raise BadHandover(HandoverFault.OTHER_KEY)
        seal = key.seal()
        with self._open() as source:
            left = self._ends_at
            while left and (piece := source.read(min(left, 1 << 20))):
                seal.feed(piece)
                left -= len(piece)
            if source.read() != _seal_line(seal.digest()):
                raise BadHandover(HandoverFault.DAMAGED)

    def rows(self, after: int = 0) -> Iterator[HashedFields]:
        """The hashes of every person, without the first `after` of them.

        Raises: BadHandover.
        """
        with self._open() as source:
            source.seek(self.byte_of(after))
            for _ in range(after, self.header.people):
                yield _read_row(source.read(_LINE_BYTES))

    def byte_of(self, row: int) -> int:
        """Where in the file a row begins."""
        return self._begins_at + row * _LINE_BYTES

    def _open(self) -> BinaryIO:
        return self._content.open("rb") if isinstance(self._content, Path) else io.BytesIO(self._content)


def is_handover(content: Path | bytes) -> bool:
    """Whether a file begins as hand-overs do, of whatever version."""
    if isinstance(content, bytes):
        return content.startswith(_ANY_VERSION)
    with content.open("rb") as source:
        return source.read(len(_ANY_VERSION)) == _ANY_VERSION


def _read_row(line: bytes) -> HashedFields:
    try:
        return HashedFields(*_ROW.unpack(base64.b64decode(line.removesuffix(b"\n"), validate=True)))
    except (binascii.Error, ValueError, struct.error):
        raise BadHandover(HandoverFault.DAMAGED) from None


def write_handover(
    path: Path, key: HandoverKey, rows: Iterable[HashedFields], *, made_on: str, note: Callable[[int], None]
) -> int:
    """Sort the rows and write them beside the target, then move the file into place; returns how many there are.

    Of rows that say the same, one is kept; a number with two different rows is kept twice, to be seen. `note` is told
    now and then how many rows were hashed. Nothing but hashes ever stands on the disk.

    Raises: OSError.
    """
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as name:
        folder = Path(name)
        runs = _sorted_runs(rows, folder, note)
        body, count = folder / "body", 0
        with body.open("wb") as target:
            last = b""
            for row in heapq.merge(*map(_rows_of, runs)):
                if row != last:
                    target.write(base64.b64encode(row) + b"\n")
                    last, count = row, count + 1
        header = Header(key.campaign, key.fingerprint, made_on, count)
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
    """Runs of sorted rows: what stands in memory is sorted, what does not fit there is merged later."""
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


def _rows_of(run: Path) -> Iterator[bytes]:
    with run.open("rb") as source:
        while row := source.read(_ROW.size):
            yield row


def _seal_into(target: IO[bytes], key: HandoverKey, header: Header, body: Path) -> None:
    seal = key.seal()

    def put(piece: bytes) -> None:
        seal.feed(piece)
        target.write(piece)

    put(header.lines())
    with body.open("rb") as source:
        while piece := source.read(1 << 20):
            put(piece)
    target.write(_seal_line(seal.digest()))
    target.flush()
    os.fsync(target.fileno())


def _seal_line(digest: bytes) -> bytes:
    return _SEAL.encode() + base64.b64encode(digest) + b"\n"


def _read_header(source: BinaryIO) -> Header:
    lines = [source.readline(_LONGEST_LINE).decode("utf-8", "replace") for _ in range(HEADER_LINES)]
    first = lines[0].rstrip("\r\n")
    if first != FIRST_LINE:
        is_cut = bool(first) and FIRST_LINE.startswith(first)
        fault = HandoverFault.OTHER_VERSION if is_handover(first.encode()) else HandoverFault.OTHER_FILE
        raise BadHandover(HandoverFault.CUT if is_cut else fault)
    if not all(line.endswith("\n") for line in lines):
        raise BadHandover(HandoverFault.CUT)
    said = [line.rstrip("\r\n").partition(": ")[2] for line in lines]
    if not (said[4].isascii() and said[4].isdecimal()):
        raise BadHandover(HandoverFault.DAMAGED)
    return Header(said[1], said[2], said[3], int(said[4]))
