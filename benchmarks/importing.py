"""3,000 rows of an Excel list, in the layouts of the data entry file and of the member system's export."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.report import Row, median_seconds
from cardqueue.demo.errors import Planting
from cardqueue.demo.files.l1 import write_l1
from cardqueue.demo.files.l2 import write_l2
from cardqueue.demo.people import AS_OF, make_commune, make_residents
from cardqueue.demo.planting import Office, plant
from cardqueue.lib.spreadsheet import read_workbook
from cardqueue.roster.reading import RosterRow, look_at, read_rows

MEMBERS = 3_000


def measure() -> Iterator[Row]:
    """Reading, guessing the columns and judging every row, from the file on the disk."""
    office = _office()
    with tempfile.TemporaryDirectory(prefix="cardqueue-bench-") as folder:
        for name, write in (("data entry file", write_l1), ("system export", write_l2)):
            path = Path(folder) / f"{name}.xlsx"
            write(office, path)
            seconds = median_seconds(lambda path=path: _read(path))  # type: ignore[misc]
            rows = _read(path)
            yield Row(f"read {len(rows):,} rows, {name}", f"{seconds:.2f} s, {len(rows) / seconds:,.0f} rows/s")


def _office() -> Office:
    commune = make_commune(1, members=MEMBERS)
    return plant(commune, make_residents(commune, 3_000), Planting())


def _read(path: Path) -> list[RosterRow]:
    workbook = read_workbook(path)
    choices = [guess.choice for guess in look_at(workbook) if guess.is_list]
    return read_rows(workbook, choices, on=AS_OF, fictitious_ids=True)
