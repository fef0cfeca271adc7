"""Rosters with their answers, registries and cells, as the files that `cardqueue match` reads."""

from __future__ import annotations

import csv
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from benchmarks.matching.mistakes import DATES, NUMBERS, PAIRS, REST
from benchmarks.matching.name_mistakes import NAMES
from benchmarks.matching.people import Person, Population, sex_text, twins_among
from benchmarks.matching.rows import LOST, SAFE, Mistake, Neighbourhood, Typed, typed_well

ALL: dict[str, Mistake] = {**NAMES, **NUMBERS, **DATES, **REST, **PAIRS}
#: How much of a roster goes wrong: as offices report it, and everything at once.
REALISTIC, STRESS = 0.14, 0.6


@dataclass(frozen=True, slots=True)
class World:
    """A roster with answers, and what it is compared with."""

    rows: tuple[Typed, ...]
    registry: tuple[Person, ...]
    cells: tuple[tuple[str, str], ...]


def make_world(
    seed: int, members: int, residents: int, mistaken: float = REALISTIC, kinds: Sequence[str] = ()
) -> World:
    """Draw a world; the same arguments draw the same one."""
    rng = Random(f"matching:{seed}:{members}:{residents}")
    population = Population(rng, residents)
    people = population.draw(residents)
    adults = [person for person in people if person.born.year <= 2007]
    chosen = rng.sample(adults, min(members, len(adults)))
    twins, taken = twins_among(people), frozenset(person.number for person in people)
    typist = Typist(rng, people, twins, taken, tuple(kinds) or tuple(ALL), mistaken)
    rows: list[Typed] = []
    cells: list[tuple[str, str]] = []
    strangers = population.draw(max(2, round(members * mistaken / 20)))
    for at, person in enumerate(chosen):
        card, cell = f"99{at:06}", f"Chi bộ thôn {rng.randint(1, 20)}"
        cells.append((card, cell))
        rows.extend(typist.rows(person, card, cell))
    for at, person in enumerate(strangers):
        rows.append(typist.absent(person, f"98{at:06}"))
    for at, person in enumerate(rng.sample(adults, max(1, members // 500))):
        rows.append(typist.namesake_without_number(population.namesake(person), f"97{at:06}"))
    rng.shuffle(rows)
    return World(tuple(rows), tuple(people), tuple(cells))


class Typist:
    """Types people into a roster, with the mistakes of a profile."""

    def __init__(
        self,
        rng: Random,
        people: Sequence[Person],
        twins: dict[str, Person],
        taken: Container[str],
        kinds: tuple[str, ...],
        mistaken: float,
    ) -> None:
        self._rng, self._people, self._twins, self._taken = rng, people, twins, taken
        self._kinds, self._mistaken = kinds, mistaken

    def rows(self, person: Person, card: str, cell: str) -> list[Typed]:
        rng = self._rng
        good = typed_well(person, rng, card, cell)
        row = self._mistake(good, person) if rng.random() < self._mistaken else None
        if rng.random() >= self._mistaken / 20:
            return [row or good]
        return self._twice(row or good, good, person)

    def absent(self, person: Person, card: str) -> Typed:
        row = typed_well(person, self._rng, card, "Chi bộ thôn 1")
        number = self._rng.choice((row.number, row.number, "", person.old_number))
        return replace(row, number=number, pid="", kind="absent", right=LOST)

    def namesake_without_number(self, person: Person, card: str) -> Typed:
        """Somebody who is not in the registry, while a person of the same name and birth date is."""
        row = typed_well(person, self._rng, card, "Chi bộ thôn 1")
        kind = "absent_namesake" + ("" if (number := self._rng.choice((row.number, ""))) else "_no_id")
        return replace(row, number=number, pid="", kind=kind, right=LOST)

    def _mistake(self, good: Typed, person: Person) -> Typed | None:
        near = Neighbourhood(self._rng, self._rng.choice(self._people), self._twins.get(person.number), self._taken)
        for _ in range(5):
            kind = self._rng.choice(self._kinds)
            row = ALL[kind](good, person, near)
            if row is not None:
                return replace(row, kind=kind)
        return None

    def _twice(self, row: Typed, good: Typed, person: Person) -> list[Typed]:
        """The same person listed again, with small differences."""
        near = Neighbourhood(self._rng, person, None, self._taken)
        kind = self._rng.choice(
            ("same", "cell_moved", "id_missing", "id_typo", "name_bare", "name_typo", "date_part", "id_old")
        )
        again = good if kind == "same" else ALL[kind](good, person, near) or good
        group = f"g{person.number}"
        first = replace(row, group=group, right=(*row.right, "duplicate"))
        return [first, replace(again, kind=f"again_{kind}", group=group, right=("duplicate", *SAFE, "match"))]


def write_world(world: World, folder: Path) -> None:
    """Write roster.csv, registry.csv and cells.csv."""
    _write(
        folder / "roster.csv",
        "row_id,ho_ten,ngay_sinh,gioi_tinh,so_dinh_danh,que_quan,so_the_dang,chi_bo",
        (
            (str(at), row.name, row.birth, row.sex, row.number, row.origin, row.card, row.cell)
            for at, row in enumerate(world.rows, start=1)
        ),
    )
    _write(
        folder / "registry.csv",
        "so_dinh_danh,ho_ten,ngay_sinh,gioi_tinh,que_quan,so_cmnd_cu",
        (
            (one.number, one.name.upper(), one.known_born, sex_text(one.sex), one.origin, one.old_number)
            for one in world.registry
        ),
    )
    _write(folder / "cells.csv", "so_the_dang,chi_bo", world.cells)


def _write(path: Path, header: str, rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)
