"""Registries of millions, written as they are drawn, and a roster of some of their people with its answers.

`python -m benchmarks.matching.scale FOLDER MEMBERS RESIDENTS` writes the files unless they stand there already, matches
them in a process of its own and prints what came out; options behind go to `cardqueue match`.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from benchmarks.matching.files import ALL, REALISTIC, Typist
from benchmarks.matching.judging import judge, read_decisions
from benchmarks.matching.people import Person, Population, sex_text
from benchmarks.matching.rows import Typed

_SETS = ("right", "fields", "perhaps")
_NEVER_GIVEN = 7


class Crowd(Population):
    """People drawn one after the other, whose numbers are counted up: whether one is taken needs no list of them."""

    def __init__(self, rng: Random) -> None:
        super().__init__(rng, 0)
        self._last: dict[str, int] = Counter()

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, str) or len(number) != 12 or not number.isdecimal():
            return False
        serial = int(number[6:])
        return 0 < serial <= self._last[number[:6]] and bool(serial % _NEVER_GIVEN)

    def stream(self, count: int) -> Iterator[tuple[Person, Person | None]]:
        """People with the twin of each, if any, until `count` are drawn."""
        drawn = 0
        while drawn < count:
            person, kin = self._person(), self._rng.random()
            # Somebody with the same name and birthday is drawn now and then, as chance alone draws too few.
            other = self.twin(person) if kin < 0.01 else self.namesake(person) if kin < 0.011 else None
            drawn += 1 + (other is not None)
            yield person, other if kin < 0.01 else None
            if other:
                yield other, person if kin < 0.01 else None

    def _free(self, stem: str, serial: int) -> str:
        self._last[stem] += 1 + (self._last[stem] % _NEVER_GIVEN == _NEVER_GIVEN - 1)
        return f"{stem}{self._last[stem]:06}"


def write_scale(folder: Path, members: int, residents: int, mistaken: float = REALISTIC) -> None:
    """Write registry.csv, roster.csv, cells.csv and answers.csv; only the members are held in memory."""
    rng = Random(f"scale:{members}:{residents}")
    crowd, share = Crowd(rng), 1.3 * members / residents
    chosen: list[Person] = []
    twins: dict[str, Person] = {}
    with (folder / "registry.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(("so_dinh_danh", "ho_ten", "ngay_sinh", "gioi_tinh", "que_quan", "so_cmnd_cu"))
        for one, twin in crowd.stream(residents):
            writer.writerow(
                (one.number, one.name.upper(), one.known_born, sex_text(one.sex), one.origin, one.old_number)
            )
            if len(chosen) < members and rng.random() < share and one.born.year <= 2007:
                chosen.append(one)
                if twin:
                    twins[one.number] = twin
    rng.shuffle(chosen)
    typist = Typist(rng, chosen, twins, crowd, tuple(ALL), mistaken)
    rows: list[Typed] = []
    cells = []
    for at, person in enumerate(chosen):
        card, cell = f"99{at:06}", f"Chi bộ thôn {rng.randint(1, 20)}"
        cells.append((card, cell))
        rows.extend(typist.rows(person, card, cell))
    strangers = (one for one, _ in crowd.stream(sys.maxsize))
    for at in range(max(2, round(members * mistaken / 20))):
        rows.append(typist.absent(next(strangers), f"98{at:06}"))
    for at, person in enumerate(rng.sample(chosen, max(1, members // 500))):
        rows.append(typist.namesake_without_number(crowd.namesake(person), f"97{at:06}"))
    rng.shuffle(rows)
    _write(
        folder / "roster.csv",
        ("row_id", "ho_ten", "ngay_sinh", "gioi_tinh", "so_dinh_danh", "que_quan", "so_the_dang", "chi_bo"),
        (
            (str(at), row.name, row.birth, row.sex, row.number, row.origin, row.card, row.cell)
            for at, row in enumerate(rows, start=1)
        ),
    )
    _write(folder / "cells.csv", ("so_the_dang", "chi_bo"), iter(cells))
    _write(
        folder / "answers.csv",
        ("pid", "kind", "group", *_SETS),
        ((row.pid, row.kind, row.group, *(";".join(sorted(getattr(row, name))) for name in _SETS)) for row in rows),
    )


def read_answers(folder: Path) -> list[Typed]:
    """The answers to a roster in its order; what the rows say themselves is left out."""
    empty = Typed("", "", "", "", "", "", "", "")
    with (folder / "answers.csv").open(encoding="utf-8", newline="") as source:
        return [
            replace(
                empty,
                pid=row["pid"],
                kind=row["kind"],
                group=row["group"],
                right=tuple(row["right"].split(";")),
                fields=frozenset(filter(None, row["fields"].split(";"))),
                perhaps=frozenset(filter(None, row["perhaps"].split(";"))),
            )
            for row in csv.DictReader(source)
        ]


def main(folder: Path, members: int, residents: int, *options: str) -> None:
    """Write, match, judge, print."""
    if not (folder / "answers.csv").exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_scale(folder, members, residents)
    files = [f"--{name}={folder / name}.csv" for name in ("roster", "registry", "cells")]
    start = time.perf_counter()
    command = [sys.executable, "-m", "cardqueue", "match", *files, f"--out={folder / 'out.csv'}", *options]
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    print(f"ended with {os.waitstatus_to_exitcode(status)} after {seconds:.1f} s, {usage.ru_maxrss / 1024:.0f} MB")
    verdict = judge(read_answers(folder), read_decisions(folder / "out.csv"))
    print(f"{verdict.rows:,} rows, {verdict.wrong_matches} wrong matches, {verdict.wrong_proposals} wrong proposals")
    for what, part, whole in (
        ("clean rows matched", "clean_matched", "clean"),
        ("named", "named", "findable"),
        ("reached", "reached", "findable"),
        ("duplicate groups", "groups_found", "groups"),
        ("fields right", "fields_right", "fields_said"),
        ("fields found", "fields_right", "fields_true"),
    ):
        print(f"{what:20}{verdict.share(part, whole):.3%}")
    print(f"wrongly flagged {verdict.wrongly_flagged}, calibration error {verdict.calibration_error:.4f}")


def _write(path: Path, header: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
