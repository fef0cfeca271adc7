"""Rosters, registries and cells as they come in, decisions as they go out: the CSV files of `cardqueue match`."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from cardqueue.verification.engine.shapes import Decision, RosterRow
from cardqueue.verification.engine.tables import Table

ROSTER = ("row_id", "ho_ten", "ngay_sinh", "gioi_tinh", "so_dinh_danh")
ROSTER_ALSO = ("que_quan", "so_the_dang", "chi_bo")
REGISTRY = ("so_dinh_danh", "ho_ten", "ngay_sinh", "gioi_tinh")
REGISTRY_ALSO = ("que_quan", "so_cmnd_cu")
CELLS = ("so_the_dang", "chi_bo")
DECISIONS = ("row_id", "status", "pid", "fields", "candidates", "score")


def read_roster(path: Path) -> Iterator[tuple[int, RosterRow]]:
    """The rows of a roster in their order, each with the line on which it begins.

    Raises: BadFile, also where a row has no `row_id`.
    """
    table = Table(path, ROSTER, ROSTER_ALSO)
    for cells in table:
        row = RosterRow(*cells)
        if row_id := row.row_id.strip():
            yield table.line, row._replace(row_id=row_id)
        else:
            table.note("expected the row's own id, found nothing", "row_id")


def read_cells(path: Path) -> Iterator[tuple[str, str]]:
    """Card numbers with the cell that each should be in.

    Raises: BadFile.
    """
    yield from ((card, cell) for card, cell in Table(path, CELLS))


def check_target(path: Path) -> None:
    """Find out whether decisions can be written there, before hours are spent on them.

    Raises: OSError.
    """
    if path.exists() and not path.is_file():
        return
    with tempfile.TemporaryFile(dir=path.resolve().parent):
        pass


def write_decisions(path: Path, decisions: Iterable[tuple[str, Decision]]) -> None:
    """Write decisions beside the target and move the file into place, so that nobody ever reads half of it.

    What is no file, such as a pipe, is written into as it stands. Raises: OSError.
    """
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8", newline="") as target:
            _write(target, decisions)
        return
    path = path.resolve()
    handle, draft = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as target:
            _write(target, decisions)
            target.flush()
            os.fsync(target.fileno())
        # A private temporary file becomes an ordinary one, as if it had been opened for writing.
        mask = os.umask(0)
        os.umask(mask)
        Path(draft).chmod(0o666 & ~mask)
        Path(draft).replace(path)
    finally:
        with suppress(FileNotFoundError):
            Path(draft).unlink()


def _write(target: TextIO, decisions: Iterable[tuple[str, Decision]]) -> None:
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(DECISIONS)
    writer.writerows(_record(row_id, decision) for row_id, decision in decisions)


def _record(row_id: str, decision: Decision) -> tuple[str, ...]:
    return (
        row_id,
        decision.status,
        decision.pid,
        ";".join(decision.fields),
        ";".join(decision.candidates),
        f"{decision.score:.4f}",
    )
