"""`python -m benchmarks [NAME …]`: run the named benchmarks, all of them by default, and print one table."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import click

from benchmarks import importing, planning, printing, verifying
from benchmarks.counter import measuring
from benchmarks.matching import hashed
from benchmarks.matching import measuring as matching
from benchmarks.report import Row, machine, table
from benchmarks.waiting import measuring as waiting

BENCHMARKS: dict[str, Callable[[], Iterator[Row]]] = {
    "import": importing.measure,
    "plan": planning.measure,
    "waiting": waiting.measure,
    "slips": printing.measure,
    "counter": measuring.measure,
    "match": matching.measure,
    "verify": verifying.measure,
    "names": matching.measure_names,
    "hashes": hashed.measure,
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(BENCHMARKS)))
def main(names: tuple[str, ...]) -> None:
    """Measure the heavy steps and print them beside their goals."""
    print(machine(), flush=True)
    rows: list[Row] = []
    for name in names or BENCHMARKS:
        print(f"measuring: {name} …", file=sys.stderr, flush=True)
        rows.extend(BENCHMARKS[name]())
    print(table(rows))


if __name__ == "__main__":
    main()
