"""A third anchor: Splink 5, with our normalisation and its own training, run in an environment of its own.

`.venv/bin/python -m benchmarks.matching.splinked .venv-splink/bin/python` prints the table of `match` with one column
more. The same file is what that other Python runs for each world, as a script; it imports nothing but Splink, DuckDB
and the product's plain readers of names, numbers and dates.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

_PROBABLE = 0.95
_ROOT = Path(__file__).resolve().parents[2]
_COLUMNS = ("unique_id", "number", "name", "bare", "given", "born", "year", "sex", "province")


def main() -> None:
    """Print the table beside the other anchors; with a folder as the last argument, match what is in it."""
    if len(sys.argv) == 3:
        _write(Path(sys.argv[2]), _match(Path(sys.argv[2])))
        return
    from benchmarks.matching.measuring import ANCHORS, measure_beside
    from benchmarks.report import machine, table

    def splink(folder: Path) -> list[dict[str, str]]:
        command = [sys.argv[1], str(Path(__file__)), "match", str(folder)]
        subprocess.run(command, check=True, env={"PYTHONPATH": str(_ROOT)}, stdout=subprocess.DEVNULL)
        with (folder / "splink.csv").open(encoding="utf-8", newline="") as source:
            return list(csv.DictReader(source))

    print(machine(), flush=True)
    print(table(measure_beside({**ANCHORS, "Splink": splink})))


def _match(folder: Path) -> Iterator[dict[str, str]]:
    """The best link of every row, and "not found" below the threshold; the fields are those whose keys differ."""
    # Imported by name: type checkers look into the product's environment, which has none of these.
    duckdb, pa, splink = map(import_module, ("duckdb", "pyarrow", "splink"))
    cl, block_on = import_module("splink.comparison_library"), splink.block_on
    connection = duckdb.connect()
    sides = {side: list(_read(folder / f"{side}.csv", side)) for side in ("roster", "registry")}
    for side, rows in sides.items():
        connection.register(side, pa.table(dict(zip(_COLUMNS, zip(*rows, strict=True), strict=True))))
    api = import_module("splink.backends.duckdb").DuckDBAPI(connection)
    settings = splink.SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.95, 0.88]).configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("born", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("number", [1, 2]),
            cl.ExactMatch("sex"),
            cl.ExactMatch("province"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("number"),
            block_on("bare", "year"),
            block_on("born", "given"),
        ],
    )
    tables = [api.register(side, dataset_display_name=side, table_name=f"{side}_in") for side in sides]
    linker = splink.Linker(tables, settings)
    linker.training.estimate_probability_two_random_records_match([block_on("number")], recall=0.95)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("number"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("born", "given"))
    best: dict[str, tuple[float, str]] = {}
    for pair in linker.inference.predict(threshold_match_probability=0.05).as_record_list():
        ends = {pair["source_dataset_l"]: pair["unique_id_l"], pair["source_dataset_r"]: pair["unique_id_r"]}
        row, record = ends["roster"], ends["registry"]
        best[row] = max(best.get(row, (0.0, "")), (pair["match_probability"], record))
    people = {row[0]: row for row in sides["registry"]}
    for row in sides["roster"]:
        score, record = best.get(row[0] or "", (0.0, ""))
        yield _decision(row, people.get(record) if score >= _PROBABLE else None, score)


def _decision(row: tuple[str | None, ...], record: tuple[str | None, ...] | None, score: float) -> dict[str, str]:
    if record is None:
        return {"status": "not_found", "pid": "", "fields": "", "candidates": "", "score": f"{score:.4f}"}
    columns = {"ho_ten": 2, "ngay_sinh": 5, "gioi_tinh": 7, "so_dinh_danh": 1}
    fields = ";".join(field for field, at in columns.items() if row[at] != record[at])
    status = "mismatch" if fields else "match"
    return {"status": status, "pid": record[0] or "", "fields": fields, "candidates": "", "score": f"{score:.4f}"}


def _read(path: Path, side: str) -> Iterator[tuple[str | None, ...]]:
    from cardqueue.lib.citizen_id import read_citizen_id
    from cardqueue.lib.names import same_name_key, search_key
    from cardqueue.lib.partial_date import read_date

    with path.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            number = read_citizen_id(row["so_dinh_danh"]).number
            name, bare = same_name_key(row["ho_ten"]), search_key(row["ho_ten"])
            born = read_date(row["ngay_sinh"]).value
            yield (
                number if side == "registry" else row["row_id"],
                number,
                name or None,
                bare or None,
                bare.split()[-1] if bare else None,
                str(born) if born else None,
                str(born.year) if born else None,
                search_key(row["gioi_tinh"]) or None,
                search_key(row["que_quan"].split(",")[-1]) or None,
            )


def _write(folder: Path, decisions: Iterator[dict[str, str]]) -> None:
    with (folder / "splink.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, ["status", "pid", "fields", "candidates", "score"])
        writer.writeheader()
        writer.writerows(decisions)


if __name__ == "__main__":
    main()
