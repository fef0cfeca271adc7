"""What a benchmark reports, and the table that is printed of it."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `ratio` is measured ÷ bare where something bare was measured beside it.

    `is_met` is None where there is no goal.
    """

    what: str
    measured: str
    beside: str = ""
    ratio: float | None = None
    goal: str = ""
    is_met: bool | None = None


def seconds_of(work: Callable[[], object]) -> float:
    """How long some work takes by the clock on the wall."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median_seconds(work: Callable[[], object], *, turns: int = 3) -> float:
    """The median of several turns of the same work."""
    return median(seconds_of(work) for _ in range(turns))


def machine() -> str:
    """The machine on one line, with what else it has to do."""
    load = f", load {os.getloadavg()[0]:.1f} before the run" if hasattr(os, "getloadavg") else ""
    return (
        f"{os.cpu_count()} cores of {_processor()}, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}{load}"
    )


def table(rows: Iterable[Row]) -> str:
    """The rows under a heading, in columns that also read as a Markdown table."""
    cells = [("what", "measured", "beside it", "ratio", "goal", "met")]
    cells += [
        (
            row.what,
            row.measured,
            row.beside,
            "" if row.ratio is None else f"{row.ratio:.2f}",
            row.goal,
            {None: "", True: "yes", False: "NO"}[row.is_met],
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
